"""What is done with the ticked lines of the queue: they are told at its foot, and their cases printed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.views.follow_up_table import MOST_TICKED

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.models.queue_marks import QueueMarks
    from ui.views.follow_up_foot import QueueFoot
    from ui.views.follow_up_table import QueueTable


class TickedLines(QObject):
    """Joins the table, its ticks and its foot."""

    def __init__(self, desk: Desk, marks: QueueMarks, table: QueueTable, foot: QueueFoot) -> None:
        """Follow the ticks from now on."""
        super().__init__(table)
        self._desk, self._marks, self._table, self._foot = desk, marks, table, foot
        marks.changed.connect(self._tell)
        table.print_wanted.connect(self._print)
        table.too_many.connect(self._refuse)

    def _tell(self) -> None:
        self._foot.show_ticked(len(self._marks), len(self._marks.numbers))

    def _print(self) -> None:
        from ui.views.case_print import print_cases  # noqa: PLC0415 -- when something is printed

        print_cases(self._desk, self._table, self._marks.numbers)

    def _refuse(self, rows: int) -> None:
        words = self.tr("这里有 {0} 项，一次最多选 {1} 项；请先用 Ctrl+L 筛选，或换一个视图。")
        self._desk.tell_here("warning", words.format(rows, MOST_TICKED))

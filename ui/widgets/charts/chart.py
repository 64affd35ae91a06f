"""The widget round a drawing: a heading, the chart or its table, and what the current mark says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Step, Token
from ui.widgets.charts.canvas import Canvas
from ui.widgets.charts.look import tr
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QKeyEvent, QPainter

    from ui.widgets.charts.drawing import Plot, Spot

_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_LETTERS_ON_A_LINE = 60  # of paper, where nobody says how large the letters are


class Chart(QWidget):
    """One chart. ``chosen`` carries the key of the mark that Enter, Space or a click is on, in chart and table.

    Keys: arrows, Home, End and the page keys walk the marks, T shows the table and T again the chart. The focus lies on
    what is shown, :attr:`canvas` or :attr:`rows`; this widget hands it on.
    """

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Be empty, under a heading that is the chart's name for a screen reader too."""
        super().__init__(parent)
        self._name = name
        self.canvas = Canvas(name, self)
        self.rows: RowsTable | None = None
        heading = ElidedLabel(name)
        heading.setFont(theme.font(bold=True))
        heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._switch = QToolButton()
        self._switch.setAutoRaise(True)
        self._switch.setFont(theme.font(Step.SMALL))
        self._switch.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._foot = ElidedLabel("")
        self._foot.setFont(theme.font(Step.SMALL))
        self._foot.setFixedHeight(self._foot.fontMetrics().height())
        theme.ink(self._foot, Token.MUTED)
        self._place(heading)
        self._switch.clicked.connect(self._turn)
        self.canvas.taken.connect(self._take)
        self.canvas.told.connect(self._tell)
        self._show_switch()
        self.setFocusProxy(self.canvas)

    @property
    def is_table(self) -> bool:
        """Whether the table is shown instead of the chart."""
        return self.rows is not None

    def show_plot(self, plot: Plot, empty: str = "") -> None:
        """Show other data, or the sentence ``empty`` where there is nothing to draw; the current mark keeps its key."""
        self.canvas.show_plot(plot, empty or tr("这段时间没有记录。"))
        if self.rows is not None:
            row, had_focus = self.rows.row, self.rows.hasFocus()
            self._show_table(row)
            if had_focus:
                self.setFocus()

    def paint_on(self, painter: QPainter, area: QRectF, letter: float | None = None) -> None:
        """Draw heading and chart for a printer, in black and greys on white.

        ``letter`` is how high a letter is to be in the painter's units (a sixtieth of the width where it is not said);
        it becomes smaller where the area is too small for the chart's least size.
        """
        self.canvas.paint_on(painter, area, letter or area.width() / _LETTERS_ON_A_LINE, self._name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn to the table and back."""
        if event.key() == Qt.Key.Key_T and event.modifiers() in _PLAIN:
            self._turn()
        else:
            super().keyPressEvent(event)

    def _place(self, heading: QWidget) -> None:
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self._switch)
        self._body = QStackedLayout()
        self._body.addWidget(self.canvas)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.space())
        whole.addLayout(head)
        whole.addLayout(self._body, 1)
        whole.addWidget(self._foot)

    def _show_switch(self) -> None:
        self._switch.setText(tr("图 T") if self.is_table else tr("表格 T"))
        self._switch.setToolTip(tr("看图，按 T") if self.is_table else tr("看同样的数字列成的表格，按 T"))

    def _turn(self) -> None:
        """Show the table in place of the chart, at the mark that was current, or the chart again."""
        spot = self.canvas.current
        if self.rows is None:
            self._open_table(spot.row if spot is not None else 0)
        else:
            had_focus = self.rows.hasFocus()
            self._close_table()
            if had_focus:
                self.canvas.setFocus()
        self._show_switch()

    def _open_table(self, row: int) -> None:
        had_focus = self.canvas.hasFocus()
        self._show_table(row)
        self._foot.setText("")
        self._show_switch()
        if had_focus:
            self.setFocus()

    def _show_table(self, row: int) -> None:
        """Make the table of the present data, in place of one that was there; its columns go by the data."""
        self._close_table()
        table = self.canvas.table()
        rows = RowsTable(table.titles, table.widest, self._name, self)
        rows.show_rows(table.rows, self.canvas.empty)
        if table.rows:
            rows.choose(min(max(row, 0), len(table.rows) - 1))
        rows.opened.connect(lambda at: self._choose(table.keys[at]))
        rows.toggled.connect(lambda at: self._choose(table.keys[at]))
        self.rows = rows
        self._body.setCurrentIndex(self._body.addWidget(rows))
        self.setFocusProxy(rows)

    def _close_table(self) -> None:
        self.setFocusProxy(self.canvas)
        self._body.setCurrentWidget(self.canvas)
        if self.rows is not None:
            self._body.removeWidget(self.rows)
            self.rows.hide()
            self.rows.deleteLater()
            self.rows = None

    def _take(self, spot: Spot) -> None:
        if spot.gathers:
            self._open_table(spot.row)
        else:
            self._choose(spot.key)

    def _choose(self, key: str) -> None:
        if key:
            self.chosen.emit(key)

    def _tell(self, said: str) -> None:
        spot = self.canvas.current
        opens = bool(said) and spot is not None and bool(spot.key)
        self._foot.setText(tr("{0}　Enter 列出").format(said) if opens else said)

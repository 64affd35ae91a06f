"""The 导出 page: a month's standard sheets, each to a workbook."""

from __future__ import annotations

import re
from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut, QValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desk_app.errors import KnownError
from desk_app.services.export import Order, export, month_scope, sheet_titles
from ui import theme
from ui.theme import Step, Token
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from desk_app.services.results import Exported, ExportedFile
    from ui.desk import Desk

_LAST_DAY_FOR_LAST_MONTH = 9
_YEAR = 12
_EARLIEST = 1990 * _YEAR
_MONTH_SHAPE = re.compile(r"(\d{4})\D+(\d{1,2})\D*")
_WIDTH_IN_CHARACTERS = 90


class MonthBox(QSpinBox):
    """A month: up and down go by one, page up and page down by a year; 2026-10 can be typed."""

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        """Stand at last month in a month's first days, when its sheets are due, else at the present one."""
        super().__init__(parent)
        this = today.year * _YEAR + today.month - 1
        self.setRange(_EARLIEST, this)
        self.setValue(this - 1 if today.day <= _LAST_DAY_FOR_LAST_MONTH else this)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("2026 年 10 月") + theme.space(10))

    @property
    def month(self) -> str:
        """The month, as the services take it: ``2026-10``."""
        return f"{self.value() // _YEAR:04}-{self.value() % _YEAR + 1:02}"

    def stepBy(self, steps: int) -> None:
        """Go by months; a page is a year."""
        page = 10  # how many steps Qt makes of a page key
        super().stepBy(steps // page * _YEAR if steps % page == 0 else steps)

    def textFromValue(self, value: int) -> str:
        """Return what is shown: 2026 年 10 月."""
        return self.tr("{0} 年 {1} 月").format(value // _YEAR, value % _YEAR + 1)

    def valueFromText(self, text: str) -> int:
        """Read a month; what is none leaves it as it was."""
        return _read_month(text) or self.value()

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        """Let a month be typed in any shape, and accept it only as one that has come."""
        value = _read_month(text)
        fits = value is not None and self.minimum() <= value <= self.maximum()
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate), text, pos


class ExportPage(QWidget):
    """Month, sheets and folder; the workbooks are written one after another, and each is told when it is there."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Be ready; the list of sheets comes with :meth:`activated`."""
        super().__init__(parent)
        self._desk = desk
        self._month = MonthBox(desk.clock.now().date())
        self._sheets: dict[str, QCheckBox] = {}
        self._folder = QLineEdit(_documents())
        self._choose = QPushButton(self.tr("选择…  Ctrl+O"))
        self._start = QPushButton(self.tr("导出  Ctrl+S"))
        self._cancel = QPushButton(self.tr("取消"))
        self._progress = QProgressBar()
        self._message = QLabel()
        self._save_as = QPushButton()
        self._open = QPushButton(self.tr("打开文件夹"))
        self._waiting: deque[str] = deque()
        self._asked = 0
        self._job = ("", Path())
        self._is_running = False
        self._written: list[ExportedFile] = []
        self._lay_out()
        self._wire()
        self._show_state()

    def activated(self) -> None:
        """Come to the front: ask for the sheets there are, and take the keys."""
        self._month.setFocus(Qt.FocusReason.OtherFocusReason)
        self._month.selectAll()
        self._desk.ask(sheet_titles, self._show_sheets)

    # ---------------------------------------------------------------------------------- exporting

    def start(self) -> None:
        """Write the sheets that are ticked."""
        if self._is_running:
            return
        chosen = [sheet for sheet, box in self._sheets.items() if box.isChecked()]
        folder = self._folder.text().strip()
        self._written.clear()
        self._clear_results()
        self._job = (self._month.month, Path(folder).expanduser())
        self._waiting, self._asked = deque(chosen if folder else ()), len(chosen)
        self._say("" if chosen else self.tr("请至少勾选一张表。"))
        if not folder:
            self._say(self.tr("请填写导出到哪个文件夹。"))
            self._point_to(self._folder)
        self._next()

    def _next(self, *, other_name: bool = False) -> None:
        """Write the sheet that is next in turn, or come to the end."""
        self._is_running = bool(self._waiting)
        self._show_state()
        if not self._waiting:
            if self._written:
                self._finish()
            return
        sheet, (month, folder) = self._waiting[0], self._job
        by = self._desk.shop.operator if self._desk.shop else ""
        self._desk.ask(
            lambda ws: export(ws, Order((sheet,), month_scope(ws, month), folder, by, other_names=other_name)),
            self._sheet_written,
            self._refused,
        )

    def _sheet_written(self, exported: Exported) -> None:
        if self._waiting:
            self._waiting.popleft()
        for file in exported.files:
            self._written.append(file)
            self._show_written(file)
        self._next()

    def _refused(self, error: Exception) -> bool:
        """Say why; what is not written yet waits, so that another name can be taken for the first of it."""
        self._is_running = False
        self._show_state()
        if not isinstance(error, KnownError):
            return False
        self._say(self._desk.rules.sentences.error(error))
        other = error.params.get("other") if error.code == "target_open" else None
        if other is not None and self._waiting:
            self._save_as.setText(self.tr("另存为 {0}").format(Path(str(other)).name))
            self._save_as.show()
            self._point_to(self._save_as)
        return False  # the notice bar says it too

    def _take_other_name(self) -> None:
        self._say("")
        self._next(other_name=True)

    def _stop(self) -> None:
        """Leave out what has not been begun; the one that is being written is finished, for it is never half a file."""
        while len(self._waiting) > 1:
            self._waiting.pop()
        self._cancel.setEnabled(False)

    def _finish(self) -> None:
        left_out = self._asked - len(self._written)
        told = self.tr("已导出 {0} 张表").format(len(self._written))
        self._desk.notice.emit("done", told + (self.tr("，取消 {0} 张").format(left_out) if left_out else ""))
        self._open.show()
        self._point_to(self._open)

    # -------------------------------------------------------------------------------- what is shown

    def _show_sheets(self, titles: Mapping[str, str]) -> None:
        for sheet, title in titles.items():
            if sheet not in self._sheets:
                box = self._sheets[sheet] = QCheckBox(title)
                box.setChecked(True)
                self._sheet_column.addWidget(box)
        before: QWidget = self._month
        for box in self._sheets.values():
            QWidget.setTabOrder(before, box)
            before = box

    def _show_state(self) -> None:
        """Show what can be done now: the one place for it."""
        self._start.setEnabled(not self._is_running)
        self._cancel.setEnabled(self._is_running and len(self._waiting) > 1)
        self._cancel.setVisible(self._is_running)
        self._progress.setVisible(self._is_running)
        self._progress.setRange(0, self._asked)
        self._progress.setValue(len(self._written))
        self._progress.setFormat(self.tr("正在写第 {0} 张，共 {1} 张").format(len(self._written) + 1, self._asked))

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))
        self._save_as.hide()

    def _show_written(self, file: ExportedFile) -> None:
        line = QHBoxLayout()
        words = QLabel(self.tr("{0}　{1} 行").format(file.title, file.rows))
        path = QLabel(str(file.path))
        path.setFont(theme.font(Step.SMALL))
        path.setWordWrap(True)
        for label in (words, path):
            label.setTextFormat(Qt.TextFormat.PlainText)
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.ink(path, Token.MUTED)
        line.addWidget(Glyph("done"))
        line.addWidget(words)
        line.addWidget(path, 1)
        row = QWidget()
        row.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        self._results.addWidget(row)

    def _clear_results(self) -> None:
        self._open.hide()
        while (item := self._results.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.deleteLater()

    def _point_to(self, widget: QWidget) -> None:
        """Put the focus where the next key is wanted."""
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    # -------------------------------------------------------------------------------------- folder

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("导出到"), self._folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()

    def _open_folder(self) -> None:
        if self._written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written[-1].path.parent)))

    # -------------------------------------------------------------------------------------- layout

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(theme.space(2))
        self._sheet_column = QVBoxLayout()
        self._results = QVBoxLayout()
        folder, buttons, progress = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._choose)
        buttons.addWidget(self._start)
        buttons.addStretch()
        progress.addWidget(self._progress, 1)
        progress.addWidget(self._cancel)
        title = QLabel(self.tr("导出一个月的表单"))
        title.setFont(theme.font(Step.LARGE, bold=True))
        column.addWidget(title)
        column.addSpacing(theme.space(2))
        self._add_part(column, self.tr("月份（按受理时间；↑↓ 换月，PageUp/PageDown 换年）"), self._month)
        column.addWidget(self._month, 0, Qt.AlignmentFlag.AlignLeft)
        self._add_part(column, self.tr("表单（空格勾选）"), None)
        column.addLayout(self._sheet_column)
        self._add_part(column, self.tr("导出到"), self._folder)
        column.addLayout(folder)
        column.addSpacing(theme.space(3))
        column.addLayout(buttons)
        column.addLayout(progress)
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        theme.ink(self._message, Token.DANGER)
        column.addWidget(self._message)
        for button in (self._save_as, self._open):
            button.hide()
        column.addWidget(self._save_as, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._results)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(self.fontMetrics().averageCharWidth() * _WIDTH_IN_CHARACTERS)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(theme.space(6), theme.space(4), theme.space(6), theme.space(4))
        whole.addWidget(middle, 1)
        whole.addStretch()

    @staticmethod
    def _add_part(column: QVBoxLayout, words: str, buddy: QWidget | None) -> None:
        label = QLabel(words)
        label.setFont(theme.font(Step.SMALL))
        column.addSpacing(theme.space(2))
        column.addWidget(label)
        if buddy is not None:
            label.setBuddy(buddy)
            buddy.setAccessibleName(words)

    def _wire(self) -> None:
        self._start.clicked.connect(self.start)
        self._cancel.clicked.connect(self._stop)
        self._choose.clicked.connect(self._choose_folder)
        self._save_as.clicked.connect(self._take_other_name)
        self._open.clicked.connect(self._open_folder)
        for keys, slot in (("Ctrl+S", self.start), ("Ctrl+O", self._choose_folder)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(slot))


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or str(Path.home())


def _read_month(text: str) -> int | None:
    shape = _MONTH_SHAPE.fullmatch(text.strip())
    if shape is None or not 1 <= int(shape[2]) <= _YEAR:
        return None
    return int(shape[1]) * _YEAR + int(shape[2]) - 1

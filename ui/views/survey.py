"""Answered sheets of the yearly satisfaction survey: a digit an item, Ctrl+S stores one and begins the next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QSplitter, QVBoxLayout, QWidget

from desk_app.domain.figures import share
from desk_app.domain.rights import Right
from desk_app.services import survey
from ui import theme
from ui.theme import Step, Token
from ui.widgets.right_line import RightLine
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from desk_app.domain.survey import Item
    from desk_app.services.results import Changes
    from desk_app.services.survey import SurveyResult, SurveySaved
    from ui.desk import Desk

_FIRST_YEAR, _LAST_YEAR = 2000, 9998


class _AnswerTable(RowsTable):
    """A digit answers the current item and goes on; 0 and Backspace leave it blank."""

    answered = Signal(int, int)
    """The row, and which answer from 1 on; 0: none."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the digits, also those of the other keyboard."""
        digit = 0 if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) else event.key() - Qt.Key.Key_0
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if 0 <= digit <= 9 and is_plain and self.row >= 0:  # noqa: PLR2004 -- the ten digits
            self.answered.emit(self.row, digit)
        else:
            super().keyPressEvent(event)


class SurveySection(QWidget):
    """On the left the sheet that is being typed in, on the right what the year comes to so far."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Begin with the present year."""
        super().__init__(parent)
        self._desk = desk
        self._items: Sequence[Item] = ()
        self._answers: dict[str, str] = {}
        self._request = str(uuid4())
        self._stored: list[tuple[int, int]] = []  # the year and the id of what was stored here
        self.year = QSpinBox()
        self.year.setRange(_FIRST_YEAR, _LAST_YEAR)
        self.year.setValue(desk.clock.now().year)
        titles = [self.tr("这一份"), self.tr("回答"), self.tr("按数字选")]
        self.sheet = _AnswerTable(titles, ("产品特性符合要求 ", "基本满意 "), self.tr("一份调查表"))
        titles = [self.tr("结果"), self.tr("有效"), self.tr("满意率"), self.tr("平均分")]
        self.result = RowsTable(titles, ("产品特性符合要求 ", "1000/20000", "100.0%"), self.tr("一年的结果"))
        self.save = QPushButton(self.tr("存这一份  Ctrl+S"))
        self.back = QPushButton(self.tr("撤回上一份  Ctrl+Shift+Z"))
        self.told = QLabel()
        self._lay_out()
        self._wire()

    def focus_first(self) -> None:
        """Look again, and take the keys."""
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    def _look(self) -> None:
        year = self.year.value()
        self._desk.ask(survey.items, self._show_items)
        self._desk.ask(lambda ws: survey.result(ws, year), self._show_result)

    def _show_items(self, items: Sequence[Item]) -> None:
        self._items = items
        self._show_sheet()

    def _show_sheet(self) -> None:
        rows = [
            (
                item.label,
                self._answers.get(item.label, ""),
                "  ".join(f"{n} {a}" for n, a in enumerate(item.answers, 1)),
            )
            for item in self._items
        ]
        self.sheet.show_rows(rows, self.tr("调查表里没有可勾选的项目"))

    def _show_result(self, result: SurveyResult) -> None:
        rows = [
            (
                each.item.label,
                str(each.said),
                share(each.good, each.said),
                "—" if each.mean is None else f"{each.mean:.2f}",
            )
            for each in result.items
        ]
        for label, rate in (("产品质量优良率", result.quality), ("顾客投诉率", result.complaints)):
            whole = f"{rate.count}/{'—' if rate.whole is None else rate.whole}"
            rows.append((label, whole, share(rate.count, rate.whole or 0), ""))
        self.result.show_rows(rows)
        counted = {"year": result.year, "count": result.count}
        self.told.setText(self._desk.rules.sentences.say("survey_counted", counted))

    # ---------------------------------------------------------------------------------------- changing

    def _answer(self, row: int, number: int) -> None:
        """Keep an answer and go on to the next item."""
        item = self._items[row]
        if number > len(item.answers):
            return
        if number:
            self._answers[item.label] = item.answers[number - 1]
        else:
            self._answers.pop(item.label, None)
        self._request = str(uuid4())
        self._show_sheet()
        self.sheet.choose(min(row + bool(number), len(self._items) - 1))

    def _save(self) -> None:
        year, answers, request = self.year.value(), dict(self._answers), self._request
        self._desk.ask(lambda ws: survey.add(ws, year, answers, request), partial(self._saved, year, answers))

    def _saved(self, year: int, sent: dict[str, str], saved: SurveySaved) -> None:
        self._stored.append((year, saved.id))
        if self._answers == sent:  # else the next one is begun already
            self._answers, self._request = {}, str(uuid4())
            self._show_sheet()
            self.sheet.choose(0)
        say = self._desk.rules.sentences.say
        self._desk.notice.emit("done", say("survey_saved", {"year": year, "count": saved.count}))
        self._look()

    def _take_back(self) -> None:
        """Take back what was stored here last."""
        if self._stored:
            year, sheet_id = self._stored.pop()
            request = f"take-back-{sheet_id}"
            self._desk.ask(lambda ws: survey.take_back(ws, year, sheet_id, request), partial(self._taken_back, year))

    def _taken_back(self, year: int, saved: SurveySaved) -> None:
        say = self._desk.rules.sentences.say
        self._desk.notice.emit("done", say("survey_taken_back", {"year": year, "count": saved.count}))
        self._look()

    def _follow(self, changes: Changes) -> None:
        if self.isVisible() and (changes.volumes or changes.everything):
            self._look()

    def _wire(self) -> None:
        self._desk.changed.connect(self._follow)
        self.year.valueChanged.connect(self._look)
        self.sheet.answered.connect(self._answer)
        self.save.clicked.connect(self._save)
        self.back.clicked.connect(self._take_back)
        for keys, slot in (
            ("Ctrl+S", self._save),
            ("Ctrl+Shift+Z", self._take_back),
            ("Ctrl+PgUp", partial(self.year.stepBy, -1)),
            ("Ctrl+PgDown", partial(self.year.stepBy, 1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _lay_out(self) -> None:
        label = QLabel(self.tr("年份  Ctrl+PgUp/PgDn"))
        label.setFont(theme.font(Step.SMALL))
        label.setBuddy(self.year)
        self.year.setAccessibleName(self.tr("年份"))
        head = QHBoxLayout()
        head.setSpacing(theme.space(2))
        for widget in (label, self.year, self.told):
            head.addWidget(widget)
        head.addStretch()
        hint = QLabel(self.tr("不录姓名；意见和建议请另外登记（来源：满意度调查）"))
        hint.setFont(theme.font(Step.SMALL))
        theme.ink(hint, Token.MUTED)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.sheet)
        halves.addWidget(self.result)
        foot = QHBoxLayout()
        foot.setSpacing(theme.space(2))
        for button in (self.save, self.back):
            foot.addWidget(button)
        foot.addWidget(hint)
        foot.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addWidget(RightLine(self._desk, Right.SURVEY, self))
        column.addLayout(head)
        column.addWidget(halves, 1)
        column.addLayout(foot)


def _choices(item: Item) -> str:
    return "  ".join(f"{number} {answer}" for number, answer in enumerate(item.answers, 1))

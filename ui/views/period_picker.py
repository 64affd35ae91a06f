"""What period a sheet is made for: its kind, which one of the kind, and the two days that come of it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice
from desk_app.errors import KnownError
from desk_app.services.export import period_of
from ui import theme
from ui.models.periods import Span, number_of, read, spell, written
from ui.theme import Token
from ui.widgets.choice_bar import ChoiceBar

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QKeyEvent

    from desk_app.sentences import Sentences

_LAST_DAY_FOR_LAST_MONTH = 9
_EARLIEST_YEAR = 1990
_PAGES = {Span.MONTH: 12, Span.QUARTER: 4, Span.HALF: 2, Span.YEAR: 10, Span.WEEK: 52}
_LETTERS = {"M": Span.MONTH, "Q": Span.QUARTER, "H": Span.HALF, "Y": Span.YEAR, "W": Span.WEEK, "D": Span.DAYS}
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier)


class PeriodBox(QSpinBox):
    """A month, a quarter, a year or a week: up and down go by one, page up and page down by more; it can be typed.

    Left and right, or a letter, ask for another kind: ``step_wanted`` carries -1 or 1, ``span_wanted`` the kind.
    """

    step_wanted = Signal(int)
    span_wanted = Signal(object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        """Stand at last month in a month's first days, when its sheets are due, else at the present one."""
        super().__init__(parent)
        self._today = today
        self.span = Span.MONTH
        this = number_of(self.span, today)
        self._set_range()
        self.setValue(this - 1 if today.day <= _LAST_DAY_FOR_LAST_MONTH else this)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("2026 年第 4 季度") + theme.space(10))

    @property
    def written(self) -> str:
        """The period, as the services take it: ``2026-10``, ``2026-W41``."""
        return written(self.span, self.value())

    def set_today(self, today: date) -> None:
        """Let the periods up to that of a day be chosen."""
        self._today = today
        self._set_range()

    def show_span(self, span: Span, day: date) -> None:
        """Show the period of a kind that holds a day (the present one, where that is still to come)."""
        self.span = span
        self._set_range()
        self.setValue(number_of(span, day))
        self.lineEdit().setText(self.textFromValue(self.value()))  # the number may be the same in another kind

    def stepBy(self, steps: int) -> None:
        """Go by one; a page is a year (of years ten)."""
        page = 10  # how many steps Qt makes of a page key
        super().stepBy(steps // page * _PAGES[self.span] if steps % page == 0 else steps)

    def textFromValue(self, value: int) -> str:
        """Return what is shown: 2026 年 10 月."""
        year, _dash, part = written(self.span, value).partition("-")
        shape = {
            Span.MONTH: self.tr("{0} 年 {1} 月"),
            Span.QUARTER: self.tr("{0} 年第 {1} 季度"),
            Span.HALF: self.tr("{0} 年 {1} 上半年") if part == "H1" else self.tr("{0} 年 {1} 下半年"),
            Span.YEAR: self.tr("{0} 年"),
            Span.WEEK: self.tr("{0} 年第 {1} 周"),
        }[self.span]
        return shape.format(year, part.lstrip("QW0"))

    def valueFromText(self, text: str) -> int:
        """Read a period; what is none leaves it as it was."""
        found = read(self.span, text)
        return self.value() if found is None else found

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        """Let a period be typed in any shape, and accept it only as one that has come."""
        value = read(self.span, text)
        fits = value is not None and self.minimum() <= value <= self.maximum()
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate), text, pos

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for another kind by an arrow or a letter."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if event.modifiers() in _PLAIN and step is not None:
            self.step_wanted.emit(step)
        elif (span := span_of(event)) is not None:
            self.span_wanted.emit(span)
        else:
            super().keyPressEvent(event)

    def _set_range(self) -> None:
        first = self._today.replace(year=_EARLIEST_YEAR, month=1, day=1)
        self.setRange(number_of(self.span, first), number_of(self.span, self._today))


class DayBox(QDateEdit):
    """A day, as 2026-10-01; a letter asks for another kind of period."""

    span_wanted = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Be ready; ``name`` is for a screen reader."""
        super().__init__(parent)
        self.setDisplayFormat("yyyy-MM-dd")
        self.setAccessibleName(name)
        self.setMinimumDate(QDate(_EARLIEST_YEAR, 1, 1))

    @property
    def written(self) -> str:
        """The day, as the services take it."""
        return str(self.date().toString(Qt.DateFormat.ISODate))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for another kind by a letter."""
        if (span := span_of(event)) is not None:
            self.span_wanted.emit(span)
        else:
            super().keyPressEvent(event)


def span_of(event: QKeyEvent) -> Span | None:
    """Return the kind of period that a letter stands for."""
    return _LETTERS.get(event.text().upper()) if event.modifiers() in _PLAIN else None


class PeriodPicker(QWidget):
    """One period. ``written`` is how the services take it; ``problem`` says what is wrong with it, else is empty.

    ``changed`` says that it is another one, or no longer one.
    """

    changed = Signal()

    def __init__(self, today: date, sentences: Sentences, parent: QWidget | None = None) -> None:
        """Stand at a month."""
        super().__init__(parent)
        self._today, self._sentences = today, sentences
        labels = (
            self.tr("月 M"),
            self.tr("季 Q"),
            self.tr("半年 H"),
            self.tr("年 Y"),
            self.tr("周 W"),
            self.tr("任意 D"),
        )
        self._kinds = ChoiceBar([Choice(span.value, label) for span, label in zip(Span, labels, strict=True)])
        self._kinds.set_value(Span.MONTH.value)
        self._kinds.setAccessibleName(self.tr("期间的种类"))
        self.box = PeriodBox(today)
        self.box.setAccessibleName(self.tr("期间"))
        self.first, self.last = DayBox(self.tr("第一天")), DayBox(self.tr("最后一天"))
        self._to = QLabel(self.tr("至"))
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.problem, self._told = "", ""
        self._lay_out()
        self._wire()
        self._show_state()

    def set_today(self, today: date) -> None:
        """Know what has come by now: the program may have been open for days."""
        self._today = today
        self.box.set_today(today)
        self._show_state()

    @property
    def span(self) -> Span:
        """The kind of the period."""
        return Span(str(self._kinds.value()))

    @property
    def written(self) -> str:
        """The period, as the services take it."""
        return f"{self.first.written}..{self.last.written}" if self.span is Span.DAYS else self.box.written

    def take_focus(self) -> None:
        """Put the focus where the period is changed."""
        here = self.first if self.span is Span.DAYS else self.box
        here.setFocus(Qt.FocusReason.OtherFocusReason)
        here.selectAll() if here is self.box else None

    def choose(self, span: Span) -> None:
        """Go over to another kind: to the period of that kind at the end of the present one."""
        had_focus = self.focusWidget() in (self.box, self.first, self.last)
        self._kinds.set_value(span.value)
        self._kind_changed()
        if had_focus:
            self.take_focus()

    def show_month(self, day: date) -> None:
        """Go over to the month that a day is in."""
        self.choose(Span.MONTH)
        self.box.show_span(Span.MONTH, day)
        self._show_state()

    def go(self, steps: int) -> None:
        """Go to a period of the same kind before or after: of days, to as many."""
        if self.span is not Span.DAYS:
            self.box.setValue(self.box.value() + steps)
        elif not self.problem:
            days = steps * (self.first.date().daysTo(self.last.date()) + 1)
            for box in (self.first, self.last):
                box.setDate(box.date().addDays(days))

    def _step(self, step: int) -> None:
        spans = list(Span)
        self.choose(spans[(spans.index(self.span) + step) % len(spans)])

    def _kind_changed(self) -> None:
        period = self._before
        if self.span is Span.DAYS:
            self.first.setDate(QDate(period.first))  # type: ignore[call-overload]  # its stubs know of no date
            self.last.setDate(QDate(period.last))  # type: ignore[call-overload]
        else:
            self.box.show_span(self.span, period.last)
        self._show_state()

    def _show_state(self) -> None:
        """Show what the period is: the one place for it."""
        is_days = self.span is Span.DAYS
        for widget in (self.first, self._to, self.last):
            widget.setVisible(is_days)
        self.box.setVisible(not is_days)
        try:
            period = period_of(self.written, self._today)
        except KnownError as error:
            is_turned = is_days and self.last.date() < self.first.date()
            told = self.tr("最后一天早于第一天，请改一改") if is_turned else self._sentences.error(error)
            self.problem = told
        else:
            self.problem, self._before = "", period
            told = spell(period, self._today)
        theme.ink(self._words, Token.DANGER if self.problem else Token.MUTED)
        self._words.setText(told)
        if self._told != self.written:
            self._told = self.written
            self.changed.emit()

    def _lay_out(self) -> None:
        column, line = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1.5))
        for widget in (self.box, self.first, self._to, self.last):
            line.addWidget(widget)
        line.addStretch()
        column.addWidget(self._kinds)
        column.addLayout(line)
        column.addWidget(self._words)

    def _wire(self) -> None:
        self._kinds.edited.connect(self._kind_changed)
        self.box.step_wanted.connect(self._step)
        self.box.valueChanged.connect(self._show_state)
        for box in (self.box, self.first, self.last):
            box.span_wanted.connect(self.choose)
        for box in (self.first, self.last):
            box.dateChanged.connect(self._show_state)

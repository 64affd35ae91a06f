"""The editor of each type of field. All have ``edited``, ``value()`` and ``set_value()``.

``value()`` is raw, as ``validation.read_value`` takes it, and None where nothing was said. ``set_value`` shows a
value (None clears) and emits nothing: ``edited`` is what a person did.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desk_app.domain.fields import Choice, FieldType, Trade
from desk_app.domain.text import strip_unstorable
from ui import theme
from ui.forms.category_editor import CategoryEditor
from ui.forms.item_editor import ItemEditor
from ui.forms.moments import spell_out
from ui.theme import Token
from ui.widgets.choice_bar import DIGITS, ChoiceBar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QWheelEvent

    from desk_app.clock import Clock
    from desk_app.domain.fields import Field

_LONGEST_BAR = 7
_DEPARTMENT = "department"  # the key of the field for which the trade knows names
_SCORES = tuple(Choice(str(n), str(n)) for n in range(1, 6))
_ONE_LINE = str.maketrans("\n\t", "  ")


class EditorFacts(NamedTuple):
    """What an editor needs beside the facts of its own field.

    ``open_bools``: a yes-or-no question may stay unanswered (an action's ``accepted``), so that it gets two
    choices instead of a check box. ``names``: who may be meant by an operator. ``owed``: for each key of that type,
    what is owed on the case, by its id. ``day_end``: moments are due dates, and a day without a time ends then.
    """

    trade: Trade
    clock: Clock
    open_bools: bool = False
    names: tuple[str, ...] = ()
    owed: Mapping[str, tuple[Choice, ...]] = MappingProxyType({})
    day_end: time | None = None


class LineEditor(QLineEdit):
    """One line of text. What is pasted loses line breaks, tabs and what cannot be stored."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty line."""
        super().__init__(parent)
        self.textChanged.connect(self.edited)

    def value(self) -> str | None:
        """Return the text, or None where there is none."""
        return strip_unstorable(self.text()).translate(_ONE_LINE).strip() or None

    def set_value(self, raw: object) -> None:
        """Show a text."""
        with QSignalBlocker(self):
            self.setText("" if raw is None else str(raw))
        self.setCursorPosition(0)


class OpenEditor(LineEditor):
    """One line of text with suggestions: up and down put one after the other into the line, anything can be typed.

    They begin with the first that has in it what was typed.
    """

    def __init__(self, choices: tuple[Choice, ...], parent: QWidget | None = None) -> None:
        """Make an empty line."""
        super().__init__(parent)
        self.suggest(choices)

    def suggest(self, choices: tuple[Choice, ...]) -> None:
        """Offer these from now on."""
        self._labels = [choice.label for choice in choices]
        self.setPlaceholderText(self.tr("打字，或按 ↓ 选") if choices else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the suggestions, round and round."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not self._labels or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        typed = self.text()
        if typed in self._labels:
            self.setText(self._labels[(self._labels.index(typed) + step) % len(self._labels)])
        else:
            begun = (label for label in self._labels if typed.strip() and typed.strip() in label)
            self.setText(next(begun, self._labels[min(0, step)]))


class MomentEditor(LineEditor):
    """A moment, typed as people do (14:30, 昨天 14:30) and written out in full when the line is left."""

    def __init__(self, clock: Clock, parent: QWidget | None = None, *, day_end: time | None = None) -> None:
        """Make an empty line; with ``day_end`` it takes a due date (:func:`spell_out`)."""
        super().__init__(parent)
        self._clock, self._day_end = clock, day_end
        self.editingFinished.connect(lambda: self.set_value(self.value()))

    def value(self) -> str | None:
        """Return the moment in full where it is one, else what was typed."""
        typed = super().value()
        return typed and spell_out(typed, self._clock.now(), self._clock.local, self._day_end)


class LongTextEditor(QPlainTextEdit):
    """Many lines of text. Tab moves on, Enter breaks the line; what is pasted loses what cannot be stored."""

    edited = Signal()
    pasted_too_much = Signal(int, int)
    """How many characters were pasted, and how many of them there was room for."""

    def __init__(self, rows: int, max_length: int, parent: QWidget | None = None) -> None:
        """Make an empty editor of so many rows at least."""
        super().__init__(parent)
        self._max_length = max_length
        self.setTabChangesFocus(True)
        frame = 2 * (self.frameWidth() + int(self.document().documentMargin()))
        self.setMinimumHeight(rows * QFontMetrics(self.font()).lineSpacing() + frame)
        self.textChanged.connect(self.edited)

    def sizeHint(self) -> QSize:
        """Return the size of the least rows: the page decides who gets what is left."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Return the same height: a scroll area's own least height is that of four lines."""
        return QSize(super().minimumSizeHint().width(), self.minimumHeight())

    def value(self) -> str | None:
        """Return the text, or None where there is nothing but blanks."""
        text = strip_unstorable(self.toPlainText())
        return text if text.strip() else None

    def set_value(self, raw: object) -> None:
        """Show a text."""
        with QSignalBlocker(self):
            self.setPlainText("" if raw is None else str(raw))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring that Fusion gives to one-line fields only."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, and the ring round it while the keys go here."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(theme.token(Token.ACCENT))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as much as the field may hold; the rest stays on the clipboard, and the person is told."""
        text = strip_unstorable(source.text())
        room = self._max_length - self.document().characterCount() + 1 + len(self.textCursor().selectedText())
        self.textCursor().insertText(text[: max(0, room)])
        self.ensureCursorVisible()
        if len(text) > room:
            self.pasted_too_much.emit(len(text), max(0, room))


class CheckEditor(QCheckBox):
    """Yes, or nothing said."""

    edited = Signal()

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        """Make it unchecked."""
        super().__init__(label, parent)
        self.setMinimumHeight(QFontMetrics(self.font()).height() + theme.space(2))  # as high as its neighbours
        self.toggled.connect(self.edited)

    def value(self) -> bool | None:
        """Return True where it is checked, else None."""
        return True if self.isChecked() else None

    def set_value(self, raw: object) -> None:
        """Show a yes or nothing."""
        with QSignalBlocker(self):
            self.setChecked(raw is True)


class ChoiceCombo(QComboBox):
    """One of a longer closed list; a digit takes the choice it stands before."""

    edited = Signal()

    def __init__(self, choices: tuple[Choice, ...], parent: QWidget | None = None) -> None:
        """Show the choices, none chosen."""
        super().__init__(parent)
        self._choices = choices
        for index, choice in enumerate(choices):
            self.addItem(f"{DIGITS[index]} {choice.label}" if index < len(DIGITS) else choice.label)
        self.setCurrentIndex(-1)
        self.setMaxVisibleItems(len(choices))
        self.currentIndexChanged.connect(self.edited)

    def value(self) -> str | None:
        """Return the key of the choice, or None."""
        index = self.currentIndex()
        return self._choices[index].key if index >= 0 else None

    def set_value(self, raw: object) -> None:
        """Show the choice with this key, or none."""
        with QSignalBlocker(self):
            keys = [c.key for c in self._choices]
            self.setCurrentIndex(keys.index(str(raw)) if raw in keys else -1)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a choice by its digit."""
        text = event.text()
        if text and text in DIGITS and DIGITS.index(text) < len(self._choices):
            self.setCurrentIndex(DIGITS.index(text))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: a choice must not change because somebody scrolled."""
        event.ignore()


class YesNoBar(ChoiceBar):
    """A question that may stay unanswered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show the two answers, none chosen."""
        super().__init__((Choice("yes", "是"), Choice("no", "否")), parent, optional=True)

    def value(self) -> bool | None:  # type: ignore[override]  # the same contract with another type of value
        """Return the answer, or None."""
        chosen = super().value()
        return None if chosen is None else chosen == "yes"

    def set_value(self, raw: object) -> None:
        """Show an answer, or none."""
        super().set_value({True: "yes", False: "no"}.get(raw) if isinstance(raw, bool) else None)


Editor = LineEditor | LongTextEditor | CheckEditor | ChoiceBar | ChoiceCombo | CategoryEditor | ItemEditor


def make_editor(fact: Field, facts: EditorFacts, parent: QWidget, *, rows: int = 3) -> Editor:
    """Return the editor of a field's type, empty. ``rows`` is the least height of a long text."""
    made: Editor
    match fact.type:
        case FieldType.LONG_TEXT:
            made = LongTextEditor(rows, fact.max_length, parent)
        case FieldType.ENUM | FieldType.OWED:
            choices = fact.choices or facts.owed.get(fact.key, ())
            made = _make_choice(choices, parent, optional=fact.type is FieldType.ENUM and not fact.required)
        case FieldType.SET:
            made = ChoiceBar(fact.choices, parent, several=True)
        case FieldType.SCORE:
            made = ChoiceBar(_SCORES, parent, optional=True)
        case FieldType.BOOL:
            made = YesNoBar(parent) if facts.open_bools else CheckEditor(fact.label, parent)
        case FieldType.DATETIME:
            made = MomentEditor(facts.clock, parent, day_end=facts.day_end)
        case FieldType.OPERATOR:
            made = OpenEditor(tuple(Choice(name, name) for name in facts.names), parent)
        case FieldType.CATEGORY:
            made = CategoryEditor(facts.trade, parent)
        case FieldType.ITEM:
            made = ItemEditor(facts.trade, parent)
        case _:
            departments = facts.trade.departments if fact.key == _DEPARTMENT else ()
            choices = fact.choices or tuple(Choice(name, name) for name in departments)
            made = OpenEditor(choices, parent) if choices else LineEditor(parent)
    return made


def _make_choice(choices: tuple[Choice, ...], parent: QWidget, *, optional: bool) -> ChoiceBar | ChoiceCombo:
    """Return a bar, or a list to unfold where there are too many for a bar."""
    if len(choices) > _LONGEST_BAR:
        return ChoiceCombo(choices, parent)
    return ChoiceBar(choices, parent, optional=optional)

"""A form made from facts: sections of lines of rows, one set of values, problems under their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desk_app.domain.fields import Field, FieldType
from ui import theme
from ui.forms.category_editor import CategoryEditor
from ui.forms.item_editor import ItemEditor
from ui.widgets.field_row import FieldRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent

    from desk_app.domain.fields import Trade
    from ui.forms.editors import EditorFacts

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Slot(NamedTuple):
    """One field's place on a line: its share of the width, the least rows of a long text, whether it folds."""

    fact: Field
    share: int = 1
    rows: int = 3
    folded: bool = False


class Section(NamedTuple):
    """Lines that belong together. The title stands left of them."""

    title: str
    lines: Sequence[Sequence[Slot]]


class FieldForm(QWidget):
    """The rows of some fields. Tab and Enter go to the next one (in a long text Enter breaks the line).

    ``edited`` carries the key of the field that a person changed. The form checks nothing: what is wrong comes
    back from the use case and is shown by :meth:`show_problems`.
    """

    edited = Signal(str)

    def __init__(self, sections: Sequence[Section], facts: EditorFacts, parent: QWidget | None = None) -> None:
        """Make every row, empty, in reading order (which is the order of the Tab key)."""
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        self._folded: set[str] = set()
        self._begins: list[str] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.space(3))
        self._grid.setVerticalSpacing(theme.space(4))
        self._grid.setColumnStretch(1, 1)
        for section in sections:
            self._add_section(section, facts)

    # -- values

    def values(self) -> dict[str, object]:
        """Return what was said, by key; a field of which nothing was said is absent."""
        said = {key: row.value() for key, row in self.rows.items()}
        return {key: value for key, value in said.items() if value is not None}

    def set_values(self, values: Mapping[str, object]) -> None:
        """Show these values and nothing else; folded fields that have one unfold. Nothing is emitted."""
        for key, row in self.rows.items():
            row.show_problem("")
            row.set_value(values.get(key))
        self.reveal(self._folded & values.keys())

    def set_trade(self, trade: Trade) -> None:
        """Offer another trade's categories and items; what was typed stays."""
        for row in self.rows.values():
            if isinstance(row.editor, (CategoryEditor, ItemEditor)):
                row.editor.set_trade(trade)

    def show_kind(self, kind: str) -> None:
        """Call every field as it is called in a case of this kind."""
        for row in self.rows.values():
            if row.fact.labels:
                row.show_kind(kind)

    def add_part(self, title: QLabel, widget: QWidget) -> None:
        """Put something that is no field below the last one, with its title where those of the sections are."""
        place = self._grid.rowCount()
        title.setFont(theme.font(bold=True))
        self._grid.addWidget(title, place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(widget, place, 1)

    # -- problems

    def show_problems(self, sentences: Mapping[str, str]) -> int:
        """Show each sentence under its field and take every other away; the first one gets the focus.

        Returns:
            How many of them have a field on this form.
        """
        self.reveal(self._folded & sentences.keys())
        shown = [row for key, row in self.rows.items() if key in sentences]
        for key, row in self.rows.items():
            row.show_problem(sentences.get(key, ""))
        if shown:
            shown[0].setVisible(True)
            shown[0].editor.setFocus(Qt.FocusReason.TabFocusReason)  # what is wrong in one line is typed over
        return len(shown)

    # -- rarely used fields

    @property
    def folded(self) -> frozenset[str]:
        """The fields that are folded away at present."""
        return frozenset(self._folded)

    def reveal(self, keys: set[str] | frozenset[str]) -> None:
        """Unfold these fields."""
        for key in keys:
            self.rows[key].setVisible(True)
        self._folded -= keys

    def fold(self, keys: frozenset[str]) -> None:
        """Fold these fields away, but never one that has something in it."""
        empty = {key for key in keys if self.rows[key].value() is None}
        for key in empty:
            self.rows[key].setVisible(False)
        self._folded |= empty

    def focus_first(self) -> None:
        """Put the focus into the first field."""
        next(iter(self.rows.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def step_section(self, by: int) -> None:
        """Put the focus into the first field of the next section, or of the present one or the one before."""
        row, keys = self.row_of(self.focusWidget()), list(self.rows)
        here = keys.index(row.key) if row is not None else 0
        begins = [keys.index(key) for key in self._begins]
        ahead = [place for place in begins if place > here] if by > 0 else [p for p in reversed(begins) if p < here]
        if row is not None and isinstance(row.editor, CategoryEditor):
            row.editor.finish()
        if ahead:
            self.go_on_at(keys[ahead[0]])

    def go_on_at(self, key: str) -> None:
        """Put the focus into a field, behind what is typed there."""
        editor = self.rows[key].editor
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(editor, QLineEdit):
            editor.end(False)
        elif isinstance(editor, QPlainTextEdit):
            editor.moveCursor(QTextCursor.MoveOperation.End)

    @staticmethod
    def row_of(widget: QWidget | None) -> FieldRow | None:
        """Return the row that a widget is part of, or None."""
        while widget is not None and not isinstance(widget, FieldRow):
            widget = widget.parentWidget()
        return widget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter move on where the editor had no use for it."""
        if event.key() in _ENTER and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    # -- parts

    def _add_section(self, section: Section, facts: EditorFacts) -> None:
        place = self._grid.rowCount()
        lines = QVBoxLayout()
        lines.setSpacing(theme.space(2))
        if section.title:
            title = QLabel(section.title, self)
            title.setFont(theme.font(bold=True))
            self._grid.addWidget(title, place, 0, Qt.AlignmentFlag.AlignTop)
        before = len(self.rows)
        for slots in section.lines:
            lines.addLayout(self._make_line(slots, facts))
        self._begins += list(self.rows)[before : before + 1]  # a section may have no field
        self._grid.addLayout(lines, place, 1)

    def _make_line(self, slots: Sequence[Slot], facts: EditorFacts) -> QBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.space(3))
        bare = not facts.open_bools and all(slot.fact.type is FieldType.BOOL for slot in slots)
        for slot in slots:
            row = FieldRow(slot.fact, facts, self, rows=slot.rows, bare=bare)
            row.edited.connect(lambda key=slot.fact.key: self.edited.emit(key))
            self.rows[row.key] = row
            line.addWidget(row, slot.share)
            if slot.folded:
                row.setVisible(False)
                self._folded.add(row.key)
        return line


class FormScroll(QScrollArea):
    """What a form stands in: where it does not fit, the row with the focus is wholly in sight, its problem too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Hold nothing yet."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cast("QApplication", QApplication.instance()).focusChanged.connect(self.show_focus)

    def show_focus(self) -> None:
        """Bring what the keys go to into sight; Qt alone does so for an editor, after Tab, and not for its problem."""
        here = QApplication.focusWidget()
        if here is not None and self.isAncestorOf(here):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # what has just been told needs room
            self.ensureWidgetVisible(FieldForm.row_of(here) or here, 0, theme.space(6))

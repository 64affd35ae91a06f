"""One field on a form: label, editor, help, unit and problem line, made together so that none is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desk_app.domain.fields import FieldType
from ui import theme
from ui.forms.editors import LongTextEditor, make_editor
from ui.theme import Step, Token
from ui.widgets.choice_bar import ChoiceBar
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from desk_app.domain.fields import Field
    from ui.forms.editors import EditorFacts


class FieldRow(QWidget):
    """A field with its label above it and, when there is one, its problem below.

    ``edited`` is emitted by what a person does, never by :meth:`set_value`. The label is the editor's buddy and
    its accessible name; help and problem are its accessible description. ``bare`` leaves out the line of the
    label (for check boxes that stand among themselves).
    """

    edited = Signal()

    def __init__(
        self,
        fact: Field,
        facts: EditorFacts,
        parent: QWidget | None = None,
        *,
        rows: int = 3,
        bare: bool = False,
    ) -> None:
        """Make an empty row. ``rows`` is the least height of a long text."""
        super().__init__(parent)
        self.fact = fact
        self.editor = make_editor(fact, facts, self, rows=rows)
        self._says_its_label = fact.type is FieldType.BOOL and not facts.open_bools
        self._problem: QWidget | None = None
        self._sentence: QLabel | None = None
        self._note: QLabel | None = None
        self._label: QLabel | None = None
        self._hint: ElidedLabel | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.space(0.5))
        self._head = None if bare else self._make_head()
        if self._head is not None:
            self._column.addLayout(self._head)
        if fact.type is FieldType.AMOUNT:
            self._column.addLayout(self._with_unit())
        else:
            self._column.addWidget(self.editor)
        if not isinstance(self.editor, LongTextEditor):
            self._column.addStretch()
        self._name_editor(fact.label)
        if isinstance(self.editor, QLineEdit) and fact.type is not FieldType.AMOUNT:
            self.editor.setPlaceholderText(fact.help)
        self.editor.setToolTip(fact.help)
        self._describe()
        self.editor.edited.connect(self._on_edited)
        if isinstance(self.editor, LongTextEditor):
            self.editor.pasted_too_much.connect(self._on_pasted_too_much)

    @property
    def key(self) -> str:
        """The key of the field."""
        return self.fact.key

    @property
    def problem(self) -> str:
        """The sentence that stands under the editor, or an empty text."""
        return self._sentence.text() if self._sentence is not None else ""

    @property
    def hint(self) -> str:
        """What is said quietly beside the label, or an empty text."""
        return self._hint.text() if self._hint is not None else ""

    @property
    def note(self) -> str:
        """What is noted below the editor, or an empty text."""
        return self._note.text() if self._note is not None else ""

    def value(self) -> object:
        """Return what was said, raw as ``validation.read_value`` takes it; None where nothing was."""
        return self.editor.value()

    def set_value(self, raw: object) -> None:
        """Show a value (None clears); nothing is emitted."""
        self.editor.set_value(raw)
        self._describe()

    def show_kind(self, kind: str) -> None:
        """Be called as the field is in a case of this kind."""
        words = self.fact.label_for(kind)
        self._name_editor(words)
        if self._label is not None and not self._says_its_label:
            self._label.setText(self._starred(words))

    def show_problem(self, sentence: str) -> None:
        """Show what is wrong under the editor; an empty sentence takes it away."""
        if self._sentence is None:
            if not sentence:
                return
            self._make_problem_line()
        assert self._sentence is not None  # noqa: S101 -- made above
        assert self._problem is not None  # noqa: S101
        self._sentence.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._describe()

    def show_hint(self, sentence: str) -> None:
        """Say something quietly beside the label, where nothing moves for it; an empty sentence takes it away."""
        if self._hint is None:
            if not sentence or self._head is None:
                return
            self._hint = ElidedLabel(self)
            self._hint.setTextFormat(Qt.TextFormat.PlainText)
            self._hint.setFont(theme.font(Step.SMALL))
            theme.ink(self._hint, Token.MUTED)
            self._head.insertWidget(self._head.count() - 1, self._hint, 1)
        self._hint.setText(sentence)
        self._hint.setVisible(bool(sentence))
        self._describe()

    def show_note(self, sentence: str) -> None:
        """Show what is worth knowing below the editor, muted; an empty sentence takes it away."""
        if self._note is None:
            if not sentence:
                return
            self._note = QLabel(self)
            self._note.setFont(theme.font(Step.SMALL))
            self._note.setWordWrap(True)
            self._note.setTextFormat(Qt.TextFormat.PlainText)
            theme.ink(self._note, Token.MUTED)
            below = 2 if self._problem is not None else 1
            self._column.insertWidget(below + (self._column.count() > below), self._note)
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))
        self._describe()

    # -- parts

    def _starred(self, label: str) -> str:
        return label + (" *" if self.fact.required else "")

    def _name_editor(self, label: str) -> None:
        self.editor.setAccessibleName(f"{label}，必填" if self.fact.required else label)

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(theme.space(2))
        text = self._starred(self.fact.label)
        self._label = label = QLabel("" if self._says_its_label else text, self)
        label.setFont(theme.font(Step.SMALL))
        label.setBuddy(self.editor)
        head.addWidget(label)
        if self.fact.help and not isinstance(self.editor, QLineEdit):
            hint = QLabel(self.fact.help, self)
            hint.setFont(theme.font(Step.SMALL))
            theme.ink(hint, Token.MUTED)
            head.addWidget(hint)
        head.addStretch()
        return head

    def _with_unit(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.space())
        line.addWidget(self.editor)
        line.addWidget(QLabel(self.fact.help, self))
        return line

    def _make_problem_line(self) -> None:
        self._problem = QWidget(self)
        line = QHBoxLayout(self._problem)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.space())
        line.addWidget(Glyph("refused", self._problem))
        self._sentence = QLabel(self._problem)
        self._sentence.setFont(theme.font(Step.SMALL))
        self._sentence.setWordWrap(True)
        theme.ink(self._sentence, Token.DANGER)
        line.addWidget(self._sentence, 1)
        self._column.insertWidget(2 if self._column.count() > 1 else 1, self._problem)

    def _describe(self) -> None:
        """Say choice, problem, hint and help to a screen reader."""
        chosen = self.editor.chosen_text() if isinstance(self.editor, ChoiceBar) else ""
        said = (chosen, self.problem, self.hint, self.note, self.fact.help)
        self.editor.setAccessibleDescription("。".join(filter(None, said)))

    def _on_edited(self) -> None:
        self.show_problem("")
        self._describe()
        self.edited.emit()

    def _on_pasted_too_much(self, pasted: int, room: int) -> None:
        self.show_problem(self.tr("粘贴的内容有 {0} 个字，只放得下 {1} 个，其余没有粘贴").format(pasted, room))

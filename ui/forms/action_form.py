"""The form of one action on a case, made from the facts of its fields (``resources/actions.toml``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desk_app.domain.fields import Field, FieldType
from ui import theme
from ui.theme import Step, Token
from ui.widgets.field_row import FieldRow

_ROWS, _ROWS_OPTIONAL = 4, 2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.actions import ActionForm
    from desk_app.domain.validation import Problem
    from desk_app.sentences import Sentences
    from ui.forms.editors import EditorFacts


class ActionEditor(QWidget):
    """The fields of an action, a place for what is wrong, and the two ways out.

    ``submitted`` asks for the action to be done with :meth:`values`; ``left`` says that the person goes, and that what
    was typed is to be kept.
    """

    submitted = Signal()
    left = Signal()

    def __init__(
        self, form: ActionForm, facts: EditorFacts, values: Mapping[str, object], parent: QWidget | None = None
    ) -> None:
        """Lay out the fields of ``form``, filled with what was typed before."""
        super().__init__(parent)
        self.form = form
        self._rows = {fact.key: _make_row(fact, facts) for fact in form.fields}
        self._title = QLabel(form.label)
        self._title.setFont(theme.font(Step.LARGE, bold=True))
        self._message = QLabel()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setWordWrap(True)
        self._message.hide()
        theme.ink(self._message, Token.DANGER)
        self._done = QPushButton(self.tr("完成  Ctrl+Enter"))
        self._leave = QPushButton(self.tr("返回  Esc"))
        self._leave.setToolTip(self.tr("已填的内容会保留，下次打开这一项时还在"))
        self._lay_out()
        self._done.clicked.connect(self._submit)
        self._leave.clicked.connect(self.left)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            self._on_key(keys, self._submit)
        self._on_key("Esc", self.left.emit)
        for key, value in values.items():
            self._rows[key].set_value(value)

    def values(self) -> dict[str, object]:
        """Return what was typed, as it was typed; fields left alone are absent."""
        typed = {key: row.value() for key, row in self._rows.items()}
        return {key: value for key, value in typed.items() if value is not None}

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        next(iter(self._rows.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problems(self, problems: tuple[Problem, ...], sentences: Sentences) -> None:
        """Show each problem under its field and go to the first; those of no field of this form stand below."""
        self.set_busy(busy=False)
        told: dict[str, str] = {}
        others = []
        for problem in problems:
            if problem.field in self._rows:
                told.setdefault(problem.field, sentences.problem(problem))
            else:
                others.append(f"{problem.field}：{sentences.problem(problem)}")
        for key, row in self._rows.items():
            row.show_problem(told.get(key, ""))
        self._say("\n".join(others))
        first = next((key for key in self._rows if key in told), None)
        if first is not None:
            self._rows[first].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_refusal(self, sentence: str) -> None:
        """Show why the action was not done; everything typed stays."""
        self.set_busy(busy=False)
        self._say(sentence)

    def set_busy(self, *, busy: bool) -> None:
        """Keep the action from being asked for twice while it is being stored."""
        self._done.setEnabled(not busy)

    def _submit(self) -> None:
        if self._done.isEnabled():
            self._say("")
            self.set_busy(busy=True)
            self.submitted.emit()

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    def _on_key(self, keys: str, slot: object) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)

    def _lay_out(self) -> None:
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(0, 0, theme.space(), 0)
        column.setSpacing(theme.space(2))
        beside: QHBoxLayout | None = None
        for fact in self.form.fields:
            if fact.type is not FieldType.SCORE:  # scores are short, and one question asked three ways: one line
                beside = None
                column.addWidget(self._rows[fact.key])
                continue
            if beside is None:  # scores are short: those in a row stand in one line
                beside = QHBoxLayout()
                column.addLayout(beside)
            beside.addWidget(self._rows[fact.key])
        scroll = _FittingScroll(fields)
        buttons = QHBoxLayout()
        buttons.addWidget(self._done)
        buttons.addWidget(self._leave)
        buttons.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.space(2))
        whole.addWidget(self._title)
        whole.addWidget(scroll)
        whole.addWidget(self._message)
        whole.addLayout(buttons)


def _make_row(fact: Field, facts: EditorFacts) -> FieldRow:
    row = FieldRow(fact, facts, rows=_ROWS if fact.required else _ROWS_OPTIONAL)
    if fact.type is FieldType.LONG_TEXT:
        row.editor.setFixedHeight(row.editor.minimumHeight())  # the case above all: it stays in sight below the form
    return row


class _FittingScroll(QScrollArea):
    """As high as its content where there is room, and scrolling where there is not."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)

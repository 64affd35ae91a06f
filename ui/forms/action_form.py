"""The form of one action on a case, made from the facts of its fields (``resources/actions.toml``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desk_app.domain.fields import FieldType
from desk_app.domain.vocabulary import Route
from ui import theme
from ui.forms.field_form import FieldForm, FormScroll, Section, Slot
from ui.theme import Step, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QResizeEvent

    from desk_app.domain.actions import ActionForm
    from desk_app.domain.fields import Field
    from desk_app.domain.problems import Problem
    from desk_app.sentences import Sentences
    from ui.forms.editors import EditorFacts

_ROWS, _ROWS_OPTIONAL = 4, 2
_ROUTE, _WHERE_EXTERNAL = "route", frozenset({"external_body"})
_HANGS_ON, _KIND = "reached", "kind"
_WHERE_REACHED = frozenset({"satisfaction", "result_fair", "process_fair", "manner_fair"})
_WHERE_NOT = frozenset({"attempt", "due_at"})
"""What a return visit asks only of a customer who was reached, and only of one who was not."""


class ActionEditor(QWidget):
    """The fields of an action, a place for what is wrong, and the two ways out.

    ``submitted`` asks for the action to be done with :meth:`values`; ``edited`` says that they are other than before;
    ``left`` that the person goes, and that what was typed is to be kept. ``fields`` is the form itself. What is owed is
    always named: where the thing named was settled by another meanwhile, the rules would take the next one for it.
    """

    submitted = Signal()
    edited = Signal()
    left = Signal()

    def __init__(
        self,
        form: ActionForm,
        facts: EditorFacts,
        values: Mapping[str, object],
        filled: Mapping[str, object],
        parent: QWidget | None = None,
        *,
        sections: Sequence[Section] = (),
    ) -> None:
        """Lay out the fields of ``form``, with what was typed before, else with what the case itself answers.

        ``sections`` say where the fields stand (default: each on a line of its own).
        """
        super().__init__(parent)
        self.form = form
        self.filled = filled
        self._first = ""
        self.fields = FieldForm(sections or [Section("", _lines(form.fields))], facts)
        for fact in form.fields:
            if fact.type is FieldType.LONG_TEXT:  # no higher than it must be: the case below is to stay in sight
                editor = self.fields.rows[fact.key].editor
                editor.setFixedHeight(editor.minimumHeight())
        self.fields.set_values({**filled, **values})
        for key in (_HANGS_ON, _ROUTE, _KIND):
            self._follow(key)
        self.fields.edited.connect(self._follow)
        self.fields.edited.connect(lambda _key: self.edited.emit())
        self._title = QLabel(form.label)
        self._title.setFont(theme.font(Step.LARGE, bold=True))
        self._note, self._message = _line_of_words(Token.WARNING), _line_of_words(Token.DANGER)
        self._done = QPushButton(self.tr("完成  Ctrl+Enter"))
        self._done.setAutoDefault(True)  # Enter does it, where nothing has to be filled in
        self._leave = QPushButton(self.tr("返回  Esc"))
        self._leave.setToolTip(self.tr("已填的内容会保留，下次打开这一项时还在"))
        self._lay_out()
        self._done.clicked.connect(self._submit)
        self._leave.clicked.connect(self.left)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            self._on_key(keys, self._submit)
        self._on_key("Esc", self.left.emit)

    def values(self) -> dict[str, object]:
        """Return what the action is to be done with, as it was typed; fields left alone are absent."""
        return self.fields.values()

    def typed(self) -> dict[str, object]:
        """Return what a person has said that was not filled in for them; None where they took something away."""
        values = self.values()
        return {k: values.get(k) for k in {**self.filled, **values} if values.get(k) != self.filled.get(k)}

    def fill(self, values: Mapping[str, object]) -> bool:
        """Fill in empty fields; return whether all were empty. What was typed is never written over."""
        rows = self.fields.rows
        empty = {key: value for key, value in values.items() if rows[key].value() in (None, value)}
        for key, value in empty.items():
            rows[key].set_value(value)
        return len(empty) == len(values)

    def begin_at(self, key: str) -> None:
        """Let a person begin at this field; else they begin at the first that the case leaves open."""
        self._first = key

    def take_focus(self) -> None:
        """Put the cursor where it was last, at the beginning where a person is to begin."""
        rows = self.fields.rows
        first = next(
            (row.editor for key, row in rows.items() if key == self._first or (not self._first and self._is_open(key))),
            self._done,
        )
        (self.fields.focusWidget() or first).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problems(self, problems: tuple[Problem, ...], sentences: Sentences) -> None:
        """Show each problem under its field and go to the first; those of no field of this form stand above."""
        self.set_busy(busy=False)
        told: dict[str, str] = {}
        for problem in problems:
            told.setdefault(problem.field, sentences.problem(problem))
        self.fields.show_problems(told)
        _say(self._message, "\n".join(f"{key}：{told[key]}" for key in told if key not in self.fields.rows))

    def show_refusal(self, sentence: str) -> None:
        """Show why the action was not done; everything typed stays."""
        self.set_busy(busy=False)
        if sentence == self._note.text():  # it was foreseen: once is enough
            _say(self._note, "")
        _say(self._message, sentence)

    def show_note(self, sentence: str) -> None:
        """Show what is to be known before the action is done; it stays beside what was refused."""
        _say(self._note, sentence)

    def set_busy(self, *, busy: bool) -> None:
        """Keep the action from being asked for twice while it is being stored."""
        self._done.setEnabled(not busy)

    def _is_open(self, key: str) -> bool:
        return key not in self.filled and key not in self.fields.folded

    def _follow(self, key: str) -> None:
        """Ask only what the answer leaves to be asked, in its words; what has something in it stays in sight."""
        if key == _KIND and key in self.fields.rows:
            self.fields.show_kind(str(self.fields.rows[key].value()))
        if key == _ROUTE and key in self.fields.rows:
            is_external = self.fields.rows[key].value() == Route.EXTERNAL
            (self.fields.reveal if is_external else self.fields.fold)(_WHERE_EXTERNAL)
        if key == _HANGS_ON and key in self.fields.rows:
            was_reached = self.fields.rows[key].value() is not False
            self.fields.fold(_WHERE_NOT if was_reached else _WHERE_REACHED)
            self.fields.reveal(_WHERE_REACHED if was_reached else _WHERE_NOT)

    def _submit(self) -> None:
        unnamed = [
            f.key for f in self.form.fields if f.type is FieldType.OWED and self.fields.rows[f.key].value() is None
        ]
        if unnamed:
            self.fields.show_problems(dict.fromkeys(unnamed, self.tr("请选一项")))
        elif self._done.isEnabled():
            _say(self._message, "")
            self.set_busy(busy=True)
            self.submitted.emit()

    def _on_key(self, keys: str, slot: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._done)
        buttons.addWidget(self._leave)
        buttons.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.space(2))
        whole.addWidget(self._title)
        whole.addWidget(self._note)
        whole.addWidget(self._message)
        whole.addWidget(_FittingScroll(self.fields) if self.fields.rows else self.fields)
        whole.addLayout(buttons)


def _line_of_words(ink: Token) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.hide()
    theme.ink(label, ink)
    return label


def _say(label: QLabel, sentence: str) -> None:
    label.setText(sentence)
    label.setVisible(bool(sentence))


class _FittingScroll(FormScroll):
    """As high as what it holds where there is room, and scrolling where there is not."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._content = content
        self.setWidget(content)

    def sizeHint(self) -> QSize:
        """Return the size at which nothing has to scroll."""
        content, width = self._content, self.viewport().width()
        height = content.heightForWidth(width) if content.hasHeightForWidth() else content.sizeHint().height()
        return QSize(content.sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """Return room for a line or two; the rest scrolls."""
        return QSize(self._content.minimumSizeHint().width(), theme.space(16))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow a content that grows (a problem under a field)."""
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask again for the height that goes with the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


def _lines(facts: Iterable[Field]) -> Sequence[Sequence[Slot]]:
    """Return a line for each field; scores that follow each other are short and share one."""
    lines: list[list[Slot]] = []
    before = None
    for fact in facts:
        slot = Slot(fact, rows=_ROWS if fact.required else _ROWS_OPTIONAL)
        if fact.type is FieldType.SCORE and before is FieldType.SCORE:
            lines[-1].append(slot)
        else:
            lines.append([slot])
        before = fact.type
    return lines

"""What is warned of now (预警), before all figures: a short table, and below it the form that heeds one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desk_app.domain.heeding import Measure
from desk_app.domain.problems import RefusedError
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.services import figures, warnings
from desk_app.services.results import Changes
from ui import theme
from ui.forms.action_form import ActionEditor
from ui.forms.editors import EditorFacts
from ui.forms.field_form import Section, Slot
from ui.latest import Latest
from ui.models.overview_warnings import Told, WarnedOf, cells, heading
from ui.theme import Step, Token
from ui.widgets.glyph import Glyph
from ui.widgets.right_line import RightLine
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from desk_app.domain.actions import ActionForm
    from desk_app.domain.heeding import Heed
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_MOST_ROWS = 5
_WIDEST = ("◆ 严重", "本月第 12 次：责任部门 家用电器售后服务部（重点，比平常多）", "1,000", "1,000", "1,000", "11-22")
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ShiftModifier)
_MEASURE = "corrective"


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed about a warning and is not stored yet."""

    values: Mapping[str, object] = field(default_factory=dict)
    request_id: str = field(default_factory=lambda: str(uuid4()))


class WarningsPanel(QWidget):
    """Hidden while there is nothing to warn of. ``taken`` carries the warning whose cases are wanted.

    What was typed about a warning is kept while the page is there.
    """

    taken = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Be hidden until :meth:`ask` has found something."""
        super().__init__(parent)
        self._desk, self._question = desk, Latest(desk)
        self._told: tuple[Told, ...] = ()
        self._typed: dict[tuple[str, str, str], _Typed] = {}
        self.heeding: Told | None = None
        """What the form is about; None while there is no form."""
        self.form: ActionEditor | None = None
        self._heading, self._keys, self._fault_words, self._fault = QLabel(), QLabel(), QLabel(), QWidget()
        titles = self.tr("级别 预警 本月 本季 本年 起 处理").split()
        self.table = RowsTable(titles, _WIDEST, self.tr("预警"))
        self._right = RightLine(desk, Action.CORRECT, self)
        self._lay_out()
        self.table.opened.connect(lambda row: self.taken.emit(self._told[row].warning))
        self.hide()

    @property
    def fault(self) -> str:
        """What is said of the shop's own rules, else nothing."""
        return self._fault_words.text()

    # ------------------------------------------------------------------------------------------ asking

    def ask(self, at_once: int | None) -> None:
        """Look what is warned of now; nothing is, while more lines of history than ``at_once`` are not counted yet."""
        self._question.ask(partial(_look, at_once), self._show)

    def _show(self, found: WarnedOf | None) -> None:
        if found is None:
            return
        here = self._told[self.table.row].key if 0 <= self.table.row < len(self._told) else None
        self._told = found.told
        now, rules = self._desk.clock.now(), self._desk.rules
        self.table.show_rows([cells(each, rules, now) for each in found.told])
        place = next((n for n, each in enumerate(found.told) if each.key == here), None)
        if place is not None:
            self.table.choose(place)
        self._heading.setText(heading(found.told))
        self.table.setAccessibleName(self._heading.text())
        self._fault_words.setText(found.fault)
        self._fault.setVisible(bool(found.fault))
        self._fit()

    def _fit(self) -> None:
        """Be as high as a few rows, and not there at all where there is nothing to be seen."""
        table, rows = self.table, min(len(self._told), _MOST_ROWS)
        height = table.horizontalHeader().sizeHint().height() + rows * table.verticalHeader().defaultSectionSize()
        table.setFixedHeight(height + 2 * table.frameWidth())
        keys = [self.tr("↑↓ 选择　Enter 列出登记"), self.tr("H 处理（Ctrl+S 保存，Esc 返回）")]
        self._keys.setText("　".join(keys[:1] if self._right.sentence else keys))
        for part in (table, self._keys):
            part.setVisible(bool(self._told))
        self.setVisible(bool(self._told or self.fault or self.form))

    # ---------------------------------------------------------------------------------------- heeding

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the form for the warning that the keys are on."""
        is_h = event.key() == Qt.Key.Key_H and event.modifiers() in _PLAIN
        if is_h and self.table.hasFocus() and self.table.row >= 0:
            self._open(self._told[self.table.row])
        else:
            super().keyPressEvent(event)

    def _open(self, told: Told) -> None:
        """Ask what is done about it; who may not say that reads whose matter it is."""
        if self._right.sentence:
            return
        self._leave()
        typed = self._typed.setdefault(told.key, _Typed())
        form, facts = self._action_form(), self._facts()
        lines = [[Slot(fact, rows=2) for fact in form.fields[at : at + 2]] for at in (0, 2)]
        editor = ActionEditor(form, facts, typed.values, {}, self, sections=[Section("", lines)])
        hint = self.tr("写了责任部门或期限的，同时在最近的一件上记为纠正措施，到期提醒、复查。")
        editor.show_note(f"{told.sentence}\n{hint}")
        editor.submitted.connect(self._submit)
        editor.left.connect(self._leave)
        self.form, self.heeding = editor, told
        self._column.addWidget(editor)
        editor.show()
        editor.take_focus()

    def _action_form(self) -> ActionForm:
        """Return what is asked of a corrective action, but the problem, which is the warning itself."""
        form = self._desk.rules.actions[Action.CORRECT]
        facts = {fact.key: fact for fact in form.fields}
        measure = facts[_MEASURE]._replace(label=self.tr("措施"), required=True)
        fields = (measure, facts["cause"], facts["department"], facts["due_at"])
        return replace(form, label=self.tr("处理这条预警"), fields=fields)

    def _facts(self) -> EditorFacts:
        desk = self._desk
        return EditorFacts(desk.rules.trade_of(desk.shop), desk.clock, day_end=desk.policy.deadlines.day_end)

    def _leave(self) -> None:
        """Close the form and keep what was typed."""
        if self.form is not None and self.heeding is not None:
            key = self.heeding.key
            self._typed[key] = replace(self._typed[key], values=self.form.typed())
            self._drop()

    def _drop(self) -> None:
        if self.form is None:
            return
        had_focus = self.form.isAncestorOf(self.focusWidget())
        self._column.removeWidget(self.form)
        self.form.hide()
        self.form.deleteLater()
        self.form = self.heeding = None
        self._fit()
        if had_focus and self._told:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        if self.form is None or self.heeding is None:
            return
        told, said = self.heeding, {key: str(value) for key, value in self.form.values().items()}
        measure = Measure(said.pop(_MEASURE, ""), **said)
        request_id = self._typed[told.key].request_id
        self._desk.ask(
            partial(_heed, told=told, measure=measure, request_id=request_id),
            partial(self._stored, told),
            partial(self._refused, told),
        )

    def _stored(self, told: Told, heed: Heed) -> None:
        self._typed.pop(told.key, None)
        if self.heeding is told:
            self._drop()
        words = self.tr("已处理：{0}").format(told.sentence)
        if heed.number:
            words = self.tr("{0}；在 {1} 上记了纠正措施").format(words, heed.number)
        self._desk.notice.emit("done", words)
        self.ask(None)
        if heed.number:
            self._desk.changed.emit(Changes(cases=frozenset({heed.number}), queue=True))

    def _refused(self, told: Told, error: Exception) -> bool:
        """Tell it in the form, where that is still open; what was typed stays."""
        if self.form is None or self.heeding is not told:
            return False
        sentences = self._desk.rules.sentences
        if isinstance(error, RefusedError):
            self.form.show_problems(error.problems, sentences)
            return True
        self.form.set_busy(busy=False)
        if not isinstance(error, KnownError):
            return False
        if error.code == "heed_says_nothing":
            self.form.fields.show_problems({_MEASURE: sentences.error(error)})
            return True
        self.form.show_refusal(sentences.error(error))
        return False

    # ------------------------------------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        self._heading.setFont(theme.font(bold=True))
        self._keys.setFont(theme.font(Step.SMALL))
        theme.ink(self._keys, Token.MUTED)
        self._fault_words.setWordWrap(True)
        self._fault_words.setTextFormat(Qt.TextFormat.PlainText)
        line = QHBoxLayout(self._fault)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(Glyph("warning"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._fault_words, 1)
        head = QHBoxLayout()
        head.addWidget(self._heading)
        head.addStretch()
        head.addWidget(self._keys)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.space())
        self._column.addLayout(head)
        for part in (self._fault, self.table, self._right):
            self._column.addWidget(part)


def _look(at_once: int | None, ws: Workspace, _wanted: Callable[[], bool]) -> WarnedOf | None:
    if at_once is not None and figures.behind(ws) > at_once:
        return None
    fault = warnings.fault(ws)
    told = tuple(Told(each, warnings.sentence(ws, each)) for each in warnings.current(ws, ws.clock.now()))
    return WarnedOf(told, ws.rules.sentences.say(fault.code, fault.params) if fault else "")


def _heed(ws: Workspace, told: Told, measure: Measure, request_id: str) -> Heed:
    """Store it; what names a department or a day goes on the newest case too, where it is owed."""
    on_case = warnings.numbers(ws, told.warning, 1) if measure.department or measure.due_at else ()
    return warnings.heed(ws, told.warning, measure, *on_case, request_id=request_id)

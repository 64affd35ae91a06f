"""The detail of one case: where it stands, what is owed, its history, and the actions that can be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk_app.domain.problems import RefusedError
from desk_app.domain.values import Context
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.services import desk as use_cases
from ui import theme
from ui.forms.action_form import ActionEditor
from ui.forms.editors import EditorFacts
from ui.models import action_fields, case_story, next_step
from ui.views.case_attachments import CaseAttachments
from ui.views.case_detail_actions import ActionPane
from ui.views.case_detail_head import CaseHead
from ui.views.case_detail_spine import Spine
from ui.views.case_detail_text import ReadingPane, case_text
from ui.views.register_layout import of_amendment
from ui.views.register_sensitive import SensitiveHints

if TYPE_CHECKING:
    from desk_app.domain.actions import ActionForm
    from desk_app.domain.case import CaseFile
    from desk_app.domain.fields import Trade
    from desk_app.services.results import Acted
    from ui.desk import Desk

_LEAST_LINES = 5  # of the case, that stay in sight below a form


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for one action on one case, and the id that its storing carries, first try and retries alike."""

    values: Mapping[str, object]
    request_id: str


class CaseDetail(QWidget):
    """One case at a time, chosen by :meth:`show_case`.

    ``left`` says that the person wants back to the list; ``acted`` that an action was stored (with its
    :class:`Acted`); ``shown`` carries the :class:`CaseFile` that is on the screen now, or None; ``partner_wanted`` the
    number of a case it was merged with, that is to be opened.
    """

    left = Signal()
    acted = Signal(object)
    shown = Signal(object)
    partner_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show no case."""
        super().__init__(parent)
        self._desk = desk
        desk.shop_changed.connect(self._another_person)
        self._file: CaseFile | None = None
        self._shown_text = ""
        self._wanted = ""
        self._loading = False
        self._typed: dict[tuple[str, Action], Typed] = {}
        self._editor: ActionEditor | None = None
        self._head = CaseHead(desk)
        self._spine = Spine()
        self._text = ReadingPane()
        self._text.setMinimumHeight(self._text.fontMetrics().lineSpacing() * _LEAST_LINES)
        self._text.setAccessibleName(self.tr("登记内容与经过"))
        self._actions = ActionPane(desk.rules.actions)
        self._explains = False
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._lay_out()
        self.clear()

    # -------------------------------------------------------------------------------- what is shown

    @property
    def number(self) -> str:
        """The number of the case that is shown, or is on its way; empty where there is none."""
        return self._wanted

    @property
    def file(self) -> CaseFile | None:
        """The case on the screen."""
        return self._file

    @property
    def has_form(self) -> bool:
        """Whether the form of an action is open."""
        return self._editor is not None

    def clear(self) -> None:
        """Show no case."""
        self.leave_form()
        self._desk.go_on()
        self._wanted, self._file = "", None
        self._body.hide()
        self.shown.emit(None)

    def show_case(self, number: str) -> None:
        """Show a case; the one before stays until it is here. Of many asked for in a row only the last is fetched."""
        if number != self._wanted:
            self.leave_form()
            self._desk.go_on()
        self._wanted = number
        if not self._loading:
            self._fetch()

    def explain(self) -> None:
        """Unfold 「为什么是这个时间」, or fold it again."""
        self._explains = not self._explains
        if self._file is not None:
            self._show(self._file)

    def lead(self, letter: str) -> None:
        """Go where a letter of the head leads: to a case it was merged with, to what is known of the customer."""
        if self._file is not None:
            self._head.lead(letter)

    def reload(self) -> None:
        """Fetch the case on the screen anew: somebody wrote to it, or time has passed. An open form stays."""
        if self._wanted:
            self.show_case(self._wanted)

    def take_focus(self) -> None:
        """Put the focus on the open form, where it was last, else on the text."""
        if self._editor is not None:
            self._editor.take_focus()
        else:
            self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------------------- actions

    def action_of_letter(self, letter: str) -> Action | None:
        """Return the action that a letter starts, or None."""
        forms = self._desk.rules.actions
        return next((a for a, form in forms.items() if letter and form.letter == letter.upper()), None)

    def next_action(self) -> Action | None:
        """Return the action that settles what is owed next, or None."""
        return next_step.next_action(self._file, self._desk.policy) if self._file else None

    def start(self, action: Action, preset: Mapping[str, object] | None = None) -> None:
        """Open the form of an action, with what was typed into it before; tell why where it is not possible now.

        ``preset`` fills fields that are still empty (a phrase that was said to the customer becomes a promise).
        """
        file = self._file
        if file is None or file.case.number != self._wanted:
            return
        refusal = next_step.refusal(file, action, self._desk.policy, self._desk.rules)
        if refusal:
            self._desk.tell_here("warning", refusal)
            return
        self._desk.go_on()
        if self._editor is not None and self._editor.form.action is not action:
            self.leave_form()
        if self._editor is None:
            self._open_form(file, action)
        if preset and self._editor is not None and not self._editor.fill(preset):
            self._editor.show_note(
                self.tr("这里有没写完的内容，没有换成：{0}").format("；".join(map(str, preset.values())))
            )
        self.take_focus()

    def leave_form(self) -> None:
        """Close the form and keep what was typed, for this case and this action."""
        if self._editor is None:
            return
        key = (self._wanted, self._editor.form.action)
        self._typed[key] = Typed(self._editor.typed(), self._typed[key].request_id)
        self._drop_editor()

    def _open_form(self, file: CaseFile, action: Action) -> None:
        number, now, form = file.case.number, self._desk.clock.now(), self._form(file, action)
        typed = self._typed.setdefault((number, action), Typed({}, str(uuid4())))
        filled = action_fields.filled(form, file, now)
        facts = self._editor_facts(file, action)
        sections = of_amendment(form, self._desk.rules.fields) if action is Action.AMEND else ()
        self._editor = ActionEditor(form, facts, typed.values, filled, self._body, sections=sections)
        if action is Action.AMEND:
            self._editor.begin_at(action_fields.first_lacking(file))
        SensitiveHints(self._desk, self._editor.fields, self._editor).begin()
        self._attachments.watch()  # its text fields would take a dropped file as a text
        self._editor.edited.connect(self._forewarn)
        self._editor.submitted.connect(partial(self._submit, number, action))
        self._editor.left.connect(self._leave_by_hand)
        self._column.insertWidget(self._column.indexOf(self._text), self._editor)
        self._forewarn()
        self._editor.show()  # now, not with the next turn of the loop: a fast key may be waiting
        self._actions.hide()  # one thing at a time, and the case stays in sight below

    def _forewarn(self) -> None:
        """Say in the form what is to be known before it is done as it is filled in so far."""
        editor, file, desk = self._editor, self._file, self._desk
        if editor is not None and file is not None:
            deed = action_fields.deed_so_far(editor.form, editor.values(), file, self._context())
            editor.show_note(next_step.warning(file, deed, desk.policy, desk.rules))

    def _form(self, file: CaseFile, action: Action) -> ActionForm:
        return action_fields.asked(self._desk.rules.actions[action], file, self._desk.policy)

    def _editor_facts(self, file: CaseFile, action: Action) -> EditorFacts:
        shop, policy = self._desk.shop, self._desk.policy
        return EditorFacts(
            self._trade(),
            self._desk.clock,
            open_bools=action is not Action.AMEND,
            names=(*(shop.operators if shop else ()), *dict.fromkeys(policy.authority.offices.values())),
            owed=action_fields.owed_choices(file, self._desk.clock.now()),
            day_end=policy.deadlines.day_end,
        )

    def _leave_by_hand(self) -> None:
        self.leave_form()
        self.take_focus()

    def _drop_editor(self) -> None:
        if self._editor is not None:
            if self._editor.isAncestorOf(self.focusWidget()):
                self._text.setFocus(Qt.FocusReason.OtherFocusReason)  # else Qt would give it to anything
            self._column.removeWidget(self._editor)
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None
            self._actions.show()
            self._show_actions()

    def _submit(self, number: str, action: Action) -> None:
        if self._editor is None:
            return
        key = (number, action)
        values = self._editor.typed() if action is Action.AMEND else self._editor.values()
        typed = self._typed[key] = Typed(values, self._typed[key].request_id)
        seen = self._file.events[-1].id if self._file else None
        self._desk.ask(
            lambda ws: use_cases.act(ws, number, action, typed.values, typed.request_id, seen),
            partial(self._stored, key),
            partial(self._refused, key),
        )

    def _stored(self, key: tuple[str, Action], acted: Acted) -> None:
        typed = self._typed.pop(key, None)
        if self._shows_form_of(key):
            self._drop_editor()
        if self._wanted == key[0]:
            self._show(acted.file)
        desk = self._desk
        desk.tell_here("done", case_story.tell_done(key[1], acted.file, desk.rules, desk.policy, desk.clock.now()))
        offer = self.tr("{0} 的“{1}”还可以撤销").format(key[0], desk.rules.actions[key[1]].label)
        desk.undo_offered.emit(partial(self._undo, key, acted.file.events[-1].id, typed), offer)
        self.acted.emit(acted)

    def _undo(self, key: tuple[str, Action], event_id: int, typed: Typed | None) -> None:
        """Take back what was just done; what was typed for it is in its form again."""
        request_id = str(uuid4())
        self._desk.ask(lambda ws: use_cases.undo(ws, key[0], request_id, event_id), partial(self._undone, key, typed))

    def _undone(self, key: tuple[str, Action], typed: Typed | None, acted: Acted) -> None:
        if typed is not None and typed.values:
            self._typed.setdefault(key, Typed(typed.values, str(uuid4())))
        if self._wanted == key[0]:
            self._show(acted.file)
        words = self._desk.rules.sentences.say("undone", {"number": key[0], "action": key[1]})
        self._desk.tell_here("done", words + (self.tr("；填过的内容还在它的表里") if self._keeps(key) else ""))
        self.acted.emit(acted)

    def _refused(self, key: tuple[str, Action], error: Exception) -> bool:
        """Tell it in the form, if that is still open; what was typed stays in any case."""
        editor = self._editor if self._shows_form_of(key) else None
        sentences = self._desk.rules.sentences
        if isinstance(error, RefusedError):
            if editor is not None:
                editor.show_problems(error.problems, sentences)
            else:
                self._desk.tell_here("refused", f"{key[0]}：{sentences.problem(error.problems[0])}")
            return True
        if editor is not None:
            editor.show_refusal(sentences.error(error) if isinstance(error, KnownError) else "")
        if isinstance(error, KnownError) and error.code == "case_went_on":
            self.reload()  # what has happened is shown; what was typed can be sent again
        return False

    def _shows_form_of(self, key: tuple[str, Action]) -> bool:
        return self._editor is not None and (self._wanted, self._editor.form.action) == key

    # ------------------------------------------------------------------------------------ fetching

    def _fetch(self) -> None:
        number = self._wanted
        self._loading = True
        is_there = self._file is not None and self._file.case.number == number
        look = use_cases.case_file if is_there else use_cases.open_case
        self._desk.ask(lambda ws: look(ws, number), self._fetched, self._not_fetched)

    def _fetched(self, file: CaseFile) -> None:
        self._loading = False
        if file.case.number == self._wanted:
            self._show(file)
        elif self._wanted:
            self._fetch()

    def _not_fetched(self, error: Exception) -> bool:
        self._loading = False
        self.clear()
        if not isinstance(error, KnownError):
            return False
        self._desk.tell_here("refused", self._desk.rules.sentences.error(error))
        return True

    def _show(self, file: CaseFile) -> None:
        """Put a case onto the screen, unless it is there as it is: the one place where what is shown is set."""
        rules, policy, now = self._desk.rules, self._desk.policy, self._desk.clock.now()
        text = case_text(file, rules, policy, self._trade(), now, explains=self._explains)
        if file == self._file and text == self._shown_text:
            return
        self._shown_text = text
        before = self._file if self._file is not None and self._file.case.number == file.case.number else None
        self._file = file
        self._body.show()
        self._head.show_case(file)
        self._spine.set_current(case_story.current_step(file))
        self._show_actions()
        if before is not None:
            self._tell_news(before, file)
        bar = self._text.verticalScrollBar()
        place = bar.value() if before is not None else 0
        self._text.setHtml(text)
        bar.setValue(place)
        self.shown.emit(file)

    def _tell_news(self, before: CaseFile, after: CaseFile) -> None:
        """Tell in an open form what has happened to its case since; what was typed stays."""
        last = after.events[-1]
        if self._editor is None or last.id == before.events[-1].id:
            return
        action, number = self._editor.form.action, after.case.number
        form = self._form(after, action)
        asks = (self._editor.form, self._editor.filled, action_fields.owed_choices(before, last.at))
        if asks != (form, action_fields.filled(form, after, last.at), action_fields.owed_choices(after, last.at)):
            self.leave_form()
            self._open_form(after, action)
            self.take_focus()
        self._forewarn()
        news = KnownError("case_went_on", number=number, by=last.by, action=last.action, at=last.entered_at)
        self._editor.show_refusal(self._desk.rules.sentences.error(news))

    def _another_person(self) -> None:
        """What was told of the person before is no more so; what is half filled in stays, for who completes it."""
        self._show_actions()
        if self._editor is not None:
            self._editor.show_refusal("")
            self._forewarn()

    def _show_actions(self) -> None:
        file, rules, policy = self._file, self._desk.rules, self._desk.policy
        if file is None:
            return
        refusals = {a: why for a in rules.actions if (why := next_step.refusal(file, a, policy, rules))}
        begun = frozenset(action for action in rules.actions if self._keeps((file.case.number, action)))
        offices = next_step.offices(self._context().operator, policy, rules)
        self._actions.show_state(refusals, self.next_action(), begun, offices)

    def _keeps(self, key: tuple[str, Action]) -> bool:
        return key in self._typed and bool(self._typed[key].values)

    def _context(self) -> Context:
        desk = self._desk
        operator = desk.shop.operator if desk.shop else ""
        return Context(desk.rules.fields, self._trade(), operator, desk.clock.now(), desk.clock.local)

    def _trade(self) -> Trade:
        return self._desk.rules.trade_of(self._desk.shop)

    def _lay_out(self) -> None:
        self._actions.chosen.connect(self.start)
        self._text.link_pressed.connect(self.explain)
        self._head.partner_wanted.connect(self.partner_wanted)
        self._column.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(2))
        self._column.setSpacing(theme.space(3))
        for part in (self._head, self._spine, self._actions):
            self._column.addWidget(part)
        self._column.addWidget(self._text, 1)
        self._attachments = CaseAttachments(self._desk, self)
        self.shown.connect(self._attachments.show_case)
        self._attachments.written.connect(self.reload)
        self._column.addWidget(self._attachments)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._body)

"""The 登记 page: the forms begun, the one in front, what to tell the customer, and what is on file when it is saved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desk_app import services
from desk_app.domain.problems import RefusedError
from desk_app.domain.vocabulary import Route
from ui.forms.editors import EditorFacts
from ui.forms.field_form import FieldForm, FormScroll
from ui.views.register_bar import RegisterBar
from ui.views.register_drafts import DraftKeeper
from ui.views.register_hint import CategoryHint
from ui.views.register_layout import sections
from ui.views.register_promise import entered_late, promised
from ui.views.register_read_back import ReadBack
from ui.views.register_room import FormRoom
from ui.views.register_saved import SavedPanel
from ui.views.register_sensitive import SensitiveHints
from ui.views.register_side import SidePane
from ui.views.register_tabs import KEYS, Discarded, DraftTabs, Tab, called, new_tab

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.services.results import Registered, Shop
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.views.register_attachments import FormAttachments
    from ui.views.register_customer import CustomerWatch

_T = TypeVar("_T")

_START: Mapping[str, object] = {"kind": "complaint"}
"""What a new form stands at beside the defaults of the fields: nearly everybody who comes to the desk complains."""
_MOMENT = "%Y-%m-%d %H:%M"


class RegisterPage(QWidget):
    """One form at a time; Ctrl+S saves it, Ctrl+N begins the next one and keeps the present one as a tab.

    ``go_to_queue`` asks the window for the follow-up page, ``case_wanted`` for a case there, ``wanted`` for this one.
    """

    go_to_queue = Signal()
    case_wanted = Signal(str)
    wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Make the form, ready for its first key; nothing is asked of the register yet."""
        super().__init__(parent)
        self._desk = desk
        facts = EditorFacts(desk.rules.trade_of(desk.shop), desk.clock)
        self.form = FieldForm(sections(desk.rules.fields), facts)
        self._hint = CategoryHint(desk, self.form, self)
        self._rare = self.form.folded - {"external_body"}
        self._side = SidePane()
        self._bar = RegisterBar()
        self._tabs = DraftTabs()
        self._discarded = Discarded()
        self._saved = SavedPanel(desk)
        self._keeper = DraftKeeper(desk, self._kept_values, self._tabs, self)
        self._scroll = FormScroll()
        self._hints = SensitiveHints(desk, self.form, self)
        self._room = FormRoom(desk, self.form, self._scroll, self._side)
        self._read_back = ReadBack(desk, self.form, self._room, self)
        self._front = QStackedWidget()
        self._request_id = ""
        self._kind_shown = str(_START["kind"])  # as the form is made: the first paint waits for no other
        self._is_saving = self._is_refused = False
        self._left_at: QWidget | None = None
        self._customer: CustomerWatch | None = None
        self._attached: FormAttachments | None = None  # made when the register is open: no first key waits for it
        self._lay_out()
        self._wire()
        self._begin(new_tab())

    def activated(self) -> None:
        """Come to the front: the next key goes where the last one went."""
        if self._front.currentWidget() is self._saved:
            self._saved.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._room.take_focus()

    def load_drafts(self) -> None:
        """Offer what is half typed (at the start, and when another window has changed it)."""
        self._keeper.load()

    def prepare(self) -> None:
        """Begin to look for the customer whom the form names; nobody waits for it."""
        from ui.views.register_adding import FormCustomer  # noqa: PLC0415 -- no first key waits for it

        if self._customer is None:
            self._customer = FormCustomer(self._desk, self, self._room).watch
            self._customer.changed.connect(self._edited)
            self._customer.begin()

    @property
    def is_begun(self) -> bool:
        """Whether something is typed into the form in front, which nobody ought to take from under the keys."""
        return self._front.currentWidget() is self._work and bool(self._kept_values())

    def keep_now(self) -> None:
        """Queue the open form as a draft at once (the window is closing, or something went wrong)."""
        self._keeper.keep_now()

    # ---------------------------------------------------------------------------------------- save

    def save(self) -> None:
        """Put the form on file; what is wrong comes back under its field."""
        self.send(lambda ws, *form: services.intake.register(ws, *form), self._on_saved)  # noqa: PLW0108 -- loaded there

    def send(self, use_case: Callable[[Workspace, Mapping[str, object], str], _T], done: Callable[[_T], None]) -> None:
        """Hand what is typed to a use case that ends this form."""
        if self._is_closed:
            return
        self._room.show_form()
        self._read_back.close()
        self._set_saving(saving=True)
        self._keeper.hold()
        if self._attached is None:
            self._ask_for(use_case, done, all_is_here=True)
        else:
            self._attached.when_all_are_here(lambda here: self._ask_for(use_case, done, all_is_here=here))

    def _ask_for(
        self,
        use_case: Callable[[Workspace, Mapping[str, object], str], _T],
        done: Callable[[_T], None],
        *,
        all_is_here: bool,
    ) -> None:
        """Ask it, unless an attachment was refused meanwhile, which its notice tells."""
        if not all_is_here:
            self._set_saving(saving=False)
            self._keeper.go_on()
            return
        values, request_id = self._values(), self._request_id
        self._desk.ask(lambda ws: use_case(ws, values, request_id), done, self._on_refused)

    def _on_saved(self, registered: Registered) -> None:
        self._set_saving(saving=False)
        self._keeper.forget()
        self._desk.notice.emit("done", "")
        self._saved.show_case(registered)
        self._front.setCurrentWidget(self._saved)
        self._saved.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tabs.drop()
        self._begin(new_tab())

    def _on_refused(self, error: Exception) -> bool:
        """Let the form be corrected; return whether everything that is wrong has been told."""
        self._set_saving(saving=False)
        self._keeper.go_on()
        if not isinstance(error, RefusedError):
            return self._desk.want_recovery()
        say, fields = self._desk.rules.sentences, self._desk.rules.fields
        told = {problem.field: say.problem(problem) for problem in reversed(error.problems)}  # the first of each
        shown = self.form.show_problems(told)
        self._is_refused = shown > 0
        elsewhere = [say.problem_at(p, fields) for p in error.problems if p.field not in self.form.rows]
        here = self.tr("还不能保存：有 {0} 处要改，请看红字。").format(shown) if shown else self.tr("还不能保存。")
        self._desk.notice.emit("refused", " ".join([here, *elsewhere]))
        self._scroll.show_focus()
        return True

    def as_tab(self) -> tuple[Tab, int]:
        """Return the form as it could be begun again, and its place among the tabs."""
        return Tab(new_tab().id, self._kept_values(), self._at()), self._tabs.place

    def put_away(self) -> None:
        """Go on to the next form: a use case has taken what this one says."""
        self._set_saving(saving=False)
        self._keeper.forget()
        self._begin(self._tabs.drop() or new_tab())

    def bring_back(self, gone: Tab, place: int) -> None:
        """Go on with a form that was put away."""
        self._discarded.put(gone, place)
        self._have_back(gone)

    def _set_saving(self, *, saving: bool) -> None:
        """Take no key while a save is under way: it would be in neither the case nor the next form."""
        self._is_saving = saving
        self._bar.set_busy(busy=saving)
        if saving:
            self._left_at = self.form.focusWidget()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.form.setEnabled(not saving)
        if not saving and self._left_at is not None:
            self._left_at.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---------------------------------------------------------------------------- one form, the next

    def begin_next(self) -> None:
        """Begin an empty form; what was typed stays as a tab."""
        self._turn_to(new_tab())

    def open_draft(self, draft_id: str) -> None:
        """Go on with a form that was begun before; the present one stays as a tab."""
        tab = self._tabs.form_of(draft_id)
        if tab is not None and draft_id != self._request_id:
            self._turn_to(tab)

    def _open_at(self, place: int) -> None:
        if tab := self._tabs.at(place):
            self.open_draft(tab.id)

    def discard(self) -> None:
        """Put the present form away for good, but for a minute's 撤销 and F3, which have it back."""
        values, place = self._kept_values(), self._tabs.place
        if self._is_closed or not (values or self._tabs.others):
            return
        gone = Tab(self._request_id, values, self._at())
        self._keeper.discard()
        self._begin(self._tabs.drop() or new_tab())
        self._show_form()
        if values:
            self._discarded.put(gone, place)
            words = self.tr("已丢弃“{0}”；过后按 F3 也能找回").format(called(values))
            self._desk.tell_undoable(words, lambda: self._have_back(gone))

    def _have_back(self, gone: Tab | None = None) -> None:
        """Go on with what was discarded (the last, or this), where it stood; what is there by now stays as a tab."""
        found = None if self._is_saving else self._discarded.take(gone)
        if found is not None:
            self._turn_to(*found)
            self._keeper.touch()
            self._keeper.keep_now()
        elif gone is None and not self._is_saving:
            self._desk.notice.emit("nothing", self.tr("没有刚丢弃的登记"))

    def _turn_to(self, tab: Tab, place: int | None = None) -> None:
        if self._is_saving:
            return
        self._keeper.keep_now()
        self._tabs.put_aside(self._kept_values(), self._at())
        self._desk.notice.emit("done", "")
        self._begin(tab, place)
        self._show_form()

    def _show_form(self) -> None:
        self._room.show_form()
        self._front.setCurrentWidget(self._work)
        tab = self._tabs.form_of(self._request_id)
        if tab is None or tab.at not in self.form.rows:
            self.form.focus_first()
        else:
            self.form.go_on_at(tab.at)

    def _begin(self, tab: Tab, place: int | None = None) -> None:
        defaults = {f.key: f.default for f in self._desk.rules.fields if f.default and f.default != "now"}
        self._request_id = tab.id
        self._blank = {**defaults, **_START}
        self._is_refused = False
        self._tabs.turn_to(tab, place)
        self._keeper.begin(tab.id)
        self.form.set_values({**self._blank, **tab.values})
        self._hint.begin()
        self._read_back.begin()
        self._hints.begin()
        if self._attached is not None:
            self._attached.begin(tab.id, tab.values)
        self.form.fold(self._rare)
        self._bar.show_folded(folded=True)
        self._scroll.verticalScrollBar().setValue(0)
        self._show_state()
        if self._customer is not None:
            self._customer.begin()

    def _at(self) -> str:
        """Return the key of the field where the keys go, or went last; empty where they never went to any."""
        row = self.form.row_of(self.form.focusWidget())
        return row.key if row is not None else ""

    def _kept_values(self) -> Mapping[str, object]:
        """Return what is worth keeping: nothing, where only what a new form stands at is there."""
        values = self._values()
        said = {k: v for k, v in values.items() if k != "received_at" and v != self._blank.get(k)}
        return values if said else {}

    def _values(self) -> dict[str, object]:
        return {**self.form.values(), **(self._attached.values() if self._attached is not None else {})}

    # ------------------------------------------------------------------------------- what is shown

    def _edited(self, key: str) -> None:
        if key != "received_at" and self.form.rows["received_at"].value() is None:
            now = self._desk.clock.now()
            self.form.rows["received_at"].set_value(now.strftime(_MOMENT))
        self._keeper.touch()
        if self._customer is not None:
            self._customer.edited(key)
        if self._is_refused and not any(row.problem for row in self.form.rows.values()):
            self._is_refused = False
            self._desk.notice.emit("done", "")
        self._read_back.edited(key)
        self._show_state()

    def _show_state(self) -> None:
        """Show what follows from what is typed so far: the one place for it."""
        values = self.form.values()
        kind = str(values.get("kind", ""))
        if kind != self._kind_shown:
            self._kind_shown = kind
            self.form.show_kind(kind)
        if values.get("route") == Route.EXTERNAL:
            self.form.reveal(frozenset({"external_body"}) & self.form.folded)
        else:
            self.form.fold(frozenset({"external_body"}))
        self._tabs.show_values(values)
        now = self._desk.clock.now()
        self._bar.show_times(promised(self._desk, values), entered_late(self._desk, values), now)
        self._side.show_asked(values)
        self._hint.show_for(values)
        self._room.show_category(str(values.get("category", "")))
        self._read_back.refresh()

    def _shop_changed(self, shop: Shop) -> None:
        if self._attached is None:
            self._add_attachments()
        self.form.set_trade(self._desk.rules.trade_of(shop))
        self._show_state()  # the rules may promise another time

    @property
    def _is_closed(self) -> bool:
        """Whether no form can be worked on: it is being saved, or was just now."""
        return self._is_saving or self._front.currentWidget() is self._saved

    def _read_it_back(self) -> None:
        if not self._is_closed:
            self._read_back.turn()

    def _add_attachments(self) -> None:
        from ui.views.register_attachments import FormAttachments  # noqa: PLC0415 -- the start need not wait for it

        self._attached = FormAttachments(self._desk, self._work, self.open_draft)  # the page of a saved case has none
        self._attached.begin(self._request_id, {})
        self._attached.changed.connect(lambda: self._edited("attachments"))
        self._bar.add(self._attached.add)
        self.form.add_part(self._attached.title, self._attached)
        self._attached.watch()

    def _unfold(self) -> None:
        self._bar.show_folded(folded=self.form.turn(self._rare))

    # -------------------------------------------------------------------------------------- layout

    def _lay_out(self) -> None:
        self._work = QWidget()
        whole = QVBoxLayout(self._work)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._read_back.band)
        whole.addWidget(self._room, 1)
        whole.addWidget(self._bar)
        self._front.addWidget(self._work)
        self._front.addWidget(self._saved)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self._tabs)
        page.addWidget(self._front, 1)

    def _wire(self) -> None:
        self.form.edited.connect(self._edited)
        self._bar.save.clicked.connect(self.save)
        self._bar.next.clicked.connect(self.begin_next)
        self._bar.more.clicked.connect(self._unfold)
        self._bar.read_back.clicked.connect(self._read_it_back)
        self._read_back.agreed.connect(lambda: self._edited("read_back"))
        self._saved.next_wanted.connect(self._show_form)
        self._saved.queue_wanted.connect(self.go_to_queue)
        self._tabs.chosen.connect(self.open_draft)
        self._tabs.discard_wanted.connect(self.discard)
        self._desk.shop_changed.connect(self._shop_changed)
        for keys, slot in (
            ("Ctrl+S", self.save),
            ("Ctrl+N", self.begin_next),
            ("Ctrl+W", self.discard),
            ("Ctrl+Tab", lambda: self.open_draft(self._tabs.beside(1).id)),
            ("Ctrl+Shift+Tab", lambda: self.open_draft(self._tabs.beside(-1).id)),
            *((f"Alt+{n}", partial(self._open_at, n - 1)) for n in range(1, KEYS + 1)),
            ("Ctrl+Down", partial(self.form.step_section, 1)),
            ("Ctrl+Up", partial(self.form.step_section, -1)),
            ("F2", self._read_it_back),
            ("F3", self._have_back),
            ("F9", self._unfold),
            ("F7", self._room.guide_key),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

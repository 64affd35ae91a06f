"""The 登记 page: the form, what to tell the customer, the drafts, and what is on file when it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUuid, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desk_app import services
from desk_app.domain.problems import RefusedError
from desk_app.domain.vocabulary import Route
from desk_app.services.rules import DEFAULT_TRADE
from ui import theme
from ui.forms.editors import EditorFacts
from ui.forms.field_form import FieldForm, FormScroll
from ui.views.register_bar import RegisterBar
from ui.views.register_drafts import DraftKeeper
from ui.views.register_layout import sections
from ui.views.register_promise import promised
from ui.views.register_saved import SavedPanel
from ui.views.register_side import SidePane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QResizeEvent

    from desk_app.services.results import Draft, Registered, Shop
    from ui.desk import Desk
    from ui.views.case_guide import GuidePane

_START: Mapping[str, object] = {"kind": "complaint"}
"""What a new form stands at beside the defaults of the fields: nearly everybody who comes to the desk complains."""
_MOMENT = "%Y-%m-%d %H:%M"
_WIDE_IN_CHARACTERS = 115  # from here on the form and what stands beside it both fit


class RegisterPage(QWidget):
    """One form at a time; Ctrl+S saves it, Ctrl+N begins the next one and keeps the present one as a draft.

    ``go_to_queue`` asks the window for the follow-up page.
    """

    go_to_queue = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Make the form, ready for its first key; nothing is asked of the register yet."""
        super().__init__(parent)
        self._desk = desk
        facts = EditorFacts(desk.rules.trade(desk.shop.trade if desk.shop else DEFAULT_TRADE), desk.clock)
        self.form = FieldForm(sections(desk.rules.fields), facts)
        self._rare = self.form.folded - {"external_body"}
        self._side = SidePane(desk)
        self._bar = RegisterBar()
        self._saved = SavedPanel(desk)
        self._keeper = DraftKeeper(desk, self._kept_values, self)
        self._scroll = FormScroll()
        self._front = QStackedWidget()
        self._request_id = ""
        self._kind_shown = str(_START["kind"])  # as the form is made: the first paint waits for no other
        self._is_saving = False
        self._is_refused = False
        self._left_at: QWidget | None = None
        self._drafts_in_front = False
        self._guide: GuidePane | None = None
        self._guide_is_open = False
        self._lay_out()
        self._wire()
        self._begin(_new_request_id(), {})

    def activated(self) -> None:
        """Come to the front: the next key goes where the last one went."""
        if self._front.currentWidget() is self._saved:
            self._saved.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._guide is not None and self._guide_is_open and self._scroll.isHidden():
            self._guide.take_focus()
        elif self._drafts_in_front and self._side.drafts.take_focus():
            return
        elif self.form.focusWidget() is None:
            self.form.focus_first()
        else:
            self.form.focusWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def load_drafts(self) -> None:
        """Offer what is half typed (at the start, and when another window has changed it)."""
        self._desk.ask(services.intake.drafts, self._show_drafts)

    def keep_now(self) -> None:
        """Queue the open form as a draft at once (the window is closing, or something went wrong)."""
        self._keeper.keep_now()

    # ---------------------------------------------------------------------------------------- save

    def save(self) -> None:
        """Put the form on file; what is wrong comes back under its field."""
        if self._is_saving or self._front.currentWidget() is self._saved:
            return
        self._uncover()
        self._set_saving(saving=True)
        values, request_id = self.form.values(), self._request_id
        self._keeper.hold()
        self._desk.ask(lambda ws: services.intake.register(ws, values, request_id), self._on_saved, self._on_refused)

    def _on_saved(self, registered: Registered) -> None:
        self._set_saving(saving=False)
        self._keeper.forget()
        self._desk.notice.emit("done", "")
        self._saved.show_case(registered)
        self._front.setCurrentWidget(self._saved)
        self._saved.setFocus(Qt.FocusReason.OtherFocusReason)
        self._begin(_new_request_id(), {})
        self.load_drafts()

    def _on_refused(self, error: Exception) -> bool:
        """Let the form be corrected; return whether everything that is wrong has been told."""
        self._set_saving(saving=False)
        self._keeper.go_on()
        if not isinstance(error, RefusedError):
            return False
        say, fields = self._desk.rules.sentences, self._desk.rules.fields
        told: dict[str, str] = {}
        for problem in error.problems:
            told.setdefault(problem.field, say.problem(problem))
        shown = self.form.show_problems(told)
        self._is_refused = shown > 0
        elsewhere = [say.problem_at(p, fields) for p in error.problems if p.field not in self.form.rows]
        here = self.tr("还不能保存：有 {0} 处要改，请看红字。").format(shown) if shown else self.tr("还不能保存。")
        self._desk.notice.emit("refused", " ".join([here, *elsewhere]))
        self._scroll.show_focus()
        return True

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
        """Begin an empty form; what was typed stays as a draft."""
        if self._is_saving:
            return
        self._turn_to(_new_request_id(), {})

    def open_draft(self, draft: Draft) -> None:
        """Go on with a half-typed form; the present one stays as a draft."""
        if self._is_saving:
            return
        self._turn_to(draft.id, draft.values)

    def _turn_to(self, request_id: str, values: Mapping[str, object]) -> None:
        self._keeper.keep_now()
        self._desk.notice.emit("done", "")
        self._begin(request_id, values)
        self.load_drafts()
        self._show_form()

    def _show_form(self) -> None:
        self._drafts_in_front = False
        self._uncover()
        self._arrange()
        self._front.setCurrentWidget(self._work)
        self.form.focus_first()

    def _begin(self, request_id: str, values: Mapping[str, object]) -> None:
        defaults = {f.key: f.default for f in self._desk.rules.fields if f.default and f.default != "now"}
        self._request_id = request_id
        self._blank = {**defaults, **_START}
        self._keeper.begin(request_id)
        self.form.set_values({**self._blank, **values})
        self.form.fold(self._rare)
        self._bar.show_folded(folded=True)
        self._scroll.verticalScrollBar().setValue(0)
        self._show_state()

    def _kept_values(self) -> Mapping[str, object]:
        """Return what is worth keeping: nothing, where only what a new form stands at is there."""
        values = self.form.values()
        said = {k: v for k, v in values.items() if k != "received_at" and v != self._blank.get(k)}
        return values if said else {}

    # ------------------------------------------------------------------------------- what is shown

    def _edited(self, key: str) -> None:
        if key != "received_at" and self.form.rows["received_at"].value() is None:
            now = self._desk.clock.now()
            self.form.rows["received_at"].set_value(now.strftime(_MOMENT))
        self._keeper.touch()
        if self._is_refused and not any(row.problem for row in self.form.rows.values()):
            self._is_refused = False
            self._desk.notice.emit("done", "")
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
        self._bar.show_promise(promised(self._desk, values), self._desk.clock.now())
        self._side.show_asked(values)

    def _show_drafts(self, drafts: tuple[Draft, ...]) -> None:
        self._side.drafts.show_drafts([d for d in drafts if d.id != self._request_id])
        self._arrange()

    def _shop_changed(self, shop: Shop) -> None:
        self.form.set_trade(self._desk.rules.trade(shop.trade))
        self._show_state()  # the rules may promise another time

    def _unfold(self) -> None:
        hidden = self.form.folded & self._rare
        if hidden:
            self.form.reveal(hidden)
        else:
            self.form.fold(self._rare)
        self._bar.show_folded(folded=not hidden)

    def _guide_key(self) -> None:
        """Open the guide, or go to it; from within, close it."""
        if self._guide is None:
            self._guide = self._make_guide()
        if self._guide_is_open and self._guide.isAncestorOf(self.focusWidget()):
            self._leave_guide()
            return
        self._guide_is_open = True
        self._arrange()
        self._guide.activated()

    def _uncover(self) -> None:
        """Close the guide or the list of drafts where it has the place of the form."""
        if self._scroll.isHidden():
            self._leave_guide()

    def _leave_guide(self) -> None:
        self._guide_is_open = False
        self._back_to_form()

    def _make_guide(self) -> GuidePane:
        from desk_app.domain.guide import Stage  # noqa: PLC0415 -- the start need not wait for either
        from ui.views.case_guide import GuidePane  # noqa: PLC0415

        made = GuidePane(self._desk, can_promise=False)
        made.show_stage(Stage.RECEIVE)
        made.left.connect(self._leave_guide)
        self._upper.addWidget(made, 2)
        return made

    def _go_to_drafts(self) -> None:
        self._guide_is_open = False
        self._drafts_in_front = self._side.drafts.take_focus()
        if not self._drafts_in_front:
            self._desk.notice.emit("done", self.tr("没有没写完的登记"))
        self._arrange()

    def _back_to_form(self) -> None:
        self._drafts_in_front = False
        self._scroll.show()
        self.activated()  # before what has the focus is hidden: Qt would pass it on to any field
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the form the room of the side pane where both do not fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= _WIDE_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth()
        shown = (wide or self._drafts_in_front) and not self._guide_is_open
        self._side.setVisible(shown)
        self._side.spread(alone=shown and not wide)
        if self._guide is not None:
            self._guide.setVisible(self._guide_is_open)
        self._scroll.setVisible(wide or not (shown or self._guide_is_open))
        self._bar.show_drafts(0 if shown else self._side.drafts.count)

    # -------------------------------------------------------------------------------------- layout

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.space(5), theme.space(3), theme.space(5), theme.space(3))
        column.addWidget(self.form)
        column.addStretch()
        self._scroll.setWidget(inner)
        self._work = QWidget()
        self._upper = QHBoxLayout()
        self._upper.setSpacing(0)
        self._upper.addWidget(self._scroll, 3)
        self._upper.addWidget(self._side)
        whole = QVBoxLayout(self._work)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._upper, 1)
        whole.addWidget(self._bar)
        self._front.addWidget(self._work)
        self._front.addWidget(self._saved)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._front)

    def _wire(self) -> None:
        self.form.edited.connect(self._edited)
        self._bar.save.clicked.connect(self.save)
        self._bar.next.clicked.connect(self.begin_next)
        self._bar.more.clicked.connect(self._unfold)
        self._bar.drafts.clicked.connect(self._go_to_drafts)
        self._saved.next_wanted.connect(self._show_form)
        self._saved.queue_wanted.connect(self.go_to_queue)
        self._keeper.caught_up.connect(self.load_drafts)
        self._side.drafts.opened.connect(self.open_draft)
        self._side.drafts.left.connect(self._back_to_form)
        self._desk.shop_changed.connect(self._shop_changed)
        for keys, slot in (
            ("Ctrl+S", self.save),
            ("Ctrl+N", self.begin_next),
            ("F2", self._unfold),
            ("F3", self._go_to_drafts),
            ("F7", self._guide_key),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)


def _new_request_id() -> str:
    """Return an id for one save (Qt's: Python's uuid would cost the start more than the whole form's fields)."""
    return QUuid.createUuid().toString(QUuid.StringFormat.WithoutBraces)

"""The customer on the form: found while typing, taken over, and told of beside it.

The window asks on the storage thread after each key and shows the latest answer only; no key waits for one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from desk_app import services
from desk_app.domain.customer import ITEMS_OF_A_PERSON
from desk_app.domain.search_words import begins_initials, fold
from desk_app.domain.text import phone_key
from ui.forms.item_editor import ItemEditor
from ui.latest import Latest
from ui.models import customer_words
from ui.views.register_matches import MatchList
from ui.views.register_who import WhoLine, WhoPane, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.services.customers import Known, Match
    from desk_app.services.results import Changes
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.forms.field_form import FieldForm

_PAUSE_MS = 400  # in the content, before the same matter is looked for
_LOOKED_UP = frozenset({"customer_name", "customer_phone", "item"})
_WHO_BY = ("customer_name", "customer_phone", "anonymous")
_ALIKE_BY = ("content", "category")
_TAKEN = ("customer_name", "customer_phone", "customer_address", "item")
_CONVERSATION = (
    *("occurred_at", "place", "content", "category", "customer_name", "parties"),
    *("customer_phone", "customer_address", "demand"),
)
"""What is asked, in its order; what is typed elsewhere is chosen, or rare."""


class CustomerWatch(QObject):
    """Knows who the form is about. Made when the window has its first keys behind it.

    ``case_wanted`` carries the number of a case to be opened, ``add_wanted`` that of one that takes what the form says;
    ``changed`` the key of a field that was filled here; ``moved`` says that the form may have less room. ``known`` is
    what is told at present, by ``pane`` (beside the form) or ``line`` (over it), whichever has room.
    """

    case_wanted = Signal(str)
    add_wanted = Signal(str)
    changed = Signal(str)
    moved = Signal()

    def __init__(self, desk: Desk, form: FieldForm, parent: QObject) -> None:
        """Show nothing before :meth:`begin`."""
        super().__init__(parent)
        self._desk, self._form = desk, form
        self.pane, self.line = WhoPane(), WhoLine()
        for place in (self.pane, self.line):
            place.menu_wanted.connect(self.open_menu)
            place.add_wanted.connect(self.add)
        self.known: Known | None = None
        self._asked: tuple[object, ...] = ()
        self._is_beside = True
        self._edition = 0  # of the form: what was taken over into another one is not taken back in this
        self._field: QLineEdit | None = None
        self._key = ""
        self._matches: tuple[Match, ...] = ()
        self._takes_first = self._is_offered = self._watches_undo = False
        self._list = MatchList(cast("QWidget", form.parentWidget()))  # what is scrolled
        self._list.chosen.connect(self._take)
        self._look_up, self._look = Latest(desk), Latest(desk)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask_known)
        desk.changed.connect(self._refresh)
        desk.shop_changed.connect(self._ask_again)  # within how many days it is the same matter
        desk.undo_offered.connect(self._offered)

    # -------------------------------------------------------------------------------- what is asked

    def begin(self) -> None:
        """Turn to another form: what was told of the last one is over."""
        self._edition += 1
        self._close_list()
        self._show_known(None)
        self._ask_known()

    def edited(self, key: str) -> None:
        """Take note of a key in a field."""
        self._is_offered = False
        if key in _LOOKED_UP:
            self._ask_matches(key)
        if key in _WHO_BY:
            self._ask_known()
        elif key in _ALIKE_BY:
            self._pause.start()

    def _ask_matches(self, key: str) -> None:
        here = QApplication.focusWidget()
        self._takes_first = False
        if not isinstance(here, QLineEdit) or self._form.row_of(here) is not self._form.rows[key]:
            return
        typed = here.text()
        if self._form.rows["anonymous"].value() or not typed.strip():
            self._close_list()
            return
        self._follow(here, key)
        self._look_up.ask(lambda ws, _is_wanted: _look_up(ws, key, typed), self._show_matches)

    def _ask_known(self) -> None:
        """Ask who it is and what is like the form, unless that is known already."""
        self._pause.stop()
        values = self._form.values()
        asked = tuple(values.get(key) for key in (*_WHO_BY, *_ALIKE_BY))
        if asked == self._asked:
            return
        self._asked = asked
        if values.get("anonymous") or not (values.get("customer_phone") or values.get("customer_name")):
            self._look.forget()
            self._show_known(None)
        else:
            self._look.ask(lambda ws, _is_wanted: _known(ws, values), self._show_known)

    def _refresh(self, changes: Changes) -> None:
        """Ask again: somebody decided about a customer, or wrote to a case."""
        if changes.customers or changes.cases or changes.everything:
            self._ask_again()

    def _ask_again(self) -> None:
        self._asked = ()
        self._ask_known()

    # ------------------------------------------------------------------------- the list under a field

    def _show_matches(self, matches: tuple[Match, ...]) -> None:
        if self._field is None:
            return
        here = self._typed()
        self._matches = tuple(m for m in matches if m.is_concealed or self._merged(m, here)[0] != here)
        now = self._desk.clock.now()
        self._list.show_under(self._field, [customer_words.match_line(match, now) for match in self._matches])
        if self._takes_first and self._matches:
            self._take(0)

    def _follow(self, field: QLineEdit, key: str) -> None:
        if field is not self._field:
            self._close_list()
            self._field, self._key = field, key
            field.installEventFilter(self)

    def _close_list(self) -> None:
        self._look_up.forget()
        self._list.hide()
        self._matches, self._takes_first = (), False
        if self._field is not None and not self._watches_undo:
            self._field.removeEventFilter(self)
        self._field = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of the list from the field below which it stands, and Ctrl+Z where it is the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and cast("QKeyEvent", event).matches(
            QKeySequence.StandardKey.Undo
        ):
            event.ignore()
            return self._is_offered or not _can_undo(watched)
        if watched is not self._field:
            return False
        if event.type() == QEvent.Type.FocusOut:
            self._close_list()
        elif event.type() == QEvent.Type.KeyPress and self._list.isVisible():
            key = cast("QKeyEvent", event).key()
            if key == Qt.Key.Key_Escape:
                self._close_list()
                return True
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
            if step is not None:
                self._list.move_mark(step)
                return True
        return False

    # -------------------------------------------------------------------------------- taking over

    def take_over(self) -> None:
        """Take the marked customer over; where none is offered, go where one is found by four digits."""
        if not self._form.isVisible():
            return  # a case was just saved
        if self._list.isVisible():
            self._take(self._list.marked)
        elif self._look_up.is_waiting:
            self._takes_first = True  # the answer to the last key is on its way
        elif self._form.row_of(self._form.focusWidget()) is self._form.rows["customer_phone"]:
            self._desk.notice.emit("nothing", self.tr("没有找到这样的老客户；电话的任意四位、姓名或拼音首字母都可以找"))
        else:
            self._form.go_on_at("customer_phone")

    def _take(self, place: int) -> None:
        match, field, key = self._matches[place], self._field, self._key
        if match.is_concealed:
            self._close_list()
            self._desk.notice.emit("nothing", self.tr("这位客户的信息对您是遮住的，不能带入：请再问一次，写在这里"))
            return
        before = self._typed()
        after, kept = self._merged(match, before)
        self._close_list()
        for each in _TAKEN:
            if after[each] != before[each]:
                self._form.rows[each].set_value(after[each])
        self._told_of_filling()
        words = self.tr("已带入 {0}").format(match.name or match.phone)
        if kept:
            words += self.tr("；{0}与上次不同，没有改").format(
                "、".join(self._desk.rules.fields[k].label for k in kept)
            )
        self._desk.tell_undoable(words, partial(self._take_back, before, self._edition))
        self._go_on(key if field is not None else "")

    def _typed(self) -> dict[str, object]:
        return {key: self._form.rows[key].value() for key in _TAKEN}

    def _merged(self, match: Match, before: Mapping[str, object]) -> tuple[dict[str, object], list[str]]:
        """Return the fields with what the customer is known by, and which of them say something else and keep it."""
        given = {"customer_name": match.name, "customer_phone": match.phone, "customer_address": match.address}
        after, kept = dict(before), []
        for key, text in given.items():
            typed = str(before[key] or "")
            if text and (not typed or key == self._key or self._is_begun(key, typed, text)):
                after[key] = text
            elif text and typed != text:
                kept.append(key)
        item = dict(cast("Mapping[str, str] | None", before["item"]) or {})
        editor = self._form.rows["item"].editor
        shown = editor.lines if isinstance(editor, ItemEditor) else {}
        for key, text in match.item.items():
            is_field = self._key == "item" and shown.get(key) is self._field
            if is_field or (key in ITEMS_OF_A_PERSON and key in shown and not item.get(key)):
                item[key] = text
        return {**after, "item": item or None}, kept

    def _is_begun(self, key: str, typed: str, whole: str) -> bool:
        """Whether what is typed is a part of the whole, or a name's initials: it is completed, not overwritten."""
        if key == "customer_phone":
            return phone_key(typed) in phone_key(whole)
        part = fold(typed)
        is_name = key == "customer_name"
        return part in fold(whole) or (is_name and begins_initials(part, whole, self._desk.rules.initials))

    def _take_back(self, before: Mapping[str, object], edition: int) -> None:
        if edition != self._edition:
            self._desk.notice.emit("nothing", self.tr("那份登记已经不在这里了，没有撤销"))
            return
        for key, value in before.items():
            self._form.rows[key].set_value(value)
        self._told_of_filling()
        self._desk.notice.emit("done", self.tr("已撤销带入"))

    def _told_of_filling(self) -> None:
        for key in _TAKEN:
            self._form.rows[key].show_problem("")
        self.changed.emit("customer_name")
        self._ask_known()

    def _go_on(self, key: str) -> None:
        """Go to what is to be asked next: where nothing has been told yet, from the beginning."""
        begun = self._form.rows["content"].value() is not None and key in _CONVERSATION
        rest = _CONVERSATION[_CONVERSATION.index(key) + 1 :] if begun else _CONVERSATION
        empty = (k for k in rest if self._form.rows[k].value() is None and k not in self._form.folded)
        self._form.go_on_at(next(empty, rest[-1] if rest else "demand"))

    def _offered(self) -> None:
        """Let Ctrl+Z take back what was just told of, until the next key is typed: Qt's editors would keep it."""
        self._is_offered = self._watches_undo = True
        for field in self._form.findChildren(QWidget):
            if isinstance(field, (QLineEdit, QPlainTextEdit)):
                field.installEventFilter(self)

    # --------------------------------------------------------------------------------- who it is

    def _show_known(self, known: Known | None) -> None:
        self.known = known
        who = told(known, self._desk.rules, self._desk.clock.now()) if known is not None else None
        for place in (self.pane, self.line):
            if who is not None:
                place.tell(who)
        self._place(is_told=who is not None)

    def put_beside(self, *, beside: bool) -> None:
        """Tell beside the form, or on the line over it."""
        self._is_beside = beside
        self._place(is_told=self.known is not None and self.known.customer is not None)

    def _place(self, *, is_told: bool) -> None:
        self.pane.setVisible(is_told)
        self.line.setVisible(is_told and not self._is_beside)
        if not self._is_beside:
            QTimer.singleShot(0, self, self.moved.emit)  # when it is laid out

    def add(self) -> None:
        """Let what the form says go to the case that is perhaps the same matter."""
        if self.known is not None and self.known.alike:
            self.add_wanted.emit(self.known.alike[0].file.case.number)
        else:
            self._desk.notice.emit("nothing", self.tr("这位客户没有看上去相同的一件"))

    def open_menu(self) -> None:
        """Show the customer's cases and what can be decided about them."""
        from ui.views.customer_menu import CustomerMenu  # noqa: PLC0415 -- when it is first wanted

        if self.known is None or self.known.customer is None:
            self._desk.notice.emit("nothing", self.tr("还不知道是哪位老客户：写下电话或全名，这里就列出历次投诉"))
            return
        menu = CustomerMenu(self._desk, self.known.customer, self._form)
        menu.case_wanted.connect(self.case_wanted)
        over = self.pane if self._is_beside else self.line
        menu.popup(over.mapToGlobal(QPoint(0, 0)))


def _look_up(ws: Workspace, field: str, typed: str) -> tuple[Match, ...]:
    return services.customers.look_up(ws, field, typed)


def _known(ws: Workspace, values: Mapping[str, object]) -> Known:
    return services.customers.known(ws, values)


def _can_undo(field: QObject) -> bool:
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable()
    return isinstance(field, QPlainTextEdit) and field.document().isUndoAvailable()

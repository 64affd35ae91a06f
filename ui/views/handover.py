"""The 交班 page: what is owed, with a note on each; who takes over; the regular duties (domain.md part 12)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app import services
from desk_app.domain.fields import Choice
from desk_app.domain.problems import RefusedError
from desk_app.errors import KnownError
from desk_app.services.rules import DEFAULT_TRADE
from ui import theme
from ui.forms.editors import EditorFacts, OpenEditor
from ui.forms.field_form import FieldForm, FormScroll, Section, Slot
from ui.models.handover_model import HandoverModel
from ui.models.time_left import moment
from ui.theme import Step, Token
from ui.views.handover_lists import DutyList, PastList
from ui.views.handover_paper import HandoverPaper
from ui.views.handover_pin import IncomingPin
from ui.views.handover_table import HandoverTable, WholeLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_app.domain.duties import DutyStanding
    from desk_app.domain.handover import Draft, HandoverForm, HandoverSheet
    from desk_app.services.access import StaffMember
    from desk_app.services.duties import DutiesMarked
    from desk_app.services.handover import HandedOver
    from desk_app.services.results import Changes
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_TICK_MS = 60_000  # what falls due within a day is told as of now
_FORM_IN_CHARACTERS = 42
_NARROW_IN_CHARACTERS = 118  # below this width everything stands below each other, and scrolls
_LEAST_ROWS = 8
_UNBOUNDED = (1 << 24) - 1  # QWIDGETSIZE_MAX
_OF_THE_PIN = ("handover_pin", "sign_in_refused", "sign_in_wait")
_NOTE = "note_"  # how the problem of a note begins (domain.handover.note_key)


class _State(NamedTuple):
    """All that the page shows, as of one moment."""

    form: HandoverForm
    draft: Draft
    past: Sequence[HandoverSheet]
    duties: Sequence[DutyStanding]
    staff: Sequence[StaffMember]


class HandoverPage(QWidget):
    """Table, form and lists. What was typed stays until it is signed, wherever one goes in between."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Be empty until :meth:`activated`."""
        super().__init__(parent)
        self._desk = desk
        self.form: FieldForm | None = None
        self._model = HandoverModel(desk.rules.sentences, self)
        self.table = HandoverTable(self._model)
        self._whole_line = WholeLine(self.table, self._model)
        self.duties, self.past = DutyList(), PastList()
        self._sheets: Sequence[HandoverSheet] = ()
        self._summary, self._message = QLabel(), QLabel()
        self._sign, self.pin = QPushButton(), IncomingPin()
        self._paper = HandoverPaper(desk)
        self._scroll, self._grid = FormScroll(), QGridLayout()
        self._form_place = QVBoxLayout()
        self._is_narrow: bool | None = None
        self._clock = QTimer(self)
        self._pending: Draft | None = None
        self._request_id = ""
        self._is_signing = False
        self._set_signing(signing=False)
        self._lay_out()
        self._wire()

    def activated(self) -> None:
        """Come to the front: look at everything anew, ready for the first note."""
        self._say("")
        self._scroll.verticalScrollBar().setValue(0)
        self._clock.start(_TICK_MS)
        self._refresh()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---------------------------------------------------------------------------------- what is shown

    def _refresh(self) -> None:
        self._desk.ask(_look, self._show)

    def _show(self, state: _State) -> None:
        if self.form is None:
            self._make_form(state.form)
        self._show_draft(state.draft)
        self._sheets = state.past
        self.past.show_sheets(self._sheets)
        self.duties.show_duties(state.duties)
        self.pin.show_staff(state.staff)

    def _show_draft(self, draft: Draft) -> None:
        """Show what is owed; not under the hand of somebody who writes a note."""
        if self.table.is_editing:
            self._pending = draft
            return
        chosen = self.table.current_id()
        self._model.show(draft)
        ids = [line.follow_up_id for line in draft.lines]
        if ids:
            self.table.choose(ids.index(chosen) if chosen in ids else 0)
        late = sum(1 for line in draft.lines if line.due_at < draft.at)
        since = moment(draft.since, draft.at)
        words = self.tr("{0} 交班：未完 {1} 项，其中逾期 {2} 项（本班自 {3} 起）")
        told = words.format(draft.outgoing, len(draft.lines), late, since)
        more = self.tr("；另有 {0} 项见“跟进”").format(draft.left_out) if draft.left_out else ""
        self._summary.setText(told + more)
        if self.form is not None and isinstance(editor := self.form.rows["incoming"].editor, OpenEditor):
            names = self._desk.shop.operators if self._desk.shop else ()
            editor.suggest(tuple(Choice(name, name) for name in names if name != draft.outgoing))

    def _show_pending(self) -> None:
        if self._pending is not None and not self.table.is_editing:
            draft, self._pending = self._pending, None
            self._show_draft(draft)

    def _make_form(self, form: HandoverForm) -> None:
        """Make the form: who and when, what needs attention, two reports a line, the promise of the outgoing person."""
        facts = EditorFacts(self._desk.rules.trade(DEFAULT_TRADE), self._desk.clock)
        known = {fact.key: fact for fact in form.fields}
        reports = [Slot(known[key]) for key in form.reports]
        who = [Slot(known["incoming"]), Slot(known["shift"])]
        sections = [
            Section(self.tr("接班"), [who, [Slot(known["attention"], rows=3)]]),
            Section(self.tr("上报"), [reports[n : n + 2] for n in range(0, len(reports), 2)]),
            Section("", [[Slot(known["settled"])]]),
        ]
        self.form = FieldForm(sections, facts)
        self.form.edited.connect(self._ask_pin)
        self._form_place.addWidget(self.form)
        before: QWidget = self.table
        editors = (row.editor for row in self.form.rows.values())
        for widget in (*editors, self.pin.line, self._sign, self.duties, self.past, self._paper.open):
            QWidget.setTabOrder(before, widget)
            before = widget

    def _ask_pin(self, key: str) -> None:
        if self.form is not None and key == "incoming":
            self.pin.ask(str(self.form.rows["incoming"].value() or ""))

    # --------------------------------------------------------------------------------------- signing

    def sign(self) -> None:
        """Hand over, if nothing is missing."""
        if self.table.is_editing:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)  # a note that is being written is taken
        draft = self._model.draft
        if self.form is None or draft is None or self._is_signing:
            return
        self._set_signing(signing=True)
        self._say("")
        self._request_id = self._request_id or str(uuid.uuid4())
        signing = services.handover.Signing(
            outgoing=draft.outgoing,
            drafted_at=draft.at,
            seen=[line.follow_up_id for line in draft.lines],
            values=self.form.values(),
            notes=dict(self._model.notes),
            pin=self.pin.take(),
        )
        request_id = self._request_id
        self._desk.ask(lambda ws: services.handover.sign(ws, signing, request_id), self._signed, self._refused)

    def _set_signing(self, *, signing: bool) -> None:
        """Show that a handover is under way; the button stays enabled, for a disabled one loses the focus."""
        self._is_signing = signing
        self._sign.setText(self.tr("正在交班…") if signing else self.tr("交班，双方确认  Ctrl+S"))

    def _signed(self, done: HandedOver) -> None:
        self._set_signing(signing=False)
        self._request_id = ""
        self._model.notes.clear()
        self._paper.forget()
        if self.form is not None:
            self.form.set_values({})
            self._ask_pin("incoming")
        self._desk.take_shop(done.shop)
        words = self.tr("已交班：{0} → {1}，{2} 项。现在由 {1} 受理；按 Enter 生成交接班记录，Ctrl+P 打印")
        sheet = done.sheet
        self._desk.notice.emit("done", words.format(sheet.outgoing, sheet.incoming, len(sheet.state.lines)))
        if self._model.rowCount():
            self.table.choose(0)
        self._sheets = (sheet, *self._sheets)  # at once: Enter is to mean this one
        self.past.show_sheets(self._sheets)
        self.past.setCurrentRow(0)
        self._point_to(self.past)

    def _refused(self, error: Exception) -> bool:
        """Point to the first thing that is missing; everything typed stays."""
        self._set_signing(signing=False)
        if isinstance(error, KnownError) and error.code in _OF_THE_PIN:
            self.pin.want()
            self._point_to(self.pin.line)
            return False
        if isinstance(error, KnownError):
            self._refresh()  # what came in between is shown, beside the sentence that says so
            return False
        if not isinstance(error, RefusedError) or self.form is None:
            return False
        sentences = self._desk.rules.sentences
        told = {p.field: sentences.problem(p) for p in error.problems}
        self.form.show_problems({key: words for key, words in told.items() if not key.startswith(_NOTE)})
        missing = self._model.missing()
        if any(key.startswith(_NOTE) for key in told):
            self._say(self.tr("您名下还有 {0} 项逾期没有写交接说明").format(len(missing)))
            self.table.choose(missing[0] if missing else 0)
            self._point_to(self.table)
        elif (wrong := self.focusWidget()) is not None:
            self._point_to(wrong)
        return True

    # --------------------------------------------------------------------------- the lists, the paper

    def _toggle(self, each: DutyStanding) -> None:
        if each.period is not None:
            duty, period, done = each.duty.id, each.period.key, not each.done
            self._desk.ask(lambda ws: services.duties.mark(ws, duty, period, done=done), self._marked)

    def _leave(self, each: DutyStanding) -> None:
        if each.period is not None:
            duty, period = each.duty.id, each.period.key
            self._desk.ask(lambda ws: services.duties.leave(ws, duty, period), self._marked)

    def _marked(self, marked: DutiesMarked) -> None:
        self.duties.show_duties(marked.standings)

    def _print(self) -> None:
        """Show the paper of the handover that is chosen: of the latest one, where none was."""
        if isinstance(sheet_id := self.past.chosen(), int):
            self._paper.preview(sheet_id)
        else:
            self._desk.notice.emit("warning", self.tr("还没有交接班记录：交班后（Ctrl+S）再打印"))

    # ------------------------------------------------------------------------------------------ wiring

    def _point_to(self, widget: QWidget) -> None:
        """Put the focus where the next key is wanted, and bring it into sight."""
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.show_focus()

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.queue or changes.everything):
            self._refresh()

    def _tick(self) -> None:
        if self.isVisible():
            self._refresh()

    def _wire(self) -> None:
        self._desk.changed.connect(self._changed)
        self._model.dataChanged.connect(lambda: self._say(""))
        self._desk.shop_changed.connect(lambda _shop: self._tick())
        self._clock.timeout.connect(self._tick)
        self._sign.clicked.connect(self.sign)
        self.pin.line.returnPressed.connect(self.sign)
        self.table.edited.connect(lambda: QTimer.singleShot(0, self, self._show_pending))
        self.duties.toggled.connect(self._toggle)
        self.duties.left.connect(self._leave)
        self.past.wanted.connect(self._paper.write)
        keys: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Ctrl+S", self.sign),
            ("Ctrl+Return", self.sign),
            ("Ctrl+O", self._paper.open_last),
            ("Ctrl+P", self._print),
        )
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the form beside the table where there is room, else below it."""
        super().resizeEvent(event)
        wide = self.fontMetrics().averageCharWidth() * _NARROW_IN_CHARACTERS
        self._arrange(is_narrow=event.size().width() < wide)

    def _arrange(self, *, is_narrow: bool) -> None:
        if is_narrow is self._is_narrow:
            return
        self._is_narrow = is_narrow
        side_width = QFontMetrics(theme.font()).averageCharWidth() * _FORM_IN_CHARACTERS
        self._side.setMinimumWidth(0 if is_narrow else side_width)
        self._side.setMaximumWidth(_UNBOUNDED if is_narrow else side_width)
        for block in (self._owed, self._side, self._beside):
            self._grid.removeWidget(block)
        self._grid.addWidget(self._owed, 0, 0)
        self._grid.addWidget(self._beside, 2 if is_narrow else 1, 0)
        self._grid.addWidget(self._side, *((1, 0, 1, 1) if is_narrow else (0, 1, 2, 1)))
        for row, stretch in enumerate((5, 0, 3) if is_narrow else (5, 3, 0)):
            self._grid.setRowStretch(row, stretch)

    def _lay_out(self) -> None:
        for label in (self._summary, self._message):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        theme.ink(self._summary, Token.MUTED)
        theme.ink(self._message, Token.DANGER)
        self._message.hide()
        self._owed, self._beside, self._side = self._make_owed(), self._make_beside(), self._make_side()
        self._grid.setHorizontalSpacing(theme.space(5))
        self._grid.setVerticalSpacing(theme.space(3))
        self._grid.setColumnStretch(0, 1)
        content = QWidget()
        content.setLayout(self._grid)
        self._grid.setContentsMargins(theme.space(5), theme.space(3), theme.space(5), theme.space(3))
        self._scroll.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

    def _make_owed(self) -> QWidget:
        title = QLabel(self.tr("交班"))
        title.setFont(theme.font(Step.LARGE, bold=True))
        self.table.setMinimumHeight((_LEAST_ROWS + 1) * self.table.verticalHeader().defaultSectionSize())
        made = _column(title, self._summary, self._message, self.table)
        if (column := made.layout()) is not None:
            column.addWidget(self._whole_line)
        return made

    def _make_beside(self) -> QWidget:
        """Make the lists, side by side, with the path of the paper that was written."""
        lists = QHBoxLayout()
        lists.setSpacing(theme.space(4))
        for words, shown, share in (
            (self.tr("例行事项（空格：已做；过期的 Del：未做）"), self.duties, 3),
            (self.tr("交接班记录（Enter 写成表，Ctrl+P 打印）"), self.past, 2),
        ):
            head = QLabel(words)
            head.setFont(theme.font(bold=True))
            head.setBuddy(shown)
            lists.addWidget(_column(head, shown), share)
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(lists, 1)
        column.addWidget(self._paper)
        return made

    def _make_side(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addLayout(self._form_place)
        column.addWidget(self.pin)
        column.addStretch(1)
        column.addWidget(self._sign)
        return made


def _column(*widgets: QWidget) -> QWidget:
    """Return these below each other; the last one takes the room that is left."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.space(1.5))
    for widget in widgets:
        column.addWidget(widget)
    column.setStretch(len(widgets) - 1, 1)
    return made


def _look(ws: Workspace) -> _State:
    handover, access = services.handover, services.access
    duties = services.duties.standing(ws)
    return _State(handover.form(), handover.draft(ws), handover.recent(ws), duties, access.staff(ws))

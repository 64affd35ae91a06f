"""The 跟进 page: the queue of owed actions, and beside it the case that the chosen one belongs to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desk_app.domain.guide import stage_of
from desk_app.domain.queue import View
from desk_app.domain.vocabulary import Action
from ui import theme
from ui.models.queue_model import QueueModel
from ui.models.queue_words import empty_words
from ui.views.case_detail import CaseDetail
from ui.views.case_detail_head import LEADS
from ui.views.case_detail_text import WHY_KEY
from ui.views.follow_up_foot import QueueFoot
from ui.views.follow_up_snooze import SnoozePlace
from ui.views.follow_up_table import QueueTable
from ui.views.follow_up_ticked import TickedLines
from ui.views.follow_up_views import QueueViews
from ui.widgets.rows_first import RowsFirst

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile
    from desk_app.domain.queue import QueueRow
    from desk_app.services.results import Acted, Changes, QueueCounts
    from ui.desk import Desk
    from ui.views.case_guide import GuidePane

_TICK_MS = 20_000  # times left are told in minutes
_NARROW_IN_CHARACTERS = 118  # below this width list and detail take turns
_LIST_PARTS, _DETAIL_PARTS = 5, 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SNOOZE = "S"


class FollowUpPage(QWidget):
    """List and detail.

    Keys: arrows move, digits and ←→ change the view, Enter goes to the detail, letters act, S leaves aside. F7 puts the
    guide in the place of the list, so that the case stays in sight. ``promise_wanted`` carries a phrase that was said
    to the customer of that case, and promises something; ``handover_wanted`` says that the shift is to be handed over;
    ``visit_over`` that the case that was opened from elsewhere is left by Esc.
    """

    promise_wanted = Signal(str)
    handover_wanted = Signal()
    visit_over = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Be empty until :meth:`activated` or :meth:`open_case`."""
        super().__init__(parent)
        self._desk = desk
        self._model = QueueModel(desk, self)
        self._views = QueueViews(desk)
        self._table = QueueTable(self._model)
        self._foot = QueueFoot()
        self._detail = CaseDetail(desk)
        self._left = QStackedWidget()
        self._snooze = SnoozePlace(desk, self._table)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._clock = QTimer(self)
        self._rows_first = RowsFirst(self, self._detail, self._follow)
        self._kept: QueueRow | None = None
        self._is_placing = False
        self._is_pinned = self._is_visit = False
        self._somebody_wrote, self._acted_on = False, ""
        self._detail_in_front = False
        self._guide_is_open = False
        self._counts: QueueCounts | None = None
        self._lay_out()
        self._wire()

    def activated(self) -> None:
        """Come to the front: show the queue as it is now, ready for the keys."""
        self._is_visit = False
        self._refresh()
        if self._guide_is_open:
            self._guide.take_focus()
        elif self._detail.has_form:
            self._detail.take_focus()
        else:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_case(self, number: str, *, is_visit: bool = False) -> None:
        """Show a case, whether or not anything is owed on it; it stays until another row is chosen.

        ``is_visit``: the person comes from elsewhere, and Esc takes them back (``visit_over``).
        """
        self._is_pinned, self._is_visit = True, is_visit
        self._table.clearSelection()  # no row says that it is the one beside it
        self._detail.show_case(number)
        self._go_to_detail()

    # ------------------------------------------------------------------------------------ the list

    def choose_view(self, view: View) -> None:
        """Show another view of the queue."""
        self._views.choose(view)

    def _refresh(self) -> None:
        self._model.refresh(self._views.view, self._views.sieve, self._table.visible_rows())

    def _before_refreshed(self) -> None:
        line = self._model.line(self._table.currentIndex().row())
        self._kept = line.row if line else None
        self._is_placing = True

    def _refreshed(self, is_other_view: bool) -> None:
        """Find the row that was chosen before, at the place on the screen where it was."""
        before = self._table.currentIndex().row()
        found = 0 if is_other_view or self._kept is None else self._model.find(self._kept)
        line = self._model.line(found) if found is not None else None
        kept = "" if is_other_view or self._kept is None else self._kept.number
        is_gone = bool(kept) and (line is None or line.row.number != kept)
        if is_gone and (kept == self._acted_on or (line is None and self._somebody_wrote)):
            self._is_pinned = True  # the case that is worked on stays: no other may slip under the hand
        self._somebody_wrote, self._acted_on = False, ""
        rows = self._model.rowCount()
        row = min(before if found is None else found, rows - 1)
        if row >= 0 and row != before:
            bar = self._table.verticalScrollBar()
            top = bar.value()
            self._table.choose(row)
            if before >= 0 and not is_other_view:
                bar.setValue(top + row - before)
        self._is_placing = False
        if self._is_pinned:
            self._table.clearSelection()
        self._show_empty()
        self._rows_first.rows_are_here()

    def _follow(self) -> None:
        """Let all else follow: the case (another row, times that went by, what somebody has written) and the views."""
        self._show_chosen()
        self._detail.reload()
        self._model.count()
        self._views.load()

    def _row_changed(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._is_placing:
            self._snooze.close_bar()
            self._is_pinned = self._is_visit = False
            self._show_chosen()

    def _show_chosen(self) -> None:
        """Show the case of the chosen row, if it is not shown already."""
        if self._is_pinned or self._is_placing:
            return
        line = self._model.line(self._table.currentIndex().row())
        if line is not None and line.row.number != self._detail.number:
            self._detail.show_case(line.row.number)
        elif not self._model.rowCount():
            self._detail.clear()
            if not self._guide_is_open:
                self._bring_list()

    def _counted(self, counts: QueueCounts) -> None:
        self._counts = counts
        self._views.show_counts(counts)
        self._show_empty()

    def _show_empty(self) -> None:
        all_ = self._counts.views[View.ALL] if self._counts else 0
        words = "" if self._model.rowCount() else empty_words(self._model.view, self._model.sieve, all_)
        self._table.show_empty(words)

    # ---------------------------------------------------------------------------------- the detail

    def _go_to_detail(self) -> None:
        self._detail_in_front, self._guide_is_open = True, False
        self._arrange()
        self._detail.take_focus()

    def _bring_list(self) -> None:
        """Bring the list back to where it was not to be seen, and give it the focus if the detail had it."""
        had_focus = self._detail.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self._detail_in_front = self._guide_is_open = False
        self._arrange()
        if had_focus:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _guide_key(self) -> None:
        """Open the guide, or go to it; from within, close it."""
        if self._guide_is_open and self._guide.isAncestorOf(self.focusWidget()):
            self._leave_guide()
            return
        self._guide_is_open = True
        self._show_guide_for(self._detail.file)
        self._arrange()
        self._guide.activated()

    def _leave_guide(self) -> None:
        """Give the list its place back, and the keys to where they were: the form, the case, or the list."""
        self._guide_is_open = False
        self._arrange()
        if self._detail_in_front or self._detail.has_form:
            self._detail.take_focus()
        else:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    @cached_property
    def _guide(self) -> GuidePane:
        """The guide, made when it is first opened."""
        from ui.views.case_guide import GuidePane  # noqa: PLC0415

        made = GuidePane(self._desk, can_promise=True)
        made.left.connect(self._leave_guide)
        made.promise_wanted.connect(self._promise_said)
        self._left.addWidget(made)
        return made

    def _show_guide_for(self, file: CaseFile | None) -> None:
        if self._guide_is_open:
            self._guide.show_category(file.case.category if file is not None else "")
            self._guide.show_stage(stage_of(file) if file is not None else None)

    def _promise_said(self, text: str) -> None:
        self._go_to_detail()
        self.promise_wanted.emit(text)
        self._detail.start(Action.PROMISE, {"what": text})

    def _back_to_list(self) -> None:
        self._is_pinned = False
        self._bring_list()
        self._table.selectRow(self._table.currentIndex().row())
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_chosen()
        if self._is_visit:
            self._is_visit = False
            self.visit_over.emit()

    def _acted(self, acted: Acted) -> None:
        self._acted_on = acted.file.case.number
        if self._is_pinned:
            self._detail.take_focus()
        else:
            self._bring_list()

    def _changed(self, changes: Changes) -> None:
        if not self.isVisible():
            return  # it refreshes when it comes to the front
        if changes.queue or changes.everything:
            self._somebody_wrote = changes.everything
            self._refresh()

    def _tick(self) -> None:
        if self.isVisible():
            self._refresh()

    # ------------------------------------------------------------------------------- leaving aside

    def _open_snooze(self) -> None:
        """Ask until when the chosen follow-up is to be left aside; what is late is not."""
        line = self._model.line(self._table.currentIndex().row())
        if line is None or self._is_pinned or not line.row.follow_up_id:
            return
        if self._snooze.takes(line.row):
            self._bring_list()
            self._snooze.open(line.row)

    # ---------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that list and detail leave: view, Enter, Esc, and the letters of the actions."""
        key, in_list = event.key(), self._table.hasFocus()
        if not self._is_typing() and self._views.take_key(event, arrows=in_list):
            pass  # it is another view now
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or self._is_typing():
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape and not (
            in_list and not self._detail_in_front
        ):  # else the window closes its notice
            self._back_to_list()
        elif key in _ENTER and in_list:
            self._go_to_detail()
        elif key in _ENTER and (action := self._detail.next_action()) is not None:
            self._detail.start(action)
        elif not self._take_letter(event.text()):
            super().keyPressEvent(event)

    def _take_letter(self, letter: str) -> bool:
        """Do what a letter stands for; return whether it stands for anything."""
        if letter.upper() == _SNOOZE:
            self._open_snooze()
        elif letter.upper() == WHY_KEY:
            self._detail.explain()
        elif letter.upper() in LEADS:
            self._detail.lead(letter.upper())
        elif (action := self._detail.action_of_letter(letter)) is not None:
            self._detail_in_front = True
            self._arrange()
            self._detail.start(action)
        else:
            return False
        return True

    def _sift(self) -> None:
        self._bring_list()
        self._views.sift()

    def _view_changed(self) -> None:
        self._snooze.close_bar()
        self._refresh()

    def _focus_list(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_typing(self) -> bool:
        here = self.focusWidget() or self
        if self._views.has_focus or self._snooze.isAncestorOf(here):
            return True
        return self._detail.has_form and self._detail.isAncestorOf(here)

    # -------------------------------------------------------------------------------------- layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put list and detail side by side where they fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < _NARROW_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth()
        self._left.setCurrentWidget(self._guide if self._guide_is_open else self._list)
        detail_only = self._detail_in_front and not self._guide_is_open
        self._detail.setVisible(not narrow or detail_only)
        self._left.setVisible(not narrow or not detail_only)

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)  # from the outside in: a widget that changes hands hands on its font and colours anew
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)
        self._split.addWidget(self._left)
        self._list = QWidget()
        self._left.addWidget(self._list)
        column = QVBoxLayout(self._list)
        column.setContentsMargins(theme.space(2), theme.space(2), 0, theme.space(2))
        column.addWidget(self._views)
        column.addWidget(self._table, 1)
        column.addWidget(self._snooze)
        column.addWidget(self._foot)
        self._split.addWidget(self._detail)
        self._split.setStretchFactor(0, _LIST_PARTS)
        self._split.setStretchFactor(1, _DETAIL_PARTS)
        self._split.setSizes([1000 * _LIST_PARTS, 1000 * _DETAIL_PARTS])  # shares: both are laid out to fit
        self._split.setChildrenCollapsible(False)

    def _wire(self) -> None:
        self._foot.handover_wanted.connect(self.handover_wanted)
        self._views.changed.connect(self._view_changed)
        self._views.left.connect(self._focus_list)
        for keys, slot in (("Ctrl+L", self._sift), ("F7", self._guide_key)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self._model.refreshing.connect(self._before_refreshed)
        self._model.refreshed.connect(self._refreshed)
        self._model.counted.connect(self._counted)
        self._model.dataChanged.connect(self._show_chosen)
        TickedLines(self._desk, self._model.marks, self._table, self._foot)
        self._table.selectionModel().currentRowChanged.connect(self._row_changed)
        self._table.doubleClicked.connect(self._go_to_detail)
        self._detail.acted.connect(self._acted)
        self._detail.partner_wanted.connect(lambda number: self.open_case(number, is_visit=self._is_visit))
        self._detail.shown.connect(self._show_guide_for)
        self._desk.changed.connect(self._changed)
        self._clock.setTimerType(Qt.TimerType.CoarseTimer)
        self._clock.timeout.connect(self._tick)
        self._clock.start(_TICK_MS)

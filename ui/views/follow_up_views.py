"""The head of the queue: its views with their counts, those that people have saved, and the line that sifts."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk_app.domain.queue import ALL_OF_IT, SavedView, Sieve, View
from desk_app.services.desk import debtors
from desk_app.services.saved_views import ViewsSaved, forget_view, save_view, saved_views
from ui import theme
from ui.models.queue_words import about, count_words, view_name
from ui.views.follow_up_sieve import SieveBar
from ui.widgets.view_bar import KEYS, ViewBar

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desk_app.services.results import QueueCounts
    from ui.desk import Desk

VIEWS = tuple(View)
"""The views as they stand, which is the order of their keys."""
_GROUPS = (5, 4, 4, 1)  # how many views stand together: by time, by what is owed, the four that leave nothing out


class QueueViews(QWidget):
    """``changed`` says that another view, or another sieve, is wanted; ``left`` that the keys go back to the list.

    A view is shown as it comes, or as it was saved: choosing another one sifts no more.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show everything."""
        super().__init__(parent)
        self._desk = desk
        self.bar = ViewBar(self)
        self._saved: tuple[SavedView, ...] = ()
        self._sieve_bar: SieveBar | None = None
        self.sieve = ALL_OF_IT
        self._counts: QueueCounts | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.space())
        self._column.addWidget(self.bar)
        self._show_names(VIEWS.index(View.ALL))
        self.bar.chosen.connect(self._chosen)

    @property
    def view(self) -> View:
        """The view that is shown."""
        return self._choice.view

    def load(self) -> None:
        """Ask for the views that people have saved."""
        self._desk.ask(saved_views, self._loaded)

    def choose(self, view: View) -> None:
        """Show a view as it comes."""
        self.bar.choose(VIEWS.index(view))

    def show_counts(self, counts: QueueCounts) -> None:
        """Write how many lines each view holds; what is overdue in red."""
        self._counts = counts
        for place, view in enumerate(VIEWS):
            count = counts.views[view]
            self.bar.set_count(place, count_words(view, count), presses=view is View.OVERDUE and count > 0)

    def take_key(self, event: QKeyEvent, *, arrows: bool) -> bool:
        """Change the view by a digit, Alt and a digit, or (``arrows``) by ← and →; return whether it was one."""
        if arrows and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.bar.step(1 if event.key() == Qt.Key.Key_Right else -1)
            return True
        key = chr(event.key()) if Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9 else ""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not key or modifiers not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier):
            return False
        self.bar.choose(KEYS.index(f"Alt+{key}" if modifiers else key))
        return True

    def sift(self) -> None:
        """Open the line that sifts, or go to it."""
        if self._sieve_bar is not None:
            self._sieve_bar.take_focus()
        elif self.view is not View.SILENT:
            self._open_sieve(with_focus=True)

    @property
    def has_focus(self) -> bool:
        """Whether the keys go to the line that sifts."""
        return self._sieve_bar is not None and self._sieve_bar.isAncestorOf(self.window().focusWidget() or self)

    # ------------------------------------------------------------------------------------- choosing

    @property
    def _choice(self) -> SavedView:
        """The view that is chosen, as it comes."""
        place = self.bar.current
        return SavedView("", VIEWS[place], ALL_OF_IT) if place < len(VIEWS) else self._saved[place - len(VIEWS)]

    def _chosen(self, _place: int) -> None:
        self.sieve = self._choice.sieve
        self._close_sieve()
        if self.sieve != ALL_OF_IT:
            self._open_sieve(with_focus=False)
        self.changed.emit()

    def _sifted(self, sieve: Sieve) -> None:
        self.sieve = sieve
        self.changed.emit()

    def _undone(self) -> None:
        self.left.emit()
        self._chosen(self.bar.current)

    # --------------------------------------------------------------------------------- the sieve line

    def _open_sieve(self, *, with_focus: bool) -> None:
        choice = self._choice

        def open_bar(names: tuple[str, ...]) -> None:
            if self._sieve_bar is not None or choice != self._choice:
                return
            bar = self._sieve_bar = SieveBar(self._desk.rules.sentences, names, choice, self)
            bar.sifted.connect(self._sifted)
            bar.named.connect(self._keep)
            bar.forgotten.connect(self._forget)
            bar.left.connect(self.left)
            bar.undone.connect(self._undone)
            self._column.addWidget(bar)
            bar.show()
            if with_focus:
                bar.take_focus()

        self._desk.ask(debtors, open_bar)

    def _close_sieve(self) -> None:
        if self._sieve_bar is not None:
            if self.has_focus:
                self.left.emit()
            self._column.removeWidget(self._sieve_bar)
            self._sieve_bar.hide()
            self._sieve_bar.deleteLater()
            self._sieve_bar = None

    # -------------------------------------------------------------------------------- the saved views

    def _keep(self, name: str) -> None:
        view, sieve = self.view, self.sieve
        self._desk.ask(lambda ws: save_view(ws, name, view, sieve), lambda saved: self._kept(name, saved))

    def _kept(self, name: str, saved: ViewsSaved) -> None:
        self._saved = saved.views
        place = next((p for p, each in enumerate(saved.views) if each.name == name.strip()), None)
        self._show_names(self.bar.current if place is None else len(VIEWS) + place)
        self._desk.notice.emit("done", self.tr("视图“{0}”已保存").format(name.strip()))
        self._chosen(self.bar.current)

    def _forget(self) -> None:
        name = self._choice.name
        self._desk.ask(lambda ws: forget_view(ws, name), self._forgotten)

    def _forgotten(self, saved: ViewsSaved) -> None:
        gone = self._choice
        self._saved = saved.views
        self._show_names(VIEWS.index(gone.view))
        self._desk.notice.emit("done", self.tr("视图“{0}”已删除").format(gone.name))
        self._chosen(self.bar.current)

    def _loaded(self, views: tuple[SavedView, ...]) -> None:
        if views == self._saved:
            return
        before = self._choice
        self._saved = views
        place = VIEWS.index(before.view) if not before.name else None
        if place is None:
            place = next((len(VIEWS) + p for p, v in enumerate(views) if v == before), VIEWS.index(before.view))
        self._show_names(place)
        if self._choice != before:
            self._chosen(place)

    def _show_names(self, current: int) -> None:
        names = iter([view_name(view) for view in VIEWS])
        by_time, by_kind, four, others = (list(islice(names, count)) for count in _GROUPS)
        others += [each.name for each in self._saved]
        groups = (("", by_time), ("", by_kind), (self.tr("四不漏"), four), ("", others))
        self.bar.set_views(groups, current)
        for place, view in enumerate(VIEWS):
            self.bar.explain(place, about(view))
        if self._counts is not None:
            self.show_counts(self._counts)

"""Over the form: one tab for each half-typed form, the present one among them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QRect, QSignalBlocker, QSize, Qt, QUuid, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabBar, QWidget

from desk_app.domain.text import first_words
from ui import theme
from ui.theme import Step, Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtGui import QPaintEvent, QWheelEvent

    from desk_app.services.results import Draft

_WIDEST_IN_CHARACTERS = 22
_WHO, _WHAT, _ALL = 10, 30, 200  # characters of a title; the tool tip has more
_NAMED_BY = ("customer_name", "customer_phone", "place")
KEYS = 9
"""How many tabs have a key of their own: Alt+1 …"""


class Tab(NamedTuple):
    """One form: the request id that its save will carry, what is typed, and the field where the typing stopped."""

    id: str
    values: Mapping[str, object] = MappingProxyType({})
    at: str = ""


class Discarded:
    """The forms that were put away for good, each with its place among the tabs; the last is the first to come back."""

    def __init__(self) -> None:
        """Have none."""
        self._forms: list[tuple[Tab, int]] = []

    def put(self, gone: Tab, place: int) -> None:
        """Keep a form, for as long as the window is open."""
        self._forms.append((gone, place))

    def take(self, gone: Tab | None = None) -> tuple[Tab, int] | None:
        """Return the last one, or this, and keep it no longer; None where it is not here (any more)."""
        found = next((form for form in reversed(self._forms) if gone in (None, form[0])), None)
        if found is not None:
            self._forms.remove(found)
        return found


class DraftTabs(QWidget):
    """The open forms in the order in which they were begun; hidden while there is only one.

    It knows what every form but the present one holds, and changes nothing by itself: ``chosen`` carries the id of the
    form that a person wants, ``discard_wanted`` says that the present one is to go.
    """

    chosen = Signal(str)
    discard_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Have no form yet."""
        super().__init__(parent)
        self._tabs: list[Tab] = []
        self._present = ""
        self._seen: set[str] = set()
        self._strip = _Strip()
        self._strip.setAccessibleName(self.tr("没写完的登记"))
        self._strip.currentChanged.connect(self._on_chosen)
        discard = QPushButton(self.tr("丢弃这份  Ctrl+W"))
        discard.setFont(theme.font(Step.SMALL))
        discard.setFlat(True)
        discard.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        discard.clicked.connect(self.discard_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(3), 0, theme.space(2), 0)
        row.setSpacing(theme.space(2))
        row.addWidget(self._strip, 1)
        row.addWidget(discard)
        self.hide()

    # -------------------------------------------------------------------------------- the forms

    @property
    def others(self) -> tuple[Tab, ...]:
        """Every form but the present one."""
        return tuple(tab for tab in self._tabs if tab.id != self._present)

    @property
    def place(self) -> int:
        """Where the present form stands, from 0."""
        return next(n for n, tab in enumerate(self._tabs) if tab.id == self._present)

    def at(self, place: int) -> Tab | None:
        """Return the form at a place, or None."""
        return self._tabs[place] if 0 <= place < len(self._tabs) else None

    def form_of(self, tab_id: str) -> Tab | None:
        """Return the form with this id, or None."""
        return next((tab for tab in self._tabs if tab.id == tab_id), None)

    def beside(self, by: int) -> Tab:
        """Return the form so many places on, round and round."""
        return self._tabs[(self.place + by) % len(self._tabs)]

    def turn_to(self, tab: Tab, place: int | None = None) -> None:
        """Mark a form as the present one; a new one comes last, or to ``place``."""
        if self.form_of(tab.id) is None:
            self._tabs.insert(len(self._tabs) if place is None else place, tab)
        self._seen.add(tab.id)
        self._present = tab.id
        self._show()

    def put_aside(self, values: Mapping[str, object], at: str) -> None:
        """Keep what the present form holds, before another is turned to; one that holds nothing goes."""
        here = self.place
        self._tabs[here : here + 1] = [Tab(self._present, dict(values), at)] if values else []

    def drop(self) -> Tab | None:
        """Take the present form away; return the one to turn to instead, or None where there is none."""
        here = self.place
        del self._tabs[here]
        return self.at(min(here, len(self._tabs) - 1))

    def take(self, drafts: Iterable[Draft]) -> None:
        """Add the drafts on disk that were never here, before the present form.

        What was here and is gone (saved, discarded) stays gone, though an answer asked for earlier may still name it.
        """
        new = [Tab(draft.id, draft.values) for draft in drafts if draft.id not in self._seen]
        self._seen.update(tab.id for tab in new)
        self._tabs[self.place : self.place] = new
        self._show()

    def forget_gone(self) -> None:
        """Offer again what was here and is gone, where it is on disk: an older register has taken the place of ours."""
        self._seen = {tab.id for tab in self._tabs}

    # ------------------------------------------------------------------------------ what is shown

    def show_values(self, values: Mapping[str, object]) -> None:
        """Call the present form by what is typed so far."""
        self._strip.call(self.place, *_names(values))

    def words(self) -> list[str]:
        """Return each tab as it reads."""
        return list(self._strip.titles)

    def _show(self) -> None:
        with QSignalBlocker(self._strip):
            self._strip.show_tabs([_names(tab.values) for tab in self._tabs], self.place)
        self.setVisible(len(self._tabs) > 1)

    def _on_chosen(self, place: int) -> None:
        tab = self.at(place)
        with QSignalBlocker(self._strip):
            self._strip.setCurrentIndex(self.place)  # until the page has turned to it
        if tab is not None:
            self.chosen.emit(tab.id)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the one line that sets the strip off."""
        painter = QPainter(self)
        painter.setPen(theme.token(Token.BORDER))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class _Strip(QTabBar):
    """The tabs in the look of the views of a list: number, name, and a line under the present one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titles: list[str] = []
        self._small, self._base, self._bold = theme.font(Step.SMALL), theme.font(), theme.font(bold=True)
        self._digits, self._measure = QFontMetrics(self._small), QFontMetrics(self._bold)
        self._widest = _WIDEST_IN_CHARACTERS * self._measure.averageCharWidth()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)  # a title is elided when it is drawn
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_tabs(self, names: list[tuple[str, str]], current: int) -> None:
        self.titles = [title for title, _ in names]  # before the tabs: each is asked for its size at once
        while self.count() > len(names):
            self.removeTab(self.count() - 1)
        while self.count() < len(names):
            self.addTab("")
        for place, (title, whole) in enumerate(names):
            self._write(place, title, whole)
        self.setCurrentIndex(current)

    def call(self, place: int, title: str, whole: str) -> None:
        """Give a tab another title."""
        if self.titles[place] != title:
            self.titles[place] = title
            self._write(place, title, whole)

    def _write(self, place: int, title: str, whole: str) -> None:
        self.setTabText(place, title.replace("&", "&&"))
        key = self.tr("按 Alt+{0}，或 Ctrl+Tab").format(place + 1) if place < KEYS else self.tr("按 Ctrl+Tab")
        self.setTabToolTip(place, f"{whole or title}\n{key}")

    def tabSizeHint(self, place: int) -> QSize:
        wanted = self._indent(place) + self._measure.horizontalAdvance(self.titles[place]) + theme.space(3)
        return QSize(min(wanted, self._widest), self._measure.height() + theme.space())

    def minimumTabSizeHint(self, place: int) -> QSize:
        return self.tabSizeHint(place)

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of one tab: the others are scrolled to."""
        return QSize(self._widest, super().minimumSizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the form as it is: nobody changes the customer by a turn of the wheel."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, title in enumerate(self.titles):
            self._draw(painter, place, self.tabRect(place), title)

    def _draw(self, painter: QPainter, place: int, area: QRect, title: str) -> None:
        is_present = place == self.currentIndex()
        inner = area.adjusted(theme.space(1.5), 0, -theme.space(1.5), 0)
        if place < KEYS:
            painter.setFont(self._small)
            painter.setPen(theme.token(Token.MUTED))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, str(place + 1))
        inner.setLeft(area.left() + self._indent(place))
        painter.setFont(self._bold if is_present else self._base)
        painter.setPen(theme.token(Token.ACCENT if is_present else Token.TEXT))
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        if is_present:
            line, side = max(2, theme.space(0.5)), theme.space()
            ground = QRect(area.left() + side, area.bottom() - line, area.width() - 2 * side, line)
            theme.fill(painter, ground, Token.ACCENT)

    def _indent(self, place: int) -> int:
        digit = self._digits.horizontalAdvance(str(place + 1)) + theme.space(0.75) if place < KEYS else 0
        return theme.space(1.5) + digit


def new_tab() -> Tab:
    """Return an empty form with an id of its own (Qt's: Python's uuid would cost the start more than all fields)."""
    return Tab(QUuid.createUuid().toString(QUuid.StringFormat.WithoutBraces))


def called(values: Mapping[str, object]) -> str:
    """Return what a form is called by what is typed into it."""
    return _names(values)[0]


def _names(values: Mapping[str, object]) -> tuple[str, str]:
    """Return what a form is called on its tab, and in full; by the customer, and by what happened."""
    who = next((str(values[key]) for key in _NAMED_BY if values.get(key)), "")
    what = str(values.get("content") or "")
    title = " · ".join(filter(None, (first_words(who, _WHO), first_words(what, _WHAT))))
    whole = "\n".join(filter(None, (first_words(who, _ALL), first_words(what, _ALL))))
    return title or QCoreApplication.translate("DraftTabs", "（新登记）"), whole

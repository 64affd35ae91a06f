"""The 统计 page: a period beside the one before and the same of last year, down to the very cases."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from desk_app.domain.periods import read_period
from desk_app.services import figures, overview
from desk_app.services.export import period_of
from desk_app.services.overview import Behind, What
from ui import theme
from ui.forms.field_form import FormScroll
from ui.latest import Latest
from ui.models.overview_warnings import name
from ui.views.overview_cases import CasesPanel
from ui.views.overview_charts import ChartsPanel
from ui.views.overview_figures import FiguresPanel
from ui.views.overview_head import OverviewHead
from ui.views.overview_warnings import WarningsPanel
from ui.views.sheet_job import JobBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QHideEvent, QKeyEvent

    from desk_app.domain.heeding import EarlyWarning
    from desk_app.domain.metrics import Rate
    from desk_app.domain.periods import Period
    from desk_app.services.overview import Overview
    from desk_app.services.results import Changes
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.models.overview_figures import Figure
    from ui.views.sheet_job import SheetJob

_AT_ONCE = 2_000
"""Lines of history that are counted before the answer without a word; of more it is told how far it is."""
_SLICE = 200


class OverviewPage(QWidget):
    """What is warned of now, figures and charts, or in their place the cases behind one of them.

    ``opened`` carries the number of a case that is wanted; ``refreshed`` says that other figures are shown.
    """

    opened = Signal(str)
    refreshed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Be empty until :meth:`activated`."""
        super().__init__(parent)
        self._desk, self._question = desk, Latest(desk)
        self.head = OverviewHead(desk.clock.now().date(), desk.rules)
        self.warnings = WarningsPanel(desk)
        self.figures = FiguresPanel(desk.rules.sentences)
        self.charts = ChartsPanel(desk.rules)
        self.cases = CasesPanel(desk)
        self._job = JobBar(
            desk.storage,
            begun=self.tr("正在统计…"),
            steps=self.tr("第一次统计，要一会儿：已统计 {0} 条记录，共 {1} 条"),
        )
        self.shown: Overview | None = None
        """What is shown; None while nothing is."""
        self._kinds: tuple[str, ...] = ()  # of what is shown
        self._had_focus: QWidget = self.figures.counts
        self._lay_out()
        self._wire()

    def activated(self) -> None:
        """Come to the front: what is shown is asked for anew, and the keys are where they were."""
        self.head.set_today(self._desk.clock.now().date())
        if self._pages.currentWidget() is self.cases:
            self.cases.ask()
            self.cases.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._restore_focus()
        self.ask()

    # ------------------------------------------------------------------------------------------ asking

    def ask(self) -> None:
        """Ask for what the head says and what is warned of; an older question is superseded."""
        self._ask(_AT_ONCE)
        self.warnings.ask(_AT_ONCE)

    def _ask(self, at_once: int | None) -> None:
        """Ask; ``at_once`` is how much may be counted first, None: whatever there is."""
        if self._job.is_running:
            return
        if self.head.period.problem:
            self._question.forget()
            return
        period, kinds = self._period, self.head.kinds
        self._question.ask(partial(_look, period, kinds, at_once), partial(self._answered, kinds))

    @property
    def _period(self) -> Period:
        return period_of(self.head.period.written, self._desk.clock.now().date())

    def _answered(self, kinds: tuple[str, ...], found: Overview | int) -> None:
        if isinstance(found, int):
            self._count_first(found)
            return
        self.shown, self._kinds = found, kinds
        today = self._desk.clock.now().date()
        self.head.show_overview(found)
        self.figures.show_overview(found)
        self.charts.show_overview(found, today)
        self._body.show()
        self.refreshed.emit()

    def _count_first(self, total: int) -> None:
        """Count what was never counted, a slice at a time: every save goes first, and Esc ends it."""
        self._body.setVisible(self.shown is not None)
        job = self._job.begin()
        self.head.tell("")
        self._desk.ask(partial(_count, job, total), self._counted, self._not_counted)

    def _counted(self, is_whole: bool) -> None:
        self._job.end()
        if not is_whole:
            self.head.tell(self.tr("还没有统计完，已统计的都留着：按 F5 接着统计"))
        elif self.isVisible():
            self._ask(None)
            self.warnings.ask(None)

    def _not_counted(self, _error: Exception) -> bool:
        self._job.end()
        return False

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.cases or changes.everything):
            self.ask()
        elif self.isVisible() and changes.shop:  # another person may be at the desk, who is shown less
            self.warnings.ask(_AT_ONCE)

    # ------------------------------------------------------------------------------------------- cases

    def show_behind(self, behind: Behind, metric: str = "") -> None:
        """List the cases behind a figure or a mark, in place of the figures."""
        if self.shown is None:
            return
        rate = self.shown.now.rates[metric] if metric else None
        self._show_cases(self.shown.now.period, self._kinds, behind, rate)

    def _show_warned(self, warning: EarlyWarning) -> None:
        period = read_period(warning.period, self._desk.clock.now().date())
        behind = Behind(What.VALUE, warning.value, warning.part)
        self._show_cases(period, warning.kinds, behind, None, name(warning, self._desk.rules))

    def _show_cases(
        self, period: Period, kinds: tuple[str, ...], behind: Behind, rate: Rate | None, called: str = ""
    ) -> None:
        self._remember_focus()
        self.cases.show_behind(period, kinds, behind, rate, called)
        self._pages.setCurrentWidget(self.cases)
        self.cases.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_figure(self, figure: Figure) -> None:
        self.show_behind(figure.behind, figure.metric)

    def _return(self) -> None:
        """Go back from the cases to the mark that they are behind."""
        self._pages.setCurrentIndex(0)
        self._restore_focus()

    def _remember_focus(self) -> None:
        """Keep where the keys are: of a chart the chart itself, for its table is made anew with its figures."""
        here = QApplication.focusWidget()
        if here is not None and self._pages.currentIndex() == 0 and self.isAncestorOf(here):
            self._had_focus = next((chart for chart in self.charts.charts if chart.isAncestorOf(here)), here)

    def _restore_focus(self) -> None:
        here = self._had_focus if self._had_focus.isVisibleTo(self) else self.figures.counts  # it may be gone by now
        here.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember where the keys were."""
        self._remember_focus()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc end the first counting."""
        if event.key() == Qt.Key.Key_Escape and self._job.is_running:
            self._job.stop()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------------------------- print

    def print_pages(self) -> None:
        """Show what is shown as it will be on paper."""
        from ui.views.overview_paper import preview_overview  # noqa: PLC0415 -- when it is wanted

        if self.shown is not None:
            preview_overview(self._desk, self, self.shown, self._kinds)

    # ------------------------------------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.space(6), theme.space(2), theme.space(6), theme.space(4))
        column.setSpacing(theme.space(5))
        column.addWidget(self.figures)
        column.addWidget(self.charts)
        column.addStretch()
        self._body = FormScroll()
        self._body.setWidget(body)
        self._body.hide()
        whole = QWidget()
        front = QVBoxLayout(whole)
        front.setContentsMargins(0, theme.space(3), 0, 0)
        front.setSpacing(theme.space(3))
        top = QVBoxLayout()
        top.setContentsMargins(theme.space(6), 0, theme.space(6), 0)
        for part in (self.head, self._job, self.warnings):
            top.addWidget(part)
        front.addLayout(top)
        front.addWidget(self._body, 1)
        front.addStretch()
        self._pages = QStackedLayout(self)
        for page in (whole, self.cases):
            self._pages.addWidget(page)

    def _wire(self) -> None:
        self.head.changed.connect(partial(self._ask, _AT_ONCE))
        self.warnings.taken.connect(self._show_warned)
        self.head.print_wanted.connect(self.print_pages)
        for table in self.figures.tables:
            table.taken.connect(self._show_figure)
            table.stepped.connect(self.head.period.go)
        self.charts.chosen.connect(lambda key: self.show_behind(Behind.of(key)))
        self.cases.opened.connect(self.opened)
        self.cases.left.connect(self._return)
        self._desk.changed.connect(self._changed)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Alt+Left", partial(self._step, -1)),
            ("Alt+Right", partial(self._step, 1)),
            ("Ctrl+L", self._sift),
            ("Ctrl+P", self.print_pages),
            ("F5", self.ask),
        )
        for key, slot in keys:
            QShortcut(QKeySequence(key), self).activated.connect(slot)

    def _step(self, step: int) -> None:
        if self._pages.currentIndex() == 0:
            self.head.period.go(step)

    def _sift(self) -> None:
        if self._pages.currentIndex() == 0:
            self.head.turn()


def _look(
    period: Period, kinds: tuple[str, ...], at_once: int | None, ws: Workspace, wanted: Callable[[], bool]
) -> Overview | int | None:
    """Return the overview, or how many lines of history have to be counted first where these are many."""
    if at_once is not None and (left := figures.behind(ws)) > at_once:
        return left

    def meanwhile() -> None:
        if not wanted():
            raise _NotWantedError

    try:
        return overview.overview(ws, period, kinds, meanwhile)
    except _NotWantedError:
        return None


class _NotWantedError(Exception):
    """Something else goes first."""


def _count(job: SheetJob, total: int, ws: Workspace) -> bool:
    """Bring the figures up to date; return false where somebody ended it."""
    while (caught_up := figures.catch_up(ws, _SLICE)).left and caught_up.done:
        job.progress(max(0, total - caught_up.left), total)
        if not job.goes_on():
            return False
    return True

"""The figures of the overview as two short tables: how many and how long, and the rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui import theme
from ui.models.overview_figures import counted, is_hinted, rates, undivided
from ui.theme import Token
from ui.widgets.columns import Columns
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from desk_app.sentences import Sentences
    from desk_app.services.overview import Overview
    from ui.models.overview_figures import Figure

_WIDEST_COUNTS = ("答复用时·中位", "12 小时 55 分", "12 小时 55 分", "12 小时 55 分")
_WIDEST_RATES = ("服务不满意率", "100.0%", "1,000 ÷ 1,000", "100.0%", "去年同期")
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class FigureTable(RowsTable):
    """All its rows at once. ``stepped`` is left or right: the period before or after; ``taken`` carries a figure."""

    stepped = Signal(int)
    taken = Signal(object)

    def __init__(self, titles: Sequence[str], widest: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        """Be empty."""
        super().__init__(titles, widest, name, parent)
        self.figures: tuple[Figure, ...] = ()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.opened.connect(lambda row: self.taken.emit(self.figures[row]))

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        """Show other figures; the current row stays."""
        self.figures = figures
        self.show_rows([figure.cells for figure in figures])
        rows = sum(self.rowHeight(row) for row in range(len(figures)))
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the period before or after by an arrow."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)


class FiguresPanel(QWidget):
    """Both tables, and below them what has to be filled in for a rate that there is none of."""

    def __init__(self, sentences: Sentences, parent: QWidget | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self._sentences = sentences
        now, before, last_year, change = self.tr("本期"), self.tr("上期"), self.tr("去年同期"), self.tr("比上期")
        self.counts = FigureTable(
            (self.tr("件数、用时"), now, before, last_year, change), _WIDEST_COUNTS, self.tr("件数、用时")
        )
        self.rates = FigureTable(
            (self.tr("比率"), now, self.tr("件数 ÷ 基数"), before, last_year, change), _WIDEST_RATES, self.tr("比率")
        )
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        theme.ink(self._hint, Token.WARNING)
        self._hint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(Columns((self.counts, self.rates)))
        column.addWidget(self._hint)

    @property
    def tables(self) -> tuple[FigureTable, FigureTable]:
        """Both of them."""
        return self.counts, self.rates

    @property
    def hint(self) -> str:
        """What has to be filled in, else nothing."""
        return self._hint.text()

    def show_overview(self, found: Overview) -> None:
        """Show other figures."""
        self.counts.show_figures(counted(found))
        self.rates.show_figures(rates(found, self._sentences))
        lacking = [
            undivided(rate, key, self._sentences) for key, rate in found.now.rates.items() if is_hinted(rate, key)
        ]
        self._hint.setText("；".join(lacking))
        self._hint.setVisible(bool(lacking))

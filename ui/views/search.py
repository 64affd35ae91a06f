"""The search page: everything that has the words of the box, the best first, while they are typed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desk_app.domain.finding import Found, Sought
from desk_app.domain.periods import read_period
from desk_app.errors import KnownError
from desk_app.services import saved_searches as saved
from desk_app.services import search
from desk_app.services.named_list import name_of
from ui import theme
from ui.latest import Latest
from ui.models.hits_model import HitsModel
from ui.theme import Step, Token
from ui.views.search_filters import SearchFilters
from ui.views.search_table import HitsTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex

    from desk_app.domain.finding import SavedSearch
    from desk_app.services.results import Changes, Shop
    from ui.desk import Desk
    from ui.widgets.search_line import SearchLine

FIRST, MOST_SHOWN, MOST_COUNTED = 50, 400, 1_000
_PATIENCE_MS = 200  # after which it is said that the search goes on
_FURTHER_MS = 60  # after which they are counted: not while they are painted, or the next letter is typed
_INDEXING_MS = 2_000  # after which a search that could not look everywhere is asked anew

_NOTHING = Sought()


class SearchPage(QWidget):
    """List and filters; the words are those of the box, which keeps the keys.

    ``opened`` carries the number of a case that is wanted; ``left`` says that the person is done with searching: the
    box and the filters are empty then, so that none is in the way of the next search unseen.
    """

    opened = Signal(str)
    left = Signal()

    def __init__(self, desk: Desk, box: SearchLine, parent: QWidget | None = None) -> None:
        """Be empty until :meth:`activated`; the box is obeyed from now on."""
        super().__init__(parent)
        self._desk, self._box = desk, box
        operators = desk.shop.operators if desk.shop else ()
        self._filters = SearchFilters(desk.rules, desk.rules.trade_of(desk.shop), operators)
        self._model = HitsModel(desk.rules, self)
        self._table = HitsTable(self._model, box)
        self._told, self._hint = QLabel(), QLabel()
        self._question, self._counting = Latest(desk), Latest(desk)
        self._patience, self._further, self._indexing = QTimer(self), QTimer(self), QTimer(self)
        self._found_last = (_NOTHING, Found())
        self._saved: tuple[SavedSearch, ...] = ()
        self._asked: Sought | None = None
        self._answered: Sought | None = None
        self._limit, self._has_more = FIRST, False
        self._opens_first = False
        self._lay_out()
        self._wire()

    def activated(self) -> None:
        """Come to the front: what was found before is looked for anew, and the next key replaces the words."""
        self._box.begin()
        self._desk.ask(saved.saved_searches, lambda searches: self._offer(searches, self._filters.chosen))
        self._ask(self._limit)

    # --------------------------------------------------------------------------------------- asking

    def _sought(self) -> Sought | None:
        """Return what is looked for; None where the days are none."""
        days = self._filters.days
        sought = replace(self._filters.sought, words=self._box.text().strip())
        if not days:
            return sought
        try:
            period = read_period(days, self._desk.clock.now().date())
        except ValueError:
            return None
        return replace(sought, first=period.first, last=period.last)

    def _edited(self) -> None:
        self._opens_first = False
        if self.isVisible():
            self._ask(FIRST)

    def _ask(self, limit: int) -> None:
        """Ask for the first hits; what is shown stays until they are here."""
        self._question.forget()
        self._counting.forget()
        self._further.stop()
        self._indexing.stop()
        self._limit = limit
        sought = self._asked = self._sought()
        if sought is None:
            self._show_nothing(self.tr("日期写成 2026-10、2026-10-01 或 2026-10-01..2026-10-15；按 ↓ 选今天、本周…"))
        elif sought == _NOTHING:
            self._show_nothing(_examples(self.tr))
        else:
            if not self._patience.isActive():
                self._patience.start(_PATIENCE_MS)
            self._question.ask(
                lambda ws, wanted: search.find(ws, sought, limit, wanted), partial(self._found, sought), self._refused
            )

    def _found(self, sought: Sought, found: Found) -> None:
        self._patience.stop()
        is_same = sought == self._answered
        kept = self._model.lines[self._table.row].hit.number if is_same and self._table.row >= 0 else ""
        self._answered, self._has_more = sought, found.more
        self._model.show(found.hits, self._desk.clock.now())
        if found.hits and self._table.row < 0:  # other rows have taken the place of those that were there
            self._table.choose(self._model.find(kept) or 0)
        self._table.show_empty("" if found.hits else self._desk.rules.sentences.say("search_nothing", {}))
        self._tell(found, self._total(found))
        self._found_last = (sought, found)
        self._further.start(_FURTHER_MS)
        if self._opens_first:
            self._open_marked()

    def _look_further(self) -> None:
        """Count them where there are more, see what there would be without filters, or wait for the index."""
        sought, found = self._found_last
        if found.waiting:
            self._indexing.start(_INDEXING_MS)
        if found.more:
            wanted = replace(sought, words=found.instead or sought.words)
            self._counting.ask(
                lambda ws, is_wanted: search.count(ws, wanted, MOST_COUNTED, is_wanted), partial(self._counted, found)
            )
        elif not found.hits and sought.filters and sought.words:
            everywhere = Sought(sought.words)
            self._counting.ask(
                lambda ws, is_wanted: search.count(ws, everywhere, MOST_COUNTED, is_wanted), self._counted_without
            )

    def _counted(self, found: Found, count: int) -> None:
        if count < MOST_COUNTED:
            self._tell(found, self.tr("共 {0} 件").format(count))
        else:
            self._tell(found, self.tr("{0} 件以上，继续输入可缩小").format(f"{MOST_COUNTED:,}"))

    def _counted_without(self, count: int) -> None:
        if count:
            words = self.tr("这里没有找到：现在只找“{0}”。\n去掉筛选、在所有日期里找有 {1} 件：按 Alt+0")
            number = f"{count}" if count < MOST_COUNTED else self.tr("{0} 以上").format(MOST_COUNTED)
            self._table.show_empty(words.format(self._filters.in_words, number))

    def _refused(self, error: Exception) -> bool:
        self._patience.stop()
        if not isinstance(error, KnownError) or error.code != "search_too_long":
            return False
        self._show_nothing(self._desk.rules.sentences.error(error))
        return True

    def _more(self) -> None:
        if self._has_more and self._limit < MOST_SHOWN and self._asked == self._answered:
            self._has_more = False  # until these are here
            self._ask(min(2 * self._limit, MOST_SHOWN))

    # ---------------------------------------------------------------------------------------- telling

    def _total(self, found: Found) -> str:
        """Return how many there are, as far as it is known before they are counted."""
        if found.more:
            return self.tr("{0}+ 件，继续输入可缩小").format(len(found.hits))
        return self.tr("共 {0} 件").format(len(found.hits)) if found.hits else ""

    def _tell(self, found: Found, total: str) -> None:
        say = self._desk.rules.sentences.say
        instead = say("search_instead", {"words": found.instead}) if found.instead else ""
        waiting = self.tr("还有 {0} 条记录没编入索引，正在补…").format(found.waiting) if found.waiting else ""
        narrowed = self.tr("只找：{0}（Alt+0 去掉）").format(self._filters.in_words) if self._filters.in_words else ""
        self._say("　　".join(filter(None, (total, narrowed, instead, waiting))))

    def _say(self, words: str) -> None:
        self._told.setText(words)

    def _show_nothing(self, words: str) -> None:
        self._patience.stop()
        self._answered, self._has_more = None, False
        self._model.show((), self._desk.clock.now())
        self._table.show_empty(words)
        self._say("")

    # ----------------------------------------------------------------------------------------- opening

    def _enter(self) -> None:
        """Open the marked case; where the answer to what was typed is not here yet, when it comes."""
        if self._asked is not None and self._asked == self._answered:
            self._open_marked()
        else:
            self._opens_first = True

    def _open_marked(self) -> None:
        self._opens_first = False
        if self._table.row >= 0:
            self.opened.emit(self._model.lines[self._table.row].hit.number)

    def _leave(self) -> None:
        """Be done: nothing stays to be in the way of the next search."""
        with QSignalBlocker(self._box):
            self._box.clear()
        self._take_all()
        self.left.emit()

    def _take_all(self) -> None:
        """Narrow by nothing any more."""
        self._filters.narrow()
        self._offer(self._saved, "")
        self._back_to_box()
        self._edited()

    def _back_to_box(self) -> None:
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------------- the saved searches

    def _keep(self, name: str) -> None:
        sought = replace(self._filters.sought, words=self._box.text().strip())
        days = self._filters.days
        self._desk.ask(lambda ws: saved.save_search(ws, name, sought, days), partial(self._kept, name))

    def _kept(self, name: str, searches: tuple[SavedSearch, ...]) -> None:
        chosen = name_of(name)
        self._offer(searches, chosen)
        self._desk.notice.emit("done", self.tr("搜索“{0}”已保存").format(chosen))
        self._back_to_box()

    def _forget(self) -> None:
        name = self._filters.chosen
        self._desk.ask(lambda ws: saved.forget_search(ws, name), partial(self._forgotten, name))

    def _forgotten(self, name: str, searches: tuple[SavedSearch, ...]) -> None:
        self._offer(searches, "")
        self._desk.notice.emit("done", self.tr("搜索“{0}”已删除").format(name))
        self._back_to_box()

    def _offer(self, searches: tuple[SavedSearch, ...], chosen: str) -> None:
        if (searches, chosen) != (self._saved, self._filters.chosen):
            self._saved = searches
            self._filters.offer(searches, chosen)

    def _recall(self, place: int) -> None:
        chosen = self._saved[place]
        with QSignalBlocker(self._box):
            self._box.setText(chosen.sought.words)
        self._filters.narrow(chosen.sought, chosen.days)
        self._offer(self._saved, chosen.name)
        self._filters.take_focus()
        self._edited()

    # ------------------------------------------------------------------------------------------ wiring

    def _take_shop(self, shop: Shop) -> None:
        self._filters.take_shop(self._desk.rules.trade_of(shop), shop.operators)

    def _row_changed(self, current: QModelIndex) -> None:
        """Let a screen reader tell the marked row, which never has the keys."""
        cells = self._model.lines[current.row()].cells if current.isValid() else ()
        self._box.setAccessibleDescription("，".join(filter(None, cells)))

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.cases or changes.everything):
            self._ask_again()

    def _ask_again(self) -> None:
        if self.isVisible():
            self._ask(self._limit)

    def _wire(self) -> None:
        box, filters = self._box, self._filters
        box.textChanged.connect(self._edited)
        box.moved.connect(self._table.go)
        box.taken.connect(self._enter)
        box.left.connect(self._leave)
        box.onwards.connect(filters.take_focus)
        filters.changed.connect(self._edited)
        filters.left.connect(self._back_to_box)
        filters.named.connect(self._keep)
        # not while the list that chooses is still at it: it is made anew
        filters.recalled.connect(self._recall, Qt.ConnectionType.QueuedConnection)
        filters.forgotten.connect(self._forget)
        self._table.opened.connect(lambda _row: self._open_marked())
        self._table.at_end.connect(self._more)
        self._table.selectionModel().currentRowChanged.connect(self._row_changed)
        self._desk.changed.connect(self._changed)
        self._desk.shop_changed.connect(self._take_shop)
        timers: tuple[tuple[QTimer, Callable[[], None]], ...] = (
            (self._patience, lambda: self._say(self.tr("正在找…"))),
            (self._further, self._look_further),
            (self._indexing, self._ask_again),
        )
        for timer, slot in timers:
            timer.setSingleShot(True)
            timer.timeout.connect(slot)
        keys: tuple[tuple[str, Callable[[], None]], ...] = (("Ctrl+L", filters.take_focus), ("Alt+0", self._take_all))
        for key, act in keys:  # of the window, for the box is not within the page; they rest while it is not in front
            QShortcut(QKeySequence(key), self).activated.connect(act)

    def _lay_out(self) -> None:
        for label in (self._told, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        theme.ink(self._hint, Token.MUTED)
        self._hint.setFont(theme.font(Step.SMALL))
        self._hint.setText(
            self.tr("↑↓ 选择　Enter 打开　接着打字 缩小　Ctrl+L 筛选、起名保存　Alt+0 去掉筛选　PgDn 更多　Esc 返回")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(2), theme.space(2), theme.space(2), theme.space(2))
        column.addWidget(self._filters)
        column.addWidget(self._told)
        column.addWidget(self._table, 1)
        column.addWidget(self._hint)


def _examples(tr: Callable[[str], str]) -> str:
    return tr(
        "编号、姓名、电话、经过、要求、答复、备注、明细……里面的任何字都找得到，已结案的也在内；几个词用空格隔开。\n\n"
        "8000　　电话里连着的四位数\n"
        "zxs　　张小山：姓名的拼音首字母\n"
        "水壶 退货　　两个词都有的"
    )

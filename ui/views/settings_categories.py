"""设置 → 分类与词语: the categories that are offered, and the words from which one is suggested."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from desk_app.domain import own_trade
from desk_app.domain.fields import LEVEL, Field, FieldType, top_of
from desk_app.domain.rights import Right
from desk_app.services import categories
from ui import theme
from ui.forms.editors import EditorFacts
from ui.forms.field_form import FieldForm, Section, Slot
from ui.theme import Step, Token
from ui.widgets.right_line import RightLine
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.results import Shop
    from desk_app.services.shop import ShopSaved
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_Change: TypeAlias = "Callable[[Workspace], ShopSaved]"


class CategoriesSection(QWidget):
    """Two lists beside each other, each with a line to add to it; every change is stored at once."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show the shop as the desk knows it."""
        super().__init__(parent)
        self.tree, self.words = CategoryTree(desk), CategoryWords(desk)
        lists = QSplitter(Qt.Orientation.Horizontal)
        lists.setChildrenCollapsible(False)
        lists.addWidget(self.tree)
        lists.addWidget(self.words)
        lists.setStretchFactor(0, 2)
        lists.setStretchFactor(1, 3)
        column = QVBoxLayout(self)
        column.addWidget(RightLine(desk, Right.CATEGORIES, self))
        column.addWidget(lists, 1)

    def focus_first(self) -> None:
        """Take the keys, into the table of categories."""
        self.tree.table.setFocus(Qt.FocusReason.OtherFocusReason)


class _Half(QWidget):
    """A table, the line that adds to it, and its buttons; Ctrl+S means the line of the half that has the keys."""

    def __init__(self, desk: Desk, title: str, table: RowsTable, fields: tuple[Slot, ...]) -> None:
        super().__init__()
        self._desk = desk
        self._title = title
        self.table = table
        self.entry = FieldForm([Section("", [fields])], EditorFacts(desk.rules.trade_of(desk.shop), desk.clock))

    def _lay_out(self, hint: str, *buttons: tuple[QPushButton, Callable[[], None]]) -> None:
        head, note, line = QLabel(self._title), QLabel(hint), QHBoxLayout()
        head.setFont(theme.font(bold=True))
        note.setFont(theme.font(Step.SMALL))
        note.setWordWrap(True)
        theme.ink(note, Token.MUTED)
        for button, slot in buttons:
            button.setAutoDefault(True)
            button.clicked.connect(slot)
            line.addWidget(button)
        line.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addWidget(head)
        column.addWidget(note)
        column.addWidget(self.table, 1)
        column.addWidget(self.entry)
        column.addLayout(line)
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(buttons[0][1])

    def _missing(self, *keys: str) -> bool:
        """Say under its field what is not filled in yet; return whether anything is."""
        said, required = self.entry.values(), self._desk.rules.sentences.problems["required"]
        return bool(self.entry.show_problems({key: required for key in keys if key not in said}))

    def _ask(self, change: _Change, then: Callable[[], None] | None = None) -> None:
        def saved(result: ShopSaved) -> None:
            self._desk.take_shop(result.shop)
            self._desk.notice.emit("done", "")  # what was refused before is over
            if then is not None:
                then()

        self._desk.ask(change, saved)


class CategoryTree(_Half):
    """The categories: those of the trade can be hidden, the shop's own are added and taken away."""

    def __init__(self, desk: Desk) -> None:
        """Show the shop as the desk knows it."""
        table = RowsTable(
            [self.tr("分类"), self.tr("谁的"), self.tr("状态")],
            ("　　一般工作失误、服务欠缺", "行业 "),
            self.tr("分类"),
        )
        path = Field("path", self.tr("添一个分类"), FieldType.TEXT, help=self.tr("一级，或：一级 > 二级"))
        super().__init__(desk, self.tr("分类"), table, (Slot(path),))
        self._paths: tuple[str, ...] = ()
        self.put, self.hide_it = QPushButton(self.tr("添上  Ctrl+S")), QPushButton(self.tr("隐藏、恢复  空格"))
        self.remove = QPushButton(self.tr("删去本店的  Delete"))
        self._lay_out(
            self.tr("隐藏的不再给选，已登记的照旧看得到。Enter：在这一级下面添"),
            (self.put, self._put),
            (self.hide_it, lambda: self._toggle(self.table.row)),
            (self.remove, lambda: self._remove(self.table.row)),
        )
        self.table.toggled.connect(self._toggle)
        self.table.removed.connect(self._remove)
        self.table.opened.connect(self._begin_below)
        desk.shop_changed.connect(self._show)
        if desk.shop is not None:
            self._show(desk.shop)

    def _show(self, shop: Shop) -> None:
        shipped, offered = self._desk.rules.trade(shop.trade), self._desk.rules.trade_of(shop)
        self._paths = own_trade.tree(shipped, shop.own_categories)
        label = self._desk.rules.sentences.label
        self.table.show_rows(
            [
                (
                    "　　" + path.partition(LEVEL)[2] if LEVEL in path else path,
                    label("word", "of_trade" if shipped.has_category(path) else "own"),
                    "" if offered.has_category(path) else label("word", "hidden"),
                )
                for path in self._paths
            ]
        )

    def _put(self) -> None:
        if not self._missing("path"):
            typed = str(self.entry.values()["path"])
            self._ask(lambda ws: categories.add_category(ws, typed), lambda: self.entry.set_values({}))

    def _toggle(self, row: int) -> None:
        if row >= 0:
            path = self._paths[row]
            self._ask(lambda ws: categories.toggle_category(ws, path))

    def _remove(self, row: int) -> None:
        if row >= 0:
            path = self._paths[row]
            self._ask(lambda ws: categories.remove_category(ws, path))

    def _begin_below(self, row: int) -> None:
        self.entry.set_values({"path": top_of(self._paths[row]) + LEVEL})
        editor = self.entry.rows["path"].editor
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(editor, QLineEdit):
            editor.end(False)


class CategoryWords(_Half):
    """The words: those of the trade can be silenced, the shop's own are added, changed and taken away."""

    def __init__(self, desk: Desk) -> None:
        """Show the shop as the desk knows it."""
        table = RowsTable(
            [self.tr("词语"), self.tr("谁的"), self.tr("建议的分类")], ("没有人接电话吗", "停用 "), self.tr("词语")
        )
        fields = (
            Slot(Field("word", self.tr("词语"), FieldType.TEXT, help=self.tr("客人会说的话")), 2),
            Slot(Field("path", self.tr("分类"), FieldType.CATEGORY), 3),
        )
        super().__init__(desk, self.tr("词语 → 分类"), table, fields)
        self._listed: tuple[own_trade.Word, ...] = ()
        self.put = QPushButton(self.tr("填入  Ctrl+S"))
        self.remove = QPushButton(self.tr("删去、停用、恢复  Delete"))
        self._lay_out(
            self.tr("经过里有这个词，登记时就建议这个分类，F5 采用。Enter：改这一个"),
            (self.put, self._put),
            (self.remove, lambda: self._remove(self.table.row)),
        )
        self.table.removed.connect(self._remove)
        self.table.opened.connect(self._edit)
        desk.shop_changed.connect(self._show)
        if desk.shop is not None:
            self._show(desk.shop)

    def _show(self, shop: Shop) -> None:
        self.entry.set_trade(self._desk.rules.trade_of(shop))
        self._listed = own_trade.listed(self._desk.rules.trade(shop.trade), shop.own_words)
        label = self._desk.rules.sentences.label
        self.table.show_rows(
            [
                (
                    each.word,
                    label("word", "not_in_force" if each.is_silent else "own" if each.is_own else "of_trade"),
                    each.path,
                )
                for each in self._listed
            ],
            self.tr("还没有一个词。在下面填入第一个。"),
        )

    def _put(self) -> None:
        if self._missing("word", "path"):
            return
        said = self.entry.values()
        word, path = str(said["word"]), str(said["path"])
        self._ask(lambda ws: categories.put_word(ws, word, path), lambda: self._was_put(word, path))

    def _was_put(self, word: str, path: str) -> None:
        """Show the word among the others, and wait for the next one of the same category."""
        place = next((n for n, each in enumerate(self._listed) if each.word == word), None)
        if place is not None:
            self.table.choose(place)
        self.entry.set_values({"path": path})
        self.entry.rows["word"].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edit(self, row: int) -> None:
        """Take a word into the line below, to be given another category."""
        self.entry.set_values({"word": self._listed[row].word, "path": self._listed[row].path})
        self.entry.rows["path"].editor.setFocus(Qt.FocusReason.TabFocusReason)

    def _remove(self, row: int) -> None:
        if row >= 0:
            word = self._listed[row].word
            self._ask(lambda ws: categories.remove_word(ws, word))

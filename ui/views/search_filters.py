"""One line that narrows a search: days, kind, category, department, status, operator; and keeps it under a name."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desk_app.domain.fields import Choice
from desk_app.domain.finding import Sought
from desk_app.domain.vocabulary import Kind, Status
from ui import theme
from ui.forms.category_editor import CategoryEditor
from ui.forms.editors import ChoiceCombo, LineEditor, OpenEditor
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QKeyEvent

    from desk_app.domain.fields import Trade
    from desk_app.domain.finding import SavedSearch
    from desk_app.services.rules import Rules

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LONGEST_NAME = 20
_ALL = Sought()
_WIDTHS = {"days": 10, "category": 12, "department": 7, "operator": 7, "name": 10}  # in characters of this script


class SearchFilters(QWidget):
    """What narrows a search.

    ``changed`` is emitted at each change by hand; ``named`` carries a name to keep the search by, ``recalled`` the
    place of a saved one, ``forgotten`` asks to keep the one that was recalled no longer; ``left``: the keys go back.
    Del takes one of them away.
    """

    changed = Signal()
    named = Signal(str)
    recalled = Signal(int)
    forgotten = Signal()
    left = Signal()

    def __init__(self, rules: Rules, trade: Trade, operators: Sequence[str], parent: QWidget | None = None) -> None:
        """Narrow nothing; ``operators`` are the names to choose from."""
        super().__init__(parent)
        self._rules = rules
        near = zip(("day", "week", "month", "last", "year"), self.tr("今天 本周 本月 上月 今年").split(), strict=True)
        self._near = dict(near)
        self._days = OpenEditor(tuple(Choice(key, label) for key, label in self._near.items()))
        self._kind = self._combo(rules.fields["kind"].choices)
        self._category = CategoryEditor(trade)
        self._department, self._operator = OpenEditor(()), OpenEditor(())
        statuses = (Choice(status, rules.sentences.label("status", status)) for status in Status)
        self._status = self._combo(statuses)
        self._name = LineEditor()
        self._forget = QPushButton(self.tr("删除"))
        self._saved: ChoiceCombo | None = None
        self.chosen = ""
        """The name of the saved search that is shown."""
        self._flow = FlowLayout(self, theme.space(1.5))
        self._lay_out()
        self.take_shop(trade, operators)
        for editor in (self._days, self._kind, self._category, self._department, self._status, self._operator):
            editor.edited.connect(self.changed)
        self._forget.clicked.connect(self.forgotten)

    def take_shop(self, trade: Trade, operators: Sequence[str]) -> None:
        """Offer what a shop has from now on; what was entered stays."""
        self._category.set_trade(trade)
        self._department.suggest(tuple(Choice(name, name) for name in trade.departments))
        self._operator.suggest(tuple(Choice(name, name) for name in operators))
        for editor in (self._department, self._operator):
            editor.setPlaceholderText(self.tr("不限  ↓"))

    # ----------------------------------------------------------------------------------- what is asked

    @property
    def days(self) -> str:
        """The days, as ``domain.periods.read_period`` takes them; empty where all are meant."""
        typed = self._days.value() or ""
        return next((key for key, label in self._near.items() if label == typed), typed)

    @property
    def sought(self) -> Sought:
        """All the others; no words."""
        kind, status = self._kind.value(), self._status.value()
        return Sought(
            kinds=(Kind(kind),) if kind else (),
            category=self._category.value() or "",
            department=self._department.value() or "",
            status=Status(status) if status else None,
            operator=self._operator.value() or "",
        )

    def narrow(self, sought: Sought = _ALL, days: str = "") -> None:
        """Narrow by these; nothing is emitted."""
        self._days.set_value(self._near.get(days, days))
        self._kind.set_value(sought.kinds[0] if sought.kinds else "")
        self._category.set_value(sought.category)
        self._department.set_value(sought.department)
        self._status.set_value(sought.status or "")
        self._operator.set_value(sought.operator)

    @property
    def in_words(self) -> str:
        """What narrows the search, as people read it; empty where nothing does."""
        sought = self.sought
        kind = self._rules.fields["kind"].label_of(sought.kinds[0]) if sought.kinds else ""
        status = self._rules.sentences.label("status", sought.status) if sought.status else ""
        parts = (self._days.value(), kind, sought.category, sought.department, status, sought.operator)
        return "　".join(filter(None, parts))

    # ------------------------------------------------------------------------------ the saved searches

    def offer(self, saved: Sequence[SavedSearch], chosen: str = "") -> None:
        """Offer these; ``chosen`` is the name of the one that is shown."""
        if self._saved is not None:
            had_focus = self._saved.hasFocus()
            self._saved.hide()
            self._saved.deleteLater()
            self._saved = None
            if had_focus:
                self._days.setFocus(Qt.FocusReason.OtherFocusReason)
        if saved:
            combo = self._saved = ChoiceCombo(tuple(Choice(each.name, each.name) for each in saved), self)
            combo.setAccessibleName(self.tr("保存的搜索"))
            combo.setPlaceholderText(self.tr("保存的搜索"))
            combo.set_value(chosen)
            combo.edited.connect(lambda: self.recalled.emit(combo.currentIndex()))
            self._flow.addWidget(combo)
            QWidget.setTabOrder(combo, self._days)
        self.chosen = chosen
        self._name.set_value(chosen)
        self._arrange()

    # -------------------------------------------------------------------------------------------- keys

    def take_focus(self) -> None:
        """Begin at the first."""
        (self._saved or self._days).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter (keep it by the name that was typed, else go back), Esc, and Del on a choice."""
        name = self._name.value()
        combo = next((each for each in (self._kind, self._status) if each.hasFocus()), None)
        if event.key() == Qt.Key.Key_Delete and combo is not None:
            combo.set_value("")
            self.changed.emit()
        elif event.key() in _ENTER and self._name.hasFocus() and name:
            self.named.emit(name)
        elif event.key() in (*_ENTER, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------------------------ layout

    def _combo(self, choices: Iterable[Choice]) -> ChoiceCombo:
        combo = ChoiceCombo((Choice("", self.tr("不限")), *choices), self)
        combo.set_value("")
        return combo

    def _lay_out(self) -> None:
        em = self.fontMetrics().horizontalAdvance("宽")
        fields: tuple[tuple[str, QWidget, str], ...] = (
            (self.tr("日期"), self._days, "days"),
            (self.tr("类别"), self._kind, ""),
            (self.tr("分类"), self._category, "category"),
            (self.tr("部门"), self._department, "department"),
            (self.tr("状态"), self._status, ""),
            (self.tr("操作员"), self._operator, "operator"),
        )
        self._order: list[QWidget] = []
        for words, editor, key in fields:
            label = QLabel(words)
            editor.setAccessibleName(words)
            if key:
                editor.setFixedWidth(_WIDTHS[key] * em)
            self._order += (label, editor)
        self._days.setPlaceholderText(self.tr("↓ 或写 2026-10"))
        self._name.setAccessibleName(self.tr("搜索的名字"))
        self._name.setPlaceholderText(self.tr("起名保存  Enter"))
        self._name.setMaxLength(_LONGEST_NAME)
        self._name.setFixedWidth(_WIDTHS["name"] * em)
        self._order.append(self._name)
        for widget in (*self._order, self._forget):
            self._flow.addWidget(widget)
        in_turn = [*(editor for _, editor, _ in fields), self._name, self._forget]
        for one, next_ in pairwise(in_turn):  # they became children of the page in another order
            QWidget.setTabOrder(one, next_)
        self._arrange()

    def _arrange(self) -> None:
        saved = () if self._saved is None else (self._saved,)
        forget = (self._forget,) if self.chosen else ()
        self._flow.arrange([*saved, *self._order, *forget], frozenset())

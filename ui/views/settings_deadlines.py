"""设置 → 时限: the rules that say who owes what by when, and the few other numbers the shop sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice, Field, FieldType
from desk_app.domain.rights import Right
from desk_app.domain.shop_rules import Edit
from desk_app.domain.terms import Term
from desk_app.domain.vocabulary import Role, Unit
from desk_app.errors import KnownError
from desk_app.services import rule_file
from desk_app.services.rules import DEFAULT_TRADE
from ui import theme
from ui.forms.editors import EditorFacts
from ui.forms.field_form import FieldForm, FormScroll, Section, Slot
from ui.models.rule_changes import RuleChanges
from ui.theme import Step, Token
from ui.widgets.right_line import RightLine
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from desk_app.domain.deadlines import DeadlineRule
    from desk_app.services.results import Shop
    from desk_app.services.rule_file import RulesSaved
    from ui.desk import Desk

_ATTEMPTS = 7  # as many as a line of choices has room for
_NO_LIMIT = "all"
_FORM_IN_CHARACTERS = 34
_NARROW_IN_CHARACTERS = 100
_TITLE, _SOURCE = 2, 3  # columns
_DIGITS = "0123456789"


class DeadlinesSection(QWidget):
    """What is changed here waits until it is saved (Ctrl+S), all at once, as the shop's own file."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show the rules that are in force."""
        super().__init__(parent)
        self._desk = desk
        self._touched: set[str] = set()
        self._changes = RuleChanges(desk.policy.deadlines)
        self._choices = desk.rules.choices
        facts = EditorFacts(desk.rules.trade(DEFAULT_TRADE), desk.clock)
        self.form = FieldForm([Section("", self._form_lines())], facts)
        unit = desk.rules.sentences.label
        units = tuple(Choice(u, unit("unit", u)) for u in Unit if u is not Unit.GIVEN)
        term = (
            Field("amount", self.tr("期限"), FieldType.TEXT, max_length=4, help="24"),
            Field("unit", self.tr("单位"), FieldType.ENUM, choices=units, required=True),
        )
        self.term = FieldForm([Section("", [[Slot(term[0], 1), Slot(term[1], 6)]])], facts)
        self.rules = RowsTable(
            [self.tr("状态"), self.tr("期限"), self.tr("事项"), self.tr("依据")],
            ("* 停用", "10 个工作日", "", "顾客意见处理程序：涉及产品安全"),
            self.tr("时限规则"),
        )
        columns = self.rules.horizontalHeader()
        columns.setStretchLastSection(False)  # what a rule says takes what is left, not where it comes from
        columns.setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
        self.save = QPushButton(self.tr("保存时限  Ctrl+S"))
        self._file, self._whole = QLabel(), QLabel()
        self._lay_out()
        self._wire()
        self._show()

    def focus_first(self) -> None:
        """Take the keys."""
        self.form.focus_first()

    # ------------------------------------------------------------------------------------ what is shown

    def _show(self, _shop: Shop | None = None) -> None:
        """Show what is in force, but for what has been changed here and is not saved."""
        policy = self._desk.policy
        self._changes.book = policy.deadlines
        limits = policy.authority.limits
        values: dict[str, object] = {
            "settings.visit_attempts": str(policy.deadlines.visit_attempts),
            "settings.day_end": policy.deadlines.day_end.strftime("%H:%M"),
            **{f"authority.{role}": self._amount(limits[role]) for role in limits},
        }
        for key, row in self.form.rows.items():
            if key not in self._touched and not key.startswith("choice."):
                row.set_value(values.get(key))
        self.rules.show_rows([self._cells(rule) for rule in self._all])
        self._show_choices()

    def _amount(self, limit: object) -> str:
        return self.tr("不限") if limit is None else str(limit)

    def _refresh(self) -> None:
        """Show the rules as they would be saved; the line of the term is left alone."""
        for place, rule in enumerate(self._all):
            self.rules.put_row(place, self._cells(rule))
        self._show_choices()

    def _cells(self, rule: DeadlineRule) -> tuple[str, ...]:
        changes, sentences = self._changes, self._desk.rules.sentences
        state = sentences.label("word", "in_force" if changes.is_on(rule) else "not_in_force")
        typed = changes.term(rule)
        try:
            term = sentences.term(Term.parse(typed))
        except ValueError:
            term = typed
        return ("* " if changes.has(rule) else "") + state, term, rule.title, rule.source

    def _show_choices(self) -> None:
        for place, choice in enumerate(self._choices):
            taken = self._changes.taken(choice)
            self.form.rows[f"choice.{place}"].set_value(None if taken is None else str(taken))

    def _show_term(self, row: int) -> None:
        """Show a rule whole, and its term, in the lines below the table."""
        if 0 <= row < len(self._all):
            rule = self._all[row]
            self._whole.setText(self.tr("{0}　依据：{1}").format(rule.title, rule.source))
            typed = self._changes.term(self._all[row])
            unit = typed.lstrip(_DIGITS)
            self.term.set_values({"amount": typed.removesuffix(unit), "unit": unit})

    @property
    def _all(self) -> Sequence[DeadlineRule]:
        return self._changes.book.rules

    # ---------------------------------------------------------------------------------------- changing

    def _edited(self, key: str) -> None:
        part, _, name = key.partition(".")
        if part != "choice":
            self._touched.add(key)
            return
        option = self.form.rows[key].value()
        self._changes.take(self._choices[int(name)], int(str(option)))
        self._refresh()

    def _toggle(self, row: int) -> None:
        rule = self._all[row]
        self._changes.set_on(rule, on=not self._changes.is_on(rule))
        self._refresh()

    def _edited_term(self) -> None:
        values = self.term.values()
        self._changes.set_term(self._all[self.rules.row], f"{values.get('amount', '')}{values.get('unit', '')}")
        self._refresh()

    def _reset(self, row: int) -> None:
        """Put a rule back to what it is as shipped; one of the shop's own has nothing to go back to."""
        rule = self._all[row]
        shipped = self._desk.rules.policy.deadlines[rule.id]
        if shipped is not None:
            self._changes.set_term(rule, str(shipped.term))
            self._changes.set_on(rule, on=shipped.enabled)
            self._refresh()
            self._show_term(row)

    # ------------------------------------------------------------------------------------------ saving

    def _save(self) -> None:
        edits = [*self._changes.edits(), *map(self._typed, sorted(self._touched))]
        self._desk.ask(lambda ws: rule_file.save(ws, edits), self._saved, self._refused)

    def _typed(self, key: str) -> Edit:
        part, _, name = key.partition(".")
        value = self.form.rows[key].value()
        said = "" if value is None else str(value)
        if part == "authority":
            return Edit(part, "", name, self._limit(Role(name), said))
        return Edit(part, "", name, int(said) if name == "visit_attempts" else said)

    def _limit(self, role: Role, said: str) -> object:
        """Return an amount as the file has it; nothing said is nothing granted."""
        if said == self.tr("不限"):
            return _NO_LIMIT
        if not said:
            return 0 if role in self._desk.rules.policy.authority.limits else None
        try:
            return int(said)
        except ValueError:
            return said  # told by the check as what it is

    def _saved(self, saved: RulesSaved) -> None:
        self._touched.clear()
        self._changes.clear()
        self.form.show_problems({})
        self.term.show_problems({})
        self._desk.take_shop(saved.shop)
        say = self._desk.rules.sentences.say
        kept = saved.kept
        told = [say("deadlines_kept", {"kept": kept}) if kept else say("deadlines_saved", {})]
        if saved.as_told:
            told.append(say("deadlines_as_told", {"count": saved.as_told}))
        self._desk.notice.emit("warning" if kept else "done", "。".join(told))

    def _refused(self, error: Exception) -> bool:
        """Say what is wrong under its field, where it has one here, in the words of the page and not of the file."""
        if not isinstance(error, KnownError):
            return False
        part, key = str(error.params.get("part", "")), str(error.params.get("key", ""))
        place = next((n for n, rule in enumerate(self._all) if part == f"rule {rule.id}"), None)
        if f"{part}.{key}" in self.form.rows:
            amount = self.tr("请写整数（元）或“不限”；空着是不能批")
            clock = self.tr("请写成 18:00 这样的时间")
            self.form.show_problems({f"{part}.{key}": amount if part == "authority" else clock})
        elif place is not None and key == "term":
            self.rules.choose(place)
            self.term.show_problems({"amount": self.tr("请写一个数，如 24；单位在右边选")})
        else:
            return False
        self._desk.notice.emit("done", "")  # what was told of an earlier save is over
        return True

    # ------------------------------------------------------------------------------------------ layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the source to the line below the table where there is little room."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW_IN_CHARACTERS * self.fontMetrics().averageCharWidth()
        self.rules.setColumnHidden(_SOURCE, is_narrow)

    def _form_lines(self) -> list[list[Slot]]:
        lines = [
            [
                Slot(
                    Field(
                        f"choice.{place}",
                        choice.title,
                        FieldType.ENUM,
                        required=True,
                        choices=tuple(Choice(str(n), label) for n, label in enumerate(choice.labels)),
                    )
                )
            ]
            for place, choice in enumerate(self._choices)
        ]
        now = self._desk.policy.deadlines.visit_attempts
        counts = tuple(Choice(str(n), str(n)) for n in sorted({*range(1, _ATTEMPTS + 1), now}))
        attempts = Field(
            "settings.visit_attempts", self.tr("几次联系不上算已回访"), FieldType.ENUM, required=True, choices=counts
        )
        day_end = Field("settings.day_end", self.tr("工作日、营业日几点截止"), FieldType.TEXT, help="18:00")
        role = self._desk.rules.sentences.label
        limits = [
            Field(
                f"authority.{r}",
                self.tr("{0}可批（元）").format(role("role", r)),
                FieldType.TEXT,
                help=self.tr("不能批"),
            )
            for r in Role
        ]
        return [*lines, [Slot(attempts)], [Slot(day_end)], [Slot(f) for f in limits[:2]], [Slot(f) for f in limits[2:]]]

    def _lay_out(self) -> None:
        self._file.setText(self.tr("存在 {0}；其余各项可直接改这个文件").format(self._desk.folder.deadlines))
        self._file.setFont(theme.font(Step.SMALL))
        self._file.setWordWrap(True)
        self._file.setTextFormat(Qt.TextFormat.PlainText)
        self._file.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.ink(self._file, Token.MUTED)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, theme.space(3), 0)
        column.setSpacing(theme.space(3))
        column.addWidget(self.form)
        column.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._file)
        column.addStretch()
        scroll = FormScroll()
        scroll.setFixedWidth(_FORM_IN_CHARACTERS * self.fontMetrics().averageCharWidth())
        scroll.setWidget(left)
        keys = QLabel(self.tr("空格 启用或停用　Enter 改期限　Delete 恢复出厂　* 还没有保存"))
        keys.setFont(theme.font(Step.SMALL))
        keys.setWordWrap(True)
        theme.ink(keys, Token.MUTED)
        self._whole.setFont(theme.font(Step.SMALL))
        self._whole.setWordWrap(True)
        self._whole.setTextFormat(Qt.TextFormat.PlainText)
        right = QVBoxLayout()
        right.setSpacing(theme.space(2))
        right.addWidget(RightLine(self._desk, Right.DEADLINES, self))
        right.addWidget(self.rules, 1)
        right.addWidget(self._whole)
        right.addWidget(self.term)
        right.addWidget(keys)
        whole = QHBoxLayout(self)
        whole.setSpacing(theme.space(4))
        whole.addWidget(scroll)
        whole.addLayout(right, 1)

    def _wire(self) -> None:
        self._desk.shop_changed.connect(self._show)
        self.form.edited.connect(self._edited)
        self.term.edited.connect(self._edited_term)
        self.rules.chosen.connect(self._show_term)
        self.rules.toggled.connect(self._toggle)
        self.rules.opened.connect(self.term.focus_first)
        self.rules.removed.connect(self._reset)
        self.save.clicked.connect(self._save)
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._save)

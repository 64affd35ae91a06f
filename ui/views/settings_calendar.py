"""设置 → 工作日历: the days of a year that are not what their weekday says, the official ones and the shop's own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desk_app.domain.calendar_csv import LONGEST_TEXT
from desk_app.domain.fields import Choice, Field, FieldType
from desk_app.domain.rights import Right
from desk_app.domain.times import parse_day
from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.sentences import short_day, short_time
from desk_app.services import calendar as calendars
from desk_app.services.rules import DEFAULT_TRADE
from ui import theme
from ui.forms.editors import EditorFacts
from ui.forms.field_form import FieldForm, Section, Slot
from ui.theme import Step, Token
from ui.widgets.ask_path import ask_file
from ui.widgets.choice_bar import ChoiceBar
from ui.widgets.glyph import Glyph
from ui.widgets.right_line import RightLine
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from desk_app.services.calendar import CalendarSaved
    from desk_app.services.results import Shop
    from ui.calendar_watch import Recount
    from ui.desk import Desk

_CSV = "CSV (*.csv)"

_WEEKDAYS = "一二三四五六日"
_FIRST_YEAR, _LAST_YEAR = 1950, 2999
_TOLD = 2000  # moved due dates that are listed; the sentence above counts them all


class CalendarSection(QWidget):
    """Every change is stored at once; the due dates follow in the background, and which did is listed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show the present year."""
        super().__init__(parent)
        self._desk = desk
        self._listed: tuple[tuple[CalendarDay, bool], ...] = ()
        label = desk.rules.sentences.label
        self.year = QSpinBox()
        self.year.setRange(_FIRST_YEAR, _LAST_YEAR)
        self.year.setValue(desk.clock.now().year)
        self.weekdays = ChoiceBar([Choice(str(n), day) for n, day in enumerate(_WEEKDAYS)], several=True)
        self.days = RowsTable(
            [self.tr("日期"), self.tr("类别"), self.tr("谁填的"), self.tr("名称"), self.tr("来源")],
            ("2026年10月10日周六", "营业", "官方 ", "春节（补休）"),
            self.tr("一年里与星期不同的日子"),
        )
        kinds = tuple(Choice(kind, label("day", kind)) for kind in DayKind)
        fields = (
            Field("day", self.tr("日期"), FieldType.TEXT, required=True, help="2027-01-01"),
            Field("kind", self.tr("类别"), FieldType.ENUM, required=True, choices=kinds),
            Field("name", self.tr("名称"), FieldType.TEXT, max_length=LONGEST_TEXT, help=self.tr("元旦、盘点 …")),
            Field("source", self.tr("来源"), FieldType.TEXT, max_length=LONGEST_TEXT, help=self.tr("通知的文号")),
        )
        facts = EditorFacts(desk.rules.trade(DEFAULT_TRADE), desk.clock)
        shares = (2, 5, 2, 3)
        self.entry = FieldForm([Section("", [[Slot(f, s) for f, s in zip(fields, shares, strict=True)]])], facts)
        self.put = QPushButton(self.tr("填入  Ctrl+S"))
        self.remove = QPushButton(self.tr("删去本店填的  Delete"))
        self.take_in = QPushButton(self.tr("读入 CSV…  Ctrl+O"))
        self.write_own = QPushButton(self.tr("写出本店填的…"))
        self.write_year = QPushButton(self.tr("写出全年…"))
        self._provisional, self._provisional_sign = QLabel(), Glyph("warning")
        self._progress = QProgressBar()
        self._result = QLabel()
        self.moved = RowsTable(
            [self.tr("编号"), self.tr("事项"), self.tr("原期限"), self.tr("新期限")],
            ("TS-20261008-001", "提案待分析", "2026-10-01 18:00"),
            self.tr("改期的事项"),
        )
        self._lay_out()
        self._wire()
        if desk.shop is not None:
            self._show(desk.shop)
            self._show_year()
        if desk.recount is not None:
            self._show_recount(desk.recount)

    def focus_first(self) -> None:
        """Take the keys: into the table, or where the first day is typed in."""
        (self.days if self._listed else self.entry.rows["day"].editor).setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------------------ what is shown

    def _show(self, shop: Shop) -> None:
        self.weekdays.set_value([str(day) for day in shop.open_weekdays])
        self._show_days()

    def _show_year(self) -> None:
        """Show another year: from its beginning, or from what comes next of the present one."""
        self._show_days()
        today = self._desk.clock.now().date()
        coming = next((n for n, (entry, _) in enumerate(self._listed) if entry.day >= today), 0)
        if self._listed:
            self.days.choose(coming)

    def _show_days(self) -> None:
        year, label = self.year.value(), self._desk.rules.sentences.label
        calendar = self._desk.policy.deadlines.calendar()
        self._listed = calendar.listed(year)
        self.days.show_rows(
            [
                (
                    f"{entry.day.year}年{short_day(entry.day)}",
                    label("day", entry.kind),
                    label("word", "own" if is_own else "official"),
                    entry.name,
                    entry.source,
                )
                for entry, is_own in self._listed
            ],
            self.tr("{0} 年还没有一天。在下面填入，或读入一份 CSV（Ctrl+O）。").format(year),
        )
        is_provisional = calendar.is_provisional(year)
        say = self._desk.rules.sentences.say
        self._provisional.setText(say("calendar_provisional", {"year": year}) if is_provisional else "")
        self._provisional_sign.setVisible(is_provisional)

    def _show_recount(self, recount: Recount) -> None:
        self._progress.setVisible(not recount.is_over)
        self._progress.setRange(0, recount.total)
        self._progress.setValue(recount.done)
        self._progress.setFormat(self.tr("正在重算期限：%v / %m"))
        if not recount.is_over:
            return
        say, label = self._desk.rules.sentences.say, self._desk.rules.sentences.label
        count = len(recount.moved)
        self._result.setText(say("calendar_moved" if count else "calendar_moved_none", {"count": count}))
        self.moved.setVisible(bool(count))
        self.moved.show_rows(
            [
                (m.number, label("follow_up", m.kind), short_time(m.old), short_time(m.new))
                for m in recount.moved[:_TOLD]
            ]
        )

    # ---------------------------------------------------------------------------------------- changing

    def _put(self) -> None:
        """Enter the day that is typed in, where it is one."""
        values = {key: str(value) for key, value in self.entry.values().items()}
        missing = self._desk.rules.sentences.problems["required"]
        problems = {key: missing for key in ("day", "kind") if key not in values}
        day = _day(values.get("day", ""))
        if day is None and "day" in values:
            problems["day"] = self.tr("“{0}”不是日期，请写成 2026-10-01").format(values["day"])
        self.entry.show_problems(problems)
        if day is not None and not problems:
            entry = CalendarDay(day, DayKind(values["kind"]), values.get("name", ""), values.get("source", ""))
            self._ask(lambda ws: calendars.put_days(ws, [entry]), lambda: self._was_put(entry))

    def _was_put(self, entry: CalendarDay) -> None:
        """Show the day among the others, and wait for the next one of the same notice."""
        self.year.setValue(entry.day.year)
        place = next((n for n, (listed, _) in enumerate(self._listed) if listed == entry), None)
        if place is not None:
            self.days.choose(place)
        self.entry.set_values({"name": entry.name, "source": entry.source})
        self.entry.rows["day"].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edit(self, row: int) -> None:
        """Take a day into the line below, to be changed; of an official one the shop then says otherwise."""
        entry = self._listed[row][0]
        values = {"day": entry.day.isoformat(), "kind": entry.kind, "name": entry.name, "source": entry.source}
        self.entry.set_values(values)
        self.entry.rows["kind"].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, row: int) -> None:
        if row >= 0:
            entry = self._listed[row][0]
            self._ask(lambda ws: calendars.remove_day(ws, entry.day, entry.kind))

    def _set_weekdays(self) -> None:
        chosen = [int(day) for day in self.weekdays.value() or ()]
        self._ask(lambda ws: calendars.set_open_weekdays(ws, chosen))

    def _ask(
        self, work: Callable[..., CalendarSaved], then: Callable[[], None] | None = None, *, told: bool = False
    ) -> None:
        """Change the calendar; the due dates follow by themselves (``Desk.recounted``)."""

        def saved(result: CalendarSaved) -> None:
            self._desk.take_shop(result.shop)
            params = {"added": result.added, "replaced": result.replaced}
            sentence = self._desk.rules.sentences.say("calendar_saved", params) if told else ""
            self._desk.notice.emit("done", sentence)  # what was refused before is over
            if then is not None:
                then()

        def refused(_error: Exception) -> bool:
            if self._desk.shop is not None:
                self._show(self._desk.shop)  # what was chosen and is not stored is not shown
            return False

        self._desk.ask(work, saved, refused)

    # ------------------------------------------------------------------------------------------- files

    def _choose_file(self) -> None:
        ask_file(self, self.tr("读入工作日历"), self.take_file, filters=(_CSV,))

    def _choose_target(self, *, whole_year: bool) -> None:
        year = self.year.value() if whole_year else None
        dialog = QFileDialog(self, self.tr("写出工作日历"))
        dialog.setNameFilter(_CSV)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"工作日历{year or '（本店）'}.csv")
        dialog.fileSelected.connect(partial(self.write_file, year=year))
        dialog.open()

    def take_file(self, path: str) -> None:
        """Read a CSV file in."""
        self._ask(lambda ws: calendars.import_file(ws, Path(path)), told=True)

    def write_file(self, path: str, year: int | None) -> None:
        """Write a CSV file: a whole year, or what the shop has entered."""

        def written(count: int) -> None:
            params = {"count": count, "path": path}
            self._desk.notice.emit("done", self._desk.rules.sentences.say("calendar_written", params))

        self._desk.ask(lambda ws: calendars.export_file(ws, Path(path), year), written)

    # ------------------------------------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        head, sign, buttons = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._add_labelled(head, self.tr("年份"), self.year)
        head.addSpacing(theme.space(6))
        self._add_labelled(head, self.tr("每周营业（空格勾选）"), self.weekdays)
        head.addStretch()
        sign.addWidget(self._provisional_sign)
        self._provisional.setWordWrap(True)
        sign.addWidget(self._provisional, 1)
        for button in (self.put, self.remove, self.take_in, self.write_own, self.write_year):
            button.setAutoDefault(True)
            buttons.addWidget(button)
        buttons.addStretch()
        self._progress.hide()
        self.moved.hide()
        self._result.setFont(theme.font(Step.SMALL))
        theme.ink(self._result, Token.MUTED)
        lists = QSplitter(Qt.Orientation.Horizontal)
        lists.setChildrenCollapsible(False)
        lists.addWidget(self.days)
        lists.addWidget(self.moved)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addWidget(RightLine(self._desk, Right.CALENDAR, self))
        column.addLayout(head)
        column.addLayout(sign)
        column.addWidget(lists, 1)
        column.addWidget(self.entry)
        column.addLayout(buttons)
        column.addWidget(self._progress)
        column.addWidget(self._result)

    @staticmethod
    def _add_labelled(line: QHBoxLayout, words: str, widget: QWidget) -> None:
        label = QLabel(words)
        label.setFont(theme.font(Step.SMALL))
        label.setBuddy(widget)
        widget.setAccessibleName(words)
        line.addWidget(label)
        line.addWidget(widget)

    def _wire(self) -> None:
        self._desk.shop_changed.connect(self._show)
        self._desk.recounted.connect(self._show_recount)
        self.year.valueChanged.connect(self._show_year)
        self.weekdays.edited.connect(self._set_weekdays)
        self.days.opened.connect(self._edit)
        self.days.removed.connect(self._remove)
        self.put.clicked.connect(self._put)
        self.remove.clicked.connect(lambda: self._remove(self.days.row))
        self.take_in.clicked.connect(self._choose_file)
        self.write_own.clicked.connect(lambda: self._choose_target(whole_year=False))
        self.write_year.clicked.connect(lambda: self._choose_target(whole_year=True))
        for keys, slot in (("Ctrl+S", self._put), ("Ctrl+O", self._choose_file)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)


def _day(typed: str) -> date | None:
    try:
        return parse_day(typed)
    except ValueError:
        return None

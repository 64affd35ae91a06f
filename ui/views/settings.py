"""The 设置 page: the shop, who may receive, and the care of the register."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice, Field, FieldType
from desk_app.domain.problems import RefusedError
from desk_app.domain.rights import Right
from desk_app.errors import KnownError
from desk_app.services.rules import DEFAULT_TRADE
from desk_app.services.shop import Options, ShopSaved, save_shop
from ui import theme
from ui.forms.editors import EditorFacts
from ui.forms.field_form import FieldForm, FormScroll, Section, Slot
from ui.views.settings_pins import StaffPins
from ui.views.settings_staff import StaffRoles
from ui.widgets.right_line import RightLine

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desk_app.services.results import Shop
    from ui.desk import Desk
    from ui.views.settings_backup import BackupSection

_WIDTH_IN_CHARACTERS = 90
_WIDE_IN_CHARACTERS = 105  # from here on the roles stand beside the shop
_SECTIONS = (
    ("ui.views.settings_calendar", "CalendarSection"),
    ("ui.views.settings_deadlines", "DeadlinesSection"),
    ("ui.views.settings_categories", "CategoriesSection"),
    ("ui.views.settings_journal", "JournalSection"),
    ("ui.views.settings_privacy", "PrivacySection"),
    ("ui.views.settings_backup", "BackupSection"),
    ("ui.views.volumes", "VolumesSection"),
    ("ui.views.survey", "SurveySection"),
)
"""What stands on each tab after the first, loaded when it is first wanted."""
_BACKUPS = 6  # the place of their tab
_SILENCES = (30, 60, 90, 180)
_REPETITIONS = (7, 15, 30, 60, 90)
_IDLE = (3, 5, 10, 30, 0)  # minutes


class TabSection(Protocol):
    """What a tab does beside being a widget."""

    def focus_first(self) -> None:
        """Take the keys."""


class SettingsPage(QWidget):
    """What was set is stored by Ctrl+S, and holds at once."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show the shop as the desk knows it."""
        super().__init__(parent)
        self._desk = desk
        self._shown: dict[str, str | bool] = {}
        trades = tuple(Choice(*pair) for pair in desk.rules.sentences.labels["trade"].items())
        name = Field("name", self.tr("门店名称"), FieldType.TEXT, max_length=60)
        trade = Field("trade", self.tr("行业"), FieldType.ENUM, required=True, choices=trades)
        operators = Field(
            "operators", self.tr("受理人"), FieldType.LONG_TEXT, required=True, help=self.tr("一行一个姓名")
        )
        self._packs = tuple(
            Field(key, label, FieldType.BOOL) for key, label in desk.rules.sentences.labels["pack"].items()
        )
        silences = tuple(Choice(str(days), self.tr("{0} 天").format(days)) for days in _SILENCES)
        label = self.tr("投诉过的客户多久没有联系，列入“沉默客户”")
        silence = Field("silence", label, FieldType.ENUM, required=True, choices=silences)
        repetitions = tuple(Choice(str(days), self.tr("{0} 天").format(days)) for days in _REPETITIONS)
        label = self.tr("同一客户多少天内再说同样的事，提示可能是同一件")
        repetition = Field("repetition", label, FieldType.ENUM, required=True, choices=repetitions)
        waits = tuple(Choice(str(m), self.tr("{0} 分钟").format(m) if m else self.tr("不锁定")) for m in _IDLE)
        idle = Field("idle", self.tr("设有口令的人离开多久锁定"), FieldType.ENUM, required=True, choices=waits)
        reminders = Field("reminders", self.tr("到期前一小时，在系统托盘提醒"), FieldType.BOOL)
        facts = EditorFacts(desk.rules.trade(DEFAULT_TRADE), desk.clock)
        places = Field("strip_place", self.tr("照片去掉拍摄地点（放进附件时）"), FieldType.BOOL)
        lines = [
            [Slot(name)],
            [Slot(trade)],
            [Slot(operators, rows=5)],
            [Slot(tick) for tick in self._packs],
            [Slot(tick) for tick in (reminders, places)],
            [Slot(silence), Slot(repetition)],
            [Slot(idle)],
        ]
        self.form = FieldForm([Section("", lines)], facts)
        self.save = QPushButton(self.tr("保存设置  Ctrl+S"))
        self.roles, self.pins = StaffRoles(desk), StaffPins(desk)
        self.sections: dict[int, QWidget] = {}
        self._tabs = QTabWidget()
        self._holders = tuple(QWidget() for _ in range(1 + len(_SECTIONS)))
        self._lay_out()
        self._wire()
        if desk.shop is not None:
            self._show(desk.shop)

    def activated(self) -> None:
        """Show the shop as it is, ready to be changed."""
        self._show_tab(self._tabs.currentIndex())

    def _show_tab(self, place: int) -> None:
        """Take the keys on a tab; a section is made when it is first wanted."""
        if place == 0:
            self.form.focus_first()
            return
        if place not in self.sections:
            self.sections[place] = self._make_section(place)
            QVBoxLayout(self._holders[place]).addWidget(self.sections[place])
            self.sections[place].show()  # now, not when the loop comes round: it is to take the keys
        cast("TabSection", self.sections[place]).focus_first()

    def _make_section(self, place: int) -> QWidget:
        module, section = _SECTIONS[place - 1]
        return cast("QWidget", getattr(import_module(module), section)(self._desk))

    def _show(self, shop: Shop) -> None:
        values: dict[str, str | bool] = dict.fromkeys(shop.phrase_packs, True)
        values |= {"name": shop.name, "trade": shop.trade, "operators": "\n".join(shop.operators)}
        values |= {"silence": str(shop.silent_after), "reminders": shop.reminders}
        values |= {"repetition": str(shop.duplicate_days), "idle": str(shop.lock_after)}
        values |= {"strip_place": shop.strip_place}
        if values != self._shown:  # else something else was written: what is half typed here stays
            self._shown = values
            self.form.set_values(values)

    def _save(self) -> None:
        values = {key: str(value) for key, value in self.form.values().items()}
        names = values.get("operators", "").splitlines()
        trade = values.get("trade", DEFAULT_TRADE)
        options = Options(
            phrase_packs=tuple(pack.key for pack in self._packs if pack.key in values),
            reminders="reminders" in values,
            strip_place="strip_place" in values,
            silent_after=int(values["silence"]) if "silence" in values else None,
            lock_after=int(values["idle"]) if "idle" in values else None,
            duplicate_days=int(values["repetition"]) if "repetition" in values else None,
        )
        name, seen = values.get("name", ""), self._desk.shop
        self._desk.ask(lambda ws: save_shop(ws, name, trade, names, options, seen), self._saved, self._no)

    def _saved(self, saved: ShopSaved) -> None:
        self._desk.take_shop(saved.shop)
        say = self._desk.rules.sentences.say
        told = "".join(f"；{say(note.code, note.params)}" for note in saved.notes)
        self._desk.notice.emit("warning" if told else "done", self.tr("设置已保存") + told)

    def _no(self, error: Exception) -> bool:
        sentences = self._desk.rules.sentences
        if isinstance(error, RefusedError):
            words = sentences.problem(error.problems[0])
        elif isinstance(error, KnownError) and error.code == "operator_missing":
            words = sentences.error(error)
        else:
            return False
        self._desk.notice.emit("done", "")  # that an earlier save was stored is no news under this one
        self.form.show_problems({"operators": words})
        return True

    def show_backups(self) -> BackupSection:
        """Turn to the tab of the backups, and return it."""
        self._tabs.setCurrentIndex(_BACKUPS)
        return cast("BackupSection", self.sections[_BACKUPS])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the roles below the shop where they do not fit beside it."""
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE_IN_CHARACTERS * self.fontMetrics().averageCharWidth()
        way = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        self._across.setDirection(way)

    def _wire(self) -> None:
        self._desk.shop_changed.connect(self._show)
        self._tabs.currentChanged.connect(self._show_tab)
        self.save.clicked.connect(self._save)
        for place, key, slot in (
            (self._holders[0], "Ctrl+S", self._save),  # each tab has its own Ctrl+S
            (self, "F5", lambda: self.show_backups().back_up()),
            (self, "F6", lambda: self.show_backups().check_register()),
        ):
            shortcut = QShortcut(QKeySequence(key), place)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _lay_out(self) -> None:
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth())
        column = QVBoxLayout(middle)
        column.setSpacing(theme.space(3))
        column.addWidget(RightLine(self._desk, Right.SETTINGS, self))
        column.addWidget(self.form)
        column.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        inner = QWidget()
        self._across = QHBoxLayout(inner)
        self._across.setSpacing(theme.space(6))
        self._across.addWidget(middle, 3)
        people = QVBoxLayout()
        people.setSpacing(theme.space(5))
        people.addWidget(RightLine(self._desk, Right.STAFF, self))
        people.addWidget(self.roles)
        people.addWidget(self.pins)
        people.addStretch()
        self._across.addLayout(people, 2)
        scroll = FormScroll()  # a small screen at 150 % is lower than what there is to set
        scroll.setWidget(inner)
        QVBoxLayout(self._holders[0]).addWidget(scroll)
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setAccessibleName(self.tr("设置的分页"))
        titles = (
            self.tr("&1 门店与权限"),
            self.tr("&2 工作日历"),
            self.tr("&3 时限"),
            self.tr("&4 分类与词语"),
            self.tr("&5 日志"),
            self.tr("&6 隐私"),
            self.tr("&7 备份"),
            self.tr("&8 接待量"),
            self.tr("&9 满意度调查"),
        )
        for holder, words in zip(self._holders, titles, strict=True):
            self._tabs.addTab(holder, words)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.space(6), theme.space(3), theme.space(6), theme.space(3))
        whole.addWidget(self._tabs)

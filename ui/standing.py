"""What stays above the pages until it is mended: who finds it, and the bar that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.backup_watch import BackupWatch
from ui.calendar_watch import CalendarWatch
from ui.care_watch import CareWatch
from ui.widgets.standing_bar import StandingBar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desk_app.services.results import Shop
    from ui.desk import Desk


class Standing(QObject):
    """Keeps the bar in step with the shop's own rules, its calendar and the register; F12 leads where it is mended."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Begin to watch; what is known already is said at once."""
        super().__init__(window)
        self._desk = desk
        self.bar = StandingBar(window)
        CalendarWatch(desk, self).provisional.connect(self._show_provisional)
        for watch in (BackupWatch(desk, self), CareWatch(desk, self)):
            watch.told.connect(self.bar.tell)
        desk.shop_changed.connect(self._show_rules)
        desk.register_lost.connect(self._show_lost)
        desk.register_back.connect(self._show_lost)
        self._show_lost()

    def _show_rules(self, shop: Shop) -> None:
        fault = shop.rules_fault
        self.bar.tell("rules", self._desk.rules.sentences.say(fault.code, fault.params) if fault else "")

    def _show_provisional(self, years: tuple[int, ...]) -> None:
        say = self._desk.rules.sentences.say
        self.bar.tell("calendar", "；".join(say("calendar_provisional", {"year": year}) for year in years))

    def _show_lost(self) -> None:
        is_lost = self._desk.lost is not None
        self.bar.tell("lost", self._desk.rules.sentences.say("register_lost_standing", {}) if is_lost else "")

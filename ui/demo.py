"""The main job through the real window, without a screen: ``desk-app demo``.

First start, a complaint registered while the customer speaks, the queue worked, the month exported: every step by
keys, every step with a picture. A step that does not do what it should stops the demo.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from desk_app.clock import FixedClock
from desk_app.domain.vocabulary import Status
from desk_app.errors import BugError
from desk_app.paths import DataFolder
from desk_app.services import desk as use_cases
from desk_app.services import intake
from ui import theme
from ui.app import build_window
from ui.demo_player import CTRL, Player
from ui.demo_story import EARLIER, FULL_CASE, OPERATOR, REPLIED, SHOP, Earlier
from ui.models.queue_model import QueueModel
from ui.views.export import ExportPage
from ui.views.follow_up_table import QueueTable
from ui.views.register_saved import SavedPanel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.services.workspace import Workspace

KEY = Qt.Key
_SIZE = (1366, 768)
_START = datetime(2026, 10, 12, 9, 12, tzinfo=timezone(timedelta(hours=8)))


def run_demo(out: Path, clock: FixedClock | None = None) -> list[Path]:
    """Play the main job and return the files written: pictures of 1366 × 768, and the month's workbooks.

    ``clock`` stands at the morning of the demo's day; it is moved on by the demo.

    Raises:
        BugError: a step did not do what it should.
        OSError: ``out`` cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    clock = clock or FixedClock(_START)
    with _player(out, clock) as player:
        _first_start(player)
        _earlier_days(player, clock)
        number = _register(player)
        clock.moment += timedelta(hours=5, minutes=8)
        _work_the_queue(player, number)
        workbooks = _export(player, clock, out)
        player.press(KEY.Key_4, CTRL)
        player.picture("12-settings")
    return [*player.written, *workbooks]


@contextmanager
def _player(out: Path, clock: FixedClock) -> Iterator[Player]:
    """Open the window on a data folder of its own that is gone afterwards."""
    app = QApplication.instance() or QApplication([])
    if not isinstance(app, QApplication):
        raise BugError("the demo needs widgets")
    theme.apply(app, dark=False)
    with tempfile.TemporaryDirectory(prefix="complaint-desk-demo-") as data:
        window = build_window(DataFolder(Path(data)), clock)
        crashes: list[BaseException] = []
        window.desk.crashed.connect(crashes.append)
        window.resize(*_SIZE)
        try:
            yield Player(window, out)
        finally:
            window.close()
            window.deleteLater()
        if crashes:
            raise crashes[0]


def _first_start(player: Player) -> None:
    player.write(SHOP)
    player.press(KEY.Key_Tab)
    player.press(KEY.Key_2)  # 酒店
    player.press(KEY.Key_Tab)
    player.write(OPERATOR)
    player.picture("01-first-start")
    player.press(KEY.Key_S, CTRL)
    shop = player.window.desk.shop
    player.expect("the shop is set up", shop and shop.is_set_up and (shop.name, shop.trade) == (SHOP, "hotel"))


def _earlier_days(player: Player, clock: FixedClock) -> None:
    """Let colleagues have registered some cases, and answered one, on the days before."""
    today = clock.moment
    for place, case in enumerate(EARLIER):
        clock.moment = today - case.ago
        player.ask(_registered(case, f"earlier-{place}"))
        if case.replied_after is not None:
            clock.moment += case.replied_after
            player.ask(_replied(player, case))
    clock.moment = today
    player.window.desk.changed.emit(player.ask(lambda ws: intake.register(ws, EARLIER[0].raw, "earlier-0")).changes)
    player.settle()


def _registered(case: Earlier, request_id: str):  # type: ignore[no-untyped-def]
    return lambda ws: intake.register(ws, case.raw, request_id)

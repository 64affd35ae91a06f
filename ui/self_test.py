"""``desk-app self-test``: does this installation work at all, its window too?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desk_app.clock import SystemClock
from desk_app.errors import BugError
from desk_app.paths import DataFolder
from desk_app.services import desk, intake, upkeep
from ui import theme
from ui.app import build_window
from ui.demo_player import Player, no_screen

_CASE = {
    "kind": "complaint",
    "category": "商品问题",
    "customer_name": "自检",
    "content": "自检：登记一件，读回来，核对登记册。",
}


def run_self_test() -> None:
    """Open a temporary register in the window, put one case on file, read it back, check the register, close.

    Raises:
        BugError: what came back is not what was put in.
        Exception: whatever goes wrong on the way, as it is.
    """
    app = QApplication.instance() or QApplication([])
    if isinstance(app, QApplication):
        theme.apply(app)
    with no_screen(), tempfile.TemporaryDirectory(prefix="complaint-desk-self-test-") as data:
        window = build_window(DataFolder(Path(data)), SystemClock())
        try:
            player = Player(window, Path(data))
            number = player.ask(lambda ws: intake.register(ws, _CASE, "self-test")).case.number
            file = player.ask(lambda ws: desk.case_file(ws, number))
            found = player.ask(upkeep.verify)
        finally:
            window.close()
            window.deleteLater()
    if file.case.content != _CASE["content"] or not found.ok:
        raise BugError("self-test: the register does not give back what was put in")

"""``desk-app self-test``: does this installation work at all, its window too?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desk_app.clock import SystemClock
from desk_app.errors import BugError, KnownError
from desk_app.paths import DataFolder
from desk_app.services import access, desk, drill, intake, sealing, upkeep
from ui import theme
from ui.app import build_window
from ui.demo_player import Player, no_screen

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace

_CASE = {
    "kind": "complaint",
    "category": "商品问题",
    "customer_name": "自检",
    "content": "自检：登记一件，读回来，核对登记册。",
}
_PIN = "4729"
_SECRET = "self-test, and nothing else"  # noqa: S105 -- of a register that is gone afterwards


def run_self_test() -> None:
    """Open a temporary register in the window, put one case on file, read it back, check the register, close.

    Also what only a library beside Python can do: a PIN lets in who has it and nobody else, and a sealed backup opens.

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
            is_pin_asked = player.ask(_sign_in)
            tried = player.ask(lambda ws: _seal(ws, Path(data) / "elsewhere"))
        finally:
            window.close()
            window.deleteLater()
    if file.case.content != _CASE["content"] or not found.ok:
        raise BugError("self-test: the register does not give back what was put in")
    if not is_pin_asked:
        raise BugError("self-test: a wrong PIN lets in")
    if not tried:
        raise BugError("self-test: a sealed backup does not hold what the register does")


def _sign_in(ws: Workspace) -> bool:
    """Set a PIN, sign in with it, and tell whether another one is refused."""
    name = ws.operator
    access.set_pin(ws, name, _PIN)
    access.sign_out(ws)
    try:
        access.sign_in(ws, name, _PIN[::-1])
    except KnownError:
        access.sign_in(ws, name, _PIN)
        return True
    return False


def _seal(ws: Workspace, folder: Path) -> bool:
    """Write a sealed backup, and tell whether it can be restored to the same, row by row, by its passphrase alone."""
    sealing.set_up(ws, _SECRET)
    made = upkeep.backup(ws, folder, sealed=True)
    return made.is_sealed and drill.drill(ws, made.path, _SECRET).ok

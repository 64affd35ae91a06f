"""What children do until they are killed (``killing``); each is given its pipe and texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.clock import FixedClock
from desk_app.paths import DataFolder
from desk_app.services import export
from desk_app.services.export import Order
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace
from tests.faults.day import Day
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

_RULES = load_rules().read_all()  # once, in the server that children are forked from


def save(pipe: Connection, folder: str, name: str) -> None:
    """Work at the desk and say what ``tests.faults.day`` says."""
    Day(DataFolder(Path(folder)), _RULES, name, _says(pipe)).work("saves", 100_000)


def open_once(pipe: Connection, folder: str) -> None:
    """Say ``ready``, open a register, which migrates an older one, and say ``open``."""
    say = _says(pipe)
    say("ready")
    open_workspace(DataFolder(Path(folder)), FixedClock(NOW), _RULES).close()
    say("open")


def export_again(pipe: Connection, folder: str, out: str) -> None:
    """Export the same sheet over and over, and say its name each time."""
    say, ws = _says(pipe), open_workspace(DataFolder(Path(folder)), FixedClock(NOW), _RULES)
    order = Order(("register",), export.month_scope(ws, "2026-11"), Path(out), "小周")
    while True:
        say(export.export(ws, order).files[0].path.name)


def _says(pipe: Connection) -> Callable[[str], None]:
    return lambda line: pipe.send_bytes(line.encode())

"""What children do until they are killed (``killing``); each is given its pipe and texts."""

from __future__ import annotations

import ctypes
import itertools
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.clock import FixedClock
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import export
from desk_app.services.export import Order
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace
from desk_app.storage import schema
from tests.faults.day import Day
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

_TRIES = 5
_PR_SET_PTRACER = 0x59616D61
_RULES = load_rules().read_all()  # once, in the server that children are forked from
_SCHEMA = schema.expected()  # and so are the migrations, which are the whole of what a kill is to hit


def save(pipe: Connection, folder: str, name: str) -> None:
    """Work at the desk and say what ``tests.faults.day`` says."""
    Day(DataFolder(Path(folder)), _RULES, name, _says(pipe)).work("saves", 100_000)


def save_stubbornly(pipe: Connection, folder: str) -> None:
    """Save, say ``ready PID``, wait for a tracer, and save twice, each until it succeeds."""
    say = _says(pipe)
    day = Day(DataFolder(Path(folder)), _RULES, "hit", say)
    day.save("before")
    _let_any_trace()
    say(f"ready {os.getpid()}")
    while not _is_traced():
        time.sleep(0.001)
    for request_id in ("hit", "after"):
        for _ in range(_TRIES):
            try:
                day.save(request_id)
                break
            except KnownError as error:
                say(f"! {error.code}")
    day.ws.close()
    say("done")


def _is_traced() -> bool:
    """Whether a tracer is there: it may give its first error to the very question."""
    try:
        return "TracerPid:\t0" not in Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return True


def save_until_refused(pipe: Connection, folder: str, name: str, *limits: str) -> None:
    """Save until a known error, say it, and end. ``limits``: how large a file may grow; as which user."""
    say, (size, user) = _says(pipe), map(int, limits)
    if user:
        os.setgid(user)
        os.setuid(user)
    if size:
        import resource  # noqa: PLC0415 -- POSIX only

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        day = Day(DataFolder(Path(folder)), _RULES, name, say)
        day.ws.store.conn.execute("PRAGMA busy_timeout=50")
        for n in itertools.count():
            day.save(f"{name}-{n}")
    except KnownError as error:
        say(f"! {error.code}")


def open_once(pipe: Connection, folder: str) -> None:
    """Say ``ready``, open a register, which migrates an older one, and say ``open``."""
    say = _says(pipe)
    say("ready")
    open_workspace(DataFolder(Path(folder)), FixedClock(NOW), _RULES).close()
    say("open")


def export_again(pipe: Connection, folder: str, out: str) -> None:
    """Export the same sheet over and over, and say its name each time."""
    say, ws = _says(pipe), open_workspace(DataFolder(Path(folder)), FixedClock(NOW), _RULES)
    order = Order(("register",), export.month_scope(ws, "2026-11"), Path(out))
    while True:
        say(export.export(ws, order).files[0].path.name)


def _says(pipe: Connection) -> Callable[[str], None]:
    def say(line: str) -> None:
        while True:
            try:
                return pipe.send_bytes(line.encode())
            except OSError:  # the error that the test has the system give was meant for the program, not for us
                continue

    return say


def _let_any_trace() -> None:
    """Allow a tracer that is not our parent, where Linux asks for that (Yama)."""
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)

"""A program of its own that works at the desk, for the tests that kill it, record it or refuse it the disk.

    python -m tests.faults.day FOLDER NAME WORK COUNT

COUNT rounds of WORK: ``saves`` (a draft, a file taken in, a case registered with it, an action) or ``all`` (besides,
each round a sheet exported over the last one and a backup). What is done goes to standard output after it is done, a
line each: ``draft ID``, ``case ID NUMBER``, ``act ID``, ``file NAME``, ``backup NAME``; a known error as ``! CODE``,
and it goes on. A case bears the request id ``NAME-n``, content made of it, and one file that says it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.clock import FixedClock
from desk_app.domain.attachments import as_draft
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import attachments, desk, export, intake, upkeep
from desk_app.services.export import Order
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW, a_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

SAID = "说：电水壶通电后不加热。" * 60
OUT, USB = "out", "usb"
"""Folders beside the data: where sheets go, and where backups are copied."""


class Day:
    """A day at the desk: each method does one thing and acknowledges it."""

    def __init__(self, folder: DataFolder, rules: Rules, name: str, say: Callable[[str], None]) -> None:
        """Open the register."""
        self.ws: Workspace = open_workspace(folder, FixedClock(NOW), rules)
        self.name, self.say = name, say

    def work(self, work: str, count: int) -> None:
        """Do so many rounds; a known error ends a round."""
        for n in range(count):
            try:
                self.save(f"{self.name}-{n}")
                if work == "all":
                    self.hand_out()
            except KnownError as error:
                self.say(f"! {error.code}")
        self.ws.close()

    def save(self, request_id: str) -> None:
        """Type, take a file in, register, act."""
        raw = a_case(content=f"{request_id} {SAID}")
        intake.save_draft(self.ws, request_id, {"content": raw["content"]})
        self.say(f"draft {request_id}")
        taken = attachments.take_in(self.ws, f"附件 {request_id}".encode() * 400, "收据.txt")
        stored = intake.register(self.ws, {**raw, **as_draft([taken])}, request_id)
        self.say(f"case {request_id} {stored.case.number}")
        desk.act(self.ws, stored.case.number, "contact", {"content": f"{request_id} 已致电"}, f"{request_id}-act")
        self.say(f"act {request_id}-act")

    def hand_out(self) -> None:
        """Export a sheet over the last one, and back up."""
        scope = export.month_scope(self.ws, "2026-11")
        done = export.export(self.ws, Order(("register",), scope, self.ws.folder.root.parent / OUT))
        self.say(f"file {done.files[0].path.name}")
        self.say(f"backup {upkeep.backup(self.ws).path.name}")
        upkeep.backup(self.ws, self.ws.folder.root.parent / USB)


def say_to(descriptor: int) -> Callable[[str], None]:
    """Return what writes a line at once, in one piece."""

    def say(line: str) -> None:
        os.write(descriptor, f"{line}\n".encode())

    return say


def main(folder: str, name: str, work: str, count: str) -> None:
    """Work, and tell it on standard output."""
    Day(DataFolder(Path(folder)), load_rules(), name, say_to(1)).work(work, int(count))


if __name__ == "__main__":
    main(*sys.argv[1:])

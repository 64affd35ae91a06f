"""What a program acknowledged, and whether the register still has it: opened and asked with the real program."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk_app.clock import FixedClock
from desk_app.errors import KnownError
from desk_app.services import intake, upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage import backup
from tests.faults.day import SAID
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

_CASES = """
    SELECT e.request_id, c.number, c.content,
           (SELECT count(*) FROM follow_up f WHERE f.case_id = c.id AND f.event_id IN (0, e.id)),
           (SELECT count(*) FROM attachment a WHERE a.case_id = c.id)
    FROM "case" c LEFT JOIN event e ON e.case_id = c.id AND e.action = 'register'
"""


@dataclass(slots=True)
class Promises:
    """What was acknowledged, by request id or by name; ``refused`` are the codes of what was not done."""

    cases: dict[str, str] = field(default_factory=dict)
    acts: set[str] = field(default_factory=set)
    drafts: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    backups: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Promises:
        """Read the lines of ``tests.faults.day``."""
        made = cls()
        for line in lines:
            made.add(line)
        return made

    def add(self, line: str) -> None:
        """Take one more line of ``tests.faults.day``."""
        match line.split():
            case ["case", request_id, number]:
                self.cases[request_id] = number
            case ["act", request_id]:
                self.acts.add(request_id)
            case ["draft", request_id]:
                self.drafts.add(request_id)
            case ["file", name]:
                self.files.add(name)
            case ["backup", name]:
                self.backups.add(name)
            case ["!", code]:
                self.refused.append(code)
            case _:
                raise AssertionError(f"a line of no day: {line}")

    def broken(self, folder: DataFolder, rules: Rules) -> list[str]:
        """Return what the register does not keep, what is there by half, and what its own check finds."""
        if not self.cases and not folder.database.exists():
            return []
        try:
            ws = open_workspace(folder, FixedClock(NOW), rules)
        except KnownError as error:
            return [f"not opened: {error.code}"]
        try:
            return [*self._broken(ws), *self._backups_broken(ws)]
        finally:
            ws.close()

    def _broken(self, ws: Workspace) -> Iterator[str]:
        for finding in upkeep.verify(ws).findings:
            yield f"verify: {finding.code} {dict(finding.params)}"
        stored = {}
        for request_id, number, content, owed, files in ws.store.conn.execute(_CASES):
            stored[request_id] = number
            if (content, owed, files) != (f"{request_id} {SAID}", 1, 1):
                yield f"half saved: {number} owes {owed}, has {files} files"
        for request_id in self.cases.items() - stored.items():
            yield f"lost: case {request_id}"
        events = [row[0] for row in ws.store.conn.execute("SELECT request_id FROM event")]
        for request_id in self.acts - set(events):
            yield f"lost: act {request_id}"
        drafts = {draft.id for draft in intake.drafts(ws)}
        for request_id in self.drafts - drafts - stored.keys():
            yield f"lost: draft {request_id}"
        for request_id in drafts & stored.keys():
            yield f"came back: draft {request_id}"

    def _backups_broken(self, ws: Workspace) -> Iterator[str]:
        there = {path.name for path in ws.folder.backups.glob("*.sqlite")}
        for name in self.backups - there:
            yield f"lost: backup {name}"
        for name in there:
            try:
                backup.check(ws.folder.backups / name)
            except KnownError as error:
                yield f"half a backup: {name} {error.code}"


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()

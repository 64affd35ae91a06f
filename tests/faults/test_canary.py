"""Row 12: a customer who can be recognized goes through whatever can fail, and nothing that stays behind tells of them.

That is no log, no temporary file, no name of a file and no masked sheet. The register, its index, its backups and what
a person gave us may; everything else below the test's folder is read, archives part by part.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.attachments import as_draft
from desk_app.paths import DataFolder
from desk_app.services import attachments, sheets
from desk_app.services.workspace import open_workspace
from desk_app.sheets.sheet import Shape
from tests.faults.asking import ask
from tests.faults.goals import Goal
from tests.faults.tampering import another_tool
from tests.helpers.builders import a_full_case, acted, registered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

GOAL = Goal("12", "a customer named in a log, a temporary file, a file's name or a masked sheet", ci=30, release=30)
CANARIES = ("纪喵喵", "13913577531", "鹳雀胡同七号", "狸花欠条")
"""Name, phone, address, name of a file."""
_MAY_TELL = ("desk.sqlite", "search.sqlite", ".sqlite")
_TABLES = ("case", "event", "follow_up", "change", "draft", "counter", "setting", "attachment", "export", "ledger")
_NUMBER = "TS-20261122-001"


@pytest.mark.slow
def test_nobody_is_named_where_something_failed(
    folder: DataFolder, tmp_path: Path, clock: FixedClock, rules: Rules, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with closing(open_workspace(folder, clock, rules)) as ws:
        taken = attachments.take_in(ws, b"paper" * 100, f"{CANARIES[3]}.txt")
        for n in range(2):
            registered(ws, f"canary-{n}", **_canary(), **as_draft([taken]))
        acted(ws, _NUMBER, "contact", content="致电")
        lists = [sheet.id for sheet in sheets.catalogue(ws)[0].values() if sheet.shape is Shape.LIST]

    failed = 0
    for arguments, stdin in _commands(tmp_path, lists):
        failed += bool(ask(folder.root, rules, *arguments, stdin=stdin).code)
        tally.tried += 1
    for table in _TABLES:  # nobody expects a table to be gone: a fault of the program, which writes a report
        broken = DataFolder(tmp_path / f"without-{table}")
        shutil.copytree(folder.root, broken.root)
        with closing(sqlite3.connect(broken.database)) as conn:
            conn.execute(f'ALTER TABLE "{table}" RENAME TO gone')
        for arguments in (("register",), ("act", _NUMBER, "contact"), ("show", _NUMBER), ("verify",)):
            failed += bool(ask(broken.root, rules, *arguments, stdin=json.dumps(_canary()).encode()).code)
            tally.tried += 1

    for column in ("received_at", "entered_at", "status", "kind", "severity", "route", "item", "amount"):
        broken = DataFolder(tmp_path / f"bad-{column}")  # an error that carries the value it stumbled over
        shutil.copytree(folder.root, broken.root)
        with another_tool(broken.database) as conn:
            conn.execute("PRAGMA ignore_check_constraints=ON")
            conn.execute(f'UPDATE "case" SET "{column}" = ?', (CANARIES[0],))  # noqa: S608
        failed += bool(ask(broken.root, rules, "show", _NUMBER).code)
        tally.tried += 1

    assert failed >= tally.count
    assert len(list(tmp_path.glob("*/desk.log"))) > 5, "something was reported"
    assert list((tmp_path / "out").rglob("*.xlsx")), "something was exported"
    tally.found(*_told_below(tmp_path))
    tally.end()


def _canary() -> dict[str, object]:
    name, phone, address, _ = CANARIES
    return a_full_case(customer_name=name, customer_phone=phone, customer_address=address)


def _commands(scratch: Path, lists: list[str]) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """Go through commands that carry the canary: those that fail, and those that write masked sheets."""
    name, phone, address, paper = CANARIES
    changes: tuple[dict[str, object], ...] = (
        {"kind": name},
        {"category": ""},
        {"received_at": phone},
        {"amount": address},
        {"customer_name": name * 500},
    )
    for change in changes:
        yield ("register",), json.dumps({**_canary(), **change}).encode()
    for text in (f'{{"customer_name": "{name}"', f"{name} {phone}", f'["{name}"]', f'{{"{name}": 1}}'):
        yield ("register",), text.encode()
        yield ("act", _NUMBER, "contact", "--json-input", "-"), text.encode()
    yield ("register",), f"{name}{phone}".encode("gb18030")
    for command in ("restore", "verify-export"):
        yield (command, str(scratch / f"没有的 {name} {paper}.xlsx")), b""
    for command in (("calendar", "import"), ("rules", "--check"), ("sheets", "--check")):
        yield (*command, str(scratch / f"没有的 {name}.toml")), b""
    yield ("act", _NUMBER, name), b""
    yield ("show", f"TS-{phone}"), b""
    yield ("export", "--case", name, "--out", str(scratch / "out")), b""
    yield ("search", f"{name} {phone}"), b""
    for file_format in ("xlsx", "csv"):
        for sheet in lists:
            out = str(scratch / "out" / file_format)
            yield (
                ("export", "--month", "2026-11", "--sheet", sheet, "--masked", "--format", file_format, "--out", out),
                b"",
            )


def _told_below(folder: Path) -> Iterator[str]:
    """Go through every file that tells of the canary in its name or in what is in it."""
    for path in folder.rglob("*"):
        place = path.relative_to(folder)
        for canary in CANARIES:
            if canary in path.name:
                yield f"{place} bears the name {canary}"
        if path.is_file() and not path.name.startswith(_MAY_TELL[:2]) and not path.name.endswith(_MAY_TELL[2]):
            for part, content in _contents(path):
                told = [canary for canary in CANARIES if _says(content, canary)]
                if told:
                    yield f"{place} {part} tells {told}"


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(path):
        yield "", path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def _says(content: bytes, canary: str) -> bool:
    escaped = json.dumps(canary).strip('"')
    return any(form in content for form in (canary.encode(), canary.encode("gb18030"), escaped.encode()))

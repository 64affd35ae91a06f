"""Row 9: files that people give to the program, broken by chance: each is taken or refused with a sentence, at once.

JSON lines and the input of an action, a calendar, own deadlines, an own sheet, a template workbook, a workbook to be
verified, a backup to be restored, a picture. (The import of old registers is not built yet; it will be fuzzed here.)
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from desk_app.errors import KnownError
from desk_app.paths import DataFolder, resources_dir
from desk_app.services import attachments, export
from desk_app.services.export import Order
from tests.faults.asking import ask
from tests.faults.goals import Goal
from tests.helpers.builders import a_full_case
from tests.helpers.photos import photo
from tests.sheets.template_rig import a_list

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from tests.faults.goals import Tally

GOAL = Goal("9", "a broken file given to the program: a crash, no sentence, more than 5 s", ci=500, release=20_000)
_WORDS = (
    b'"',
    b"{",
    b"[[",
    b"]",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"=",
    b"\n",
    b",",
    b"<",
    b"&x;",
    b"9" * 400,
    b"1e999",
    b"-1",
    b"\\ud800",
    b"{{",
    b"}}",
)
_DEADLINES = '[settings]\nvisit_attempts = 3\nday_end = "18:00"\n\n[[rule]]\nname = "reply"\nterm = "24h"\n'
_CALENDAR = "2027-01-01,休,元旦\n2027-01-03,班,元旦\n2027-02-11,闭店,盘点\n"


@pytest.mark.slow
def test_a_broken_file_is_taken_or_refused_with_a_sentence(
    shop: DataFolder, workspace: Workspace, tmp_path: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    good, root = _good_files(workspace, shop, tmp_path), tmp_path / "data-of-it"
    kinds = list(good)
    refused = 0
    for trial in tally.trials():
        kind = kinds[trial % len(kinds)]
        data = _broken(good[kind], luck)
        if kind == "picture.jpg":
            refused += _picture(workspace, data, tally)
            continue
        if not root.exists() or kind == "restore.sqlite":
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(shop.root, root)
        path = tmp_path / kind
        path.write_bytes(data)

        answer = ask(root, rules, *_COMMANDS[kind](str(path)))

        refused += bool(answer.code)
        tally.found(*(f"{kind}: {wrong}" for wrong in answer.wrong()))
        if any(answer.wrong()):
            shutil.copyfile(path, tmp_path / f"found-{trial}-{kind}")
            shutil.rmtree(root)
    assert refused > tally.tried / 4
    tally.end()


_COMMANDS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "lines.jsonl": lambda path: ("register", path),
    "deed.json": lambda path: ("act", "TS-20261122-001", "contact", "--json-input", path),
    "calendar.csv": lambda path: ("calendar", "import", path),
    "deadlines.toml": lambda path: ("rules", "--check", path),
    "warnings.toml": lambda path: ("warnings", "--check", path),
    "own.toml": lambda path: ("sheets", "--check", path),
    "template.xlsx": lambda path: ("sheets", "--check", path),
    "export.xlsx": lambda path: ("verify-export", path),
    "restore.sqlite": lambda path: ("restore", path),
}


def _good_files(ws: Workspace, shop: DataFolder, scratch: Path) -> dict[str, bytes]:
    lines = "\n".join(json.dumps(a_full_case(content=f"第 {n} 件"), ensure_ascii=False) for n in range(3))
    order = Order(("register",), export.month_scope(ws, "2026-11"), scratch / "out")
    return {
        "lines.jsonl": lines.encode(),
        "deed.json": json.dumps({"content": "致电", "medium": "phone"}).encode(),
        "calendar.csv": _CALENDAR.encode(),
        "deadlines.toml": _DEADLINES.encode(),
        "warnings.toml": (resources_dir() / "warnings.toml").read_bytes(),
        "own.toml": (resources_dir() / "sheets" / "register.toml").read_bytes(),
        "template.xlsx": a_list(scratch / "good.xlsx").read_bytes(),
        "export.xlsx": export.export(ws, order).files[0].path.read_bytes(),
        "restore.sqlite": next(shop.backups.glob("*.sqlite")).read_bytes(),
        "picture.jpg": photo(),
    }


def _picture(ws: Workspace, data: bytes, tally: Tally) -> bool:
    """Take a picture in; return whether it was refused, and leave the errors that nobody expected to the test."""
    try:
        attachments.take_in(ws, data, "照片.jpg")
    except KnownError as error:
        if not ws.rules.sentences.error(error):
            tally.found(f"no sentence for {error.code}")
        return True
    return False


def _broken(data: bytes, luck: random.Random) -> bytes:
    """Return a file that was good: some bytes, or for a workbook mostly some bytes of a part of it, are others."""
    if data[:2] == b"PK" and luck.random() < 0.7:
        return _broken_part(data, luck)
    made = bytearray(data)
    for _ in range(luck.choice((1, 1, 2, 5, 20))):
        at, length = luck.randrange(len(made) + 1), luck.choice((1, 1, 2, 8, 200))
        match luck.randrange(5):
            case 0:
                made[at : at + 1] = bytes([luck.randrange(256)])
            case 1:
                del made[at : at + length]
            case 2:
                made[at:at] = luck.choice(_WORDS)
            case 3:
                made[at:at] = made[(again := luck.randrange(len(made) + 1)) : again + length]
            case _:
                made[at : at + length] = luck.randbytes(length)
    return bytes(made[: luck.randrange(len(made) + 1)] if luck.random() < 0.1 else made)


def _broken_part(workbook: bytes, luck: random.Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = luck.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, _broken(part, luck) if name == chosen and part[:2] != b"PK" else part)
    return made.getvalue()

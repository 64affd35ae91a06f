"""Row 10: hostile texts go through an export and are read back by a reader that is not ours: what is stored is shown.

They lie in a register as a customer's words and name; the workbook is read by openpyxl, the comma list by Python's csv.
What no file can carry (control characters, halves of characters) is left out of the text when it comes in. How
LibreOffice opens such files is shown in ``tests.sheets.test_office``.
"""

from __future__ import annotations

import csv
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from desk_app.clock import FixedClock
from desk_app.paths import DataFolder
from desk_app.services import export, intake
from desk_app.services.export import Format, Order
from desk_app.services.intake import InputLine
from desk_app.services.workspace import open_workspace
from tests.faults.goals import Goal
from tests.helpers.builders import NOW, a_case

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from tests.faults.goals import Tally

GOAL = Goal(
    "10", "a hostile text in an export: shown otherwise than stored, or alive as a formula", ci=2_000, release=50_000
)
_AT_ONCE = 1_000
_ALIVE = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\n])")
_BEGINNINGS = (
    "=1+1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "+86 138", "-5℃", "@SUM(A1)", "\t=1", "＝1", "'=1", "#N/A",
    "#REF!", "0013", "1e5", "2026-1-2", "13800138000", "TRUE", "𠮷野家", "👨\u200d👩", "_x0041_", "{{number}}",
    "<b>&amp;</b>", "]]>", "\u202e倒", "\ufeff", "\u200b", "\xa0", "\u3000", "ﬁ", "\uf900", "e\u0301", '"', "''", ",",
    ";", "_x000D_", "%s{}", "\\n", "../x", "CON", "NULL",
)  # fmt: skip
_PIECES = (
    *_BEGINNINGS, "电水壶", "\n", " ", "。", "a", "\r\n", "\u2028", "\u0085", "\x7f", "\x0b", "\ufffe", "\ud800",
    "\U0010ffff", "\x00",
)  # fmt: skip


@pytest.mark.slow
def test_a_hostile_text_is_shown_as_it_is_stored(
    tmp_path: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    batch, tried = 0, 0
    while tally.more(tried):
        batch += 1
        with closing(open_workspace(DataFolder(tmp_path / f"data{batch}"), FixedClock(NOW), rules)) as ws:
            lines = [InputLine(n, a_case(content=_text(luck)), f"{batch}-{n}") for n in range(_AT_ONCE)]
            intake.register_many(ws, lines, keep_going=True)
            stored = dict(ws.store.conn.execute('SELECT number, content FROM "case"').fetchall())
            tried = len(stored)
            assert tried > _AT_ONCE * 0.6, "halves of characters and the like are refused, and nothing else"
            for file_format in (Format.XLSX, Format.CSV):
                tally.found(*_shown_otherwise(ws, stored, file_format, tmp_path / f"out{batch}"))
    tally.end()


def _shown_otherwise(ws: Workspace, stored: dict[str, str], file_format: Format, out: Path) -> Iterator[str]:
    """Export a register and read it back; go through what differs."""
    order = Order(("register",), export.month_scope(ws, "2026-11"), out, format=file_format)
    path = export.export(ws, order).files[0].path
    shown = dict(_of_workbook(path) if file_format is Format.XLSX else _of_list(path))
    if shown.keys() != stored.keys():
        yield f"{file_format}: {len(shown)} cases of {len(stored)}"
    for number, text in shown.items():
        if text != (stored[number] if file_format is Format.XLSX else _with_sign(stored[number])):
            yield f"{file_format}: {stored[number]!r} is shown as {text!r}"


def _text(luck: random.Random) -> str:
    return luck.choice(_BEGINNINGS) + "".join(luck.choice(_PIECES) for _ in range(luck.randint(0, 6)))


def _with_sign(text: str) -> str:
    """Return a text as a list of commas has it: with an apostrophe before what a spreadsheet takes for a formula."""
    return f"'{text}" if _ALIVE.match(text) else text


def _of_workbook(path: Path) -> Iterator[tuple[str, str]]:
    page: Any = load_workbook(path).worksheets[0]
    formulas = [cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type in ("f", "e")]
    assert formulas == []
    yield from _table(page.iter_rows(values_only=True))


def _of_list(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from _table(csv.reader(file))


def _table(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, str]]:
    """Go through the lines of a register: the number, and the words of the customer."""
    number = words = -1
    for row in rows:
        if "受理编号" in row:
            number, words = row.index("受理编号"), row.index("投诉理由（事件经过）")
        elif number >= 0 and str(row[number] or "").startswith("TS-"):
            yield str(row[number]), str(row[words] or "")

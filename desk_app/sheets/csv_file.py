r"""Writes a list as a .csv file: the header and its lines, nothing around them, for other programs to read.

- A text that a spreadsheet would take for a formula gets an apostrophe before it, the sign by which spreadsheets and
  people know a text: ``=1+1``, ``+86 138…``, ``-5℃``, ``@me`` and their full-width twins, with or without blanks before
  them, and what begins with a tab or a line break. So that no text is lost, one that already has apostrophes before
  such a beginning gets one more: a reader who takes one away wherever ``'`` stands before such a beginning has every
  text as it was. Everything else is written as it is: no other guess of a spreadsheet (``00120`` → 120) runs anything,
  and the workbook is the format that keeps those too.
- Numbers are numbers, negative ones too. Datetimes are ISO 8601 with a blank, to the second: ``2026-10-01 08:05:30``.
- Lines end in CR LF (RFC 4180); a line break inside a text is LF, between quotation marks.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import TYPE_CHECKING

from desk_app.domain.text import strip_unstorable
from desk_app.sheets.grid import Role
from desk_app.sheets.sheet import Kind
from desk_app.sheets.target import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk_app.sheets.grid import CellValue, Grid, Look

_TAKEN_FOR_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\n])")


class CsvEncoding(StrEnum):
    """What the bytes mean: UTF-8 with a mark that Excel knows it by, or the older national standard."""

    UTF_8 = "utf-8-sig"
    GB18030 = "gb18030"


def write_csv(grid: Grid, path: Path, encoding: CsvEncoding = CsvEncoding.UTF_8) -> None:
    """Write the header and the lines of a list, whole or not at all; a file that is there is replaced.

    What no file can carry is left out, as in a workbook (:func:`strip_unstorable`).

    Raises:
        KnownError: ``target_open``, ``disk_full``, ``target_unwritable`` (:func:`target.replace_file`).
    """
    text = StringIO(newline="")
    csv.writer(text).writerows(_lines(grid))
    replace_file(path, text.getvalue().encode(encoding))


def _lines(grid: Grid) -> Iterator[list[str]]:
    """Go through the header and the lines; the further rows of a tall line are empty, and left out."""
    for row in grid.rows:
        if row.looks[0].role in (Role.HEAD, Role.BODY) and any(value is not None for value in row.values):
            yield [_field(value, look) for value, look in zip(row.values, row.looks, strict=True)]


def _field(value: CellValue, look: Look) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value.date()) if look.kind is Kind.DATE else value.isoformat(" ", "seconds")
    if isinstance(value, str):
        text = strip_unstorable(value)
        return f"'{text}" if _TAKEN_FOR_FORMULA.match(text) else text
    return f"{value:f}" if isinstance(value, Decimal) else str(value)

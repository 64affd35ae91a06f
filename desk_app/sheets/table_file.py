"""Reads a table that a person filled in: the first sheet of a workbook, or a CSV file. Nothing is guessed.

A formula whose result the file does not hold would read as an empty cell; it comes as its text (``=A1+B1``), so that
whoever reads the cells refuses it like any other text.
"""

from __future__ import annotations

import csv
import io
import warnings
from typing import TYPE_CHECKING

from desk_app.domain.calendar_csv import decode
from desk_app.domain.text import unify_line_breaks
from desk_app.errors import KnownError
from desk_app.sheets.template.package import read_package

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_ROWS = 2000
MOST_COLUMNS = 60
_BOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls"})


def is_workbook(path: Path) -> bool:
    """Whether a file is to be read as a workbook, by its name."""
    return path.suffix.lower() in _BOOKS


def read_text(data: bytes) -> Sequence[Sequence[object]]:
    """Return the cells of a CSV file, row by row; tabs part cells where the first line has one.

    Raises:
        KnownError: ``calendar_not_text``, ``table_line_bad``, ``table_too_long``.
    """
    text = unify_line_breaks(decode(data).removeprefix("\ufeff"))
    first = text.lstrip().partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",", strict=True)
    found: list[list[object]] = []
    try:
        for row in rows:
            found += [[] for _ in range(rows.line_num - 1 - len(found))]  # a row stands where its last line is
            found.append(list(row))
            _ask_length(found)
    except csv.Error as error:
        raise KnownError("table_line_bad", row=rows.line_num) from error
    return found


def read_workbook(path: Path) -> Sequence[Sequence[object]]:
    """Return the cells of the first sheet of a workbook, row by row: text, numbers, dates, None.

    Raises:
        KnownError: those of ``template.package.read_package``; ``table_too_long``; ``table_unreadable``.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 -- 240 ms, and a CSV file needs none of it

    read_package(path)  # says in words what is no workbook, locked, of an old format, or a bomb
    data = path.read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl will not keep does not matter to who only reads
            values, formulas = (
                load_workbook(io.BytesIO(data), read_only=True, data_only=with_values).worksheets[0]
                for with_values in (True, False)
            )
            pairs = zip(
                *(
                    sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
                    for sheet in (values, formulas)
                ),
                strict=False,
            )
            found: list[list[object]] = []
            for row, written in pairs:
                found.append([w if v is None else v for v, w in zip(row, written, strict=False)])
                _ask_length(found)
    except KnownError:
        raise
    except Exception as error:  # whatever a file can be made to raise in a reader of files
        raise KnownError("table_unreadable", file=path.name) from error
    return found


def _ask_length(rows: Sequence[Sequence[object]]) -> None:
    if len(rows) > MOST_ROWS:
        raise KnownError("table_too_long", limit=MOST_ROWS)

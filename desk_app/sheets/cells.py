"""Writes the rows of a grid as SpreadsheetML, six times as fast as openpyxl's cells do; workbook.py puts them in place.

What was seen (openpyxl 3.1, LibreOffice 7.4), and what is done about it here:

- A text that begins with ``=``, or reads ``#N/A``, is a formula or an error only where the cell's type says so: every
  text is of the type ``inlineStr``.
- U+FFFE, U+FFFF, control characters and halves of surrogate pairs give a file that no reader opens: they are dropped.
- A literal ``_x000D_`` is shown as a control character by spreadsheets (ECMA-376 part 1, 22.9.2.19). The usual escape
  ``_x005F_x000D_`` is not undone by openpyxl's reader. Split over two runs of rich text, ``_`` and ``x000D_``, it is no
  escape at all, and both give back what was stored.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from desk_app.domain.text import strip_unstorable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desk_app.sheets.grid import CellValue, Grid, Look

_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 -- a spreadsheet's dates are wall-clock times without an offset
_INSIDE_ESCAPE = re.compile("(?<=_)(?=x[0-9A-Fa-f]{4}_)")
_DAY = timedelta(days=1)
_LETTERS = 26
_OFTEN = 10
"""The length up to which texts are taken to be labels, names and the like."""


def column_letter(number: int) -> str:
    """Return the name of a column, counted from 1: A … Z, then AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + place) + letters
    return letters


def rows_xml(grid: Grid, styles: Mapping[Look, int]) -> Iterator[str]:
    """Return the ``row`` elements of a grid; ``styles`` are the indexes of the cell formats in the workbook."""
    letters = [column_letter(number) for number in range(1, len(grid.widths) + 1)]
    texts = _Texts()
    looks: tuple[Look, ...] = ()
    openings = ""  # the beginnings of a row's cells, one a line, with # for the number of the row
    for number, row in enumerate(grid.rows, 1):
        if row.looks is not looks:  # the lines of a list share theirs
            looks = row.looks
            columns = zip(letters, looks, strict=True)
            openings = "\n".join(f'<c r="{letter}#" s="{styles[look]}"' for letter, look in columns)
        cells = [""] * (2 * len(looks))
        cells[::2] = openings.replace("#", str(number)).split("\n")
        cells[1::2] = [texts[value] if isinstance(value, str) else _number(value) for value in row.values]
        yield f'<row r="{number}" ht="{row.height:g}" customHeight="1">{"".join(cells)}</row>'


def _number(value: CellValue) -> str:
    """Return the rest of the element of a cell without a text, after its place and style."""
    if value is None:
        return "/>"
    if isinstance(value, datetime):
        return f"><v>{(value - _DAY_ZERO) / _DAY!r}</v></c>"
    return f"><v>{value}</v></c>"


class _Texts(dict[str, str]):
    """The rest of the element of a cell with this text; short texts come again and again, and are written once."""

    def __missing__(self, text: str) -> str:
        marked = "&" in text or "<" in text or ">" in text or "_x" in text
        plain = not marked and text.replace("\n", "").isprintable()  # what no file can carry is not printable
        content = f' t="inlineStr"><is>{_element(text) if plain else text_xml(text)}</is></c>'
        if len(text) <= _OFTEN:
            self[text] = content
        return content


def content_xml(value: CellValue) -> str:
    """Return the rest of the element of any cell, after its place and style."""
    return f' t="inlineStr"><is>{text_xml(value)}</is></c>' if isinstance(value, str) else _number(value)


def text_xml(text: str, look: str | None = None) -> str:
    """Return the inside of an ``is`` element: the text alone, or with ``look`` (``rPr`` or empty) as a run of it."""
    text = escape(strip_unstorable(text))
    parts = _INSIDE_ESCAPE.split(text) if "_x" in text else [text]
    if look is not None or len(parts) > 1:
        return "".join(f"<r>{look or ''}{_element(part)}</r>" for part in parts)
    return _element(text)


def _element(text: str) -> str:
    """Return the element of an escaped text; blanks at its ends count only where it says so."""
    return f"<t>{text}</t>" if text == text.strip() else f'<t xml:space="preserve">{text}</t>'

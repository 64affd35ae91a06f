"""The calendar as a file that a person can write in Excel: one exception a line, ``date,kind,name,source``.

So ``resources/calendar/cn.csv`` is kept, and so a shop exports its own days and reads in the next year's notice.
"""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from desk_app.domain.text import find_unstorable, first_words, strip_unstorable, unify_line_breaks
from desk_app.domain.times import parse_day
from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

LONGEST_TEXT = 100  # characters of a name or a source

_COLUMNS = {"日期": "date", "类别": "kind", "名称": "name", "来源": "source"}
_KEYS = tuple(_COLUMNS.values())
_KINDS = {"休": DayKind.REST, "班": DayKind.WORK, "停业": DayKind.CLOSED, "营业": DayKind.OPEN}
_WORDS = {kind: word for word, kind in _KINDS.items()}


def decode(data: bytes) -> str:
    """Return the text of a file as Excel saves it: UTF-8 with or without BOM, or GB18030 (which contains GBK).

    The GBK bytes of 停业 and 营业 happen to be UTF-8 too, for letters that no Chinese needs: where nothing in a file
    without BOM is from beyond those (U+07FF), GB18030 is tried first.

    Raises:
        KnownError: ``calendar_not_text``.
    """
    plain, gb = _decoded(data, "utf-8-sig"), _decoded(data, "gb18030")
    by_chance = plain is not None and max(plain, default="") <= "\u07ff" and not data.startswith(BOM_UTF8)
    text = gb if plain is None or (by_chance and gb is not None) else plain
    if text is None:
        raise KnownError("calendar_not_text")
    return text


def read_days(text: str) -> tuple[CalendarDay, ...]:
    """Read the entries, in the order of their days; a line that repeats a day and its kind adds nothing.

    The first line names the columns, in any order, in English or Chinese; ``name`` and ``source`` may be absent.
    Kinds are 休 班 停业 营业 or their keys; days are written in any way that ``times.parse_day`` reads.

    Raises:
        KnownError: ``calendar_…``, with the line, for what cannot be read, and for a day that is said to be two things
            (both 休 and 班, or both 停业 and 营业). Nothing is read in part.
    """
    rows = csv.reader(io.StringIO(unify_line_breaks(text.removeprefix("\ufeff")), newline=""), strict=True)
    seen: dict[tuple[date, bool], CalendarDay] = {}
    columns: list[str] | None = None
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if columns is None:
                columns = _header(cells, rows.line_num)
                continue
            entry = _entry(dict(zip(columns, cells, strict=False)), rows.line_num)
            known = seen.setdefault((entry.day, entry.kind.asks_of_work), entry)
            if known.kind is not entry.kind:
                words = {"first": _WORDS[known.kind], "second": _WORDS[entry.kind]}
                raise KnownError("calendar_day_twice", line=rows.line_num, day=entry.day.isoformat(), **words)
    except csv.Error as error:
        raise KnownError("calendar_line_bad", line=rows.line_num) from error
    if not seen:
        raise KnownError("calendar_empty")
    return tuple(sorted(seen.values(), key=lambda entry: (entry.day, entry.kind)))


def write_days(days: Iterable[CalendarDay]) -> str:
    r"""Write the entries in their given order, with a header, the kinds in Chinese, and ``\n`` as line end."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_KEYS)
    writer.writerows((entry.day.isoformat(), _WORDS[entry.kind], entry.name, entry.source) for entry in days)
    return file.getvalue()


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _header(cells: list[str], line: int) -> list[str]:
    columns = [_COLUMNS.get(cell, cell.lower()) for cell in cells]
    if "date" not in columns or "kind" not in columns:
        raise KnownError("calendar_header_bad", line=line, text=first_words(strip_unstorable(",".join(cells)), 40))
    return columns


def _entry(cells: Mapping[str, str], line: int) -> CalendarDay:
    written, kind = cells.get("date", ""), cells.get("kind", "")
    name, source = cells.get("name", ""), cells.get("source", "")
    if any(len(text) > LONGEST_TEXT or find_unstorable(text, one_line=True) is not None for text in cells.values()):
        raise KnownError("calendar_text_bad", line=line, limit=LONGEST_TEXT)
    try:
        day = parse_day(written)
    except ValueError as error:
        raise KnownError("calendar_date_bad", line=line, text=written) from error
    if kind not in _KINDS and kind not in tuple(DayKind):
        raise KnownError("calendar_kind_bad", line=line, text=kind)
    return CalendarDay(day, _KINDS.get(kind) or DayKind(kind), name, source)

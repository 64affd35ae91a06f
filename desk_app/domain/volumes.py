"""How many customers the shop served in a month: the denominators (domain.md part 15), as people write them.

A kind of volume has a key and a label, by trade (``resources/volumes.toml``); :data:`SERVED` is what rates are divided
by. Pure: what is read here was typed by a person, or stands in the cells of a table.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from desk_app.domain.text import first_words, strip_unstorable
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desk_app.domain.periods import Period

SERVED = "served"
LARGEST = 1_000_000_000
MONTH_LABEL = "月份"
Kinds: TypeAlias = "Mapping[str, str]"
"""The label of each kind, the first being that of :data:`SERVED`."""
Entries: TypeAlias = "Mapping[str, Mapping[str, int | None]]"
"""Of each month (``2026-10``) how many of each kind; None: nobody knows (again)."""

_NUMBER = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?", re.ASCII)
_HALF_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}  # NFKC would make 32 of 3²
_UNIT = re.compile(r"\([^)]*\)$")
_MONTHS = (
    re.compile(r"(\d{4})\s*[-/年]\s*(\d{1,2})\s*月?(?:份)?", re.ASCII),
    re.compile(r"(\d{4})\.?(\d{2})", re.ASCII),
    re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*0?1\s*日?(?: 00:00:00)?", re.ASCII),  # its first day
)
_SHORT_MONTH = re.compile(r"([A-Z][a-z]{2})-(\d{2})", re.ASCII)  # as Excel saves 2026-10 in a CSV file
_SHORT_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OLDEST = 2000
_TOLD = 30


def read_kinds(data: Mapping[str, Mapping[str, str]]) -> Mapping[str, Kinds]:
    """Build the table of kinds by trade; two kinds of a trade may not read alike.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    for trade, kinds in data.items():
        if next(iter(kinds), "") != SERVED:
            raise ValueError(f"{trade}: {SERVED}")
        if kind_of(MONTH_LABEL, kinds) or any(
            kind_of(name, kinds) != key
            for key, label in kinds.items()
            for name in (label, _UNIT.sub("", folded(label)))
        ):
            raise ValueError(f"{trade}: twice")
    return data


def folded(text: str) -> str:
    """Return a name as it is compared: full-width and half-width are the same, and blanks do not count."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def kind_of(name: str, kinds: Kinds) -> str | None:
    """Return the key of the kind that somebody named: by its key, its label, or the label without its unit."""
    wanted = folded(name)
    for key, label in kinds.items():
        if wanted in (key, whole := folded(label), _UNIT.sub("", whole)):
            return key
    return None


def read_number(written: object) -> int | None:
    """Return how many somebody wrote; None of nothing. Full-width digits and thousands separators (3,200) count.

    Raises:
        ValueError: it is no whole number from 0 to :data:`LARGEST`.
    """
    if written is None:
        return None
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        number = int(written) if -1 < written <= LARGEST else -1  # NaN and what is endless are refused with the rest
        if number != written or number < 0:
            raise ValueError(written)
        return number
    text = written.translate(_HALF_WIDTH).strip() if isinstance(written, str) else repr(written)
    if not text:
        return None
    shape = _NUMBER.fullmatch(text)
    if shape is None or len(text) > _TOLD or (number := int(shape[1].replace(",", ""))) > LARGEST:
        raise ValueError(text)
    return number


def read_month(written: object, today: date) -> str:
    """Return a month that is not ahead of today as ``2026-10``, from 2026-10, 2026/10, 2026年10月, 202610 or a date.

    Raises:
        KnownError: ``volume_month_bad``, ``volume_month_ahead``.
    """
    month = _month(written)
    if month is None:
        raise KnownError("volume_month_bad", text=told(written))
    if (month.year, month.month) > (today.year, today.month):
        raise KnownError("volume_month_ahead", month=f"{month:%Y-%m}")
    return month.isoformat()[:7]


def _month(written: object) -> date | None:
    if isinstance(written, (date, datetime)):
        return date(written.year, written.month, 1) if written.year >= _OLDEST and written.day == 1 else None
    if isinstance(written, float) and written != int(written):
        return None  # 2026.1 is what a spreadsheet makes of 2026.10
    text = str(written).translate(_HALF_WIDTH).strip().removesuffix(".0")
    shape = next((found for each in _MONTHS if (found := each.fullmatch(text))), None)
    year, month = (int(shape[1]), int(shape[2])) if shape else (0, 0)
    if (short := _SHORT_MONTH.fullmatch(text)) and short[1] in _SHORT_NAMES:
        year, month = _OLDEST + int(short[2]), _SHORT_NAMES.index(short[1]) + 1
    return date(year, month, 1) if year >= _OLDEST and 1 <= month <= len(_SHORT_NAMES) else None


def told(written: object) -> str:
    """Return what somebody wrote as a sentence can repeat it: one line, not too long."""
    return first_words(strip_unstorable(str("" if written is None else written)), _TOLD)


def read_table(rows: Sequence[Sequence[object]], kinds: Kinds, today: date) -> Entries:
    """Read a table whose first filled row names the columns: 月份, and any of the kinds. All of it, or none.

    An empty cell says nothing: what was known stays. Rows are counted from 1, as in a spreadsheet.

    Raises:
        KnownError: ``volumes_header_bad``, ``volumes_column_unknown``, ``volumes_column_twice``, ``volumes_empty``;
            with the row ``volumes_month_bad`` (and why), ``volumes_month_twice``, ``volumes_number_bad``.
    """
    filled = [(n, row) for n, row in enumerate(rows, 1) if any(not _is_empty(cell) for cell in row)]
    if not filled:
        raise KnownError("volumes_empty")
    columns = _columns(filled[0][1], kinds)
    found: dict[str, dict[str, int | None]] = {}
    for number, row in filled[1:]:
        cells = {key: row[place] if place < len(row) else None for key, place in columns.items()}
        try:
            month = read_month(cells.pop(MONTH_LABEL), today)
        except KnownError as error:
            raise KnownError("volumes_month_bad", row=number, why=error) from error
        if month in found:
            raise KnownError("volumes_month_twice", row=number, month=month)
        found[month] = dict(_numbers(cells, kinds, number))
    if not any(found.values()):
        raise KnownError("volumes_empty")
    return {month: numbers for month, numbers in found.items() if numbers}


def _columns(header: Sequence[object], kinds: Kinds) -> dict[str, int]:
    columns: dict[str, int] = {}
    known = "、".join((MONTH_LABEL, *kinds.values()))
    for place, cell in enumerate(header):
        if _is_empty(cell):
            continue
        name = str(cell)
        key = MONTH_LABEL if folded(name) in (folded(MONTH_LABEL), "month") else kind_of(name, kinds)
        if key is None:
            raise KnownError("volumes_column_unknown", text=told(name), known=known)
        if key in columns:
            raise KnownError("volumes_column_twice", text=told(name))
        columns[key] = place
    if MONTH_LABEL not in columns or len(columns) == 1:
        raise KnownError("volumes_header_bad", known=known)
    return columns


def _numbers(cells: Mapping[str, object], kinds: Kinds, row: int) -> Iterator[tuple[str, int]]:
    for key, cell in cells.items():
        try:
            number = read_number(cell)
        except ValueError as error:
            raise KnownError("volumes_number_bad", row=row, column=kinds[key], text=told(cell)) from error
        if number is not None:
            yield key, number


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def months_of(period: Period) -> tuple[str, ...]:
    """Return the months that a period is made of, in their order; none where it is no whole months (a week, some days).

    ``2026-10-01..2026-12-31`` is three.
    """
    first, last = period.first, period.last
    is_whole = first.day == 1 and (last.month != (last + timedelta(days=1)).month)
    if not is_whole:
        return ()
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in months)

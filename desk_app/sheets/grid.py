"""A sheet as cells on paper, in no file format: what a workbook, a printed page and a preview are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from desk_app.sheets.sheet import Align, Font, Kind, Page

CellValue: TypeAlias = str | int | Decimal | datetime | None
"""Datetimes are wall-clock times without an offset; a text may hold line breaks and anything else a person typed."""


class Role(StrEnum):
    """What a cell is for, which decides how it looks.

    ``LABEL`` (framed, shaded), ``VALUE`` (framed, wrapped) and ``PLAIN`` (wrapped, no frame) are the cells of a form.
    """

    SHOP = "shop"
    CONTROL = "control"
    TITLE = "title"
    PERIOD = "period"
    MADE = "made"
    HEAD = "head"
    BODY = "body"
    LABEL = "label"
    VALUE = "value"
    PLAIN = "plain"
    EMPTY = "empty"
    SIGN_OFF = "sign_off"
    FOOT = "foot"


class Look(NamedTuple):
    """How a cell looks. Cells of one look share one style."""

    role: Role
    kind: Kind = Kind.TEXT
    align: Align = Align.LEFT


class Merge(NamedTuple):
    """Cells shown as one, counted from 1, both ends included; the value is in the first."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its height in points, and value and look of each column."""

    height: float
    values: tuple[CellValue, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A whole sheet. ``widths`` in points. The first ``head_rows`` rows stand on every page and stay on the screen.

    ``page_number`` has the places ``{page}`` and ``{pages}``. ``cut`` counts the texts that were too long for a cell.
    ``breaks`` are the rows, counted from 1, after which a new page begins (several forms stand below each other).
    """

    title: str
    page: Page
    font: Font
    title_font: Font
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...]
    head_rows: int
    page_number: str
    cut: int
    breaks: tuple[int, ...] = ()

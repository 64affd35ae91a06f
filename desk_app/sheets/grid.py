"""A sheet as cells on paper, in no file format: what a workbook, a printed page and a preview are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Flag, StrEnum
from typing import NamedTuple, TypeAlias

from desk_app.sheets.sheet import Align, ChartKind, Font, Kind, Page

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


FRAMED = frozenset({Role.HEAD, Role.BODY, Role.EMPTY, Role.LABEL, Role.VALUE})
"""The roles with a thin line around each cell."""
SHADED = frozenset({Role.HEAD, Role.LABEL})
PROOF_SIZE = 7.0
"""The size of the proof at the foot of a page, in points."""
BOLD = frozenset({Role.TITLE, Role.HEAD})
_WRAPPED = frozenset({Role.HEAD, Role.BODY, Role.LABEL, Role.VALUE, Role.PLAIN})
_AT_TOP = frozenset({Role.BODY, Role.PLAIN, Role.FOOT})


class Edge(Flag):
    """The sides of a cell."""

    NONE = 0
    TOP = 1
    RIGHT = 2
    BOTTOM = 4
    LEFT = 8


class Look(NamedTuple):
    """How a cell looks. Cells of one look share one style. ``roomy``: it is high enough for a pen to go on below.

    ``thick``: on which sides the line around it is the thick outer one of its form.
    """

    role: Role
    kind: Kind = Kind.TEXT
    align: Align = Align.LEFT
    roomy: bool = False
    thick: Edge = Edge.NONE

    @property
    def is_wrapped(self) -> bool:
        """Whether a text that is wider than its cell goes on below; a date or a number is rather made smaller."""
        return self.role in _WRAPPED and self.kind is Kind.TEXT

    @property
    def is_at_top(self) -> bool:
        """Whether the value stands at the top of its cell; else half-way, as in a form."""
        return self.role in _AT_TOP or self.roomy


class Area(NamedTuple):
    """A rectangle of cells, counted from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Merge(Area):
    """Cells shown as one; the value is in the first."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of one colour: its name, and its cells, as many as the chart has categories."""

    name: str
    values: Area


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of numbers that stand in the same grid; who changes them in a spreadsheet sees it follow.

    Its upper left corner is that of the cell at ``row`` and ``column``, counted from 1; ``width`` and ``height`` are in
    points. The grid has rows of that height there, so that the chart is printed and nothing stands under it.
    """

    kind: ChartKind
    title: str
    categories: Area
    series: tuple[Series, ...]
    row: int
    column: int
    width: float
    height: float


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
    ``parts`` are what stands between them is called, where it has names. With no ``head_rows`` nothing is repeated.
    ``proof`` stands small at the foot of every page, left and right of its number.
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
    charts: tuple[Chart, ...] = ()
    parts: tuple[str, ...] = ()
    proof: tuple[str, str] = ("", "")

"""What a standard sheet is made of (vocabulary: "Sheets"; the facts themselves are ``resources/sheets/*.toml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from desk_app.domain.periods import PeriodKind
from desk_app.domain.sheet_lines import Of

SERIAL = "serial"
"""The key of the running number 1, 2, 3 …, which belongs to the sheet and not to a line."""
SHOP = "shop"
"""The key of the shop's name in the cells of a form."""
_GIVEN = frozenset({SERIAL, SHOP})
"""What the layout knows by itself."""
_PLACE = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")


class Shape(StrEnum):
    """How a sheet looks: columns with a line for each thing, or cells on a page of its own for each."""

    LIST = "list"
    FORM = "form"


class Paper(StrEnum):
    """The sizes that can be printed on."""

    A3 = "A3"
    A4 = "A4"


class Orientation(StrEnum):
    """Which way the paper lies."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


class Kind(StrEnum):
    """How a column shows its values."""

    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    NUMBER = "number"
    AMOUNT = "amount"


class CellLook(StrEnum):
    """What a cell of a form is: a shaded label, a framed value, or plain text without a frame."""

    LABEL = "label"
    VALUE = "value"
    PLAIN = "plain"


class Frame(StrEnum):
    """The line around all that is framed of a form."""

    THIN = "thin"
    THICK = "thick"


class Align(StrEnum):
    """Where a value stands in its cell."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``width`` counts half-width characters: 24 holds 12 Chinese characters on a line.

    Several ``keys`` stand below each other in one cell, those without a value left out.
    """

    keys: tuple[str, ...]
    label: str
    width: int
    kind: Kind
    align: Align


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a form. ``text`` has ``{key}`` where a value goes; alone it keeps the value's type (as ``kind``).

    It takes ``span`` columns and ``down`` rows. ``boxes`` are words to tick; ticked is what the value of ``ticked_by``
    says (empty: none, they are ticked by hand).
    """

    text: str = ""
    span: int = 1
    down: int = 1
    look: CellLook = CellLook.LABEL
    kind: Kind | None = None
    align: Align | None = None
    boxes: tuple[str, ...] = ()
    ticked_by: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the values that it asks for."""
        found = tuple(_PLACE.findall(self.text))
        return (*found, self.ticked_by) if self.ticked_by else found


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of cells, from the left; at least ``lines`` lines high."""

    cells: tuple[Cell, ...]
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stand once, or once for each thing that ``repeat`` asks of the case; at least once, then blank."""

    rows: tuple[FormRow, ...]
    repeat: Of | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that its cells ask for, once."""
        found = dict.fromkeys(key for row in self.rows for cell in row.cells for key in cell.keys)
        return tuple(key for key in found if key not in _GIVEN)


class Group(StrEnum):
    """With which others a sheet is offered: those of the month, of the week, of one case, and so on."""

    MONTH = "month"
    WEEK = "week"
    LEDGER = "ledger"
    FIGURES = "figures"
    CASE = "case"
    BLANK = "blank"
    OTHER = "other"
    PERSON = "person"  # offered with none: only for the customer themself, from whom nothing is hidden (PIPL 45)


class ChartKind(StrEnum):
    """``BAR``: standing bars beside each other. ``PIE``: the shares of one series, in per cent. ``LINE``: in time."""

    BAR = "bar"
    PIE = "pie"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class ChartOf:
    """A chart of one part of the figures: its items, and the columns of these keys as its series."""

    kind: ChartKind
    title: str
    part: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The paper. Margins in millimetres: top, right, bottom, left. The sheet is always one page wide."""

    paper: Paper
    orientation: Orientation
    margins: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Font:
    """A typeface and its size in points."""

    family: str
    size: float


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the sheet says around its lines; ``{…}`` is filled in by the layout (docs/sheets.md lists the names)."""

    period: str
    made: str
    empty: str
    page_number: str
    cut: str
    cut_note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One standard layout.

    ``of`` says what there is one line, or one form, of. ``control`` is the document-control header (domain.md part 4,
    F18): pairs of name and value. A list has ``columns``, a form ``widths`` (half-width characters), ``blocks`` and the
    ``frame`` around them.
    ``leaves_shop``: it is given to others, so that customers are masked on it unless somebody wants otherwise.
    ``group``: with which others it is offered. ``package``: in whose package it is, that of a month, of a week ….
    """

    id: str
    title: str
    shape: Shape
    of: Of
    order: int
    page: Page
    font: Font
    title_font: Font
    control: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    sign_off: tuple[str, ...]
    foot: str
    phrases: Phrases
    widths: tuple[int, ...] = ()
    blocks: tuple[Block, ...] = ()
    frame: Frame = Frame.THIN
    leaves_shop: bool = False
    charts: tuple[ChartOf, ...] = ()
    group: Group = Group.OTHER
    package: frozenset[PeriodKind] = frozenset()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of a line that the sheet asks for, once; of a form those outside its repeated blocks."""
        of_columns = (key for column in self.columns for key in column.keys)
        of_cells = (key for block in self.blocks if block.repeat is None for key in block.keys)
        return tuple(dict.fromkeys(key for key in (*of_columns, *of_cells) if key not in _GIVEN))

"""What a standard sheet is made of (vocabulary: "Sheets"; the facts themselves are ``resources/sheets/*.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SERIAL = "serial"
"""The key of the running number 1, 2, 3 …, which belongs to the sheet and not to a line."""


class Form(StrEnum):
    """What one sheet covers: a period, one line a case; or one shift handover, one line a matter."""

    LIST = "list"
    HANDOVER = "handover"


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

    ``control`` is the document-control header (domain.md part 4, F18): pairs of name and value.
    """

    id: str
    title: str
    form: Form
    order: int
    page: Page
    font: Font
    title_font: Font
    control: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    sign_off: tuple[str, ...]
    foot: str
    phrases: Phrases

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of a line that the sheet asks for, once."""
        return tuple(dict.fromkeys(key for column in self.columns for key in column.keys if key != SERIAL))

"""What a reference to cells becomes when rows are repeated: ``A5:J5``, ``Sheet1!$1:$4``, formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

_CELL = r"(\$?[A-Za-z]{1,3})?(\$?)([0-9]+)?"
_AREA = re.compile(rf"{_CELL}(?::{_CELL})?")
_QUALIFIED = re.compile(r"(?:('(?:[^']|'')+'|[^'!:\[\]]+)!)?([^!]+)")
_BARE_NAME = re.compile(r"[^\W\d][\w.]*")
_OVER_MANY = re.compile(r"(?:SUBTOTAL|SUMPRODUCT|MEDIAN|COUNT(?:A|BLANK)?|(?:SUM|COUNT|AVERAGE|MAX|MIN)(?:IFS?)?)\(")
"""Functions over many cells, as a formula's tokens write them."""
_LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[RrCc][0-9]*(?:[Cc][0-9]*)?")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rows ``first`` … ``last`` (counted from 1) stand ``copies`` times, and what is below moves down."""

    first: int = 1
    last: int = 0
    copies: int = 1

    @property
    def height(self) -> int:
        """How many rows one copy has."""
        return self.last - self.first + 1

    @property
    def extra(self) -> int:
        """How many rows were added."""
        return (self.copies - 1) * self.height

    def holds(self, row: int) -> bool:
        """Say whether a row is one of those repeated."""
        return self.first <= row <= self.last

    def start(self, row: int) -> int:
        """Return where a range begins that began in this row: a repeated row's first copy."""
        return row + self.extra if row > self.last else row

    def end(self, row: int) -> int:
        """Return where a range ends that ended in this row: a repeated row's last copy."""
        return row + self.extra if row >= self.first else row


@dataclass(frozen=True, slots=True)
class Move:
    """What a worksheet is called afterwards, and which rows are repeated."""

    name: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Moves:
    """Of each worksheet by its name before; ``here`` is the one whose references name none.

    ``copy`` is the copy (from 0) of the repeated rows that the reference stands in; None: it stands elsewhere.
    """

    of: Mapping[str, Move]
    here: str = ""
    copy: int | None = None

    @property
    def changes_nothing(self) -> bool:
        """Say whether each reference stays what it is."""
        return all(move.name == name and not move.stretch.extra for name, move in self.of.items())

    def formula(self, formula: str) -> str:
        """Return a formula (without its ``=``) as it must read afterwards; what cannot be read stays as it is."""
        try:
            tokens = Tokenizer(f"={formula}").items
        except (TokenizerError, IndexError):
            return formula
        return "".join(self._token(token, spread=spread) for token, spread in _with_spread(tokens))

    def spread(self, formula: str) -> str:
        """Return a formula of a chart: one cell of the repeated rows stands for those of all copies."""
        return self._qualified(formula, spread=True)

    def area(self, area: str) -> str:
        """Return an area of this worksheet, such as ``A5:J5``."""
        return _move(area, self.of[self.here].stretch, self.copy) if self.here in self.of else area

    def areas(self, areas: str) -> str:
        """Return a list of areas; one that lies in the repeated rows and is less high than they are is in each copy."""
        stretch = self.of[self.here].stretch
        return " ".join(part for area in areas.split() for part in self._each(area, stretch))

    def _each(self, area: str, stretch: Stretch) -> list[str]:
        rows = rows_of(area)
        if rows is None or not (stretch.holds(rows[0]) and stretch.holds(rows[1])):
            return [self.area(area)]
        if rows == (stretch.first, stretch.last):
            return [_move(area, stretch, None, spread=True)]
        return [shift(area, copy * stretch.height) for copy in range(stretch.copies)]

    def _token(self, token: Token, *, spread: bool) -> str:
        value = str(token.value)
        is_area = token.type == Token.OPERAND and token.subtype == Token.RANGE
        return self._qualified(value, spread=spread) if is_area else value

    def _qualified(self, value: str, *, spread: bool) -> str:
        match = _QUALIFIED.fullmatch(value)
        if match is None:
            return value
        sheet = match[1]
        name = unquote(sheet) if sheet else self.here
        move = next((self.of[key] for key in self.of if key.casefold() == name.casefold()), None)
        if move is None:
            return value
        own = self.copy if name.casefold() == self.here.casefold() else None
        area = _move(match[2], move.stretch, own, spread=spread)
        if not sheet:
            return area
        return f"{sheet if move.name == name else quote(move.name)}!{area}"


def rows_of(area: str) -> tuple[int, int] | None:
    """Return the first and last row of an area; None for whole columns and what is no area."""
    match = _AREA.fullmatch(area)
    if match is None or match[3] is None:
        return None
    return int(match[3]), int(match[6] or match[3])


def shift(area: str, rows: int) -> str:
    """Return an area so many rows further down."""
    return _AREA.sub(lambda m: _write(m, lambda n: n + rows, lambda n: n + rows), area, count=1)


def quote(name: str) -> str:
    """Return the name of a worksheet as a formula writes it."""
    plain = _BARE_NAME.fullmatch(name) and not _LOOKS_LIKE_CELL.fullmatch(name)
    return name if plain else "'" + name.replace("'", "''") + "'"


def unquote(name: str) -> str:
    """Undo :func:`quote`."""
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def _with_spread(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Go through the tokens, and say which is all of an argument of a function over many cells: ``SUM(E5)``.

    Who writes so under a row that is repeated wants the sum of all its copies.
    """
    open_functions: list[str] = []
    for place, token in enumerate(tokens):
        if token.subtype == Token.OPEN:
            open_functions.append(str(token.value).upper())
        elif token.subtype == Token.CLOSE and open_functions:
            open_functions.pop()
        around = [tokens[n] for n in (place - 1, place + 1) if 0 <= n < len(tokens)]
        alone = all(t.type == Token.SEP or t.subtype in (Token.OPEN, Token.CLOSE) for t in around)
        yield token, alone and bool(open_functions) and _OVER_MANY.fullmatch(open_functions[-1]) is not None


def _move(area: str, stretch: Stretch, copy: int | None, *, spread: bool = False) -> str:
    """Return an area as it must read afterwards; within the repeated rows a reference without ``$`` is its copy's.

    With ``spread`` a single cell of the repeated rows, seen from elsewhere, becomes the cells of all copies.
    """
    match = _AREA.fullmatch(area)
    if match is None or match[3] is None:
        return area
    if spread and copy is None and not match[6] and stretch.copies > 1 and stretch.holds(int(match[3])):
        return _move(f"{area}:{area}", stretch, None)

    def own(row: int, fixed: str) -> int | None:
        return row + copy * stretch.height if copy is not None and not fixed and stretch.holds(row) else None

    def first(row: int) -> int:
        moved = own(row, match[2])
        return stretch.start(row) if moved is None else moved

    def last(row: int) -> int:
        moved = own(row, match[5])
        return stretch.end(row) if moved is None else moved

    return _write(match, first, last)


def _write(match: re.Match[str], first: Callable[[int], int], last: Callable[[int], int]) -> str:
    if match[3] is None:
        return match[0]
    start = f"{match[1] or ''}{match[2]}{first(int(match[3]))}"
    return f"{start}:{match[4] or ''}{match[5]}{last(int(match[6]))}" if match[6] else start

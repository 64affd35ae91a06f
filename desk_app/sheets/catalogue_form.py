"""Reads the cells of a form (docs/sheets.md): widths, rows, blocks that repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.register_line import LINE_KEYS
from desk_app.domain.sheet_lines import Each, Of, choices, datum_values
from desk_app.domain.vocabulary import Action, FollowUpKind, Route, Status
from desk_app.domain.vocabulary import Kind as CaseKind
from desk_app.sheets.heading import known_keys
from desk_app.sheets.sheet import SERIAL, SHOP, Align, Block, Cell, CellLook, FormRow, Kind
from desk_app.sheets.toml_table import Table, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from desk_app.domain.sheet_lines import Facts

_MOST_WIDTHS = 24
_MOST_LINES = 60


def read_widths(top: Table) -> tuple[int, ...]:
    """Return the widths of the columns of a form."""
    widths = top.take("widths", list)
    if not 1 <= len(widths) <= _MOST_WIDTHS or not all(type(w) is int and 2 <= w <= 200 for w in widths):  # noqa: PLR2004
        wrong("widths", widths, f"1 … {_MOST_WIDTHS} × 2 … 200")
    return tuple(widths)


def read_of(table: Table, facts: Facts) -> Of:
    """Return what a sheet, or a repeated block of one, has a line or a form of."""
    actions = table.members("actions", Action)
    of = Of(
        each=table.choice("each", Each),
        kinds=table.members("kinds", CaseKind),
        channels=frozenset(table.texts("channels", [])),
        routes=table.members("routes", Route),
        statuses=table.members("statuses", Status),
        actions=actions,
        where=_read_where(table.table("where"), actions, facts) if "where" in table else {},
        owed=table.members("owed", FollowUpKind),
        carried=table.take("carried", bool, default=False),
        tally=table.texts("tally", []),
        surveyed=table.take("surveyed", bool, default=False),
    )
    for number, key in enumerate(of.tally, 1):
        if key not in LINE_KEYS:
            wrong(f"{table.place('tally')}[{number}]", key, "?")
    if of.each is Each.FIGURES and not of.tally:
        wrong(table.place("tally"), [], "?")
    if of.each is Each.DEED and not of.actions:
        wrong(table.place("actions"), [], " / ".join(Action))
    if of.each is Each.OWED and not of.owed:
        wrong(table.place("owed"), [], " / ".join(FollowUpKind))
    table.done()
    return of


def read_blocks(top: Table, known: frozenset[str], facts: Facts) -> tuple[Block, ...]:
    """Return the blocks of a form in their order; a row without ``block`` is a block of one row."""
    columns = len(top.take("widths", list))
    entries = top.tables("rows")
    if not entries:
        wrong("rows", [], "[[rows]]")
    return tuple(_read_block(entry, known, facts, columns) for entry in entries)


def _read_where(table: Table, actions: Iterable[Action], facts: Facts) -> Mapping[str, frozenset[str]]:
    where = {}
    for key in table:
        values, known = table.texts(key), datum_values(key, actions, facts)
        unknown = [value for value in values if known and value not in known]
        if known is None:
            wrong(table.place(key), "?")
        if unknown:
            wrong(table.place(key), unknown[0], " / ".join(sorted(known)))
        where[key] = frozenset(values)
    return where


def _read_block(table: Table, known: frozenset[str], facts: Facts, columns: int) -> Block:
    repeat = read_of(table.table("repeat"), facts) if "repeat" in table else None
    if repeat is not None and repeat.each not in (Each.ROUND, Each.DEED, Each.OWED):
        wrong(table.place("repeat"), repeat.each.value, "round / deed / owed")
    known = known | {SHOP} if repeat is None else known_keys(repeat.each, facts) | {SHOP, SERIAL}
    reader = _Cells(known, facts)
    if "block" in table:
        inner = table.tables("block")
        rows = tuple(map(reader.row, inner))
        for each in inner:
            each.done()
    else:
        inner, rows = (table,), (reader.row(table),)
    table.done()
    _fits(rows, columns, [each.place("cells") for each in inner])
    return Block(rows, repeat)


class _Cells:
    """Reads the cells of one block, which may ask for certain keys."""

    def __init__(self, known: frozenset[str], facts: Facts) -> None:
        self._known, self._facts = known, facts

    def row(self, table: Table) -> FormRow:
        place = table.place("cells")
        cells = tuple(self._cell(entry, f"{place}[{n}]") for n, entry in enumerate(table.take("cells", list), 1))
        return FormRow(cells, table.whole("lines", 1, _MOST_LINES, 1))

    def _cell(self, entry: object, place: str) -> Cell:
        cell = Cell(entry, look=_look_of(entry)) if isinstance(entry, str) else self._cell_of(Table(entry, place))
        unknown = [key for key in cell.keys if key not in self._known]
        rest = cell.text
        for key in cell.keys:
            rest = rest.replace(f"{{{key}}}", "")
        if unknown or "{" in rest or "}" in rest:
            wrong(place, unknown[0] if unknown else cell.text, "{key}")
        return cell

    def _cell_of(self, table: Table) -> Cell:
        text = table.take("text", str, "")
        boxes, ticked_by = self._boxes(table) if "boxes" in table else ((), "")
        cell = Cell(
            text=text,
            span=table.whole("span", 1, _MOST_WIDTHS, 1),
            down=table.whole("down", 1, _MOST_LINES, 1),
            look=table.choice("look", CellLook, CellLook.VALUE if boxes else _look_of(text)),
            kind=table.choice("kind", Kind) if "kind" in table else None,
            align=table.choice("align", Align) if "align" in table else None,
            boxes=boxes,
            ticked_by=ticked_by,
        )
        table.done()
        return cell

    def _boxes(self, table: Table) -> tuple[tuple[str, ...], str]:
        """Return the words to tick, and the key of the value that ticks one."""
        found: object = table.take("boxes", (str, list))
        if isinstance(found, str):
            return choices(found, self._facts) or wrong(table.place("boxes"), found, "?"), found
        return table.texts("boxes"), table.take("ticked_by", str, "")


def _look_of(text: str) -> CellLook:
    return CellLook.LABEL if text and "{" not in text else CellLook.VALUE


def _fits(rows: tuple[FormRow, ...], columns: int, places: Sequence[str]) -> None:
    """Check that the cells of every row, with those that reach down into it, fill its columns exactly."""
    reaching = [0] * columns
    for row, place in zip(rows, places, strict=True):
        free = [column for column in range(columns) if not reaching[column]]
        wanted = sum(cell.span for cell in row.cells)
        if wanted != len(free):
            wrong(place, wanted, f"{len(free)}")
        reaching = [max(0, left - 1) for left in reaching]
        for cell in row.cells:
            taken, free = free[: cell.span], free[cell.span :]
            if taken and taken[-1] - taken[0] + 1 != cell.span:
                wrong(place, cell.text or cell.boxes, "span")
            for column in taken:
                reaching[column] = max(reaching[column], cell.down - 1)
    if any(reaching):
        wrong(places[-1], "down", f"≤ {len(rows)}")

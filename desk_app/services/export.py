"""Use cases of the month's end: standard sheets into files, all or none; what proves them is in ``proof``."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from desk_app.domain.journal import Noted
from desk_app.domain.periods import Period, read_period
from desk_app.domain.rights import Right
from desk_app.domain.sealed import Occasion
from desk_app.domain.sheet_lines import Each
from desk_app.errors import KnownError
from desk_app.services import anchoring, months, proof, sheets, templates
from desk_app.services.letting_go import let_go_of_grids
from desk_app.services.results import Exported, ExportedFile
from desk_app.services.sheets import Filled, Scope
from desk_app.services.templates import Piece
from desk_app.sheets.sheet import Group, Shape
from desk_app.sheets.target import put_in_place, staging
from desk_app.storage import exports
from desk_app.storage.exports import ExportRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from desk_app.services.workspace import Workspace
    from desk_app.sheets.grid import Grid
    from desk_app.sheets.sheet import Sheet

MONTHLY = ("register", "feedback")
"""The sheets of every month, where nobody asks for others."""
OF_A_CASE = "record"
"""The sheet of one case, where nobody asks for another."""
RECEIPT = "receipt"
"""What a customer is given when the case is on file."""
_NOT_IN_FILE_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_TOLD_NUMBERS = 20
_MONTH = re.compile(r"\d{4}-\d{2}")
_NAMED_MONTHS = {"last": "last", "this": "month"}
_NAME_BYTES = (75, 54, 78)
"""Together, with what is put around them while they are written, fewer than the 255 of a name on a disk."""


class Format(StrEnum):
    """The kinds of file."""

    XLSX = "xlsx"
    PDF = "pdf"
    CSV = "csv"
    CSV_GB18030 = "csv-gb18030"

    @property
    def suffix(self) -> str:
        """How such a file's name ends."""
        return ".csv" if self is Format.CSV_GB18030 else f".{self}"


Writer = Callable[[Sequence["Grid"], "Path", Mapping[str, str]], None]
"""Writes grids to a path, with properties that stay in the file where it can hold any."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported. ``sheets``: ids, none means those of every month. ``together``: all in one file.

    ``other_names``: where a file of the name is there already, a free name is taken instead of replacing it.
    ``templates`` are workbooks of the shop's own with placeholders, each filled with the cases of the scope into a file
    of its own. ``pdf``: who writes PDF files (the core cannot). ``name``: what the one file of ``together`` is called
    without the ending; empty: by its sheets, shop and period. ``for_person``: ``services.person`` has been asked, and
    has noted it.
    """

    sheets: tuple[str, ...]
    scope: Scope
    out: Path
    format: Format = Format.XLSX
    together: bool = False
    other_names: bool = False
    pdf: Writer | None = None
    templates: tuple[Path, ...] = ()
    name: str = ""
    for_person: bool = False


def period_of(text: str, today: date) -> Period:
    """Return the period that somebody wrote.

    Raises:
        KnownError: ``bad_period``, ``period_ahead``.
    """
    try:
        period = read_period(text, today)
    except (ValueError, OverflowError) as error:
        raise KnownError("bad_period", period=text[:30]) from error
    if period.first > today:
        raise KnownError("period_ahead", period=period.name)
    return period


def month_of(text: str, today: date) -> Period:
    """Return the month that somebody wrote: 2026-10, ``last``, or ``this``.

    Raises:
        KnownError: ``bad_month``, ``period_ahead``.
    """
    if text not in _NAMED_MONTHS and not _MONTH.fullmatch(text):
        raise KnownError("bad_month", month=text[:20])
    try:
        return period_of(_NAMED_MONTHS.get(text, text), today)
    except KnownError as error:
        raise KnownError("bad_month", month=text[:20]) if error.code == "bad_period" else error from error


def month_scope(ws: Workspace, month: str) -> Scope:
    """Return everything of a month; raises like :func:`month_of`."""
    return Scope(month_of(month, ws.clock.now().date()))


def file_stem(title: str, shop: str, scope: Scope) -> str:
    """Return what a file is called by what is in it, without the ending: of each word as much as a disk takes."""
    words = zip((title, shop, proof.covered_in_name(scope)), _NAME_BYTES, strict=True)
    cut = (_NOT_IN_FILE_NAME.sub("_", word).encode()[:most].decode(errors="ignore") for word, most in words if word)
    return "_".join(cut)


def fill(
    ws: Workspace,
    order: Order,
    *,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Filled, ...]:
    """Return the sheets of an order, filled, to be looked at or printed; ``progress`` and the errors as in export."""
    _ask(ws, order)
    chosen = _chosen(ws, order)
    with _window_answers(keeps=True):
        return tuple(_filled(ws, order, chosen, _Steps(len(chosen), progress), _stop(is_cancelled)))


def export(
    ws: Workspace,
    order: Order,
    *,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Exported:
    """Write sheets into files, every one whole, and either all of them or none.

    What is written first stands in a hidden folder beside the targets; at the end it is renamed, and if the
    transaction that remembers the files fails, all is as it was. ``progress`` is told how many of how many steps are
    done: a step for each sheet that is filled, and one for each that is in its file. It may be cancelled at each line
    of a sheet, and between the files. From a register that is read-only all can be exported, but not be proved later.

    Raises:
        KnownError: ``sheet_unknown``, ``sheet_broken``, ``case_unknown``, ``export_cancelled``,
            ``format_not_for_forms``, ``csv_one_sheet``, ``sheet_of_handover``, ``template_…`` (docs/templates.md),
            ``target_open`` (its ``other`` is the free name), ``target_unwritable``, ``disk_full``.
    """
    _ask(ws, order)
    stop, chosen = _stop(is_cancelled), _chosen(ws, order)
    steps = _Steps(2 * len(chosen) + len(order.templates), progress)
    with staging(order.out) as folder:
        with _window_answers(keeps=False):
            staged = _staged(ws, order, _pieces(ws, order, chosen, steps, stop), folder, steps, stop)
        targets = [(each.path, order.out / each.row.name) for each in staged]
        with put_in_place(targets):
            notes = _remember(ws, [each.row for each in staged])
    anchoring.drop(ws, Occasion.EXPORT)
    month = months.lockable(ws, order.scope.period) if any("register" in each.row.sheets for each in staged) else ""
    return Exported(tuple(each.as_told(order.out, notes) for each in staged), month)


class _Staged(NamedTuple):
    """A file where nobody looks yet, the row that will prove it, and what somebody has to be told of it."""

    title: str
    path: Path
    row: ExportRow
    notes: tuple[KnownError, ...]

    def as_told(self, out: Path, notes: tuple[KnownError, ...]) -> ExportedFile:
        """Return it as it is when it stands in its folder, with what is to be told of all of them too."""
        row = self.row
        return ExportedFile(row.sheets, self.title, out / row.name, row.rows, row.sha256, (*self.notes, *notes))


def _remember(ws: Workspace, rows: Sequence[ExportRow]) -> tuple[KnownError, ...]:
    """Write down what will prove the files; return what is to be told of it: a read-only register remembers nothing."""
    if ws.store.is_read_only:
        return (KnownError("export_not_remembered"),)
    with ws.store.transaction() as conn:
        for row in rows:
            exports.add(conn, row)
            told = {"sheets": row.sheets, "rows": row.rows, "masked": bool(row.masked)}
            ws.note(conn, Noted.EXPORT, row.mark, period=f"{row.first}/{row.last}" if row.first else "", **told)
    return ()


@contextmanager
def _window_answers(*, keeps: bool) -> Iterator[None]:
    """Let no garbage be looked for: among the cells of a year that takes half a second, in which no thread goes on.

    What is no longer wanted goes by itself meanwhile, all but the few rings that openpyxl makes. ``keeps``: what was
    made is wanted still; it is not searched before :func:`letting_go.let_go_of_grids`.
    """
    was_on, is_kept = gc.isenabled(), False
    gc.disable()
    try:
        yield
        is_kept = keeps
    finally:
        gc.freeze()  # and so out of the youngest generation, whose search would come at once
        if not is_kept:
            gc.unfreeze()
        if was_on:
            gc.enable()


def _ask(ws: Workspace, order: Order) -> None:
    """Ask whether the operator may have what is ordered; raises ``not_allowed``, ``locked``."""
    ws.require(Right.EXPORT_CASE if order.scope.numbers else Right.EXPORT)
    if order.templates:
        ws.require(Right.TEMPLATES)


def _stop(is_cancelled: Callable[[], bool]) -> Callable[[], None]:
    """Return what ends a cancelled export wherever it is called: by an error that undoes all of it."""

    def stop() -> None:
        if is_cancelled():
            raise KnownError("export_cancelled")

    return stop


def _chosen(ws: Workspace, order: Order) -> list[Sheet]:
    wanted = order.sheets or (() if order.templates else MONTHLY)
    chosen = [sheets.find(ws, sheet_id) for sheet_id in dict.fromkeys(wanted)]
    _check(order, chosen)
    return chosen


class _Steps:
    """Counts the steps of a job, and tells them."""

    def __init__(self, total: int, told: Callable[[int, int], None]) -> None:
        self._done, self._total, self._told = 0, total, told
        told(0, total)

    def done(self, steps: int = 1) -> None:
        self._done += steps
        self._told(self._done, self._total)


def _filled(
    ws: Workspace, order: Order, chosen: Sequence[Sheet], steps: _Steps, stop: Callable[[], None]
) -> Iterator[Filled]:
    """Fill one sheet after the other, whenever the next is wanted: those of a year together are large."""
    for sheet in chosen:
        stop()
        yield _proved(
            ws, order, sheets.fill(ws, sheet, order.scope, by=ws.operator, before_each=stop)
        )  # held by no name
        steps.done()


def _proved(ws: Workspace, order: Order, filled: Filled) -> Filled:
    return replace(filled, grid=replace(filled.grid, proof=proof.on_page(ws, filled, order.scope, ws.operator)))


def _staged(
    ws: Workspace, order: Order, pieces: Iterator[Piece], folder: Path, steps: _Steps, stop: Callable[[], None]
) -> list[_Staged]:
    """Write every file where nobody looks yet, and keep nothing else of it in mind."""
    staged = []
    for piece in pieces:
        staged.append(_stage(ws, order, piece, folder))
        steps.done(len(piece.sheets.split(",")))
        stop()
    return staged


def _pieces(
    ws: Workspace, order: Order, chosen: Sequence[Sheet], steps: _Steps, stop: Callable[[], None]
) -> Iterator[Piece]:
    """Go through the files that are to be written, each made when it is wanted."""
    filled = _filled(ws, order, chosen, steps, stop)
    if order.together and chosen:
        yield _piece(ws, order, tuple(filled))
    else:
        yield from map(partial(_alone, ws, order), filled)  # a loop would hold the last one
    for path in order.templates:
        yield templates.piece(ws, path, order.scope, by=ws.operator)


def _check(order: Order, chosen: Sequence[Sheet]) -> None:
    if order.format is Format.PDF and order.pdf is None:
        raise KnownError("format_not_built", format=order.format)
    is_csv = order.format in (Format.CSV, Format.CSV_GB18030)
    for sheet in chosen:
        if sheet.group is Group.PERSON and not order.for_person:
            raise KnownError("sheet_of_person", sheet=sheet.title)
        if sheet.of.each is Each.HANDOVER:
            raise KnownError("sheet_of_handover", sheet=sheet.title)
        if is_csv and sheet.shape is Shape.FORM:
            raise KnownError("format_not_for_forms", sheet=sheet.title)
    if is_csv and order.together and len(chosen) > 1:
        raise KnownError("csv_one_sheet")


def _alone(ws: Workspace, order: Order, each: Filled) -> Piece:
    return _piece(ws, order, (each,))


def _piece(ws: Workspace, order: Order, group: Sequence[Filled]) -> Piece:
    """Return one file of standard sheets."""
    writer, grids = _writer(order), [each.grid for each in group]

    def write(path: Path, properties: Mapping[str, str]) -> tuple[KnownError, ...]:
        try:
            writer(grids, path, properties)
        finally:
            let_go_of_grids(grids)
        return ()  # what was cut, the sheet itself says

    return Piece(
        title=ws.rules.sentences.label("word", "package") if len(group) > 1 else group[0].sheet.title,
        sheets=",".join(each.sheet.id for each in group),
        narrowed="；".join(dict.fromkeys(filter(None, (proof.narrowed(ws, each.sheet) for each in group)))),
        rows=sum(each.rows for each in group),
        masked=all(each.masked for each in group),
        suffix=order.format.suffix,
        write=write,
    )


def _stage(ws: Workspace, order: Order, piece: Piece, folder: Path) -> _Staged:
    """Write one file where nobody looks yet."""
    name = _name(order, order.name or file_stem(piece.title, ws.shop.name, order.scope), piece.suffix, folder)
    path, period = folder / name, order.scope.period
    row = ExportRow(
        mark=uuid4().hex,
        at=ws.clock.now().isoformat(),
        by=ws.operator,
        sheets=piece.sheets,
        first=period.first_text if period else "",
        last=period.last.isoformat() if period else "",
        scope=",".join(order.scope.numbers) or piece.narrowed,
        masked=int(piece.masked),
        rows=piece.rows,
        name=name,
        sha256="",
    )
    notes = (*piece.write(path, proof.properties(ws, piece, row)), *_changed_since(ws, order.scope))
    row = replace(row, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    return _Staged(piece.title, path, row, notes)


def _changed_since(ws: Workspace, scope: Scope) -> tuple[KnownError, ...]:
    """Say what changed in a month since it was locked; on the sheet the rows themselves say it."""
    if scope.period is None or not _MONTH.fullmatch(scope.period.name):
        return ()
    numbers = months.changed_numbers(ws, scope.period.name)
    told = "、".join(numbers[:_TOLD_NUMBERS]) + "…" * (len(numbers) > _TOLD_NUMBERS)
    return (KnownError("month_changed", month=scope.period.name, count=len(numbers), numbers=told),) if numbers else ()


def _name(order: Order, stem: str, suffix: str, folder: Path) -> str:
    """Return a name that no other file of this export has, nor, if it is to replace none, one that is there."""
    name, number = f"{stem}{suffix}", 1
    while (folder / name).exists() or (order.other_names and (order.out / name).exists()):
        number += 1
        name = f"{stem}({number}){suffix}"
    return name


def _writer(order: Order) -> Writer:
    if order.format is Format.PDF and order.pdf is not None:
        return order.pdf
    if order.format is Format.XLSX:
        from desk_app.sheets.workbook import write_workbook  # noqa: PLC0415 -- openpyxl, only when it is wanted

        return write_workbook
    from desk_app.sheets.csv_file import CsvEncoding, write_csv  # noqa: PLC0415 -- only when it is wanted

    encoding = CsvEncoding.GB18030 if order.format is Format.CSV_GB18030 else CsvEncoding.UTF_8
    return lambda grids, path, _properties: write_csv(grids[0], path, encoding)

"""Use cases of the month's end: standard sheets into files, all or none, and the proof of what was in them."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from desk_app.domain.periods import Period, read_period
from desk_app.domain.sheet_lines import Each
from desk_app.errors import KnownError
from desk_app.services import sheets
from desk_app.services.results import Exported, ExportedFile, ProvedExport
from desk_app.services.sheets import Filled, Scope
from desk_app.sheets.sheet import Shape
from desk_app.sheets.target import free_name, make_folder, put_in_place
from desk_app.storage import exports
from desk_app.storage.exports import ExportRow

if TYPE_CHECKING:
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
_MONTH = re.compile(r"\d{4}-\d{2}")
_MARK = "complaint-desk-export"
_SHOWN_NUMBERS = 3


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
    ``pdf``: who writes PDF files (the core cannot). ``name``: what the one file of ``together`` is called without the
    ending; empty: by its sheets, shop and period.
    """

    sheets: tuple[str, ...]
    scope: Scope
    out: Path
    by: str
    format: Format = Format.XLSX
    together: bool = False
    other_names: bool = False
    pdf: Writer | None = None
    name: str = ""


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
    """Return the month that somebody wrote: 2026-10, or ``last``.

    Raises:
        KnownError: ``bad_month``, ``period_ahead``.
    """
    if text != "last" and not _MONTH.fullmatch(text):
        raise KnownError("bad_month", month=text[:20])
    try:
        return period_of(text, today)
    except KnownError as error:
        raise KnownError("bad_month", month=text[:20]) if error.code == "bad_period" else error from error


def month_scope(ws: Workspace, month: str) -> Scope:
    """Return everything of a month; raises like :func:`month_of`."""
    return Scope(month_of(month, ws.clock.now().date()))


def file_stem(title: str, shop: str, scope: Scope) -> str:
    """Return what a file is called by what is in it, without the ending."""
    return _NOT_IN_FILE_NAME.sub("_", "_".join(filter(None, (title, shop, _covered(scope)))))


def fill(
    ws: Workspace,
    order: Order,
    *,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Filled, ...]:
    """Return the sheets of an order, filled, to be looked at or printed; ``progress`` and the errors as in export."""
    return _fill(ws, order, _chosen(ws, order), progress, _stop(is_cancelled))


def export(
    ws: Workspace,
    order: Order,
    *,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Exported:
    """Write sheets into files, every one whole, and either all of them or none.

    What is written first stands in a hidden folder beside the targets; at the end it is renamed, in the transaction
    that remembers the files. ``progress`` is told how many of how many steps are done: a step for each sheet that is
    filled, and one for each that is in its file. It may be cancelled at each line of a sheet, and between the files.

    Raises:
        KnownError: ``sheet_unknown``, ``sheet_broken``, ``case_unknown``, ``export_cancelled``,
            ``format_not_for_forms``, ``csv_one_sheet``, ``sheet_of_handover``,
            ``target_open`` (its ``other`` is the free name), ``target_unwritable``, ``disk_full``.
    """
    stop, chosen = _stop(is_cancelled), _chosen(ws, order)
    total = 2 * len(chosen)
    filled = _fill(ws, order, chosen, lambda done, _of: progress(done, total), stop)
    groups: list[Sequence[Filled]] = [filled] if order.together else [(each,) for each in filled]
    make_folder(order.out)
    staging = order.out / f".export-{uuid4().hex[:12]}"
    make_folder(staging)
    try:
        staged = []
        for group in groups:
            staged.append(_stage(ws, order, group, staging))
            progress(len(chosen) + sum(len(row.sheets.split(",")) for _path, row in staged), total)
            stop()
        files = []
        with ws.store.transaction() as conn:
            for group, (path, row) in zip(groups, staged, strict=True):
                target = order.out / row.name
                exports.add(conn, row)
                put_in_place(path, target)
                files.append(ExportedFile(row.sheets, _title(ws, group), target, row.rows, row.sha256))
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Exported(tuple(files))


def prove(ws: Workspace, path: Path) -> ProvedExport:
    """Return what is known of a file that this register may have exported, and whether it is as it was.

    Raises:
        KnownError: ``file_unreadable``.
    """
    from desk_app.sheets.workbook import read_properties  # noqa: PLC0415 -- openpyxl, only when it is wanted

    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise KnownError("file_unreadable", path=path, reason=error.strerror or str(error)) from error
    with ws.store.reading() as conn:
        same = exports.of_digest(conn, digest)
        if same is not None:
            return ProvedExport(same, is_unchanged=True)
        try:
            mark = read_properties(path).get(_MARK, "")
        except KnownError:
            mark = ""
        return ProvedExport(exports.of_mark(conn, mark), is_unchanged=False)


def _stop(is_cancelled: Callable[[], bool]) -> Callable[[], None]:
    """Return what ends a cancelled export wherever it is called: by an error that undoes all of it."""

    def stop() -> None:
        if is_cancelled():
            raise KnownError("export_cancelled")

    return stop


def _chosen(ws: Workspace, order: Order) -> list[Sheet]:
    chosen = [sheets.find(ws, sheet_id) for sheet_id in dict.fromkeys(order.sheets or MONTHLY)]
    _check(order, chosen)
    return chosen


def _fill(
    ws: Workspace, order: Order, chosen: Sequence[Sheet], progress: Callable[[int, int], None], stop: Callable[[], None]
) -> tuple[Filled, ...]:
    filled: list[Filled] = []
    for sheet in chosen:
        progress(len(filled), len(chosen))
        stop()
        filled.append(sheets.fill(ws, sheet, order.scope, by=order.by, before_each=stop))
    progress(len(chosen), len(chosen))
    return tuple(filled)


def _check(order: Order, chosen: Sequence[Sheet]) -> None:
    if order.format is Format.PDF and order.pdf is None:
        raise KnownError("format_not_built", format=order.format)
    is_csv = order.format in (Format.CSV, Format.CSV_GB18030)
    for sheet in chosen:
        if sheet.of.each is Each.HANDOVER:
            raise KnownError("sheet_of_handover", sheet=sheet.title)
        if is_csv and sheet.shape is Shape.FORM:
            raise KnownError("format_not_for_forms", sheet=sheet.title)
    if is_csv and order.together and len(chosen) > 1:
        raise KnownError("csv_one_sheet")


def _stage(ws: Workspace, order: Order, group: Sequence[Filled], staging: Path) -> tuple[Path, ExportRow]:
    """Write one file where nobody looks yet; return it, and the row that will prove it."""
    name = _free(order, order.name or file_stem(_title(ws, group), ws.shop.name, order.scope))
    path, mark = staging / name, uuid4().hex
    _writer(order)([each.grid for each in group], path, {_MARK: mark})
    period = order.scope.period
    return path, ExportRow(
        mark=mark,
        at=ws.clock.now().isoformat(),
        by=order.by,
        sheets=",".join(each.sheet.id for each in group),
        first=period.first_text if period else "",
        last=period.last.isoformat() if period else "",
        scope=",".join(order.scope.numbers),
        masked=int(all(each.masked for each in group)),
        rows=sum(each.rows for each in group),
        name=name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _writer(order: Order) -> Writer:
    if order.format is Format.PDF and order.pdf is not None:
        return order.pdf
    if order.format is Format.XLSX:
        from desk_app.sheets.workbook import write_workbook  # noqa: PLC0415 -- openpyxl, only when it is wanted

        return write_workbook
    from desk_app.sheets.csv_file import CsvEncoding, write_csv  # noqa: PLC0415 -- only when it is wanted

    encoding = CsvEncoding.GB18030 if order.format is Format.CSV_GB18030 else CsvEncoding.UTF_8
    return lambda grids, path, _properties: write_csv(grids[0], path, encoding)


def _title(ws: Workspace, group: Sequence[Filled]) -> str:
    return ws.rules.sentences.label("word", "package") if len(group) > 1 else group[0].sheet.title


def _covered(scope: Scope) -> str:
    if scope.period is not None:
        return scope.period.name
    more = f"等{len(scope.numbers)}件" if len(scope.numbers) > _SHOWN_NUMBERS else ""
    return "、".join(scope.numbers[:_SHOWN_NUMBERS]) + more


def _free(order: Order, stem: str) -> str:
    path = order.out / f"{stem}{order.format.suffix}"
    return free_name(path).name if order.other_names and path.exists() else path.name

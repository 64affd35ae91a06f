"""Use case of the month's end: the standard sheets of a month, one workbook each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from desk_app.domain.register_line import read_wording, register_line
from desk_app.domain.sheet_lines import Each, Facts
from desk_app.domain.times import month_range
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.services.results import Exported, ExportedFile
from desk_app.sheets.catalogue import load_sheets
from desk_app.sheets.heading import period_heading
from desk_app.sheets.layout import lay_out
from desk_app.sheets.target import free_name, make_folder
from desk_app.storage import cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from desk_app.domain.register_line import Line
    from desk_app.services.workspace import Workspace
    from desk_app.sheets.heading import Heading
    from desk_app.sheets.sheet import Sheet


def sheet_titles(ws: Workspace) -> Mapping[str, str]:
    """Return the sheets that can be exported, id → title, in the order they are offered."""
    return {sheet.id: sheet.title for sheet in _sheets(ws).values() if sheet.of.each is not Each.HANDOVER}


def export_month(
    ws: Workspace, month: str, sheet_ids: Sequence[str], out: Path, *, by: str, other_names: bool = False
) -> Exported:
    """Write the sheets of a month (``"2026-10"``) into ``out``, each as ``<title>_<month>.xlsx``; none named: all.

    Every case received in the month by its wall clock is on each sheet, once, void ones too, in the order of receipt.
    A file of that name is replaced, whole or not at all; with ``other_names`` a free name is taken instead.

    Raises:
        KnownError: ``bad_month``, ``month_ahead``, ``sheet_unknown``, ``sheet_broken``, ``target_open`` (its ``other``
            is the free name), ``target_unwritable``, ``disk_full``. Files written before stay, each whole.
    """
    first, following = _range(ws, month)
    sheets = {key: sheet for key, sheet in _sheets(ws).items() if sheet.of.each is Each.CASE}
    chosen = [_chosen(sheets, sheet_id) for sheet_id in sheet_ids or sheets]
    with ws.store.reading() as conn:
        files = list(cases.read_received(conn, first.isoformat(), following.isoformat()))
    heading = period_heading(ws.shop.name, (first, following - timedelta(days=1)), by=by, at=ws.clock.now())
    rules = ws.rules
    wording = read_wording(rules.fields, rules.actions, ws.trade, rules.sentences.labels, ws.clock.now())
    written = []
    for sheet in chosen:
        lines = (register_line(file, sheet.keys, wording) for file in files)
        path = write_sheet(sheet, lines, heading, out / f"{sheet.title}_{month}.xlsx", other_name=other_names)
        written.append(ExportedFile(sheet.id, sheet.title, path, len(files)))
    return Exported(month, tuple(written))


def load_sheet(ws: Workspace, sheet_id: str) -> Sheet:
    """Return one sheet, whatever it covers.

    Raises:
        KnownError: ``sheet_unknown``.
    """
    return _chosen(_sheets(ws), sheet_id)


def write_sheet(sheet: Sheet, lines: Iterable[Line], heading: Heading, path: Path, *, other_name: bool = False) -> Path:
    """Write one sheet and return where; a file of that name is replaced, with ``other_name`` a free name is taken.

    Raises:
        KnownError: ``target_open``, ``target_unwritable``, ``disk_full``.
    """
    from desk_app.sheets.workbook import write_workbook  # noqa: PLC0415 -- openpyxl, only when a workbook is wanted

    make_folder(path.parent)
    target = free_name(path) if other_name and path.exists() else path
    write_workbook(lay_out(sheet, lines, heading), target)
    return target


def _range(ws: Workspace, month: str) -> tuple[date, date]:
    try:
        first, following = month_range(month)
    except ValueError as error:
        raise KnownError("bad_month", month=month[:20]) from error
    if first > ws.clock.now().date():
        raise KnownError("month_ahead", month=month)
    return first, following


def _sheets(ws: Workspace) -> Mapping[str, Sheet]:
    """Return every sheet that can be used: the shop's own beside those of the house."""
    folders = (resources_dir() / "sheets", ws.folder.sheets)
    return load_sheets(folders, Facts(ws.rules.fields, ws.rules.actions))[0]


def _chosen(sheets: Mapping[str, Sheet], sheet_id: str) -> Sheet:
    if sheet_id not in sheets:
        raise KnownError("sheet_unknown", sheet=sheet_id[:40], sheets="、".join(sheets))
    return sheets[sheet_id]

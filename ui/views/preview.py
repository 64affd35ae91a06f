"""Opens sheets on the screen as they will be on paper; what is saved from there is written by the storage thread."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from shiboken6 import isValid

from desk_app.errors import KnownError
from desk_app.services import handover
from desk_app.services.export import Format, export, file_stem
from desk_app.services.letting_go import let_go_of_grids
from desk_app.services.looks import note_print
from ui.printing.pdf import write_pdf
from ui.printing.preview import SheetPreview

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from desk_app.services.export import Order
    from desk_app.services.paper import Grid
    from desk_app.services.sheets import Filled
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk


def documents() -> Path:
    """Return where a person keeps their files."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())


def preview_order(desk: Desk, parent: QWidget, order: Order, filled: Sequence[Filled]) -> None:
    """Show the filled sheets of an order; saved they are all in one file, with the proof of an export."""

    def written_to(path: Path) -> Callable[[Workspace], Path]:
        kind = Format.PDF if path.suffix.lower() == Format.PDF.suffix else Format.XLSX
        wanted = replace(
            order, out=path.parent, name=path.stem, format=kind, together=True, other_names=False, pdf=write_pdf
        )
        return lambda ws: export(ws, wanted).files[0].path

    shop = desk.shop.name if desk.shop else ""
    stem = file_stem(filled[0].sheet.title, shop, order.scope)
    scope = order.scope
    of = scope.period.name if scope.period is not None else ",".join(scope.numbers)
    sheets = ",".join(dict.fromkeys(each.sheet.id for each in filled))
    rows, masked = sum(each.rows for each in filled), all(each.masked for each in filled)

    def note(ws: Workspace, by: str) -> None:
        note_print(ws, by, of, sheets=sheets, rows=rows, masked=masked)

    _show(desk, parent, [each.grid for each in filled], order.out / f"{stem}.pdf", written_to, note)


def preview_handover(desk: Desk, parent: QWidget, sheet_id: int, grid: Grid, proposed: Path) -> None:
    """Show a signed handover."""

    def written_to(path: Path) -> Callable[[Workspace], Path]:
        return lambda ws: handover.save(ws, sheet_id, path, write_pdf)

    def note(ws: Workspace, by: str) -> None:
        note_print(ws, by, "", sheets="handover", rows=1, masked=False)

    _show(desk, parent, [grid], proposed, written_to, note)


def clear_away(desk: Desk, grids: list[Grid]) -> None:
    """Let the storage thread clear away what is not looked at (any more): the cells of a year take a while."""
    desk.ask(lambda _ws: let_go_of_grids(grids), lambda _nothing: None)


def _show(
    desk: Desk,
    parent: QWidget,
    grids: Sequence[Grid],
    proposed: Path,
    written_to: Callable[[Path], Callable[[Workspace], Path]],
    note: Callable[[Workspace, str], None],
) -> None:
    """Open the preview, unless the desk was locked since.

    ``written_to`` makes of a path what writes the file on the storage thread, ``note`` notes that it was printed.
    """
    if desk.is_covered:
        clear_away(desk, list(grids))
        return

    def save(path: Path) -> None:
        preview.tell(preview.tr("正在存…"))
        desk.ask(written_to(path), saved, refused)

    def saved(path: Path) -> None:
        if isValid(preview):  # it may have been left in the meantime
            preview.tell(preview.tr("已存为 {0}").format(path))
        else:
            desk.notice.emit("done", desk.tr("已存为 {0}").format(path))

    def refused(error: Exception) -> bool:
        if not isinstance(error, KnownError) or not isValid(preview):
            return False
        preview.tell(desk.rules.sentences.error(error), refused=True)
        return True

    preview = SheetPreview(grids, desk.rules.sentences, save, proposed=proposed, parent=parent.window())
    by = desk.shop.operator if desk.shop else ""
    preview.printed.connect(lambda: desk.ask(lambda ws: note(ws, by), lambda _nothing: None))
    preview.finished.connect(lambda: clear_away(desk, preview.give_up()))
    preview.open()

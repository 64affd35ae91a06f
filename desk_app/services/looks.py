"""What of customers was looked at or put on paper is noted (PIPL 51, 54): by whom, of which case, when; never what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.journal import JournalEntry, Noted
from desk_app.storage import journal

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace


def note_view(ws: Workspace, number: str) -> None:
    """Note that the operator sees the whole personal data of a case: once a day for each case and person.

    To be asked for after the case is shown; it writes, and must keep nobody waiting. A register that cannot be written
    to notes nothing, nor a shop with neither roles nor PINs: nobody there could be told from another.
    """
    if ws.store.is_read_only or not (ws.policy.authority.is_on or ws.has_pins):
        return
    with ws.store.reading() as conn:
        today = ws.clock.now().date()
        if journal.is_noted(conn, Noted.VIEW, number, by=ws.operator, day=today):
            return
    with ws.store.transaction() as conn:
        ws.note(conn, Noted.VIEW, number)


def note_print(ws: Workspace, by: str, subject: str, *, sheets: str, rows: int, masked: bool) -> None:
    """Note that somebody sent something to a printer: ``subject`` is the number of its case, or its period.

    ``by`` is who did: the desk may have been locked while the pages went out, or another may have taken over.
    """
    if ws.store.is_read_only:
        return
    with ws.store.transaction() as conn:
        told = {"sheets": sheets, "rows": rows, "masked": masked}
        journal.add(conn, JournalEntry(at=ws.clock.now(), by=by, what=Noted.PRINT, subject=subject, data=told))

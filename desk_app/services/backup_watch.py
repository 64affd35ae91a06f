"""Use cases that look after the backups there are: which can be read, and do they belong to this register?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.services.results import Finding
from desk_app.storage import generations, journal
from desk_app.storage.aside import aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.services.workspace import Workspace
    from desk_app.storage.generations import Checked, Kept

_CHECK_AGAIN = timedelta(days=7)
"""How long a backup that was found sound is believed to be."""


def kept(ws: Workspace) -> tuple[Kept, ...]:
    """Return every backup in the data folder, the newest first, each with its last check; cheap."""
    return generations.listed(ws.folder.backups)


def check_next(ws: Workspace, meanwhile: Callable[[], object] = bool) -> Checked | None:
    """Check one backup, the newest of those that were not checked for a week; None where there is none such.

    To be called again and again while nobody waits. One that is damaged is set aside under a name that says so, and
    told of by the check of the register; the generations are thinned out again, as more may be known to be sound now.
    """
    now, folder = ws.clock.now(), ws.folder.backups
    due = next((each for each in generations.listed(folder) if _is_due(each, ws)), None)
    if due is None:
        return None
    checked = aside(lambda: generations.check_again(due, now), meanwhile)
    generations.thin_out(folder)
    return checked


def _is_due(one: Kept, ws: Workspace) -> bool:
    if one.checked is None:
        return True
    return not one.is_set_aside and ws.clock.now() - one.checked.at >= _CHECK_AGAIN


def findings(ws: Workspace, meanwhile: Callable[[], object] = bool) -> Iterator[Finding]:
    """Go through the backups that cannot be read; the newest is read now, of the others the last check is told.

    The newest must be of this register's past: where its end of the ledger is not in the ledger, and no restore since
    is on record, the register was put back or cut by another program. ``meanwhile`` as of :func:`check_next`.
    """
    folder, now = ws.folder.backups, ws.clock.now()
    newest = next((each for each in generations.listed(folder) if each.is_ours_to_thin_out), None)
    if newest is not None:
        aside(lambda: generations.check_again(newest, now), meanwhile)
    for each in generations.listed(folder):
        if each.checked is not None and each.checked.fault:
            yield Finding("check_backup_unreadable", {"path": each.path, "at": each.checked.at})
    sound = generations.newest_sound(folder)
    head = sound and sound.checked and sound.checked.head
    if sound is None or not head:
        return
    with ws.store.reading() as conn:
        line = conn.execute("SELECT mac FROM ledger WHERE id = ?", (head.id,)).fetchone()
        restored = journal.latest(conn, Noted.RESTORE)
    made = ws.clock.local(sound.made_at)
    if (line is None or line[0] != head.mac) and (restored is None or restored.at < made):
        yield Finding("check_backup_ahead", {"path": sound.path, "made": made})

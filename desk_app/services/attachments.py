"""Use cases of attachments: take a file in, lay it to a case, show it, take it away, give a copy out.

A file is taken in before it belongs to anything: the form may still be open. It then waits in the data folder, and the
case's own transaction writes its row. Nothing here ever runs a file or hands one to another program.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from desk_app import pictures
from desk_app.domain import attachments as rules_of
from desk_app.domain import workflow
from desk_app.domain.attachments import Attached, AttachmentKind, Place, Taken
from desk_app.domain.event import Event
from desk_app.domain.picture_place import without_place as removed
from desk_app.domain.sight import who_sees
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.services.desk import find_file, write_decision
from desk_app.storage import attachments as files
from desk_app.storage import drafts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desk_app.domain.case import CaseFile
    from desk_app.domain.workflow import Decision
    from desk_app.services.results import Acted
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

_KEPT_WAITING = timedelta(days=1)
"""How long a file of a form that was discarded, or of none, is still there."""


class Taking:
    """A file on its way in, a piece at a time, so that no save waits for a long recording. For the storage thread."""

    def __init__(self, ws: Workspace, source: Path | bytes, name: str) -> None:
        """Open it; ``name`` is what it is called, as the person's system has it (a path's last part is taken).

        Raises:
            KnownError: ``attachment_…``, ``folder_unwritable``; nothing is left behind.
        """
        self.name = rules_of.clean_name(name)
        self._ws, self._rules = ws, ws.rules.attachments
        self._kind = self._rules.kind_of(self.name)
        self._copying = files.Copying(ws.folder.attachments, source, self.name, self._limit)

    @property
    def progress(self) -> float:
        """How much of it is here, from 0 to 1."""
        return min(1.0, self._copying.copied / max(1, self._copying.size))

    def step(self) -> Taken | None:
        """Copy a piece; return the file when all of it is here and is what it says it is, else None.

        Raises:
            KnownError: ``attachment_…``, ``picture_…``, ``folder_unwritable``; nothing is left behind.
        """
        content = self._copying.step()
        if content is None:
            return None
        place = Place.NONE
        try:
            rules_of.refuse_what_runs(self.name, content.head)
            if self._kind is AttachmentKind.PICTURE:
                content, place = self._checked(content)
            files.put_waiting(self._ws.folder.attachments, content)
        except BaseException:
            content.part.unlink(missing_ok=True)
            raise
        return Taken(content.sha256, self.name, self._kind, content.size, place)

    def drop(self) -> None:
        """Leave it; nothing stays behind."""
        self._copying.drop()

    @property
    def _limit(self) -> int:
        return self._rules.kinds[self._kind].largest

    def _checked(self, content: files.Content) -> tuple[files.Content, Place]:
        """Return a picture that is one, without the place where the shop wants it so, and whether it tells it."""
        pictures.check(content.part, self.name, self._rules.kinds[self._kind].pixels)
        data = content.part.read_bytes()
        without = removed(data)
        if without == data:
            return content, Place.NONE
        if not self._ws.shop.strip_place:
            return content, Place.KEPT
        content.part.unlink()
        return _copied(files.Copying(self._ws.folder.attachments, without, self.name, self._limit)), Place.REMOVED


def take_in(ws: Workspace, source: Path | bytes, name: str) -> Taken:
    """Take a whole file in at once; raises like :class:`Taking`."""
    taking = Taking(ws, source, name)
    while (taken := taking.step()) is None:
        pass
    return taken


def without_place(ws: Workspace, taken: Taken) -> Taken:
    """Return a picture that lies with no case yet as another file, which does not say where it was taken.

    Raises:
        KnownError: ``attachment_gone``, ``attachment_disk_full``, ``folder_unwritable``.
    """
    folder = ws.folder.attachments
    without = removed(_found(ws, taken).read_bytes())
    content = _copied(files.Copying(folder, without, taken.name, len(without)))
    files.put_waiting(folder, content)
    return replace(taken, sha256=content.sha256, size=content.size, place=Place.REMOVED)


def attach(ws: Workspace, number: str, taken: Sequence[Taken], request_id: str, seen: int | None = None) -> Acted:
    """Lay files to a case, by an ``amend`` that names them; one transaction. Taken back like every action.

    ``request_id`` and ``seen`` are as in :func:`~desk_app.services.desk.act`.

    Raises:
        KnownError: ``attachment_gone``, ``attachment_too_many``, ``case_unknown``, ``case_went_on``, or why the case
            takes nothing more (void).
    """
    ws.require_person()

    def decide(conn: Transaction, file: CaseFile) -> Decision:
        ask_room(ws, taken, len(rules_of.lying(file, files.read(conn, number))))
        return _amended(ws, file, rules_of.names_told(taken))

    keep(ws, taken)
    return write_decision(
        ws, number, request_id, decide, seen, also=lambda conn, event_id: files.insert(conn, number, event_id, taken)
    )


def detach(ws: Workspace, number: str, attachment_id: int, reason: str, request_id: str) -> Acted:
    """Take a file away from a case, by an ``amend`` that says why; one transaction. The file itself stays.

    Raises:
        KnownError: ``attachment_unknown``, ``detach_no_reason``, ``case_unknown``, or why the case is not changed.
    """
    ws.require_person()

    def decide(conn: Transaction, file: CaseFile) -> Decision:
        return _amended(ws, file, rules_of.taking_away(_lying(conn, file, attachment_id), reason))

    return write_decision(ws, number, request_id, decide)


def clear_place(ws: Workspace, number: str, attachment_id: int, reason: str, request_id: str) -> Acted:
    """Lay a picture without its place to a case instead of the one that tells it; one ``amend``, one transaction.

    The one that tells it lies there no more, as with :func:`detach`, and comes back where this is taken back.

    Raises:
        KnownError: as :func:`detach` and :func:`without_place`.
    """
    ws.require_person()
    with ws.store.snapshot() as conn:
        before = _lying(conn, find_file(conn, number), attachment_id)
    after = without_place(ws, Taken(before.sha256, before.name, before.kind, before.size))

    def decide(conn: Transaction, file: CaseFile) -> Decision:
        away = rules_of.taking_away(_lying(conn, file, attachment_id), reason)
        return _amended(ws, file, {**away, **rules_of.names_told([after])})

    keep(ws, [after])
    return write_decision(
        ws, number, request_id, decide, also=lambda conn, event_id: files.insert(conn, number, event_id, [after])
    )


def of_case(ws: Workspace, number: str) -> tuple[Attached, ...]:
    """Return what lies with a case.

    Raises:
        KnownError: ``case_unknown``; ``attachments_concealed``: a picture tells what the case itself hides.
    """
    ws.require_person()
    with ws.store.snapshot() as conn:
        return rules_of.lying(_seen(ws, conn, number), files.read(conn, number))


def gone(ws: Workspace, taken: Sequence[Taken]) -> tuple[Taken, ...]:
    """Return which of these files are not in the data folder any more."""
    return tuple(each for each in taken if files.find(ws.folder.attachments, each.sha256) is None)


def thumbnail(ws: Workspace, of: Taken | Attached, side: int) -> bytes:
    """Return a picture as PNG, at most ``side`` pixels wide and high.

    Raises:
        KnownError: ``attachment_gone``, ``picture_broken``, ``attachments_concealed``.
    """
    _ask_to_see(ws, of)
    return pictures.small(_found(ws, of), side)


def export_copy(ws: Workspace, of: Taken | Attached, target: Path) -> Path:
    """Write a copy of a file, for the person to open with another program; return where it is.

    Raises:
        KnownError: ``attachment_gone``, ``attachment_not_written``, ``attachments_concealed``; what was at ``target``
            is untouched.
    """
    _ask_to_see(ws, of)
    try:
        if not files.copy_to(ws.folder.attachments, of.sha256, target):
            raise KnownError("attachment_gone", name=of.name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise KnownError("attachment_not_written", path=target, reason=reason) from error
    return target


def tidy(ws: Workspace) -> tuple[str, ...]:
    """Clear away half copies and what waits for no form and no case, older than a day; return their names.

    And whatever lay with cases that were made anonymous and is there still.
    """
    from desk_app.services import retention  # noqa: PLC0415 -- once a day

    with ws.store.reading() as conn:
        forms = [values for _id, _saved_at, values in drafts.read(conn)]
    wanted = frozenset(taken.sha256 for values in forms for taken in rules_of.read_draft(values))
    retention.clear_away(ws)
    return files.clear(ws.folder.attachments, wanted, ws.clock.now() - _KEPT_WAITING)


def keep(ws: Workspace, taken: Sequence[Taken]) -> None:
    """See that files are where those of cases are, before their rows are written; raises ``attachment_gone``."""
    for each in taken:
        if not files.keep(ws.folder.attachments, each.sha256):
            raise KnownError("attachment_gone", name=each.name)


def ask_room(ws: Workspace, taken: Sequence[Taken], lying: int = 0) -> None:
    """Ask whether a case that has ``lying`` files has room for these; raises ``attachment_too_many``."""
    for place, each in enumerate(taken):
        ws.rules.attachments.ask_room(each.name, lying + place)


def _ask_to_see(ws: Workspace, of: Taken | Attached) -> None:
    """Let only go on who may see what lies with its case; what waits for one, whoever gave it has seen."""
    ws.require_person()
    if isinstance(of, Attached):
        with ws.store.snapshot() as conn:
            _seen(ws, conn, files.number_of(conn, of.id))


def _seen(ws: Workspace, conn: Transaction, number: str) -> CaseFile:
    """Return a case that the operator may see whole; raises ``case_unknown``, ``attachments_concealed``."""
    file = find_file(conn, number)
    if not ws.sight().whole(file):
        raise KnownError("attachments_concealed", number=number, office=who_sees(file, ws.policy.authority))
    return file


def _lying(conn: Transaction, file: CaseFile, attachment_id: int) -> Attached:
    """Return a file that lies with a case; raises ``attachment_unknown``."""
    number = file.case.number
    found = next((a for a in rules_of.lying(file, files.read(conn, number)) if a.id == attachment_id), None)
    if found is None:
        raise KnownError("attachment_unknown", number=number)
    return found


def _amended(ws: Workspace, file: CaseFile, data: Mapping[str, object]) -> Decision:
    now = ws.clock.now()
    at = max(now, workflow.latest(file))  # a clock that was set back keeps nobody from working
    event = Event(action=Action.AMEND, at=at, entered_at=now, by=ws.operator, data=data, round=file.case.round)
    return workflow.decide(file, event, ws.policy)


def _found(ws: Workspace, of: Taken | Attached) -> Path:
    path = files.find(ws.folder.attachments, of.sha256)
    if path is None:
        raise KnownError("attachment_gone", name=of.name)
    return path


def _copied(copying: files.Copying) -> files.Content:
    while (content := copying.step()) is None:
        pass
    return content

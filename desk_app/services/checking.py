"""Use cases of the register's check: at once and whole, in slices while nobody waits, and at a glance at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.services.results import Finding, Verified
from desk_app.storage import anchors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desk_app.services.workspace import Workspace


def verify(ws: Workspace) -> Verified:
    """Check the register: structure, references, schema and triggers, ledger, what is owed, counters, files of cases.

    Raises:
        KnownError: the register is busy, or the disk refuses.
    """
    from desk_app.storage import check  # noqa: PLC0415 -- sqlite_utils, only when the schema is compared

    slices = check.slices(ws.store, ws.folder.attachments, anchors.read(ws.folder.anchors))
    return _verified(found for some in slices for found in some)


def quick_check(ws: Workspace) -> Verified:
    """Check what takes a few milliseconds: the file's version, its tables and guards, the end of the ledger."""
    from desk_app.storage import quick_check as at_a_glance  # noqa: PLC0415 -- after the first paint

    return _verified(at_a_glance.findings(ws.store))


def _verified(found: Iterable[tuple[str, Mapping[str, object]]]) -> Verified:
    return Verified(tuple(Finding(code, params) for code, params in found))

"""The restore drill: is the backup one that a new computer could go on with? Nothing is changed, nothing left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from desk_app.services.results import Finding
    from desk_app.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a drill found. ``cases`` … ``files`` were put back; ``lost_…`` came since and would have to be typed again.

    ``findings`` is empty where the drill succeeded.
    """

    path: Path
    made_at: datetime | None
    cases: int
    events: int
    rows: int
    files: int
    lost_cases: int
    lost_events: int
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether everything was equal."""
        return not self.findings


def drill(
    ws: Workspace, source: Path | None = None, secret: str = "", meanwhile: Callable[[], object] = bool
) -> Drilled:
    """Restore a backup (default: the newest verified one) into an empty folder and compare it row by row.

    Raises:
        KnownError: ``drill_no_backup``; as ``restoring.look_into``.
    """
    raise NotImplementedError


def last_drill(ws: Workspace) -> datetime | None:
    """Return when the last drill that succeeded was, None where there was none: for the monthly reminder."""
    raise NotImplementedError

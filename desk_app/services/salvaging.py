"""Getting out of a damaged register what can still be read. The file itself is never written to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.clock import Clock
    from desk_app.services.rules import Rules


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came out. ``register`` is a register of what was read; ``sheet`` its cases as a workbook, where it opens.

    ``missing``: numbers that were given and not read (gaps below the counters). ``unreadable``: tables with rows that
    could not be read.
    """

    register: Path
    lines: Path
    sheet: Path | None
    cases: int
    events: int
    missing: tuple[str, ...]
    unreadable: tuple[str, ...]


def salvage(source: Path, out: Path, clock: Clock, rules: Rules, meanwhile: Callable[[], object] = bool) -> Salvaged:
    """Write what can be read of ``source`` into the folder ``out``, which must be new or empty.

    Raises:
        KnownError: ``file_missing``, ``salvage_out_not_empty``, ``salvage_nothing`` (no row could be read).
    """
    raise NotImplementedError

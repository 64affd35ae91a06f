"""A month that is locked: its register was handed in, and what changes in it later is seen to have changed.

Nothing is forbidden by it (domain.md part 14: 不隐瞒差错, a fault that is found is put right).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from desk_app.domain.vocabulary import Action

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event

_CHANGES = frozenset({Action.REGISTER, Action.VOID, Action.REOPEN})
"""What changes the lines of a month that was handed in, beside facts that are put right; handling goes on."""


@dataclass(frozen=True, slots=True)
class MonthLock:
    """When and by whom a month (``2026-10``) was locked, and the last event that there was then."""

    month: str
    at: datetime
    by: str
    last_event: int


Locks: TypeAlias = Mapping[str, MonthLock]
"""The locked months, each with its latest lock."""


def month_of(moment: datetime) -> str:
    """Return the month of a local time: ``2026-10``."""
    return f"{moment:%Y-%m}"


def is_locked(file: CaseFile, event: Event, locks: Locks) -> bool:
    """Whether something was done on a case of a month that was locked already."""
    lock = locks.get(month_of(file.case.received_at))
    return lock is not None and event.id > lock.last_event


def changed_since(file: CaseFile, locks: Locks) -> tuple[Event, ...]:
    """Return what changed the case in the register after its month was locked: put in late, amended, void, reopened."""
    lock = locks.get(month_of(file.case.received_at))
    if lock is None:  # of most months: asked of every case of an export
        return ()
    since = (event for event in file.events if event.id > lock.last_event)
    return tuple(e for e in since if e.action in _CHANGES or e.was or e.undoes or e.partner)

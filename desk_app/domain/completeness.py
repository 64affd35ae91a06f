"""What is not there yet when the sheets of a period are handed in (domain.md parts 14 (四不漏), 19). Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from desk_app.domain.standing import standing
from desk_app.domain.vocabulary import FollowUpKind, Responsibility, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from desk_app.domain.case import CaseFile
    from desk_app.domain.vocabulary import Kind

_ANSWERS = frozenset({FollowUpKind.REPLY, FollowUpKind.EXTERNAL_REPLY})


class Gap(StrEnum):
    """What a case, or last a period, can be without, the gravest first."""

    UNANSWERED = "unanswered"
    """An answer is owed, to the customer or to the body that sent the case."""
    OVERDUE = "overdue"
    """Something is owed that was due before now."""
    OPEN = "open"
    """It is not closed."""
    UNDETERMINED = "undetermined"
    """Whose fault it was is not determined, of a kind of case that is not closed without."""
    UNVISITED = "unvisited"
    """The return visit is still owed."""
    UNRECORDED = "unrecorded"
    """A basic fact is not on file (``case.Lack``)."""
    UNSERVED = "unserved"
    """Of a month of the period nobody has said how many the shop served: what the rate of complaints is of."""


def gaps(file: CaseFile, now: datetime, judged: Collection[Kind]) -> Iterator[Gap]:
    """Go through what a case is without as of ``now``, in the order of the gaps; a void one lacks nothing.

    ``judged``: the kinds of case that need a finding of responsibility. Of a case that was made anonymous nothing can
    be put on file any more, so that its facts are not asked for.
    """
    if file.case.status is Status.VOID:
        return
    owed = {f.kind for f in file.owed}
    found = {
        Gap.UNANSWERED: bool(owed & _ANSWERS),
        Gap.OVERDUE: any(f.due_at < now for f in file.owed),
        Gap.OPEN: file.case.status is not Status.CLOSED,
        Gap.UNDETERMINED: file.case.kind in judged
        and standing(file).responsibility in (None, Responsibility.UNDECIDED),
        Gap.UNVISITED: FollowUpKind.RETURN_VISIT in owed,
        Gap.UNRECORDED: bool(file.case.lacks) and not file.is_anonymised,
    }
    yield from (gap for gap, is_so in found.items() if is_so)

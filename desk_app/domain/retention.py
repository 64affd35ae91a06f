"""How long a customer's data is kept, and what it waits for when that time is over (PIPL 19, 47; standards.md part 6).

Three years from the closing is what a shop begins with: so long may a complaint be brought to the authority and a claim
to a court. Then the case is made anonymous, not deleted: the register keeps every number. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.case import CaseFile

DEFAULT_YEARS = 3
LEAST_YEARS, MOST_YEARS = 1, 30


def check_years(years: int) -> None:
    """Refuse a time that is no retention: what is closed today may be asked for tomorrow; nothing is kept for ever.

    Raises:
        KnownError: ``retention_years_wrong``.
    """
    if not LEAST_YEARS <= years <= MOST_YEARS:
        raise KnownError("retention_years_wrong", least=LEAST_YEARS, most=MOST_YEARS)


def ended_at(file: CaseFile) -> datetime:
    """Return from when on the time of a case runs: when it was last written to, or something was last done on it."""
    return max(max(event.at, event.entered_at) for event in file.events)


def kept_until(file: CaseFile, years: int) -> datetime:
    """Return when the time of a case is over, provided that it rests: so many years after its last step."""
    return after_years(ended_at(file), years)


def after_years(moment: datetime, years: int) -> datetime:
    """Return the same day so many years later (or, before, less than 0); of 29 February perhaps the 28th."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)


def why_kept(file: CaseFile, partners: tuple[CaseFile, ...] = ()) -> KnownError | None:
    """Return why a case cannot be made anonymous, however old it is, or None.

    Nothing may be owed on it, corrections neither (domain.md part 10: 整改到底); ``partners`` are the cases that it was
    merged into or that were merged into it: they go when all of them may.
    """
    number = file.case.number
    if file.is_anonymised:
        return KnownError("case_anonymised", number=number)
    for each in (file, *partners):
        if not each.case.status.is_over:
            return KnownError("erase_open", number=each.case.number, status=each.case.status)
        if each.owed:
            first = each.owed[0]
            return KnownError("erase_owed", number=each.case.number, kind=first.kind, owed_by=first.owed_by)
        if each.is_kept:
            return KnownError("erase_kept", number=each.case.number)
    return None


def is_due(file: CaseFile, years: int, now: datetime, partners: tuple[CaseFile, ...] = ()) -> bool:
    """Whether a case is to be made anonymous: its time is over, that of its partners too, and nothing keeps it."""
    return why_kept(file, partners) is None and all(kept_until(each, years) <= now for each in (file, *partners))

"""Which days count: 法定工作日 by the State Council's notices, and 营业日 of the one shop (domain.md part 18).

The two are independent. A hotel is open every day and its 2 个工作日 still pass 春节 by; a shop that shuts for a week
owes its answers all the same. Each is a rule of weekdays with exceptions that are data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

MONDAY_TO_FRIDAY = frozenset(range(5))
EVERY_DAY = frozenset(range(7))

_ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What an exception says of its day: two kinds about working days, two about the shop's doors."""

    REST = "rest"  # 休
    WORK = "work"  # 班: a weekend that is worked (调休上班)
    CLOSED = "closed"  # 停业
    OPEN = "open"  # 营业

    @property
    def asks_of_work(self) -> bool:
        """Whether it answers if the day is worked; else whether the shop is open. A day has one answer to each."""
        return self in (DayKind.REST, DayKind.WORK)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One exception: the day, what it is, the holiday or reason by name, and who says so (both may be empty)."""

    day: date
    kind: DayKind
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class DayCount:
    """Days that count: those of some weekdays (0 is Monday), except where an entry of ``days`` says otherwise."""

    weekdays: frozenset[int]
    days: Mapping[date, CalendarDay]
    counting: DayKind  # the kind of an entry whose day counts

    def counts(self, day: date) -> bool:
        """Whether ``day`` counts."""
        entry = self.days.get(day)
        return day.weekday() in self.weekdays if entry is None else entry.kind is self.counting

    def why(self, day: date) -> CalendarDay | None:
        """Return the entry that decides, or None where the weekday does."""
        return self.days.get(day)

    def add(self, day: date, n: int) -> date:
        """Return the ``n``-th day that counts after ``day``, which is day 0 whether it counts or not.

        Raises:
            ValueError: ``n`` is negative.
            OverflowError: there is no such day before the year 10000.
        """
        if n < 0:
            raise ValueError(f"{n} days back")
        while n:
            day += _ONE_DAY
            n -= self.counts(day)
        return day


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The official days and the shop's own, which win; and the weekdays on which the shop is open (0 is Monday).

    Of two entries of one list that speak of the same day and the same question, the later one holds.

    Raises:
        ValueError: the shop is open on no weekday at all, or on an eighth one.
    """

    official: tuple[CalendarDay, ...] = ()
    own: tuple[CalendarDay, ...] = ()
    open_weekdays: frozenset[int] = EVERY_DAY
    working: DayCount = field(init=False, repr=False, compare=False)
    business: DayCount = field(init=False, repr=False, compare=False)
    _complete: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.open_weekdays or not self.open_weekdays <= EVERY_DAY:
            raise ValueError(f"open on the weekdays {sorted(self.open_weekdays)}")
        entries = (*self.official, *self.own)
        working = _by_day(entries, DayKind.REST, DayKind.WORK)
        business = _by_day(entries, DayKind.CLOSED, DayKind.OPEN)
        object.__setattr__(self, "working", DayCount(MONDAY_TO_FRIDAY, working, DayKind.WORK))
        object.__setattr__(self, "business", DayCount(self.open_weekdays, business, DayKind.OPEN))
        object.__setattr__(self, "_complete", frozenset(e.day.year for e in entries if _ends_a_year(e)))

    def works(self, day: date) -> bool:
        """Whether ``day`` is a 法定工作日: Monday to Friday but 休, and 班."""
        return self.working.counts(day)

    def is_open(self, day: date) -> bool:
        """Whether ``day`` is a 营业日: one of the shop's weekdays but 停业, and 营业."""
        return self.business.counts(day)

    def why(self, day: date) -> CalendarDay | None:
        """Return the entry that decides whether ``day`` is worked, or None where the weekday does."""
        return self.working.why(day)

    def listed(self, year: int) -> tuple[tuple[CalendarDay, bool], ...]:
        """Return the entries of a year that hold, by their days, each with whether it is the shop's own."""
        holding = (*self.working.days.values(), *self.business.days.values())
        own = set(self.own)
        return tuple((e, e in own) for e in sorted(holding, key=lambda e: (e.day, e.kind)) if e.day.year == year)

    def is_provisional(self, year: int) -> bool:
        """Whether the working days of ``year`` are 暂定: reckoned by weekends, since its notice is not (all) here.

        A year is complete once an entry, official or the shop's own, gives a rest on one of 1–7 October: the law makes
        1–3 October holidays, at least one of them is a weekday, and 国庆节 ends every notice. So a year that is typed
        in from January on stays provisional until it is all there, and a single day off settles nothing.
        """
        return year not in self._complete

    def add_working_days(self, day: date, n: int) -> date:
        """Return the ``n``-th 工作日 after ``day``, which is day 0 (domain.md part 18); raises like DayCount.add."""
        return self.working.add(day, n)

    def add_business_days(self, day: date, n: int) -> date:
        """Return the ``n``-th 营业日 after ``day``, which is day 0; raises like DayCount.add."""
        return self.business.add(day, n)


def _by_day(entries: Iterable[CalendarDay], *kinds: DayKind) -> Mapping[date, CalendarDay]:
    return {entry.day: entry for entry in entries if entry.kind in kinds}


def _ends_a_year(entry: CalendarDay) -> bool:
    return entry.kind is DayKind.REST and entry.day.month == 10 and entry.day.day <= 7  # noqa: PLR2004 -- 1–7 October

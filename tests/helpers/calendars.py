"""The calendar as it is shipped, and strategies for others."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import strategies as st

from desk_app.domain.calendar_csv import decode, read_days
from desk_app.domain.work_calendar import EVERY_DAY, CalendarDay, DayKind, WorkCalendar
from desk_app.paths import resources_dir


@cache
def official_days() -> tuple[CalendarDay, ...]:
    return read_days(decode((resources_dir() / "calendar" / "cn.csv").read_bytes()))


def shipped() -> WorkCalendar:
    """Return the official days with a shop that is open every day and has entered nothing itself."""
    return WorkCalendar(official_days())


def days(text: str, kind: DayKind, name: str = "") -> tuple[CalendarDay, ...]:
    """Return an entry for each ISO date of ``text``."""
    return tuple(CalendarDay(date.fromisoformat(day), kind, name) for day in text.split())


DAYS = st.dates(date(2020, 1, 1), date(2028, 12, 31))
ENTRIES = st.lists(
    st.builds(
        CalendarDay,
        st.dates(date(2027, 1, 1), date(2027, 12, 31)) | DAYS,
        st.sampled_from(DayKind),
        st.sampled_from(["", "盘点", "店庆"]),
    ),
    max_size=40,
).map(tuple)
CALENDARS = st.builds(
    WorkCalendar,
    st.just(official_days()) | ENTRIES,
    ENTRIES,
    st.frozensets(st.sampled_from(sorted(EVERY_DAY)), min_size=1),
)

"""Due dates as people type them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.clock import FixedClock
from tests.helpers.builders import NOW
from ui.forms.moments import spell_out

DAY_END = time(18, 0)
LOCAL = FixedClock(NOW).local  # Sunday 2026-11-22 10:00


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("今天", "2026-11-22 18:00"),
        ("明天", "2026-11-23 18:00"),
        ("后天 9:30", "2026-11-24 09:30"),
        ("周日", "2026-11-22 18:00"),
        ("周五", "2026-11-27 18:00"),
        ("星期五15:00", "2026-11-27 15:00"),
        ("下周一", "2026-11-23 18:00"),
        ("下周日 12点", "2026-11-29 12:00"),
        ("3天后", "2026-11-25 18:00"),
        ("２ 周后 10:00", "2026-12-06 10:00"),
        ("2小时后", "2026-11-22 12:00"),
        ("30 分钟", "2026-11-22 10:30"),
        ("2026-11-25", "2026-11-25 18:00"),
        ("11:00", "2026-11-22 11:00"),
        ("9:00", "2026-11-23 09:00"),  # it is over for today
        ("2026-11-20 9:00", "2026-11-20 09:00"),  # said in full it is left as it was said
        ("尽快", "尽快"),
        ("周八", "周八"),
        ("3", "3"),
        ("", ""),
    ],
)
def test_a_due_date_is_written_out(typed: str, written: str) -> None:
    assert spell_out(typed, NOW, LOCAL, DAY_END) == written


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_time_or_stays_as_it_is(typed: str) -> None:
    written = spell_out(typed, NOW, LOCAL, DAY_END)

    assert written == typed or spell_out(written, NOW, LOCAL, DAY_END) == written


@pytest.mark.parametrize("typed", ["周五", "3天后", "2小时后", "明天"])
def test_what_is_past_knows_no_days_to_come(typed: str) -> None:
    assert spell_out(typed, NOW, LOCAL) == typed

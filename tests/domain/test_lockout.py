from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain import lockout


@pytest.mark.parametrize(
    ("misses", "wait"), [(0, 0), (4, 0), (5, 60), (6, 120), (7, 240), (9, 960), (10, 1800), (11, 1800), (10_000, 1800)]
)
def test_five_tries_are_free_then_a_minute_that_doubles_up_to_half_an_hour(misses: int, wait: int) -> None:
    assert lockout.wait_after(misses) == wait


_GAP = st.floats(min_value=0, max_value=4_000)


@given(
    misses=st.integers(min_value=5, max_value=12),
    ran_before=_GAP,
    steps=st.lists(st.tuples(_GAP, st.booleans(), st.floats(min_value=0, max_value=1)), min_size=1, max_size=8),
)
def test_no_restart_and_no_sleep_of_the_machine_ever_shortens_a_wait(
    misses: int, ran_before: float, steps: list[tuple[float, bool, float]]
) -> None:
    """Each step: some real time goes by, of which the machine counts a share; perhaps it was restarted before that."""
    uptime = kept = ran_before
    waited = 0.0

    for seconds, is_restarted, share in steps:
        uptime = seconds * share if is_restarted else uptime + seconds * share
        waited += seconds
        if lockout.is_restarted(kept, uptime):
            kept = uptime  # as it is written down at each try
        if lockout.left(misses, kept, uptime) == 0:
            assert waited >= lockout.wait_after(misses) - 1e-6
            return


def test_who_waits_out_is_let_try_and_not_a_second_before() -> None:
    assert lockout.left(5, 1000.0, 1059.0) == 1
    assert lockout.left(5, 1000.0, 1060.0) == 0
    assert lockout.left(5, 1000.0, 999.0) == 60, "restarted: anew"

"""A real month with its real answers: the queue shows exactly those that were late. Skipped where it is not at hand."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.helpers.builders import SHANGHAI

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from tests.cli.conftest import DeskApp

ALLOWED = timedelta(hours=24)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def overdue(desk_app: DeskApp, kind: str, at: datetime) -> set[str]:
    """Return the numbers of the cases on which something of a kind is overdue at a moment."""
    rows = desk_app("queue", "--view", "overdue", "--at", at.isoformat(), "--json").json
    assert all(row["overdue"] for row in rows)
    return {row["number"] for row in rows if row["kind"] == kind}


@pytest.mark.slow
def test_the_queue_shows_exactly_the_answers_that_were_late(
    real_data: Path, desk_app: DeskApp, clock: FixedClock
) -> None:
    clock.moment = datetime(2030, 1, 1, tzinfo=SHANGHAI)  # all of it is written down afterwards
    month = real_data / "month_2026-10.jsonl"
    numbers = desk_app("register", str(month)).lines
    moments = [datetime.fromisoformat(case["received_at"]).replace(tzinfo=SHANGHAI) for case in lines_of(month)]
    received = dict(zip(numbers, moments, strict=True))
    replies = {numbers[r["line"] - 1]: r for r in lines_of(real_data / "month_2026-10_replies.jsonl")}
    took = {number: timedelta(seconds=round(r["after_hours"] * 3600)) for number, r in replies.items()}
    answered: dict[str, datetime] = {}

    for number in sorted(replies, key=lambda n: received[n] + took[n]):
        at = received[number] + took[number]
        late = {n for n, since in received.items() if n not in answered and since + ALLOWED < at}
        assert overdue(desk_app, "reply", at) == late
        assert (number in late) == (took[number] > ALLOWED)
        keys = {"content": replies[number]["content"], "at": at.isoformat()}
        ran = desk_app("act", number, "reply", "--json-input", "-", stdin=json.dumps(keys).encode())
        assert (ran.code, ran.err) == (0, "")
        answered[number] = at

    assert len(answered) == 200
    after = max(answered.values()) + timedelta(days=2)
    assert overdue(desk_app, "reply", after) == set(numbers) - answered.keys()
    assert overdue(desk_app, "return_visit", after) == answered.keys()
    was_late = {number for number in answered if answer_was_late(desk_app, number)}
    assert was_late == {number for number, time in took.items() if time > ALLOWED}
    assert len(was_late) == 190
    assert desk_app("verify").code == 0


def answer_was_late(desk_app: DeskApp, number: str) -> bool:
    """Whether the register says that the answer came after it was due."""
    (owed,) = (f for f in desk_app("show", number, "--json").json["follow_ups"] if f["kind"] == "reply")
    return datetime.fromisoformat(owed["done_at"]) > datetime.fromisoformat(owed["due_at"])

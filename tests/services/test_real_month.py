"""A real month: texts that nobody of us wrote. Skipped where they are not at hand (they may not be copied)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from desk_app.clock import FixedClock
from desk_app.domain.queue import View
from desk_app.domain.text import unify_line_breaks
from desk_app.jsonio import read_lines
from desk_app.services import desk, intake, upkeep
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import SHANGHAI

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules

END = datetime(2026, 10, 31, 23, 59, 59, tzinfo=SHANGHAI)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
def test_a_real_month_is_stored_and_answered_word_for_word(real_data: Path, folder: DataFolder, rules: Rules) -> None:
    month = real_data / "month_2026-10.jsonl"
    cases = lines_of(month)
    replies = lines_of(real_data / "month_2026-10_replies.jsonl")
    clock = FixedClock(END)
    ws = open_workspace(folder, clock, rules)
    ws.store.conn.execute("PRAGMA synchronous=OFF")  # word for word is asked here, not how safely

    with month.open("rb") as stream:
        result = intake.register_many(ws, read_lines(stream), keep_going=False)

    assert (len(result.numbers), result.left_out) == (320, ())
    for number, raw in zip(result.numbers, cases, strict=True):
        case = desk.case_file(ws, number).case
        for key, value in raw.items():
            assert stored(getattr(case, key)) == value, (number, key)

    answered = 0
    for reply in replies:
        number = result.numbers[reply["line"] - 1]
        received = desk.case_file(ws, number).case.received_at
        at = received + timedelta(hours=reply["after_hours"])
        if at > END:
            continue
        raw = {"content": reply["content"], "at": at.isoformat()}
        event = desk.act(ws, number, "reply", raw, f"reply-{reply['line']}").file.events[-1]
        assert event.data["content"] == unify_line_breaks(reply["content"])
        assert event.at == at.replace(microsecond=0)
        answered += 1

    assert 0 < answered <= 200
    to_an_external_body = sum(raw["route"] == "external" for raw in cases)
    assert desk.queue_counts(ws, END).views[View.ALL] == 320 + to_an_external_body
    assert upkeep.verify(ws).ok
    ws.close()


def stored(value: object) -> object:
    """Return a stored value as the file writes it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return list(value) if isinstance(value, tuple) else value

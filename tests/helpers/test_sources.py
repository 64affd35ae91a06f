from __future__ import annotations

from tests.helpers.sources import raised, words


def test_codes_are_seen_with_what_fills_them_however_they_are_written() -> None:
    seen = {(r.table, r.code): r.names for r in raised()}

    assert seen["errors", "database_newer"] == {"path", "found", "known"}
    assert seen["errors", "already_visited"] == {"number"}, "the second of two"
    assert seen["errors", "check_anchor_gone"] == {"line", "at", "what"}
    assert seen["errors", "check_foreign_key"] == {"table", "row", "parent"}
    assert seen["errors", "pins_open"] == {"names"}
    assert seen["errors", "queue_empty"] == frozenset()
    assert seen["problems", "too_long"] == {"limit", "length"}
    assert seen["problems", "who_is_it"] == frozenset()
    assert seen["problems", "in_future"] == {"now"}
    assert seen["steps", "until_day_end"] == {"time", "due"}
    assert len(seen) > 60


def test_a_word_of_the_source_is_seen_and_one_of_the_tests_is_not() -> None:
    assert "database_busy" in words()
    assert "only_the_tests_say_this" not in words()

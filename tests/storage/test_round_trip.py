"""What goes into the file comes out of it, whatever people write."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.domain.case import Case
from desk_app.domain.event import Event
from desk_app.domain.text import find_unstorable
from desk_app.domain.vocabulary import Action, Kind, Route, Severity, Status
from desk_app.domain.workflow import open_case
from desk_app.storage import cases
from desk_app.storage.connection import Store, open_store
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk_app.services.rules import Rules

SERIAL = itertools.count(1)

lines = st.text(st.characters(codec="utf-8"), max_size=60).filter(lambda t: find_unstorable(t, one_line=True) is None)
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=500).filter(lambda t: find_unstorable(t) is None)
zones = st.sampled_from([UTC, NOW.tzinfo, timezone(timedelta(hours=-3, minutes=-30))])
moments = st.builds(
    lambda wall, zone: wall.replace(microsecond=0, tzinfo=zone),
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001 -- zone comes next
    zones,
)
amounts = st.none() | st.decimals(0, Decimal("9999999999.99"), places=2)

FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "number": st.builds(lambda: f"TS-{next(SERIAL)}"),
    "kind": st.sampled_from(Kind),
    "received_at": moments,
    "entered_at": moments,
    "status": st.sampled_from(Status),
    "round": st.integers(1, 99),
    "channel": lines,
    "route": st.sampled_from(Route),
    "severity": st.sampled_from(Severity),
    "category": lines,
    "content": texts,
    "demand": st.just("") | texts,
    "receiver": lines,
    "first_contact": lines,
    "external_body": lines,
    "customer_name": lines,
    "customer_phone": lines,
    "customer_address": lines,
    "on_behalf_of": lines,
    "occurred_at": lines,
    "place": lines,
    "parties": lines,
    "target": lines,
    "true_cause": lines,
    "item": st.dictionaries(lines, texts, max_size=4),
    "demand_kind": st.sampled_from([(), ("refund",), ("repair", "refund", "other")]),
    "amount": amounts,
    "promised_at": st.none() | moments,
    **{name: st.booleans() for name in ("anonymous", "safety", "read_back", "confidential", "consent")},
}
records = st.builds(lambda values: Case(**values), st.fixed_dictionaries(FIELDS))
values: st.SearchStrategy[Any] = texts | st.booleans() | st.integers(-5, 5)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("round_trip")
    opened = open_store(folder / "desk.sqlite", folder / "backups", lambda _: None)
    opened.conn.execute("PRAGMA synchronous=OFF")  # what is kept is asked here, not how safely
    yield opened
    opened.close()


@settings(max_examples=200)
@given(record=records, data=st.dictionaries(lines, values, max_size=3), by=lines)
def test_a_case_comes_back_equal(store: Store, rules: Rules, record: Case, data: dict[str, Any], by: str) -> None:
    event = Event(action=Action.REGISTER, at=record.received_at, entered_at=NOW, by=by, data=data, round=1)
    decision = open_case(record, event, rules.deadlines)
    with store.transaction() as conn:
        cases.insert(conn, decision, record.number)

    file = cases.read_file(store.conn, record.number)

    assert file is not None
    assert file.case == record
    assert [replace(e, id=0) for e in file.events] == [event]
    assert [replace(f, id=0) for f in file.follow_ups] == list(decision.owed)
    for name in ("received_at", "entered_at", "promised_at"):
        before, after = getattr(record, name), getattr(file.case, name)
        assert before is None or before.utcoffset() == after.utcoffset()


def test_every_field_of_a_case_is_tried() -> None:
    assert set(FIELDS) == {f.name for f in fields(Case)}

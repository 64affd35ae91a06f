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

from desk_app.domain.case import Case, CaseFile
from desk_app.domain.event import Event
from desk_app.domain.follow_up import FollowUp
from desk_app.domain.terms import Term
from desk_app.domain.text import find_unstorable
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Route, Severity, Status
from desk_app.domain.workflow import Decision
from desk_app.storage import cases
from desk_app.storage.connection import Store, open_store
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


OWED: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(FollowUpKind),
    "owed_by": lines,
    "owed_to": lines,
    "start_at": moments,
    "due_at": moments,
    "rule": lines,
    "term": st.sampled_from(["24h", "2wd", "3bd", "2w", "1mo", "given"]).map(Term.parse),
    "round": st.integers(1, 99),
    "subject": lines,
    "level": st.integers(0, 9),
    "snoozed_until": st.none() | moments,
    "done_at": st.none() | moments,
}
debts = st.builds(lambda values: FollowUp(**values), st.fixed_dictionaries(OWED))
# What an action can change of a case and of what is owed on it (domain.workflow, snoozing, undoing).
changes_of_a_case = st.fixed_dictionaries({name: FIELDS[name] for name in ("status", "round", "true_cause")})
changes_of_a_debt = st.fixed_dictionaries(
    {name: OWED[name] for name in ("owed_by", "level", "due_at", "snoozed_until", "done_at")}
)


def put_on_file(store: Store, record: Case, owed: list[FollowUp], data: dict[str, Any], by: str = "") -> CaseFile:
    event = Event(action=Action.REGISTER, at=record.received_at, entered_at=NOW, by=by, data=data, round=1)
    with store.transaction() as conn:
        cases.insert(conn, Decision(record, event, (), tuple(owed)), record.number)
    file = cases.read_file(store.conn, record.number)
    assert file is not None
    assert [replace(e, id=0) for e in file.events] == [event]
    return file


@settings(max_examples=200)
@given(
    record=records,
    owed=st.lists(debts, max_size=3),
    data=st.dictionaries(lines, values, max_size=3),
    by=lines,
)
def test_a_case_comes_back_equal(
    store: Store, record: Case, owed: list[FollowUp], data: dict[str, Any], by: str
) -> None:
    file = put_on_file(store, record, owed, data, by)

    assert file.case == record
    assert [replace(f, id=0, event_id=0) for f in file.follow_ups] == owed
    assert {f.event_id for f in file.follow_ups} <= {file.events[0].id}
    for name in ("received_at", "entered_at", "promised_at"):
        before, after = getattr(record, name), getattr(file.case, name)
        assert before is None or before.utcoffset() == after.utcoffset()


@settings(max_examples=200)
@given(
    record=records,
    owed=st.lists(debts, min_size=1, max_size=3),
    case_changes=changes_of_a_case,
    debt_changes=st.lists(changes_of_a_debt, max_size=3),
)
def test_a_change_keeps_what_was_and_what_is_and_nothing_that_stayed(
    store: Store,
    record: Case,
    owed: list[FollowUp],
    case_changes: dict[str, Any],
    debt_changes: list[dict[str, Any]],
) -> None:
    before = put_on_file(store, record, owed, {})
    case = replace(before.case, **case_changes)
    changed = [replace(f, **new) for f, new in zip(before.follow_ups, debt_changes, strict=False)]
    event = Event(action=Action.CONTACT, at=NOW, entered_at=NOW, by="", data={}, round=1)

    with store.transaction() as conn:
        cases.update(conn, before, Decision(case, event, tuple(changed), ()), f"then {record.number}")

    after = cases.read_file(store.conn, record.number)
    assert after is not None
    assert after.case == case
    assert after.follow_ups[: len(changed)] == tuple(changed)
    assert after.follow_ups[len(changed) :] == before.follow_ups[len(changed) :]
    kept = {(c.follow_up_id, c.key): (c.old, c.new) for c in cases.changes_of(store.conn, after.events[-1].id)}
    pairs = [(0, before.case, case), *((f.id, o, f) for o, f in zip(before.follow_ups, changed, strict=False))]
    assert kept == {
        (owner, name): (getattr(old, name), getattr(new, name))
        for owner, old, new in pairs
        for name in (case_changes if owner == 0 else OWED)
        if as_it_is_kept(getattr(old, name)) != as_it_is_kept(getattr(new, name))
    }
    due = store.conn.execute("SELECT due_at, due_utc FROM follow_up")
    assert all(datetime.fromisoformat(text).timestamp() == number for text, number in due)


def as_it_is_kept(value: object) -> object:
    """The same moment at another offset is another wall clock: that is a change."""
    return value.isoformat() if isinstance(value, datetime) else value


def test_every_field_of_a_case_is_tried() -> None:
    assert set(FIELDS) == {f.name for f in fields(Case)}


def test_every_field_of_a_debt_is_tried() -> None:
    assert set(OWED) == {f.name for f in fields(FollowUp)} - {"id", "event_id"}

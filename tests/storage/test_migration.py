"""A register of an earlier version becomes one of this version: nothing is lost, and a failure leaves it as it was."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import FollowUpKind, Status
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import desk, upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage import backup, ledger, schema
from desk_app.storage.connection import VERSION
from tests.helpers.builders import NOW, SHANGHAI, acted
from tests.helpers.working import closed

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "db"
OPEN, CLOSED = "TS-20261122-001", "TS-20261122-002"


def put(folder: DataFolder, version: int) -> DataFolder:
    """Put the register of an earlier version where the data folder has its own."""
    folder.root.mkdir()
    shutil.copyfile(FIXTURES / f"v{version:04}.sqlite", folder.database)
    if (key := FIXTURES / f"v{version:04}.key").exists():
        shutil.copyfile(key, folder.key)
    return folder


def tables(path: Path) -> dict[str, list[dict[str, object]]]:
    """Return every row of every table of ours, by column."""
    with closing(sqlite3.connect(path)) as conn:
        conn.row_factory = sqlite3.Row
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        ours = [name for name in names if not name.startswith(("sqlite_", "_sqlite_"))]
        return {name: [dict(row) for row in conn.execute(f'SELECT * FROM "{name}"')] for name in ours}  # noqa: S608


@pytest.mark.parametrize("version", range(1, VERSION))
def test_an_older_register_is_backed_up_and_then_migrated(
    folder: DataFolder, clock: FixedClock, rules: Rules, version: int
) -> None:
    before = tables(put(folder, version).database)

    ws = open_workspace(folder, clock, rules)

    assert ws.store.conn.execute("PRAGMA user_version").fetchone()[0] == VERSION
    assert schema.actual(ws.store.conn) == schema.expected()
    assert upkeep.verify(ws).findings == ()
    ws.close()
    (kept,) = folder.backups.glob("*.sqlite")
    assert backup.check(kept).version == version
    assert tables(kept) == before


def test_the_first_schema_loses_nothing_and_its_new_columns_are_filled(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    before = tables(put(folder, 1).database)

    open_workspace(folder, clock, rules).close()

    after = tables(folder.database)
    assert after.keys() >= before.keys() | {"change", "calendar_day", "handover"}
    for name, rows in before.items():
        assert [{key: now[key] for key in row} for row, now in zip(rows, after[name], strict=True)] == rows
    assert [(f["rule"], f["term"]) for f in after["follow_up"]] == [
        ("external_reply", "given"),  # told to the customer when the case was registered
        ("first_reply", "24h"),
        ("first_reply", "24h"),
        ("return_visit", "24h"),
        ("return_visit_again", "24h"),
        ("feed_back", "24h"),
    ]
    assert {(f["subject"], f["level"], f["snoozed_until"], f["event_id"]) for f in after["follow_up"]} == {
        ("", 0, None, 0)
    }
    assert after["change"] == []


def test_the_customers_of_the_first_schema_are_known_by_when_they_were_last_spoken_to(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    before = tables(put(folder, 1).database)
    numbers = {c["id"]: c["customer_phone_key"] for c in before["case"]}
    spoken = [
        datetime.fromisoformat(str(e["at"]))
        for e in before["event"]
        if numbers[e["case_id"]] and e["action"] in ("register", "contact", "reply", "return_visit")
    ]

    open_workspace(folder, clock, rules).close()

    last = int(max(spoken).timestamp())
    assert tables(folder.database)["last_contact"] == [
        {"phone_key": "13800138000", "last_utc": last, "complaint_id": 2}  # the later of the two complaints
    ]


def test_a_case_of_the_first_schema_is_worked_on_as_any_other(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    ws = open_workspace(put(folder, 1), clock, rules)
    clock.moment = NOW.replace(hour=16)
    (reply,) = desk.case_file(ws, OPEN).owed

    assert ws.policy.deadlines.steps(reply) == ()
    assert "以说定的时间为准" in rules.sentences.explain(reply, ws.policy.deadlines)
    acted(ws, OPEN, "reply", content="已换新")
    undone = desk.undo(ws, OPEN, "undo").file
    assert undone.owed == (reply,)
    assert undone.case.status is Status.REGISTERED
    closed(ws, OPEN)
    acted(ws, CLOSED, "reopen", reason="又坏了")

    (again,) = desk.case_file(ws, CLOSED).owed
    assert (again.kind, again.due_at) == (FollowUpKind.REPLY, datetime(2026, 11, 23, 16, tzinfo=SHANGHAI))
    assert desk.case_file(ws, OPEN).owed == ()
    assert upkeep.verify(ws).findings == ()
    ws.close()


@pytest.mark.fault
def test_a_migration_that_fails_in_the_middle_leaves_the_register_as_it_was(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    put(folder, 1)
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("CREATE TABLE handover (note TEXT)")  # another tool's: ours comes late in the migration
    before = tables(folder.database)

    with pytest.raises(sqlite3.OperationalError, match="handover already exists"):
        open_workspace(folder, clock, rules)

    assert tables(folder.database) == before
    with closing(sqlite3.connect(folder.database)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone()[0] == 1


@pytest.mark.fault
def test_a_disk_without_room_for_the_migration_leaves_the_register_as_it_was(
    small_disk: Path, clock: FixedClock, rules: Rules
) -> None:
    folder = put(DataFolder(small_disk / "data"), 1)
    before = tables(folder.database)
    size = folder.database.stat().st_size
    room = size + 40_000  # for a backup, and a little more
    (small_disk / "photos").write_bytes(bytes(512 * 1024 - size - room))

    with pytest.raises(KnownError, match="disk_full"):
        open_workspace(folder, clock, rules)

    assert tables(folder.database) == before
    (kept,) = folder.backups.glob("*.sqlite")
    assert tables(kept) == before
    (small_disk / "photos").unlink()
    open_workspace(folder, clock, rules).close()
    assert len(tables(folder.database)["follow_up"]) == len(before["follow_up"])


@pytest.mark.parametrize("version", range(ledger.SINCE, VERSION))
def test_what_was_forged_before_an_update_is_not_made_good_by_it(
    folder: DataFolder, clock: FixedClock, rules: Rules, version: int
) -> None:
    put(folder, version)
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("UPDATE \"case\" SET customer_name = '别人' WHERE number = ?", (OPEN,))
        conn.commit()

    with closing(open_workspace(folder, clock, rules)) as ws:
        assert [f.code for f in upkeep.verify(ws).findings] == ["check_row_changed"]

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from desk_app.storage import schema
from desk_app.storage.connection import APPLICATION_ID, VERSION
from tests.helpers.builders import acted, registered

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace


def ask(ws: Workspace, sql: str) -> object:
    return ws.store.conn.execute(sql).fetchone()[0]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "truncate"),
        ("synchronous", 3),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
        ("busy_timeout", 5000),
        ("cell_size_check", 1),
        ("application_id", APPLICATION_ID),
        ("user_version", VERSION),
    ],
)
def test_an_open_register_says_under_which_rules_it_is_kept(workspace: Workspace, pragma: str, value: object) -> None:
    assert ask(workspace, f"PRAGMA {pragma}") == value


def test_the_version_counts_the_migrations(workspace: Workspace) -> None:
    (applied,) = workspace.store.conn.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()

    assert applied == VERSION
    assert schema.actual(workspace.store.conn) == schema.expected()


def test_every_table_of_ours_is_strict(workspace: Workspace) -> None:
    tables = workspace.store.conn.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    ours = {name: strict for name, strict in tables if not name.startswith(("sqlite_", "_sqlite_"))}

    assert set(ours) >= {"case", "event", "follow_up", "change", "counter", "draft", "setting", "calendar_day"}
    assert set(ours.values()) == {1}


def test_a_word_is_no_number_to_a_strict_table(workspace: Workspace) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
        workspace.store.conn.execute("INSERT INTO counter VALUES ('x', 'many')")


DEBT_OF_NO_CASE = (
    "INSERT INTO follow_up (case_id, kind, owed_by, owed_to, start_at, due_at, due_utc, rule, round)"
    " VALUES (77, 'reply', '', '', '', '', 1, 'r', 1)"
)
FORBIDDEN = {
    "a history line is changed": ("UPDATE event SET by = 'x'", "append-only"),
    "a history line is removed": ("DELETE FROM event WHERE id = 1", "append-only"),
    "a history line is replaced": (
        "INSERT OR REPLACE INTO event VALUES (1, 1, 'r', 'contact', '', '', '', 1, '{}')", "append-only"
    ),
    "a history line is replaced by its request": (
        "INSERT OR REPLACE INTO event VALUES (99, 1, 'save-1', 'contact', '', '', '', 1, '{}')",
        "append-only",
    ),
    "a case is removed": ('DELETE FROM "case"', "never deleted"),
    "a case is replaced": (
        "INSERT OR REPLACE INTO \"case\" SELECT * FROM \"case\"", "never deleted"
    ),
    "a number is changed": ("UPDATE \"case\" SET number = 'TS-1'", "never changed"),
    "a case gets another id": ('UPDATE "case" SET id = 99', "never changed"),
    "a debt is removed": ("DELETE FROM follow_up", "never deleted"),
    "a counter goes back": ("UPDATE counter SET last = last - 1", "never goes back"),
    "a counter stands still": ("UPDATE counter SET last = last", "never goes back"),
    "a counter is renamed": ("UPDATE counter SET series = 'x', last = last + 1", "never goes back"),
    "a counter is removed": ("DELETE FROM counter", "never goes back"),
    "a counter is replaced": (
        "INSERT OR REPLACE INTO counter SELECT series, 0 FROM counter LIMIT 1", "never goes back"
    ),
    "a history line of no case": (
        "INSERT INTO event VALUES (99, 77, 'r', 'contact', '', '', '', 1, '{}')", "FOREIGN KEY"
    ),
    "a debt of no case": (DEBT_OF_NO_CASE, "FOREIGN"),
    "an old value is changed": ("UPDATE change SET old = 'x'", "append-only"),
    "an old value is removed": ("DELETE FROM change", "append-only"),
    "an old value is replaced": (
        "INSERT OR REPLACE INTO change VALUES (1, 1, NULL, 'status', '\"x\"', '\"y\"')", "append-only"
    ),
    "a change of no event": ("INSERT INTO change VALUES (99, 77, NULL, 'status', '1', '2')", "FOREIGN"),
    "a change of no debt": ("INSERT INTO change VALUES (99, 1, 77, 'owed_by', '1', '2')", "FOREIGN"),
    "a handover is changed": ("UPDATE handover SET outgoing = 'x'", "a handover stays"),
    "a handover is removed": ("DELETE FROM handover", "a handover stays"),
    "a request is stored twice": (
        "INSERT INTO event VALUES (99, 1, 'save-1', 'contact', '', '', '', 1, '{}')", "append-only"
    ),
    "a case without content": ("UPDATE \"case\" SET content = ''", "CHECK"),
    "ten megabytes of content": ("UPDATE \"case\" SET content = printf('%.*c', 10000000, 'x')", "CHECK"),
    "too long a demand": ("UPDATE \"case\" SET demand = printf('%.*c', 5001, 'x')", "CHECK"),
    "a tick that is two": ('UPDATE "case" SET safety = 2', "CHECK"),
    "a round of nought": ('UPDATE "case" SET round = 0', "CHECK"),
}  # fmt: skip


@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
@pytest.mark.parametrize(
    "what",
    [
        "a history line is replaced",
        "a history line is replaced by its request",
        "a case is replaced",
        "an old value is replaced",
    ],
)
def test_no_other_tool_can_replace_what_must_stay(workspace: Workspace, what: str, recursive_triggers: str) -> None:
    statement, reason = FORBIDDEN[what]
    acted(workspace, registered(workspace).case.number, "contact", content="致电")
    workspace.store.conn.execute(f"PRAGMA recursive_triggers={recursive_triggers}")

    with pytest.raises(sqlite3.IntegrityError, match=reason):
        workspace.store.conn.execute(statement)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_file_itself_refuses_what_must_never_happen(workspace: Workspace, what: str) -> None:
    statement, reason = FORBIDDEN[what]
    number = registered(workspace).case.number
    acted(workspace, number, "contact", content="致电")
    workspace.store.conn.execute("INSERT INTO handover VALUES (1, 'h', '', '小王', '小赵', '{}')")
    before = list(workspace.store.conn.iterdump())

    with pytest.raises(sqlite3.IntegrityError, match=reason):
        workspace.store.conn.execute(statement)

    assert list(workspace.store.conn.iterdump()) == before

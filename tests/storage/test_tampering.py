"""Whoever changes the register by another tool is found out, and the first thing that does not fit is named."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.journal import Noted
from desk_app.domain.sealed import Sealed
from desk_app.errors import KnownError
from desk_app.services import anchoring, checking, upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage import ledger, quick_check, schema
from desk_app.storage.ledger_check import LedgerCheck
from tests.helpers.builders import acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace


@pytest.fixture
def in_use(folder: DataFolder, clock: FixedClock, rules: Rules) -> DataFolder:
    """A folder with three cases, one of them closed, and no program that has it open."""
    with closing(open_workspace(folder, clock, rules)) as ws:
        numbers = [registered(ws, f"save-{n}", customer_phone="13800138000").case.number for n in range(3)]
        acted(ws, numbers[0], "contact", content="致电客户，约定明天上门")
        acted(ws, numbers[1], "amend", place="大堂")
        closed(ws, numbers[2])
    return folder


def found(folder: DataFolder, clock: FixedClock, rules: Rules) -> list[str]:
    """Check a register and return the sentences."""
    with closing(open_workspace(folder, clock, rules)) as ws:
        return [rules.sentences.say(f.code, f.params) for f in upkeep.verify(ws).findings]


def by_another_tool(folder: DataFolder, *statements: str) -> None:
    """Write to the file as another program does: with no PRAGMA of ours, and no trigger in the way."""
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as conn:
        triggers = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            conn.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            conn.execute(statement)
        for _, sql in triggers:
            conn.execute(sql)


CHANGED: dict[str, tuple[tuple[str, ...], str]] = {
    "words of a step": (
        ("UPDATE event SET data = replace(data, '明天', '后天') WHERE action = 'contact'",),
        "登记 TS-20261122-001 的经过第 2 条（联系记录）被别的程序改动过：与账里第 4 行",
    ),
    "a step, as if it had never been": (
        ("DELETE FROM event WHERE action = 'contact'",),
        "经过“4”不见了：账里第 4 行",
    ),
    "the name of a customer": (
        ("UPDATE \"case\" SET customer_name = '王先生' WHERE id = 2",),
        "登记 TS-20261122-002 的内容被别的程序改动过",
    ),
    "what is owed": (
        ("UPDATE follow_up SET done_at = start_at WHERE id = 1",),
        "登记 TS-20261122-001 的跟进事项“待答复”被别的程序改动过",
    ),
    "what was there before an amendment": (
        ("UPDATE change SET old = '\"前台\"' WHERE key = 'place'",),
        "登记 TS-20261122-002 的一处更改的前后内容被别的程序改动过",
    ),
    "a setting": (
        ("INSERT INTO setting VALUES ('roles', '{}') ON CONFLICT (key) DO UPDATE SET value = '{}'",),
        "设置“roles”",
    ),
    "a counter that goes back": (("UPDATE counter SET last = 1",), "编号计数器“TS-20261122-NNN”被别的程序改动过"),
    "a case from nowhere": (
        (
            'CREATE TEMP TABLE c AS SELECT * FROM "case" WHERE id = 1',
            "UPDATE c SET id = 9, number = 'TS-20261122-009'",
            'INSERT INTO "case" SELECT * FROM c',
        ),
        "登记 TS-20261122-009 的内容不是本程序写入的",
    ),
    "a line of the ledger": (("UPDATE ledger SET rows = replace(rows, 'event', 'case') WHERE id = 5",), "账里第 5 行"),
    "a line out of the middle": (("DELETE FROM ledger WHERE id = 5",), "账里第 5 至 5 行不见了"),
    "the whole ledger": (("DELETE FROM ledger",), "不是本程序写入的"),
}


def test_a_register_that_only_we_have_written_fits_its_ledger(
    in_use: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    assert found(in_use, clock, rules) == []


@pytest.mark.parametrize("what", CHANGED)
def test_what_another_tool_has_changed_is_named(in_use: DataFolder, clock: FixedClock, rules: Rules, what: str) -> None:
    statements, told = CHANGED[what]

    by_another_tool(in_use, *statements)

    sentences = found(in_use, clock, rules)
    assert any(told in sentence for sentence in sentences), sentences


def test_a_row_that_was_replaced_is_found_where_the_guards_slept(
    in_use: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(sqlite3.connect(in_use.database, isolation_level=None)) as conn:
        conn.execute("DROP TRIGGER event_no_replace")
        conn.execute(
            "INSERT OR REPLACE INTO event SELECT id, case_id, request_id, action, at, entered_at, '小赵', round, data"
            " FROM event WHERE action = 'contact'"
        )

    sentences = found(in_use, clock, rules)

    assert [s for s in sentences if "经过第 2 条" in s]
    assert [s for s in sentences if "event_no_replace" in s]


def test_a_history_that_was_sealed_anew_with_the_true_key_lost_is_told(
    in_use: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    by_another_tool(in_use, CHANGED["words of a step"][0][0])
    in_use.key.unlink()
    with closing(open_workspace(in_use, clock, rules)) as ws:
        registered(ws, "after")  # seals all anew, with a new key

    assert any(s.startswith("账里第 1 至 ") and "密钥" in s for s in found(in_use, clock, rules))


@pytest.fixture
def without_key(in_use: DataFolder, clock: FixedClock, rules: Rules) -> DataFolder:
    """The same folder after its key was lost, which the program noticed, and sealed everything with a new one."""
    in_use.key.unlink()
    with closing(open_workspace(in_use, clock, rules)) as ws:
        registered(ws, "after")
    return in_use


def test_a_lost_key_that_somebody_vouches_for_is_a_note_from_then_on(
    without_key: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(without_key, clock, rules)) as ws:
        before = [f.code for f in upkeep.verify(ws).findings], [f.code for f in upkeep.quick_check(ws).findings]
        checking.vouch(ws)
        after = upkeep.verify(ws)
        quick = upkeep.quick_check(ws).findings
        with pytest.raises(KnownError, match="no_key_lost"):
            checking.vouch(ws)

    assert before == (["check_ledger_key"], ["check_ledger_key"])
    assert (after.findings, quick) == ((), ())
    (note,) = after.notes
    told = rules.sentences.say(note.code, note.params)
    assert told.startswith("账里第 1–10 行的密钥已经丢失，2026-11-22 10:00 ")
    assert "由 前台 确认" in told


@pytest.mark.parametrize("change", ["rows = replace(rows, 'event', 'EVENT')", "mac = printf('%064d', 1)"])
def test_what_was_vouched_for_is_sealed_as_it_stood(
    without_key: DataFolder, clock: FixedClock, rules: Rules, change: str
) -> None:
    with closing(open_workspace(without_key, clock, rules)) as ws:
        checking.vouch(ws)

    by_another_tool(without_key, f"UPDATE ledger SET {change} WHERE id = 4")  # noqa: S608

    assert [s.startswith("账里第 1 至 ") for s in found(without_key, clock, rules)] == [True]


def test_who_changes_the_rows_first_and_vouches_then_is_told_of_what_the_new_key_sealed(
    without_key: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    by_another_tool(without_key, CHANGED["words of a step"][0][0])
    with closing(open_workspace(without_key, clock, rules)) as ws:
        checking.vouch(ws)

    assert ["经过第 2 条" in s for s in found(without_key, clock, rules)] == [True]


@pytest.mark.parametrize("data", ["[]", "{", '{"first": 1, "last": [], "digest": {}}', "1"])
def test_a_note_of_a_lost_key_that_was_made_up_vouches_for_nothing(
    without_key: DataFolder, clock: FixedClock, rules: Rules, data: str
) -> None:
    entry = "INSERT INTO journal (at, by, what, subject, data) VALUES ('gone', '', 'lost_key', '1–9', '{0}')"
    by_another_tool(without_key, entry.format(data))

    sentences = found(without_key, clock, rules)

    assert sum(s.startswith("账里第 1 至 ") for s in sentences) == 1
    assert sum("不是本程序写入的" in s for s in sentences) == 1


def test_a_key_that_is_deleted_while_the_program_runs_is_put_back_by_the_next_save(
    in_use: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    before = in_use.key.read_bytes()
    with closing(open_workspace(in_use, clock, rules)) as ws:
        registered(ws, "one")
        in_use.key.unlink()
        registered(ws, "two")

    assert in_use.key.read_bytes() == before
    assert in_use.key.stat().st_mode & 0o777 == 0o600
    assert found(in_use, clock, rules) == []


def test_anchors_that_cannot_be_read_are_told_and_the_rest_is_checked(
    in_use: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    by_another_tool(in_use, CHANGED["words of a step"][0][0])
    in_use.anchors.unlink(missing_ok=True)
    in_use.anchors.mkdir()

    sentences = found(in_use, clock, rules)

    assert len(sentences) == 2
    assert "anchors.tsv 读不出" in sentences[0]
    assert "经过第 2 条" in sentences[1]


@pytest.mark.parametrize("rows", ["[" * 100_000, f'[["event",{2**70},"{"0" * 32}"]]', '[["event",1e400,""]]'])
def test_a_line_that_is_made_to_break_the_check_is_a_finding(
    in_use: DataFolder, clock: FixedClock, rules: Rules, rows: str
) -> None:
    by_another_tool(in_use, f"UPDATE ledger SET rows = '{rows}' WHERE id = 5")  # noqa: S608

    assert any("账里第 5 行" in sentence for sentence in found(in_use, clock, rules))


@pytest.mark.parametrize("rows", ["'[]'", "(SELECT json_array(json_array('event', 4, printf('%032d', 0))))"])
def test_a_line_under_no_key_of_ours_makes_no_forgery_good(
    in_use: DataFolder, clock: FixedClock, rules: Rules, rows: str
) -> None:
    line = "INSERT INTO ledger SELECT max(id) + 1, 'deadbeef', {0}, printf('%064d', 0) FROM ledger"
    by_another_tool(in_use, CHANGED["words of a step"][0][0], line.format(rows))
    before = found(in_use, clock, rules)
    with closing(open_workspace(in_use, clock, rules)) as ws:
        registered(ws, "after")  # the last line's key is not at hand: all is sealed anew, the forgery too

    after = found(in_use, clock, rules)

    for sentences in (before, after):
        assert [s for s in sentences if "登记 TS-20261122-001 的经过第 2 条" in s], sentences
        assert [s for s in sentences if "密钥" in s]


def test_a_step_that_our_own_code_writes_twice_is_told(in_use: DataFolder, clock: FixedClock, rules: Rules) -> None:
    with closing(open_workspace(in_use, clock, rules)) as ws:
        ws.store.conn.execute("DROP TRIGGER event_no_update")
        with ws.store.transaction() as conn:
            conn.execute("UPDATE event SET by = '小赵' WHERE action = 'contact'")
        ws.store.conn.execute(schema.expected()["event_no_update"])

    assert ["又被改写" in s for s in found(in_use, clock, rules)] == [True]


def test_a_version_that_was_set_back_seals_nothing_anew(in_use: DataFolder, clock: FixedClock, rules: Rules) -> None:
    by_another_tool(in_use, CHANGED["the name of a customer"][0][0], "PRAGMA user_version=4")

    with closing(open_workspace(in_use, clock, rules)) as ws:
        assert "check_version_back" in [f.code for f in upkeep.quick_check(ws).findings]

    assert any("TS-20261122-002 的内容被" in s for s in found(in_use, clock, rules))


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DROP TRIGGER case_no_delete", "check_schema"),
        ("CREATE TABLE bookmark (url TEXT)", "check_schema"),
        ("UPDATE ledger SET mac = 'f' WHERE id = (SELECT max(id) FROM ledger)", "check_ledger_line"),
        ("DELETE FROM ledger WHERE id = (SELECT max(id) - 1 FROM ledger)", "check_ledger_gap"),
    ],
)
def test_a_start_sees_at_a_glance(
    in_use: DataFolder, clock: FixedClock, rules: Rules, statement: str, code: str
) -> None:
    with closing(open_workspace(in_use, clock, rules)) as ws:
        assert upkeep.quick_check(ws).ok

    if "ledger" in statement:
        by_another_tool(in_use, statement)
    else:
        with closing(sqlite3.connect(in_use.database)) as conn:
            conn.execute(statement)

    with closing(open_workspace(in_use, clock, rules)) as ws:
        assert [f.code for f in upkeep.quick_check(ws).findings] == [code]


def test_the_schema_that_a_start_expects_is_that_of_the_migrations(workspace: Workspace) -> None:
    assert quick_check.schema_digest(workspace.store.conn) == quick_check.SCHEMA
    assert quick_check.actual(workspace.store.conn) == schema.expected()


def test_what_is_saved_while_a_check_is_under_way_is_no_finding(workspace: Workspace) -> None:
    numbers = [registered(workspace, f"save-{n}").case.number for n in range(3)]
    places = 0
    check = LedgerCheck(workspace.store)
    for some in check.slices():
        places += 1
        acted(workspace, numbers[places % 3], "contact", content=f"第 {places} 次")
        registered(workspace, f"during-{places}")
        assert some == ()
        if places == 40:
            break

    assert places > len(Sealed)
    assert ledger.head(workspace.store.conn).id > check.head.id > 3


def test_a_register_with_flipped_bits_is_either_the_same_or_told(
    in_use: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    rng, whole = random.Random(7), in_use.database.read_bytes()
    places = [place for place, byte in enumerate(whole) if byte]  # an empty page says nothing
    before, changed = _dump(in_use), 0
    for _ in range(200):
        place = rng.choice(places)
        in_use.database.write_bytes(
            whole[:place] + bytes([whole[place] ^ (1 << rng.randrange(8))]) + whole[place + 1 :]
        )
        after = _dump(in_use)
        if after != before:
            changed += 1
            assert _reports(lambda: found(in_use, clock, rules)), place
    assert changed > 50


def _dump(folder: DataFolder) -> object:
    """Return every row, but for when the schema was made: it is nobody's evidence."""
    try:
        with closing(sqlite3.connect(folder.database)) as conn:
            conn.text_factory = bytes
            tables = [t.decode() for (t,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {t: conn.execute(f'SELECT * FROM "{t}"').fetchall() for t in tables if t[0] != "_"}  # noqa: S608 -- our own names
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return type(error)


def _reports(check: Callable[[], list[str]]) -> bool:
    """Whether a check says that something is wrong: by what it finds, or by refusing to open the file."""
    try:
        return bool(check())
    except KnownError:
        return True


def backed_up(folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    """Drop an anchor, as every backup does."""
    with closing(open_workspace(folder, clock, rules)) as ws:
        upkeep.backup(ws)


def test_an_older_register_in_its_place_is_told_by_the_anchor(
    in_use: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    older = in_use.database.read_bytes()
    with closing(open_workspace(in_use, clock, rules)) as ws:
        line = anchoring.head(ws).id
        registered(ws, "one more")
    backed_up(in_use, clock, rules)

    in_use.database.write_bytes(older)

    told = found(in_use, clock, rules)

    assert told[0] == (
        f"2026-11-22 10:00 备份时账已记到第 {line + 1} 行，现在没有这一行：登记册被换成了旧的或被截断，"
        "请用那以后的备份恢复，并告诉主管"
    )
    assert "登记册可能被换成了旧的" in told[1], "and the backup itself says so too"


def test_a_ledger_that_was_written_anew_as_a_whole_is_told_by_the_anchor(
    in_use: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    backed_up(in_use, clock, rules)
    by_another_tool(in_use, CHANGED["the name of a customer"][0][0], "DELETE FROM ledger")
    in_use.key.unlink()
    with closing(sqlite3.connect(in_use.database, isolation_level=None)) as conn:
        ledger.watch(conn)
        for _ in range(15):  # by our own code, and so without a fault in itself
            ledger.touch_all(conn)
            ledger.seal(conn, ledger.KeyRing(in_use.key))

    assert any("账被重写过" in told for told in found(in_use, clock, rules))


def test_a_restore_on_record_takes_back_the_anchors_after_the_backup(
    in_use: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    older = in_use.database.read_bytes()
    with closing(open_workspace(in_use, clock, rules)) as ws:
        for n in range(5):
            registered(ws, f"more-{n}")
    backed_up(in_use, clock, rules)
    in_use.database.write_bytes(older)

    with closing(open_workspace(in_use, clock, rules)) as ws, ws.store.transaction() as conn:
        ws.note(conn, Noted.RESTORE, "desk-1.sqlite")

    assert found(in_use, clock, rules) == []

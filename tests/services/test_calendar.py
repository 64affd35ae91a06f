from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk_app.domain.calendar_csv import decode, read_days
from desk_app.domain.vocabulary import Action, FollowUpKind
from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.errors import KnownError
from desk_app.services import calendar, desk
from desk_app.services.workspace import Workspace, open_workspace
from tests.helpers.builders import NOW, SHANGHAI, acted, registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.domain.case import CaseFile
    from desk_app.domain.follow_up import FollowUp

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
STOCKTAKING = CalendarDay(TUESDAY, DayKind.REST, "盘点", "店长通知")
HEADER = "日期,类别,名称,来源\n"


def assigned(ws: Workspace, n: int = 0, **given: object) -> str:
    """Return the number of a case whose handling is owed two working days after Sunday 2026-11-22."""
    number = registered(ws, f"save-{n}").case.number
    acted(ws, number, "assign", department="小家电部", person="小吴", **given)
    return number


def handling(ws: Workspace, number: str) -> FollowUp:
    return next(f for f in desk.case_file(ws, number).owed if f.kind is FollowUpKind.HANDLE)


def due(ws: Workspace, number: str) -> str:
    return f"{handling(ws, number).due_at:%m-%d %H:%M}"


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "days.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def everything(ws: Workspace) -> list[str]:
    return list(ws.store.conn.iterdump())


# ------------------------------------------------------------------------------------------------------- the entries


def test_a_day_is_entered_changed_and_taken_back(workspace: Workspace) -> None:
    saved = calendar.put_days(workspace, [STOCKTAKING])
    assert (saved.added, saved.replaced) == (1, 0)
    assert saved.changes.shop
    assert workspace.shop.days == (STOCKTAKING,)
    assert not workspace.policy.deadlines.calendar().works(TUESDAY)

    worked = CalendarDay(TUESDAY, DayKind.WORK, "改期")
    saved = calendar.put_days(workspace, [worked])
    assert (saved.added, saved.replaced) == (0, 1)
    assert workspace.shop.days == (worked,)

    calendar.put_days(workspace, [CalendarDay(TUESDAY, DayKind.CLOSED)])
    assert [e.kind for e in workspace.shop.days] == [DayKind.CLOSED, DayKind.WORK]  # another question
    calendar.remove_day(workspace, TUESDAY, DayKind.WORK)
    assert [e.kind for e in workspace.shop.days] == [DayKind.CLOSED]


def test_what_the_official_calendar_says_too_is_not_the_shops_own(workspace: Workspace) -> None:
    official = workspace.policy.deadlines.calendar().official[-1]
    calendar.put_days(workspace, [CalendarDay(official.day, DayKind.REST, "不调休")])
    assert len(workspace.shop.days) == 1

    calendar.put_days(workspace, [official])

    assert workspace.shop.days == ()


def test_only_what_the_shop_has_entered_can_be_taken_back(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="calendar_not_own"):
        calendar.remove_day(workspace, date(2026, 10, 1), DayKind.REST)


@pytest.mark.parametrize("name", ["盘" * 101, "盘\n点", "盘\x00点", "盘\u202e点"])
def test_a_name_that_no_file_could_carry_is_refused(workspace: Workspace, name: str) -> None:
    before = everything(workspace)

    with pytest.raises(KnownError, match="calendar_entry_bad"):
        calendar.put_days(workspace, [STOCKTAKING, CalendarDay(WEDNESDAY, DayKind.REST, name)])

    assert everything(workspace) == before


def test_the_weekdays_of_the_shop_are_set_and_one_must_be_left(workspace: Workspace) -> None:
    calendar.set_open_weekdays(workspace, [6, 0, 1, 1])
    assert workspace.shop.open_weekdays == (0, 1, 6)
    assert not workspace.policy.deadlines.calendar().is_open(WEDNESDAY)

    with pytest.raises(KnownError, match="calendar_never_open"):
        calendar.set_open_weekdays(workspace, [])
    assert workspace.shop.open_weekdays == (0, 1, 6)


# -------------------------------------------------------------------------------------------------------- the files


def test_a_file_is_read_in_whole_and_other_days_stay(workspace: Workspace, tmp_path: Path) -> None:
    calendar.put_days(workspace, [STOCKTAKING, CalendarDay(date(2027, 1, 2), DayKind.WORK)])
    path = write(tmp_path, HEADER + "2027-01-01,休,元旦,国办\n2027/1/2,休,元旦,国办\n2027年10月1日,休,国庆节,国办\n")

    saved = calendar.import_file(workspace, path)

    assert (saved.added, saved.replaced) == (2, 1)
    assert [(e.day.isoformat(), e.kind) for e in workspace.shop.days] == [
        ("2026-11-24", DayKind.REST),
        ("2027-01-01", DayKind.REST),
        ("2027-01-02", DayKind.REST),
        ("2027-10-01", DayKind.REST),
    ]
    assert not workspace.policy.deadlines.calendar().is_provisional(2027)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (HEADER + "2027-01-01,休,,\n2027-02-30,休,,\n", "calendar_date_bad", 3),
        (HEADER + "2027-01-01,休,,\n2027-01-01,班,,\n", "calendar_day_twice", 3),
        (HEADER + "2027-01-01,假,,\n", "calendar_kind_bad", 2),
        ("2027-01-01,休\n", "calendar_header_bad", 1),
        (HEADER, "calendar_empty", None),
        (HEADER + '2027-01-01,休,"元旦,\n', "calendar_line_bad", None),
        (b"\xff\xfe\x00\x81", "calendar_not_text", None),
    ],
)
def test_a_file_with_a_mistake_changes_nothing_and_says_where(
    workspace: Workspace, tmp_path: Path, text: str | bytes, code: str, line: int | None
) -> None:
    calendar.put_days(workspace, [STOCKTAKING])
    calendar.recount_all(workspace)
    before = everything(workspace)

    with pytest.raises(KnownError, match=code) as caught:
        calendar.import_file(workspace, write(tmp_path, text))

    assert line is None or caught.value.params["line"] == line
    assert everything(workspace) == before
    assert calendar.recount(workspace) is None


def test_a_file_that_is_not_there_is_told(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="file_missing"):
        calendar.import_file(workspace, tmp_path / "none.csv")


def test_the_shops_own_days_come_back_from_their_file(workspace: Workspace, tmp_path: Path) -> None:
    own = (STOCKTAKING, CalendarDay(date(2027, 1, 2), DayKind.CLOSED, "装修, 二楼", '"店长"'))
    calendar.put_days(workspace, own)
    path = tmp_path / "own.csv"

    assert calendar.export_file(workspace, path) == 2

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # so that Excel reads it as what it is
    assert read_days(decode(path.read_bytes())) == own
    for entry in own:
        calendar.remove_day(workspace, entry.day, entry.kind)
    calendar.import_file(workspace, path)
    assert workspace.shop.days == own


def test_a_year_is_written_with_what_is_official_and_read_in_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    calendar.put_days(workspace, [STOCKTAKING, CalendarDay(date(2026, 10, 1), DayKind.WORK, "照常")])
    path = tmp_path / "2026.csv"

    count = calendar.export_file(workspace, path, 2026)

    written = read_days(decode(path.read_bytes()))
    assert len(written) == count == 26
    assert STOCKTAKING in written
    assert [e.kind for e in written if e.day == date(2026, 10, 1)] == [DayKind.WORK]
    own = workspace.shop.days
    saved = calendar.import_file(workspace, path)
    assert (saved.added, saved.replaced, workspace.shop.days) == (0, 0, own)


@pytest.mark.fault
def test_a_file_that_cannot_be_written_is_told(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="target_unwritable"):
        calendar.export_file(workspace, tmp_path / "none" / "days.csv")


# ------------------------------------------------------------------------------------------------------ the recount


def test_due_dates_follow_the_calendar_and_which_moved_is_told(workspace: Workspace) -> None:
    numbers = [assigned(workspace, n) for n in range(3)]
    assert {due(workspace, n) for n in numbers} == {"11-24 18:00"}

    calendar.put_days(workspace, [STOCKTAKING])
    moved = calendar.recount_all(workspace)

    assert {due(workspace, n) for n in numbers} == {"11-25 18:00"}
    assert [(m.number, m.kind, f"{m.old:%m-%d}", f"{m.new:%m-%d}") for m in moved] == [
        (n, FollowUpKind.HANDLE, "11-24", "11-25") for n in numbers
    ]
    calendar.remove_day(workspace, TUESDAY, DayKind.REST)
    calendar.recount_all(workspace)
    assert {due(workspace, n) for n in numbers} == {"11-24 18:00"}


def test_a_move_is_an_event_of_the_case_that_keeps_the_old_date(workspace: Workspace) -> None:
    number = assigned(workspace)
    owed = handling(workspace, number)
    calendar.put_days(workspace, [STOCKTAKING])

    calendar.recount_all(workspace)

    event = desk.case_file(workspace, number).events[-1]
    after = handling(workspace, number)
    assert (event.action, event.by, event.at) == (Action.AMEND, workspace.shop.operator, NOW)
    assert event.data == {"follow_up": owed.id, "due_at": after.due_at.isoformat(), "calendar": True}
    rows = workspace.store.conn.execute(
        "SELECT follow_up_id, key, old, new FROM change WHERE event_id = ?", (event.id,)
    ).fetchall()
    assert rows == [(owed.id, "due_at", f'"{owed.due_at.isoformat()}"', f'"{after.due_at.isoformat()}"')]
    assert after.id == owed.id
    assert workspace.rules.sentences.explain(after, workspace.policy.deadlines).count("盘点") == 1


def test_what_was_told_or_runs_on_the_wall_clock_stays_and_so_does_what_is_done(workspace: Workspace) -> None:
    told = assigned(workspace, 1, due_at="2026-11-24 12:00")
    done = assigned(workspace, 2)
    acted(workspace, done, "void", reason="重复登记")
    before = {n: desk.case_file(workspace, n).follow_ups for n in (told, done)}

    calendar.put_days(workspace, [STOCKTAKING])
    moved = calendar.recount_all(workspace)

    assert moved == ()
    assert {n: desk.case_file(workspace, n).follow_ups for n in (told, done)} == before


def test_a_recount_without_a_change_moves_nothing_and_writes_nothing(workspace: Workspace) -> None:
    assigned(workspace)
    calendar.put_days(workspace, [STOCKTAKING])
    calendar.recount_all(workspace)
    before = everything(workspace)

    calendar.put_days(workspace, [STOCKTAKING])

    assert calendar.recount(workspace) is None
    assert everything(workspace) == before


def test_a_recount_goes_by_batches_with_true_progress_and_lets_others_work_in_between(workspace: Workspace) -> None:
    for n in range(5):
        assigned(workspace, n)
    calendar.put_days(workspace, [STOCKTAKING])

    first = calendar.recount(workspace, 2)
    late = assigned(workspace, 9)  # by the new calendar already
    rest = [calendar.recount(workspace, 2) for _ in range(3)]

    assert first is not None
    assert (len(first.moved), first.done, first.total, first.is_over) == (2, 2, 5, False)
    assert not first.changes.queue
    assert due(workspace, late) == "11-25 18:00"
    assert [(b.done, b.is_over) for b in rest if b] == [(4, False), (6, False), (6, True)]
    assert [b.changes.queue for b in rest if b] == [False, False, True]
    assert sum(len(b.moved) for b in rest if b) == 3
    assert calendar.recount(workspace) is None


def test_a_recount_that_was_stopped_goes_on_at_the_next_opening(workspace: Workspace) -> None:
    numbers = [assigned(workspace, n) for n in range(4)]
    calendar.put_days(workspace, [STOCKTAKING])
    calendar.recount(workspace, 2)
    workspace.close()  # killed in the middle

    with closing(open_workspace(workspace.folder, workspace.clock, workspace.rules)) as again:
        moved = calendar.recount_all(again)

        assert [m.number for m in moved] == numbers[2:]
        assert {due(again, n) for n in numbers} == {"11-25 18:00"}
        assert [len(desk.case_file(again, n).events) for n in numbers] == [3] * 4


def test_a_calendar_that_changes_again_meanwhile_is_followed_to_its_last_state(workspace: Workspace) -> None:
    numbers = [assigned(workspace, n) for n in range(4)]
    calendar.put_days(workspace, [STOCKTAKING])
    calendar.recount(workspace, 2)

    calendar.put_days(workspace, [CalendarDay(WEDNESDAY, DayKind.REST)])
    calendar.recount_all(workspace)

    assert {due(workspace, n) for n in numbers} == {"11-26 18:00"}


def test_another_program_reckons_by_the_calendar_that_is_stored_not_by_the_one_it_knew(workspace: Workspace) -> None:
    number = assigned(workspace)
    with closing(open_workspace(workspace.folder, workspace.clock, workspace.rules)) as other:
        calendar.put_days(workspace, [STOCKTAKING])

        calendar.recount_all(other)

        assert due(other, number) == "11-25 18:00"
        assert desk.has_changed(other) is not None  # its pages still look again
        assert desk.has_changed(other) is None


def test_what_was_left_aside_comes_back_when_it_is_due(workspace: Workspace) -> None:
    calendar.put_days(workspace, [STOCKTAKING])
    number = assigned(workspace)
    owed = handling(workspace, number)
    late = datetime(2026, 11, 25, 17, tzinfo=SHANGHAI)
    desk.snooze(workspace, number, owed.id, late, "等配件", "snooze-1")

    calendar.remove_day(workspace, TUESDAY, DayKind.REST)
    calendar.recount_all(workspace)

    after = handling(workspace, number)
    assert after.snoozed_until == after.due_at == datetime(2026, 11, 24, 18, tzinfo=SHANGHAI)


def test_business_days_follow_the_shops_own_weekdays(workspace: Workspace) -> None:
    workspace.folder.deadlines.write_text('[[rule]]\nid = "handle"\nterm = "2bd"\n', encoding="utf-8")
    desk.has_changed(workspace)
    number = assigned(workspace)
    assert due(workspace, number) == "11-24 18:00"

    calendar.set_open_weekdays(workspace, [0, 4])
    calendar.recount_all(workspace)

    assert due(workspace, number) == "11-27 18:00"


def test_a_move_keeps_nobody_from_writing_down_what_was_done_before_it(workspace: Workspace, clock: FixedClock) -> None:
    number = assigned(workspace)
    clock.moment = NOW + timedelta(hours=2)
    calendar.put_days(workspace, [STOCKTAKING])
    calendar.recount_all(workspace)

    at = (NOW + timedelta(hours=1)).isoformat()
    acted(workspace, number, "accept", by="小吴", at=at)

    assert desk.case_file(workspace, number).events[-1].action is Action.ACCEPT


def test_a_move_is_nobodys_to_undo(workspace: Workspace) -> None:
    number = assigned(workspace)
    calendar.put_days(workspace, [STOCKTAKING])
    calendar.recount_all(workspace)

    with pytest.raises(KnownError, match="undo_nothing"):
        desk.undo(workspace, number, "undo-1")


OWN = st.lists(
    st.builds(
        CalendarDay,
        st.dates(date(2026, 11, 20), date(2026, 12, 31)),
        st.sampled_from(DayKind),
    ),
    max_size=12,
)


@given(st.lists(OWN, min_size=1, max_size=4), st.integers(1, 3))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_a_recount_every_counted_due_date_is_what_the_calendar_says(
    workspace: Workspace, changes: list[list[CalendarDay]], limit: int
) -> None:
    if not numbers_of(workspace):
        for n in range(3):
            assigned(workspace, n)

    for entries in changes:
        calendar.put_days(workspace, entries)
        while calendar.recount(workspace, limit) is not None:
            pass

    book = workspace.policy.deadlines
    files = [desk.case_file(workspace, number) for number in numbers_of(workspace)]
    assert [f.due_at for f in counted(files)] == [book.due(f.term, f.start_at) for f in counted(files)]
    for entry in workspace.shop.days:
        calendar.remove_day(workspace, entry.day, entry.kind)


def numbers_of(ws: Workspace) -> list[str]:
    return [number for (number,) in ws.store.conn.execute('SELECT number FROM "case"')]


def counted(files: list[CaseFile]) -> list[FollowUp]:
    return [f for file in files for f in file.owed if str(f.term).endswith(("wd", "bd"))]


@pytest.mark.fault
def test_a_batch_that_fails_in_the_middle_leaves_nothing_of_itself(workspace: Workspace) -> None:
    for n in range(3):
        assigned(workspace, n)
    calendar.put_days(workspace, [STOCKTAKING])
    workspace.store.conn.execute(
        "CREATE TEMP TRIGGER the_disk_is_gone BEFORE INSERT ON event WHEN (SELECT max(id) FROM event) >= 7"
        " BEGIN SELECT RAISE(ABORT, 'gone'); END"
    )
    before = everything(workspace)

    with pytest.raises(Exception, match="gone"):
        calendar.recount(workspace)
    assert everything(workspace) == before

    workspace.store.conn.execute("DROP TRIGGER the_disk_is_gone")
    assert len(calendar.recount_all(workspace)) == 3


# ----------------------------------------------------------------------------------------------- years without notice


def test_the_present_year_and_those_something_counted_is_due_in_are_looked_at(
    workspace: Workspace, clock: FixedClock
) -> None:
    assert calendar.provisional_years(workspace) == ()
    clock.moment = datetime(2026, 12, 30, 10, tzinfo=SHANGHAI)
    registered(workspace, "24 hours do not count")
    assert calendar.provisional_years(workspace) == ()

    assigned(workspace)  # two working days on: 2027

    assert calendar.provisional_years(workspace) == (2027,)
    clock.moment = datetime(2027, 3, 1, 10, tzinfo=SHANGHAI)
    assert calendar.provisional_years(workspace) == (2027,)
    calendar.put_days(workspace, [CalendarDay(date(2027, 10, 1), DayKind.REST, "国庆节")])
    assert calendar.provisional_years(workspace) == ()


def test_the_present_year_is_looked_at_even_where_nothing_is_due(workspace: Workspace, clock: FixedClock) -> None:
    clock.moment = datetime(2027, 3, 1, 10, tzinfo=SHANGHAI)

    assert calendar.provisional_years(workspace) == (2027,)

"""The package of a period: what is incomplete, every sheet in a folder of its own, and the month that still waits."""

from __future__ import annotations

import errno
import os
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from desk_app.domain.completeness import Gap
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.services import export, months, package, shop, volumes
from desk_app.services.export import Order
from desk_app.services.sheets import Scope
from desk_app.sheets.target import new_folder
from tests.helpers.builders import NOW, SHANGHAI, acted, registered
from tests.helpers.sheet_files import a_list, put
from tests.helpers.working import closed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.domain.periods import Period
    from desk_app.services.results import Exported
    from desk_app.services.workspace import Workspace

IN_OCTOBER = "2026-10-20 09:00"
ALWAYS = ["register", "feedback", "return_visit", "promises", "open_cases", "statistics", "warnings"]
"""What is in the package of a month in which nothing was proposed and nothing corrected."""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the packages go; it is not there yet."""
    return tmp_path / "月报 存档"


def an_order(ws: Workspace, out: Path, period: str = "2026-10", masked: bool | None = None) -> Order:
    return Order((), Scope(export.period_of(period, ws.clock.now().date()), masked=masked), out)


def packed(ws: Workspace, out: Path, period: str = "2026-10") -> Exported:
    return package.export_package(ws, an_order(ws, out, period))


def sheets_of(exported: Exported) -> list[str]:
    return [file.sheet for file in exported.files]


def lacking(ws: Workspace, period: str = "2026-10") -> Mapping[Gap, tuple[str, ...]]:
    found = package.incomplete(ws, export.period_of(period, ws.clock.now().date()))
    return {each.gap: each.numbers for each in found if not each.months}


def october(ws: Workspace, name: str, **changes: object) -> str:
    """Register a complaint of October with every basic fact, and return its number."""
    facts = {"occurred_at": "上周二", "place": "大堂", "received_at": IN_OCTOBER}
    return registered(ws, name, **{**facts, **changes}).case.number


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def said(path: Path) -> str:
    rows = load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return "\n".join(str(value) for row in rows for value in row if value is not None)


# ------------------------------------------------------------------------------------------------------- incomplete


def test_each_thing_that_a_case_is_without_is_told_with_its_number(workspace: Workspace) -> None:
    new = october(workspace, "new", received_at="2026-10-01 09:00")
    bare = october(workspace, "bare", received_at="2026-10-02 09:00", place=None)
    answered = october(workspace, "answered", received_at="2026-10-03 09:00")
    whole = october(workspace, "whole", received_at="2026-10-04 09:00")
    later = registered(workspace, "later", received_at="2026-11-01 00:00").case.number
    acted(workspace, answered, "reply", content="已换新", medium="phone")
    acted(workspace, answered, "determine", responsibility="misunderstanding")
    closed(workspace, whole)

    found = lacking(workspace)

    assert found == {
        Gap.UNANSWERED: (new, bare),
        Gap.OVERDUE: (new, bare),
        Gap.OPEN: (new, bare, answered),
        Gap.UNDETERMINED: (new, bare),
        Gap.UNVISITED: (answered,),
        Gap.UNRECORDED: (bare,),
    }
    assert list(found) == [gap for gap in Gap if gap is not Gap.UNSERVED], "the gravest first"
    assert later not in str(found)
    assert later in str(lacking(workspace, "2026-11"))


def test_a_void_case_lacks_nothing_and_an_undecided_fault_is_none(workspace: Workspace) -> None:
    void, undecided = october(workspace, "a", place=None), october(workspace, "b")
    acted(workspace, void, "void", reason="登记错了")
    acted(workspace, undecided, "determine", responsibility="undecided")

    found = lacking(workspace)

    assert all(void not in numbers for numbers in found.values())
    assert found[Gap.UNDETERMINED] == (undecided,)


@pytest.mark.parametrize(
    ("period", "unserved"),
    [
        ("2026-10", ("2026-10",)),
        ("2026-Q3", ("2026-07", "2026-08")),
        ("2026-09", ()),
        ("2026-W41", ()),
        ("2026-09-01..2026-10-31", ()),
    ],
)
def test_a_month_of_which_nobody_said_how_many_were_served_is_told(
    workspace: Workspace, period: str, unserved: tuple[str, ...]
) -> None:
    volumes.put(workspace, "2026-09", {volumes.SERVED: 300}, "september")

    found = package.incomplete(workspace, export.period_of(period, workspace.clock.now().date()))

    assert tuple(month for each in found for month in each.months) == unserved
    told = [workspace.rules.sentences.say(*package.told(workspace.rules.sentences, each)) for each in found]
    assert [line.startswith("接待量还没有填：") for line in told] == [True] * bool(unserved)


def test_what_is_due_later_is_not_overdue(workspace: Workspace) -> None:
    number = registered(workspace, "now").case.number

    found = lacking(workspace, "2026-11")

    assert found[Gap.UNANSWERED] == (number,)
    assert Gap.OVERDUE not in found


def test_many_numbers_are_told_by_the_first_ten(workspace: Workspace) -> None:
    numbers = [october(workspace, f"{n}") for n in range(12)]

    code, params = package.told(workspace.rules.sentences, package.incomplete(workspace, _october(workspace))[0])

    assert workspace.rules.sentences.say(code, params) == f"还没有答复 12 件：{'、'.join(numbers[:10])}…"


def _october(ws: Workspace) -> Period:
    return export.month_of("2026-10", ws.clock.now().date())


# ---------------------------------------------------------------------------------------------------------- package


def test_the_package_of_a_month_is_every_sheet_of_it_in_a_folder_of_its_own(workspace: Workspace, out: Path) -> None:
    shop.set_up(workspace, "云栖/酒店", "general", "小周")
    number = october(workspace, "a", content="十月的水壶")
    registered(workspace, "b", received_at="2026-11-02 09:00", content="十一月的水壶")

    exported = packed(workspace, out)

    assert sheets_of(exported) == ALWAYS
    assert {file.path.parent for file in exported.files} == {out / "云栖_酒店_2026-10"}
    assert sorted(file.path.name for file in exported.files) == everything_in(out / "云栖_酒店_2026-10")
    for file in exported.files[:2]:
        assert (file.rows, number in said(file.path)) == (1, True)
        assert ("十月的水壶" in said(file.path), "十一月" in said(file.path)) == (True, False)
    assert number in said(exported.files[4].path), "what is open is carried over"
    assert exported.month == "2026-10", "may be locked now"


def test_forms_are_in_it_where_there_is_one(workspace: Workspace, out: Path) -> None:
    registered(workspace, "a", kind="proposal", received_at=IN_OCTOBER, content="大堂添一排座位")
    acted(workspace, october(workspace, "b"), "correct", problem="虚焊", corrective="补检")

    october_has, november_has = packed(workspace, out), packed(workspace, out, "2026-11")

    assert set(sheets_of(october_has)) == {*ALWAYS, "proposal"}, "what was corrected in November is of November"
    assert set(sheets_of(november_has)) == {*ALWAYS, "corrective_done"}
    assert "大堂添一排座位" in said(next(f.path for f in october_has.files if f.sheet == "proposal"))


def test_a_second_time_another_folder_is_made_and_nothing_is_replaced(workspace: Workspace, out: Path) -> None:
    october(workspace, "a")
    first = packed(workspace, out)
    before = {file.path: file.path.read_bytes() for file in first.files}
    (out / "2026-10(2)").write_text("somebody else's")
    october(workspace, "b")

    second = packed(workspace, out)

    assert second.files[0].path.parent == out / "2026-10(3)"
    assert {path: path.read_bytes() for path in before} == before
    assert (out / "2026-10(2)").read_text() == "somebody else's"
    assert (first.files[0].rows, second.files[0].rows) == (1, 2)


@pytest.mark.parametrize(
    ("period", "has", "has_not"),
    [
        ("2026-W43", {"register", "phone_log", "service_log", "web_log", "open_cases"}, {"statistics", "feedback"}),
        ("2026-Q4", {"register", "feedback", "statistics", "warnings"}, {"phone_log", "survey_result"}),
        ("2026-H2", {"register", "feedback", "statistics", "warnings"}, {"phone_log", "survey_result"}),
        ("2026", {"register", "feedback", "statistics", "warnings", "survey_result"}, {"phone_log"}),
    ],
)
def test_other_periods_have_packages_of_their_own(
    workspace: Workspace, out: Path, period: str, has: set[str], has_not: set[str]
) -> None:
    october(workspace, "a")

    found = set(sheets_of(packed(workspace, out, period)))

    assert has <= found
    assert not has_not & found
    assert [path.name for path in out.iterdir()] == [period]


@pytest.mark.parametrize("scope", ["2026-10-01..2026-10-15", "2026-10-01", ""])
def test_days_and_cases_have_no_package(workspace: Workspace, out: Path, scope: str) -> None:
    number = october(workspace, "a")
    order = an_order(workspace, out, scope) if scope else Order((), Scope(numbers=(number,)), out)

    with pytest.raises(KnownError, match="package_of_period"):
        package.export_package(workspace, order)

    assert not out.exists()


def test_a_sheet_of_the_shops_own_joins_it_and_a_broken_one_is_told(workspace: Workspace, out: Path) -> None:
    own = a_list("mine", title="本店的表").replace("order = 90", 'order = 90\npackage = ["month"]')
    put(workspace.folder.sheets, own, "mine")
    put(workspace.folder.sheets, own.replace("mine", "bad").replace('"month"', '"moon"'), "bad")

    exported = packed(workspace, out)

    assert sheets_of(exported) == [*ALWAYS, "mine"]
    assert [note.code for note in exported.files[0].notes] == ["sheet_broken"]
    assert "package[1]" in str(exported.files[0].notes[0].params["detail"])


@pytest.mark.parametrize("moment", ["2026-11-22 10:00", "2099-01-01 00:00", "2099-12-31 23:59"])
def test_a_month_without_a_case_has_its_sheets_too(
    workspace: Workspace, clock: FixedClock, out: Path, moment: str
) -> None:
    clock.moment = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)

    exported = package.export_package(workspace, Order((), export.month_scope(workspace, "last"), out))

    assert sheets_of(exported) == ALWAYS
    assert {file.rows for file in exported.files} == {0}
    assert "本期没有登记" in said(exported.files[0].path)
    texts = "\n".join(said(file.path) for file in exported.files).lower()
    assert not any(word in texts for word in ("nan", "inf", "#div"))


def test_a_single_case_is_a_month_too(workspace: Workspace, out: Path) -> None:
    october(workspace, "a")

    files = {file.sheet: file for file in packed(workspace, out).files}

    assert (files["register"].rows, files["statistics"].rows) == (1, 1)
    assert "100.0%" in said(files["statistics"].path)


# -------------------------------------------------------------------------------------------------- what goes wrong


def test_who_may_not_export_is_told_so_and_nothing_is_made(workspace: Workspace, out: Path) -> None:
    shop.set_up(workspace, "金港大酒店", "general", "李娜")
    shop.set_role(workspace, "周敏", Role.SUPERVISOR)
    shop.set_role(workspace, "李娜", Role.RECEPTIONIST)

    for attempt in (lambda: packed(workspace, out), lambda: lacking(workspace)):
        with pytest.raises(KnownError, match="not_allowed"):
            attempt()

    assert package.unexported_month(workspace) == ""
    assert not out.exists()


@pytest.mark.fault
def test_a_full_disk_leaves_no_folder(workspace: Workspace, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    october(workspace, "a")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(KnownError, match="disk_full"):
        packed(workspace, out)
    monkeypatch.undo()

    assert not out.exists()


@pytest.mark.fault
def test_a_disk_that_is_too_small_keeps_what_was_there(workspace: Workspace, small_disk: Path) -> None:
    for n in range(40):
        october(workspace, f"{n}", content="空调不制冷，联系前台两次没有人来。" * 20 + f"{n}")
    (small_disk / "ballast").write_bytes(os.urandom(460_000))

    with pytest.raises(KnownError, match="disk_full"):
        packed(workspace, small_disk)

    assert everything_in(small_disk) == ["ballast"]
    assert workspace.store.conn.execute("SELECT count(*) FROM export").fetchone() == (0,)


def test_a_cancelled_one_leaves_no_folder(workspace: Workspace, out: Path) -> None:
    october(workspace, "a")
    asked: list[None] = []

    def is_cancelled() -> bool:
        asked.append(None)
        return len(asked) > 6  # when some of it is written

    out.mkdir()
    with pytest.raises(KnownError, match="export_cancelled"):
        package.export_package(workspace, an_order(workspace, out), is_cancelled=is_cancelled)

    assert everything_in(out) == []


def test_a_folder_that_is_a_file_is_told(workspace: Workspace, out: Path) -> None:
    out.write_text("no folder")

    with pytest.raises(KnownError, match="target_unwritable"):
        packed(workspace, out)

    assert out.read_text() == "no folder"


def test_a_failing_block_takes_away_only_what_was_made_for_it(tmp_path: Path) -> None:
    def fail(within: Path, *, puts: bool) -> None:
        with new_folder(within, "月") as made:
            if puts:
                (made / "theirs").write_text("somebody else's")
            raise ZeroDivisionError

    for within, puts in ((tmp_path / "new", False), (tmp_path / "kept", True)):
        with pytest.raises(ZeroDivisionError):
            fail(within, puts=puts)

    assert everything_in(tmp_path) == ["kept", "kept/月", "kept/月/theirs"]


# -------------------------------------------------------------------------------------------- the month that waits


def test_last_month_waits_until_its_register_was_exported_after_its_end(
    workspace: Workspace, clock: FixedClock, out: Path
) -> None:
    assert package.unexported_month(workspace) == "", "nobody used the program in that month"
    clock.moment = NOW.replace(month=10, day=31)
    october(workspace, "a")
    packed(workspace, out)
    clock.moment = NOW
    waits = [package.unexported_month(workspace)]

    export.export(workspace, Order(("feedback",), export.month_scope(workspace, "last"), out))
    export.export(workspace, Order(("register",), Scope(export.period_of("2026-10-01..2026-10-30", NOW.date())), out))
    waits.append(package.unexported_month(workspace))
    packed(workspace, out)

    assert waits == ["2026-10", "2026-10"]
    assert package.unexported_month(workspace) == ""
    months.lock_month(workspace, "2026-10")
    clock.moment = NOW.replace(month=12)
    assert package.unexported_month(workspace) == "2026-11", "a month without cases is handed in too"


def test_it_is_reminded_of_once_a_day(workspace: Workspace, clock: FixedClock, out: Path) -> None:
    october(workspace, "a")
    told = []

    for day, hour in ((22, 10), (22, 23), (23, 0), (24, 9)):
        clock.moment = NOW.replace(day=day, hour=hour)
        told.append(package.remind(workspace))
        if day == 23:
            packed(workspace, out)

    assert told == ["2026-10", "", "2026-10", ""]

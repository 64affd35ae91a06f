"""The month's package as a system's scheduler runs it: nobody there, exit codes, one line a file."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.face import PIN_VARIABLE
from tests.helpers.builders import SHANGHAI, a_case

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from tests.cli.conftest import DeskApp, Ran

LAST = ("--month", "last", "--package")
A_PACKAGE = 7  # sheets of a month in which nothing was proposed and nothing corrected


def export(desk_app: DeskApp, out: Path, *arguments: str) -> Ran:
    return desk_app("export", *arguments, "--out", str(out))


def with_cases(desk_app: DeskApp, *moments: str) -> list[str]:
    lines = [
        json.dumps(a_case(received_at=moment, content=moment, place="大堂", occurred_at="昨天")) for moment in moments
    ]
    ran = desk_app("register", stdin="\n".join(lines).encode())
    assert ran.code == 0
    return ran.lines


def served(desk_app: DeskApp, *months: str) -> None:
    """Enter what the shop served in some months, so that nothing but cases is incomplete."""
    for month in months:
        assert desk_app("volumes", "--month", month, "--set", "接待量=3200").code == 0


def test_it_says_what_is_incomplete_and_exports_all_the_same_a_line_a_file(desk_app: DeskApp, tmp_path: Path) -> None:
    number, *_november = with_cases(desk_app, "2026-10-20 09:00", "2026-11-20 09:00")
    served(desk_app, "2026-10")

    ran = export(desk_app, tmp_path / "月报 存档", *LAST)
    again = export(desk_app, tmp_path / "月报 存档", *LAST)

    assert (ran.code, again.code) == (0, 0)
    gaps = ("还没有答复", "有逾期未办的", "还没有结案", "还没有判定责任")
    assert ran.err.splitlines() == [f"{gap} 1 件：{number}" for gap in gaps]
    assert len(ran.lines) == len(again.lines) == A_PACKAGE
    assert {Path(line).parent for line in ran.lines} == {tmp_path / "月报 存档" / "2026-10"}
    assert {Path(line).parent for line in again.lines} == {tmp_path / "月报 存档" / "2026-10(2)"}
    assert all(Path(line).is_file() for line in (*ran.lines, *again.lines))


def test_strict_exports_nothing_while_something_is_missing(desk_app: DeskApp, tmp_path: Path) -> None:
    with_cases(desk_app, "2026-10-20 09:00")
    served(desk_app, "2026-09")

    strict = export(desk_app, tmp_path / "out", *LAST, "--strict")
    whole = export(desk_app, tmp_path / "out", "--month", "2026-09", "--package", "--strict")

    assert (strict.code, strict.out) == (1, "")
    assert strict.err.splitlines()[-1] == "2026-10 还有不全的，按 --strict 没有导出：请先补齐上面各件，或不用 --strict"
    assert (whole.code, whole.err, len(whole.lines)) == (0, "", A_PACKAGE)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["2026-09"]


def test_it_locks_the_month_where_that_is_wished(desk_app: DeskApp, tmp_path: Path) -> None:
    served(desk_app, "2026-10", "2026-11")
    locked = export(desk_app, tmp_path / "out", *LAST, "--lock")
    present = export(desk_app, tmp_path / "now", "--month", "this", "--package", "--lock")
    with_cases(desk_app, "2026-10-20 09:00")
    changed = export(desk_app, tmp_path / "out", *LAST, "--lock", "--strict")
    later = export(desk_app, tmp_path / "out", *LAST)

    assert (locked.code, len(locked.lines)) == (0, A_PACKAGE)
    assert locked.err.startswith("2026-10 已由 前台 于 2026-11-22 10:00 锁定")
    assert (present.code, present.out) == (1, "")
    assert present.err == "2026-11 还没有过完，不能锁定：请到下个月再锁定\n"
    assert not (tmp_path / "now").exists()
    assert (changed.code, changed.out) == (1, "")
    assert later.err.count("锁定后变更 1 件") == 1, "told once, not for each file"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--month", "2027-01", "--package"), 1, "2027-01 还没有到"),
        (("--month", "next", "--package"), 1, "“next”不是月份"),
        (("--month", "2026-13", "--package"), 1, "“2026-13”不是月份"),
        (("--period", "2026-10-01..2026-10-07", "--package"), 1, "没有整套表"),
        (("--month", "last", "--package", "--format", "pdf"), 1, "不能写 pdf"),
        (("--month", "last", "--package", "--sheet", "record"), 2, "--package 是一整套表"),
        (("--case", "TS-20261020-001", "--package"), 2, "--package 是一整套表"),
        (("--month", "last", "--strict"), 2, "--strict 只和 --package 一起用"),
        (("--period", "quarter", "--package", "--lock"), 2, "--lock 只能锁定一个月"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_nothing_is_made(
    desk_app: DeskApp, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = export(desk_app, tmp_path / "out", *arguments)

    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_one_sentence(desk_app: DeskApp, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    served(desk_app, "2026-10")

    ran = export(desk_app, tmp_path / "out", *LAST)

    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert f"写不了 {tmp_path / 'out'}" in ran.err
    assert (tmp_path / "out").read_text() == "mine"


def test_under_a_clock_that_is_wrong_it_says_so_and_does_its_work(
    desk_app: DeskApp, clock: FixedClock, tmp_path: Path
) -> None:
    clock.moment = datetime(2099, 1, 15, 8, 30, tzinfo=SHANGHAI)

    ran = export(desk_app, tmp_path, *LAST)

    assert (ran.code, len(ran.lines)) == (0, A_PACKAGE)
    assert Path(ran.lines[0]).name == "客户投诉登记表_2098-12.xlsx"
    assert "2099" in ran.err


def test_nobody_is_asked_for_a_pin_and_the_environment_gives_it(
    desk_app: DeskApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (PIN_VARIABLE, "DESK_APP_NEW_PIN"):
        monkeypatch.delenv(name, raising=False)
    desk_app("staff", "set", "小周", "receptionist")
    desk_app("staff", "set", "郑店长", "manager")
    monkeypatch.setenv("DESK_APP_NEW_PIN", "2580")
    assert desk_app("staff", "pin", "郑店长", "--as", "郑店长").code == 0

    without = export(desk_app, tmp_path / "a", *LAST, "--as", "郑店长")
    other = export(desk_app, tmp_path / "b", *LAST, "--as", "小周")
    monkeypatch.setenv(PIN_VARIABLE, "2580")
    given = export(desk_app, tmp_path / "c", *LAST, "--as", "郑店长", "--lock")

    assert (without.code, without.out, len(without.err.splitlines())) == (1, "", 1)
    assert PIN_VARIABLE in without.err
    assert (other.code, other.out, len(other.err.splitlines())) == (1, "", 1)
    assert (given.code, len(given.lines)) == (0, A_PACKAGE)
    assert "2026-10 已由 郑店长" in given.err
    assert [path.name for path in tmp_path.iterdir() if path.name in "abc"] == ["c"]

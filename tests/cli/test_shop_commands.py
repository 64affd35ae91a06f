"""The commands about the shop itself: its calendar, its rules, its people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.calendar_csv import decode, read_days
from tests.helpers.builders import a_case

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.paths import DataFolder
    from tests.cli.conftest import DeskApp, Ran

HEADER = "日期,类别,名称,来源\n"


def assigned(desk_app: DeskApp) -> str:
    (number,) = desk_app("register", stdin=json.dumps(a_case()).encode()).lines
    given = json.dumps({"department": "小家电部", "person": "小吴"}).encode()
    assert desk_app("act", number, "assign", "--json-input", "-", stdin=given).code == 0
    return number


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


# --------------------------------------------------------------------------------------------------------- calendar


def test_a_year_is_shown_with_what_is_official_and_what_is_the_shops(desk_app: DeskApp, tmp_path: Path) -> None:
    days = write(tmp_path / "days.csv", HEADER + "2026-11-24,停业,盘点,\n")
    assert desk_app("calendar", "import", days).code == 0

    shown = desk_app("calendar", "show", "2026")

    assert shown.code == 0
    assert shown.err == ""
    assert "2026-10-10  10月10日周六  班  国庆节  官方  国办发明电〔2025〕7号" in shown.lines
    assert "2026-11-24  11月24日周二  停业  盘点  本店" in shown.lines
    told = desk_app("calendar", "show", "2026", "--json").json
    assert (told["year"], told["provisional"]) == (2026, False)
    assert {"date": "2026-11-24", "kind": "closed", "name": "盘点", "source": "", "own": True} in told["days"]


def test_a_year_without_its_notice_is_told_to_be_provisional(desk_app: DeskApp) -> None:
    shown = desk_app("calendar", "show", "2027")

    assert (shown.code, shown.out) == (0, "")
    assert "2027 年官方放假安排未录入，暂按周末计算" in shown.err
    assert desk_app("calendar", "show", "2027", "--json").json == {"year": 2027, "provisional": True, "days": []}


def test_an_import_tells_which_due_dates_moved(desk_app: DeskApp, tmp_path: Path) -> None:
    number = assigned(desk_app)
    days = write(tmp_path / "days.csv", HEADER + "2026-11-24,休,盘点,店长\n")

    ran = desk_app("calendar", "import", days)

    assert ran.code == 0
    assert ran.lines[0] == "日历已更新：新填 1 天，改了 0 天"
    assert "1 项" in ran.lines[1]
    assert ran.lines[2:] == [f"{number}  待处理  2026-11-24 18:00 → 2026-11-25 18:00"]
    again = desk_app("calendar", "import", days)
    assert again.lines == ["日历已更新：新填 0 天，改了 0 天", "没有期限因此改期"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("2026-11-31,休,,\n", "日历第 2 行的“2026-11-31”不是日期"),
        ("2026-11-24,休,,\n2026-11-24,班,,\n", "日历第 3 行把 2026-11-24 写成“班”，前面却是“休”"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence_and_nothing_is_read(
    desk_app: DeskApp, tmp_path: Path, lines: str, told: str
) -> None:
    number = assigned(desk_app)
    before = desk_app("show", number, "--json").json

    ran = desk_app("calendar", "import", write(tmp_path / "days.csv", HEADER + lines))

    assert (ran.code, ran.out) == (1, "")
    assert told in ran.err
    assert len(ran.err.splitlines()) == 1
    assert desk_app("show", number, "--json").json == before
    assert all(not day["own"] for day in desk_app("calendar", "show", "2026", "--json").json["days"])


def test_a_file_that_is_not_there_is_told(desk_app: DeskApp, tmp_path: Path) -> None:
    ran = desk_app("calendar", "import", str(tmp_path / "none.csv"))

    assert ran.code == 1
    assert "找不到文件" in ran.err


def test_the_calendar_is_written_the_shops_own_or_a_whole_year(desk_app: DeskApp, tmp_path: Path) -> None:
    desk_app("calendar", "import", write(tmp_path / "days.csv", HEADER + "2026-11-24,休,盘点,店长\n"))
    own, year = tmp_path / "own.csv", tmp_path / "year.csv"

    assert desk_app("calendar", "export", str(own)).out == f"已写出 1 天：{own}\n"
    assert desk_app("calendar", "export", str(year), "--year", "2026").code == 0

    assert [e.name for e in read_days(decode(own.read_bytes()))] == ["盘点"]
    assert len(read_days(decode(year.read_bytes()))) == 26


@pytest.mark.parametrize(
    "arguments", [["show"], ["show", "MMXXVI"], ["show", "1066"], ["import"], ["export"], ["burn"]]
)
def test_wrong_usage_is_told_as_such(desk_app: DeskApp, arguments: list[str]) -> None:
    assert desk_app("calendar", *arguments).code == 2


def test_due_dates_that_wait_are_reckoned_by_whatever_runs_next(desk_app: DeskApp, folder: DataFolder) -> None:
    number = assigned(desk_app)
    folder.deadlines.write_text("[settings]\nday_end = 17:00:00\n", encoding="utf-8")

    ran = desk_app("queue", "--json")

    assert "有 1 项期限随之改期" in ran.err
    assert "2026-11-24T17:00:00+08:00" in [row["due_at"] for row in ran.json]
    assert desk_app("show", number).err == ""


# ------------------------------------------------------------------------------------------------------------ rules


def test_the_rules_in_force_are_listed_with_their_names(desk_app: DeskApp, folder: DataFolder) -> None:
    assert "first_reply  启用  24h  24 小时  首次答复：受理后 24 小时内" in desk_app("rules").lines
    folder.deadlines.write_text('[[rule]]\nid = "first_reply"\nterm = "3wd"\n', encoding="utf-8")

    assert "first_reply  启用  3wd  3 个工作日  首次答复" in desk_app("rules").lines


def test_a_file_of_rules_is_checked(desk_app: DeskApp, tmp_path: Path, folder: DataFolder) -> None:
    good = write(tmp_path / "good.toml", "[settings]\nvisit_attempts = 5\n")
    bad = write(tmp_path / "bad.toml", "[settings]\nvisit_attempts = many\n")

    assert desk_app("rules", "--check", good).out == f"时限文件 {good} 没有错误\n"
    ran = desk_app("rules", "--check", bad)
    assert (ran.code, ran.out) == (1, "")
    assert "第 2 行" in ran.err
    assert desk_app("rules", "--check").code == 1  # the shop has none
    folder.root.mkdir(exist_ok=True)
    folder.deadlines.write_text('[[rule]]\nid = "first_reply"\nenabled = false\n', encoding="utf-8")
    ran = desk_app("rules", "--check")
    assert ran.code == 1
    assert "“登记”" in ran.err
    assert desk_app("rules", good).code == 2


def test_a_broken_file_is_told_by_every_command_and_keeps_none_from_its_work(
    desk_app: DeskApp, folder: DataFolder
) -> None:
    folder.root.mkdir()
    folder.deadlines.write_text("[[rule\n", encoding="utf-8")

    ran = desk_app("register", stdin=json.dumps(a_case()).encode())

    assert ran.code == 0
    assert ran.lines == ["TS-20261122-001"]
    assert "仍按上次有效的规则" in ran.err


# ------------------------------------------------------------------------------------------------------------ staff


def test_roles_are_given_and_taken(desk_app: DeskApp) -> None:
    nobody = desk_app("staff")
    assert nobody.lines == ["前台  不设"]
    assert "人人都可决定一切" in nobody.err

    given = desk_app("staff", "set", "李主管", "supervisor")
    assert given.lines == ["前台  不设", "李主管  主管"]
    assert "还没有人是店长" in given.err
    assert desk_app("staff", "set", "郑店长", "manager").err == ""
    assert desk_app("staff").err == ""
    assert desk_app("staff", "--json").json == [
        {"name": "前台", "role": None, "pin": False, "wait": 0},
        {"name": "李主管", "role": "supervisor", "pin": False, "wait": 0},
        {"name": "郑店长", "role": "manager", "pin": False, "wait": 0},
    ]
    assert "请由店长办理" in desk_app("staff", "set", "李主管", "none").err
    taken = desk_app("staff", "set", "李主管", "none", "--as", "郑店长")
    assert taken.lines[1] == "李主管  不设"
    assert taken.err == desk_app("staff").err == "没有人担任部门负责人：该由其办的事都转给店长\n"


def test_taking_the_last_role_says_what_is_so_from_now_on_and_how_to_bring_it_back(desk_app: DeskApp) -> None:
    alone = desk_app("staff", "set", "小王", "handler")
    assert alone.err.splitlines() == [
        (
            "还没有人是店长：超出主管权限的事项没有人能批准；现在谁都可以给人设权限。"
            "请给一人设“店长”（设置 → 门店与权限，或 desk-app staff set 姓名 manager）"
        ),
        "没有人担任部门负责人，上面也没有人：请给一人设这个权限",
    ]

    taken = desk_app("staff", "set", "小王", "none")

    assert taken.code == 0
    (sentence,) = taken.err.splitlines()
    assert sentence.startswith("已没有人设有权限：从现在起人人都可批准、退回、作废")
    assert "staff set 姓名 manager" in sentence
    assert "人人都可决定一切" in desk_app("staff", "set", "小王", "none").err, "it is said once, and then what is so"


def test_roles_hold_for_what_is_done(desk_app: DeskApp) -> None:
    (number,) = desk_app("register", stdin=json.dumps(a_case()).encode()).lines
    desk_app("staff", "set", "郑店长", "manager")

    def act(action: str, **given: object) -> Ran:
        return desk_app("act", number, action, "--json-input", "-", stdin=json.dumps(given).encode())

    assert act("propose", solution="换一个新的", amount="200").code == 0
    refused = act("reject", opinion="不行", by="前台")
    assert (refused.code, refused.out) == (1, "")
    assert "请由店长办理" in refused.err, "nobody is 部门负责人"
    by_office = act("reject", opinion="不行", by="店长")
    assert (by_office.code, by_office.out) == (1, "")
    assert by_office.err == "“店长”是职位，不是人名，不能用来决定，请写本人姓名\n"

    assert act("reject", opinion="不行", by="郑店长").code == 0


def test_a_role_nobody_knows_and_a_name_nobody_has_are_refused(desk_app: DeskApp) -> None:
    assert desk_app("staff", "set", "小周", "boss").code == 2
    ran = desk_app("staff", "set", "谁", "none")
    assert ran.code == 1
    assert "“谁”" in ran.err

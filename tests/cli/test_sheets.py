"""Standard sheets without a window: what there is, files of them, and their proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.cli.test_commands import with_one
from tests.helpers.sheet_files import a_form, a_list, put

if TYPE_CHECKING:
    from desk_app.paths import DataFolder
    from tests.cli.conftest import DeskApp, Ran

ROWS = '[[rows]]\ncells = ["编号", "{number}", "投诉人", "{customer_name}"]\n'


def export(desk_app: DeskApp, out: Path, *arguments: str) -> Ran:
    return desk_app("export", *arguments, "--out", str(out))


def said(path: str | Path) -> str:
    rows = [row for tab in load_workbook(path).worksheets for row in tab.iter_rows(values_only=True)]
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def test_the_sheets_are_listed_with_those_of_the_shop_and_a_broken_one_is_told(
    desk_app: DeskApp, folder: DataFolder
) -> None:
    house = desk_app("sheets")
    assert (house.code, house.err) == (0, "")
    assert "register  客户投诉登记表" in house.lines
    put(folder.sheets, a_form(ROWS, "mine"), "mine")
    bad = put(folder.sheets, a_list("bad").replace("width = 20", "widht = 20"), "bad")

    ran = desk_app("sheets")

    assert ran.code == 1
    assert [line for line in ran.lines if line not in house.lines] == ["mine  自己的单"]
    line = bad.read_text(encoding="utf-8").splitlines().index("[[columns]]") + 1
    assert ran.err == f"表格文件 {bad} 第 {line} 行有错（columns[1].width = None (int)），请改正；别的表照常可用\n"


def test_a_sheet_that_is_a_file_alone_is_exported_beside_a_broken_one(
    desk_app: DeskApp, folder: DataFolder, tmp_path: Path
) -> None:
    number = with_one(desk_app)
    put(folder.sheets, a_form(ROWS, "mine"), "mine")
    put(folder.sheets, "id = 1", "bad")

    ran = export(desk_app, tmp_path, "--period", "2026-11", "--sheet", "mine", "--sheet", "register")
    bad = export(desk_app, tmp_path / "bad", "--period", "2026-11", "--sheet", "bad")

    assert (ran.code, ran.err) == (0, "")
    assert [Path(line).name for line in ran.lines] == ["自己的单_2026-11.xlsx", "客户投诉登记表_2026-11.xlsx"]
    assert f"编号\n{number}\n投诉人\n李女士" in said(ran.lines[0])
    assert (bad.code, bad.out) == (1, "")
    assert "第 1 行有错（id = 1 (str)）" in bad.err
    assert not (tmp_path / "bad").exists()


def test_a_file_is_checked_before_it_is_put_there(desk_app: DeskApp, folder: DataFolder, tmp_path: Path) -> None:
    good = put(tmp_path, a_list("mine"), "mine")
    bad = put(tmp_path, a_list("bad", foot="{nobody}"), "bad")

    checked, broken = desk_app("sheets", "--check", str(good)), desk_app("sheets", "--check", str(bad))
    missing = desk_app("sheets", "--check", str(tmp_path / "none.toml"))

    assert (checked.code, checked.out, checked.err) == (0, "mine  自己的表\n", "")
    assert (broken.code, broken.out) == (1, "")
    assert "foot = '{nobody}'" in broken.err
    assert (missing.code, missing.out) == (1, "")
    assert missing.err.startswith(f"表格文件 {tmp_path / 'none.toml'} 读不出来")
    assert not folder.root.exists(), "a check needs no register"


@pytest.mark.parametrize(
    ("period", "name"),
    [("2026", "2026"), ("2026-q4", "2026-Q4"), ("2026-W47", "2026-W47"), ("2026-11-22", "2026-11-22"),
     ("2026-11-01..2026-11-30", "2026-11-01..2026-11-30")],
)  # fmt: skip
def test_any_period_is_exported(desk_app: DeskApp, tmp_path: Path, period: str, name: str) -> None:
    number = with_one(desk_app)

    ran = export(desk_app, tmp_path, "--period", period, "--sheet", "register")

    assert [Path(line).name for line in ran.lines] == [f"客户投诉登记表_{name}.xlsx"]
    assert number in said(ran.lines[0])


@pytest.mark.parametrize("period", ["2026-13", "", "gestern", "2026-11-30..2026-11-01", "2027", "9999", "0001"])
def test_what_is_no_period_is_one_sentence(desk_app: DeskApp, tmp_path: Path, period: str) -> None:
    ran = export(desk_app, tmp_path / "out", "--period", period)

    assert (ran.code, ran.out) == ((2 if period == "" else 1), "")
    assert ran.err
    assert not (tmp_path / "out").exists()


def test_one_way_of_saying_what_is_enough(desk_app: DeskApp, tmp_path: Path) -> None:
    ran = export(desk_app, tmp_path, "--period", "2026-11", "--case", "TS-20261122-001")
    assert (ran.code, ran.out) == (2, "")
    assert "只能用一种" in ran.err


def test_cases_by_number_are_their_record_and_one_that_is_not_there_is_told(desk_app: DeskApp, tmp_path: Path) -> None:
    one, two = with_one(desk_app), with_one(desk_app, customer_name="王女士")

    ran = export(desk_app, tmp_path, "--case", two, "--case", one, "--case", two)
    none = export(desk_app, tmp_path / "none", "--case", "TS-1")

    assert (ran.code, ran.err) == (0, "")
    (path,) = ran.lines
    assert path.endswith(f"_{two}、{one}.xlsx")
    assert said(path).index(two) < said(path).index(one)
    assert (none.code, none.out) == (1, "")
    assert "TS-1" in none.err
    assert not (tmp_path / "none").exists()


def test_masked_and_full_are_said_on_the_sheet(desk_app: DeskApp, tmp_path: Path, folder: DataFolder) -> None:
    with_one(desk_app, customer_name="张小山", content="张小山来电")
    put(folder.sheets, a_list("mine", 'each = "case"', "customer_name", "content"), "mine")

    for flag, is_masked in (("--masked", True), ("--full", False)):
        (path,) = export(desk_app, tmp_path / flag, "--month", "2026-11", "--sheet", "mine", flag).lines
        assert ("张小山" in said(path)) is not is_masked
        assert ("个人信息已脱敏" in said(path)) is is_masked


def test_sheets_together_are_one_file_and_csv_holds_one_list(desk_app: DeskApp, tmp_path: Path) -> None:
    number = with_one(desk_app)
    both = ("--month", "2026-11", "--sheet", "register", "--sheet", "feedback")

    together = export(desk_app, tmp_path / "together", *both, "--together")
    lists = export(desk_app, tmp_path / "csv", *both, "--format", "csv")
    neither = export(desk_app, tmp_path / "neither", *both, "--format", "csv", "--together")

    assert (together.code, len(together.lines), lists.code, len(lists.lines)) == (0, 1, 0, 2)
    assert load_workbook(together.lines[0]).sheetnames == ["客户投诉登记表", "客户投诉登记反馈表"]
    assert all(number in Path(line).read_text(encoding="utf-8-sig") for line in lists.lines)
    assert (neither.code, neither.out) == (1, "")
    assert "一个 CSV 文件只放得下一张表" in neither.err
    assert not (tmp_path / "neither").exists()


def test_what_is_not_whole_in_a_filled_workbook_is_told_beside_its_path(desk_app: DeskApp, tmp_path: Path) -> None:
    with_one(desk_app)
    book = Workbook()
    page: Any = book.worksheets[0]
    page["A1"] = "{{number}}"
    page.oddHeader.left.text = "长" * 250 + "{{number}}"
    book.save(tmp_path / "单件.xlsx")

    result = export(desk_app, tmp_path / "out", "--month", "2026-11", "--template", str(tmp_path / "单件.xlsx"))

    assert (result.code, len(result.lines)) == (0, 1)
    assert result.err == "有 1 处页眉页脚填上内容后超过 255 个字的上限，内容已截断，末尾是“…”\n"


def test_a_changed_csv_is_told_by_its_name(desk_app: DeskApp, tmp_path: Path) -> None:
    with_one(desk_app)
    (csv,) = export(desk_app, tmp_path, "--month", "2026-11", "--sheet", "register", "--format", "csv").lines
    with Path(csv).open("ab") as file:
        file.write("多一行\r\n".encode())

    changed = desk_app("verify-export", csv)

    assert (changed.code, changed.out) == (1, "")
    assert "没有导出标记" in changed.err
    assert f"导出过同名的 {Path(csv).name}（2026-11-01 至 2026-11-30，共 1 件" in changed.err


def test_a_file_is_proved_or_found_changed_or_unknown(desk_app: DeskApp, tmp_path: Path) -> None:
    with_one(desk_app)
    (path,) = export(desk_app, tmp_path, "--month", "2026-11", "--sheet", "register").lines

    same = desk_app("verify-export", path)
    book = load_workbook(path)
    book.worksheets[0]["A1"] = "别的店"
    book.save(path)
    changed = desk_app("verify-export", path)
    (tmp_path / "foreign.xlsx").write_bytes(b"PK")
    foreign = desk_app("verify-export", str(tmp_path / "foreign.xlsx"))
    missing = desk_app("verify-export", str(tmp_path / "none.xlsx"))

    name, more = Path(path).name, "2026-11-01 至 2026-11-30，共 1 件，未脱敏"
    assert (same.code, same.out, same.err) == (
        0,
        f"{path} 与导出时一致：前台 于 2026-11-22 10:00 导出 {name}，{more}；与登记册的账相符（第 1 行）\n",
        "",
    )
    assert (changed.code, changed.out) == (1, "")
    fits = "；与登记册的账相符（第 1 行）"
    assert changed.err == f"{path} 已被改动：前台 于 2026-11-22 10:00 导出过 {name}（{more}），内容与当时不同{fits}\n"
    assert (foreign.code, foreign.out) == (1, "")
    assert foreign.err.startswith(f"{tmp_path / 'foreign.xlsx'} 认不出是这个登记册导出的文件")
    assert (missing.code, missing.out) == (1, "")
    assert "none.xlsx" in missing.err
    assert desk_app("verify-export", str(tmp_path)).code == 2

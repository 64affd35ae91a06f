from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from desk_app.sheets.fit import count_lines
from desk_app.sheets.grid import Grid, Role, Row
from desk_app.sheets.sheet import Align, Column, Kind
from tests.sheets.samples import a_line, a_sheet, grid_of

if TYPE_CHECKING:
    from desk_app.sheets.grid import CellValue

CELL_LIMIT = 32_767  # UTF-16 units; this and the next are Excel's
ROW_LIMIT = 409.5  # points
_SONG_PITCH = 11.25  # of 宋体 9 in Excel
_CONTENT = 3


def body(grid: Grid) -> list[Row]:
    return [row for row in grid.rows if row.looks[0].role is Role.BODY]


def texts(grid: Grid, role: Role) -> list[CellValue]:
    return [v for row in grid.rows for v, look in zip(row.values, row.looks, strict=True) if look.role is role and v]


def height_of(content: str) -> float:
    return sum(row.height for row in body(grid_of(a_line(content=content))))


def test_the_head_says_whose_sheet_it_is_of_which_period_and_how_many_cases_it_holds() -> None:
    grid = grid_of(a_line(1), a_line(2))
    assert texts(grid, Role.SHOP) == ["云栖酒店"]
    assert texts(grid, Role.CONTROL) == ["文件编号：KF-JL-01　版本：A/0"]
    assert texts(grid, Role.TITLE) == ["小登记表"]
    assert texts(grid, Role.PERIOD) == ["期间：2026年10月（2026-10-01 至 2026-10-31）　共 2 件"]
    assert texts(grid, Role.MADE) == ["导出：小周　2026-11-01 09:00"]
    assert texts(grid, Role.HEAD) == ["序号", "受理编号", "受理时间", "投诉理由", "联系方式", "涉及金额"]
    assert [row.looks[0].role for row in grid.rows][: grid.head_rows][-1] is Role.HEAD


def test_each_case_is_one_row_in_the_order_given() -> None:
    grid = grid_of(a_line(3), a_line(1), a_line(2))
    assert [row.values[:2] for row in body(grid)] == [
        (1, "TS-20261001-003"),
        (2, "TS-20261001-001"),
        (3, "TS-20261001-002"),
    ]


def test_values_keep_their_kind() -> None:
    values = body(grid_of(a_line(5, amount=Decimal("199.90"))))[0].values
    assert values == (
        1,
        "TS-20261001-005",
        datetime(2026, 10, 1, 8, 5, 30),  # noqa: DTZ001 -- the wall clock, as on paper
        "房间空调不制冷",
        "013800138000",
        Decimal("199.90"),
    )


def test_several_keys_stand_below_each_other_and_absent_ones_leave_no_gap() -> None:
    columns = (Column(("place", "received_at", "amount"), "地点", 20, Kind.TEXT, Align.LEFT),)
    lines = [
        {"place": p, "received_at": a_line(7)["received_at"], "amount": m}
        for p, m in (("前台", Decimal(5)), (None, None))
    ]
    rows = body(grid_of(*lines, columns=columns))
    assert [row.values for row in rows] == [("前台\n2026-10-01 08:07\n5",), ("2026-10-01 08:07",)]


def test_a_month_without_cases_says_so_and_can_be_signed() -> None:
    grid = grid_of()
    assert texts(grid, Role.EMPTY) == ["本期没有登记"]
    assert body(grid) == []
    assert len(texts(grid, Role.SIGN_OFF)) == 1


def test_the_sign_off_names_everybody_after_the_last_case() -> None:
    grid = grid_of(a_line(1), a_line(2))
    (signs,) = texts(grid, Role.SIGN_OFF)
    assert [name for name in ("制表：", "审核：", "批准：", "日期：") if name in str(signs)] == a_names()
    assert grid.rows[-1].looks[0].role is Role.SIGN_OFF


def test_a_sheet_that_nobody_signs_has_no_row_for_it() -> None:
    assert texts(grid_of(a_line(1), sign_off=()), Role.SIGN_OFF) == []


def a_names() -> list[str]:
    return [f"{name}：" for name in a_sheet().sign_off]


@pytest.mark.parametrize("length", [1, 19, 20, 21, 60, 200, 600, 2_000, 10_000])
def test_a_case_is_as_high_as_its_text_and_not_much_higher(length: int) -> None:
    needed = -(-length // 20) * _SONG_PITCH  # 20 Chinese characters on a line of width 40
    assert needed <= height_of("冷" * length) <= needed * 1.1 + 2 * _SONG_PITCH


def test_line_breaks_make_a_row_higher() -> None:
    assert height_of("一\n二\n三\n四") >= 4 * _SONG_PITCH


def test_a_longer_text_never_gets_a_lower_row() -> None:
    heights = [height_of("前台说没有房间了。" * n) for n in range(0, 300, 3)]
    assert heights == sorted(heights)


def test_the_highest_column_decides() -> None:
    row = body(grid_of(a_line(content="短", customer_phone="13800138000\n13900139000\n05126601")))[0]
    assert row.height >= 3 * _SONG_PITCH


def test_a_case_higher_than_a_spreadsheet_row_takes_several_merged_column_by_column() -> None:
    grid = grid_of(a_line(1), a_line(2, content="冷" * 2_000), a_line(3))
    rows = body(grid)
    tall = rows[1:-1]
    assert len(tall) > 1
    assert all(row.height <= ROW_LIMIT for row in rows)
    assert sum(row.height for row in tall) >= count_lines("冷" * 2_000, 40) * _SONG_PITCH
    assert tall[0].values[_CONTENT] == "冷" * 2_000
    assert all(row.values == (None,) * 6 for row in tall[1:])
    first = grid.head_rows + 2
    assert [m for m in grid.merges if m.first_row == first] == [
        (first, number, first + len(tall) - 1, number) for number in range(1, 7)
    ]
    assert [row.values[0] for row in rows if row.values[0]] == [1, 2, 3]


def test_a_case_that_just_fits_stays_one_row() -> None:
    lines = int(ROW_LIMIT // _SONG_PITCH)
    assert len(body(grid_of(a_line(content="\n".join("冷" * (lines - 1)))))) == 1
    assert len(body(grid_of(a_line(content="\n".join("冷" * (lines + 1)))))) > 1


@pytest.mark.parametrize("character", ["冷", "😀", "a"])
def test_a_text_that_no_cell_holds_is_cut_with_a_mark_and_the_sheet_says_so(character: str) -> None:
    grid = grid_of(a_line(1, content=character * 40_000), a_line(2))
    text = str(body(grid)[0].values[_CONTENT])
    units = len(text.encode("utf-16-le")) // 2
    assert CELL_LIMIT - 1 <= units <= CELL_LIMIT
    assert text.strip(character) == "…（已截断）"
    assert grid.cut == 1
    assert "有 1 处已截断" in texts(grid, Role.FOOT)


def test_a_text_that_just_fits_a_cell_is_whole() -> None:
    grid = grid_of(a_line(content="冷" * CELL_LIMIT))
    assert body(grid)[0].values[_CONTENT] == "冷" * CELL_LIMIT
    assert (grid.cut, texts(grid, Role.FOOT)) == (0, [])

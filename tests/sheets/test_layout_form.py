"""Forms on paper: which cell stands where, how high it is, and what is in it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.sheet_lines import Each, Of
from desk_app.sheets.fit import count_lines
from desk_app.sheets.grid import Edge, Grid, Merge, Role, Row
from desk_app.sheets.layout_form import FormValues, lay_out_forms
from desk_app.sheets.sheet import Align, Block, Cell, CellLook, FormRow, Frame, Kind, Shape
from tests.sheets.samples import HEADING, MADE_AT, a_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTHS = (10, 20, 10, 20)
ROW_LIMIT = 409.5  # points, a spreadsheet's
PITCH = 11.25  # of 宋体 9
IN_FORM = {Role.LABEL, Role.VALUE, Role.PLAIN}
EACH_DEED = Of(Each.DEED)


def label(text: str, **more: Any) -> Cell:
    return Cell(text, **more)


def value(text: str, **more: Any) -> Cell:
    return Cell(text, look=CellLook.VALUE, **more)


def block(*rows: FormRow | tuple[Cell, ...], repeat: Of | None = None) -> Block:
    return Block(tuple(row if isinstance(row, FormRow) else FormRow(row) for row in rows), repeat)


def laid(*blocks: Block, forms: list[FormValues] | None = None, widths: tuple[int, ...] = WIDTHS, **line: Any) -> Grid:
    """Lay out a form of these blocks, filled with one line."""
    sheet = a_sheet(shape=Shape.FORM, columns=(), widths=widths, blocks=blocks)
    return lay_out_forms(sheet, [FormValues(line)] if forms is None else forms, HEADING)


def body(grid: Grid) -> list[Row]:
    return [row for row in grid.rows if row.looks[0].role in IN_FORM]


def values(grid: Grid) -> list[tuple[object, ...]]:
    return [row.values for row in body(grid)]


def merges(grid: Grid) -> list[Merge]:
    """Return the merges of the form itself, counted from its first row (1)."""
    first = next(n for n, row in enumerate(grid.rows) if row.looks[0].role in IN_FORM)
    own = range(first + 1, first + 1 + len(body(grid)))
    return sorted(
        Merge(m.first_row - first, m.first_column, m.last_row - first, m.last_column)
        for m in grid.merges
        if m.first_row in own
    )


# ---------------------------------------------------------------------------------------------------------- geometry


def test_cells_stand_from_the_left_and_span_columns() -> None:
    grid = laid(block((label("编号"), value("{number}", span=3))), block((value("a", span=4),)), number="TS-1")

    assert values(grid) == [("编号", "TS-1", None, None), ("a", None, None, None)]
    assert merges(grid) == [(1, 2, 1, 4), (2, 1, 2, 4)]
    first = body(grid)[0]
    assert [look.role for look in first.looks] == [Role.LABEL, *[Role.VALUE] * 3]
    assert [look.align for look in first.looks] == [Align.CENTER, *[Align.LEFT] * 3]


def test_boxes_to_tick_go_on_below_each_other_and_none_parts_from_its_word() -> None:
    words = ("非常满意", "满意", "一般", "不满意", "非常不满意")
    boxes = Cell(boxes=words, ticked_by="s", look=CellLook.VALUE)
    in_text = value("结果：□接受　□不接受，另外提出要求")

    grid = laid(block((boxes, in_text)), s="一般", widths=(20, 20))

    assert values(grid) == [("□非常满意　□满意\n☑一般　□不满意\n□非常不满意", "结果：□接受\n□不接受，另外提出要求")]
    assert body(grid)[0].height >= 3 * PITCH


def test_a_thick_frame_goes_around_what_is_framed_of_each_form() -> None:
    rows = block((Cell("登记单位", span=4, look=CellLook.PLAIN),), (label("a", down=2), value("b", span=3)),
                 (value("c", span=2), value("d")))  # fmt: skip
    sheet = a_sheet(shape=Shape.FORM, columns=(), widths=WIDTHS, blocks=(rows,), frame=Frame.THICK)
    top, right, bottom, left, none = Edge.TOP, Edge.RIGHT, Edge.BOTTOM, Edge.LEFT, Edge.NONE

    grid = lay_out_forms(sheet, [FormValues({}), FormValues({})], HEADING)

    thick = [[look.thick for look in row.looks] for row in grid.rows if row.looks[0].role in IN_FORM]
    one_form = [[none] * 4, [top | left, top, top, top | right], [bottom | left, bottom, bottom, bottom | right]]
    assert thick == one_form * 2
    assert not any(look.thick for row in laid(rows).rows for look in row.looks)


def test_a_cell_that_reaches_down_leaves_its_columns_out_of_the_rows_below() -> None:
    tall = label("投诉人", down=3)
    rows = ((tall, label("名称"), value("x", span=2)), (value("y", span=3),), (value("z"), value("{n}", span=2)))

    grid = laid(block(*rows), n=1)

    assert values(grid) == [("投诉人", "名称", "x", None), (None, "y", None, None), (None, "z", 1, None)]
    assert merges(grid) == [(1, 1, 3, 1), (1, 3, 1, 4), (2, 2, 2, 4), (3, 3, 3, 4)]


@given(st.data())
def test_merges_never_overlap_and_each_cell_has_its_value_once(data: st.DataObject) -> None:
    """Rows are made at random so that their cells fill the columns; some reach down, some are tall."""
    columns = data.draw(st.integers(1, 6))
    count = data.draw(st.integers(1, 4))
    free_from, rows, texts = [0] * columns, [], []
    for index in range(count):
        cells = []
        free = [c for c in range(columns) if free_from[c] <= index]
        while free:
            most = next((n for n, c in enumerate(free) if c != free[0] + n), len(free))
            span = data.draw(st.integers(1, most))
            down = data.draw(st.integers(1, count - index))
            text = f"{len(texts)}:" + "冷" * data.draw(st.sampled_from([0, 1, 30, 900]))
            texts.append(text)
            cells.append(value(text, span=span, down=down))
            for column in free[:span]:
                free_from[column] = index + down
            free = free[span:]
        rows.append(FormRow(tuple(cells), data.draw(st.integers(1, 3))))
    widths = (10,) * columns

    grid = laid(Block(tuple(rows)), widths=widths)

    found = [each for row in values(grid) for each in row if each is not None]
    assert sorted(map(str, found)) == sorted(texts)
    covered = [
        (row, column)
        for m in grid.merges
        for row in range(m.first_row, m.last_row + 1)
        for column in range(m.first_column, m.last_column + 1)
    ]
    assert len(covered) == len(set(covered))
    assert all(row.height <= ROW_LIMIT for row in grid.rows)
    area = {(m.first_row, m.first_column): m for m in grid.merges}
    for number, row in enumerate(grid.rows, 1):
        for column, each in enumerate(row.values, 1):
            if row.looks[0].role in IN_FORM and isinstance(each, str):
                merge = area.get((number, column), Merge(number, column, number, column))
                room = sum(r.height for r in grid.rows[merge.first_row - 1 : merge.last_row])
                wide = sum(widths[merge.first_column - 1 : merge.last_column])
                assert room >= count_lines(each, wide) * PITCH, "all of it can be read"


def test_a_text_higher_than_a_spreadsheets_row_takes_several_merged_ones() -> None:
    grid = laid(block((label("内容"), value("{content}", span=3))), content="冷" * 2_000)

    rows = body(grid)
    assert len(rows) > 1
    assert all(row.height <= ROW_LIMIT for row in rows)
    assert sum(row.height for row in rows) >= count_lines("冷" * 2_000, 50) * PITCH
    assert merges(grid) == [(1, 1, len(rows), 1), (1, 2, len(rows), 4)]
    assert [row[1] for row in values(grid)] == ["冷" * 2_000, *[None] * (len(rows) - 1)]


def test_a_row_is_at_least_as_high_as_it_asks_for() -> None:
    low, high = (body(laid(block(FormRow((value("", span=4),), lines))))[0].height for lines in (1, 6))
    assert high >= 6 * PITCH > low


# -------------------------------------------------------------------------------------------------------- many forms


def test_each_form_begins_on_a_new_page_with_its_own_head_and_signatures() -> None:
    forms = [FormValues({"number": f"TS-{n}"}) for n in range(3)]

    grid = laid(block((label("编号"), value("{number}", span=3))), forms=forms)

    height = len(grid.rows) // 3
    assert grid.breaks == (height, 2 * height)
    assert [row[1] for row in values(grid)] == ["TS-0", "TS-1", "TS-2"]
    assert [row.looks[0].role for row in grid.rows[:height]] == [
        row.looks[0].role for row in grid.rows[height : 2 * height]
    ]
    assert sum(row.looks[0].role is Role.SIGN_OFF for row in grid.rows) == 3
    assert all(m.last_row <= height for m in grid.merges if m.first_row <= height)
    assert grid.head_rows == 0


def test_of_no_form_there_is_a_blank_one() -> None:
    grid = laid(block((label("编号"), value("{number}", span=3))), forms=[])
    assert (values(grid), grid.breaks) == ([("编号", None, None, None)], ())


@pytest.mark.parametrize(
    ("count", "shown"), [(0, [(1, None)]), (1, [(1, "话0")]), (3, [(1, "话0"), (2, "话1"), (3, "话2")])]
)
def test_a_repeated_block_stands_once_for_each_thing_and_blank_where_there_is_none(
    count: int, shown: list[tuple[int, str | None]]
) -> None:
    repeated = block((value("{serial}"), value("{deed.content}", span=3)), repeat=EACH_DEED)
    before, after = block((label("前", span=4),)), block((label("后", span=4),))
    lines: list[Mapping[str, Any]] = [{"deed.content": f"话{n}"} for n in range(count)]

    grid = laid(before, repeated, after, forms=[FormValues({}, [lines])])

    assert [row[:2] for row in values(grid)] == [("前", None), *shown, ("后", None)]


def test_repeated_blocks_take_their_lines_in_the_order_of_the_blocks() -> None:
    first, second = (block((value(f"{name}{{deed.content}}", span=4),), repeat=EACH_DEED) for name in "甲乙")
    form = FormValues({}, [[{"deed.content": "1"}], [{"deed.content": "2"}, {"deed.content": "3"}]])

    assert [row[0] for row in values(laid(first, second, forms=[form]))] == ["甲1", "乙2", "乙3"]


# ------------------------------------------------------------------------------------------------------------ values


def shown(cell: Cell, **line: Any) -> tuple[object, Kind]:
    (row,) = body(laid(Block((FormRow((cell,)),)), widths=(60,), **line))
    return row.values[0], row.looks[0].kind


@pytest.mark.parametrize(
    ("cell", "line", "found"),
    [
        (value("{at}"), {"at": MADE_AT}, (datetime(2026, 11, 1, 9), Kind.DATETIME)),  # noqa: DTZ001 -- as on paper
        (value("{at}", kind=Kind.DATE), {"at": MADE_AT}, (datetime(2026, 11, 1, 9), Kind.DATE)),  # noqa: DTZ001
        (value("{at}", kind=Kind.TEXT), {"at": MADE_AT}, ("2026-11-01 09:00", Kind.TEXT)),
        (value("于 {at}"), {"at": MADE_AT}, ("于 2026-11-01 09:00", Kind.TEXT)),
        (value("{sum}"), {"sum": Decimal("8.50")}, (Decimal("8.50"), Kind.AMOUNT)),
        (value("{sum} 元"), {"sum": Decimal("8.50")}, ("8.50 元", Kind.TEXT)),
        (value("{n}"), {"n": 3}, (3, Kind.NUMBER)),
        (value("{a}／{b}"), {"a": None, "b": "乙"}, ("／乙", Kind.TEXT)),
        (value("{a}"), {"a": None}, (None, Kind.TEXT)),
        (value("{a}"), {"a": "{b}", "b": "x"}, ("{b}", Kind.TEXT)),  # what was typed is no place
        (value("{deed.at}"), {"deed.at": "=1+1"}, ("=1+1", Kind.TEXT)),
    ],
)
def test_a_value_that_stands_alone_keeps_its_type(cell: Cell, line: dict[str, Any], found: tuple[object, Kind]) -> None:
    assert shown(cell, **line) == found


@pytest.mark.parametrize(
    ("ticked", "boxes"),
    [
        ("满意", "☑满意　□基本满意　□不满意"),
        ("基本满意", "□满意　☑基本满意　□不满意"),
        ("满意、不满意", "☑满意　□基本满意　☑不满意"),
        ("别的", "□满意　□基本满意　□不满意"),
        (None, "□满意　□基本满意　□不满意"),
    ],
)
def test_the_box_is_ticked_that_the_value_names(ticked: str | None, boxes: str) -> None:
    words = ("满意", "基本满意", "不满意")
    assert shown(Cell(boxes=words, ticked_by="s"), s=ticked) == (boxes, Kind.TEXT)
    assert shown(Cell("{who}：", boxes=words, ticked_by="s"), s=ticked, who="甲") == (f"甲：{boxes}", Kind.TEXT)
    assert shown(Cell(boxes=words), s=ticked)[0] == "□满意　□基本满意　□不满意", "for a pen"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"kind": "退货", "demand": "今天退\n不要换"}, "要求：\n退货\n今天退\n不要换\n\n经办 "),
        ({"demand": "今天退"}, "要求：\n今天退\n\n经办 "),
        ({}, "要求：\n\n经办 "),
    ],
)
def test_a_line_of_nothing_but_what_nobody_said_is_left_out(line: dict[str, Any], told: str) -> None:
    grid = laid(block((value("要求：\n{kind}\n{demand}\n\n经办 {by}"),)), **line)

    assert values(grid)[0][0] == told


def test_a_text_that_no_cell_holds_is_cut_and_its_own_form_says_so() -> None:
    forms = [FormValues({"content": "冷" * n}) for n in (40_000, 5)]

    grid = laid(block((value("{content}", span=4),)), forms=forms)

    assert grid.cut == 1
    notes = [n for n, row in enumerate(grid.rows) if row.values[0] == "有 1 处已截断"]
    assert len(notes) == 1
    assert notes[0] < grid.breaks[0]
    assert str(values(grid)[0][0]).endswith("冷…（已截断）")


def test_a_text_that_is_cut_in_a_cell_that_reaches_down_counts_once() -> None:
    grid = laid(block((value("{content}", down=2), value("a", span=3)), (value("b", span=3),)), content="冷" * 40_000)
    assert grid.cut == 1

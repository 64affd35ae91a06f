"""The charts by keys and pointer: marks are walked, chosen, told to a screen reader, and turned into a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from tests.ui.desk_rig import CTRL, focus, press
from ui import theme
from ui.models.chart_data import Course, Grid, Items, Line, Mark
from ui.widgets.charts import Bars, Chart, HeatMap, Pareto, Trend

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

KEY = Qt.Key
EMPTY = "这段时间没有记录。"

CHANNELS = Items(
    (
        Mark("前台", 12, "desk", "60.0%", 9),
        Mark("电话", 0, "phone", "0.0%", None),
        Mark("微信", 8, "wechat", "40.0%", 11),
    ),
    "上月",
)
CATEGORIES = Items((Mark("噪音", 5, "noise"), Mark("卫生", 11, "dirt"), Mark("其他", 4, "other")))
MONTHS = Course(
    ("1月", "2月", "3月"),
    (
        Line("今年", (Mark("1月", 4, "this-1"), Mark("2月", 0, "this-2"))),
        Line("去年", (Mark("1月", 7, "last-1"), Mark("2月", 6, "last-2"), Mark("3月", 5, "last-3"))),
    ),
)
HOURS = Grid(
    "星期", "小时", ("周一", "周二"), ("9", "10", "11"), ((3, 0, 12), (0, 7, 1)), (("a", "b", "c"), ("d", "e", "f"))
)

SomeChart = TypeVar("SomeChart", bound=Chart)


def shown(qtbot: QtBot, chart: SomeChart, width: int = 640, height: int = 320) -> SomeChart:
    """Return the chart at the front, the keys on it."""
    theme.apply(QApplication.instance(), dark=False)
    qtbot.addWidget(chart)
    chart.resize(width, height)
    with qtbot.waitActive(chart):
        chart.show()
        chart.activateWindow()
    chart.setFocus()
    return chart


def heard(chart: Chart) -> list[str]:
    """Return a list that every chosen key from now on is added to."""
    keys: list[str] = []
    chart.chosen.connect(keys.append)
    return keys


def said() -> str:
    """Return what a screen reader reads where the keys are."""
    told = QAccessible.queryAccessibleInterface(focus())
    return told.text(QAccessible.Text.Description)


def walk(*keys: Qt.Key) -> list[str]:
    """Press keys, and return what was said after each."""
    sentences = []
    for key in keys:
        press(key)
        sentences.append(said())
    return sentences


def cells(chart: Chart) -> list[list[str]]:
    """Return the rows of the table that is shown."""
    assert chart.rows is not None
    return [list(row) for row in chart.rows.rows]


def titles(chart: Chart) -> list[str]:
    assert chart.rows is not None
    model = chart.rows.model()
    return [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]


# -- walking


def test_bars_are_walked_and_said_with_their_number_their_share_and_what_was_before(qtbot: QtBot) -> None:
    bars = shown(qtbot, Bars("受理渠道"))
    bars.show_data(CHANNELS)

    assert QAccessible.queryAccessibleInterface(focus()).text(QAccessible.Text.Name) == "受理渠道"
    assert said() == "前台：12 件，占 60.0%，上月 9 件"
    assert walk(KEY.Key_Down, KEY.Key_Right, KEY.Key_Down, KEY.Key_Home, KEY.Key_End, KEY.Key_PageUp) == [
        "电话：0 件，占 0.0%",
        "微信：8 件，占 40.0%，上月 11 件",
        "微信：8 件，占 40.0%，上月 11 件",
        "前台：12 件，占 60.0%，上月 9 件",
        "微信：8 件，占 40.0%，上月 11 件",
        "前台：12 件，占 60.0%，上月 9 件",
    ]


def test_pareto_puts_the_most_frequent_first_and_sums_up(qtbot: QtBot) -> None:
    pareto = shown(qtbot, Pareto("类别"))
    pareto.show_data(CATEGORIES)

    assert [said(), *walk(KEY.Key_Down, KEY.Key_Down)] == [
        "卫生：11 件，累计 55.0%",
        "噪音：5 件，累计 80.0%",
        "其他：4 件，累计 100.0%",
    ]


def test_a_trend_is_walked_along_the_time_and_from_line_to_line(qtbot: QtBot) -> None:
    trend = shown(qtbot, Trend("每月"))
    trend.show_data(MONTHS)

    assert said() == "今年　1月：4 件，去年 7"
    assert walk(KEY.Key_Right, KEY.Key_Right, KEY.Key_Down, KEY.Key_End, KEY.Key_Up, KEY.Key_Left) == [
        "今年　2月：0 件，去年 6",
        "今年　2月：0 件，去年 6",
        "去年　2月：6 件，今年 0",
        "去年　3月：5 件",
        "今年　2月：0 件，去年 6",
        "今年　1月：4 件，去年 7",
    ]


def test_a_heat_map_is_walked_in_four_directions(qtbot: QtBot) -> None:
    heat = shown(qtbot, HeatMap("时段"))
    heat.show_data(HOURS)

    assert walk(KEY.Key_Down, KEY.Key_Right, KEY.Key_End, KEY.Key_Up, KEY.Key_Home, KEY.Key_PageDown, KEY.Key_Left) == [
        "周二，小时 9：0 件",
        "周二，小时 10：7 件",
        "周二，小时 11：1 件",
        "周一，小时 11：12 件",
        "周一，小时 9：3 件",
        "周二，小时 9：0 件",
        "周二，小时 9：0 件",
    ]


def test_what_is_said_is_written_below_while_the_keys_are_there(qtbot: QtBot) -> None:
    bars = shown(qtbot, Bars("受理渠道"))
    bars.show_data(CHANNELS)
    press(KEY.Key_Down)
    assert bars._foot.text() == "电话：0 件，占 0.0%　Enter 列出"

    focus().clearFocus()

    assert bars._foot.text() == ""


def test_a_move_is_announced_where_somebody_listens(qtbot: QtBot) -> None:
    bars = shown(qtbot, Bars("受理渠道"))
    bars.show_data(CHANNELS)
    QAccessible.setActive(True)
    try:
        assert walk(KEY.Key_Down) == ["电话：0 件，占 0.0%"]
    finally:
        QAccessible.setActive(False)


# -- choosing


@pytest.mark.parametrize("key", [KEY.Key_Return, KEY.Key_Enter, KEY.Key_Space])
def test_a_key_chooses_the_current_mark(qtbot: QtBot, key: Qt.Key) -> None:
    for kind, data, expected in (
        (Bars, CHANNELS, "phone"),
        (Pareto, CATEGORIES, "noise"),
        (Trend, MONTHS, "last-1"),
        (HeatMap, HOURS, ""),
    ):
        chart = shown(qtbot, kind("图"))
        chart.show_data(data)
        keys = heard(chart)
        press(KEY.Key_Down)
        press(key)
        assert keys == [expected] if expected else keys == []  # a cell with nothing in it opens nothing
        chart.hide()


def test_a_click_chooses_what_is_under_it_and_beside_the_marks_nothing(qtbot: QtBot) -> None:
    for chart, data in ((Bars("图"), CHANNELS), (Trend("图"), MONTHS), (HeatMap("图"), HOURS)):
        shown(qtbot, chart)
        chart.show_data(data)
        keys = heard(chart)
        drawing = chart.canvas._drawn()
        assert drawing is not None
        for spot in drawing.spots:
            QTest.mouseClick(chart.canvas, Qt.MouseButton.LeftButton, pos=spot.area.center().toPoint())
        assert keys == [spot.key for spot in drawing.spots if spot.key]
        QTest.mouseClick(chart.canvas, Qt.MouseButton.LeftButton, pos=QPoint(1, chart.canvas.height() - 1))
        QTest.mouseClick(chart.canvas, Qt.MouseButton.RightButton, pos=drawing.spots[0].area.center().toPoint())
        assert len(keys) == len([spot for spot in drawing.spots if spot.key])
        chart.hide()


def test_keys_with_control_are_the_pages(qtbot: QtBot) -> None:
    bars = shown(qtbot, Bars("受理渠道"))
    bars.show_data(CHANNELS)
    keys = heard(bars)
    press(KEY.Key_Down, CTRL)
    press(KEY.Key_Return, CTRL)
    press(KEY.Key_T, CTRL)
    assert (said(), keys, bars.is_table) == ("前台：12 件，占 60.0%，上月 9 件", [], False)


# -- the table


def test_the_table_has_the_numbers_of_the_chart(qtbot: QtBot) -> None:
    expected = {
        Bars: (
            CHANNELS,
            ["名称", "件", "占比", "上月"],
            [["前台", "12", "60.0%", "9"], ["电话", "0", "0.0%", "—"], ["微信", "8", "40.0%", "11"]],
        ),
        Pareto: (
            CATEGORIES,
            ["名称", "件", "累计"],
            [["卫生", "11", "55.0%"], ["噪音", "5", "80.0%"], ["其他", "4", "100.0%"]],
        ),
        Trend: (MONTHS, ["时间", "今年", "去年"], [["1月", "4", "7"], ["2月", "0", "6"], ["3月", "—", "5"]]),
        HeatMap: (
            HOURS,
            ["星期", "小时", "件"],
            [["周一", "11", "12"], ["周二", "10", "7"], ["周一", "9", "3"], ["周二", "11", "1"]],
        ),
    }
    for kind, (data, heads, rows) in expected.items():
        chart = shown(qtbot, kind("图"))
        chart.show_data(data)
        press(KEY.Key_T)
        assert (titles(chart), cells(chart)) == (heads, rows)
        chart.hide()


def test_t_goes_to_the_row_of_the_mark_and_back_and_rows_are_chosen(qtbot: QtBot) -> None:
    heat = shown(qtbot, HeatMap("时段"))
    heat.show_data(HOURS)
    keys = heard(heat)
    for key in (KEY.Key_Down, KEY.Key_Right, KEY.Key_T):
        press(key)
    assert heat.rows is not None
    assert focus() is heat.rows
    assert heat.rows.row == 1
    assert heat.rows.accessibleName() == "时段"
    press(KEY.Key_Return)
    press(KEY.Key_Up)
    press(KEY.Key_Space)

    press(KEY.Key_T)

    assert keys == ["e", "c"]
    assert focus() is heat.canvas
    assert said() == "周二，小时 10：7 件"


def test_a_row_of_a_trend_opens_the_present_period_or_what_there_is(qtbot: QtBot) -> None:
    trend = shown(qtbot, Trend("每月"))
    trend.show_data(MONTHS)
    keys = heard(trend)
    for key in (KEY.Key_T, KEY.Key_Return, KEY.Key_End, KEY.Key_Return):
        press(key)
    assert keys == ["this-1", "last-3"]


def test_other_data_come_into_an_open_table(qtbot: QtBot) -> None:
    bars = shown(qtbot, Bars("受理渠道"))
    bars.show_data(CHANNELS)
    for key in (KEY.Key_T, KEY.Key_Down):
        press(key)

    bars.show_data(CATEGORIES)

    assert bars.rows is not None
    assert focus() is bars.rows
    assert (titles(bars), bars.rows.row) == (["名称", "件"], 1)
    bars.show_data(Items(()))
    assert cells(bars) == []


def test_the_button_turns_too_and_leaves_the_keys_alone(qtbot: QtBot) -> None:
    bars = shown(qtbot, Bars("受理渠道"))
    bars.show_data(CHANNELS)
    assert bars._switch.text() == "表格 T"
    bars._switch.click()
    assert bars.is_table
    assert bars._switch.text() == "图 T"
    bars._switch.click()
    assert not bars.is_table
    assert focus() is bars.canvas


# -- what there may be


@pytest.mark.parametrize(
    ("chart", "data"),
    [
        (Bars, Items(())),
        (Bars, Items((Mark("前台", 0, "desk"),))),
        (Pareto, Items((Mark("前台", 0, "desk"),))),
        (Trend, Course((), ())),
        (Trend, Course(("1月",), (Line("今年", ()), Line("去年", (Mark("1月", 0, "k"),))))),
        (HeatMap, Grid("星期", "小时", (), (), (), ())),
        (HeatMap, Grid("星期", "小时", ("周一",), ("9",), ((0,),), (("a",),))),
    ],
)
def test_nothing_is_said_in_one_sentence_and_no_key_does_anything(qtbot: QtBot, chart: type[Bars], data: Items) -> None:
    empty = shown(qtbot, chart("图"))
    empty.show_data(data)
    keys = heard(empty)
    assert said() == EMPTY
    for key in (KEY.Key_Down, KEY.Key_Return, KEY.Key_T, KEY.Key_Down, KEY.Key_T):
        press(key)
    assert said() == EMPTY
    assert keys == []
    empty.show_data(data, empty="本月还没有投诉，按 Ctrl+N 登记。")
    assert said() == "本月还没有投诉，按 Ctrl+N 登记。"


def test_before_any_data_nothing_happens(qtbot: QtBot) -> None:
    bars = shown(qtbot, Bars("受理渠道"))
    for key in (KEY.Key_Down, KEY.Key_Return, KEY.Key_T, KEY.Key_T):
        press(key)
    assert said() == ""
    assert not bars.is_table


def test_two_hundred_items_end_in_one_for_the_rest_that_opens_the_table(qtbot: QtBot) -> None:
    for kind in (Bars, Pareto):
        chart = shown(qtbot, kind("责任人"))
        chart.show_data(Items(tuple(Mark(f"员工{n}", 200 - n, f"k{n}") for n in range(200))))
        keys = heard(chart)
        press(KEY.Key_End)
        gathered = chart.canvas.current
        assert gathered is not None
        assert said().startswith(f"其余 {200 - gathered.row} 项：{sum(range(1, 201 - gathered.row)):,} 件")

        press(KEY.Key_Return)

        assert chart.rows is not None
        assert (len(chart.rows.rows), chart.rows.row, keys) == (200, gathered.row, [])
        press(KEY.Key_Return)
        assert keys == [f"k{gathered.row}"]
        chart.hide()


def test_more_room_shows_more_of_the_items(qtbot: QtBot) -> None:
    bars = shown(qtbot, Bars("责任人"))
    bars.show_data(Items(tuple(Mark(f"员工{n}", 1, f"k{n}") for n in range(20))))
    few = said_at_the_end()
    bars.resize(640, 800)
    QApplication.processEvents()
    assert few.startswith("其余 ")
    assert said_at_the_end() == "员工19：1 件"


def said_at_the_end() -> str:
    press(KEY.Key_End)
    return said()


def test_counted_anew_the_current_mark_stays_the_same_thing(qtbot: QtBot) -> None:
    pareto = shown(qtbot, Pareto("类别"))
    pareto.show_data(CATEGORIES)
    press(KEY.Key_Down)
    assert said().startswith("噪音：5 件")

    pareto.show_data(Items((Mark("噪音", 6, "noise"), Mark("卫生", 11, "dirt"), Mark("餐饮", 7, "food"))), unit="次")

    assert said() == "噪音：6 次，累计 100.0%"
    pareto.show_data(Items((Mark("卫生", 11, "dirt"),)))
    assert said() == "卫生：11 件，累计 100.0%"


def test_counted_anew_an_empty_cell_stays_where_it_is(qtbot: QtBot) -> None:
    heat = shown(qtbot, HeatMap("时段"))
    heat.show_data(HOURS)
    press(KEY.Key_Down)
    heat.show_data(HOURS)
    assert said() == "周二，小时 9：0 件"


def test_the_tool_tip_has_the_whole_of_a_long_name(qtbot: QtBot) -> None:
    name = "第三方平台（大众点评、美团、携程、飞猪、去哪儿）转来的书面意见" * 2
    bars = shown(qtbot, Bars("受理渠道"), width=420)
    bars.show_data(Items((Mark(name, 3, "k"),)))
    bars.grab()
    at = QPoint(20, bars.canvas.height() // 8)

    QApplication.sendEvent(bars.canvas, QHelpEvent(QEvent.Type.ToolTip, at, bars.canvas.mapToGlobal(at)))

    assert QToolTip.text() == f"{name}：3 件"
    QToolTip.hideText()

"""What is warned of now stands before all figures: seen and looked into by keys alone."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import Role
from desk_app.services import figures, shop, warnings
from desk_app.services.results import Changes
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import acted, registered
from tests.ui.test_overview import key, listed, opened, words
from tests.ui.window_rig import KEY, focus, press, settle

if TYPE_CHECKING:
    from datetime import datetime

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.domain.heeding import EarlyWarning
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow
    from ui.views.overview import OverviewPage

_CATEGORIES = ("商品问题", "一般工作失误、服务欠缺", "客户自身问题或误解")
_SERIALS = count()
ANYTHING = Changes(everything=True)


def plant(ws: Workspace, n: int, day: str = "2026-11-05", **said: object) -> tuple[str, ...]:
    """Put so many cases on file, of which nothing repeats but what is said."""
    return tuple(
        registered(
            ws,
            f"plant-{serial}",
            **{
                "category": _CATEGORIES[serial % 3],
                "customer_name": "",
                "customer_phone": f"139{serial:08}",
                "received_at": f"{day} 09:00",
                **said,
            },
        ).case.number
        for serial in (next(_SERIALS) for _ in range(n))
    )


@pytest.fixture
def planted(folder: DataFolder, clock: FixedClock, rules: Rules) -> tuple[str, ...]:
    """Three cases of one place."""
    with closing(open_workspace(folder, clock, rules)) as ws:
        return plant(ws, 3, place="二楼")


def more(qtbot: QtBot, window: MainWindow, n: int, day: str, **said: object) -> None:
    """Put more cases on file while the window is open."""
    window.desk.ask(lambda ws: plant(ws, n, day, **said), lambda _made: window.desk.changed.emit(ANYTHING))
    settle(qtbot, window.desk)


def shown(page: OverviewPage) -> list[list[str]]:
    """Return the lines of warnings that are to be seen."""
    table = page.warnings.table
    return [list(row) for row in table.rows] if table.isVisible() else []


def go_there(page: OverviewPage) -> None:
    """Go from the figures to the warnings above them."""
    assert focus() is page.figures.counts
    press(KEY.Key_Backtab)
    assert focus() is page.warnings.table


def test_where_nothing_repeats_nothing_is_there_and_no_room_is_kept_for_it(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        plant(ws, 2, place="二楼")
    page = opened(qtbot, window)
    body = page._body.y()

    assert page.shown is not None
    assert not page.warnings.isVisible()
    more(qtbot, window, 1, "2026-11-05", place="二楼")
    assert page.warnings.isVisible()
    assert page._body.y() > body + page.warnings.table.height()


def test_a_planted_repeat_is_told_with_its_level_in_words_and_how_often_and_since_when(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...]
) -> None:
    page = opened(qtbot, window)

    assert shown(page) == [["△ 提示", "本月第 3 次：地点 二楼（提示）", "3", "3", "3", "11-05", "未处理"]]
    assert page.warnings.table.accessibleName() == "预警：1 条，1 条未处理"
    assert focus() is page.figures.counts, "the figures are what the page is for"


def test_the_most_serious_come_first_and_no_more_than_five_rows_are_taken(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules, planted: tuple[str, ...]
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        for place in "四五六七八":
            plant(ws, 3, place=f"{place}楼")
        plant(ws, 3, "2026-10-05", place="五楼")
    page = opened(qtbot, window)
    table = page.warnings.table

    levels = [row[0] for row in shown(page)]
    assert levels == sorted(levels, key=["▲ 重点", "△ 提示"].index)
    assert ["▲ 重点", "本月第 3 次：地点 五楼（重点）"] in [row[:2] for row in shown(page)]
    assert len(levels) > 5
    rows = table.viewport().height() / table.rowHeight(0)
    assert 5 <= rows < 6
    go_there(page)
    press(KEY.Key_End)
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()))


def test_enter_lists_its_cases_and_escape_leads_back_to_it(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...]
) -> None:
    page = opened(qtbot, window)
    press(KEY.Key_Left)  # the figures may be of any month: what is warned of is of now
    settle(qtbot, window.desk)
    go_there(page)

    key(qtbot, window, KEY.Key_Return)
    assert listed(page) == list(planted[::-1])
    assert page.cases.heading.text() == "2026 年 11 月　地点：二楼　3 件"
    key(qtbot, window, KEY.Key_Escape)

    assert focus() is page.warnings.table


def test_an_item_says_itself_what_it_is(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        plant(ws, 3, item={"order_no": "A-77"})
    page = opened(qtbot, window)
    go_there(page)

    key(qtbot, window, KEY.Key_Return)

    assert page.cases.heading.text() == "2026 年 11 月　单号：A-77　3 件"


def test_a_customer_is_never_named(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        plant(ws, 3, customer_phone="13912345678", customer_name="欧阳明月")
    page = opened(qtbot, window)
    go_there(page)
    before = words(page)

    key(qtbot, window, KEY.Key_Return)
    after = words(page)

    assert "客户：139****5678" in page.cases.heading.text()
    assert "客户 139****5678" in before
    assert not any(secret in said for secret in ("13912345678", "欧阳明月") for said in (before, after))


def test_what_is_saved_or_made_void_meanwhile_is_seen_at_once(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...]
) -> None:
    page = opened(qtbot, window)
    more(qtbot, window, 1, "2026-11-06", place="二楼")
    fourth = [row[1] for row in shown(page) if "地点" in row[1]]
    go_there(page)

    for number in planted[:2]:
        window.desk.ask(
            lambda ws, n=number: acted(ws, n, "void", reason="重复登记"),
            lambda _done: window.desk.changed.emit(ANYTHING),
        )
    settle(qtbot, window.desk)

    assert fourth == ["本月第 4 次：地点 二楼（提示）"]
    assert not page.warnings.isVisible()
    assert page.isAncestorOf(focus()), "the keys go on on the page"


def test_the_keys_stay_on_their_warning_when_a_more_serious_one_comes_before_it(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...]
) -> None:
    page = opened(qtbot, window)
    go_there(page)

    more(qtbot, window, 3, "2026-11-06", target="小家电部")
    more(qtbot, window, 3, "2026-10-06", target="小家电部")

    table = page.warnings.table
    assert "小家电部" in shown(page)[0][1]
    assert "二楼" in table.rows[table.row][1]


def test_escape_from_the_cases_of_a_warning_that_is_gone_by_now_leads_to_the_figures(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...]
) -> None:
    page = opened(qtbot, window)
    go_there(page)
    key(qtbot, window, KEY.Key_Return)
    window.desk.ask(
        lambda ws: acted(ws, planted[0], "void", reason="重复登记"), lambda _done: window.desk.changed.emit(ANYTHING)
    )
    settle(qtbot, window.desk)

    key(qtbot, window, KEY.Key_Escape)

    assert not page.warnings.isVisible()
    assert focus() is page.figures.counts


def test_what_lists_conceal_from_who_is_at_the_desk_now_is_concealed_at_once(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        plant(ws, 3, customer_name="张小山", place="张小山家门口")
    page = opened(qtbot, window)
    before = [row[1] for row in shown(page)]

    window.desk.ask(lambda ws: shop.set_role(ws, "小周", Role.MANAGER), lambda _done: None)
    settle(qtbot, window.desk)

    assert any("地点 张小山家门口" in sentence for sentence in before)
    after = [row[1] for row in shown(page)]
    assert any("地点 张**家门口" in sentence for sentence in after)
    assert not any("张小山" in sentence for sentence in after)


def test_what_was_never_counted_is_counted_a_slice_at_a_time_before_anybody_asks_what_is_warned_of(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []
    current = warnings.current

    def ask(ws: Workspace, at: datetime) -> tuple[EarlyWarning, ...]:
        left.append(figures.behind(ws))
        return current(ws, at)

    monkeypatch.setattr(warnings, "current", ask)
    monkeypatch.setattr("ui.views.overview._AT_ONCE", 0)
    monkeypatch.setattr("ui.views.overview._SLICE", 1)

    page = opened(qtbot, window)

    assert [row[1] for row in shown(page)] == ["本月第 3 次：地点 二楼（提示）"]
    assert set(left) == {0}


def test_a_rule_file_with_a_mistake_is_told_in_one_sentence_though_nothing_repeats(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    folder.warnings.write_text('[[rule]]\nid = "place"\nmonth = "drei"\n', encoding="utf-8")

    page = opened(qtbot, window)

    assert page.warnings.isVisible()
    assert "没有生效，按出厂规则预警：" in page.warnings.fault
    assert page.warnings.fault in words(page)
    assert not shown(page)
    folder.warnings.unlink()
    press(KEY.Key_F5)
    settle(qtbot, window.desk)
    assert not page.warnings.isVisible()

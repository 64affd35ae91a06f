"""What is warned of now stands before all figures: seen, looked into and heeded by keys alone."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from desk_app.domain.vocabulary import FollowUpKind, Role
from desk_app.services import desk, figures, shop, warnings
from desk_app.services.results import Changes
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import acted, registered
from tests.ui.test_overview import key, listed, opened, words
from tests.ui.window_rig import CTRL, KEY, commit, focus, press, settle, told

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


def heeds(folder: DataFolder, clock: FixedClock, rules: Rules) -> list[tuple[str, str, str, bool]]:
    """Return what is on file about each warning: measure, cause, case, whether it holds."""
    with closing(open_workspace(folder, clock, rules)) as ws:
        told_now = warnings.current(ws, clock.now())
        return [(w.heed.measure, w.heed.cause, w.heed.number, w.is_heeded) for w in told_now if w.heed]


# --------------------------------------------------------------------------------------------------------------- seen


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


# ------------------------------------------------------------------------------------------------------------- heeded


def test_h_heeds_a_warning_with_its_measure_and_the_row_says_by_whom(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...], folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = opened(qtbot, window)
    go_there(page)

    press(KEY.Key_H)
    assert page.warnings.form is not None
    assert focus() is page.warnings.form.fields.rows["corrective"].editor
    assert "本月第 3 次：地点 二楼（提示）" in words(page.warnings.form)
    commit("换了滤芯")
    press(KEY.Key_Tab)
    commit("滤芯堵了")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert heeds(folder, clock, rules) == [("换了滤芯", "滤芯堵了", "", True)]
    assert [row[6] for row in shown(page)] == ["已处理　小周 今天 10:00　换了滤芯"]
    assert page.warnings.table.accessibleName() == "预警：1 条，都已处理"
    assert (page.warnings.form, focus()) == (None, page.warnings.table)
    assert told(window) == "已处理：本月第 3 次：地点 二楼（提示）"


def test_without_a_measure_nothing_is_stored_and_that_is_told_at_the_measure(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...], folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = opened(qtbot, window)
    go_there(page)
    press(KEY.Key_H)
    press(KEY.Key_Tab)
    commit("滤芯堵了")

    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert page.warnings.form is not None
    row = page.warnings.form.fields.rows["corrective"]
    assert row.problem == "没有写怎么处理这条预警，请写上措施"
    assert focus() is row.editor
    assert heeds(folder, clock, rules) == []
    commit("换了滤芯")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert heeds(folder, clock, rules) == [("换了滤芯", "滤芯堵了", "", True)]


def test_escape_leaves_the_form_and_what_was_typed_is_there_when_it_is_opened_again(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...], folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = opened(qtbot, window)
    go_there(page)
    press(KEY.Key_H)
    commit("换了滤芯")

    press(KEY.Key_Escape)
    left = page.warnings.form, focus()
    press(KEY.Key_H)

    assert left == (None, page.warnings.table)
    assert heeds(folder, clock, rules) == []
    assert page.warnings.form is not None
    assert page.warnings.form.values() == {"corrective": "换了滤芯"}


def test_a_measure_with_a_department_and_a_day_is_owed_on_the_newest_case(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...], folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = opened(qtbot, window)
    go_there(page)
    press(KEY.Key_H)
    for said in ("换滤芯", "滤芯堵了", "工程部", "不是日子"):
        commit(said)
        press(KEY.Key_Tab)
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert page.warnings.form is not None
    due = page.warnings.form.fields.rows["due_at"]
    refused = due.problem, focus() is due.editor, heeds(folder, clock, rules)

    commit("2026-11-30 18:00")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert refused[0]
    assert refused[1:] == (True, [])
    newest = planted[-1]
    assert heeds(folder, clock, rules) == [("换滤芯", "滤芯堵了", newest, True)]
    assert told(window).endswith(f"在 {newest} 上记了纠正措施")
    with closing(open_workspace(folder, clock, rules)) as ws:
        owed = [f for f in desk.case_file(ws, newest).owed if f.kind is FollowUpKind.CORRECT]
    assert [f"{f.due_at:%Y-%m-%d %H:%M}" for f in owed] == ["2026-11-30 18:00"]


def test_at_a_higher_level_it_is_new_again_and_says_that_it_was_heeded_before(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...]
) -> None:
    page = opened(qtbot, window)
    go_there(page)
    press(KEY.Key_H)
    commit("换了滤芯")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    more(qtbot, window, 3, "2026-10-07", place="二楼")

    (row,) = [row for row in shown(page) if "地点" in row[1]]
    assert (row[0], row[3], row[6]) == ("▲ 重点", "6", "未处理（提示时处理过　小周 今天 10:00）")


def test_who_may_not_heed_reads_whose_matter_it_is_and_h_opens_nothing(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...]
) -> None:
    page = opened(qtbot, window)
    assert "H 处理" in words(page)
    window.desk.ask(
        lambda ws: shop.set_role(ws, "小周", Role.RECEPTIONIST), lambda done: window.desk.take_shop(done.shop)
    )
    settle(qtbot, window.desk)
    go_there(page)

    press(KEY.Key_H)

    said = [label.text() for label in page.warnings.findChildren(QLabel) if label.isVisible()]
    assert any(sentence.startswith("小周 没有“纠正措施”的权限，请由") for sentence in said)
    assert not any("H 处理" in sentence for sentence in said)
    assert page.warnings.form is None
    assert shown(page)

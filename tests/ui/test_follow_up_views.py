"""The head of the 跟进 page: views, the line that sifts, saved views, leaving aside; all by keyboard."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desk_app.domain.queue import View
from desk_app.services import desk as use_cases
from desk_app.services import saved_views
from tests.helpers.builders import acted, registered
from tests.ui.desk_rig import CTRL, commit, focus, notices, press, settle
from tests.ui.queue_rig import bring, cells, numbers, table
from ui.models.queue_words import about, nothing_in, view_name
from ui.views.follow_up_sieve import SieveBar
from ui.views.follow_up_snooze import SnoozeBar
from ui.widgets.view_bar import ViewBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.views.follow_up import FollowUpPage

KEY = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
HOUR = timedelta(hours=1)


def go(qtbot: QtBot, desk: Desk, *keys: Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    for key in keys:
        press(*key) if isinstance(key, tuple) else press(key)
        settle(qtbot, desk)


def view(page: FollowUpPage) -> str:
    bar = page.findChild(ViewBar)
    return bar.words()[bar.current].partition(" ")[0]


def said(page: FollowUpPage) -> str:
    """Return what stands in an empty table."""
    return next((label.text() for label in table(page).findChildren(QLabel) if label.isVisible()), "")


# ------------------------------------------------------------------------------------------- the views


def test_every_view_has_a_name_a_reason_a_key_and_words_for_when_it_is_empty(page: FollowUpPage) -> None:
    for words in (view_name, about, nothing_in):
        assert all(words(each) for each in View)
    names = [view_name(each) for each in View]
    assert len(set(names)) == len(names)


def test_digits_and_alt_digits_choose_the_views_in_the_order_they_stand(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    bring(qtbot, page, desk)
    keys = [getattr(KEY, f"Key_{d}") for d in "1234567890"] + [(getattr(KEY, f"Key_{d}"), ALT) for d in "1234"]

    seen = {}
    for each, key in zip(View, keys, strict=True):
        go(qtbot, desk, key)
        assert view(page) == view_name(each)
        assert focus() is table(page)
        seen[each] = numbers(page)

    assert {each for each, found in seen.items() if found == [number]} == {
        View.ALL,
        View.MINE,
        View.UNRECORDED,
        View.UNHANDLED,
    }
    go(qtbot, desk, KEY.Key_Right)
    assert view(page) == "逾期", "past the last: the first"
    go(qtbot, desk, KEY.Key_Left)
    assert view(page) == "沉默客户"


def test_the_counts_stand_beside_the_names_and_every_view_is_laid_out(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    registered(workspace, "late", received_at=clock.now() - timedelta(days=2))
    number = registered(workspace, "now").case.number
    acted(workspace, number, "promise", what="送新壶", due_at=(clock.now() + HOUR).isoformat())

    bring(qtbot, page, desk)

    bar = page.findChild(ViewBar)
    assert bar.words() == [
        "逾期 1", "今天 2", "本周 2", "全部 3", "我的 3", "待审批 0", "待回访 0", "待整改 0", "承诺 1",
        "未登记完 2", "未处理 2", "未复查 0", "未反映 0", "沉默客户 0",
    ]  # fmt: skip
    places = [button.geometry() for button in bar._buttons]
    assert all(bar.rect().contains(place) for place in places)
    assert not any(a.intersects(b) for n, a in enumerate(places) for b in places[:n])


def test_another_view_begins_at_its_top(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    for n in range(3):
        registered(workspace, f"{n}", received_at=clock.now() - n * HOUR)
    bring(qtbot, page, desk)
    go(qtbot, desk, KEY.Key_Down, KEY.Key_Down)
    assert table(page).currentIndex().row() == 2

    go(qtbot, desk, KEY.Key_5)

    assert table(page).currentIndex().row() == 0


def test_a_bar_narrower_than_one_group_breaks_the_group(qtbot: QtBot) -> None:
    bar = ViewBar()
    qtbot.addWidget(bar)
    bar.set_views((("四不漏", ["未登记完", "未处理", "未复查"]), ("", ["最新"])), 1)
    bar.resize(150, 400)
    bar.show()

    places = [button.geometry() for button in bar._buttons]

    assert bar.words()[bar.current] == "未处理"
    assert all(place.right() < 150 for place in places)
    assert places[0].y() < places[1].y() <= places[2].y() < bar.heightForWidth(150)


def test_in_a_narrow_window_the_views_take_more_lines_and_none_is_cut(
    qtbot: QtBot, page: FollowUpPage, desk: Desk
) -> None:
    page.resize(480, 460)
    bring(qtbot, page, desk)

    bar = page.findChild(ViewBar)

    assert all(bar.rect().contains(button.geometry()) for button in bar._buttons)
    assert len({button.y() for button in bar._buttons}) > 2


def test_a_line_says_how_far_it_has_climbed_what_was_promised_and_what_it_lacks(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    now = clock.now()
    for hours in (24 + 3, 24 + 4, 48):
        registered(workspace, f"{hours}", received_at=now - hours * HOUR, content=f"{hours}", occurred_at="昨晚")
    number = registered(workspace, "new", content="新的", occurred_at="昨晚").case.number
    acted(workspace, number, "promise", what="送新壶", due_at=(now + HOUR).isoformat())
    bring(qtbot, page, desk)

    assert list(zip(cells(page, 6), cells(page, 5), strict=True)) == [
        ("48", "已升级：店长"),
        ("28", "已升级：部门负责人"),
        ("27", "已登记"),
        ("「送新壶」新的", "处理中"),
        ("新的", "处理中"),
    ]
    go(qtbot, desk, KEY.Key_0)
    assert set(cells(page, 5)) == {"缺 地点"}


def test_a_silent_customer_is_a_line_of_days_and_their_case_opens(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    number = registered(workspace, content="水壶漏水").case.number
    clock.moment += timedelta(days=120)
    bring(qtbot, page, desk)

    go(qtbot, desk, (KEY.Key_4, ALT))

    shown = [cells(page, column)[0] for column in range(7)]
    assert shown == ["沉默 120 天", "老客户", "", number, "李女士", "已登记", "水壶漏水"]
    assert any(label.text() == number for label in page.findChildren(QLabel) if label.isVisible())
    go(qtbot, desk, KEY.Key_S)
    assert page.findChild(SnoozeBar) is None, "nothing is owed that could wait"
    go(qtbot, desk, (KEY.Key_L, CTRL))
    assert page.findChild(SieveBar) is None, "nothing to sift by"


# --------------------------------------------------------------------------------------- leaving aside


def test_s_leaves_the_chosen_one_aside_until_a_time_for_a_reason(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    first = registered(workspace, "1", received_at=clock.now() - 5 * HOUR).case.number
    second = registered(workspace, "2").case.number
    bring(qtbot, page, desk)
    heard = notices(desk)
    go(qtbot, desk, KEY.Key_5)
    assert numbers(page) == [first, second]

    press(KEY.Key_S)
    assert focus().text() == "2026-11-23 05:00", "tomorrow at nine would be past its due time"
    commit("今天 16:00")
    press(KEY.Key_Return)
    commit("客户四点才回来")
    go(qtbot, desk, KEY.Key_Return)

    assert heard[-1] == ("done", f"{first} 以后再办，2026-11-22 16:00 再提醒；“逾期”和“全部”里一直看得到")
    assert numbers(page) == [second]
    assert focus() is table(page)
    go(qtbot, desk, KEY.Key_4)
    assert cells(page, 5) == ["缓到 今天 16:00", "已登记"]
    (kept,) = use_cases.case_file(workspace, first).owed
    assert kept.snoozed_until == clock.now().replace(hour=16)
    clock.moment = clock.now().replace(hour=16)
    go(qtbot, desk, KEY.Key_5)
    assert numbers(page) == [first, second]


def test_esc_and_a_refusal_leave_all_as_it_was(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    bring(qtbot, page, desk)

    press(KEY.Key_S)
    commit("2026-11-30 09:00")
    press(KEY.Key_Return)
    commit("没空")
    go(qtbot, desk, KEY.Key_Return)
    words = [label.text() for label in page.findChild(SnoozeBar).findChildren(QLabel) if label.isVisible()]
    assert "不能晚于期限 2026-11-23 10:00：到期的事项一定要看见" in words
    press(KEY.Key_Escape)

    assert focus() is table(page)
    assert page.findChild(SnoozeBar) is None or not page.findChild(SnoozeBar).isVisible()
    assert len(use_cases.case_file(workspace, number).events) == 1


def test_what_is_late_is_not_left_aside(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    registered(workspace, received_at=clock.now() - 25 * HOUR)
    bring(qtbot, page, desk)
    heard = notices(desk)

    press(KEY.Key_S)

    assert heard == [("warning", "不能晚于期限 2026-11-22 09:00：到期的事项一定要看见")]
    assert page.findChild(SnoozeBar) is None


# --------------------------------------------------------------------------------- sifting and keeping


def of_two(workspace: Workspace) -> tuple[str, str]:
    return (
        registered(workspace, "1", first_contact="小吴").case.number,
        registered(workspace, "2", first_contact="小周").case.number,
    )


def test_a_view_is_sifted_by_keyboard_and_esc_ends_it(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    first, second = of_two(workspace)
    bring(qtbot, page, desk)

    go(qtbot, desk, (KEY.Key_L, CTRL), KEY.Key_2)
    assert numbers(page) == [first]
    go(qtbot, desk, KEY.Key_Tab, KEY.Key_3)
    assert numbers(page) == []
    assert said(page).startswith("没有这样的事项")
    go(qtbot, desk, KEY.Key_1, KEY.Key_Return)
    assert numbers(page) == [first]
    assert focus() is table(page)

    go(qtbot, desk, (KEY.Key_L, CTRL), KEY.Key_Escape)

    assert numbers(page) == [first, second]
    assert focus() is table(page)
    assert not page.findChild(SieveBar) or not page.findChild(SieveBar).isVisible()


def test_another_view_comes_as_it_is(qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace) -> None:
    first, second = of_two(workspace)
    bring(qtbot, page, desk)
    go(qtbot, desk, (KEY.Key_L, CTRL), KEY.Key_2, KEY.Key_Return)
    assert numbers(page) == [first]

    go(qtbot, desk, KEY.Key_0)

    assert numbers(page) == [first, second]


def test_the_newest_come_first_where_the_order_says_so(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    new = registered(workspace, "1", received_at=clock.now() - HOUR).case.number
    old = registered(workspace, "2", received_at=clock.now() - 9 * HOUR).case.number
    bring(qtbot, page, desk)
    assert numbers(page) == [old, new]

    go(qtbot, desk, (KEY.Key_L, CTRL), KEY.Key_Tab, KEY.Key_Tab, KEY.Key_Tab, KEY.Key_2)

    assert numbers(page) == [old, new], "the one entered last was received first"
    registered(workspace, "3", received_at=clock.now() - 2 * HOUR)
    desk.ask(use_cases.has_changed, desk.changed.emit)
    settle(qtbot, desk)
    assert numbers(page)[1:] == [old, new]


def test_a_sifted_view_is_kept_by_a_name_and_comes_back_by_its_key_and_goes(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    first, second = of_two(workspace)
    bring(qtbot, page, desk)
    heard = notices(desk)

    go(qtbot, desk, (KEY.Key_L, CTRL), KEY.Key_2, KEY.Key_Tab, KEY.Key_Tab, KEY.Key_Tab, KEY.Key_Tab)
    commit("小吴的")
    go(qtbot, desk, KEY.Key_Return)
    assert heard[-1] == ("done", "视图“小吴的”已保存")
    assert view(page) == "小吴的"
    go(qtbot, desk, KEY.Key_Escape, KEY.Key_4)
    assert numbers(page) == [first, second]

    go(qtbot, desk, (KEY.Key_5, ALT))
    assert (view(page), numbers(page)) == ("小吴的", [first])
    assert focus() is table(page)

    go(qtbot, desk, (KEY.Key_L, CTRL), *[KEY.Key_Tab] * 5, KEY.Key_Space)
    assert heard[-1] == ("done", "视图“小吴的”已删除")
    assert (view(page), numbers(page)) == ("全部", [first, second])
    assert saved_views.saved_views(workspace) == ()

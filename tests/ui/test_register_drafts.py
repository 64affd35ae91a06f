"""What is half typed: kept within a second, offered again, gone with the save."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from desk_app.services import intake
from desk_app.services.workspace import open_workspace
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    at,
    button,
    commit,
    contents,
    draft_list,
    drafts_on_disk,
    fill,
    focus,
    go,
    offered,
    press,
    row,
    save,
    saved,
    set_up,
    settle,
    told,
    until,
    window_on,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

SOON = 2_000  # ms: the promise is one second; a busy machine gets another


def keep_drafts(folder: DataFolder, clock: FixedClock, rules: Rules, *texts: str) -> None:
    """Leave half-typed forms behind, a minute apart, as a window that was closed does."""
    ws = open_workspace(folder, clock, rules)
    for n, text in enumerate(texts):
        intake.save_draft(ws, f"draft-{n}", {"kind": "inquiry", "content": text, "customer_name": f"客户{n}"})
        clock.moment += timedelta(minutes=1)
    ws.close()


def texts_on_disk(folder: DataFolder) -> list[object]:
    return [form.get("content") for form in drafts_on_disk(folder)]


def test_a_draft_is_on_disk_within_a_second_while_typing_goes_on(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    go(window, "content")
    begun = time.monotonic()

    def typed_on_and_kept() -> bool:
        commit("字")  # never a pause
        return bool(drafts_on_disk(folder))

    until(qtbot, typed_on_and_kept, SOON)
    (draft,) = drafts_on_disk(folder)
    assert set(str(draft["content"])) == {"字"}
    assert draft["received_at"] == "2026-11-22 10:00"
    assert time.monotonic() - begun < SOON / 1000


def test_at_a_pause_the_draft_holds_all_of_it(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    fill(window, {"place": "二楼", "content": "不加热", "customer_phone": "138"})
    until(qtbot, lambda: [d.get("customer_phone") for d in drafts_on_disk(folder)] == ["138"], SOON)
    commit("0013")
    until(qtbot, lambda: [d.get("customer_phone") for d in drafts_on_disk(folder)] == ["1380013"], SOON)

    assert drafts_on_disk(folder) == [window.register.form.values()]


def test_what_is_typed_before_the_register_is_open_is_written_once_and_then_the_rest(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules, opened=False) as window:
        keeper = window.register._keeper
        go(window, "content")
        commit("一")
        until(qtbot, lambda: window.desk.storage._pending == 1, SOON)
        commit("二")
        assert keeper._pause.isActive()
        until(qtbot, lambda: not keeper._pause.isActive() and not keeper._limit.isActive(), SOON)
        assert window.desk.storage._pending == 1, "never two writes at once"

        window.open_register()
        until(qtbot, lambda: texts_on_disk(folder) == ["一二"], SOON)


def test_a_form_with_nothing_of_its_own_leaves_no_draft(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    go(window, "place")
    commit("二楼")
    until(qtbot, lambda: len(drafts_on_disk(folder)) == 1, SOON)
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    until(qtbot, lambda: drafts_on_disk(folder) == [], SOON)
    press(KEY.Key_N, CTRL)
    settle(qtbot, window.desk)
    assert offered(window) == []


def test_the_draft_is_gone_with_the_save_and_does_not_come_back(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        a_small_case(window)
        until(qtbot, lambda: len(drafts_on_disk(folder)) == 1, SOON)
        commit("（二号柜）")  # a write is due in 0.4 s
        save(qtbot, window)
        keeper = window.register._keeper
        assert not keeper._pause.isActive()
        assert not keeper._limit.isActive()
        assert drafts_on_disk(folder) == []
    assert drafts_on_disk(folder) == [], "nor at the closing"
    assert len(contents(folder)) == 1


def test_ctrl_n_keeps_the_present_form_at_once_and_offers_it(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    fill(window, {"content": "第一位客人只说了一半", "customer_name": "李女士"})
    press(KEY.Key_N, CTRL)
    settle(qtbot, window.desk)

    assert texts_on_disk(folder) == ["第一位客人只说了一半"]
    assert row(window, "content").value() is None
    assert at(window) == "kind"
    assert offered(window) == ["今天 10:00　李女士\n第一位客人只说了一半"]

    a_small_case(window, "第二位")
    save(qtbot, window)
    assert contents(folder) == ["第二位"]
    assert texts_on_disk(folder) == ["第一位客人只说了一半"]


def test_closing_the_window_keeps_the_last_key_and_the_next_start_offers_it(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        go(window, "content")
        commit("还没说完")
    assert texts_on_disk(folder) == ["还没说完"]

    clock.moment += timedelta(hours=20)
    with window_on(qtbot, folder, clock, rules) as window:
        assert offered(window) == ["昨天 10:00　\n还没说完"]
        assert row(window, "content").value() is None


def test_a_draft_is_gone_on_with_by_ctrl_d_and_enter_and_becomes_one_case(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的", "新的")
    with window_on(qtbot, folder, clock, rules) as window:
        assert [text.splitlines()[1] for text in offered(window)] == ["新的", "旧的"], "the newest first"
        press(KEY.Key_F3)
        assert focus() is draft_list(window)
        press(KEY.Key_Down)
        press(KEY.Key_Return)
        settle(qtbot, window.desk)

        assert at(window) == "kind"
        values = window.register.form.values()
        assert (values["kind"], values["content"], values["customer_name"]) == ("inquiry", "旧的", "客户0")
        assert [text.splitlines()[1] for text in offered(window)] == ["新的"], "the open one is not offered"
        fill(window, {"category": "缺货"})
        save(qtbot, window)
        assert saved(window)
        assert contents(folder) == ["旧的"]
        assert texts_on_disk(folder) == ["新的"]


def test_opening_a_draft_keeps_the_present_form(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的")
    with window_on(qtbot, folder, clock, rules) as window:
        fill(window, {"content": "眼前的"})
        press(KEY.Key_F3)
        press(KEY.Key_Return)
        settle(qtbot, window.desk)
        assert row(window, "content").value() == "旧的"
        assert [text.splitlines()[1] for text in offered(window)] == ["眼前的"]
        assert sorted(map(str, texts_on_disk(folder))) == ["旧的", "眼前的"]


def test_a_draft_is_discarded_by_delete_and_can_be_had_back(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的", "新的")
    with window_on(qtbot, folder, clock, rules) as window:
        press(KEY.Key_F3)
        press(KEY.Key_Delete)
        settle(qtbot, window.desk)
        assert texts_on_disk(folder) == ["旧的"]
        assert [text.splitlines()[1] for text in offered(window)] == ["旧的"]

        press(KEY.Key_Tab)
        assert focus() is button(window, "找回刚丢弃的")
        press(KEY.Key_Return)
        settle(qtbot, window.desk)
        assert sorted(map(str, texts_on_disk(folder))) == ["新的", "旧的"]
        assert [text.splitlines()[1] for text in offered(window)] == ["新的", "旧的"]


def test_the_last_draft_discarded_can_be_had_back_too(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "唯一的")
    with window_on(qtbot, folder, clock, rules) as window:
        press(KEY.Key_F3)
        press(KEY.Key_Delete)
        settle(qtbot, window.desk)
        assert texts_on_disk(folder) == []
        assert offered(window) == []
        button(window, "找回刚丢弃的").click()
        settle(qtbot, window.desk)
        assert texts_on_disk(folder) == ["唯一的"]


def test_escape_leads_from_the_drafts_back_to_the_field(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的")
    with window_on(qtbot, folder, clock, rules) as window:
        go(window, "place")
        press(KEY.Key_F3)
        press(KEY.Key_Escape)
        assert at(window) == "place"


def test_in_a_narrow_window_the_drafts_come_to_the_front_and_go_again(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的")
    with window_on(qtbot, folder, clock, rules) as window:
        window.resize(window.minimumSizeHint().width(), window.height())
        until(qtbot, lambda: not draft_list(window).isVisible())
        assert button(window, "没写完的 1 份").isVisible(), "they are offered all the same"
        press(KEY.Key_F3)
        assert focus() is draft_list(window)
        assert offered(window)
        assert not window.register._bar.drafts.isVisible()
        press(KEY.Key_Escape)
        assert not draft_list(window).isVisible()
        assert at(window) == "kind"

        press(KEY.Key_F3)
        press(KEY.Key_Delete)
        settle(qtbot, window.desk)
        press(KEY.Key_Escape)
        assert not window.register._bar.drafts.isVisible()


def test_the_key_of_the_drafts_says_so_where_there_are_none_and_moves_nothing(window: MainWindow) -> None:
    go(window, "place")
    press(KEY.Key_F3)
    assert at(window) == "place"
    assert told(window) == "没有没写完的登记"

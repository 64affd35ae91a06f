"""What nobody expected: the open form is rescued, it is written down namelessly and told, and the program goes on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.ui.window_rig import contents, drafts_on_disk, fill, save, saved, set_up, settle, told, window_on
from ui.crash import CrashDesk

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

CANARY = ("张三丰", "13900001234")
pytestmark = pytest.mark.fault


def crash_desk(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> CrashDesk:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # so that what install() does is undone
    desk = CrashDesk(window.desk, window.register.keep_now)
    desk.install()
    return desk


def stumble(*_: object) -> None:
    raise ValueError(f"cannot read {CANARY[0]} {CANARY[1]}")


@pytest.mark.parametrize("where", ["slot", "use case"])
def test_a_mistake_of_ours_is_rescued_written_down_and_told_and_the_program_goes_on(
    qtbot: QtBot,
    folder: DataFolder,
    clock: FixedClock,
    rules: Rules,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules, may_crash=True) as window:
        kept_alive = crash_desk(window, monkeypatch)
        fill(window, {"customer_name": CANARY[0], "customer_phone": CANARY[1], "content": "说到一半"})
        if where == "slot":
            window.rail.chosen.connect(stumble)
            window.rail.chosen.emit("register")
        else:
            window.desk.ask(stumble, lambda _nothing: None)
        settle(qtbot, window.desk)

        assert kept_alive is not None
        assert told(window) == (
            f"程序内部出错（ValueError），已记入 {folder.log}；数据没有丢失，请重试，若再出现请把这个文件交给维护人员"
        )
        assert [(d["customer_name"], d["content"]) for d in drafts_on_disk(folder)] == [(CANARY[0], "说到一半")]
        log = folder.log.read_text(encoding="utf-8")
        assert "ValueError" in log
        assert "stumble" in log
        assert not any(secret in log for secret in CANARY)

        if where == "slot":
            window.rail.chosen.disconnect(stumble)
        fill(window, {"category": "缺货"})
        save(qtbot, window)
        assert "TS-20261122-001" in saved(window)
        assert contents(folder) == ["说到一半"]


def test_a_mistake_that_cannot_be_written_down_is_told_as_such(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(folder, clock, rules)
    folder.log.mkdir()
    with window_on(qtbot, folder, clock, rules, may_crash=True) as window:
        kept_alive = crash_desk(window, monkeypatch)
        window.desk.ask(stumble, lambda _nothing: None)
        settle(qtbot, window.desk)
        assert kept_alive is not None
        assert told(window) == (
            f"程序内部出错（ValueError），记录它的文件 {folder.log} 也写不了；数据没有丢失，请检查数据文件夹后重试"
        )


def test_a_rescue_that_stumbles_itself_is_told_once_and_ends(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules, may_crash=True) as window:
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        tries: list[int] = []

        def rescue() -> None:
            tries.append(1)
            kept_alive.take(RuntimeError("again"))
            stumble()

        kept_alive = CrashDesk(window.desk, rescue)
        kept_alive.install()
        window.desk.ask(stumble, lambda _nothing: None)
        settle(qtbot, window.desk)
        assert "程序内部出错（" in told(window)
    assert len(tries) <= 2

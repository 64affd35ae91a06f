"""What endangers the register stands above the pages while it lasts; and a folder that cannot be written to opens."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from desk_app.paths import DataFolder
from tests.helpers.builders import NOW
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    contents,
    drafts_on_disk,
    press,
    save,
    saved,
    set_up,
    settle,
    told,
    until,
    window_on,
)
from ui import instance
from ui.danger_watch import DangerWatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

    MadeReadOnly = Callable[[Path], AbstractContextManager[None]]

pytestmark = pytest.mark.fault


class Usage(NamedTuple):
    """What ``shutil.disk_usage`` returns."""

    total: int
    used: int
    free: int


def standing(window: MainWindow) -> tuple[str, ...]:
    return window.standing.sentences if window.standing is not None and window.standing.isVisible() else ()


def watch(qtbot: QtBot, window: MainWindow) -> DangerWatch:
    """Return what watches, as soon as the window has made it and it has looked."""
    until(qtbot, lambda: window.findChild(DangerWatch) is not None)
    settle(qtbot, window.desk)
    return window.findChild(DangerWatch)


def look(qtbot: QtBot, window: MainWindow) -> None:
    """Let it look once more, as it does each minute."""
    watch(qtbot, window).look()
    settle(qtbot, window.desk)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """What lets the disk have so many megabytes left."""

    def leave(megabytes: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 0, megabytes * 1_000_000))

    leave(9_000)
    return leave


def test_a_read_only_folder_is_told_and_shown_and_the_form_waits_until_it_can_be_saved(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, made_read_only: MadeReadOnly
) -> None:
    set_up(folder, clock, rules)
    with ExitStack() as rights:
        rights.enter_context(made_read_only(folder.root))
        with window_on(qtbot, folder, clock, rules) as window:
            until(qtbot, lambda: bool(standing(window)))
            assert standing(window)[0].startswith(f"登记册 {folder.database} 是只读的：可以查看、查找、导出")
            a_small_case(window)
            save(qtbot, window)
            assert told(window).startswith(f"登记册是只读的（{folder.database}），没有保存；已填的内容还在")
            for page in ("follow_up", "export", "settings", "handover", "search", "register"):
                window.show_page(page)
                settle(qtbot, window.desk)
            assert window.register.form.values()["content"] == "水壶不加热"
            assert contents(folder) == []

            rights.close()  # somebody mends it, while the form is open
            save(qtbot, window)
            assert "TS-20261122-001" in saved(window)
            until(qtbot, lambda: standing(window) == ())
    assert contents(folder) == ["水壶不加热"]
    assert drafts_on_disk(folder) == []


def test_on_a_disk_that_is_really_full_the_form_waits_until_there_is_room(
    qtbot: QtBot, small_disk: Path, clock: FixedClock, rules: Rules
) -> None:
    folder, filling = DataFolder(small_disk), small_disk / "attachments" / "filling"
    set_up(folder, clock, rules)
    filling.parent.mkdir()
    with filling.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 1024)
    with window_on(qtbot, folder, clock, rules) as window:
        a_small_case(window, "很长的经过" * 2_000)
        save(qtbot, window)
        assert told(window) == "磁盘已满，没有保存；已填的内容还在，请清出空间后再试"
        assert window.register.form.values()["content"] == "很长的经过" * 2_000
        assert contents(folder) == []
        until(qtbot, lambda: "只剩 0 MB" in "".join(standing(window)))

        filling.unlink()
        save(qtbot, window)
        assert "TS-20261122-001" in saved(window)
    assert contents(folder) == ["很长的经过" * 2_000]


def test_little_room_stands_above_the_pages_and_is_told_once_when_it_begins(
    qtbot: QtBot, window: MainWindow, disk: Callable[[int], None]
) -> None:
    heard: list[str] = []
    window.desk.notice.connect(lambda _kind, sentence: heard.append(sentence))
    watch(qtbot, window)
    assert (standing(window), heard) == ((), [])

    disk(120)
    look(qtbot, window)
    assert standing(window)[0].startswith("磁盘快满了：数据文件夹所在的磁盘只剩 120 MB（")
    assert heard == list(standing(window))
    disk(80)
    look(qtbot, window)
    assert "只剩 80 MB" in standing(window)[0]
    disk(9_000)
    look(qtbot, window)
    assert standing(window) == ()
    disk(80)
    look(qtbot, window)
    assert len(heard) == 1


def test_a_disk_that_is_nearly_full_at_the_opening_stands_above_the_pages_without_a_notice(
    qtbot: QtBot, window: MainWindow, disk: Callable[[int], None]
) -> None:
    disk(80)
    watch(qtbot, window)
    settle(qtbot, window.desk)
    assert "只剩 80 MB" in standing(window)[0]
    assert told(window) == ""


def test_a_clock_that_was_set_back_is_told_after_the_next_save_and_stops_nobody(
    qtbot: QtBot, window: MainWindow, clock: FixedClock, folder: DataFolder
) -> None:
    watch(qtbot, window)
    a_small_case(window, "昨天的事")
    save(qtbot, window)
    clock.moment = NOW - timedelta(days=1)
    press(KEY.Key_N, CTRL)
    a_small_case(window, "表慢了一天")
    save(qtbot, window)

    assert "TS-20261121-001" in saved(window)
    until(qtbot, lambda: bool(standing(window)))
    assert standing(window)[0].startswith(
        "电脑时间不对：现在是 2026-11-21 10:00，却早于最近一次登记（2026-11-22 10:00）"
    )
    clock.moment = NOW + timedelta(minutes=1)
    look(qtbot, window)
    assert standing(window) == ()
    assert contents(folder) == ["昨天的事", "表慢了一天"]


# -------------------------------------------------------------------------------------------------- whose lock it is


@pytest.fixture
def someone_else() -> Iterator[int]:
    """The number of a program that runs and is not ours."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as program:
        yield program.pid
        program.kill()


def lock_of(folder: DataFolder, **changed: object) -> None:
    """Leave the lock of this very program, but for what is changed of it: its number, name, machine or start."""
    lock = instance.take_lock(folder)
    assert lock is not None
    kept = dict(
        zip(("pid", "name", "host", "machine", "boot"), folder.window_lock.read_text().splitlines(), strict=True)
    )
    lock.unlock()
    folder.window_lock.write_text("".join(f"{line}\n" for line in {**kept, **changed}.values()))


def test_the_lock_of_a_number_that_another_program_has_by_now_is_taken_over(
    folder: DataFolder, someone_else: int
) -> None:
    lock_of(folder, pid=someone_else, name="complaint-desk")
    assert instance.take_lock(folder) is not None


def test_the_lock_of_a_dead_program_and_of_before_the_last_start_of_the_machine_is_taken_over(
    folder: DataFolder,
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    lock_of(folder, pid=gone.pid)
    assert instance.take_lock(folder) is not None
    folder.window_lock.unlink(missing_ok=True)
    lock_of(folder, boot="00000000-0000-0000-0000-000000000000")
    assert instance.take_lock(folder) is not None


def test_a_lock_that_was_left_in_a_read_only_folder_keeps_nobody_from_looking(
    folder: DataFolder, made_read_only: MadeReadOnly
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    lock_of(folder, pid=gone.pid)
    with made_read_only(folder.root):
        lock = instance.take_lock(folder)
        assert lock is not None
        assert not lock.isLocked()

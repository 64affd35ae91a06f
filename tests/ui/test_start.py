"""The program as a process: what it loads, that it is alone on its folder, and that a kill costs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from desk_app.clock import SystemClock
from desk_app.paths import DataFolder
from tests.ui.window_rig import contents, offered, set_up, until, window_on
from ui import instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.services.rules import Rules

ROOT = Path(__file__).resolve().parents[2]
SLOW = (
    "sqlite_utils",
    "openpyxl",
    "click",
    "pypinyin",
    "lxml",
    "numpy",
    "pandas",
    "PySide6.QtNetwork",
    "desk_app.domain.case",
    "PySide6.QtPrintSupport",
    "ui.printing",
)
pytestmark = pytest.mark.slow


@contextmanager
def program(*words: object) -> Iterator[subprocess.Popen[str]]:
    """Run a program of ours beside the test, and leave none behind."""
    started = subprocess.Popen(
        [sys.executable, "-m", *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def line(of: subprocess.Popen[str]) -> str:
    out: IO[str] | None = of.stdout
    assert out is not None
    return out.readline().strip()


def outcome(*words: object) -> tuple[int, str, str]:
    with program(*words) as run:
        out, err = run.communicate(timeout=60)
        return run.returncode, out, without_qt(err)


def without_qt(err: str) -> str:
    """Return what was said without what the offscreen platform says of itself."""
    return "\n".join(said for said in err.splitlines() if not said.startswith("This plugin does not support"))


def test_nothing_slow_is_loaded_before_the_first_key(folder: DataFolder) -> None:
    with program("tests.ui.window_program", folder.root, "loaded", *SLOW) as run:
        assert [line(run), line(run)] == ["painted", "open True"]
        assert run.wait(timeout=30) == 0


def test_a_second_start_calls_the_first_window_and_ends(folder: DataFolder) -> None:
    with program("tests.ui.window_program", folder.root, "stay") as first:
        assert line(first) == "listening"
        code, out, err = outcome("desk_app", "--data", folder.root)
        assert (code, out, err) == (0, "", "这个数据文件夹的窗口已经打开，已把它调到前面")
        assert line(first) == "front"
        assert first.poll() is None


@pytest.mark.fault
def test_a_second_start_says_when_the_first_window_does_not_answer(folder: DataFolder) -> None:
    lock = instance.take_lock(folder)
    assert lock is not None
    code, out, err = outcome("desk_app", "--data", folder.root)
    lock.unlock()
    assert (code, out) == (1, "")
    assert err.startswith(f"这个数据文件夹（{folder.root}）的窗口已经打开，但没有回应")


@pytest.mark.fault
def test_what_was_typed_and_the_lock_survive_a_kill(qtbot: QtBot, folder: DataFolder, rules: Rules) -> None:
    set_up(folder, SystemClock(), rules)
    with program("tests.ui.window_program", folder.root, "type", "第一位", "第二位", "还没说完，电就断了") as first:
        assert line(first) == "kept"
        assert instance.take_lock(folder) is None
        first.kill()
        first.wait()

    lock = instance.take_lock(folder)
    assert lock is not None, "the lock of a killed window is taken over"
    assert lock.isLocked()
    with window_on(qtbot, folder, SystemClock(), rules) as window:
        assert sorted(offered(window)) == ["第一位", "第二位", "还没说完，电就断了"]
    lock.unlock()
    assert contents(folder) == []


def test_two_folders_have_a_window_each(folder: DataFolder, tmp_path: Path) -> None:
    other = DataFolder(tmp_path / "other")
    first, second = instance.take_lock(folder), instance.take_lock(other)
    assert first is not None
    assert second is not None
    assert instance.take_lock(folder) is None
    first.unlock()
    again = instance.take_lock(folder)
    assert again is not None
    again.unlock()
    second.unlock()


def test_the_doorbell_is_heard_and_only_where_somebody_listens(
    qtbot: QtBot, folder: DataFolder, tmp_path: Path
) -> None:
    house = QObject()
    bell = instance.Doorbell(folder, house)
    assert bell.is_listening
    rung: list[str] = []
    bell.rung.connect(lambda: rung.append("rung"))
    assert instance.call_first(folder)
    until(qtbot, lambda: rung == ["rung"])
    assert instance.call_first(folder)
    until(qtbot, lambda: rung == ["rung", "rung"])
    bell._server.close()
    house.deleteLater()


@pytest.mark.fault
def test_a_folder_that_cannot_be_made_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, out, err = outcome("desk_app", "--data", tmp_path / "file" / "data")
    assert (code, out) == (1, "")
    assert err.startswith(f"数据文件夹 {tmp_path / 'file' / 'data'} 不能写入（")
    assert len(err.splitlines()) == 1

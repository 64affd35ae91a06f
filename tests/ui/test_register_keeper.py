"""What is half typed while the disk refuses is not lost, whatever form the page turns to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    commit,
    contents,
    drafts_on_disk,
    go,
    offered,
    press,
    save,
    settle,
    told,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.paths import DataFolder
    from ui.main_window import MainWindow

pytestmark = pytest.mark.fault
resource = pytest.importorskip("resource", reason="only Unix can limit the size of files")


@contextmanager
def a_full_disk() -> Iterator[None]:
    """Let no file grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_form_that_is_left_while_the_disk_is_full_is_kept_when_it_is_not(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    go(window, "content")
    with a_full_disk():
        commit("水壶漏水，烫了手")
        press(KEY.Key_N, CTRL)
        settle(qtbot, window.desk)
        assert told(window) != ""
        assert drafts_on_disk(folder) == []
        assert offered(window) == ["水壶漏水，烫了手"], "here it is, whatever the disk says"

    until(qtbot, lambda: len(drafts_on_disk(folder)) == 1)

    assert [d["content"] for d in drafts_on_disk(folder)] == ["水壶漏水，烫了手"]


def test_the_next_form_and_the_one_that_was_left_are_both_kept(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    go(window, "content")
    with a_full_disk():
        commit("水壶漏水")
        press(KEY.Key_N, CTRL)
        settle(qtbot, window.desk)
    go(window, "content")
    commit("电梯停了")

    until(qtbot, lambda: len(drafts_on_disk(folder)) == 2)

    assert {d["content"] for d in drafts_on_disk(folder)} == {"水壶漏水", "电梯停了"}


def test_a_draft_that_could_not_be_written_does_not_come_back_after_its_save(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    with a_full_disk():
        a_small_case(window)
        until(qtbot, lambda: told(window) != "")

    save(qtbot, window)

    assert contents(folder) == ["水壶不加热"]
    assert window.register._keeper._unwritten == {}
    assert drafts_on_disk(folder) == []


def test_a_form_discarded_while_the_disk_is_full_is_gone_when_it_is_not(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    go(window, "content")
    commit("水壶漏水")
    until(qtbot, lambda: len(drafts_on_disk(folder)) == 1)
    with a_full_disk():
        press(KEY.Key_W, CTRL)
        settle(qtbot, window.desk)
        assert len(drafts_on_disk(folder)) == 1

    until(qtbot, lambda: drafts_on_disk(folder) == [])

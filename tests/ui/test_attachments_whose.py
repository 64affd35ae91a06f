"""A file goes to the customer for whom it was given, whatever is on the screen by the time that it is here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from desk_app.services import shop
from tests.helpers.photos import photo, told_of
from tests.ui.case_rig import begin, fields, form, open_case, story
from tests.ui.settings_rig import answer_dialog
from tests.ui.test_attachments import A_LONG_ONE, NUMBER, arrived, attached, drop, files, of_case, rows_on_disk
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    button,
    drafts_on_disk,
    fill,
    go,
    on_disk,
    press,
    row,
    save,
    saved,
    set_up,
    settle,
    tabs,
    told,
    until,
    window_on,
)
from ui.views.case_detail import CaseDetail

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

SECOND = "TS-20261122-002"
LAID = 'SELECT c.number, a.name FROM attachment a JOIN "case" c ON c.id = a.case_id ORDER BY a.id'


def two_cases(qtbot: QtBot, window: MainWindow) -> None:
    """Put two cases on file and show the first."""
    for content in ("水壶不加热", "送货晚了"):
        a_small_case(window, content)
        save(qtbot, window)
        press(KEY.Key_N, CTRL)
    open_case(qtbot, window, NUMBER)


def test_a_file_taken_off_one_form_is_never_had_back_on_another(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    fill(window, {"content": "甲的事"})
    drop(qtbot, window, window.register.form, files(tmp_path, txt=b"x"))
    press(KEY.Key_O, CTRL | Qt.KeyboardModifier.ShiftModifier)
    press(KEY.Key_Delete)
    press(KEY.Key_N, CTRL)
    fill(window, {"content": "乙的事"})
    go(window, "kind")  # a text would take Ctrl+Z for itself

    press(KEY.Key_Z, CTRL)

    assert tabs(window) == ["[甲的事]", "乙的事"]
    assert attached(window).strip.names() == ["a.txt"]
    press(KEY.Key_Tab, CTRL)
    assert (tabs(window), attached(window).strip.names()) == (["甲的事", "[乙的事]"], [])


def test_a_file_taken_off_a_form_that_is_saved_by_now_goes_to_no_other(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    a_small_case(window)
    drop(qtbot, window, window.register.form, files(tmp_path, txt=b"x"))
    press(KEY.Key_O, CTRL | Qt.KeyboardModifier.ShiftModifier)
    press(KEY.Key_Delete)
    save(qtbot, window)

    press(KEY.Key_Z, CTRL)

    assert told(window) == "那份登记已经不在这里，附件没有放进去"
    assert attached(window).files == ()


def test_nothing_is_dropped_on_the_page_of_a_saved_case(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    """Who sees a number there would think that the photo goes to it; it would go to the next customer."""
    a_small_case(window)
    save(qtbot, window)
    assert saved(window)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files(tmp_path, txt=b"x")])
    held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), *held)

    QApplication.sendEvent(window.register._saved, enter)
    press(KEY.Key_O, CTRL)

    assert not enter.isAccepted()
    assert window.findChild(QFileDialog) is None


def test_the_answer_of_a_dialog_goes_to_the_case_for_which_it_was_opened(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    two_cases(qtbot, window)
    (path,) = files(tmp_path, txt=b"x")
    press(KEY.Key_O, CTRL)
    until(qtbot, lambda: window.findChild(QFileDialog) is not None)
    open_case(qtbot, window, SECOND)  # another program closed the first meanwhile, and the queue moved up

    answer_dialog(qtbot, window, path)
    arrived(qtbot, window)

    assert on_disk(folder, LAID) == [(NUMBER, "a.txt")]
    assert told(window) == f"{NUMBER} 已放进附件 1 个"
    assert of_case(window).strip.names() == []
    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)
    open_case(qtbot, window, NUMBER)
    assert of_case(window).strip.names() == []


def test_the_answer_of_a_dialog_goes_to_the_form_for_which_it_was_opened(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    fill(window, {"content": "甲的事"})
    (path,) = files(tmp_path, txt=b"x")
    press(KEY.Key_O, CTRL)
    until(qtbot, lambda: window.findChild(QFileDialog) is not None)
    window.register.begin_next()

    answer_dialog(qtbot, window, path)
    arrived(qtbot, window)

    assert row(window, "content").value() == "甲的事"
    assert attached(window).strip.names() == ["a.txt"]


def test_files_without_a_case_are_laid_to_none(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)

    drop(qtbot, window, window.findChild(CaseDetail), files(tmp_path, txt=b"x"))

    assert told(window) == "请先选一件投诉，再放附件"


def test_a_file_dropped_on_a_text_of_an_open_action_is_no_text(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    two_cases(qtbot, window)
    begin(window, KEY.Key_C, "已联系")
    text = fields(window)["content"].editor

    drop(qtbot, window, text.viewport(), files(tmp_path, txt=b"x"))

    assert text.toPlainText() == "已联系"
    assert rows_on_disk(folder) == ["a.txt"]
    assert form(window) is not None


def test_a_save_waits_until_the_place_is_out_of_the_photo(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, workspace: Workspace, tmp_path: Path
) -> None:
    set_up(folder, clock, rules)
    shop.save_shop(workspace, "店", "general", ["小周"], shop.Options(strip_place=False))
    with window_on(qtbot, folder, clock, rules) as window:
        a_small_case(window)
        drop(qtbot, window, window.register.form, files(tmp_path, jpg=photo()))

        button(attached(window), "去掉拍摄地点").click()
        save(qtbot, window)

        assert saved(window)
        ((sha256,),) = on_disk(folder, "SELECT sha256 FROM attachment")
        assert told_of((folder.attachments / str(sha256)[:2] / str(sha256)).read_bytes())[2] == {}


def test_a_form_whose_file_was_cleared_away_says_so(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    fill(window, {"content": "甲的事"})
    drop(qtbot, window, window.register.form, files(tmp_path, txt=b"x", pdf=b"%PDF"))
    press(KEY.Key_W, CTRL)
    settle(qtbot, window.desk)
    gone = next(path for path in (folder.attachments / "waiting").iterdir() if path.read_bytes() == b"x")
    gone.unlink()  # as after a day

    press(KEY.Key_F3)
    settle(qtbot, window.desk)

    assert attached(window).strip.names() == ["b.pdf"]
    assert told(window) == "附件 “a.txt” 已经不在数据文件夹里，请再放一次"
    window.register.keep_now()
    settle(qtbot, window.desk)
    assert [len(draft["attachments"]) for draft in drafts_on_disk(folder)] == [1]


def test_the_window_closes_when_what_is_being_copied_is_here(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    a_small_case(window)
    drop(qtbot, window, window.register.form, files(tmp_path, mp3=os.urandom(A_LONG_ONE)), waits=False)
    press(KEY.Key_S, CTRL)

    window.close()
    assert window.isVisible()
    assert "附件还在拷" in told(window)
    until(qtbot, lambda: not window.isVisible())

    assert on_disk(folder, LAID) == [(NUMBER, "a.mp3")]


def test_a_window_that_is_closed_twice_does_not_wait_for_a_copy(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    fill(window, {"content": "甲的事"})
    drop(qtbot, window, window.register.form, files(tmp_path, mp3=os.urandom(A_LONG_ONE)), waits=False)

    window.close()
    window.close()

    assert not window.isVisible()
    assert [draft["content"] for draft in drafts_on_disk(folder)] == ["甲的事"]
    assert list((folder.attachments / "waiting").iterdir()) == []


def test_a_file_that_is_refused_keeps_the_window_open(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    drop(qtbot, window, window.register.form, files(tmp_path, jpg=b"no picture"), waits=False)

    window.close()
    arrived(qtbot, window)

    assert window.isVisible()
    assert "不是能打开的照片" in told(window)


def test_a_photo_of_a_case_tells_its_place_and_loses_it_on_request(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, workspace: Workspace, tmp_path: Path
) -> None:
    set_up(folder, clock, rules)
    shop.save_shop(workspace, "店", "general", ["小周"], shop.Options(strip_place=False))
    with window_on(qtbot, folder, clock, rules) as window:
        two_cases(qtbot, window)
        drop(qtbot, window, window.findChild(CaseDetail), files(tmp_path, jpg=photo(), txt=b"x"))
        assert of_case(window).hint.text() == "“a.jpg”里写着拍摄地点"

        button(of_case(window), "去掉拍摄地点").click()
        settle(qtbot, window.desk)

        assert sorted(of_case(window).strip.names()) == ["a.jpg", "b.txt"]
        (shown,) = [each for each in of_case(window).files if each.name == "a.jpg"]
        assert told_of((folder.attachments / shown.sha256[:2] / shown.sha256).read_bytes())[2] == {}
        assert not of_case(window).place.isVisible()
        assert "去掉拍摄地点" in story(window)
        assert "附件 1 个：a.jpg" in story(window)
        press(KEY.Key_Z, CTRL)
        settle(qtbot, window.desk)
        (shown,) = [each for each in of_case(window).files if each.name == "a.jpg"]
        assert told_of((folder.attachments / shown.sha256[:2] / shown.sha256).read_bytes())[2] != {}
        assert of_case(window).place.isVisible()

        open_case(qtbot, window, SECOND)
        assert not of_case(window).place.isVisible()

"""Photos, recordings and papers come in by drop, paste and dialog, on the form and on a case, and all by keyboard."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from desk_app.domain.attachments import read_draft
from desk_app.services import attachments as use_cases
from desk_app.services import shop
from desk_app.services.desk import queue_counts
from tests.helpers.lying_disk import put_under
from tests.helpers.photos import photo, told_of
from tests.ui.case_rig import open_case, story
from tests.ui.settings_rig import answer_dialog
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    button,
    commit,
    drafts_on_disk,
    focus,
    go,
    on_disk,
    press,
    row,
    save,
    set_up,
    settle,
    told,
    until,
    window_on,
)
from ui.views.attachment_intake import FileIntake
from ui.views.attachment_picture import PicturePane
from ui.views.case_attachments import CaseAttachments

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from tests.helpers.lying_disk import LyingDisk
    from ui.main_window import MainWindow
    from ui.views.register_attachments import FormAttachments

SHIFT = Qt.KeyboardModifier.ShiftModifier
A_LONG_ONE = 30_000_000
NUMBER = "TS-20261122-001"


def attached(window: MainWindow) -> FormAttachments:
    """Return the line of the form."""
    made = window.register._attached
    assert made is not None
    return made


def of_case(window: MainWindow) -> CaseAttachments:
    """Return the line of the case that is shown."""
    return window.findChild(CaseAttachments)


def files(tmp_path: Path, **given: bytes) -> list[Path]:
    """Write files; ``jpg`` is ``a.jpg``."""
    paths = []
    for number, (ending, data) in enumerate(given.items()):
        paths.append(tmp_path / f"{'abcdefg'[number]}.{ending}")
        paths[-1].write_bytes(data)
    return paths


def drop(qtbot: QtBot, window: MainWindow, onto: QWidget, paths: list[Path], *, waits: bool = True) -> None:
    """Drag files onto a widget and let them fall."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    data.setText("\n".join(map(str, paths)))  # as file managers do
    held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), *held)
    QApplication.sendEvent(onto, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(onto, QDropEvent(QPointF(5, 5), *held))
    if waits:
        arrived(qtbot, window)


def arrived(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is on its way."""
    settle(qtbot, window.desk)
    rows = [attached(window), *window.findChildren(CaseAttachments)]
    until(qtbot, lambda: not any(each.is_busy for row in rows for each in row.findChildren(FileIntake)))
    settle(qtbot, window.desk)


def rows_on_disk(folder: DataFolder) -> list[object]:
    return [name for (name,) in on_disk(folder, "SELECT name FROM attachment ORDER BY id")]


# -------------------------------------------------------------------------------------------------------- the form


def test_files_dropped_on_a_text_field_go_on_file_with_the_case(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    a_small_case(window)
    content = row(window, "content").editor

    drop(qtbot, window, content.viewport(), files(tmp_path, jpg=photo(), pdf=b"%PDF-1.7"))

    assert content.toPlainText() == "水壶不加热"
    assert attached(window).strip.names() == ["a.jpg", "b.pdf"]
    assert "附件 2" in attached(window).add.text()

    save(qtbot, window)

    assert rows_on_disk(folder) == ["a.jpg", "b.pdf"]
    assert attached(window).files == ()
    assert not attached(window).isVisible()


def test_a_picture_is_pasted_where_a_text_has_the_focus_and_a_text_into_it(qtbot: QtBot, window: MainWindow) -> None:
    go(window, "content")
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)

    press(KEY.Key_V, CTRL)
    arrived(qtbot, window)

    assert attached(window).strip.names() == ["粘贴的图片.png"]
    assert row(window, "content").value() is None

    QGuiApplication.clipboard().setText("说明书第三页")
    press(KEY.Key_V, CTRL)
    arrived(qtbot, window)
    QGuiApplication.clipboard().clear()

    assert row(window, "content").value() == "说明书第三页"
    assert len(attached(window).files) == 1

    press(KEY.Key_V, CTRL | SHIFT)
    assert told(window) == "剪贴板里没有图片，也没有文件"


def test_a_file_is_chosen_in_the_dialog(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (path,) = files(tmp_path, txt="收据".encode())

    press(KEY.Key_O, CTRL)
    answer_dialog(qtbot, window, path)
    arrived(qtbot, window)

    assert attached(window).strip.names() == ["a.txt"]


def test_what_is_refused_is_told_and_the_others_are_taken(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    given = files(tmp_path, exe=b"MZ", jpg=b"no picture", txt=b"good", psd=b"8BPS")

    drop(qtbot, window, window.register.form, [*given, tmp_path, tmp_path / "gone.txt"])

    assert attached(window).strip.names() == ["c.txt"]
    assert "“a.exe”是能运行的程序" in told(window)
    assert "“b.jpg”不是能打开的照片" in told(window)
    assert "另有 2 个文件" in told(window)


def test_a_half_typed_form_keeps_its_files(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, tmp_path: Path
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        drop(qtbot, window, window.register.form, files(tmp_path, jpg=photo(), txt=b"x"))
        window.register.keep_now()
    (kept,) = drafts_on_disk(folder)
    assert [taken.name for taken in read_draft(kept)] == ["a.jpg", "b.txt"]

    with window_on(qtbot, folder, clock, rules) as again:
        press(KEY.Key_1, Qt.KeyboardModifier.AltModifier)
        settle(qtbot, again.desk)
        assert attached(again).strip.names() == ["a.jpg", "b.txt"]
        a_small_case(again)
        save(qtbot, again)

    assert rows_on_disk(folder) == ["a.jpg", "b.txt"]


def test_a_file_is_taken_off_the_form_and_had_back(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    drop(qtbot, window, window.register.form, files(tmp_path, jpg=photo(), txt=b"x"))
    press(KEY.Key_O, CTRL | SHIFT)
    assert focus() is attached(window).strip

    press(KEY.Key_Right)
    press(KEY.Key_Delete)
    assert attached(window).strip.names() == ["a.jpg"]
    assert told(window) == "已移走附件“b.txt”"

    press(KEY.Key_Z, CTRL)
    assert attached(window).strip.names() == ["a.jpg", "b.txt"]


def test_a_picture_is_shown_large_and_anything_else_is_only_given_out(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    drop(qtbot, window, window.register.form, files(tmp_path, jpg=photo(size=(300, 200)), png=photo("PNG"), txt=b"x"))
    press(KEY.Key_O, CTRL | SHIFT)

    press(KEY.Key_Space)
    settle(qtbot, window.desk)
    pane = window.findChild(PicturePane)
    assert pane.has_picture
    assert pane._name.text() == "a.jpg（1/2）"
    qtbot.keyClick(pane, KEY.Key_Right)
    assert pane._name.text() == "b.png（2/2）"
    qtbot.keyClick(pane, KEY.Key_Escape)  # while the second is being decoded
    settle(qtbot, window.desk)
    until(qtbot, lambda: window.findChild(PicturePane) is None)

    with qtbot.waitActive(window):
        window.activateWindow()
    assert focus() is attached(window).strip
    press(KEY.Key_End)
    press(KEY.Key_Return)
    answer_dialog(qtbot, window, tmp_path / "copy.txt")
    assert (tmp_path / "copy.txt").read_bytes() == b"x"
    assert str(tmp_path / "copy.txt") in told(window)


def test_a_save_waits_for_what_is_on_its_way_and_nothing_else_does(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, tmp_path: Path
) -> None:
    a_small_case(window)
    order: list[str] = []
    drop(qtbot, window, window.register.form, files(tmp_path, mp3=os.urandom(A_LONG_ONE)), waits=False)
    attached(window).intake.ended.connect(lambda _all: order.append("recording"))
    window.desk.ask(lambda ws: queue_counts(ws, clock.now()), lambda _counts: order.append("counts"))

    press(KEY.Key_S, CTRL)
    assert not window.register.form.isEnabled()
    arrived(qtbot, window)

    assert order == ["counts", "recording"]
    assert rows_on_disk(folder) == ["a.mp3"]


def test_a_file_that_is_refused_while_the_save_waits_keeps_the_case_on_the_form(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    a_small_case(window)
    drop(qtbot, window, window.register.form, files(tmp_path, jpg=b"no picture"), waits=False)

    press(KEY.Key_S, CTRL)
    arrived(qtbot, window)

    assert "不是能打开的照片" in told(window)
    assert window.register.form.isEnabled()
    assert on_disk(folder, 'SELECT number FROM "case"') == []

    save(qtbot, window)
    assert on_disk(folder, 'SELECT number FROM "case"') == [(NUMBER,)]


def test_who_goes_on_to_the_next_customer_is_told_what_was_not_copied_yet(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    drop(qtbot, window, window.register.form, files(tmp_path, mp3=os.urandom(A_LONG_ONE)), waits=False)

    press(KEY.Key_N, CTRL)
    assert "有 1 个附件还没拷完" in told(window)
    arrived(qtbot, window)

    assert attached(window).files == ()
    assert list((folder.attachments / "waiting").iterdir()) == []


def test_a_photo_tells_its_place_and_loses_it_on_request(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, workspace: Workspace, tmp_path: Path
) -> None:
    set_up(folder, clock, rules)
    shop.save_shop(workspace, "店", "general", ["小周"], shop.Options(strip_place=False))
    with window_on(qtbot, folder, clock, rules) as window:
        drop(qtbot, window, window.register.form, files(tmp_path, jpg=photo()))
        assert "写着拍摄地点" in attached(window).hint.text()
        before = attached(window).files

        button(attached(window), "去掉拍摄地点").click()
        settle(qtbot, window.desk)

        (after,) = attached(window).files
        assert after != before[0]
        assert told_of((folder.attachments / "waiting" / after.sha256).read_bytes())[2] == {}
        assert not attached(window).place.isVisible()


def test_the_shop_s_way_is_told_when_the_place_is_taken_out(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    drop(qtbot, window, window.register.form, files(tmp_path, jpg=photo()))

    assert attached(window).hint.text() == "“a.jpg”里的拍摄地点已去掉（可在设置里改）"


# -------------------------------------------------------------------------------------------------------- the case


@pytest.fixture
def case(qtbot: QtBot, window: MainWindow) -> CaseAttachments:
    """A case on the screen without any file."""
    a_small_case(window)
    save(qtbot, window)
    open_case(qtbot, window, NUMBER)
    return of_case(window)


def test_files_are_laid_to_a_case_in_one_step_and_taken_back(
    qtbot: QtBot, window: MainWindow, case: CaseAttachments, tmp_path: Path
) -> None:
    drop(qtbot, window, window.findChild(CaseAttachments).parentWidget(), files(tmp_path, jpg=photo(), txt=b"x"))

    assert case.strip.names() == ["a.jpg", "b.txt"]
    assert told(window) == f"{NUMBER} 已放进附件 2 个"
    assert "附件 2 个：a.jpg、b.txt" in story(window)

    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)

    assert case.strip.names() == []
    assert "已撤销" in story(window)


@pytest.mark.fault
def test_files_whose_laying_is_said_to_have_failed_are_not_laid_twice(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    a_small_case(window)
    save(qtbot, window)
    open_case(qtbot, window, NUMBER)
    disks: list[LyingDisk] = []
    window.desk.ask(put_under, disks.append)
    settle(qtbot, window.desk)
    paths = files(tmp_path, pdf=b"%PDF-1.7")
    disks[0].lies = True

    drop(qtbot, window, of_case(window), paths)
    assert told(window).startswith("附件没有放进去，请再放一次：磁盘读写出错")
    drop(qtbot, window, of_case(window), paths)
    assert "已放进附件 1 个" in told(window)
    assert rows_on_disk(folder) == ["a.pdf"]

    drop(qtbot, window, of_case(window), paths)
    assert rows_on_disk(folder) == ["a.pdf", "a.pdf"], "what is given once more when it was answered is laid once more"


def test_a_file_is_taken_away_from_a_case_for_a_reason(
    qtbot: QtBot, window: MainWindow, case: CaseAttachments, tmp_path: Path
) -> None:
    drop(qtbot, window, case, files(tmp_path, jpg=photo(), txt=b"x"))
    press(KEY.Key_O, CTRL | SHIFT)
    press(KEY.Key_Delete)
    press(KEY.Key_Escape)  # better not
    assert focus() is case.strip

    press(KEY.Key_Delete)
    press(KEY.Key_Return)
    settle(qtbot, window.desk)
    assert told(window) == "请写明为什么移走“a.jpg”"
    commit("拍错了")
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert case.strip.names() == ["b.txt"]
    assert not case.reason.isVisible()
    assert "原因：拍错了" in story(window)


def test_a_file_chosen_by_keyboard_is_laid_to_the_case_that_is_open(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, case: CaseAttachments, tmp_path: Path
) -> None:
    (path,) = files(tmp_path, txt=b"x")
    press(KEY.Key_O, CTRL)
    answer_dialog(qtbot, window, path)
    arrived(qtbot, window)

    assert case.strip.names() == ["a.txt"]
    assert rows_on_disk(folder) == ["a.txt"]


def test_letters_on_the_files_of_a_case_are_its_actions(
    qtbot: QtBot, window: MainWindow, case: CaseAttachments, tmp_path: Path
) -> None:
    drop(qtbot, window, case, files(tmp_path, txt=b"x"))
    press(KEY.Key_O, CTRL | SHIFT)

    press(KEY.Key_C)

    assert open_case(qtbot, window, NUMBER).has_form


def test_a_void_case_shows_its_files_and_takes_no_more(
    qtbot: QtBot, window: MainWindow, case: CaseAttachments, tmp_path: Path
) -> None:
    drop(qtbot, window, case, files(tmp_path, txt=b"x"))
    press(KEY.Key_Z)
    commit("重复登记")
    press(KEY.Key_Return, CTRL)
    settle(qtbot, window.desk)
    open_case(qtbot, window, NUMBER)

    assert case.strip.names() == ["a.txt"]
    assert not case.add.isEnabled()


def test_what_another_program_lays_to_the_case_is_seen(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, case: CaseAttachments
) -> None:
    taken = use_cases.take_in(workspace, b"x", "别处.txt")
    use_cases.attach(workspace, NUMBER, [taken], "elsewhere")

    window._look_now()
    settle(qtbot, window.desk)

    assert case.strip.names() == ["别处.txt"]

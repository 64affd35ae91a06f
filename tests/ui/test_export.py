"""The 导出 page: period, sheets, how they are written, and what becomes of them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QProgressBar, QPushButton

from desk_app.domain.journal import Noted
from desk_app.services import months
from desk_app.storage import journal
from tests.helpers.builders import registered
from tests.ui.desk_rig import CTRL, TEN_SECONDS, focus, notices, press, settle
from ui.printing.preview import SheetPreview
from ui.views.export import ExportPage
from ui.views.period_picker import PeriodBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

KEY = Qt.Key
REGISTER, FEEDBACK = "客户投诉登记表_云栖酒店_2026-11", "客户投诉登记反馈表_云栖酒店_2026-11"


class Opened(QObject):
    """Stands in for the desktop: keeps what it was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, tmp_path: Path) -> ExportPage:
    """The page at the front, with its sheets, about to write into a folder that is not there yet."""
    made = ExportPage(desk)
    qtbot.addWidget(made)
    made.resize(1280, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.activated()
    settle(qtbot, desk)
    made.folder.setText(str(tmp_path / "month"))
    return made


def told(page: ExportPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def button(page: ExportPage, words: str) -> QPushButton:
    return next(b for b in page.findChildren(QPushButton) if b.text().startswith(words))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def texts(path: Path) -> list[str]:
    """Return every text of a workbook's first sheet."""
    sheet = load_workbook(path).worksheets[0]
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def choose(page: ExportPage, wanted: str, digit: Qt.Key) -> None:
    """Go by Tab to the line of choices whose words begin so, and press a digit."""
    for _ in range(20):
        if focus().accessibleName().startswith(wanted):
            press(digit)
            return
        press(KEY.Key_Tab)
    raise AssertionError(f"the Tab key does not reach {wanted}")


def only(page: ExportPage, *sheets: str) -> None:
    """Tick these sheets and no others, by typing, Space and Ctrl+A."""
    page.sheets.line.setFocus()
    while page.sheets.ticked():
        press(KEY.Key_A, CTRL)
    for sheet in sheets:
        page.sheets.line.setText(sheet)
        press(KEY.Key_Space)
    press(KEY.Key_Escape)


def export(qtbot: QtBot, desk: Desk) -> None:
    press(KEY.Key_S, CTRL)
    settle(qtbot, desk)


def shown_preview() -> SheetPreview:
    (found,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, SheetPreview) and each.isVisible()]
    return found


def take_file(qtbot: QtBot, file: Path) -> None:
    """Choose a file in the dialog that is open."""
    dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog) and each.isVisible())
    window = dialog.parentWidget().window()
    dialog.fileSelected.emit(str(file))
    dialog.close()
    with qtbot.waitActive(window):  # as every window system does but the offscreen one
        window.activateWindow()


def test_a_month_is_exported_by_keyboard_alone(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a", received_at="2026-10-01 00:00:00", content="十月第一件")
    registered(workspace, "b", received_at="2026-11-01 00:00:00", content="十一月第一件")
    heard = notices(desk)
    assert isinstance(focus(), PeriodBox)
    assert "2026 年 11 月 1 日（周日） 至 11 月 30 日（周一），共 30 天（还没过完）" in told(page)

    press(KEY.Key_Down)  # from November to October
    assert "2026 年 10 月 1 日（周四） 至 10 月 31 日（周六），共 31 天" in told(page)
    export(qtbot, desk)

    written = sorted((tmp_path / "month").iterdir())
    assert [path.name for path in written] == [
        "客户投诉登记反馈表_云栖酒店_2026-10.xlsx",
        "客户投诉登记表_云栖酒店_2026-10.xlsx",
    ]
    for path in written:
        assert "十月第一件" in texts(path)
        assert "十一月第一件" not in texts(path)
        assert str(path) in told(page)
    assert "客户投诉登记表　1 行" in told(page)
    assert focus() is button(page, "打开文件夹")
    assert heard == [("done", "已导出 2 张表，2 个文件")]


@pytest.mark.parametrize(
    ("letter", "period"),
    [(KEY.Key_Q, "2026-Q4"), (KEY.Key_Y, "2026"), (KEY.Key_W, "2026-W47"), (KEY.Key_D, "2026-11-01..2026-11-30")],
    ids=str,
)
def test_another_kind_of_period_is_a_letter_away(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path, *, letter: Qt.Key, period: str
) -> None:
    registered(workspace, "a", received_at="2026-11-20 09:00:00", content="二十日来的")

    press(letter)
    export(qtbot, desk)

    path = tmp_path / "month" / f"客户投诉登记表_云栖酒店_{period}.xlsx"
    assert "二十日来的" in texts(path)


def test_days_that_run_backwards_are_told_and_nothing_is_written(
    qtbot: QtBot, page: ExportPage, desk: Desk, tmp_path: Path
) -> None:
    press(KEY.Key_D)
    page.period.last.setDate(page.period.first.date().addDays(-1))

    export(qtbot, desk)

    assert told(page).count("最后一天早于第一天，请改一改") == 2  # under the days, and beside the button
    assert focus() is page.period.first
    assert not (tmp_path / "month").exists()


def test_sheets_are_found_by_typing_and_ticked_by_the_space_bar(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    press(KEY.Key_Tab)
    assert focus() is page.sheets.line
    assert page.sheets.ticked() == ("register", "feedback")

    press(KEY.Key_Space)
    qtbot.keyClicks(focus(), "promises")
    press(KEY.Key_Space)
    press(KEY.Key_Escape)
    assert page.sheets.line.text() == ""
    assert "表单：已勾选 2 张" in told(page)
    export(qtbot, desk)

    assert names(tmp_path / "month") == [f"{FEEDBACK}.xlsx", "承诺台账_云栖酒店_2026-11.xlsx"]


def test_no_sheet_or_no_folder_is_told_and_nothing_is_written(
    qtbot: QtBot, page: ExportPage, desk: Desk, tmp_path: Path
) -> None:
    only(page)
    export(qtbot, desk)
    assert "请至少勾选一张表。" in told(page)
    assert focus() is page.sheets.line

    only(page, "register")
    page.folder.clear()
    export(qtbot, desk)

    assert "请填写导出到哪个文件夹。" in told(page)
    assert focus() is page.folder
    assert not (tmp_path / "month").exists()


@pytest.mark.parametrize(
    ("digit", "suffix", "begins"),
    [(KEY.Key_1, "xlsx", b"PK"), (KEY.Key_2, "pdf", b"%PDF"), (KEY.Key_3, "csv", b"\xef\xbb\xbf")],
    ids=["xlsx", "pdf", "csv"],
)
def test_the_format_is_chosen_by_a_digit(
    qtbot: QtBot,
    page: ExportPage,
    desk: Desk,
    workspace: Workspace,
    tmp_path: Path,
    *,
    digit: Qt.Key,
    suffix: str,
    begins: bytes,
) -> None:
    registered(workspace, "a")

    choose(page, "文件格式", digit)
    export(qtbot, desk)

    assert names(tmp_path / "month") == [f"{FEEDBACK}.{suffix}", f"{REGISTER}.{suffix}"]
    assert (tmp_path / "month" / f"{REGISTER}.{suffix}").read_bytes().startswith(begins)


def test_all_sheets_go_into_one_file_with_customers_masked(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a", customer_name="李小梅", customer_phone="13800001111")

    choose(page, "客户信息", KEY.Key_2)
    assert "姓名、电话只留一部分，地址不印。" in told(page)
    choose(page, "几个文件", KEY.Key_2)
    export(qtbot, desk)

    assert names(tmp_path / "month") == ["投诉资料_云栖酒店_2026-11.xlsx"]
    path = tmp_path / "month" / "投诉资料_云栖酒店_2026-11.xlsx"
    assert load_workbook(path).sheetnames == ["客户投诉登记表", "客户投诉登记反馈表"]
    assert not any("13800001111" in text for text in texts(path))


def test_a_form_is_no_csv_and_it_is_said_here(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    heard = notices(desk)
    only(page, "record")

    choose(page, "文件格式", KEY.Key_3)
    export(qtbot, desk)

    assert "“客户投诉记录单”是单页表，不能写成 CSV，请用 xlsx 或 PDF" in told(page)
    assert heard == []
    assert not (tmp_path / "month").exists()


def test_the_shops_own_sheets_are_marked_and_a_broken_one_is_told_in_one_line(
    qtbot: QtBot, page: ExportPage, desk: Desk
) -> None:
    text = (Path("resources") / "sheets" / "register.toml").read_text(encoding="utf-8")
    folder = desk.folder.sheets
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mine.toml").write_text(text.replace('id = "register"', 'id = "mine"'), encoding="utf-8")
    (folder / "broken.toml").write_text("id = 1", encoding="utf-8")

    page.activated()
    settle(qtbot, desk)

    rows = [page.sheets.rows.item(n).text() for n in range(page.sheets.rows.count())]
    assert "客户投诉登记表　本店" in rows
    assert any("broken.toml 第 1 行有错" in text for text in told(page))
    assert page.sheets.ticked() == ("register", "feedback")


def held(desk: Desk) -> Event:
    """Let the storage thread wait until the event is set, so that a test can look at what is under way."""
    gate = Event()
    desk.ask(lambda _ws: gate.wait(TEN_SECONDS / 1000), lambda _was_set: None)
    return gate


def test_while_it_runs_it_cannot_be_started_again_and_says_how_far_it_is(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace
) -> None:
    registered(workspace, "a")
    heard = notices(desk)
    bar = page.findChild(QProgressBar)
    seen: list[tuple[int, str]] = []
    bar.valueChanged.connect(lambda value: seen.append((value, bar.text())))

    gate = held(desk)
    press(KEY.Key_S, CTRL)
    press(KEY.Key_S, CTRL)
    assert not button(page, "导出").isEnabled()
    assert button(page, "取消").isVisible()
    assert bar.text() == "正在填第一张…"
    gate.set()
    settle(qtbot, desk)

    assert [value for value, _text in seen if value] == [1, 2, 3, 4]
    assert bar.text() == "已完成 4 步，共 4 步"
    assert heard == [("done", "已导出 2 张表，2 个文件")]
    assert button(page, "导出").isEnabled()
    assert not button(page, "取消").isVisible()


def test_a_case_that_is_saved_during_an_export_does_not_wait_for_its_end(
    qtbot: QtBot, desk: Desk, workspace: Workspace, page: ExportPage
) -> None:
    registered(workspace)
    told_in_turn: list[str] = []
    desk.changed.connect(lambda changes: told_in_turn.extend(["saved"] if changes.cases else []))
    desk.notice.connect(lambda _kind, _sentence: told_in_turn.append("exported"))

    gate = held(desk)
    press(KEY.Key_S, CTRL)
    desk.ask(lambda ws: registered(ws, "meanwhile", content="导出的时候来的"), lambda _: None)
    gate.set()
    settle(qtbot, desk)

    assert told_in_turn == ["saved", "exported"]


@pytest.mark.parametrize("digit", [KEY.Key_1, KEY.Key_2], ids=["xlsx", "pdf"])
def test_cancel_leaves_nothing_behind(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path, digit: Qt.Key
) -> None:
    registered(workspace, "a")
    heard = notices(desk)
    choose(page, "文件格式", digit)

    gate = held(desk)
    press(KEY.Key_S, CTRL)
    button(page, "取消").click()
    gate.set()
    settle(qtbot, desk)

    assert not (tmp_path / "month").exists()
    assert "导出已取消，没有写下任何文件" in told(page)
    assert heard == []
    export(qtbot, desk)  # it can be begun anew
    assert len(names(tmp_path / "month")) == 2


def test_esc_cancels_from_wherever_the_keys_are_and_twice_is_once(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    for place in (page.period.box, page.folder, page.sheets.line):
        place.setFocus()
        gate = held(desk)
        press(KEY.Key_S, CTRL)
        assert page.findChild(QProgressBar).isVisible()

        press(KEY.Key_Escape)
        press(KEY.Key_Escape)
        gate.set()
        settle(qtbot, desk)

        assert "导出已取消，没有写下任何文件" in told(page)
        assert not (tmp_path / "month").exists()
        assert not page.findChild(QProgressBar).isVisible()


def test_a_file_that_cannot_be_proved_leaves_the_export_that_runs_in_sight(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    first = held(desk)
    press(KEY.Key_F6)
    take_file(qtbot, tmp_path / "没有这个.xlsx")
    second = held(desk)
    press(KEY.Key_S, CTRL)

    first.set()
    qtbot.waitUntil(lambda: any("没有这个.xlsx" in text for text in told(page)), timeout=TEN_SECONDS)

    assert page.findChild(QProgressBar).isVisible()
    assert not button(page, "导出  ").isEnabled()
    second.set()
    settle(qtbot, desk)
    assert len(names(tmp_path / "month")) == 2


def test_a_pdf_can_be_cancelled_between_its_pages(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(12):
        registered(workspace, f"a{number}")
    only(page, "record")
    choose(page, "文件格式", KEY.Key_2)

    press(KEY.Key_S, CTRL)
    job = page._job._job
    pages: list[int] = []
    job.paged.connect(lambda done, _of: (pages.append(done), job.cancel()), Qt.ConnectionType.DirectConnection)
    settle(qtbot, desk)

    assert pages == [1]
    assert not (tmp_path / "month").exists(), "the folder was made for these files"
    assert "导出已取消，没有写下任何文件" in told(page)


@pytest.mark.fault
def test_a_workbook_that_is_open_elsewhere_is_told_and_another_name_offered(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(workspace, "a")
    folder = tmp_path / "month"
    folder.mkdir()
    file = folder / f"{REGISTER}.xlsx"
    file.write_bytes(b"open in a spreadsheet")
    rename = os.replace

    def refuse_the_held_one(source: Path, target: Path) -> None:
        if Path(target) == file:
            raise PermissionError(13, "Permission denied", str(source))
        rename(source, target)

    monkeypatch.setattr(os, "replace", refuse_the_held_one)  # what Windows does while Excel holds the file
    export(qtbot, desk)
    assert any("正在别处打开" in text for text in told(page))
    assert file.read_bytes() == b"open in a spreadsheet"
    assert focus().text() == f"另存为 {REGISTER}(2).xlsx"

    press(KEY.Key_Space)
    settle(qtbot, desk)

    assert file.read_bytes() == b"open in a spreadsheet"
    assert names(folder) == [f"{FEEDBACK}.xlsx", f"{REGISTER}(2).xlsx", f"{REGISTER}.xlsx"]
    assert not any("正在别处打开" in text for text in told(page))


@pytest.mark.fault
def test_a_folder_that_cannot_be_made_is_told_where_the_person_looks(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    heard = notices(desk)
    (tmp_path / "file").write_bytes(b"")
    page.folder.setText(str(tmp_path / "file" / "month"))

    export(qtbot, desk)

    assert any(text.startswith(f"写不了 {tmp_path / 'file' / 'month'}") for text in told(page))
    assert heard == []


def test_what_goes_wrong_is_told_on_top_where_the_person_has_gone_on(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    heard = notices(desk)
    (tmp_path / "month").write_bytes(b"")

    press(KEY.Key_S, CTRL)
    page.hide()
    settle(qtbot, desk)

    assert [kind for kind, _sentence in heard] == ["refused"]


def test_the_folder_and_nothing_else_is_opened(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    export(qtbot, desk)
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "take")

    press(KEY.Key_Space)

    QDesktopServices.unsetUrlHandler("file")
    assert opened.urls == [QUrl.fromLocalFile(str(tmp_path / "month"))]


def test_a_folder_that_is_gone_is_told(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    export(qtbot, desk)
    (tmp_path / "month").rename(tmp_path / "elsewhere")

    press(KEY.Key_Space)

    assert any(text.startswith(f"{tmp_path / 'month'} 已经不在了") for text in told(page))


def test_the_ticked_sheets_are_looked_at_before_anything_is_written_and_saved_from_there(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    page.folder.clear()  # nothing is written: no folder is needed

    press(KEY.Key_P, CTRL)
    settle(qtbot, desk)
    preview = shown_preview()
    assert preview.windowTitle() == "预览：客户投诉登记表、客户投诉登记反馈表"
    preview.save_file()
    take_file(qtbot, tmp_path / "两张.pdf")
    settle(qtbot, desk)

    assert (tmp_path / "两张.pdf").read_bytes().startswith(b"%PDF")
    assert any(label.text() == f"已存为 {tmp_path / '两张.pdf'}" for label in preview.findChildren(QLabel))
    preview.close()
    page._prove(str(tmp_path / "两张.pdf"))
    settle(qtbot, desk)
    assert any("与导出时一致：小周" in text for text in told(page))
    metadata = (tmp_path / "两张.pdf").read_bytes().decode("utf-8", "ignore")
    said = dict(re.findall(r' desk:([^= ]+)="([^"]*)"', metadata))
    assert (said["范围"], said["件数"], said["导出人"], said["导出时间"], said["个人信息"]) == (
        "2026-11-01 至 2026-11-30", "2", "小周", "2026-11-22 10:00", "未脱敏"
    )  # fmt: skip


@pytest.mark.fault
def test_a_preview_that_cannot_be_saved_says_so_itself(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    (tmp_path / "file").write_bytes(b"")
    heard = notices(desk)
    press(KEY.Key_P, CTRL)
    settle(qtbot, desk)
    preview = shown_preview()

    preview.save_file()
    take_file(qtbot, tmp_path / "file" / "两张.xlsx")
    settle(qtbot, desk)

    assert any(label.text().startswith("写不了") for label in preview.findChildren(QLabel) if label.isVisible())
    assert heard == []
    preview.close()


def test_a_file_is_proved_in_one_sentence(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    export(qtbot, desk)
    file = tmp_path / "month" / f"{REGISTER}.xlsx"
    other = tmp_path / "other.xlsx"
    other.write_bytes(b"no workbook")
    book = load_workbook(tmp_path / "month" / f"{FEEDBACK}.xlsx")
    book.worksheets[0]["A1"] = "改过的"
    book.save(tmp_path / "changed.xlsx")
    said = []

    for path in (file, tmp_path / "changed.xlsx", other):
        press(KEY.Key_F6)
        take_file(qtbot, path)
        settle(qtbot, desk)
        said += [text for text in told(page) if str(path) in text and text != str(path)]

    covered, fits = "2026-11-01 至 2026-11-30，共 1 件，未脱敏", "；与登记册的账相符（第 2 行）"
    assert [
        sentence.removeprefix(str(path))
        for sentence, path in zip(said, (file, tmp_path / "changed.xlsx", other), strict=True)
    ] == [
        f" 与导出时一致：小周 于 2026-11-22 10:00 导出 {REGISTER}.xlsx，{covered}{fits}",
        f" 已被改动：小周 于 2026-11-22 10:00 导出过 {FEEDBACK}.xlsx（{covered}），内容与当时不同{fits}",
        " 认不出是这个登记册导出的文件（CSV 不带标记，改动过又改了名就认不出）",
    ]


def a_template(path: Path, *cells: str) -> Path:
    """Write a workbook as a shop makes it, with these in its first column."""
    book = Workbook()
    for cell in cells:
        book.worksheets[0].append([cell])
    book.save(path)
    return path


def test_a_workbook_of_the_shops_own_is_filled_with_the_period(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a", content="水壶不加热")
    template = a_template(tmp_path / "早会.xlsx", "{{shop}} 早会", "{{*content}}")

    press(KEY.Key_T, CTRL)
    take_file(qtbot, template)
    settle(qtbot, desk)

    (written,) = (tmp_path / "month").iterdir()
    assert texts(written) == ["云栖酒店 早会", "水壶不加热"]
    assert "早会　1 行" in told(page)


def test_what_is_not_whole_in_a_filled_workbook_is_told_below_it(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a", content="水壶不加热" * 60)
    template = a_template(tmp_path / "单件.xlsx", "{{number}}")
    book = load_workbook(template)
    book.worksheets[0].oddHeader.left.text = "{{content}}"
    book.save(template)

    press(KEY.Key_T, CTRL)
    take_file(qtbot, template)
    settle(qtbot, desk)

    assert "有 1 处页眉页脚填上内容后超过 255 个字的上限，内容已截断，末尾是“…”" in told(page)


def test_a_template_that_cannot_be_filled_says_where(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    template = a_template(tmp_path / "早会.xlsx", "{{nmuber}}")

    press(KEY.Key_T, CTRL)
    take_file(qtbot, template)
    settle(qtbot, desk)

    (sentence,) = [text for text in told(page) if "nmuber" in text]
    assert sentence.startswith("早会.xlsx 工作表“Sheet”的 A1：没有“nmuber”这一项，是不是 {{number}}？")
    assert not (tmp_path / "month").exists() or names(tmp_path / "month") == []


def test_a_month_that_was_handed_in_is_locked_by_a_key_where_its_files_stand(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace
) -> None:
    registered(workspace, "a")
    export(qtbot, desk)
    assert not page.results.lock.isVisible(), "November is not over yet"
    press(KEY.Key_K, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, desk)
    assert months.locks(workspace) == {}

    page.period.box.setFocus()
    press(KEY.Key_Down)
    assert page.period.written == "2026-10"
    export(qtbot, desk)
    assert "锁定 2026-10" in page.results.lock.text()
    assert page.results.lock.isVisible()
    press(KEY.Key_K, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, desk)

    assert set(months.locks(workspace)) == {"2026-10"}
    assert not page.results.lock.isVisible()


def test_what_went_to_the_printer_is_noted(qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace) -> None:
    registered(workspace, "a")
    only(page, "register")
    press(KEY.Key_P, CTRL)
    qtbot.waitUntil(lambda: bool(page.findChildren(SheetPreview)), timeout=TEN_SECONDS)

    page.findChildren(SheetPreview)[0].printed.emit()
    settle(qtbot, desk)

    (noted,) = journal.page(workspace.store.conn, (Noted.PRINT,))
    assert (noted.subject, dict(noted.data)) == ("2026-11", {"sheets": "register", "rows": 1, "masked": False})

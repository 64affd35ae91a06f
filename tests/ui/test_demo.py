"""``desk-app demo`` and ``desk-app self-test``: the main job through the real window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desk_app.errors import BugError
from desk_app.storage.compare import Differing
from ui.demo import run_demo
from ui.demo_story import EARLIER
from ui.self_test import run_self_test

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

PICTURES = [
    "01-first-start.png",
    "02-form.png",
    "03-form-problems.png",
    "04-form-filled.png",
    "05-saved.png",
    "06-queue.png",
    "07-detail.png",
    "08-reply.png",
    "09-return-visit.png",
    "10-close.png",
    "11-export.png",
    "12-settings.png",
    "13-repeat-found.png",
    "14-repeat-known.png",
    "15-repeat-told.png",
    "16-repeat-read-back.png",
    "17-repeat-saved.png",
    "18-repeat-same-matter.png",
    "19-repeat-added.png",
    "20-search.png",
    "21-overview.png",
]
SHEETS = ["客户投诉登记反馈表_云栖酒店_2026-10.xlsx", "客户投诉登记表_云栖酒店_2026-10.xlsx"]


@pytest.mark.slow
def test_the_demo_leaves_a_picture_of_each_step_and_the_months_workbooks(qtbot: QtBot, tmp_path: Path) -> None:
    out = tmp_path / "演示 out"

    written = run_demo(out)

    assert [path.name for path in written] == PICTURES + SHEETS
    assert sorted(out.iterdir()) == sorted(written)
    images = [QImage(str(path)) for path in written[: len(PICTURES)]]
    assert {(image.width(), image.height()) for image in images} == {(1366, 768)}
    assert len({bytes(image.constBits()) for image in images}) == len(images), "two steps look the same"
    for path in written[len(PICTURES) :]:
        cells = [str(c) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) for c in row if c]
        for case in EARLIER:
            assert case.raw["content"] in cells
    assert not QApplication.topLevelWidgets() or not any(w.isVisible() for w in QApplication.topLevelWidgets())


@pytest.mark.slow
def test_the_demo_can_be_made_again_into_the_same_folder(qtbot: QtBot, tmp_path: Path) -> None:
    assert run_demo(tmp_path) == run_demo(tmp_path)


@pytest.mark.slow
def test_a_step_that_does_not_do_what_it_should_stops_the_demo(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.demo.story.CATEGORY", "没有这个分类")

    with pytest.raises(BugError, match="category"):
        run_demo(tmp_path)


@pytest.mark.slow
def test_the_self_test_passes_and_leaves_no_window(qtbot: QtBot) -> None:
    run_self_test()

    assert not any(window.isVisible() for window in QApplication.topLevelWidgets())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "answer", "told"),
    [("credentials.matches", True, "PIN"), ("compare.rows", (1, (Differing("case", 1),)), "sealed backup")],
)
def test_the_self_test_fails_where_the_library_of_pins_and_seals_does_not_work(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, broken: str, answer: object, told: str
) -> None:
    monkeypatch.setattr(f"desk_app.storage.{broken}", lambda *_: answer)

    with pytest.raises(BugError, match=told):
        run_self_test()


@pytest.mark.slow
def test_the_self_test_fails_where_nothing_can_be_stored(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.self_test._CASE", {"kind": "complaint"})

    with pytest.raises(BugError):
        run_self_test()

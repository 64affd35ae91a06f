"""The main job through the real window, without a screen: ``desk-app demo``.

First start, a complaint registered while the customer speaks, the queue worked, the month exported: every step by
keys, every step with a picture. A step that does not do what it should stops the demo.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desk_app.clock import FixedClock
from desk_app.domain.vocabulary import Status
from desk_app.errors import BugError, KnownError
from desk_app.paths import DataFolder
from desk_app.services import desk as use_cases
from desk_app.services import intake
from desk_app.services.results import Changes
from ui import demo_story as story
from ui import theme
from ui.app import build_window
from ui.demo_player import CTRL, Player, no_screen
from ui.demo_repeat import play_repeat
from ui.models.queue_model import QueueModel
from ui.views.export import ExportPage
from ui.views.follow_up_table import QueueTable
from ui.views.overview import OverviewPage
from ui.views.register_saved import SavedPanel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.services.results import Registered
    from desk_app.services.workspace import Workspace

KEY = Qt.Key
TAB = KEY.Key_Tab
_SIZE = (1366, 768)
_START = datetime(2026, 10, 12, 9, 12, tzinfo=timezone(timedelta(hours=8)))


def run_demo(out: Path, clock: FixedClock | None = None) -> list[Path]:
    """Play the main job and return the files written: pictures of 1366 × 768, and the month's workbooks.

    ``clock`` stands at the morning of the demo's day; it is moved on by the demo.

    Raises:
        BugError: a step did not do what it should.
        KnownError: ``target_unwritable``.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnownError("target_unwritable", path=out, reason=error.strerror) from error
    clock = clock or FixedClock(_START)
    with no_screen(), _player(out, clock) as player:
        _first_start(player)
        player.ask(lambda ws: _earlier_days(ws, clock))
        number = _register(player)
        _pass(player, clock, timedelta(hours=5, minutes=8))
        _work_the_queue(player, clock, number)
        workbooks = _export(player, clock, out)
        player.press(KEY.Key_4, CTRL)
        player.picture("12-settings")
        play_repeat(player)
        _look_at_the_month(player)
    return [*player.written, *workbooks]


def _look_at_the_month(player: Player) -> None:
    """Show the supervisor's overview of the month."""
    player.press(KEY.Key_Escape)
    player.press(KEY.Key_5, CTRL)
    page = player.found(OverviewPage)
    player.until("the month is counted", lambda: page.shown is not None)
    player.picture("21-overview")


@contextmanager
def _player(out: Path, clock: FixedClock) -> Iterator[Player]:
    """Open the window on a data folder of its own that is gone afterwards."""
    app = QApplication.instance() or QApplication([])
    if not isinstance(app, QApplication):
        raise BugError("the demo needs widgets")
    theme.apply(app, dark=False)
    with tempfile.TemporaryDirectory(prefix="complaint-desk-demo-") as data:
        window = build_window(DataFolder(Path(data)), clock)
        crashes: list[BaseException] = []
        window.desk.crashed.connect(crashes.append)
        window.resize(*_SIZE)
        try:
            yield Player(window, out)
        finally:
            window.close()
            window.deleteLater()
        if crashes:
            raise crashes[0]


def _first_start(player: Player) -> None:
    player.write(story.SHOP)
    player.press(KEY.Key_Tab)
    player.press(KEY.Key_2)  # 酒店
    player.press(KEY.Key_Tab)
    player.write(story.OPERATOR)
    player.picture("01-first-start")
    player.press(KEY.Key_S, CTRL)
    shop = player.window.desk.shop
    player.expect("the shop is set up", shop and shop.is_set_up and (shop.name, shop.trade) == (story.SHOP, "hotel"))


def _earlier_days(ws: Workspace, clock: FixedClock) -> Registered:
    """Let colleagues have registered some cases, and done something about one, on the days before."""
    today, registered = clock.moment, []
    for place, case in enumerate(story.EARLIER):
        clock.moment = today - case.ago
        registered.append(intake.register(ws, case.raw, f"earlier-{place}"))
        for step, done in enumerate(case.done):
            clock.moment = today - case.ago + done.after
            use_cases.act(ws, registered[-1].case.number, done.action, done.raw, f"earlier-{place}-{step}")
    clock.moment = today
    return registered[-1]


def _register(player: Player) -> str:
    """Fill the form while the customer speaks, save too early, mend it, save; return the number."""
    form = player.window.register.form
    for key, text in story.FORM:
        player.go_to(form.rows[key])
        player.write(text)
    player.picture("02-form")
    player.press(KEY.Key_S, CTRL)
    player.expect("what is missing is told under its field", form.rows["category"].problem)
    player.picture("03-form-problems")
    player.go_to(form.rows["category"])
    player.write(story.CATEGORY)
    player.press(KEY.Key_Return)
    player.expect("the category is found by one of its words", form.rows["category"].value() == story.CATEGORY_PATH)
    player.go_to(form.rows["severity"])
    player.press(KEY.Key_3)  # 严重
    for key, text in story.REST:
        player.go_to(form.rows[key])
        player.write(text)
    player.go_to(form.rows["read_back"])
    player.press(KEY.Key_Space)
    player.picture("04-form-filled")
    player.press(KEY.Key_S, CTRL)
    saved = player.found(SavedPanel)
    player.expect("the number is shown", saved.isVisible() and saved.number.text())
    player.picture("05-saved")
    return saved.number.text()


def _work_the_queue(player: Player, clock: FixedClock, number: str) -> None:
    """Take the case just registered through two rounds to its end: arrows, letters, Ctrl+Enter."""
    player.press(KEY.Key_2, CTRL)
    player.picture("06-queue")
    _act(player, number, KEY.Key_A, story.DEPARTMENT, TAB, story.PERSON)
    _act(player, number, KEY.Key_Q)
    _act(player, number, KEY.Key_D, KEY.Key_2, TAB, story.FAULT)  # 部门
    _act(player, number, KEY.Key_F, story.SOLUTION, TAB, story.AMOUNT)
    _expect_status(player, number, Status.AWAITING_APPROVAL)
    _go_to_row(player, number)
    player.press(KEY.Key_Return)
    player.picture("07-detail")
    _act(player, number, KEY.Key_Y, story.OPINION)
    _act(player, number, KEY.Key_R, story.REPLY, TAB, KEY.Key_2, TAB, story.REACTION, picture="08-reply")
    _expect_status(player, number, Status.AWAITING_RETURN_VISIT)
    _pass(player, clock, timedelta(hours=18))
    scores = (KEY.Key_3, TAB, KEY.Key_4, TAB, KEY.Key_5, TAB)  # result, process, manner
    seen = (KEY.Key_1, TAB, KEY.Key_3, TAB, *scores, story.VISIT)  # 联系上, 不满意
    _act(player, number, KEY.Key_V, *seen, picture="09-return-visit")
    _expect_status(player, number, Status.IN_PROGRESS)
    _act(player, number, KEY.Key_R, story.NEXT_REPLY, TAB, KEY.Key_2)
    _pass(player, clock, timedelta(hours=22))
    _act(player, number, KEY.Key_V, KEY.Key_1, TAB, KEY.Key_1, TAB, *scores, story.NEXT_VISIT)  # 满意
    _act(player, number, KEY.Key_B, story.DEPARTMENT, TAB, story.FED_BACK)
    _act(player, number, KEY.Key_X, story.RESULT, picture="10-close")
    _expect_status(player, number, Status.CLOSED)


def _act(player: Player, number: str, letter: Qt.Key, *steps: Qt.Key | str, picture: str = "") -> None:
    """Do one action on a case: its letter, what is typed into its form, Ctrl+Enter."""
    _go_to_row(player, number)
    player.press(letter)
    for step in steps:
        if isinstance(step, str):
            player.write(step)
        else:
            player.press(step)
    if picture:
        player.picture(picture)
    player.press(KEY.Key_Return, CTRL)


def _pass(player: Player, clock: FixedClock, span: timedelta) -> None:
    """Let hours go by in no time: the window counts anew at once."""
    clock.moment += span
    player.window.desk.changed.emit(Changes(queue=True))


def _export(player: Player, clock: FixedClock, out: Path) -> list[Path]:
    """Go on to the first days of the next month and export this one into ``out``."""
    clock.moment = clock.moment.replace(day=1, hour=9) + timedelta(days=32)
    player.press(KEY.Key_3, CTRL)
    page = player.found(ExportPage)
    player.go_to(page.folder)
    player.press(KEY.Key_A, CTRL)
    player.write(str(out.resolve()))
    player.press(KEY.Key_S, CTRL)
    player.picture("11-export")
    workbooks = sorted(out.glob(f"*_{_START:%Y-%m}.xlsx"))
    player.expect("both sheets are written", len(workbooks) == 2)  # noqa: PLR2004
    return workbooks


def _go_to_row(player: Player, number: str) -> None:
    """Walk down the queue to the first thing owed on a case."""
    table, model = player.found(QueueTable), player.found(QueueModel)
    if player.focus() is not table:
        player.press(KEY.Key_Escape)
    player.press(KEY.Key_Home)
    for _ in range(model.rowCount()):
        line = model.line(table.currentIndex().row())
        if line is not None and line.row.number == number:
            return
        player.press(KEY.Key_Down)
    raise BugError(f"{number} is not in the queue")


def _expect_status(player: Player, number: str, status: Status) -> None:
    file = player.ask(lambda ws: use_cases.case_file(ws, number))
    player.expect(f"{number} is {status}", file.case.status is status)

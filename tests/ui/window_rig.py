"""The whole window on a real register: what the receptionist sees, and the keys as they are pressed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desk_app.services import shop
from desk_app.services.workspace import open_workspace
from tests.ui.desk_rig import CTRL, TEN_SECONDS, commit, focus, press, settle
from ui import theme
from ui.app import build_window
from ui.views.register_bar import RegisterBar
from ui.views.register_saved import SavedPanel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytestqt.qtbot import QtBot

    from desk_app.clock import Clock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow
    from ui.widgets.field_row import FieldRow

KEY = Qt.Key
USUAL_SCREEN = (1366, 768)


def set_up(folder: DataFolder, clock: Clock, rules: Rules, *others: str) -> None:
    """Answer the three questions of a data folder before any window is open."""
    with closing(open_workspace(folder, clock, rules)) as ws:
        shop.set_up(ws, "云栖百货", "general", "小周")
        shop.save_shop(ws, "云栖百货", "general", ["小周", *others])


@contextmanager
def window_on(
    qtbot: QtBot, folder: DataFolder, clock: Clock, rules: Rules, *, opened: bool = True, may_crash: bool = False
) -> Iterator[MainWindow]:
    """Show the window as ``run_window`` does, and close it. What nobody expected fails the test (but ``may_crash``).

    With ``opened`` false the register is not opened: the test does it.
    """
    theme.apply(QApplication.instance(), dark=False)
    window = build_window(folder, clock, rules)
    crashes: list[BaseException] = []
    if not may_crash:
        window.desk.crashed.connect(crashes.append)
    with qtbot.waitSignal(window.painted, timeout=TEN_SECONDS), qtbot.waitActive(window):
        window.resize(*USUAL_SCREEN)
        window.show()
        window.activateWindow()
    if opened:
        window.open_register()
        settle(qtbot, window.desk)
    try:
        yield window
        if window.desk.storage._thread.isRunning():
            settle(qtbot, window.desk)
    finally:
        window.close()
        window.deleteLater()
    assert crashes == []


# ------------------------------------------------------------------------------------------------- what is on screen


def row(window: MainWindow, key: str) -> FieldRow:
    """Return the row of a field of the 登记 page."""
    return window.register.form.rows[key]


def at(window: MainWindow) -> str:
    """Return the key of the field that has the focus; empty where none of the form has it."""
    here = window.register.form.row_of(QApplication.focusWidget())
    return here.key if here is not None else ""


def told(window: MainWindow) -> str:
    """Return the notice."""
    return window.notices.sentence


def problems(window: MainWindow) -> dict[str, str]:
    """Return the sentence that stands, seen, under each field."""
    rows = window.register.form.rows
    return {key: r.problem for key, r in rows.items() if r.problem and r._sentence is not None and is_seen(r._sentence)}


def is_seen(label: QLabel) -> bool:
    """Whether a label is shown (whatever the page is scrolled to)."""
    return label.isVisible() and bool(label.text())


def promise(window: MainWindow) -> str:
    """Return the promise at the foot of the form."""
    return window.findChild(RegisterBar)._promise.text()


def ticked(window: MainWindow) -> set[str]:
    """Return which of the five things are ticked."""
    return {key for key, glyph in window.register._side._signs.items() if glyph.sign == "done"}


def saved(window: MainWindow) -> list[str]:
    """Return the sentences of the page that stands after a save; none where the form stands."""
    panel = window.findChild(SavedPanel)
    return [label.text() for label in panel.findChildren(QLabel) if is_seen(label)]


def tabs(window: MainWindow) -> list[str]:
    """Return the tabs of the forms begun as they read, the present one in brackets; none where they are hidden."""
    strip = window.register._tabs
    here = strip.place
    words = strip.words()
    return [f"[{t}]" if n == here else t for n, t in enumerate(words)] if strip.isVisible() else []


def offered(window: MainWindow) -> list[str]:
    """Return the half-typed forms that are offered beside the present one, as they read."""
    return [text for text in tabs(window) if not text.startswith("[")]


def button(parent: QObject, words: str) -> QPushButton:
    """Return the seen button whose text begins with these words."""
    found = [b for b in parent.findChildren(QPushButton) if b.isVisible() and b.text().startswith(words)]
    assert len(found) == 1, [b.text() for b in found]
    return found[0]


# ------------------------------------------------------------------------------------------------------------- keys


def go(window: MainWindow, key: str) -> None:
    """Press Tab until a field has the focus."""
    for _ in range(2 * len(window.register.form.rows) + 20):
        if at(window) == key:
            return
        press(KEY.Key_Tab)
    raise AssertionError(f"the Tab key does not reach {key}")


def say(*steps: Qt.Key | str) -> None:
    """Press these keys and enter these texts, one after the other."""
    for step in steps:
        if isinstance(step, str):
            commit(step)
        else:
            press(step)


def fill(window: MainWindow, texts: Mapping[str, str]) -> None:
    """Enter a text in each of these fields, going there by Tab."""
    for key, text in texts.items():
        go(window, key)
        commit(text)


def paste(text: str) -> None:
    """Paste into the field that has the focus."""
    QApplication.clipboard().setText(text)
    press(KEY.Key_V, CTRL)
    QApplication.clipboard().clear()


def save(qtbot: QtBot, window: MainWindow) -> None:
    """Press Ctrl+S and wait for the answer."""
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)


def a_small_case(window: MainWindow, content: str = "水壶不加热") -> None:
    """Enter what a save needs, and nothing more."""
    fill(window, {"content": content, "category": "质量", "customer_name": "李女士"})


# ---------------------------------------------------------------------------------------------------- what is on disk


def on_disk(folder: DataFolder, sql: str) -> list[tuple[object, ...]]:
    """Ask the file itself, by a connection that can only read."""
    with closing(sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True)) as conn:
        return [tuple(r) for r in conn.execute(sql).fetchall()]


def contents(folder: DataFolder) -> list[object]:
    """Return the content of every case on file."""
    return [text for (text,) in on_disk(folder, 'SELECT content FROM "case" ORDER BY id')]


def drafts_on_disk(folder: DataFolder) -> list[dict[str, object]]:
    """Return the values of every half-typed form that is kept."""
    return [json.loads(str(form)) for (form,) in on_disk(folder, "SELECT form FROM draft ORDER BY saved_at, id")]


def until(qtbot: QtBot, seen: Callable[[], bool], timeout: int = TEN_SECONDS) -> None:
    """Run the loop until something is so."""
    qtbot.waitUntil(seen, timeout=timeout)


__all__ = ["CTRL", "TEN_SECONDS", "commit", "focus", "press", "settle"]
"""What the rig hands on from the desk's."""

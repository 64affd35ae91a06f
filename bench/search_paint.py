"""From the last key of a word in the window's search box to its hits on the screen, and what a search costs a key.

The word comes into an empty box at once, as an input method gives it. Keys are timed from when they were due, as in
``pauses``, while every one of them begins a search and ends the one before.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QInputMethodEvent

from bench import queries
from bench.measure import Ceiling, Series
from bench.screen import PaintWatch, until
from bench.window import wait_until, window_on
from ui.models.hits_model import HitsModel
from ui.views.search_table import HitsTable
from ui.widgets.search_line import SearchLine

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

MS_A_WORD, MS_A_CHARACTER, MS_A_KEY = 50, 100, 50
_EVERY_MS = 50  # twenty keys in a second: nobody types faster
_KEYS_A_WORD = 6


def painted(folder: DataFolder, ws: Workspace, rng: random.Random, rounds: int) -> Iterator[Ceiling]:
    """Search in the window of a register of one's own; ``ws`` is one like it, from which the words are cut."""
    asked = (("2 to 4 characters", (2, 3, 4), MS_A_WORD), ("1 character", (1,), MS_A_CHARACTER))
    with window_on(folder) as window:
        box = _Box(window)
        for what, sizes, most in asked:
            words = queries.words(ws, rng, sizes, rounds + 1)
            cost = [box.look_for(word) for word in words][1:]  # the first one makes what all others find
            yield Ceiling(f"key to painted hits, {what}", Series(tuple(cost)), most, rarely=True)
        texts = queries.words(ws, rng, (_KEYS_A_WORD,), max(1, rounds // _KEYS_A_WORD))
        keys = [sample for text in texts for sample in box.type(text)]
        yield Ceiling(
            f"key in the box while it searches, {len(keys):,} keys", Series(tuple(keys)), MS_A_KEY, rarely=True
        )


class _Box:
    """The search of a window."""

    def __init__(self, window: MainWindow) -> None:
        self._storage = window.desk.storage
        window.show_page("search")
        box, table = window.findChild(SearchLine), window.findChild(HitsTable)
        assert isinstance(box, SearchLine)
        assert isinstance(table, HitsTable)
        model = table.model()
        assert isinstance(model, HitsModel)
        self._box, self._table, self._model = box, table, model
        self._clear()

    def look_for(self, word: str) -> float:
        """Return the milliseconds until the hits of a word that is somewhere are painted."""
        watch = PaintWatch(self._table.viewport())
        shown = self._model.rowsInserted.connect(watch.ready)
        began = time.perf_counter_ns()
        self._commit(word)
        cost = watch.wait(began)
        QObject.disconnect(shown)
        self._clear()
        return cost

    def type(self, text: str) -> Iterator[float]:
        """Go through the milliseconds from when each key was due until it is seen in the box."""
        due = time.perf_counter_ns()
        for letter in text:
            due += int(_EVERY_MS * 1e6)
            wait_until(due)
            watch = PaintWatch(self._box)
            self._commit(letter)
            watch.ready()
            yield watch.wait(due)
        self._clear()

    def _commit(self, text: str) -> None:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QCoreApplication.sendEvent(self._box, event)

    def _clear(self) -> None:
        """Empty the box, and let everything settle."""
        self._box.clear()
        until(lambda: self._storage.is_idle and not self._model.rowCount())

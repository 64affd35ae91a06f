"""Takes files in on the storage thread, one after the other, a piece at a time: a save never waits for a recording."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desk_app.errors import KnownError
from desk_app.services import attachments as use_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desk_app.domain.attachments import Taken
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.widgets.file_target import Given

_MOST_TOLD = 3  # refusals that one notice holds


class FileIntake(QObject):
    """A queue of files on their way in.

    ``taken`` carries each :class:`Taken` as it arrives; ``progress`` the name and the share of the one that is copied
    now; ``ended`` comes when nothing is left to copy, and says whether all have arrived. What is refused is told once,
    together, as a notice.
    """

    taken = Signal(object)
    progress = Signal(str, float)
    ended = Signal(bool)

    def __init__(self, desk: Desk, room: Callable[[], int], parent: QObject) -> None:
        """Have nothing to copy; ``room`` tells how many files there are already where these go."""
        super().__init__(parent)
        self._desk, self._room = desk, room
        self._waiting: deque[Given] = deque()
        self._refused: list[str] = []
        self._turn = 0  # what was begun in an earlier one is not wanted any more
        self._begun: list[use_cases.Taking] = []  # what is copied now, if anything; the storage thread's own
        self.is_busy = False

    def take(self, given: Iterable[Given]) -> None:
        """Queue these files."""
        self._waiting.extend(given)
        if not self.is_busy and self._waiting:
            self.is_busy = True
            self._begin_next()

    def drop(self) -> int:
        """Leave what is still to be copied; return how many files that were."""
        left = len(self._waiting) + self.is_busy
        self._waiting.clear()
        self._refused.clear()
        self._turn += 1
        if self.is_busy:
            begun = self._begun
            self._desk.ask(lambda _ws: _drop(begun), lambda _nothing: None)
        self.is_busy = False
        return left

    def _begin_next(self) -> None:
        if not self._waiting:
            self._end()
            return
        given, turn = self._waiting.popleft(), self._turn
        try:
            self._desk.rules.attachments.ask_room(given.name, self._room())
        except KnownError as error:
            self._refuse(turn, error)
            return
        begun = self._begun = []

        def begin(ws: Workspace) -> use_cases.Taking:
            begun.append(use_cases.Taking(ws, given.source, given.name))
            return begun[0]

        self._desk.ask(begin, lambda taking: self._go_on(turn, taking), lambda error: self._refuse(turn, error))

    def _go_on(self, turn: int, taking: use_cases.Taking) -> None:
        if turn != self._turn:
            return  # it was dropped
        self.progress.emit(taking.name, taking.progress)
        self._desk.ask(
            lambda _ws: taking.step(),
            lambda taken: self._stepped(turn, taking, taken),
            lambda error: self._refuse(turn, error),
        )

    def _stepped(self, turn: int, taking: use_cases.Taking, taken: Taken | None) -> None:
        if taken is None:
            self._go_on(turn, taking)
        elif turn == self._turn:
            self.taken.emit(taken)
            self._begin_next()

    def _refuse(self, turn: int, error: Exception) -> bool:
        """Keep the sentence for the end; return whether the error is one that has a sentence."""
        is_known = isinstance(error, KnownError)
        if turn == self._turn:
            self._refused.append(self._desk.rules.sentences.error(error) if isinstance(error, KnownError) else "")
            self._begin_next()
        return is_known

    def _end(self) -> None:
        self.is_busy = False
        refused, self._refused = self._refused, []
        told = list(filter(None, refused))
        if told:
            more = self.tr("另有 {0} 个文件也没有放进去。").format(len(told) - _MOST_TOLD)
            sentences = [f"{each}。" for each in told[:_MOST_TOLD]] + ([more] if len(told) > _MOST_TOLD else [])
            self._desk.notice.emit("refused", "".join(sentences))
        self.ended.emit(not refused)


def _drop(begun: list[use_cases.Taking]) -> None:
    """Leave half a copy, after the piece that is under way."""
    for taking in begun:
        taking.drop()

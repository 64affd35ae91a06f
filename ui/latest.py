"""Questions of which only the latest counts: asked at each key, they give way to every save."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_T = TypeVar("_T")
_GAVE_WAY = object()


class Latest:
    """One question after the other; the answer to all but the last is dropped, and its work ended.

    A question gives way to whatever else is wanted of the storage thread, and is then asked anew: behind it, because
    the queue keeps its order. Two of these never give way to each other, or neither would ever be answered.
    """

    def __init__(self, desk: Desk) -> None:
        """Have asked nothing yet."""
        self._desk, self._asked = desk, 0
        self.is_waiting = False
        """Whether an answer that is wanted is still to come."""

    def ask(
        self,
        work: Callable[[Workspace, Callable[[], bool]], _T | None],
        done: Callable[[_T], None],
        refused: Callable[[Exception], bool] | None = None,
    ) -> None:
        """Ask; ``work`` gets what says (on the storage thread) whether it is wanted still, and may return None if not.

        ``done`` and ``refused`` as of :meth:`Desk.ask`; without ``refused`` it is not told that another program is
        writing: nobody asked by name for what is looked up while they type, and the next key asks again.
        """
        self.forget()
        self.is_waiting = True
        asked, storage = self._asked, self._desk.storage

        def is_wanted() -> bool:
            return asked == self._asked and not storage.is_pressed

        def asked_for(ws: Workspace) -> object:
            value = work(ws, is_wanted) if is_wanted() else None
            return _GAVE_WAY if value is None and not is_wanted() else value

        def answered(value: object) -> None:
            if asked != self._asked:
                return
            if value is _GAVE_WAY:
                put()
                return
            self.is_waiting = False
            done(cast("_T", value))

        def failed(error: Exception) -> bool:
            if asked != self._asked:
                return True
            self.is_waiting = False
            return refused(error) if refused is not None else self._desk.lost is not None or _may_be_untold(error)

        def put() -> None:
            self._desk.ask(asked_for, answered, failed, is_patient=True)

        put()

    def forget(self) -> None:
        """Want no answer any more to what was asked."""
        self._asked += 1
        self.is_waiting = False


def _may_be_untold(error: Exception) -> bool:
    return isinstance(error, KnownError) and error.code == "database_busy"

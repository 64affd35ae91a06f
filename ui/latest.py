"""Questions of which only the latest counts: asked at each key, they give way to every save."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_T = TypeVar("_T")


class Latest:
    """One question after the other; the answer to all but the last is dropped, and its work ended.

    A question gives way to whatever else is wanted of the storage thread, and is then asked anew: behind it, because
    the queue keeps its order. Two of these never give way to each other, or neither would ever be answered.
    """

    def __init__(self, desk: Desk) -> None:
        """Have asked nothing yet."""
        self._desk, self._asked = desk, 0

    def ask(
        self,
        work: Callable[[Workspace, Callable[[], bool]], _T | None],
        done: Callable[[_T], None],
        refused: Callable[[Exception], bool] | None = None,
    ) -> None:
        """Ask; ``work`` gets what says (on the storage thread) whether it is wanted still, and returns None if not.

        ``done`` and ``refused`` as of :meth:`Desk.ask`.
        """
        self.forget()
        asked, storage = self._asked, self._desk.storage

        def is_wanted() -> bool:
            return asked == self._asked and not storage.is_pressed

        def answered(value: _T | None) -> None:
            if asked != self._asked:
                return
            if value is None:
                put()
            else:
                done(value)

        def failed(error: Exception) -> bool:
            return asked != self._asked or (refused is not None and refused(error))

        def put() -> None:
            self._desk.ask(lambda ws: work(ws, is_wanted), answered, failed, is_patient=True)

        put()

    def forget(self) -> None:
        """Want no answer any more to what was asked."""
        self._asked += 1

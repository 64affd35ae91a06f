"""Questions asked while somebody types: one at a time, and of those that come meanwhile only the last is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_T = TypeVar("_T")


class Latest(Generic[_T]):
    """Hands the answer of the last question to ``done``; an answer that is not wanted any more is not handed on.

    That an answer could not be had (another program is writing) is not told: nobody asked for it by name.
    """

    def __init__(self, desk: Desk, done: Callable[[_T], None]) -> None:
        """Have nothing to ask."""
        self._desk, self._done = desk, done
        self._under_way: Callable[[Workspace], _T] | None = None
        self._wanted: Callable[[Workspace], _T] | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether an answer that is wanted is still to come."""
        return self._wanted is not None

    def ask(self, work: Callable[[Workspace], _T]) -> None:
        """Ask this instead of whatever was asked before."""
        self._wanted = work
        if self._under_way is None:
            self._send()

    def drop(self) -> None:
        """Want no answer any more."""
        self._wanted = None

    def _send(self) -> None:
        self._under_way = self._wanted
        if self._under_way is not None:
            self._desk.ask(self._under_way, self._answered, self._failed)

    def _answered(self, value: _T) -> None:
        if self._is_over():
            self._done(value)

    def _failed(self, error: Exception) -> bool:
        self._is_over()
        return isinstance(error, KnownError)

    def _is_over(self) -> bool:
        """Take note that an answer has come; return whether it was the one that is wanted, else ask that one."""
        is_wanted = self._under_way is self._wanted
        self._under_way = None
        if is_wanted:
            self._wanted = None
        else:
            self._send()
        return is_wanted

"""Work beside the storage thread: what reads and writes no register of ours, and would make a save wait.

Checking, hashing and sealing a copy of a large register takes seconds, in C and without Python's lock. It runs on a
thread of its own while the storage thread does what is asked of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")
_BETWEEN = 0.02  # seconds: how long a save waits at most until it is asked for


def aside(work: Callable[[], _T], meanwhile: Callable[[], object]) -> _T:
    """Return what ``work`` returns, calling ``meanwhile`` again and again until it has.

    ``work`` opens every connection it uses itself. What either raises is raised here, after ``work`` has ended.
    """
    from concurrent.futures import ThreadPoolExecutor, wait  # noqa: PLC0415 -- a start must not wait for it

    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(work)
        while wait((doing,), _BETWEEN).not_done:
            meanwhile()
        return doing.result()

"""Programs that are killed: children that begin within milliseconds, say lines, and die when the test wants it."""

from __future__ import annotations

import multiprocessing
import os
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

_PATIENCE = 60.0  # seconds that a child may take until it says its first line
needs_kill = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


class Child:
    """A child that runs ``program(pipe, *args)`` and writes lines to its pipe.

    It is forked from a server that has the program loaded and neither Qt nor a register open, so that a hundred kills
    take seconds.
    """

    def __init__(self, program: Callable[..., None], *args: str) -> None:
        """Begin."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.faults.programs"])
        mine, its = context.Pipe(duplex=False)
        self._process = context.Process(target=program, args=(its, *args))
        self._process.start()
        its.close()
        self._lines: Connection = mine
        self.exit_code: int | None = None
        """How it ended; None while it runs."""

    def line(self) -> str:
        """Return the next line, when it is said."""
        assert self._lines.poll(_PATIENCE), "the child says nothing"
        return str(self._lines.recv_bytes().decode())

    def kill_after(self, seconds: float) -> list[str]:
        """Kill it at that moment; return what else it had said by then."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:  # a sleep is too coarse to hit the middle of a write
            pass
        self._process.kill()
        return self.rest()

    def kill_soon_after(self, begun: Callable[[], bool], seconds: float) -> list[str]:
        """Kill it so long after something has begun, or when it has ended before that."""
        while not begun() and self._process.is_alive():
            pass
        return self.kill_after(seconds)

    def rest(self) -> list[str]:
        """Wait for its end; return what else it said."""
        lines = []
        try:
            while True:
                lines.append(self._lines.recv_bytes().decode())
        except EOFError:
            pass
        self._process.join()
        self.exit_code = self._process.exitcode
        self._lines.close()
        self._process.close()
        return lines

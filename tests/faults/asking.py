"""The command line in this process, as the fault tests ask it: whatever it meets, it answers with a sentence."""

from __future__ import annotations

import contextlib
import io
import signal
import sys
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

from desk_app import cli
from desk_app.clock import FixedClock
from desk_app.errors import KnownError
from desk_app.face import Face
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk_app.services.rules import Rules

_HANGS = 5.0  # seconds of the processor
_HUNG = -1  # the exit code of what was broken off


class _HangsError(BaseException):
    """A command does not come to an end; no clause for errors takes it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said, how long it worked, and what the log holds then."""

    code: int
    out: str
    err: str
    seconds: float
    log: str

    def wrong(self) -> Iterator[str]:
        """Go through what no command may do, whatever it is given."""
        if "Traceback" in self.err or "程序内部出错" in self.err or self.log:
            yield f"crashed: {self.err.strip()} {self.log}"
        elif self.code not in (0, _HUNG) and not self.err.strip() and not self.out.strip():
            yield f"exit {self.code} without a sentence"
        if self.seconds > _HANGS:
            yield f"worked for {self.seconds:.1f} s"


def ask(root: Path, rules: Rules, *arguments: str, stdin: bytes = b"") -> Answer:
    """Run a command on a data folder."""
    face = Face(rules, FixedClock(NOW), _no_picture, lambda: None)
    out, err, begun = io.StringIO(), io.StringIO(), time.process_time()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch.object(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin))),
    ):
        code = _HUNG
        with contextlib.suppress(_HangsError), _stopped_after(2 * _HANGS):
            code = cli.main(["--data", str(root), *arguments], face)
    log = root / "desk.log"
    told = log.read_text(encoding="utf-8") if log.exists() else ""
    return Answer(code, out.getvalue(), err.getvalue(), time.process_time() - begun, told)


@contextlib.contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Break off what has worked for so many seconds of the processor, where the system can tell."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(_number: int, _frame: object) -> None:
    raise _HangsError


def _no_picture(_out: Path) -> list[Path]:
    raise KnownError("disk_full")

"""The index of words and the figures of a made-up register, made once and kept beside it."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING

from bench.register_maker import END, Size, open_with, register_of
from desk_app.clock import FixedClock
from desk_app.services import figures, search

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.paths import DataFolder

_AT_ONCE = 20_000  # lines of history
_TOLD_EVERY = 500_000


def indexed(size: Size, cache: Path) -> DataFolder:
    """Return the data folder of a register of that size with its index complete; what of it is missing is made now.

    The register is not to be written to. A million cases take a quarter of an hour; what was made stays if it is ended.
    """
    folder = register_of(size, cache)
    with closing(open_with(folder, FixedClock(END))) as ws:
        while (step := search.catch_up(ws, _AT_ONCE)).left:
            assert step.done
            if step.left % _TOLD_EVERY < _AT_ONCE:
                print(f"index: {step.left:,} lines of history left …", file=sys.stderr, flush=True)
    return folder


def figured(size: Size, cache: Path) -> DataFolder:
    """Return the data folder of a register of that size with its figures complete; as :func:`indexed` does."""
    folder = register_of(size, cache)
    with closing(open_with(folder, FixedClock(END))) as ws:
        while (step := figures.catch_up(ws, _AT_ONCE)).left:
            assert step.done
            if step.left % _TOLD_EVERY < _AT_ONCE:
                print(f"figures: {step.left:,} lines of history left …", file=sys.stderr, flush=True)
    return folder

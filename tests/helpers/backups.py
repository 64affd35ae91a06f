"""Backups that are on record as verified, without being any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.storage import generations
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def touched(paths: Iterable[Path]) -> list[Path]:
    """Make empty files in one folder and put them on record as verified now."""
    made = list(paths)
    for path in made:
        path.touch()
    put_on_record(made)
    return made


def put_on_record(made: list[Path]) -> None:
    """Say of the files of one folder that they were verified, beside what is on record of others."""
    folder = made[0].parent
    known = dict(generations._read(folder))
    known.update({path.name: generations._checked(path, NOW, "", "", None) for path in made})
    lines = [generations._line(known[name]) for name in sorted(known)]
    (folder / generations._RECORD).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

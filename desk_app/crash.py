"""What is written down when the program itself is at fault: enough to mend it, nothing about a person.

Only the types of the errors, their codes and the places in the code: never a message (five of seven ordinary
exceptions carry the value they stumbled over), never a local variable.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app import __version__
from desk_app.paths import make_private_file, make_private_folder

if TYPE_CHECKING:
    from datetime import datetime

_LOG_LIMIT = 1_000_000  # bytes; then the log starts anew and the old one is kept once


def write_report(log: Path, error: BaseException, now: datetime) -> None:
    """Append a report to the log.

    Raises:
        OSError: the log cannot be written; the caller has nowhere else to put it, and says so.
    """
    make_private_folder(log.parent)
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    make_private_file(log)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{now.isoformat()} desk-app {__version__}\n{describe(error)}\n")


def describe(error: BaseException) -> str:
    """Return the chain of errors with the places they passed, without their messages."""
    lines: list[str] = []
    link: BaseException | None = error
    while link is not None:
        code = getattr(link, "code", None)
        lines.append(type(link).__qualname__ + (f" {code}" if isinstance(code, str) else ""))
        lines += [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(link.__traceback__)]
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(lines)

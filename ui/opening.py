"""Have the desktop open a file or a folder, and say why it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from pathlib import Path


def open_outside(path: Path) -> KnownError | None:
    """Open a file or a folder in the program that the desktop has for it; return why not: ``open_gone``, ``open_none``.

    It is asked first whether it is there: a desktop says nothing of what is gone.
    """
    if not path.exists():
        return KnownError("open_gone", path=path)
    return None if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))) else KnownError("open_none", path=path)

"""On what the figures were taken."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIBRARIES = ("PySide6-Essentials", "sqlite-utils", "openpyxl")


def facts() -> Mapping[str, str]:
    """Return what a reader has to know to compare the figures with their own."""
    return {
        "date": datetime.now().astimezone().isoformat(" ", "minutes"),
        "system": platform.platform(terse=True),
        "processor": f"{_processor()}, {os.cpu_count()} cores{_load()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in _LIBRARIES},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _load() -> str:
    """Return how many other things wanted the processor when the run began, where the system tells."""
    if sys.platform == "win32":
        return ""
    return f", load {os.getloadavg()[0]:.1f}"

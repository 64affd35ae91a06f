"""A sheet as cells on paper, for the face that draws it (preview, print, PDF), and the file that it is put into.

What a grid is made of is named here because a face sees nothing below the services; no openpyxl comes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.sheets.fit import width_of
from desk_app.sheets.grid import (
    BOLD,
    FRAMED,
    PROOF_SIZE,
    SHADED,
    Area,
    CellValue,
    Chart,
    Edge,
    Grid,
    Look,
    Merge,
    Role,
    Row,
)
from desk_app.sheets.heading import shown
from desk_app.sheets.sheet import Align, ChartKind, Font, Kind, Orientation, Page, Paper
from desk_app.sheets.target import make_folder, replace_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "BOLD",
    "FRAMED",
    "PROOF_SIZE",
    "SHADED",
    "Align",
    "Area",
    "CellValue",
    "Chart",
    "ChartKind",
    "Edge",
    "Font",
    "Grid",
    "Kind",
    "Look",
    "Merge",
    "Orientation",
    "Page",
    "Paper",
    "Role",
    "Row",
    "put_file",
    "shown",
    "width_of",
]


def put_file(path: Path, data: bytes | memoryview) -> None:
    """Put a finished file in its place, whole or not at all; its folder is made, a file of that name is replaced.

    Raises:
        KnownError: ``target_open``, ``disk_full``, ``target_unwritable``.
    """
    make_folder(path.parent)
    replace_file(path, data)

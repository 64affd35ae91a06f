"""Lets a person choose a file or a folder that is there; the window goes on meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable


def ask_file(
    parent: QWidget,
    title: str,
    chosen: Callable[[str], object],
    *,
    beginning_at: str = "",
    filters: tuple[str, ...] = (),
) -> None:
    """Ask for one file; ``chosen`` is called with its path, and not at all where the person thinks better of it."""
    dialog = _dialog(parent, title, QFileDialog.FileMode.ExistingFile, beginning_at)
    if filters:
        dialog.setNameFilters(filters)
    dialog.fileSelected.connect(chosen)
    dialog.open()


def ask_folder(parent: QWidget, title: str, chosen: Callable[[str], object], *, beginning_at: str = "") -> None:
    """Ask for a folder, as :func:`ask_file` does for a file."""
    dialog = _dialog(parent, title, QFileDialog.FileMode.Directory, beginning_at)
    dialog.fileSelected.connect(chosen)
    dialog.open()


def _dialog(parent: QWidget, title: str, mode: QFileDialog.FileMode, beginning_at: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, beginning_at)
    dialog.setFileMode(mode)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog

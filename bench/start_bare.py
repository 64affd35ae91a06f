"""In a child process: a bare form of the same widgets, up to its first key. Nothing else is imported or done."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from PySide6 import QtWidgets

from bench.first_key import FirstKey

_COLUMNS = 6


def main(folder: str) -> int:
    """Show one widget for each that the program's window has (``census.py`` in ``folder``), and run."""
    sys.path.insert(0, folder)
    census: Any = import_module("census")  # a module and no JSON, because a module is compiled once

    app = QtWidgets.QApplication([])
    app.setStyle("Fusion")
    window = QtWidgets.QMainWindow()
    form = QtWidgets.QWidget()
    grid = QtWidgets.QGridLayout(form)
    field: Any = None
    for place, (kind, is_shown, text) in enumerate(census.WIDGETS):
        widget = getattr(QtWidgets, kind)(form)
        if text:
            widget.setText(text)
        if is_shown:
            grid.addWidget(widget, place // _COLUMNS, place % _COLUMNS)
        else:
            widget.hide()
        if field is None and is_shown and kind == "QLineEdit":
            field = widget
    window.setCentralWidget(form)
    window.resize(*census.SIZE)
    first = FirstKey(window)
    field.textChanged.connect(first.taken)
    field.setFocus()
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""In a child process: write down which widgets the program's window has when it is first painted.

What a Qt widget makes for itself (a scroll area's viewport, a combo box's line) is left out: the bare form's widgets
make their own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QScrollBar, QTabBar, QWidget

from bench.first_key import FirstKey
from desk_app.__main__ import main

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

_MAKES_ITS_OWN = (QAbstractSpinBox, QComboBox, QLineEdit, QTabBar)
_NEAREST = {"QAbstractButton": "QPushButton"}  # what cannot be made by itself
_run_loop = QApplication.exec


class _Census(FirstKey):
    """Counts instead of typing."""

    def __init__(self, window: QWidget, folder: Path) -> None:
        super().__init__(window)
        self._folder = folder

    def customEvent(self, _event: QEvent) -> None:  # noqa: N802 -- Qt's own name
        """Write down every widget."""
        window = self.parent()
        assert isinstance(window, QWidget)
        widgets = [_entry(w) for w in window.findChildren(QWidget) if not _is_made_by_qt(w)]
        size = window.width(), window.height()
        (self._folder / "census.py").write_text(f"SIZE = {size}\nWIDGETS = {widgets!r}\n", encoding="utf-8")
        QApplication.exit(0)


def _entry(widget: QWidget) -> tuple[str, bool, str]:
    """Return the Qt class, whether it is on the screen, and its text."""
    kind = next(c for c in type(widget).__mro__ if c.__module__ == "PySide6.QtWidgets")
    return _NEAREST.get(kind.__name__, kind.__name__), widget.isVisible(), _text(widget)


def _text(widget: Any) -> str:  # noqa: ANN401 -- any widget, with or without a text
    return str(widget.text()) if hasattr(widget, "text") and hasattr(widget, "setText") else ""


def _is_made_by_qt(widget: QWidget) -> bool:
    if widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar):
        return True
    above = widget.parentWidget()
    while above is not None and not isinstance(above, _MAKES_ITS_OWN):
        above = above.parentWidget()
    return above is not None


def _run_loop_and_count(*_: object) -> int:
    """Stand in for Qt's own: by now the program has shown its window."""
    window = next(w for w in QApplication.topLevelWidgets() if w.isWindow() and w.isVisible())
    _Census(window, _folder)
    return _run_loop()


if __name__ == "__main__":
    _folder = Path(sys.argv.pop(1))
    QApplication.exec = _run_loop_and_count  # type: ignore[method-assign]
    sys.exit(main())

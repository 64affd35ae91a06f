"""In a child process: the program's own window on a data folder, up to its first key."""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtWidgets import QApplication

from bench.first_key import FirstKey
from desk_app.__main__ import main

_run_loop = QApplication.exec


def _run_loop_to_first_key(*_: object) -> int:
    """Stand in for Qt's own: by now the program has shown its window."""
    from ui.forms.field_form import FieldForm  # noqa: PLC0415 -- the program has imported it by now

    window = next(w for w in QApplication.topLevelWidgets() if w.isWindow() and w.isVisible())
    first = FirstKey(window)
    form: Any = window.findChild(FieldForm)
    form.edited.connect(first.taken)
    return _run_loop()


if __name__ == "__main__":
    QApplication.exec = _run_loop_to_first_key  # type: ignore[method-assign]
    sys.exit(main())

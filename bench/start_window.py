"""In a child process: the program's own window on a data folder, up to its first key.

The program imports PySide6 itself, in its own way and order, as it does for a person: what this module adds is hooked
onto ``ui.app`` once that is loaded.
"""

from __future__ import annotations

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

from desk_app.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class _AfterLoading(MetaPathFinder, Loader):
    """Loads ``ui.app`` as ever, then lets its event loop begin with :func:`_run_loop_to_first_key`."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != "ui.app":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None:
            self._loader: Any = spec.loader
            spec.loader = self
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        widgets: Any = importlib.import_module("PySide6.QtWidgets")
        run_loop = widgets.QApplication.exec
        widgets.QApplication.exec = lambda *_: _run_loop_to_first_key(widgets.QApplication, run_loop)


def _run_loop_to_first_key(application: Any, run_loop: Any) -> int:  # noqa: ANN401 -- PySide6 is not imported here yet
    """Stand in for Qt's own: by now the program has shown its window."""
    from bench.first_key import FirstKey  # noqa: PLC0415 -- imports PySide6, which the program has done by now
    from ui.forms.field_form import FieldForm  # noqa: PLC0415

    window = next(w for w in application.topLevelWidgets() if w.isWindow() and w.isVisible())
    first = FirstKey(window)
    form: Any = window.findChild(FieldForm)
    form.edited.connect(first.taken)
    return int(run_loop())


if __name__ == "__main__":
    sys.meta_path.insert(0, _AfterLoading())
    sys.exit(main())

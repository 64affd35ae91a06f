"""The composition root: with no command the window, with one the command line. The only file that may import ``ui``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk_app.services.paper import Grid


def main() -> int:
    """Run the program and return its exit code."""
    arguments = sys.argv[1:]
    data = _window_data(arguments)
    if data is not None:
        return _open_window(data)
    return _run_command(arguments)


def _window_data(arguments: list[str]) -> list[str] | None:
    """Return the ``--data`` value (or an empty list) where nothing but it was given: then the window is meant."""
    match arguments:
        case []:
            return []
        case ["--data", folder]:
            return [folder]
        case [only] if only.startswith("--data="):
            return [only.removeprefix("--data=")]
        case _:
            return None


def _open_window(data: list[str]) -> int:
    # The core first, as far as the form needs it: PySide6 reads the source of every module that is imported after it.
    # What these modules define are named tuples: five frozen dataclasses would keep the first key waiting for 4 ms.
    import desk_app.clock
    import desk_app.domain.problems
    import desk_app.domain.text
    import desk_app.domain.times
    import desk_app.services.rules  # noqa: F401
    from desk_app.paths import DataFolder, default_data_dir
    from ui.app import run_window

    return run_window(DataFolder(Path(data[0]) if data else default_data_dir()))


def _run_command(arguments: list[str]) -> int:
    from desk_app import cli
    from desk_app.clock import SystemClock
    from desk_app.errors import KnownError
    from desk_app.face import Face
    from desk_app.services.rules import load_rules, load_sentences

    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        rules = load_rules().read_all()
    except KnownError as error:
        try:
            sentence = load_sentences().error(error)
        except KnownError:  # the file with the sentences is the broken one, so this one stands here
            sentence = f"资料文件 {error.params['file']} 有错，请改正或重新安装"
        sys.stderr.write(f"{sentence}\n")
        return 1
    return cli.main(arguments, Face(rules, SystemClock(), _run_demo, _run_self_test, _write_pdf))


def _run_demo(out: Path) -> list[Path]:
    _without_a_screen()
    from ui.demo import run_demo

    return run_demo(out)


def _run_self_test() -> None:
    _without_a_screen()
    from ui.self_test import run_self_test

    run_self_test()


def _write_pdf(grids: Sequence[Grid], path: Path, properties: Mapping[str, str]) -> None:
    _without_a_screen()
    from ui.printing.pdf import pdf_of

    pdf_of(grids, path, properties)


def _without_a_screen() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


if __name__ == "__main__":
    sys.exit(main())

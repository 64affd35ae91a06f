"""In a child process: open the window on a data folder, open its queue, and print the most memory it held, in MiB."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from bench.register_maker import END
from bench.screen import application, until
from desk_app.clock import FixedClock
from desk_app.paths import DataFolder
from ui.app import build_window

_STATUS = Path("/proc/self/status")


def main(folder: Path) -> int:
    """Open the window and its queue, wait until nothing is left to do, and measure."""
    application()
    window = build_window(DataFolder(folder), FixedClock(END))
    window.show()
    window.open_register()
    until(lambda: window.desk.shop is not None)
    window.show_page("follow_up")
    until(lambda: window.desk.storage.is_idle)
    QCoreApplication.processEvents()
    print(peak())
    window.close()
    return 0


def peak() -> float:
    """Return the greatest size that this process has had, in MiB. Not on Windows."""
    if _STATUS.is_file():  # Linux: getrusage would count what the parent had at the fork
        fields = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="utf-8").splitlines())
        return int(fields["VmHWM"].removesuffix("kB")) / 1024
    import resource  # noqa: PLC0415 -- Windows has none

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

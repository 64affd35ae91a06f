"""What every test may ask for. Nothing here imports Qt: only the tests of the window do."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before the first QGuiApplication, whoever makes it

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from desk_app.clock import FixedClock
from desk_app.paths import DataFolder
from desk_app.services.rules import Rules, load_rules
from desk_app.services.workspace import Workspace, open_workspace
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

settings.register_profile("desk", deadline=None, max_examples=60)  # a slow disk is no failure of a rule
settings.load_profile("desk")


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at Sunday 2026-11-22 10:00 +08:00 until the test moves it (``clock.moment = …``)."""
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The facts as they are shipped."""
    return load_rules()


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder that does not exist yet."""
    return DataFolder(tmp_path / "data")


@pytest.fixture
def workspace(folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[Workspace]:
    """A new register, open on the test's own thread."""
    ws = open_workspace(folder, clock, rules)
    yield ws
    ws.close()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real texts beside the project, which no licence lets us copy; without it the test is skipped."""
    path = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not path.is_dir():
        pytest.skip(f"the real texts are not here ({path})")
    return path


@pytest.fixture
def made_read_only() -> Callable[[Path], AbstractContextManager[None]]:
    """What makes a folder and all in it read-only for a while: root, whom no mode keeps out, mounts it so."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if os.name == "nt":
        pytest.skip("a mode does not make a folder read-only on Windows")
    if os.geteuid() != 0:
        return _read_only_by_mode
    if mount is None or unmount is None:
        pytest.skip("this machine does not let us mount")

    @contextmanager
    def by_mount(folder: Path) -> Iterator[None]:
        if subprocess.run([mount, "--bind", str(folder), str(folder)], check=False, capture_output=True).returncode:
            pytest.skip("this machine does not let us mount")
        try:
            subprocess.run([mount, "-o", "remount,bind,ro", str(folder)], check=True)
            yield
        finally:
            subprocess.run([unmount, "--lazy", str(folder)], check=True)

    return by_mount


@contextmanager
def _read_only_by_mode(folder: Path) -> Iterator[None]:
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 512 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if os.name == "nt" or mount is None or unmount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    command = [mount, "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    yield disk
    subprocess.run([unmount, str(disk)], check=True)

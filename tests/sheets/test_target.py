from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from desk_app.errors import KnownError
from desk_app.sheets import target
from desk_app.sheets.target import make_folder, put_in_place, replace_file, staging

_REPOSITORY = Path(__file__).resolve().parents[2]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A target that is there already, the only file of its folder."""
    path = tmp_path / "登记表_2026-10.xlsx"
    path.write_bytes(b"old")
    return path


def test_the_new_file_takes_the_place_of_the_old_one(path: Path) -> None:
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(path.parent) == [path.name]


@pytest.mark.fault
@pytest.mark.parametrize("place", ["open", "fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EIO, "target_unwritable"), (errno.EROFS, "target_unwritable")],
)
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch, place: str, number: int, code: str
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(*((Path, "open", fail) if place == "open" else (os, place, fail)))
    with pytest.raises(KnownError) as caught:
        replace_file(path, b"new")
    monkeypatch.undo()
    assert caught.value.code == code
    if code == "target_unwritable":
        assert caught.value.params == {"path": path, "reason": os.strerror(number)}
    assert path.read_bytes() == b"old"
    assert names(path.parent) == [path.name]


def _held(monkeypatch: pytest.MonkeyPatch, winerror: int, times: int) -> list[None]:
    """Let ``os.replace`` fail as Windows does while another program holds the target, and count the tries."""
    tries: list[None] = []
    replace = os.replace

    def held(source: Path, destination: Path) -> None:
        tries.append(None)
        if len(tries) > times:
            replace(source, destination)
            return
        error = PermissionError(errno.EACCES, "held")
        error.winerror = winerror  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(os, "replace", held)
    monkeypatch.setattr(target, "RETRY_SECONDS", (0.0, 0.0, 0.0))
    return tries


@pytest.mark.fault
@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_a_target_held_for_a_moment_is_tried_again(path: Path, monkeypatch: pytest.MonkeyPatch, winerror: int) -> None:
    tries = _held(monkeypatch, winerror, times=2)
    replace_file(path, b"new")
    assert len(tries) == 3
    assert path.read_bytes() == b"new"


@pytest.mark.fault
@pytest.mark.parametrize(("winerror", "tries_made"), [(32, 4), (1, 1)])
def test_a_target_open_elsewhere_is_told_and_a_free_name_offered(
    path: Path, monkeypatch: pytest.MonkeyPatch, winerror: int, tries_made: int
) -> None:
    path.with_name("登记表_2026-10(2).xlsx").touch()
    tries = _held(monkeypatch, winerror, times=99)
    with pytest.raises(KnownError) as caught:
        replace_file(path, b"new")
    assert caught.value.code == "target_open"
    assert caught.value.params == {"path": path, "other": path.with_name("登记表_2026-10(3).xlsx")}
    assert len(tries) == tries_made
    assert path.read_bytes() == b"old"
    assert names(path.parent) == ["登记表_2026-10(2).xlsx", "登记表_2026-10.xlsx"]


@pytest.mark.fault
@pytest.mark.parametrize(("times", "is_open"), [(2, False), (99, True)])
def test_a_target_that_cannot_even_be_read_is_tried_again_and_then_told_as_open(
    path: Path, monkeypatch: pytest.MonkeyPatch, times: int, is_open: bool
) -> None:
    tries: list[None] = []
    copy = shutil.copy2

    def held(source: Path, destination: Path) -> None:
        tries.append(None)
        if len(tries) > times:
            copy(source, destination)
            return
        error = PermissionError(errno.EACCES, "held")
        error.winerror = 32  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(shutil, "copy2", held)
    monkeypatch.setattr(target, "RETRY_SECONDS", (0.0, 0.0, 0.0))
    with ExitStack() as expected, staging(path.parent) as folder:
        staged = folder / path.name
        staged.write_bytes(b"new")
        if is_open:
            expected.enter_context(pytest.raises(KnownError, match="target_open"))
        with put_in_place([(staged, path)]):
            pass
    assert len(tries) == (4 if is_open else 3)
    assert path.read_bytes() == (b"old" if is_open else b"new")
    assert names(path.parent) == [path.name]


def test_the_waits_are_long_enough_for_a_scanner_and_short_enough_for_a_person() -> None:
    assert target.RETRY_SECONDS[0] == 0.05
    assert max(target.RETRY_SECONDS) == 0.8
    assert 1.5 < sum(target.RETRY_SECONDS) <= 2.5


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        replace_file(tmp_path / "gone" / "a.xlsx", b"new")
    assert caught.value.code == "target_unwritable"


def test_a_target_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(KnownError) as caught:
        replace_file(tmp_path / "a.xlsx", b"new")
    assert caught.value.code == "target_unwritable"
    assert names(tmp_path) == ["a.xlsx"]


def test_the_folder_is_made_or_its_hindrance_told(tmp_path: Path) -> None:
    make_folder(tmp_path / "out" / "2026")
    assert (tmp_path / "out" / "2026").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(KnownError) as caught:
        make_folder(tmp_path / "file" / "2026")
    assert caught.value.code == "target_unwritable"


_WRITE_AND_HANG = """
import os, sys
from pathlib import Path
from desk_app.sheets.target import replace_file
def hang(descriptor):
    print("written", flush=True)
    sys.stdin.read()
os.fsync = hang
replace_file(Path(sys.argv[1]), b"new")
"""


@pytest.mark.fault
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_write_leaves_the_old_file_and_the_next_one_clears_up(path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITE_AND_HANG, str(path)],
        cwd=_REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
    assert path.read_bytes() == b"old"
    (left,) = [name for name in names(path.parent) if name != path.name]
    replace_file(path, b"newer")
    assert left in names(path.parent)  # it could be a living writer's
    an_hour_ago = time.time() - 3600
    os.utime(path.parent / left, (an_hour_ago, an_hour_ago))
    replace_file(path, b"newest")
    assert names(path.parent) == [path.name]
    assert path.read_bytes() == b"newest"

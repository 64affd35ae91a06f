"""What about the machine endangers the register: little room, no right to write, a shared place, a wrong clock.

Nothing is refused: each is told, on the standing bar of the window and on standard error, with what to do about it.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from desk_app.services.results import Finding
from desk_app.storage import cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import PurePath

    from desk_app.services.workspace import Workspace

LEAST_FREE = 500_000_000
"""Bytes; below it a year of photos, a backup or an export may no longer find room."""
_SET_BACK = timedelta(minutes=5)  # a clock that is put right by the network moves by less
_FAR_AHEAD = timedelta(days=365)  # no shop is closed for longer
_SANE_YEARS = range(2025, 2099)  # a dead battery has it begin in 1970 or 2000, a slip of the hand ends it in 2099
_OF_A_DAY = 20  # the last events: one that was entered under a wrong clock is among them for about so long

_MOUNTS = Path("/proc/self/mounts")
_OCTAL = re.compile(r"\\([0-7]{3})")  # how a blank in the name of a folder is written there
_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "afs", "ceph", "davfs", "glusterfs", "ncpfs", "vboxsf", "9p"}
    | {f"fuse.{name}" for name in ("sshfs", "rclone", "gvfsd-fuse", "glusterfs", "davfs2", "vmhgfs-fuse", "s3fs")}
)
"""Types of file systems behind which another machine is: their locks and their sync cannot be relied on."""
_DRIVE_REMOTE = 4  # GetDriveType of Windows

_CLOUDS = (
    ("onedrive", "OneDrive"),
    ("坚果云", "坚果云"),
    ("我的坚果云", "坚果云"),
    ("nutstore", "坚果云"),
    ("dropbox", "Dropbox"),
    ("icloud", "iCloud"),
    ("com~apple~clouddocs", "iCloud"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("baidusyncdisk", "百度网盘"),
    ("百度网盘", "百度网盘"),
    ("wps云盘", "WPS 云盘"),
    ("wpsdrive", "WPS 云盘"),
)
"""How the folders of synchronising programs are called, as far as a name begins (in lower case), and the program."""


class Mount(NamedTuple):
    """A place in the tree of folders, and the type of the file system there."""

    at: str
    kind: str


def look(ws: Workspace) -> tuple[Finding, ...]:
    """Return what endangers the register now: cheap, to be asked again and again. On the storage thread."""
    root = ws.folder.root
    found = (
        Finding("register_read_only", {"path": ws.folder.database}) if ws.store.is_read_only else None,
        _place(root),
        _room(root),
        _clock(ws),
    )
    return tuple(each for each in found if each is not None)


def _room(root: Path) -> Finding | None:
    try:
        free = shutil.disk_usage(root).free
    except OSError:
        return None  # the folder is gone: whatever is asked of the register next tells it
    return Finding("disk_low", {"left": free // 1_000_000, "path": root}) if free < LEAST_FREE else None


def _clock(ws: Workspace) -> Finding | None:
    """Compare the clock with the last events; the window goes by it, and so does every due date from now on."""
    now = ws.clock.now()
    with ws.store.reading() as conn:
        last = max(_moments(ws, cases.last_entered(conn, _OF_A_DAY)), default=None)
    if last is not None and now < last - _SET_BACK:
        return Finding("clock_set_back", {"now": now, "last": last})
    if last is not None and now > last + _FAR_AHEAD:
        return Finding("clock_far_ahead", {"now": now, "last": last})
    return None if now.year in _SANE_YEARS else Finding("clock_not_set", {"now": now})


def _moments(ws: Workspace, texts: Iterable[str]) -> Iterator[datetime]:
    """Go through those that are moments: a damaged one is for the register's check to tell, which must be reached."""
    for text in texts:
        with suppress(ValueError, TypeError, OverflowError):
            yield ws.clock.local(datetime.fromisoformat(text))


# --------------------------------------------------------------------------------------------------------- the place


def _place(root: Path) -> Finding | None:
    """Say that others than this machine write to the folder, where its name or its file system shows it."""
    path = _resolved(root)
    if (cloud := cloud_of(path)) is not None:
        return Finding("folder_in_cloud", {"path": root, "cloud": cloud})
    return Finding("folder_on_network", {"path": root}) if _is_remote(path) else None


def _resolved(root: Path) -> Path:
    try:
        return root.resolve()
    except (OSError, RuntimeError):  # a link to itself
        return root.absolute()


def cloud_of(path: PurePath) -> str | None:
    """Return the program that synchronises a folder, as far as the names on the way to it tell; else None."""
    for part in path.parts:
        name = part.casefold()
        for begins, cloud in _CLOUDS:
            if name.startswith(begins):
                return cloud
    return None


def _is_remote(path: Path) -> bool:
    if os.name == "nt":
        return _is_remote_drive(path)
    return kind_at(path, _mounts()) in _REMOTE


def _is_remote_drive(path: PurePath) -> bool:
    r"""Whether a path is ``\\server\share`` or on a drive that is one (written for Windows, and not tried there)."""
    if sys.platform == "win32" and not path.drive.startswith("\\\\"):
        import ctypes  # noqa: PLC0415 -- only there

        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == _DRIVE_REMOTE)
    return path.drive.startswith("\\\\")


def _mounts() -> tuple[Mount, ...]:
    """Return what is mounted where, in the order it was; nothing where the system does not say (macOS)."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ()
    return tuple(read_mounts(lines))


def read_mounts(lines: Iterable[str]) -> list[Mount]:
    """Read the lines of ``/proc/self/mounts``."""
    cells = (line.split(" ") for line in lines)
    return [Mount(_OCTAL.sub(lambda found: chr(int(found[1], 8)), c[1]), c[2]) for c in cells if len(c) > 2]  # noqa: PLR2004


def kind_at(path: PurePath, mounts: Iterable[Mount]) -> str:
    """Return the type of the file system that a path lies on: the deepest, of those at one place the last."""
    best = Mount("", "")
    for mount in mounts:
        if path.is_relative_to(mount.at) and len(mount.at) >= len(best.at):
            best = mount
    return best.kind

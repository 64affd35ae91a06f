"""Where things are: the program's resources and the shop's data folder."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


def resources_dir() -> Path:
    """Return the folder of the data files, in the source tree and in the frozen bundle alike."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parent.parent
    return root / "resources"


def default_data_dir() -> Path:
    """Return the platform's folder for this program's data (not created here)."""
    from platformdirs import user_data_path  # noqa: PLC0415 -- asked for only where --data is absent

    return user_data_path("ComplaintDesk", appauthor=False)


def make_private_folder(folder: Path) -> None:
    """Make a folder that only this user can open (POSIX; on Windows it inherits); one that is there stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o777 if os.name == "nt" else 0o700, exist_ok=True)  # newer Pythons obey 0o700 on Windows too


def make_private_file(path: Path) -> None:
    """Make an empty file that only this user can read and write; one that is there stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


class DataFolder(NamedTuple):
    """The one deployment's folder: database, backups and logs lie beside each other, so that one copy takes all."""

    root: Path

    @property
    def database(self) -> Path:
        """The register itself."""
        return self.root / "desk.sqlite"

    @property
    def key(self) -> Path:
        """The keys that the register's ledger is sealed with; without it nobody can say that nothing was changed."""
        return self.root / "desk.key"

    @property
    def seal(self) -> Path:
        """For whom backups that leave the house are sealed; there is none where the shop has set no passphrase."""
        return self.root / "backup.seal"

    @property
    def anchors(self) -> Path:
        """What the ledger came to at each backup and export: by it is seen when an older register was put back."""
        return self.root / "anchors.tsv"

    @property
    def last_check(self) -> Path:
        """When the register was last checked while nobody waited, and how much was found."""
        return self.root / "check.json"

    @property
    def deadlines(self) -> Path:
        """The shop's own rules; there is none where it has changed nothing."""
        return self.root / "deadlines.toml"

    @property
    def warnings(self) -> Path:
        """The shop's own rules of early warning; there is none where it has changed nothing."""
        return self.root / "warnings.toml"

    @property
    def backups(self) -> Path:
        """Verified copies of the register."""
        return self.root / "backups"

    @property
    def search(self) -> Path:
        """The index of every word of the register: made from it, and made anew wherever it is missing or behind."""
        return self.root / "search.sqlite"

    @property
    def figures(self) -> Path:
        """What is counted of the register: made from it, and made anew wherever it is missing or behind."""
        return self.root / "figures.sqlite"

    @property
    def unsaved(self) -> Path:
        """Half-typed forms that the register could not take; it is there only as long as that is so."""
        return self.root / "unsaved.json"

    @property
    def attachments(self) -> Path:
        """What was laid to cases, each file under the hash of its content."""
        return self.root / "attachments"

    @property
    def window_lock(self) -> Path:
        """Held by the one open window."""
        return self.root / "window.lock"

    @property
    def phrases(self) -> Path:
        """The shop's own phrases, where it has written some (``domain/guide.py`` says how)."""
        return self.root / "phrases.tsv"

    @property
    def sheets(self) -> Path:
        """The shop's own standard sheets, where it has some; they take the place of those of the house."""
        return self.root / "sheets"

    @property
    def log(self) -> Path:
        """What went wrong, without personal data."""
        return self.root / "desk.log"

    def tighten(self) -> None:
        """Take the rights of other users from what is ours and lies here already (POSIX).

        A folder in which something foreign lies was not made for us (``--data ~/Documents``): it stays as it is, what
        is ours in it does not. A group that may write was let in on purpose; it keeps what it has. What belongs to
        another user of the machine cannot be changed, and is left.
        """
        if os.name == "nt":
            return
        with suppress(OSError):
            found = list(self.root.iterdir())
            ours = [path for path in found if _first_word(path) in _OURS]
            for path in ours if len(ours) < len(found) else (self.root, *ours):
                _take_from_others(path)


_OURS = frozenset(
    {
        *("anchors", "attachments", "backups", "deadlines", "desk", "figures"),
        *("phrases", "search", "sheets", "warnings", "window", "write"),
    }
)
"""With what everything begins that is made in a data folder: desk.sqlite-journal, deadlines.20261122-100000.toml …"""


def _first_word(path: Path) -> str:
    return path.name.lstrip(".").partition(".")[0].partition("-")[0]


def _take_from_others(path: Path) -> None:
    with suppress(OSError):
        mode = path.lstat().st_mode
        if path.is_symlink():
            return
        group = 0 if mode & stat.S_IWGRP else stat.S_IRWXG
        if mode & (group | stat.S_IRWXO):
            path.chmod(stat.S_IMODE(mode) & ~(group | stat.S_IRWXO))

"""Where things are: the program's resources and the shop's data folder."""

from __future__ import annotations

import sys
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
    def deadlines(self) -> Path:
        """The shop's own rules; there is none where it has changed nothing."""
        return self.root / "deadlines.toml"

    @property
    def backups(self) -> Path:
        """Verified copies of the register."""
        return self.root / "backups"

    @property
    def search(self) -> Path:
        """The index of every word of the register: made from it, and made anew wherever it is missing or behind."""
        return self.root / "search.sqlite"

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

"""Which of the data folder's own backups are sound, and which of them stay.

``verified.tsv`` beside them says of each when it was checked last and what it then was: a backup that was verified once
is checked again by its SHA-256, which notices every changed bit, where SQLite's own check notices one in ten. Only
backups that are as they were when they were verified count, and only such are removed; one that cannot be read is set
aside under a name that says so. Losing the record costs one full check of each.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.errors import KnownError
from desk_app.storage import backup
from desk_app.storage.ledger import Head

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from desk_app.storage.backup import Made

KEEP_DAILY, KEEP_WEEKLY, KEEP_MONTHLY = 12, 10, 9
UNREADABLE = "unreadable-"
"""What the name of a backup begins with once it was found to be damaged."""
_RECORD = "verified.tsv"
_NOT_OF_THE_FILE = frozenset({"file_missing", "file_unreadable", "database_newer"})
"""Faults that another try, or a newer program, may not find: such a backup is told of and left where it is."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the last check of a backup found. ``fault`` is a code, empty where it was sound; ``head`` its ledger's."""

    name: str
    at: datetime
    fault: str
    size: int
    changed_ns: int
    sha256: str
    head: Head | None

    def is_of(self, path: Path) -> bool:
        """Whether the file is still the one that was checked, as far as the folder says."""
        with suppress(OSError):
            stat = path.stat()
            return (stat.st_size, stat.st_mtime_ns) == (self.size, self.changed_ns)
        return False


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup in the folder and the last check of it, None where it was never checked or was touched since.

    ``made_at`` is local wall clock time, as the name says it. ``sha256`` is what it had when it was verified, whatever
    was done to the file since; empty where it never was.
    """

    path: Path
    made_at: datetime
    size: int
    checked: Checked | None
    sha256: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether it counts."""
        return self.checked is not None and not self.checked.fault

    @property
    def is_set_aside(self) -> bool:
        """Whether it was found to be damaged, once and for all."""
        return self.path.name.startswith(UNREADABLE)

    @property
    def is_ours_to_thin_out(self) -> bool:
        """Whether it is one of the daily ones, not one made before a restore or a migration."""
        return self.path.name.startswith("desk-")


def listed(folder: Path) -> tuple[Kept, ...]:
    """Return every backup of the folder, the newest first, those made before a restore and the unreadable ones too."""
    known, found = _read(folder), []
    for path in folder.glob("*.sqlite"):
        made = backup.made_at(path)
        with suppress(OSError):
            if made is not None:
                checked = known.get(path.name)
                is_known = checked is not None and checked.is_of(path)
                sha256 = checked.sha256 if checked is not None and not checked.fault else ""
                found.append(Kept(path, made, path.stat().st_size, checked if is_known else None, sha256))
    return tuple(sorted(found, key=lambda each: (each.made_at, each.path.name), reverse=True))


def newest_sound(folder: Path) -> Kept | None:
    """Return the newest backup of the days that was verified and is as it was then."""
    return next((each for each in listed(folder) if each.is_sound and each.is_ours_to_thin_out), None)


def made_on(folder: Path, day: datetime) -> bool:
    """Whether ``folder`` holds a backup of that day."""
    return any(each.made_at.date() == day.date() for each in listed(folder) if each.is_ours_to_thin_out)


def remember(made: Made, now: datetime) -> None:
    """Note that a backup was verified when it was made. A disk that refuses the note costs another check."""
    with suppress(OSError):
        _note(made.path.parent, _checked(made.path, now, "", made.sha256, made.contents.head))


def check_again(kept: Kept, now: datetime) -> Checked:
    """Check a backup, note what was found, and set it aside where it is damaged; the file may have another name then.

    One that was verified before must have the same SHA-256, though the folder may say that it was written to since; any
    other is checked whole, as is one that has it still but of which the folder says so. Reads the file only, so it may
    run beside the storage thread.
    """
    path, known = kept.path, kept.checked
    fault, sha256, head = "", "", None
    try:
        sha256 = backup.sha256_of(path)
        if kept.sha256 and sha256 != kept.sha256:
            fault = "backup_damaged"
        elif known is not None and not known.fault:
            head = known.head
        else:
            head = backup.check(path).head
    except OSError as error:
        fault = "file_missing" if isinstance(error, FileNotFoundError) else "file_unreadable"
    except KnownError as error:
        fault = error.code
    with suppress(OSError):
        if fault and fault not in _NOT_OF_THE_FILE and not kept.is_set_aside:
            path = path.rename(path.with_name(UNREADABLE + path.name))
    checked = Checked(path.name, now, fault, kept.size, 0, sha256, head)
    with suppress(OSError):
        checked = _checked(path, now, fault, sha256, head)
        _note(path.parent, checked)
    return checked


def thin_out(folder: Path) -> tuple[Path, ...]:
    """Remove the verified backups that the generations no longer want, and return them; others are left alone.

    What stays in their place is verified too, so a backup that cannot be read never takes the place of one that can.
    One that cannot be removed (open elsewhere) stays for the next time.
    """
    sound = [each for each in listed(folder) if each.is_ours_to_thin_out and each.is_sound]
    kept = keep(each.made_at for each in sound)
    gone = []
    for each in reversed(sound):
        if each.made_at not in kept:
            with suppress(OSError):
                each.path.unlink()
                gone.append(each.path)
    return tuple(gone)


def keep(times: Iterable[datetime]) -> frozenset[datetime]:
    """Return which backups stay: the newest of each of the last 12 days, 10 weeks and 9 months that have one.

    Of the newest day all stay: whoever asks for one has just been told its name.
    """
    newest_first = sorted(times, reverse=True)
    generations: Sequence[tuple[int, str]] = (
        (KEEP_DAILY, "%Y-%m-%d"),
        (KEEP_WEEKLY, "%G-%V"),
        (KEEP_MONTHLY, "%Y-%m"),
    )
    kept = {made for made in newest_first if made.date() == newest_first[0].date()}
    for count, period in generations:
        newest: dict[str, datetime] = {}
        for made in newest_first:
            newest.setdefault(made.strftime(period), made)
        kept.update(sorted(newest.values(), reverse=True)[:count])
    return frozenset(kept)


def _checked(path: Path, now: datetime, fault: str, sha256: str, head: Head | None) -> Checked:
    stat = path.stat()
    return Checked(path.name, now, fault, stat.st_size, stat.st_mtime_ns, sha256, head)


def _note(folder: Path, checked: Checked) -> None:
    """Write the record anew, with one line changed and those of files that are gone left out."""
    known = {**_read(folder), checked.name: checked}
    lines = [_line(each) for name, each in sorted(known.items()) if (folder / name).exists()]
    part = folder / f".desk-{os.getpid()}-{os.urandom(4).hex()}.part"
    try:
        part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        backup.sync(part)
        part.replace(folder / _RECORD)
    finally:
        part.unlink(missing_ok=True)


def _line(each: Checked) -> str:
    head = each.head or Head(0, "")
    told = (each.name, each.at.isoformat(), each.fault, each.size, each.changed_ns, each.sha256, head.id, head.mac)
    return "\t".join(map(str, told))


def _read(folder: Path) -> Mapping[str, Checked]:
    """Return what the record says; lines that say nothing are left out."""
    try:
        lines = (folder / _RECORD).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {each.name: each for each in map(_parsed, lines) if each is not None}


def _parsed(line: str) -> Checked | None:
    try:
        name, at, fault, size, changed_ns, sha256, head_id, mac = line.split("\t")
        head = Head(int(head_id), mac) if int(head_id) else None
        return Checked(name, datetime.fromisoformat(at), fault, int(size), int(changed_ns), sha256, head)
    except ValueError:
        return None

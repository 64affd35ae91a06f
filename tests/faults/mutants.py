"""Guards of the program, each with the change that breaks it and the fault test that must then fail.

A mutant is the program's own source with one text replaced, so it breaks when the guard is written otherwise: then
its texts here are brought up to date. ``quick`` ones are tried in every run, the others by ``dev.py faults --full``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """A guard that is broken: in which file, which text becomes which, and who has to notice."""

    guard: str
    file: str
    old: str
    new: str
    noticed_by: str
    quick: bool = False


_POWER = "test_power_cuts.py"

MUTANTS = (
    Mutant(
        "a commit waits for the disk",
        "desk_app/storage/connection.py",
        '("synchronous", "EXTRA", 3)',
        '("synchronous", "OFF", 0)',
        _POWER,
        quick=True,
    ),
    Mutant(
        "a commit waits for the end of its journal",
        "desk_app/storage/connection.py",
        '("synchronous", "EXTRA", 3)',
        '("synchronous", "NORMAL", 1)',
        _POWER,
    ),
    Mutant(
        "a sheet is on the disk before it has its name",
        "desk_app/sheets/target.py",
        "        os.fsync(file.fileno())\n",
        "",
        _POWER,
    ),
    Mutant(
        "the name of a sheet is on the disk when it is acknowledged",
        "desk_app/sheets/target.py",
        "                _sync_folder(path.parent)\n            except",
        "            except",
        _POWER,
    ),
    Mutant(
        "a file taken in is on the disk before it has its name",
        "desk_app/storage/attachments.py",
        "                os.fsync(self._target.fileno())\n",
        "",
        _POWER,
    ),
    Mutant(
        "the file of a case has its name before the row names it",
        "desk_app/storage/attachments.py",
        "            _sync_folder(folder / _WAITING)\n            _sync_folder(kept.parent)\n            _sync_folder(folder)\n",
        "",
        _POWER,
    ),
    Mutant(
        "a backup is on the disk before it has its name",
        "desk_app/storage/backup.py",
        "    _sync(part)\n    part.replace(target)\n",
        "    part.replace(target)\n",
        _POWER,
    ),
)

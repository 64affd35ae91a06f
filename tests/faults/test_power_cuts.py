"""Row 2: the power fails at a random moment of a day: nothing acknowledged is lost, nothing is there by half.

The unmodified program is recorded while it registers with files, acts, keeps drafts, exports over a sheet and backs up
(``syscalls``); what the disk may hold at random moments is laid out (``disk``) and opened with the real program.
"""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.storage import backup
from tests.faults.day import OUT, USB
from tests.faults.disk import Disk, lay_out
from tests.faults.goals import Goal
from tests.faults.promises import Promises
from tests.faults.syscalls import needs_strace, record

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

GOAL = Goal(
    "2",
    "simulated power cut: acknowledged and lost, saved by half, a row without its file, half a sheet or backup",
    ci=2_000,
    release=50_000,
)


def test_whatever_the_disk_holds_after_a_power_cut_nothing_acknowledged_is_lost(
    tmp_path: Path, scratch: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    needs_strace()
    shop, state = tmp_path / "shop", scratch / "state"
    shop.mkdir()
    calls = record("tests.faults.day", str(shop / "data"), "day", "all", "3", below=shop, log=tmp_path / "calls")
    begun = next(n for n, call in enumerate(calls) if call.speaks)  # before it the register is made, which is less
    cuts = sorted(luck.randrange(begun if trial % 5 else 0, len(calls)) for trial in range(tally.count))
    disk, done = Disk(shop), 0

    for trial in tally.trials():
        for call in calls[done : cuts[trial]]:
            disk.do(call)
        done = cuts[trial]
        lay_out(disk.state(luck), disk.root, _emptied(state))
        found = [*Promises.of(disk.said).broken(DataFolder(state / "data"), rules), *_half_files(state, disk.said)]
        tally.found(*(f"cut at call {done}: {wrong}" for wrong in found))

    for call in calls[done:]:
        disk.do(call)
    assert sum(line.startswith("case") for line in disk.said) == 3, "the day was recorded whole"
    tally.end()


def _half_files(shop: Path, said: list[str]) -> Iterator[str]:
    """Go through the sheets and the backups outside the data folder that are not whole."""
    there = list((shop / OUT).glob("*.xlsx"))
    for name in Promises.of(said).files - {path.name for path in there}:
        yield f"lost: file {name}"
    for path in there:
        try:
            with zipfile.ZipFile(path) as book:
                bad = book.testzip()
        except zipfile.BadZipFile:
            bad = "all of it"
        if bad:
            yield f"half a sheet: {path.name}"
    for path in (shop / USB).glob("*.sqlite"):
        try:
            backup.check(path)
        except KnownError as error:
            yield f"half a backup: {path.name} {error.code}"


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder

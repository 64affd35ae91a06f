"""Several programs that act on one case at the same moment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.services import desk, upkeep
from tests.helpers.builders import registered

if TYPE_CHECKING:
    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
FIRST = "TS-20261122-001"
NAMES = "abcd"


def let_all(folder: DataFolder, action: str, keys: dict[str, object], seen: int = 0, count: int = 1) -> list[str]:
    """Let four programs, each with the register open, do an action on the case at once; return what each said."""
    programs = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.helpers.acting", str(folder.root), FIRST, name),
                *(action, json.dumps(keys), str(seen), str(count)),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in NAMES
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    outputs = [program.communicate(timeout=120) for program in programs]
    assert [error for _, error in outputs] == [""] * len(NAMES)
    return [line for output, _ in outputs for line in output.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize(("seen", "code"), [(1, "case_went_on"), (0, "already_replied")])
def test_of_four_that_answer_at_once_one_does_and_the_others_are_told(
    workspace: Workspace, folder: DataFolder, seen: int, code: str
) -> None:
    assert desk.case_file(workspace, registered(workspace).case.number).events[-1].id == 1

    said = sorted(let_all(folder, "reply", {"content": "换新"}, seen))

    assert said[:3] == [f"! {code}"] * 3
    assert said[3] in {f"{name}-0" for name in NAMES}
    file = desk.case_file(workspace, FIRST)
    assert [e.action for e in file.events] == ["register", "reply"]
    assert [f.kind for f in file.owed] == ["return_visit"]
    assert upkeep.verify(workspace).ok


@pytest.mark.slow
def test_what_four_programs_note_at_once_is_all_kept(workspace: Workspace, folder: DataFolder) -> None:
    registered(workspace)

    said = let_all(folder, "promise", {"what": "回电"}, count=15)

    assert sorted(said) == sorted(f"{name}-{n}" for name in NAMES for n in range(15))
    file = desk.case_file(workspace, FIRST)
    assert [e.action for e in file.events] == ["register"] + ["promise"] * 60
    assert [f.event_id for f in file.follow_ups[1:]] == [e.id for e in file.events[1:]]
    assert upkeep.verify(workspace).ok

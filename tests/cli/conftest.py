"""Run the command line as a person does, in this process: arguments and bytes in, exit code and two streams out."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from desk_app import cli

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """The lines of standard output."""
        return self.out.splitlines()


class DeskApp(Protocol):
    """``desk_app("show", number, stdin=b"")``: run a command on the test's data folder."""

    def __call__(self, *arguments: str, stdin: bytes = b"", data: Path | None = None) -> Ran: ...


@pytest.fixture
def face(rules: Rules, clock: FixedClock) -> cli.Face:
    """What every command is given; the window's two commands do nothing."""
    return cli.Face(rules, clock, lambda out: [out / "1.png", out / "2.png"], lambda: None)


@pytest.fixture
def desk_app(
    face: cli.Face, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> DeskApp:
    """Run a command on the test's data folder (``--data`` first); never a traceback, whatever it is given."""

    def run(*arguments: str, stdin: bytes = b"", data: Path | None = None) -> Ran:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin), isatty=lambda: False))
        face.folder, face.acting = None, ""
        code = cli.main(["--data", str(data or folder.root), *arguments], face)
        ran = Ran(code, *capsys.readouterr())
        assert "Traceback" not in ran.err
        assert "程序内部出错" not in ran.err, ran.err
        assert not folder.log.exists()
        assert all(line.isprintable() for line in ran.err.splitlines())
        return ran

    return run

"""What an unmodified program does to its files, as Linux is told it: recorded with strace, read line by line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
_TRACED = (
    "openat,open,creat,write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,lseek,fsync,fdatasync,"
    "sync_file_range,ftruncate,truncate,fallocate,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir,"
    "link,linkat,symlink,symlinkat"
)
_LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)(?:<[^>]*>)?(?: .*)?")
_ARGUMENT = re.compile(r' *(?:"((?:\\x[0-9a-f]{2})*)"|(\w+)<((?:\\x[0-9a-f]{2})*)>|([^,]+))(?:,|$)')


@dataclass(frozen=True, slots=True)
class Call:
    """A system call that succeeded.

    A string is in ``args`` as bytes, a descriptor as its number, anything else as text; ``paths`` are what the
    descriptors among them stood for.
    """

    name: str
    args: tuple[bytes | int | str, ...]
    paths: tuple[str, ...]
    result: int

    @property
    def speaks(self) -> bool:
        """Whether it writes to the standard output."""
        return self.name == "write" and self.args[0] == 1

    def touches(self, folder: str) -> bool:
        """Whether it names something below a folder."""
        named = [*self.paths, *(os.fsdecode(arg) for arg in self.args if isinstance(arg, bytes))]
        return any(path == folder or path.startswith(f"{folder}/") for path in named)


def needs_strace() -> None:
    """Skip where calls cannot be recorded."""
    if not sys.platform.startswith("linux"):
        pytest.skip("system calls are recorded on Linux only")
    strace = shutil.which("strace")
    if strace is None or subprocess.run([strace, "-qq", "true"], check=False, capture_output=True).returncode:
        pytest.skip("strace is not here, or may not be used (Debian package strace)")


def traced(module: str, *arguments: str, log: Path, options: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run a program of the tests to its end under strace."""
    strace = shutil.which("strace") or "strace"
    command = [strace, "-f", "-qq", *options, "-o", str(log), sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=300)


def record(module: str, *arguments: str, below: Path, log: Path) -> list[Call]:
    """Run a program of the tests to its end; return what it did to the files below a folder, and what it said."""
    done = traced(module, *arguments, log=log, options=["-y", "-xx", "-s", "8000000", "-e", f"trace={_TRACED}"])
    assert done.returncode == 0, done.stderr
    with log.open(encoding="ascii") as lines:
        return [call for call in _calls(lines) if call.speaks or call.touches(str(below))]


def _calls(lines: Iterator[str] | Sequence[str]) -> Iterator[Call]:
    for line in lines:
        assert "unfinished" not in line, "two threads wrote at once: the recorder knows only one"
        found = _LINE.match(line)
        if found and int(found[3]) >= 0:
            yield _call(found[1], found[2], int(found[3]))


def _call(name: str, told: str, result: int) -> Call:
    args: list[bytes | int | str] = []
    paths: list[str] = []
    for text, descriptor, path, other in _ARGUMENT.findall(told):
        if descriptor:
            args.append(int(descriptor) if descriptor.isdigit() else descriptor)
            paths.append(os.fsdecode(_unhexed(path)))
        else:
            args.append(other or _unhexed(text))
    return Call(name, tuple(args), tuple(paths), result)


def _unhexed(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))

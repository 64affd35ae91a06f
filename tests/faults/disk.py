"""A disk that may lose power at any moment: what it would hold then, from what a program told the system.

What was forced to the disk (``fsync``) is there. Of what was written since, each piece may be there, or not, or only
some of its sectors of 512 bytes. Names (made, renamed, removed) are there in their order up to some moment, at least up
to the last folder that was forced to the disk. That is a file system with a journal on an honest disk; nothing is said
of disks that lie, nor of Windows.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from tests.faults.syscalls import Call

_SECTOR = 512
_LIKE = ("none", "all", "some", "some")  # how much of what was not forced to the disk is there


class _Piece(NamedTuple):
    """Something done to a file: bytes put at a place, or (no bytes) its end moved there."""

    at: int
    data: bytes | None


@dataclass(slots=True, eq=False)
class _File:
    """What of a file is on the disk for certain, and what was done since."""

    durable: bytes = b""
    pending: list[_Piece] = field(default_factory=list)
    size: int = 0  # as the running program sees it

    def do(self, piece: _Piece) -> None:
        self.pending.append(piece)
        self.size = piece.at if piece.data is None else max(self.size, piece.at + len(piece.data))

    def sync(self) -> None:
        self.durable = self.with_these(self.pending)
        self.pending = []

    def with_these(self, pieces: Sequence[_Piece]) -> bytes:
        made = bytearray(self.durable)
        for at, data in pieces:
            if len(made) < at:
                made += bytes(at - len(made))
            if data is None:
                del made[at:]
            else:
                made[at : at + len(data)] = data
        return bytes(made)


class Disk:
    """The files below a folder while a program runs; ``do`` goes on by one call."""

    def __init__(self, root: Path) -> None:
        """Begin with an empty folder."""
        self.root = str(root)
        self.said: list[str] = []
        """The lines that the program has written to its standard output."""
        self._names: dict[str, _File | None] = {self.root: None}  # None: a folder
        self._certain = dict(self._names)  # names on the disk for certain
        self._since: list[Callable[[dict[str, _File | None]], object]] = []
        self._open: dict[int, _File | None] = {}
        self._place: dict[int, int] = {}

    def do(self, call: Call) -> None:
        """Take over what a call did."""
        getattr(self, f"_{call.name}")(call)  # a call that is not here would change the files behind our back

    def state(self, luck: random.Random) -> dict[str, bytes | None]:
        """Return what the disk may hold if the power fails now: path → content, None for a folder."""
        names, like = dict(self._certain), luck.choice(_LIKE)
        done = {"none": 0, "all": len(self._since)}.get(like, luck.randint(0, len(self._since)))
        for change in self._since[:done]:
            change(names)
        return {
            path: file if file is None else file.with_these(_there(file.pending, like, luck))
            for path, file in names.items()
        }

    def _is_ours(self, path: str) -> bool:
        return path == self.root or path.startswith(self.root + "/")

    def _change(self, change: Callable[[dict[str, _File | None]], object]) -> None:
        change(self._names)
        self._since.append(change)

    # ------------------------------------------------------------------------------------------ the calls

    def _openat(self, call: Call) -> None:
        path, flags = _text(call.args[1]), str(call.args[2])
        path = str(Path(call.paths[0]) / path)
        if "O_CREAT" in flags and path not in self._names:
            made = _File()
            self._change(lambda names: names.__setitem__(path, made))
        file = self._names[path]
        self._open[call.result], self._place[call.result] = file, 0
        if file is not None and "O_TRUNC" in flags and file.size:
            file.do(_Piece(0, None))
        if file is not None and "O_APPEND" in flags:
            self._place[call.result] = file.size

    def _write(self, call: Call) -> None:
        descriptor, data = _number(call.args[0]), call.args[1]
        assert isinstance(data, bytes)
        if call.speaks:
            self.said += data.decode().splitlines()
        elif file := self._open.get(descriptor):
            file.do(_Piece(self._place[descriptor], data[: call.result]))
            self._place[descriptor] += call.result

    def _pwrite64(self, call: Call) -> None:
        data = call.args[1]
        assert isinstance(data, bytes)
        if file := self._open.get(_number(call.args[0])):
            file.do(_Piece(_number(call.args[3]), data[: call.result]))

    def _sendfile(self, call: Call) -> None:
        to, source = (self._open.get(_number(arg)) for arg in call.args[:2])
        if to is not None and call.result:
            assert source is not None
            place = self._place[_number(call.args[0])]
            assert place == 0, "only whole small files are copied so"
            to.do(_Piece(0, source.with_these(source.pending)[: call.result]))
            self._place[_number(call.args[0])] = call.result

    def _lseek(self, call: Call) -> None:
        if _number(call.args[0]) in self._open:
            self._place[_number(call.args[0])] = call.result

    def _ftruncate(self, call: Call) -> None:
        if file := self._open.get(_number(call.args[0])):
            file.do(_Piece(_number(call.args[1]), None))

    def _fsync(self, call: Call) -> None:
        descriptor = _number(call.args[0])
        if descriptor not in self._open:
            return
        if file := self._open[descriptor]:
            file.sync()
        else:
            self._certain, self._since = dict(self._names), []

    _fdatasync = _fsync

    def _rename(self, call: Call) -> None:
        old, new = (_text(arg) for arg in call.args[:2])
        if self._is_ours(old):
            self._change(lambda names: names.__setitem__(new, names.pop(old)))

    def _unlink(self, call: Call) -> None:
        self._remove(_text(call.args[0]))

    def _unlinkat(self, call: Call) -> None:
        self._remove(str(Path(call.paths[0]) / _text(call.args[1])))

    _rmdir = _unlink

    def _remove(self, path: str) -> None:
        if self._is_ours(path):
            self._change(lambda names: names.pop(path))

    def _mkdir(self, call: Call) -> None:
        path = _text(call.args[0])
        if self._is_ours(path):
            self._change(lambda names: names.__setitem__(path, None))


def lay_out(state: dict[str, bytes | None], root: str, target: Path) -> None:
    """Write a state that was recorded below ``root`` as files below ``target``."""
    for path, content in sorted(state.items()):  # a folder comes before what is in it
        place = target / Path(path).relative_to(root)
        if content is None:
            place.mkdir(exist_ok=True)
        else:
            place.write_bytes(content)


def _there(pieces: list[_Piece], like: str, luck: random.Random) -> list[_Piece]:
    """Return what of the pieces is there."""
    if like != "some":
        return pieces if like == "all" else []
    kept: list[_Piece] = []
    for piece in pieces:
        chance = luck.random()
        if chance < 0.4:
            kept.append(piece)
        elif chance < 0.6 and piece.data is not None:
            starts = range(0, len(piece.data), _SECTOR)
            kept += [_Piece(piece.at + s, piece.data[s : s + _SECTOR]) for s in starts if luck.random() < 0.5]
    return kept


def _text(arg: bytes | int | str) -> str:
    assert isinstance(arg, bytes)
    return os.fsdecode(arg)


def _number(arg: bytes | int | str) -> int:
    return int(arg)

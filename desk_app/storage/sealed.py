"""Sealed files: what goes out of the house, encrypted for the shop's key. The format is docs/decisions/0011.

``magic, length of the header, header (JSON), SHA-256 of it, stream header, messages``: the header names the public key,
the locks on its private half and the key of this one file, boxed for the public key. The messages are libsodium's
secretstream (XChaCha20-Poly1305): the first tells about the content, the others are the content, the last is marked.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple, Self

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from desk_app.errors import KnownError
from desk_app.storage import backup
from desk_app.storage import seal as seals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from desk_app.storage.seal import Seal

SUFFIX = ".sealed"
MAGIC = b"CDSEAL1\n"
_FAMILY = 6  # bytes of the magic that stay when the format changes
_PIECE = 1 << 20
_TAG_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_TAG = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_MORE = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_STREAM_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_LONGEST_HEADER = 1 << 16
_LENGTH = 4  # bytes of a length, the greatest first


class Header(NamedTuple):
    """What a sealed file says openly: for whom it is sealed, and its own key, boxed for them."""

    seal: Seal
    boxed_key: bytes
    digest: bytes


def is_sealed(path: Path) -> bool:
    """Whether a file is one of ours, of this format or a later one; False where it cannot be read."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(_FAMILY) == MAGIC[:_FAMILY]
    return False


def write(source: Path, target: Path, seal: Seal, told: Mapping[str, object], *, with_locks: bool = True) -> None:
    """Seal a file under the name ``target``, read it back, open it again and compare; then only it has the name.

    Raises:
        OSError: it cannot be read or written; nothing is left behind.
        KnownError: ``backup_damaged``: what was read back is not what was written.
    """
    key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
    part = target.with_name(f".desk-{os.getpid()}-{os.urandom(8).hex()}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
        with source.open("rb") as read, part.open("wb") as file:
            written = _write(read, file, key, _header(seal, key, with_locks=with_locks), told)
        backup.sync(part)
        with _Source(part) as file:
            digest = hashlib.sha256()
            for piece in _messages(file, key, _read_header(file).digest):
                digest.update(piece)
        if digest.digest() != written:
            raise KnownError("backup_damaged", path=part)
        part.replace(target)
        backup.sync(target.parent)
    finally:
        with suppress(OSError):  # a stick that was pulled out: the next backup there sweeps
            part.unlink()


def header_of(path: Path) -> Header:
    """Return what a sealed file says openly.

    Raises:
        KnownError: ``file_missing``, ``file_unreadable``, ``backup_not_ours``, ``backup_damaged``, ``sealed_newer``.
    """
    with _Source(path) as file:
        return _read_header(file)


def unseal(path: Path, target: Path, private: bytes) -> Mapping[str, object]:
    """Write what is sealed in a file to ``target``, which is not forced to the disk, and return what is told of it.

    Raises:
        KnownError: as :func:`header_of`; ``sealed_for_another``: it was sealed for another key.
        OSError: the target cannot be written; nothing of it is left.
    """
    try:
        target.touch(mode=0o600, exist_ok=False)
        with _Source(path) as file, target.open("wb") as out:
            pieces = _opened(file, private)
            told = next(pieces)
            for piece in pieces:
                out.write(piece)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    try:
        about = json.loads(told)
    except (ValueError, RecursionError) as error:
        raise KnownError("backup_damaged", path=path) from error
    return about if isinstance(about, dict) else {}


def sha256_of(path: Path, private: bytes) -> str:
    """Return the hash of what is sealed in a file; raises as :func:`unseal`."""
    digest = hashlib.sha256()
    with _Source(path) as file:
        pieces = _opened(file, private)
        next(pieces)
        for piece in pieces:
            digest.update(piece)
    return digest.hexdigest()


def length(size: int, seal: Seal) -> int:
    """Return how long a file of ``size`` bytes is when it is sealed without locks and with nothing told of it."""
    header = len(_header(seal, bytes(_KEY_BYTES), with_locks=False))
    full, rest = divmod(size, _PIECE)
    messages = [len(b"{}"), *([_PIECE] * full), rest]
    return len(MAGIC) + _LENGTH + header + _DIGEST + _STREAM_HEADER + sum(_LENGTH + m + _MORE for m in messages)


_DIGEST = hashlib.sha256().digest_size
_KEY_BYTES = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES


def _header(seal: Seal, key: bytes, *, with_locks: bool) -> bytes:
    boxed = SealedBox(PublicKey(seal.public)).encrypt(key)
    told = seal.as_json() if with_locks else {**seal.as_json(), "locks": []}
    return json.dumps({**told, "key": base64.b64encode(boxed).decode("ascii")}, separators=(",", ":")).encode("ascii")


def _write(source: IO[bytes], file: IO[bytes], key: bytes, header: bytes, told: Mapping[str, object]) -> bytes:
    """Write a whole sealed file and return the SHA-256 of all its messages as they were before."""
    digest = hashlib.sha256(header).digest()
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    stream = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    file.write(MAGIC + len(header).to_bytes(_LENGTH, "big") + header + digest + stream)
    messages = hashlib.sha256()

    def push(piece: bytes, tag: int, bound: bytes | None = None) -> None:
        messages.update(piece)
        message = bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, bound, tag)
        file.write(len(message).to_bytes(_LENGTH, "big"))
        file.write(message)

    push(json.dumps(told).encode("ascii"), _TAG, digest)
    while len(piece := source.read(_PIECE)) == _PIECE:
        push(piece, _TAG)
    push(piece, _TAG_LAST)
    return messages.digest()


def _opened(file: _Source, private: bytes) -> Iterator[bytes]:
    header = _read_header(file)
    try:
        key = SealedBox(PrivateKey(private)).decrypt(header.boxed_key)
    except (CryptoError, ValueError, TypeError) as error:
        is_ours = bytes(PrivateKey(private).public_key) == header.seal.public
        raise KnownError("backup_damaged" if is_ours else "sealed_for_another", path=file.path) from error
    yield from _messages(file, key, header.digest)


def _messages(file: _Source, key: bytes, bound: bytes | None) -> Iterator[bytes]:
    """Go through the messages after the header, the one that is told first; the last must be marked, and be last."""
    damaged = KnownError("backup_damaged", path=file.path)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, file.read(_STREAM_HEADER), key)
        tag = _TAG
        while tag != _TAG_LAST:
            size = int.from_bytes(file.read(_LENGTH), "big")
            if not _MORE <= size <= _PIECE + _MORE:
                raise damaged
            piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, file.read(size), bound)
            bound = None
            yield piece
    except (CryptoError, ValueError, TypeError, RuntimeError) as error:
        raise damaged from error
    if file.read(1):
        raise damaged


def _read_header(file: _Source) -> Header:
    magic = file.read(len(MAGIC))
    if magic != MAGIC:
        is_ours = magic[:_FAMILY] == MAGIC[:_FAMILY] and len(magic) == len(MAGIC)
        raise KnownError("sealed_newer" if is_ours else "backup_not_ours", path=file.path)
    size = int.from_bytes(file.read(_LENGTH), "big")
    header, digest = file.read(min(size, _LONGEST_HEADER)), file.read(_DIGEST)
    if hashlib.sha256(header).digest() != digest:
        raise KnownError("backup_damaged", path=file.path)
    try:
        told = json.loads(header)
        return Header(seals.from_json(told), base64.b64decode(told["key"], validate=True), digest)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise KnownError("backup_damaged", path=file.path) from error


class _Source:
    """A sealed file being read; what its disk refuses is a known error, so that nobody takes it for the target's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb")
        except (FileNotFoundError, IsADirectoryError) as error:
            raise KnownError("file_missing", path=path) from error
        except OSError as error:
            raise KnownError("file_unreadable", path=path, reason=backup.reason_of(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except OSError as error:
            raise KnownError("file_unreadable", path=self.path, reason=backup.reason_of(error)) from error

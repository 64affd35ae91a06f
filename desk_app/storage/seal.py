"""The seal of a shop's backups: a key pair, whose private half opens by a passphrase or by a recovery code.

The computer keeps the public half only, and the private one locked (``backup.seal`` in the data folder), so that the
daily copies ask nobody for anything. The same locks lie in every sealed backup (docs/decisions/0011).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from nacl import pwhash, secret
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.utils import random

from desk_app.domain import recovery_code
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PASSPHRASE, RECOVERY = "passphrase", "recovery"
_MOST_OPS, _MOST_MEMORY, _MOST_LOCKS = 10, 1 << 30, 4  # what a file may ask of the computer that opens it
_KEY_BYTES = 32
_CODE_BYTES = 16  # of chance: 128 bits
_SALT_BYTES = pwhash.argon2id.SALTBYTES


class Lock(NamedTuple):
    """The private key in a box that one secret opens, and how the key of that box is made from it (Argon2id)."""

    kind: str
    salt: bytes
    ops: int
    memory: int
    box: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """The public key that backups are sealed for, and the locks on its private half."""

    public: bytes
    locks: tuple[Lock, ...]

    @property
    def id(self) -> str:
        """Return by what the key is known; it says nothing of it."""
        return hashlib.sha256(b"backup seal" + self.public).hexdigest()[:8]

    def as_json(self) -> dict[str, object]:
        """Return it as JSON values."""
        locks = [
            {"kind": k, "salt": _text(salt), "ops": ops, "memory": memory, "box": _text(box)}
            for k, salt, ops, memory, box in self.locks
        ]
        return {"public": _text(self.public), "locks": locks}


def from_json(told: Mapping[str, object]) -> Seal:
    """Return a seal; what asks for more time or memory than a seal of ours does is none.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    locks = told["locks"]
    if not isinstance(locks, list):
        raise TypeError("locks")
    if len(locks) > _MOST_LOCKS:
        raise ValueError("locks")
    seal = Seal(_bytes(told["public"]), tuple(map(_lock, locks)))
    if len(seal.public) != _KEY_BYTES:
        raise ValueError("public")
    return seal


def _lock(told: Mapping[str, object]) -> Lock:
    lock = Lock(
        str(told["kind"]), _bytes(told["salt"]), int(str(told["ops"])), int(str(told["memory"])), _bytes(told["box"])
    )
    if not 1 <= lock.ops <= _MOST_OPS or not 1 << 13 <= lock.memory <= _MOST_MEMORY or len(lock.salt) != _SALT_BYTES:
        raise ValueError("lock")
    return lock


def make(passphrase: str) -> tuple[Seal, str]:
    """Make a new key pair; return its seal and the recovery code, as it is printed."""
    private = PrivateKey.generate()
    chance = random(_CODE_BYTES)
    locks = (
        _locked(bytes(private), PASSPHRASE, _folded(passphrase)),
        _locked(bytes(private), RECOVERY, chance),
    )
    return Seal(bytes(private.public_key), locks), recovery_code.encode(chance)


def with_passphrase(seal: Seal, private: bytes, passphrase: str) -> Seal:
    """Return the seal with another passphrase; the key and the recovery code stay."""
    others = tuple(lock for lock in seal.locks if lock.kind != PASSPHRASE)
    return replace(seal, locks=(_locked(private, PASSPHRASE, _folded(passphrase)), *others))


def opened(seal: Seal, typed: str) -> bytes:
    """Return the private key, by the passphrase or the recovery code, whichever was typed.

    Takes a good part of a second for each lock that is tried.

    Raises:
        KnownError: ``sealed_needs_secret``, ``sealed_wrong_secret``, ``recovery_code_mistyped``.
    """
    if not typed.strip():
        raise KnownError("sealed_needs_secret")
    code = recovery_code.decode(typed, _CODE_BYTES)
    for lock in seal.locks:
        given = code if lock.kind == RECOVERY else _folded(typed)
        if given is not None:
            with suppress(CryptoError):
                private = secret.SecretBox(_stretched(given, lock)).decrypt(lock.box)
                if bytes(PrivateKey(private).public_key) == seal.public:
                    return private
    mistyped = code is None and recovery_code.is_meant(typed, _CODE_BYTES)
    raise KnownError("recovery_code_mistyped" if mistyped else "sealed_wrong_secret")


def read(path: Path) -> Seal | None:
    """Return the seal that a file holds; None where there is no file.

    Raises:
        KnownError: ``seal_unreadable``: nothing may go out unsealed because of it.
    """
    try:
        return from_json(json.loads(path.read_text(encoding="ascii")))
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise KnownError("seal_unreadable", path=path) from error


def write(path: Path, seal: Seal) -> None:
    """Put a seal in the place of the one there is; raises OSError."""
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(seal.as_json(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _locked(private: bytes, kind: str, given: bytes) -> Lock:
    lock = Lock(kind, random(_SALT_BYTES), pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE, b"")
    return lock._replace(box=bytes(secret.SecretBox(_stretched(given, lock)).encrypt(private)))


def _stretched(given: bytes, lock: Lock) -> bytes:
    return bytes(pwhash.argon2id.kdf(_KEY_BYTES, given, lock.salt, lock.ops, lock.memory))


def _folded(passphrase: str) -> bytes:
    """Return a passphrase as it is meant: full width or not, with spaces around it or not, as each keyboard has it."""
    return unicodedata.normalize("NFKC", passphrase).strip().encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: object) -> bytes:
    return base64.b64decode(str(value), validate=True)

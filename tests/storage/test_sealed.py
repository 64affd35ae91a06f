"""Sealed files: opened by the passphrase or the code, refused when altered in any way."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl import pwhash

from desk_app.errors import KnownError
from desk_app.storage import seal, sealed

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.storage.seal import Seal

WORDS = "雨天记得带伞出门"
LARGE = 2 * 1024 * 1024


@pytest.fixture(autouse=True, scope="module")
def quick() -> object:
    """Argon2id at its least, so that the tests need no second for each lock; one test takes it as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pwhash.argon2id, "OPSLIMIT_MODERATE", pwhash.argon2id.OPSLIMIT_MIN)
        patch.setattr(pwhash.argon2id, "MEMLIMIT_MODERATE", pwhash.argon2id.MEMLIMIT_MIN)
        yield


@pytest.fixture(scope="module")
def made() -> tuple[Seal, str]:
    return seal.make(WORDS)


def code_of(path: Path, private: bytes, target: Path) -> str:
    with pytest.raises(KnownError) as caught:
        sealed.unseal(path, target, private)
    assert not target.exists()
    return caught.value.code


@pytest.fixture
def private(made: tuple[Seal, str]) -> bytes:
    return seal.opened(made[0], WORDS)


@pytest.mark.parametrize("size", [0, 1, 1000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, LARGE])
def test_what_was_sealed_comes_back(tmp_path: Path, made: tuple[Seal, str], private: bytes, size: int) -> None:
    plain, target = tmp_path / "plain", tmp_path / "x.sealed"
    plain.write_bytes(bytes(n * 7 % 251 for n in range(997)) * (size // 997 + 1))
    with plain.open("r+b") as file:
        file.truncate(size)

    sealed.write(plain, target, made[0], {"cases": 3})
    told = sealed.unseal(target, tmp_path / "back", private)

    assert told == {"cases": 3}
    assert (tmp_path / "back").read_bytes() == plain.read_bytes()
    assert sealed.sha256_of(target, private) == hashlib.sha256(plain.read_bytes()).hexdigest()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back", "plain", "x.sealed"]


@pytest.mark.parametrize("size", [0, 1, 1 << 20, LARGE + 17])
def test_how_long_a_sealed_file_is_can_be_told_before(tmp_path: Path, made: tuple[Seal, str], size: int) -> None:
    (tmp_path / "plain").write_bytes(bytes(size))

    sealed.write(tmp_path / "plain", tmp_path / "x", made[0], {}, with_locks=False)

    assert (tmp_path / "x").stat().st_size == sealed.length(size, made[0])


def test_no_word_of_it_can_be_read(tmp_path: Path, made: tuple[Seal, str]) -> None:
    (tmp_path / "plain").write_bytes("李女士 13800138000".encode() * 1000)

    sealed.write(tmp_path / "plain", tmp_path / "x", made[0], {"keys": "deadbeef" * 8})

    content = (tmp_path / "x").read_bytes()
    assert "李女士".encode() not in content
    assert b"13800138000" not in content
    assert b"deadbeef" not in content


def test_either_secret_opens_it_however_it_is_typed(made: tuple[Seal, str]) -> None:
    own, code = made
    by_passphrase = seal.opened(own, WORDS)

    typed = (
        f"  {WORDS} ",
        code,
        code.lower(),
        code.replace("-", " "),
        code.replace("-", ""),
        code.replace("0", "O").replace("1", "l"),
        "".join(chr(ord(c) + 0xFEE0) for c in code),  # full width
    )

    assert {seal.opened(own, each) for each in typed} == {by_passphrase}


def test_what_opens_nothing_is_told(made: tuple[Seal, str]) -> None:
    own, code = made
    other = "A" if code[0] != "A" else "B"
    wrong = {"": "sealed_needs_secret", "  ": "sealed_needs_secret", "雨天记得带伞": "sealed_wrong_secret"}
    wrong |= {other + code[1:]: "recovery_code_mistyped", seal.make(WORDS)[1]: "sealed_wrong_secret"}

    for typed, expected in wrong.items():
        with pytest.raises(KnownError, match=expected):
            seal.opened(own, typed)


def test_a_changed_passphrase_opens_and_the_old_one_does_not_and_the_code_stays(made: tuple[Seal, str]) -> None:
    own, code = made
    private = seal.opened(own, code)

    changed = seal.with_passphrase(own, private, "另外一句好记的话")

    assert seal.opened(changed, "另外一句好记的话") == private == seal.opened(changed, code)
    with pytest.raises(KnownError, match="sealed_wrong_secret"):
        seal.opened(changed, WORDS)


@pytest.fixture(scope="module")
def whole(made: tuple[Seal, str], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "plain").write_bytes(bytes(range(256)) * 12_000)  # three messages
    sealed.write(folder / "plain", folder / "x", made[0], {"cases": 3})
    return (folder / "x").read_bytes()


@pytest.mark.fault
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_changed_bit_is_refused(whole: bytes, private: bytes, tmp_path: Path, where: float, bit: int) -> None:
    content = bytearray(whole)
    content[int(where * len(whole))] ^= 1 << bit
    (tmp_path / "x").write_bytes(content)

    assert code_of(tmp_path / "x", private, tmp_path / "back") in {
        "backup_damaged",
        "backup_not_ours",
        "sealed_newer",
    }


@pytest.mark.fault
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(where=st.floats(0, 1, exclude_max=True))
def test_half_a_file_is_refused(whole: bytes, private: bytes, tmp_path: Path, where: float) -> None:
    (tmp_path / "x").write_bytes(whole[: int(where * len(whole))])

    assert code_of(tmp_path / "x", private, tmp_path / "back") in {"backup_damaged", "backup_not_ours"}


@pytest.mark.fault
def test_what_was_added_left_out_or_put_in_another_order_is_refused(
    whole: bytes, private: bytes, tmp_path: Path
) -> None:
    message = 4 + (1 << 20) + 17
    begin = len(whole) - 12_000 * 256 % (1 << 20) - 4 - 17 - 2 * message
    first, second, last = whole[begin:][:message], whole[begin + message :][:message], whole[begin + 2 * message :]
    head = whole[:begin]
    assert head + first + second + last == whole
    altered = (
        whole + b"\0",
        whole + last,
        head + second + first + last,
        head + first + last,
        head + first + second,
        head + first + first + second + last,
    )

    for content in altered:
        (tmp_path / "x").write_bytes(content)
        assert code_of(tmp_path / "x", private, tmp_path / "back") == "backup_damaged"


def test_another_key_does_not_open_it(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(whole)
    other, _ = seal.make(WORDS)

    found = code_of(tmp_path / "x", seal.opened(other, WORDS), tmp_path / "back")

    assert found == "sealed_for_another"


@pytest.mark.fault
def test_a_seal_that_asks_for_all_of_the_computers_memory_is_refused(made: tuple[Seal, str]) -> None:
    told = made[0].as_json()
    for key, value in (("memory", 1 << 40), ("ops", 10**9), ("memory", -1), ("salt", ""), ("box", "§")):
        locks = [{**lock, key: value} for lock in told["locks"]]
        with pytest.raises((KeyError, TypeError, ValueError)):
            seal.from_json({**told, "locks": locks})


def test_a_seal_file_is_read_as_it_was_written_and_nothing_else_is_one(tmp_path: Path, made: tuple[Seal, str]) -> None:
    path = tmp_path / "backup.seal"
    assert seal.read(path) is None

    seal.write(path, made[0])

    assert seal.read(path) == made[0]
    assert path.stat().st_mode & 0o077 == 0
    for content in (b"", b"{}", b"[]", b"\xff", path.read_bytes()[:-9], b'{"public": 1, "locks": 2}'):
        path.write_bytes(content)
        with pytest.raises(KnownError, match="seal_unreadable"):
            seal.read(path)


@pytest.mark.parametrize("header", [b"[" * 30_000, b'{"locks":' + b"[" * 30_000])
def test_a_header_that_goes_ever_deeper_is_damage(tmp_path: Path, private: bytes, header: bytes) -> None:
    path = tmp_path / "deep.sealed"
    path.write_bytes(sealed.MAGIC + len(header).to_bytes(4, "big") + header + hashlib.sha256(header).digest())

    assert code_of(path, private, tmp_path / "back") == "backup_damaged"


def test_a_seal_with_locks_without_end_is_none(made: tuple[Seal, str]) -> None:
    told = made[0].as_json()
    locks = told["locks"]
    assert isinstance(locks, list)

    with pytest.raises(ValueError, match="locks"):
        seal.from_json({**told, "locks": locks * 100})

"""The keys of the ledger that come with a backup are put beside those that are there; nothing else of the file is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.storage import restoring
from desk_app.storage.ledger import KeyRing

if TYPE_CHECKING:
    from pathlib import Path

OWN, OTHER = "ab" * 32, "cd" * 32


def test_a_key_that_comes_goes_before_the_one_that_is_used(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    path.write_text(f"{OWN}\n")

    restoring.add_keys(f"{OTHER}\n{OWN}\n", path)

    assert path.read_text().split() == [OTHER, OWN]
    assert KeyRing(path).newest().secret.hex() == OWN


def test_what_is_no_key_is_never_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"

    restoring.add_keys(f"钥匙 {OTHER} 12 \udc80 {'٣' * 64}", path)

    assert path.read_text() == f"{OTHER}\n"


def test_a_damaged_file_of_keys_hinders_nothing_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "desk.key"
    path.write_bytes(b"\xff\xfe" + OWN[2:].encode() + b"\n" + OWN.encode() + b"\n")

    assert restoring.read_keys(path) == f"{OWN}\n"
    restoring.add_keys(OTHER, path)

    assert restoring.read_keys(path).split() == [OTHER, OWN]
    assert b"\xff\xfe" in path.read_bytes()

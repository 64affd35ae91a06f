"""What a file that is laid to a case is called, what it may be, and which of them still lie there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.attachments import (
    DRAFT_KEY,
    AttachmentKind,
    Place,
    Taken,
    as_draft,
    clean_name,
    read_draft,
    refuse_what_runs,
)
from desk_app.domain.text import find_unstorable
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

SHA = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("水壶.jpg", "水壶.jpg"),
        (r"..\..\x.jpg", "x.jpg"),
        ("../../x.jpg", "x.jpg"),
        ("a/b", "b"),
        (r"C:\Users\小周\收据.pdf", "收据.pdf"),
        ("C:收据.pdf", "C_收据.pdf"),
        ("CON.jpg", "_CON.jpg"),
        ("con", "_con"),
        ("Lpt1 .txt", "_Lpt1.txt"),
        ("CONSUL.jpg", "CONSUL.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("录\u200b音\ufeff.mp3", "录音.mp3"),
        ("a\nb\tc\x00.txt", "a b c.txt"),
        ('<x>:"y"|?*.txt', "_x___y____.txt"),
        ("尾巴. . .", "尾巴"),
        (" . ", "_"),
        ("", "_"),
        ("..", "_"),
        (".jpg", ".jpg"),
        ("坏\udcff名.jpg", "坏名.jpg"),
        ("tar.gz.JPG", "tar.gz.JPG"),
    ],
)
def test_a_name_is_kept_so_that_every_system_can_write_it(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@pytest.mark.parametrize("stem", ["长" * 300, "x" * 300, "😀" * 300])
def test_too_long_a_name_keeps_its_beginning_and_its_ending(stem: str) -> None:
    name = clean_name(f"{stem}.jpeg")

    assert name.startswith(stem[:40])
    assert name.endswith(".jpeg")
    assert len(name) <= 100
    assert len(name.encode()) <= 200


@given(st.text(max_size=400) | st.text(alphabet="./\\ :conCON1.jpg\u202e", max_size=30))
def test_a_clean_name_can_be_kept_and_stays_as_it_is(given_name: str) -> None:
    name = clean_name(given_name)

    assert name == clean_name(name)
    assert 0 < len(name) <= 100
    assert len(name.encode()) < 255
    assert find_unstorable(name, one_line=True) is None
    assert not set(name) & set('/\\<>:"|?*')
    assert name.strip(" ").rstrip(".") == name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("水壶.JPG", AttachmentKind.PICTURE),
        ("通话.amr", AttachmentKind.RECORDING),
        ("大堂.mp4", AttachmentKind.VIDEO),
        ("收据.pdf", AttachmentKind.DOCUMENT),
        ("苹果照片.heic", AttachmentKind.DOCUMENT),
    ],
)
def test_the_ending_says_the_kind(rules: Rules, name: str, kind: AttachmentKind) -> None:
    assert rules.attachments.kind_of(name) is kind


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("水壶.jpg.exe", "attachment_runs"),
        ("快捷方式.LNK", "attachment_runs"),
        ("表.xlsm", "attachment_runs"),
        ("图.psd", "attachment_kind_unknown"),
        ("没有结尾", "attachment_kind_unknown"),
        (".jpg", "attachment_kind_unknown"),
    ],
)
def test_what_runs_and_what_nobody_knows_is_refused_by_its_ending(rules: Rules, name: str, code: str) -> None:
    with pytest.raises(KnownError) as refused:
        rules.attachments.kind_of(name)

    assert refused.value.code == code
    assert name in rules.sentences.error(refused.value)


@pytest.mark.parametrize("head", [b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\n", b"L\x00\x00\x00\x01\x14\x02\x00"])
def test_what_runs_is_refused_by_how_it_begins(head: bytes) -> None:
    with pytest.raises(KnownError, match="attachment_runs"):
        refuse_what_runs("x.jpg", head)


def test_no_ending_is_of_two_kinds_or_of_what_runs(rules: Rules) -> None:
    endings = [ending for rule in rules.attachments.kinds.values() for ending in rule.endings]

    assert len(endings) == len(set(endings))
    assert not rules.attachments.run & set(endings)
    assert all(ending == ending.lower().strip(".") for ending in [*endings, *rules.attachments.run])


def test_a_draft_keeps_what_was_taken() -> None:
    taken = Taken(SHA, "水壶.jpg", AttachmentKind.PICTURE, 12, Place.KEPT)

    assert read_draft(as_draft([taken])) == (taken,)
    assert as_draft([]) == {}
    assert read_draft({}) == ()


@pytest.mark.parametrize(
    "said",
    [
        None,
        "x",
        [1],
        [{"sha256": "../../etc", "name": "x.jpg", "kind": "picture", "size": 1}],
        [{"sha256": SHA, "name": "x.jpg", "kind": "program", "size": 1}],
        [{"sha256": SHA, "name": "x.jpg", "kind": "picture", "size": -1}],
        [{"sha256": SHA, "name": "x.jpg", "kind": "picture"}],
        [{"sha256": SHA, "name": "x.jpg", "kind": "picture", "size": 1, "place": "moon"}],
    ],
)
def test_what_is_no_record_of_a_file_is_none(said: object) -> None:
    assert read_draft({DRAFT_KEY: said}) == ()


def test_a_name_in_a_draft_is_cleaned_again() -> None:
    (taken,) = read_draft({DRAFT_KEY: [{"sha256": SHA, "name": "../x.jpg", "kind": "picture", "size": 1}]})

    assert taken.name == "x.jpg"

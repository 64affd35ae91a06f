"""What is laid to a case: which files may be, what they are called, and which of them still lie there.

Pure. The kinds and their limits are data (``resources/attachments.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from desk_app.domain.text import strip_unstorable
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desk_app.domain.case import CaseFile

ATTACHED_KEY = "attached"
"""The key under which an event names what was laid to its case by it."""

DETACHED_KEY = "detached"
"""The key by which an ``amend`` says what was taken away (its id, beside ``name`` and ``reason``); the file stays."""

DRAFT_KEY = "attachments"
"""The key under which a half-typed form keeps what is to be laid to the case."""

MEGABYTE = 1_000_000
_LONGEST_NAME = 100  # characters, …
_LONGEST_STEM = 180  # … and bytes in UTF-8, so that a copy can be saved under it everywhere (255 with its ending)
_LONGEST_ENDING = 10
_LONGEST_REASON = 200
_SEPARATORS = re.compile(r"[/\\]")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u061c\u00ad]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\.|$)", re.IGNORECASE)
_SHA256 = re.compile("[0-9a-f]{64}")
_RUN_BY_SYSTEMS = (
    b"MZ",  # Windows
    b"\x7fELF",  # Linux
    b"#!",  # a script of any kind
    b"\xca\xfe\xba\xbe",  # Java, macOS
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut
)


class AttachmentKind(StrEnum):
    """What a file is to the program: it shows pictures itself, and gives everything else out as it is."""

    PICTURE = "picture"
    RECORDING = "recording"
    VIDEO = "video"
    DOCUMENT = "document"


class Place(StrEnum):
    """Whether a picture says where it was taken: it never did, it still does, or that was taken out of it."""

    NONE = "none"
    KEPT = "kept"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class KindRule:
    """The limits of one kind: the endings of its names (lower case, no dot), bytes, and of pictures pixels."""

    endings: frozenset[str]
    largest: int
    pixels: int


@dataclass(frozen=True, slots=True)
class AttachmentRules:
    """What may be laid to a case, and how much of it."""

    kinds: Mapping[AttachmentKind, KindRule]
    run: frozenset[str]
    per_case: int

    def kind_of(self, name: str) -> AttachmentKind:
        """Return the kind of a file by the ending of its cleaned name.

        Raises:
            KnownError: ``attachment_runs``, ``attachment_kind_unknown``.
        """
        ending = _ending(name).lower()
        for kind, rule in self.kinds.items():
            if ending in rule.endings:
                return kind
        raise KnownError("attachment_runs" if ending in self.run else "attachment_kind_unknown", name=name)

    def ask_room(self, name: str, count: int) -> None:
        """Ask whether one more has room where there are ``count``; raises ``attachment_too_many``."""
        if count >= self.per_case:
            raise KnownError("attachment_too_many", name=name, limit=self.per_case)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that the program has: the hash of its content, its cleaned name, its kind, its size in bytes."""

    sha256: str
    name: str
    kind: AttachmentKind
    size: int
    place: Place = Place.NONE


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that lies with a case. ``event_id`` is the event that brought it."""

    id: int
    event_id: int
    sha256: str
    name: str
    kind: AttachmentKind
    size: int


def read_rules(data: Mapping[str, Any]) -> AttachmentRules:
    """Build the rules from their file; a ``KeyError``, ``TypeError`` or ``ValueError`` says what is wrong with it."""
    kinds = {}
    for kind in AttachmentKind:
        given = data["kinds"][kind]
        pixels = int(given["pixels"]) * 1_000_000 if kind is AttachmentKind.PICTURE else 0
        kinds[kind] = KindRule(frozenset(given["endings"]), int(given["largest"]) * MEGABYTE, pixels)
    return AttachmentRules(kinds, frozenset(data["run"]["endings"]), int(data["per_case"]))


def clean_name(given: str) -> str:
    """Return a file's name as it is kept: one that every system can write, and that reads as what it is.

    Of a path the last part; without controls and without characters that nobody sees or that turn the direction of
    writing; what Windows refuses is a ``_``, a name it reserves (``CON``) begins with one. Too long a name keeps its
    beginning and its ending. Cleaning a clean name changes nothing.
    """
    name = _SEPARATORS.split(given)[-1]
    name = _INVISIBLE.sub("", strip_unstorable(name).replace("\n", " ").replace("\t", " "))
    name = _NOT_IN_NAMES.sub("_", name).strip(" ").rstrip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    ending = _ending(name)
    stem = name[: -len(ending) - 1] if ending else name
    room = _LONGEST_NAME - len(ending) - 1
    stem = stem[:room].encode("utf-8")[:_LONGEST_STEM].decode("utf-8", "ignore").rstrip(". ")
    return f"{stem or '_'}.{ending}" if ending else stem or "_"


def refuse_what_runs(name: str, head: bytes) -> None:
    """Refuse a file that a system would run, by its first bytes; raises ``attachment_runs``."""
    if head.startswith(_RUN_BY_SYSTEMS):
        raise KnownError("attachment_runs", name=name)


def lying(file: CaseFile, rows: Sequence[Attached]) -> tuple[Attached, ...]:
    """Return which of the rows of a case still lie there: brought by a deed that holds, and taken away by none.

    With a case that was made anonymous lies nothing.
    """
    if file.is_anonymised:
        return ()
    held = {event.id for event in file.deeds}
    gone = {event.data.get(DETACHED_KEY) for event in file.deeds}
    return tuple(row for row in rows if row.event_id in held and row.id not in gone)


def read_draft(values: Mapping[str, object]) -> tuple[Taken, ...]:
    """Return what a half-typed form keeps under :data:`DRAFT_KEY`; what is no record of a taken file is left out."""
    given = values.get(DRAFT_KEY)
    read = (_taken(each) for each in given) if isinstance(given, (list, tuple)) else ()
    return tuple(taken for taken in read if taken is not None)


def as_draft(taken: Iterable[Taken]) -> dict[str, object]:
    """Return what a half-typed form keeps of these files; nothing, where there is none."""
    kept = [asdict(each) for each in taken]
    return {DRAFT_KEY: kept} if kept else {}


def names_told(taken: Iterable[Taken]) -> dict[str, object]:
    """Return the data of the event that brings these files; nothing, where there is none."""
    names = [each.name for each in taken]
    return {ATTACHED_KEY: names} if names else {}


def taking_away(attached: Attached, reason: str) -> dict[str, object]:
    """Return the data of the event that takes a file away; raises ``detach_no_reason``."""
    said = strip_unstorable(reason).strip()[:_LONGEST_REASON]
    if not said:
        raise KnownError("detach_no_reason", name=attached.name)
    return {DETACHED_KEY: attached.id, "name": attached.name, "reason": said}


def _ending(name: str) -> str:
    """Return what follows the last dot of a name, where it can be an ending."""
    stem, dot, ending = name.rpartition(".")
    return ending if dot and stem and ending.isalnum() and len(ending) <= _LONGEST_ENDING else ""


def _taken(given: object) -> Taken | None:
    match given:
        case {"sha256": str(sha256), "name": str(name), "kind": str(kind), "size": int(size), **more}:
            known = kind in set(AttachmentKind) and more.get("place", "none") in set(Place)
            if known and _SHA256.fullmatch(sha256) and size >= 0:
                place = Place(str(more.get("place", "none")))
                return Taken(sha256, clean_name(name), AttachmentKind(kind), size, place)
    return None

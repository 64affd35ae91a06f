"""The shift handover: what the outgoing person hands over face to face, and what both sign for (domain.md part 12).

The sheet tells what is owed at that moment: all that is overdue, due within a day, or promised, and all that the
outgoing person owes; beside it what needs attention and what was reported to the leader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk_app.domain.fields import Field, FieldType, read_field_list
from desk_app.domain.problems import Problem
from desk_app.domain.vocabulary import FollowUpKind

HORIZON = timedelta(hours=24)
"""What falls due within it is told, whoever owes it: the next shifts' work."""
_NOTE_LENGTH = 300


class Part(StrEnum):
    """Why something is on the sheet, the most pressing reason first."""

    OVERDUE = "overdue"
    SOON = "soon"
    PROMISE = "promise"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverLine:
    """One follow-up that is handed over. ``customer`` is masked, ``matter`` on one line, and tells no more of whom.

    ``note`` is what the outgoing person says of it. ``promised_in_shift``: a promise written down since the last one.
    """

    follow_up_id: int
    kind: FollowUpKind
    subject: str
    due_at: datetime
    owed_by: str
    owed_to: str
    number: str
    customer: str
    matter: str
    is_confidential: bool = False
    promised_in_shift: bool = False
    note: str = ""

    def part(self, at: datetime) -> Part:
        """Return why this is told at a handover of that moment."""
        if self.due_at < at:
            return Part.OVERDUE
        if self.due_at < at + HORIZON:
            return Part.SOON
        return Part.PROMISE if self.kind is FollowUpKind.PROMISE else Part.OWN

    def needs_note(self, outgoing: str, at: datetime) -> bool:
        """Whether the outgoing person owes a word on it: a point of their own that their shift left unfinished."""
        return self.owed_by == outgoing and self.due_at < at


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The state of things that a handover would be of, the next due first: as of ``at``.

    ``since`` is when the last one was signed. ``left_out`` counts what is owed beyond what a sheet can hold.
    """

    outgoing: str
    at: datetime
    since: datetime
    lines: tuple[HandoverLine, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSheet:
    """A signed handover. ``state`` is what both looked at, with the notes; ``at`` is when they signed.

    ``reports`` holds what was reported to the leader, by the key of its occasion.
    """

    state: Draft
    at: datetime
    incoming: str
    shift: str
    attention: str
    reports: Mapping[str, str]
    id: int = 0

    @property
    def outgoing(self) -> str:
        """Who handed over."""
        return self.state.outgoing


@dataclass(frozen=True, slots=True)
class HandoverForm:
    """The fields of the form in order, and the keys of those that are reports to the leader."""

    fields: tuple[Field, ...]
    reports: tuple[str, ...]

    def label(self, key: str) -> str:
        """Return a field's label; a key that is no longer there is shown as it is."""
        return next((f.label for f in self.fields if f.key == key), key)


def read_form(data: Mapping[str, object]) -> HandoverForm:
    """Build the form from the parsed ``handover.toml``.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    entries = data["field"]
    fields = read_field_list(entries)
    assert isinstance(entries, list)  # noqa: S101 -- read_field_list has looked
    return HandoverForm(fields, tuple(str(e["key"]) for e in entries if e.get("report", False)))


def note_key(follow_up_id: int) -> str:
    """Return the key under which the note on a follow-up is read, and under which its problem is told."""
    return f"note_{follow_up_id}"


def note_fields(draft: Draft) -> tuple[Field, ...]:
    """Return a field for the note on each line; required where the outgoing person owes a word on it."""
    return tuple(
        Field(
            note_key(line.follow_up_id),
            line.number,
            FieldType.TEXT,
            required=line.needs_note(draft.outgoing, draft.at),
            max_length=_NOTE_LENGTH,
        )
        for line in draft.lines
    )


def in_the_way(draft: Draft, raw: Mapping[str, object]) -> tuple[Problem, ...]:
    """Return what keeps a form from being signed, whatever its fields say each for itself.

    Nobody hands over to themselves; a problem that arises during the handover is brought to a stage by the outgoing
    person first (domain.md part 12, 4).
    """
    problems = []
    if str(raw.get("incoming", "")).strip() == draft.outgoing:
        problems.append(Problem("incoming", "same_person", {"name": draft.outgoing}))
    if raw.get("settled") is not True:
        problems.append(Problem("settled", "not_settled"))
    return tuple(problems)


def unseen(draft: Draft, seen: Sequence[int]) -> tuple[HandoverLine, ...]:
    """Return the lines that the two have not looked at: what came in since they began."""
    known = frozenset(seen)
    return tuple(line for line in draft.lines if line.follow_up_id not in known)

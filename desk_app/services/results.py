"""What the use cases return: domain objects and what changed, never a row or a connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from desk_app.domain.case import Case, CaseFile
from desk_app.domain.follow_up import FollowUp
from desk_app.domain.problems import Problem
from desk_app.domain.queue import View
from desk_app.domain.retention import DEFAULT_YEARS
from desk_app.domain.sealed import Fit
from desk_app.domain.vocabulary import Role
from desk_app.domain.work_calendar import CalendarDay
from desk_app.errors import KnownError
from desk_app.storage.exports import ExportRow


@dataclass(frozen=True, slots=True)
class Changes:
    """What a use case changed; views refresh by it. ``everything`` means: another program wrote, look again."""

    cases: frozenset[str] = frozenset()
    queue: bool = False
    drafts: bool = False
    shop: bool = False
    duties: bool = False
    handovers: bool = False
    customers: bool = False
    volumes: bool = False
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the register or the shop's files: the code of a sentence and what fills it."""

    code: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Shop:
    """The one deployment: its name, its trade preset, who may receive, and who does at present.

    ``is_set_up`` is false until the three questions of the first start were answered. ``roles`` names what people may
    decide; while it is empty everybody may decide everything. ``days`` are the shop's own entries in the calendar.
    ``deadlines`` is the text of its own rules that is in force (the last good one), and ``rules_fault`` says why the
    file that there is now is not. ``phrase_packs`` are the packs of phrases that were turned on beside the ones every
    shop has. A former complainant counts as silent from ``silent_after`` days without contact on, up to
    ``silent_until``. A case of the same customer and matter within ``duplicate_days`` is perhaps the same one again.
    ``reminders``: whether the system's tray tells what falls due. ``strip_place``: whether a picture loses the place
    where it was taken when it is taken in. ``lock_after``: after how many
    minutes without a touch the desk is locked where whoever is signed in has a PIN; 0 never. ``told_open``: whether it
    was said what it means that nobody has one. ``own_categories`` are paths beside those of the trade,
    ``hidden_categories`` those that are offered no more; ``own_words`` are the words from which a category is
    suggested, each with its path, or with none where the trade's own word is not to speak. ``retention_years`` after
    its last step a case that rests is to be made anonymous; ``retention_on``: whether the manager has said so.
    ``second_place`` is the folder that backups go to as well (empty: none), where a copy is fresh for ``second_days``.
    """

    name: str
    trade: str
    operators: tuple[str, ...]
    operator: str
    number_pattern: str
    is_set_up: bool
    roles: Mapping[str, Role] = field(default_factory=dict)
    open_weekdays: tuple[int, ...] = tuple(range(7))
    days: tuple[CalendarDay, ...] = ()
    deadlines: str = ""
    rules_fault: Finding | None = None
    phrase_packs: tuple[str, ...] = ()
    silent_after: int = 90
    silent_until: int = 365
    duplicate_days: int = 30
    reminders: bool = True
    strip_place: bool = True
    lock_after: int = 10
    told_open: bool = False
    own_categories: tuple[str, ...] = ()
    hidden_categories: tuple[str, ...] = ()
    own_words: Mapping[str, str] = field(default_factory=dict)
    retention_years: int = DEFAULT_YEARS
    retention_on: bool = False
    second_place: str = ""
    second_days: int = 7


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-typed form. ``id`` is the request id that its save will carry, so that a saved one cannot come back."""

    id: str
    values: Mapping[str, object]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Registered:
    """A case that is on file for good. ``locked_month``: it was received in a month that is handed in (``2026-10``)."""

    case: Case
    owed: tuple[FollowUp, ...]
    changes: Changes
    was_stored_before: bool = False
    locked_month: str = ""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with one line of an input file: a code with parameters, or problems of fields."""

    line: int
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchRegistered:
    """What came of a whole input file. Without ``keep_going`` either ``numbers`` or ``left_out`` is empty."""

    numbers: tuple[str, ...]
    left_out: tuple[LineProblem, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class Acted:
    """A case after an action."""

    file: CaseFile
    changes: Changes


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many lines each view holds (of silent customers at most ``MOST_SILENT``), how many fall due in the hour."""

    views: Mapping[View, int]
    within_the_hour: int

    @property
    def overdue(self) -> int:
        """How many are overdue."""
        return self.views[View.OVERDUE]


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file that was written: ids and title of its sheets, how many things are on them, its SHA-256.

    ``notes``: what somebody has to be told of it, such as that macros were left out.
    """

    sheet: str
    title: str
    path: Path
    rows: int
    sha256: str = ""
    notes: tuple[KnownError, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """The files of one export; ``month``: which month may be locked now that its register was handed in, else empty."""

    files: tuple[ExportedFile, ...]
    month: str = ""


@dataclass(frozen=True, slots=True)
class ProvedExport:
    """What is known of a file: the row of its export, if there is one, and whether it is as it was then.

    ``is_marked`` false: nothing in the file says that it is that one; only its name is the same. ``ledger``: whether
    the ``line`` of the ledger that the file tells of is in the register; None where it tells of none.
    """

    row: ExportRow | None
    is_unchanged: bool
    is_marked: bool = True
    ledger: Fit | None = None
    line: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether the file is as it was, and the register the one that it came from."""
        return self.is_unchanged and self.ledger in (None, Fit.SAME)


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of a check of the register. ``notes``: what cannot be checked any more, and who has said so."""

    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

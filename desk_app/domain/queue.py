"""The follow-up queue: its lines, its views, and which stretches of what is owed each view is (domain.md 2, 14, 18).

A view is a union of disjoint :class:`Span`; every span is a range of one index of what is open, in the order of the due
dates. So a page is a merge of ranges and a count is a sum of ranges, and neither looks at a row that is not shown. Two
views list cases instead, each from an index of its own: what is not wholly on file, and customers who fell silent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.case import Lack
from desk_app.domain.privacy import mask_customer
from desk_app.domain.text import first_words
from desk_app.domain.times import epoch
from desk_app.domain.veil import Veil
from desk_app.domain.vocabulary import FollowUpKind, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.authority import Authority

MATTER_SOURCE = 120
"""How many characters of the content a line is given."""
MOST_SILENT = 1000
"""How many silent customers are listed and counted: nobody calls more of them before the list is another."""
MATTER_LENGTH = 60
"""How many characters of it are shown."""
_FAR = 1 << 62


class View(StrEnum):
    """Which lines the queue shows, in the order in which the views stand."""

    OVERDUE = "overdue"
    """逾期: due before now, whoever owes it; also what was left aside."""
    TODAY = "today"
    """今天: due before the day ends, what is overdue too; without what was left aside."""
    WEEK = "week"
    """本周: due before Sunday ends, what is overdue too; without what was left aside."""
    ALL = "all"
    """全部: everything that is open; also what was left aside."""
    MINE = "mine"
    """我的: owed by the present operator or by an office of theirs, and what has climbed to that office or past it."""
    APPROVE = "approve"
    """待审批: proposals that wait for somebody's yes."""
    RETURN_VISIT = "return_visit"
    """待回访: customers who were answered and are to be asked."""
    CORRECT = "correct"
    """待整改: corrections to make, and to verify."""
    PROMISE = "promise"
    """承诺: what was promised to customers (domain.md part 14: 慎许诺，多落实)."""
    UNRECORDED = "unrecorded"
    """未登记完 (四不漏 1): open cases that lack a basic fact (:class:`Lack`), the longest on file first."""
    UNHANDLED = "unhandled"
    """未处理 (四不漏 2): an answer, the handling itself, a visit on site, an approval or an analysis is owed."""
    UNCHECKED = "unchecked"
    """未复查 (四不漏 3): the customer is to be asked, or the effect of a correction verified."""
    UNREPORTED = "unreported"
    """未反映 (四不漏 4): the result is to be told to the department."""
    SILENT = "silent"
    """沉默的老客户: complained once and has not been spoken to for long (domain.md part 2: silence is not success)."""


class Order(StrEnum):
    """In which order a view is shown."""

    DUE = "due"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Sieve:
    """What of a view is wanted, and in which order; as it comes, everything, the earliest due first.

    A view of cases is sifted by what is owed next on each. Silent customers owe and are owed nothing: theirs is not
    sifted.
    """

    owed_by: str = ""
    kind: FollowUpKind | None = None
    status: Status | None = None
    order: Order = Order.DUE

    @property
    def takes_all(self) -> bool:
        """Whether nothing is left out."""
        return not self.owed_by and self.kind is None and self.status is None


ALL_OF_IT = Sieve()


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view with a sieve, kept under a name."""

    name: str
    view: View
    sieve: Sieve


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: the names under which they owe, and (epoch) up to which due date what is late has climbed to them."""

    names: tuple[str, ...]
    climbed: int | None = None


def reader(authority: Authority, person: str, at: datetime) -> Reader:
    """Return what a person answers for: their own, their office's, and what is late enough to be that office's matter.

    What has climbed past an office stays its matter too: going up releases nobody.
    """
    offices = authority.offices_of(person)
    waits = [rung.after_hours for rung in authority.ladder if rung.office in offices]
    climbed = epoch(at - timedelta(hours=min(waits))) if waits else None
    return Reader(tuple(dict.fromkeys((person, *offices))), climbed)


@dataclass(frozen=True, slots=True)
class Span:
    """Open follow-ups of one kind or debtor (None: any) that are due from ``since`` on and before ``until`` (epoch).

    ``awake_at``: without those that are left aside beyond this moment; None: with them.
    """

    kind: FollowUpKind | None = None
    owed_by: str | None = None
    since: int = -_FAR
    until: int = _FAR
    awake_at: int | None = None


_KINDS: Mapping[View, tuple[FollowUpKind, ...]] = {
    View.APPROVE: (FollowUpKind.APPROVE,),
    View.RETURN_VISIT: (FollowUpKind.RETURN_VISIT,),
    View.CORRECT: (FollowUpKind.CORRECT, FollowUpKind.VERIFY),
    View.PROMISE: (FollowUpKind.PROMISE,),
    View.UNHANDLED: (
        FollowUpKind.REPLY,
        FollowUpKind.HANDLE,
        FollowUpKind.VISIT_ON_SITE,
        FollowUpKind.APPROVE,
        FollowUpKind.ANALYSE,
        FollowUpKind.EXTERNAL_REPLY,
    ),
    View.UNCHECKED: (FollowUpKind.RETURN_VISIT, FollowUpKind.VERIFY),
    View.UNREPORTED: (FollowUpKind.FEED_BACK,),
}
"""The views that show some kinds of what is owed, whenever it is due."""

CASE_VIEWS = frozenset({View.UNRECORDED, View.SILENT})
"""The views whose lines are cases, not follow-ups: no spans."""


def spans(view: View, at: datetime, who: Reader) -> tuple[Span, ...]:
    """Return the disjoint spans that a view is made of as of ``at`` (aware, local: days and weeks end by its clock)."""
    now = epoch(at)
    if view is View.OVERDUE:
        return (Span(until=now),)
    if view is View.ALL:
        return (Span(),)
    if view is View.MINE:
        first = -_FAR if who.climbed is None else who.climbed + 1  # what is late by just so much has climbed
        climbed = () if who.climbed is None else (Span(until=first),)
        return climbed + tuple(Span(owed_by=name, since=first, awake_at=now) for name in who.names)
    if view in _KINDS:
        return tuple(Span(kind=kind, awake_at=now) for kind in _KINDS[view])
    day = datetime.combine(at.date(), time(), at.tzinfo)
    days = {View.TODAY: 1, View.WEEK: 7 - day.weekday()}[view]
    return (Span(until=epoch(day + timedelta(days=days)), awake_at=now),)


def sifted(of: tuple[Span, ...], sieve: Sieve) -> tuple[Span, ...]:
    """Return the spans with what a sieve says of debtor and kind; those in which nothing can be are gone."""
    if not sieve.owed_by and sieve.kind is None:
        return of
    made = (
        replace(span, kind=span.kind or sieve.kind, owed_by=span.owed_by or sieve.owed_by or None)
        for span in of
        if sieve.kind in (None, span.kind or sieve.kind) and sieve.owed_by in ("", span.owed_by or sieve.owed_by)
    )
    return tuple(made)


class QueueRow(NamedTuple):
    """Values as they are kept; what a list shows of them is worked out when it is asked for.

    That keeps a page as cheap as its query, however many pages are only scrolled past. The name and the phone are for
    :attr:`customer`, which masks them, and shows neither of who stays unnamed; they, the address and for whom somebody
    spoke are for :meth:`concealed`.

    ``place``, then ``id`` are what the lines of a view are ordered by; the id is the follow-up's, or, where the lines
    are cases, the case's. ``kind`` is a FollowUpKind. A silent customer's line has no follow-up: ``follow_up_id`` is 0,
    ``kind`` is ``silent`` and ``due_at`` is when they were last spoken to, which is their ``place``.
    """

    place: int | str
    id: int
    number: str
    status_key: str
    customer_name: str
    customer_phone: str
    content: str
    is_anonymous: int = 0
    is_confidential: int = 0
    customer_address: str = ""
    on_behalf_of: str = ""
    follow_up_id: int = 0
    kind: str = "silent"
    due_text: str = ""
    is_late: int = 0
    owed_by: str = ""
    owed_to: str = ""
    kept_subject: str = ""
    snoozed_text: str | None = None
    lacks_bits: int = 0
    is_concealed: bool = False

    @property
    def status(self) -> Status:
        """Where the case stands."""
        return Status(self.status_key)

    @property
    def due_at(self) -> datetime:
        """By when: aware, local; UTC on a silent customer's line."""
        return datetime.fromisoformat(self.due_text) if self.due_text else datetime.fromtimestamp(int(self.place), UTC)

    @property
    def snoozed_until(self) -> datetime | None:
        """Until when it was left aside, also where that is past."""
        return datetime.fromisoformat(self.snoozed_text) if self.snoozed_text else None

    @property
    def overdue(self) -> bool:
        """Whether it was late at the moment the page was asked for."""
        return self.is_late == 1

    @property
    def lacks(self) -> Lack:
        """Which basic facts the case is without; looked for in the view of these cases alone."""
        return Lack(self.lacks_bits)

    @property
    def customer(self) -> str:
        """The customer, masked: the name, else the phone; empty where the customer is anonymous."""
        return "" if self.is_anonymous else mask_customer(self.customer_name, self.customer_phone)

    @property
    def matter(self) -> str:
        """What it is about, on one short line."""
        return first_words(self._told(self.content), MATTER_LENGTH)

    @property
    def subject(self) -> str:
        """What exactly is owed where the kind does not say it: the promise, the fault."""
        return self._told(self.kept_subject)

    def concealed(self) -> QueueRow:
        """Return the line without whose matter it is in what it says of the matter."""
        return self._replace(is_concealed=True)

    def _told(self, text: str) -> str:
        if not self.is_concealed or not text:
            return text
        names = f"{self.customer_name}、{self.on_behalf_of}"
        return Veil(names, self.customer_phone, (self.customer_address,)).said(text)

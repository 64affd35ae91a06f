"""What is counted of a case: one flat row of facts that follow from the case and its history, and from nothing else.

Every figure of the overview, every warning and every rate is a count of these (``domain.metrics`` gives the formulas).
The rules that all of them share:

* A case belongs to the day on which it was received, by the shop's wall clock: one written down later (补录) counts on
  that day, not on the day of writing; and what happened to it afterwards counts there too, whenever it happened.
* A void case counts nowhere (``is_void``): it was a mistake, or lives on in the case that it was merged into.
* What was undone did not happen (``CaseFile.deeds``).
* Of a case that was reopened the present round decides whether it was answered in time, the first answer of all how
  long the customer had to wait for one, and the closing that holds how long the whole took.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain import customer, history
from desk_app.domain.case import Lack
from desk_app.domain.times import epoch
from desk_app.domain.vocabulary import Action, FollowUpKind, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from desk_app.domain.case import CaseFile

ITEMS = "items"
SPOT_BETWEEN = " · "
"""What stands between the department and the topic in a ``spot``."""


class Facts(NamedTuple):
    """Text is empty, a number or a flag None, where nothing is known; minutes are of the clock, nights and all.

    ``day`` is the ISO date of receipt, ``hour`` its hour (0–23). ``topic`` is the first level of the category;
    ``department`` and ``handler`` whoever it was assigned to last (the handler else whoever received it); ``spot`` the
    department with the topic; ``customer`` the first key by which the customer is known (``domain.customer``).
    ``items`` are the trade's own, each as ``room：1203``.

    ``answered_minutes``: from receipt to the first answer of all. ``closed_minutes``: to the closing that holds.
    ``replied_in_time``: whether the present round was answered by its due time. ``closed_in_time``: of a closed case,
    whether nothing that was owed on it was done late. ``was_late``: whether anything ever was. ``lacks``: whether a
    basic fact is not on file. ``omitted``: either of the two. ``visited``: of a case whose customer was to be asked,
    whether they were reached. ``came_again``: whether the customer came back about the same matter, or it was reopened.
    ``due``, ``reply_due``: epoch seconds of what is owed next, and of the answer that is owed.
    """

    number: str
    day: str
    is_void: int
    answered_minutes: int | None
    closed_minutes: int | None
    due: int | None
    reply_due: int | None
    kind: str
    category: str
    topic: str
    channel: str
    route: str
    severity: str
    status: str
    responsibility: str
    department: str
    spot: str
    receiver: str
    handler: str
    target: str
    place: str
    customer: str
    hour: int
    satisfaction: str
    replied_in_time: int | None
    closed_in_time: int | None
    was_late: int
    lacks: int
    omitted: int
    visited: int | None
    came_again: int
    late_entry: int
    items: tuple[str, ...]


class Within(NamedTuple):
    """The cases received from one day on and before another (ISO texts), of some kinds; none given: of all."""

    first: str
    before: str
    kinds: tuple[str, ...] = ()


PARTS = (*Facts._fields[Facts._fields.index("category") : -1], ITEMS)
"""By what is counted: the fields whose values are told apart. ``kind`` is told apart beside each of them."""


def facts_of(file: CaseFile) -> Facts:
    """Return what is counted of a case."""
    case, topic = file.case, file.case.category.split(" > ")[0]
    assigned, determined = history.assignment(file), history.determination(file)
    department = _said(assigned.data.get("department")) if assigned else ""
    keys = customer.keys(case.customer_name, case.customer_phone, anonymous=case.anonymous)
    answered, closed = _first_answer(file), history.closing(file)
    was_late = any(f.done_at is not None and f.done_at > f.due_at for f in file.ever_owed)
    lacks = case.lacks is not Lack(0)
    owed = file.owed
    reply_due = next((f.due_at for f in owed if f.kind is FollowUpKind.REPLY), None)
    return Facts(
        number=case.number,
        day=case.received_at.date().isoformat(),
        is_void=int(case.status is Status.VOID),
        answered_minutes=_minutes(case.received_at, answered),
        closed_minutes=_minutes(case.received_at, closed.at if closed else None),
        due=epoch(owed[0].due_at) if owed else None,
        reply_due=epoch(reply_due) if reply_due else None,
        kind=case.kind,
        category=case.category,
        topic=topic,
        channel=case.channel,
        route=case.route,
        severity=case.severity,
        status=case.status,
        responsibility=_said(determined.data.get("responsibility")) if determined else "",
        department=department,
        spot=f"{department}{SPOT_BETWEEN}{topic}" if department else "",
        receiver=case.receiver,
        handler=(_said(assigned.data.get("person")) if assigned else "") or case.receiver,
        target=case.target,
        place=case.place,
        customer=keys[0] if keys else "",
        hour=case.received_at.hour,
        satisfaction=_satisfaction(file),
        replied_in_time=_flag(history.is_replied_in_time(file)),
        closed_in_time=int(not was_late) if closed else None,
        was_late=int(was_late),
        lacks=int(lacks),
        omitted=int(was_late or lacks),
        visited=_visited(file),
        came_again=int(case.round > 1 or _came_again(file)),
        late_entry=int(case.entered_at.date() > case.received_at.date()),
        items=tuple(f"{key}：{value}" for key, value in case.item.items()),
    )


def marks(facts: Facts) -> Iterator[tuple[str, str, str, str]]:
    """Go through what a case adds one to: (part, kind, day, value); nothing of a void one."""
    if facts.is_void:
        return
    yield "", facts.kind, facts.day, ""
    for part in PARTS:
        value = getattr(facts, part)
        for each in value if isinstance(value, tuple) else (value,):
            if each is not None and each != "":
                yield part, facts.kind, facts.day, str(each)


def _first_answer(file: CaseFile) -> datetime | None:
    answers = (e.at for e in file.deeds if e.action is Action.REPLY and not history.is_outside(e))
    return min(answers, default=None)


def _minutes(since: datetime, until: datetime | None) -> int | None:
    return None if until is None else max(0, int((until - since).total_seconds()) // 60)


def _satisfaction(file: CaseFile) -> str:
    """Return the customer's last word, where they were reached (domain.md part 10)."""
    visit = history.visit(file)
    return _said(visit.data.get("satisfaction")) if visit and visit.data.get("reached") is not False else ""


def _visited(file: CaseFile) -> int | None:
    visits = [e for e in file.deeds if e.action is Action.RETURN_VISIT]
    if not visits and not any(f.kind is FollowUpKind.RETURN_VISIT for f in file.ever_owed):
        return None
    return int(any(e.data.get("reached") is not False for e in visits))


def _came_again(file: CaseFile) -> bool:
    return any(e.action is Action.CONTACT and e.data.get("direction") == "in" for e in file.deeds)


def _said(value: object) -> str:
    return value if isinstance(value, str) else ""


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)

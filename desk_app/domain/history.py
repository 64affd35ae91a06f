"""The steps of a case's history that what is told or counted of it rests on: the latest of each kind that holds.

What was undone is not there (``CaseFile.deeds``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.vocabulary import Action, FollowUpKind, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.follow_up import FollowUp


def is_outside(event: Event) -> bool:
    """Whether an answer went to an external body, not to the customer."""
    return event.data.get("to") == "external"


def visit(file: CaseFile) -> Event | None:
    """Return the latest visit that reached the customer: their last word; else the latest try."""
    visits = [e for e in file.deeds if e.action is Action.RETURN_VISIT]
    reached = [e for e in visits if e.data.get("reached") is not False]
    return (reached or visits)[-1] if visits else None


def reply(file: CaseFile) -> Event | None:
    """Return the latest answer to the customer; one to an external body is a note of the handling."""
    answers = (e for e in reversed(file.deeds) if e.action is Action.REPLY and not is_outside(e))
    return next(answers, None)


def latest(*actions: Action) -> Callable[[CaseFile], Event | None]:
    """Return what finds the latest deed of some kinds in a case."""
    return lambda file: next((e for e in reversed(file.deeds) if e.action in actions), None)


investigation = latest(Action.INVESTIGATE)
determination = latest(Action.DETERMINE)
proposal = latest(Action.PROPOSE)
assignment = latest(Action.ASSIGN)
feed_back = latest(Action.FEED_BACK)
_decision = latest(Action.APPROVE, Action.REJECT)
_close = latest(Action.CLOSE)


def ruling(file: CaseFile) -> Event | None:
    """Return what was last decided on the proposal that holds: none while a later one waits for it."""
    ruled, proposed = _decision(file), proposal(file)
    return None if ruled and proposed and file.deeds.index(ruled) < file.deeds.index(proposed) else ruled


def acceptance(file: CaseFile) -> Event | None:
    """Return where the latest assignment was accepted (签收)."""
    assigned = assignment(file)
    return acceptance_of(file, assigned) if assigned else None


def acceptance_of(file: CaseFile, assigned: Event) -> Event | None:
    """Return where an assignment was accepted, before the next one was made; None of any other deed."""
    if assigned.action is not Action.ASSIGN:
        return None
    after = file.deeds[file.deeds.index(assigned) + 1 :]
    taken = next((e for e in after if e.action in (Action.ACCEPT, Action.ASSIGN)), None)
    return taken if taken and taken.action is Action.ACCEPT else None


def visits_on_site(file: CaseFile) -> list[Event]:
    """Return the visits on site, in their order."""
    return [e for e in file.deeds if e.action is Action.CONTACT and e.data.get("medium") == "on_site"]


def on_site(file: CaseFile) -> Event | None:
    """Return the first visit on site (domain.md part 10, D6)."""
    return next(iter(visits_on_site(file)), None)


def last_on_site(file: CaseFile) -> Event | None:
    """Return the latest visit on site: what the work came to."""
    return next(reversed(visits_on_site(file)), None)


def adoption(file: CaseFile) -> Event | None:
    """Return where it was last said whether a suggestion is adopted."""
    return next((e for e in reversed(file.deeds) if "adopted" in e.data and not is_outside(e)), None)


def closing(file: CaseFile) -> Event | None:
    """Return the close that holds: none while the case is open again."""
    return _close(file) if file.case.status is Status.CLOSED else None


def owed_reply(file: CaseFile) -> FollowUp | None:
    """Return the reply that the case's present round owes, or owed: the latest, for one may have been withdrawn."""
    owed = (f for f in reversed(file.follow_ups) if f.kind is FollowUpKind.REPLY and f.round == file.case.round)
    return next(owed, None)


def is_replied_in_time(file: CaseFile) -> bool | None:
    """Return whether the present round was answered by its due time; None while it is not answered."""
    owed, answer = owed_reply(file), reply(file)
    if owed is None or answer is None or answer.round != owed.round:
        return None
    return answer.at <= owed.due_at

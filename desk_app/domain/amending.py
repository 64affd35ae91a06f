"""What a case's facts being put right comes to: nothing is written over unseen, and what is owed follows the facts.

A supplement (a phone that was missing) and a correction (the wrong kind was ticked) are the same ``amend``. The event
keeps every new value beside the old one. What the registration and the answer of the present round made owed is worked
out for the facts as they were and as they are: where the two differ, what is still open follows; what was settled stays
settled. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from desk_app.domain.deadlines import DeadlineBook, Parties
from desk_app.domain.month_lock import Locks, is_locked
from desk_app.domain.owing import not_after_the_reply
from desk_app.domain.standing import standing
from desk_app.domain.vocabulary import Action, Trigger, Unit
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.case import Case, CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.vocabulary import FollowUpKind

FREE = timedelta(hours=1)
"""How long an entry is still being written."""


def refusal(file: CaseFile, case: Case) -> KnownError | None:
    """Return why the facts of a case cannot become those of ``case``, or None."""
    steps = (e for e in file.deeds if e.action not in (Action.REGISTER, Action.AMEND))
    first = min(steps, key=lambda e: e.at, default=None)
    if first is not None and file.case.received_at != case.received_at > first.at:
        return KnownError("amend_after_first_step", number=case.number, action=first.action, at=first.at)
    return None


def is_correction(file: CaseFile, event: Event, locks: Locks) -> bool:
    """Whether an ``amend`` shows on the register from then on: what was there, what is there since, who did it.

    Whoever put a case on file may put their own entry right within the hour without a mark, for it is still being
    written; after that, by somebody else, or once the month is locked, it is an amendment (domain.md part 14:
    不擅改客户数据, 不隐瞒差错). Both are in the history with what was there before.
    """
    if event.action is not Action.AMEND or not event.was:
        return False
    writer = next((e.by for e in file.events if e.action is Action.REGISTER), "")
    is_fresh = event.entered_at - file.case.entered_at <= FREE
    return not (is_fresh and event.by == writer) or is_locked(file, event, locks)


def owed_after(
    file: CaseFile, case: Case, at: datetime, deadlines: DeadlineBook
) -> tuple[tuple[FollowUp, ...], tuple[FollowUp, ...]]:
    """Return what was on file and is changed by the new facts of ``case``, and what is newly owed.

    What a rule no longer demands is settled ``at``; what falls due by another rule or from another moment keeps its
    debtor where it was handed over, and is no longer left aside. A kind of thing that was owed before is not demanded
    anew, unless it was an amendment (or an undoing) that had taken it away.

    Raises:
        KnownError: ``amend_needs_reopening``: something would be owed on a case that is closed.
    """
    before, after = _by_kind(file, file.case, deadlines), _by_kind(file, case, deadlines)
    changed: list[FollowUp] = []
    for owed in file.owed:
        was = before.get(owed.kind)
        if was is None or was.rule != owed.rule:
            continue  # of neither
        now = after.get(owed.kind)
        if now is None:
            changed.append(replace(owed, done_at=at))
        elif now != was:
            by = owed.owed_by if now.owed_by == was.owed_by else now.owed_by
            new = replace(now, id=owed.id, event_id=owed.event_id, round=owed.round, owed_by=by, level=owed.level)
            changed.append(_no_later_than_taken_over(new, owed, was))
    amended_at = {e.at for e in file.events if e.action is Action.AMEND}  # an undoing is one
    replies = [f for f in changed if f.done_at is None]
    # an answer that is to be given earlier does not wait for a later approval
    sooner = (not_after_the_reply(owed, replies, owed.start_at) for owed in file.owed)
    changed += [new for new, old in zip(sooner, file.owed, strict=True) if new != old]
    known = {f.kind for f in file.follow_ups if f.done_at not in amended_at}
    added = tuple(replace(f, round=case.round) for kind, f in after.items() if kind not in before and kind not in known)
    if added and case.status.is_over:
        raise KnownError("amend_needs_reopening", number=case.number, kind=added[0].kind)
    return tuple(changed), added


def _no_later_than_taken_over(new: FollowUp, owed: FollowUp, was: FollowUp) -> FollowUp:
    """Keep an earlier time that was taken over from a merged case (``joining``), which these facts do not know of."""
    is_taken_over = owed.term.unit is Unit.GIVEN and owed.due_at < was.due_at
    return replace(new, due_at=owed.due_at, term=owed.term) if is_taken_over and owed.due_at < new.due_at else new


def _by_kind(file: CaseFile, case: Case, deadlines: DeadlineBook) -> dict[FollowUpKind, FollowUp]:
    """Return what such a case owes because of its registration, in its first round, and because of the latest answer.

    That is a return visit, or of praise its passing on: a kind that was ticked wrongly must not lose either.
    """
    parties = Parties(responsible=case.first_contact, due_at=case.promised_at)
    owed = deadlines.owed(Trigger.REGISTERED, replace(case, round=1), case.received_at, parties)
    answers = (e for e in reversed(file.deeds) if e.action is Action.REPLY and e.data.get("to") != "external")
    answer = next(answers, None)
    if answer is not None and answer.round == case.round and answer.data.get("accepted") is not False:
        owed += deadlines.owed(Trigger.REPLIED, case, answer.at, Parties(responsible=standing(file).responsible))
    return {f.kind: f for f in owed}

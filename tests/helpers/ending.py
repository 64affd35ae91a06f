"""How a case comes to its end: what settles each thing that is owed, and what brings what a closing lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.standing import standing
from desk_app.domain.vocabulary import Action, FollowUpKind, Status
from desk_app.domain.workflow import caution
from tests.helpers import deeds as d

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.policy import Policy
    from desk_app.errors import KnownError

_SETTLED_BY = {
    FollowUpKind.REPLY: d.REPLY.given(adopted=False),
    FollowUpKind.HANDLE: d.CLOSE.given(adopted=True),
    FollowUpKind.VISIT_ON_SITE: d.ON_SITE,
    FollowUpKind.APPROVE: d.APPROVE.by_whom("赵店长"),
    FollowUpKind.RETURN_VISIT: d.HAPPY,
    FollowUpKind.CORRECT: d.CORRECT,
    FollowUpKind.VERIFY: d.VERIFY,
    FollowUpKind.PROMISE: d.KEEP,
    FollowUpKind.ANALYSE: d.INVESTIGATE,
    FollowUpKind.EXTERNAL_REPLY: d.OUTSIDE,
    FollowUpKind.FEED_BACK: d.FEED_BACK,
}
_REMEDIES = {
    "close_before_visit": d.HAPPY,
    "close_before_recorded": d.HAPPY,
    "close_before_responsibility": d.BLAMELESS,
    "close_before_feed_back": d.FEED_BACK,
}
_SAID_AT_THE_END = "close_before_adoption"


def settling(owed: FollowUp) -> d.Deed:
    """Return the deed that settles something owed; what has a name is named."""
    if owed.kind is FollowUpKind.PROMISE:
        return d.KEEP.given(promise=owed.id)
    if owed.kind in (FollowUpKind.CORRECT, FollowUpKind.VERIFY) and owed.subject:
        return d.VERIFY.given(correction=owed.id)
    return _SETTLED_BY[owed.kind]


def next_towards_the_end(file: CaseFile, policy: Policy) -> d.Deed:
    """Return what brings the first thing that a closing lacks, or the closing; by exception nothing is done."""
    missing = [each for each in caution(file, Action.CLOSE, policy) if each.code != _SAID_AT_THE_END]
    return _remedy(file, missing[0]) if missing else d.CLOSE.given(adopted=True)


def _remedy(file: CaseFile, missing: KnownError) -> d.Deed:
    if missing.code == "close_before_reply":
        is_proposed = file.case.status is Status.AWAITING_APPROVAL
        if standing(file).is_rejected and not is_proposed:
            return d.PROPOSE
        return _SETTLED_BY[FollowUpKind.APPROVE if is_proposed else FollowUpKind.REPLY]
    if missing.code == "close_while_owed":
        told = (missing.params["kind"], missing.params["due"])
        return next(settling(f) for f in file.owed if (f.kind, f.due_at) == told)
    if missing.code == "close_before_told":
        return d.FEED_BACK.given(department=missing.params["department"])
    return _REMEDIES[missing.code]

"""What stands in the way of an action beside the status of the case: authority, order, and the closing gate.

Each check yields refusals as :class:`KnownError`, so that the window can show all of them before anybody tries (a list
of what is missing before a case can be closed), and :func:`workflow.decide` raises the first.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from desk_app.domain import departments
from desk_app.domain.case import Lack
from desk_app.domain.event import OUT_KEY
from desk_app.domain.rights import Right
from desk_app.domain.vocabulary import Action, FollowUpKind, Responsibility, Role, Status
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from desk_app.domain.authority import Authority
    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.policy import Policy
    from desk_app.domain.standing import Standing

_KEEPS_OPEN = (
    FollowUpKind.PROMISE,
    FollowUpKind.APPROVE,
    FollowUpKind.VISIT_ON_SITE,
    FollowUpKind.ANALYSE,
    FollowUpKind.EXTERNAL_REPLY,
)
"""What must be settled by its own action before a case is closed."""
_IMPROVEMENT = (FollowUpKind.CORRECT, FollowUpKind.VERIFY)
_BY_EXCEPTION: Mapping[str, object] = {"exception": True, "adopted": True}
"""What may be given at most: what is missing even then forbids the closing whatever is typed."""


def first(refusals: Iterable[KnownError]) -> KnownError | None:
    """Return the first refusal, or None."""
    return next(iter(refusals), None)


def standing_in_the_way(
    file: CaseFile, stands: Standing, action: Action, policy: Policy, deed: Event | None = None
) -> Iterator[KnownError]:
    """Go through what forbids an action. Without ``deed`` it is asked of the case alone, and as leniently as can be."""
    if action in _NEEDS:
        yield from _NEEDS[action](file, stands, deed)
    if action is Action.CLOSE:
        if deed is not None and _is_exception(deed) and not stands.was_dissatisfied:
            needed = policy.deadlines.visit_attempts
            yield KnownError("exception_without_dissatisfaction", number=file.case.number, needed=needed)
        yield from before_closing(file, stands, policy, _BY_EXCEPTION if deed is None else deed.data)
    if deed is not None:
        yield from beyond_authority(stands, deed, policy)


def before_closing(
    file: CaseFile, stands: Standing, policy: Policy, given: Mapping[str, object]
) -> Iterator[KnownError]:
    """Go through what is missing before a case can be closed with ``given`` (四不漏; domain.md parts 8, 9.5, 14).

    The exception 客户不满意但已尽处理 (part 20.4) stands in for a customer who accepts and for a visit, not for an
    answer, for the finding of responsibility, or for what was promised; and only where a customer was dissatisfied.
    """
    number, kind, book = file.case.number, file.case.kind, policy.deadlines
    owed, exception = {f.kind for f in file.owed}, given.get("exception") is True and stands.was_dissatisfied
    if not stands.was_answered or (FollowUpKind.REPLY in owed and not exception):
        yield KnownError("close_before_reply", number=number)
    elif FollowUpKind.RETURN_VISIT in owed and not exception and stands.visit_attempts < book.visit_attempts:
        yield KnownError("close_before_visit", number=number, tries=stands.visit_attempts, needed=book.visit_attempts)
    lacks = file.case.lacks & book.need_recorded
    if FollowUpKind.RETURN_VISIT not in owed or exception:
        lacks &= ~Lack.CONTACT  # who was reached, or need not be, is not to be reached again
    if lacks:
        yield KnownError("close_before_recorded", number=number, lacks=lacks)
    if kind in book.need_responsibility and stands.responsibility in (None, Responsibility.UNDECIDED):
        yield KnownError("close_before_responsibility", number=number)
    if kind in book.need_adoption and stands.adoption is None and "adopted" not in given:
        yield KnownError("close_before_adoption", number=number)
    for owing in (f for f in file.owed if f.kind in _KEEPS_OPEN):
        yield KnownError("close_while_owed", number=number, kind=owing.kind, owed_by=owing.owed_by, due=owing.due_at)
    untold = [f for f in file.owed if f.kind is FollowUpKind.FEED_BACK and departments.is_particular(f.owed_to)]
    for owing in untold:
        yield KnownError("close_before_told", number=number, department=owing.owed_to)
    if not untold and kind in book.need_feed_back and not stands.is_fed_back:
        yield KnownError("close_before_feed_back", number=number)


def completed(file: CaseFile, stands: Standing, deed: Event, policy: Policy) -> Mapping[str, object]:
    """Return a deed's data with what the case itself answers: the only promise, the office above, the merged case."""
    data = deed.data
    if deed.action is Action.ESCALATE:
        above = policy.authority.acting(str(data["to"])) if "to" in data else None
        above = above or policy.authority.next_office(stands.responsible)
        return {**data, "to": above} if above else data
    if deed.action is Action.REOPEN and file.merged_into:
        return {**data, OUT_KEY: file.merged_into}
    for action, key, kinds in (
        (Action.KEEP_PROMISE, "promise", (FollowUpKind.PROMISE,)),
        (Action.VERIFY_CORRECTION, "correction", _IMPROVEMENT),
    ):
        if deed.action is action and key not in data:
            meant = _named(file, kinds)
            if len({f.event_id for f in meant}) == 1:
                return {key: meant[0].id, **data}
    return data


def due_at(deed: Event) -> datetime | None:
    """Return the time an action named by when something is owed, or None."""
    text = deed.data.get("due_at")
    return None if text is None else datetime.fromisoformat(str(text))


def amount(deed: Event) -> Decimal | None:
    """Return the sum an action speaks of, in yuan, or None."""
    value = deed.data.get("amount")
    return None if value is None else Decimal(str(value))


def _named(file: CaseFile, kinds: tuple[FollowUpKind, ...]) -> list[FollowUp]:
    return [f for f in file.owed if f.kind in kinds and f.subject]


def _accept(file: CaseFile, stands: Standing, _deed: Event | None) -> Iterator[KnownError]:
    if stands.assigned is None or stands.is_accepted:
        yield KnownError("nothing_to_accept", number=file.case.number)


def _propose(file: CaseFile, _stands: Standing, _deed: Event | None) -> Iterator[KnownError]:
    if all(f.kind is not FollowUpKind.REPLY for f in file.owed):
        yield KnownError("already_replied", number=file.case.number)


def _reply(file: CaseFile, stands: Standing, deed: Event | None) -> Iterator[KnownError]:
    owed = {f.kind for f in file.owed}
    to_external = FollowUpKind.EXTERNAL_REPLY in owed if deed is None else deed.data.get("to") == "external"
    if to_external:
        if FollowUpKind.EXTERNAL_REPLY not in owed:
            yield KnownError("external_reply_not_owed", number=file.case.number)
    elif FollowUpKind.REPLY not in owed:
        yield KnownError("already_replied", number=file.case.number)
    elif file.case.status is Status.AWAITING_APPROVAL:
        yield KnownError("reply_before_approval", number=file.case.number)
    elif stands.is_rejected:
        yield KnownError("reply_after_rejection", number=file.case.number)


def _return_visit(file: CaseFile, _stands: Standing, _deed: Event | None) -> Iterator[KnownError]:
    owed = {f.kind for f in file.owed}
    if FollowUpKind.RETURN_VISIT not in owed:
        is_early = FollowUpKind.REPLY in owed
        yield KnownError("visit_before_reply" if is_early else "already_visited", number=file.case.number)


def _keep_promise(file: CaseFile, _stands: Standing, deed: Event | None) -> Iterator[KnownError]:
    """A promise is named by the id of what is owed because of it."""
    known = _named(file, (FollowUpKind.PROMISE,))
    if not known:
        yield KnownError("no_promise", number=file.case.number)
    elif deed is not None and all(f.id != deed.data.get("promise") for f in known):
        yield KnownError("promise_unknown", number=file.case.number, known=_listed(known))


def _verify(file: CaseFile, _stands: Standing, deed: Event | None) -> Iterator[KnownError]:
    """A correction is named by the id of either thing that is owed because of it."""
    known = _named(file, _IMPROVEMENT)
    if not known:
        yield KnownError("no_correction", number=file.case.number)
    elif deed is not None and all(f.id != deed.data.get("correction") for f in known):
        yield KnownError("correction_unknown", number=file.case.number, known=_listed(known))


def _listed(known: list[FollowUp]) -> str:
    return "；".join(f"{f.id} {f.subject[:30]}" for f in known)


_NEEDS: Mapping[Action, Callable[[CaseFile, Standing, Event | None], Iterator[KnownError]]] = {
    Action.ACCEPT: _accept,
    Action.PROPOSE: _propose,
    Action.REPLY: _reply,
    Action.RETURN_VISIT: _return_visit,
    Action.KEEP_PROMISE: _keep_promise,
    Action.VERIFY_CORRECTION: _verify,
}


def beyond_authority(stands: Standing, deed: Event, policy: Policy) -> Iterator[KnownError]:
    """Nobody decides beyond their authority (domain.md part 7; the exception: part 20.4)."""
    authority = policy.authority
    if authority.is_office_word(deed.by) and _is_decision(deed, authority):
        yield KnownError("office_is_no_person", by=deed.by)
    if deed.action is Action.APPROVE and not authority.may_grant(deed.by, stands.amount):
        yield KnownError(
            "beyond_authority", by=deed.by, amount=stands.amount or 0, office=authority.approver(stands.amount)
        )
    if deed.action is Action.ESCALATE and not authority.is_above(str(deed.data.get("to", "")), stands.responsible):
        yield KnownError("nobody_above", to=str(deed.data.get("to", "")), by=stands.responsible)
    if not authority.may(deed.by, deed.action):
        yield KnownError("needs_role", by=deed.by, action=deed.action, office=authority.office_of(deed.action))
    elif _is_exception(deed) and not authority.may(deed.by, Right.EXCEPTION):
        yield KnownError("exception_needs_role", by=deed.by, office=authority.office_of(Right.EXCEPTION))


def _is_decision(deed: Event, authority: Authority) -> bool:
    """Whether not everybody may do it: then only a person can, and no office by its name."""
    return authority.rights[deed.action] is not Role.RECEPTIONIST


def _is_exception(deed: Event) -> bool:
    return deed.action is Action.CLOSE and deed.data.get("exception") is True

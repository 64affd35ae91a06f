"""What comes next on a case: the action that settles what is owed first, and what its closing still lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from desk_app.domain.case import Lack
from desk_app.domain.foresight import forewarnings
from desk_app.domain.rights import Right
from desk_app.domain.standing import standing
from desk_app.domain.text import first_words
from desk_app.domain.vocabulary import Action, FollowUpKind, Responsibility
from desk_app.domain.workflow import caution, why_not

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.policy import Policy
    from desk_app.errors import KnownError
    from desk_app.services.rules import Rules

_SETTLES: Mapping[FollowUpKind, Action] = {
    FollowUpKind.REPLY: Action.REPLY,
    FollowUpKind.EXTERNAL_REPLY: Action.REPLY,
    FollowUpKind.ANALYSE: Action.INVESTIGATE,
    FollowUpKind.VISIT_ON_SITE: Action.CONTACT,
    FollowUpKind.APPROVE: Action.APPROVE,
    FollowUpKind.PROMISE: Action.KEEP_PROMISE,
    FollowUpKind.RETURN_VISIT: Action.RETURN_VISIT,
    FollowUpKind.VERIFY: Action.VERIFY_CORRECTION,
    FollowUpKind.FEED_BACK: Action.FEED_BACK,
}
_SUBJECT_LENGTH = 20  # characters of a promise in a list of what is missing
_LACKS: Mapping[str, Action] = {
    "close_before_reply": Action.REPLY,
    "close_before_visit": Action.RETURN_VISIT,
    "close_before_responsibility": Action.DETERMINE,
    "close_before_recorded": Action.AMEND,
    "close_before_adoption": Action.CLOSE,  # its own form asks for it
    "close_before_told": Action.FEED_BACK,
    "close_before_feed_back": Action.FEED_BACK,
}


class Missing(NamedTuple):
    """One thing that a closing lacks, the action that brings it, and what exactly is owed where something is."""

    action: Action
    lack: KnownError
    subject: str


def next_action(file: CaseFile, policy: Policy) -> Action | None:
    """Return the action that settles what is due first and can be settled now; None where nothing can."""
    able = (action for owed in file.owed if why_not(file, action := _settling(file, owed, policy), policy) is None)
    return next(able, None)


def missing(file: CaseFile, policy: Policy) -> tuple[Missing, ...]:
    """Return everything that a closing lacks (``workflow.caution``), in the order of the checks."""
    lacks = caution(file, Action.CLOSE, policy)
    return tuple(Missing(_brings(lack), lack, _subject(file, lack)) for lack in lacks)


def refusal(file: CaseFile, action: Action, policy: Policy, rules: Rules) -> str:
    """Return why an action is not possible now, empty where it is: of a closing everything that it lacks."""
    why = why_not(file, action, policy)
    if why is None:
        return ""
    lacks = missing(file, policy) if action is Action.CLOSE and why.code != "action_not_now" else ()
    if not lacks:
        return rules.sentences.error(why)
    head = _tr("{0} 现在不能结案，还缺 {1} 项（按前面的字母去办）：").format(file.case.number, len(lacks))
    return head + "；".join(_checklist(lacks, rules))


def offices(person: str, policy: Policy, rules: Rules) -> Mapping[Action, str]:
    """Return, for each action that a person may not do, the office whose matter it is."""
    authority = policy.authority
    return {action: authority.office_of(action) for action in rules.actions if not authority.may(person, action)}


def warning(file: CaseFile, deed: Event, policy: Policy, rules: Rules) -> str:
    """Return what is to be known before an action is done as its form says so far, a line each; empty where nothing is.

    Of a closing: what it lacks, and what the exception waives. Of any: whose matter it is, and who has to decide.
    """
    lacks = missing(file, policy) if deed.action is Action.CLOSE else ()
    foreseen = (rules.sentences.error(each) for each in forewarnings(file, deed, policy))
    return "\n".join((*_closing(lacks, policy, rules), *foreseen))


def _closing(lacks: tuple[Missing, ...], policy: Policy, rules: Rules) -> tuple[str, ...]:
    listed = _checklist(lacks, rules)
    if all(each.action is Action.CLOSE for each in lacks):
        return listed
    waives = _tr(
        "先办好上面的再结案。都已尽力、客户仍不满意，才选“客户不满意但已尽处理”：由{0}决定，写明理由；"
        "它只代替客户接受和回访。"
    ).format(policy.authority.office_of(Right.EXCEPTION))
    return (*listed, waives)


def _checklist(lacks: tuple[Missing, ...], rules: Rules) -> tuple[str, ...]:
    """Return, for each thing a closing lacks, the letter that does it, and what it is."""
    return tuple(f"{rules.actions[each.action].letter} {_say(each, rules)}" for each in lacks)


def _settling(file: CaseFile, owed: FollowUp, policy: Policy) -> Action:
    if owed.kind is FollowUpKind.HANDLE:
        return _handling(file, policy)
    if owed.kind is FollowUpKind.CORRECT:  # a plan that is asked for names no fault yet
        return Action.VERIFY_CORRECTION if owed.subject else Action.CORRECT
    return _SETTLES[owed.kind]


def _handling(file: CaseFile, policy: Policy) -> Action:
    """What is to be handled is signed for, judged, solved, and at last closed."""
    stands = standing(file)
    if stands.assigned is not None and not stands.is_accepted:
        return Action.ACCEPT
    if stands.responsibility is Responsibility.UNDECIDED:
        return Action.DETERMINE
    if why_not(file, Action.PROPOSE, policy) is None:
        return Action.PROPOSE
    lacks = missing(file, policy)
    return lacks[0].action if lacks else Action.CLOSE


def _brings(lack: KnownError) -> Action:
    kind = lack.params.get("kind")
    return _SETTLES[kind] if isinstance(kind, FollowUpKind) else _LACKS[lack.code]


def _subject(file: CaseFile, lack: KnownError) -> str:
    told = (lack.params.get("kind"), lack.params.get("due"))
    return next((f.subject for f in file.owed if (f.kind, f.due_at) == told), "")


def _say(missing_: Missing, rules: Rules) -> str:
    lack = missing_.lack
    if lack.code == "close_while_owed":
        kind = rules.sentences.label("follow_up", str(lack.params["kind"]))
        what = f"{kind}：{first_words(missing_.subject, _SUBJECT_LENGTH)}" if missing_.subject else kind
        return _tr("{0}（{1}）").format(what, lack.params["owed_by"])
    if isinstance(lacks := lack.params.get("lacks"), Lack):
        return _tr("还没有登记完，缺{0}").format(rules.sentences.facts(lacks))
    return {
        "close_before_reply": _tr("还没有答复客户"),
        "close_before_visit": _tr("还没有回访客户（已试 {tries} 次，联系不上要满 {needed} 次）"),
        "close_before_responsibility": _tr("还没有判定责任"),
        "close_before_adoption": _tr("还没有告诉客户是否采用（就在结案表里填）"),
        "close_before_told": _tr("结果还没有反映到{department}"),
        "close_before_feed_back": _tr("结果还没有反映到部门"),
    }[lack.code].format_map(lack.params)


def _tr(text: str) -> str:
    return QCoreApplication.translate("NextStep", text)

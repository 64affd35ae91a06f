"""A case as it is told to the person who works on it: where it stands, what is known, what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desk_app import telling
from desk_app.domain.guide import Stage, stage_of
from desk_app.domain.standing import standing
from desk_app.domain.text import first_words, phones
from desk_app.domain.times import is_late_entry
from desk_app.domain.vocabulary import Action, FollowUpKind, Status
from desk_app.sentences import short_time
from ui.models.time_left import Urgency, moment, time_left, urgency

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from desk_app.domain.case import Case, CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.fields import Trade
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules

END = len(Stage)
"""Behind the last step of the spine."""
_PROPOSAL_LENGTH = 40  # characters of a proposal where the case stands; the whole is in the history
_UNBROKEN = "\N{NO-BREAK SPACE}"
_TOLD_ELSEWHERE = frozenset({"number", "content", "status"})  # in the head of the pane, or by themselves


@dataclass(frozen=True, slots=True)
class Owed:
    """One open follow-up in words. ``subject`` says what exactly, ``climbed`` whose matter it has become by being late.

    ``rule`` is the first line of 「为什么是这个时间」, ``steps`` are those below it.
    """

    kind: str
    subject: str
    who: str
    time_left: str
    urgency: Urgency
    climbed: str
    snoozed: str
    rule: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutsideLimit:
    """A limit that the law sets, in words; ``time_left`` tells when, and that it is over where it is."""

    title: str
    time_left: str
    source: str


def current_step(file: CaseFile) -> int | None:
    """Return which step of the spine is owed next: 0-based, ``END`` for a closed case, None for a void one."""
    if file.case.status is Status.CLOSED:
        return END
    stage = stage_of(file)
    return None if stage is None else tuple(Stage).index(stage)


def facts(case: Case, rules: Rules, trade: Trade) -> Iterator[tuple[str, str]]:
    """Go through label and value of everything that is filled and stands nowhere else, in the order of the talk."""
    for key, label, text in telling.facts(case, rules, trade):
        if key in _TOLD_ELSEWHERE or (key == "round" and case.round == 1):
            continue
        if key == "entered_at":
            if is_late_entry(case.received_at, case.entered_at):
                yield label, _tr("{0}（补录）").format(text)
        else:
            yield label, _unbroken(text) if key == "customer_phone" else text


def _unbroken(typed: str) -> str:
    """Return phone numbers as they were typed, none of which is broken over lines; copied, they have plain blanks."""
    for number in phones(typed):
        typed = typed.replace(number, number.replace(" ", _UNBROKEN))
    return typed


def owed(file: CaseFile, rules: Rules, policy: Policy, now: datetime) -> tuple[Owed, ...]:
    """Return what is owed, the next due first, each with the reason of its time."""
    return tuple(tell_owed(f, rules, policy, now) for f in file.owed)


def tell_owed(follow_up: FollowUp, rules: Rules, policy: Policy, now: datetime) -> Owed:
    """Return one follow-up in words."""
    sentences, book = rules.sentences, policy.deadlines
    rule, steps = book[follow_up.rule], book.steps(follow_up)
    rung = policy.authority.rung(follow_up.due_at, now)
    until = follow_up.snoozed_until
    title = rule.title if rule else _tr("规则“{0}”已不在时限文件中").format(follow_up.rule)
    told = [sentences.step(step) for step in steps] or [
        _tr("已说定 {0}，以说定的为准").format(short_time(follow_up.due_at))
    ]
    return Owed(
        kind=sentences.label("follow_up", follow_up.kind),
        subject=follow_up.subject,
        who=f"{follow_up.owed_by} → {follow_up.owed_to}",
        time_left=time_left(follow_up.due_at, now),
        urgency=urgency(follow_up.due_at, now),
        climbed=_tr("已升级：{0}").format(rung.office) if rung else "",
        snoozed=_tr("以后再办，到 {0}").format(moment(until, now)) if until and until > now else "",
        rule=title,
        steps=(*told, *([_tr("依据：{0}").format(rule.source)] if rule else [])),
    )


def tell_done(action: Action, file: CaseFile, rules: Rules, policy: Policy, now: datetime) -> str:
    """Return what was just done on a case, and what is owed on it next."""
    if file.merged_into:
        return _tr("{0} 已并入 {1}，按 J 打开它；用 {0} 也还查得到").format(file.case.number, file.merged_into)
    done = _tr("{0} 已记录“{1}”。").format(file.case.number, rules.actions[action].label)
    if not file.owed:
        return done + _tr("没有待办的事了。")
    next_ = tell_owed(file.owed[0], rules, policy, now)
    return done + _tr("接下来：{0}，{1}（{2}）").format(next_.kind, next_.time_left, next_.who)


def limits(case: Case, policy: Policy, now: datetime) -> tuple[OutsideLimit, ...]:
    """Return the limits from outside on a case that is not over, the earliest first."""
    if case.status.is_over:
        return ()
    return tuple(
        OutsideLimit(
            limit.title, moment(end, now) if end > now else _tr("{0} 已过").format(moment(end, now)), limit.source
        )
        for limit, end in policy.deadlines.limits_on(case)
    )


def stands(file: CaseFile, rules: Rules) -> tuple[tuple[str, str], ...]:
    """Return label and value of what the history has come to: who answers, whose fault, what is proposed."""
    now_ = standing(file)
    told = [(_tr("负责人"), now_.responsible)]
    if file.case.lacks and not file.case.status.is_over:
        supply = rules.actions[Action.AMEND]
        told.append(
            (
                _tr("未登记完"),
                _tr("缺{0}　{1} {2}").format(rules.sentences.facts(file.case.lacks), supply.letter, supply.label),
            )
        )
    if now_.assigned is not None:
        signed = _tr("已签收") if now_.is_accepted else _tr("还没有签收")
        told.append((_tr("已交办"), f"{_assignee(now_.assigned)}　{signed}"))
    determine = rules.actions[Action.DETERMINE]["responsibility"]
    if now_.responsibility is not None and determine is not None:
        told.append((_tr("责任"), determine.label_of(now_.responsibility)))
    if now_.proposal is not None:
        told.append((_tr("方案"), _proposal(file, now_.proposal)))
    if now_.adoption is not None:
        told.append((_tr("采用建议"), rules.sentences.label("word", "yes" if now_.adoption else "no")))
    return tuple(told)


def _assignee(assignment: Event) -> str:
    data = assignment.data
    return " · ".join(str(data[key]) for key in ("department", "person") if key in data)


def _proposal(file: CaseFile, proposal: Event) -> str:
    """Return what is proposed, what it costs, and whether it may be done."""
    deeds = file.deeds
    after = deeds[deeds.index(proposal) + 1 :]
    decided = next((e for e in reversed(after) if e.action in (Action.APPROVE, Action.REJECT)), None)
    if decided is not None:
        word = _tr("{0} 已批准") if decided.action is Action.APPROVE else _tr("{0} 已退回")
        state = word.format(decided.by)
    else:
        asked = next((f.owed_by for f in file.owed if f.kind is FollowUpKind.APPROVE), "")
        state = _tr("等 {0} 审批").format(asked) if asked else _tr("权限之内")
    amount = proposal.data.get("amount")
    words = first_words(str(proposal.data["solution"]), _PROPOSAL_LENGTH)
    return "　".join(filter(None, (words, f"{amount} 元" if amount else "", state)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("CaseStory", text)

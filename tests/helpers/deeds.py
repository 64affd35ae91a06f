"""What is typically done to a case, and the lives that are made of it: the words in which the workflow is tested."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from desk_app.domain.vocabulary import Action, Role
from tests.helpers.builders import NOW
from tests.helpers.records import a_deed, a_record, acted_on, opened

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.policy import Policy

HOUR = timedelta(hours=1)


class Deed(NamedTuple):
    """An action with what is given for it, by somebody."""

    action: Action
    data: dict[str, object]
    by: str = "小周"

    def at(self, moment: datetime, now: datetime | None = None) -> Event:
        """Return it as it is done at a moment, and written down ``now`` (default: the same)."""
        return a_deed(self.action, moment, now, by=self.by, **self.data)

    def by_whom(self, person: str) -> Deed:
        """Return the same deed of another."""
        return self._replace(by=person)

    def by_who_may(self, policy: Policy) -> Deed:
        """Return the same deed; where roles keep them from it, of a manager."""
        authority = policy.authority
        managers = [name for name, role in authority.roles.items() if role is Role.MANAGER]
        return self if authority.may(self.by, self.action) or not managers else self.by_whom(managers[0])

    def given(self, **data: object) -> Deed:
        """Return the same deed with more said."""
        return self._replace(data={**self.data, **data})


AMEND = Deed(Action.AMEND, {"place": "大堂"})
CONTACT = Deed(Action.CONTACT, {"content": "致电"})
WAIT = CONTACT.given(awaiting=True)
CAME_BACK = CONTACT.given(direction="in")
ON_SITE = CONTACT.given(medium="on_site")
ASSIGN = Deed(Action.ASSIGN, {"department": "客房部", "person": "小王"})
ACCEPT = Deed(Action.ACCEPT, {}, "小王")
INVESTIGATE = Deed(Action.INVESTIGATE, {"findings": "查看录像", "true_cause": "温控器虚焊"})
DETERMINE = Deed(Action.DETERMINE, {"responsibility": "company"})
BLAMELESS = Deed(Action.DETERMINE, {"responsibility": "misunderstanding"})
UNDECIDED = Deed(Action.DETERMINE, {"responsibility": "undecided"})
SUPPLIER = Deed(Action.DETERMINE, {"responsibility": "supplier"})
PROPOSE = Deed(Action.PROPOSE, {"solution": "退款", "amount": "800"})
APPROVE = Deed(Action.APPROVE, {})
REJECT = Deed(Action.REJECT, {"opinion": "再谈"})
PROMISE = Deed(Action.PROMISE, {"what": "送一张券"})
KEEP = Deed(Action.KEEP_PROMISE, {})
REPLY = Deed(Action.REPLY, {"content": "换新"})
REFUSED = REPLY.given(accepted=False)
OUTSIDE = REPLY.given(to="external")
NOBODY = Deed(Action.RETURN_VISIT, {"reached": False})
PUT_OFF = NOBODY.given(attempt="rescheduled", due_at=(NOW + 2 * HOUR).isoformat())
HAPPY = Deed(Action.RETURN_VISIT, {"reached": True, "satisfaction": "satisfied"})
FAIR = HAPPY.given(satisfaction="fair")
ANGRY = HAPPY.given(satisfaction="dissatisfied")
CORRECT = Deed(Action.CORRECT, {"problem": "温控器虚焊", "corrective": "返修", "department": "品管"})
VERIFY = Deed(Action.VERIFY_CORRECTION, {"effect": "抽查 20 台无异常"})
IN_VAIN = VERIFY.given(effective=False)
FEED_BACK = Deed(Action.FEED_BACK, {"content": "已通报"})
ESCALATE = Deed(Action.ESCALATE, {"reason": "超出权限"})
CLOSE = Deed(Action.CLOSE, {"result": "已换新"})
BY_EXCEPTION = CLOSE.given(exception=True, reason="要求超出规定", adopted=False)
REOPEN = Deed(Action.REOPEN, {"reason": "又坏了"})
VOID = Deed(Action.VOID, {"reason": "重复登记"})
MERGED = VOID.given(into="TS-20261122-009")

TYPICAL: dict[Action, Deed] = {
    deed.action: deed
    for deed in (
        AMEND, CONTACT, ASSIGN, ACCEPT, INVESTIGATE, DETERMINE, PROPOSE, APPROVE, REJECT, PROMISE, KEEP, REPLY, HAPPY,
        CORRECT, VERIFY, FEED_BACK, ESCALATE, CLOSE, REOPEN, VOID,
    )
}  # fmt: skip
"""For each action what it is typically done with."""

ANSWERED = (BLAMELESS, REPLY)
SATISFIED = (*ANSWERED, HAPPY)
FED_BACK = (*SATISFIED, FEED_BACK)
CLOSED = (*FED_BACK, CLOSE)


def live(policy: Policy, *deeds: Deed, **case: Any) -> CaseFile:
    """Return a case that was received twenty hours ago and to which something was done each hour since.

    By who is named; what that one may not do is done by a manager.
    """
    file = opened(a_record(**{"received_at": NOW - 20 * HOUR, **case}), policy)
    for hours, deed in enumerate(deeds, start=1):
        file = acted_on(file, policy, deed.by_who_may(policy).at(file.case.received_at + hours * HOUR))
    return file


def kinds(file: CaseFile) -> list[str]:
    """Return what is owed on a case, by its kinds in alphabetical order."""
    return sorted(f.kind for f in file.owed)

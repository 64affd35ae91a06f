"""What was decided about the customer of a case goes with the case, when the number or the name in it is put right.

Part of the use cases of :mod:`desk_app.services.desk`, inside their transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desk_app.domain import customer as people
from desk_app.domain.customer import CustomerAction, CustomerEvent
from desk_app.storage import customers

if TYPE_CHECKING:
    from desk_app.domain.case import Case
    from desk_app.domain.workflow import Decision
    from desk_app.storage.connection import Transaction


def follow(conn: Transaction, before: Case, decision: Decision, request_id: str) -> bool:
    """Tie the customer of a case as it is now to whom the case was merged with; return whether there was anybody.

    The merge of two cases' customers that named a key which the case has no more is taken back and made anew with the
    present one, so that the other case stays tied to this one, and to no stranger who has the old number. A case that
    names nobody any more (anonymous) takes nothing along: what was decided waits for its number to come back.
    """
    was, now = _keys(before), _keys(decision.case)
    left = frozenset(was) - frozenset(now)
    if not left or not now:
        return False
    moved = [d for d in people.holding(customers.about(conn, sorted(left))) if _end_of(d, before.number) in left]
    for merge in moved:
        anew = replace(merge, id=0, at=decision.event.entered_at, by=decision.event.by)
        is_first = _cases(merge)[0] == before.number
        tied = replace(anew, customer=now[0]) if is_first else replace(anew, other=now[0])
        undone = replace(anew, action=CustomerAction.SPLIT, data={"undoes": merge.id})
        customers.add(conn, undone, f"{request_id}:split:{merge.id}")
        customers.add(conn, tied, f"{request_id}:merge:{merge.id}")
    return bool(moved)


def _keys(case: Case) -> tuple[str, ...]:
    return people.keys(case.customer_name, case.customer_phone, anonymous=case.anonymous)


def _cases(merge: CustomerEvent) -> tuple[str, ...]:
    """Return the numbers of the two cases by which customers were merged."""
    numbers = merge.data.get("cases")
    return tuple(map(str, numbers)) if isinstance(numbers, (list, tuple)) else ()


def _end_of(merge: CustomerEvent, number: str) -> str:
    """Return the key by which a merge names the customer of a case; empty where it is not of that case."""
    return dict(zip(_cases(merge), (merge.customer, merge.other), strict=False)).get(number, "")

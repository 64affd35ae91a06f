"""Use cases of one person's rights: what is on file of them, a copy of it, a consent withdrawn, and being forgotten.

PIPL 15, 44-47 (standards.md part 6). Whose data it is, the cases say (``services.customers``): somebody is named by a
telephone number or by one of their cases. To put facts right is an ``amend`` like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain import customer as people
from desk_app.domain import workflow
from desk_app.domain.event import WITHDRAWN_KEY, Event
from desk_app.domain.journal import Noted
from desk_app.domain.rights import Right
from desk_app.domain.validation import read_amendment
from desk_app.domain.vocabulary import Action, Status
from desk_app.errors import KnownError
from desk_app.services import customers, export, retention
from desk_app.services.desk import find_file, write_decision
from desk_app.services.retention import Copies
from desk_app.services.sheets import Scope

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.domain.case import CaseFile
    from desk_app.domain.workflow import Decision
    from desk_app.services.export import Format, Writer
    from desk_app.services.results import Acted, Exported
    from desk_app.services.retention import Anonymised
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

SHEET = "person"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What would be made anonymous of one person now, and why their other cases cannot be, by number."""

    numbers: tuple[str, ...]
    left: Mapping[str, KnownError]
    copies: Copies


def cases_of(ws: Workspace, *, phone: str = "", number: str = "") -> tuple[str, ...]:
    """Return the numbers of all cases of a person, who is named by a telephone number or by one of their cases.

    A case that names nobody in particular is all there is of its customer.

    Raises:
        KnownError: ``person_unknown``, ``case_unknown``, ``case_anonymised``; ``locked``.
    """
    ws.require_person()
    if not number:
        keys = people.keys("", phone)
    else:
        with ws.store.snapshot() as conn:
            file = find_file(conn, number)
        if file.is_anonymised:
            raise KnownError("case_anonymised", number=number)
        keys = people.keys(file.case.customer_name, file.case.customer_phone, anonymous=file.case.anonymous)
        if not keys:
            return (number,)
    found = customers.numbers_of(ws, keys) if keys else ()
    if not found:
        raise KnownError("person_unknown")
    return found


def sheet(ws: Workspace, numbers: tuple[str, ...], out: Path, form: Format, pdf: Writer | None = None) -> Exported:
    """Write all that is on file of a person (their cases' ``numbers``) for themself; noted in the journal first.

    Raises:
        KnownError: ``not_allowed``, and as :func:`~desk_app.services.export.export`.
    """
    ws.require(Right.PERSON)
    with ws.store.transaction() as conn:
        for number in numbers:
            ws.note(conn, Noted.PERSON_SHEET, number, cases=len(numbers))
    scope = Scope(numbers=numbers, masked=False)
    order = export.Order((SHEET,), scope, out, form, pdf=pdf, other_names=True, for_person=True)
    return export.export(ws, order)


def erasure(ws: Workspace, numbers: tuple[str, ...]) -> Erasure:
    """Return what :func:`erase` would do of a person's cases. Reads only.

    Raises:
        KnownError: ``not_allowed``, ``case_unknown``.
    """
    ws.require(Right.ERASE)
    with ws.store.snapshot() as conn:
        why = {number: retention.why_kept(conn, find_file(conn, number)) for number in numbers}
    left = {number: error for number, error in why.items() if error is not None}
    return Erasure(tuple(number for number in numbers if number not in left), left, retention.copies(ws))


def erase(ws: Workspace, numbers: tuple[str, ...]) -> Anonymised:
    """Make a person's closed cases anonymous on their request; one transaction each.

    A case that is open still is needed for the complaint itself (PIPL 13, 47): it is left, with the reason.

    Raises:
        KnownError: ``not_allowed``, ``case_unknown``, or the disk or another program refused.
    """
    ws.require(Right.ERASE)
    return retention.on_request(ws, numbers)


def withdraw(ws: Workspace, number: str, reason: str, request_id: str) -> Acted:
    """Write down that the customer of a case took their consent back; one transaction.

    Nothing done before becomes unlawful by it (PIPL 15), and no service is refused (16): an open case is gone on with,
    for the contract and the law ask for it. But what was told is used for this case alone, so the look-up of the form
    does not offer it any more; and once the case is over, :func:`erase` is to be offered (47).

    Raises:
        KnownError: ``not_allowed``, ``consent_not_given``, ``case_unknown``, or why the case is not changed.
    """
    ws.require(Right.PERSON)
    now = ws.clock.now()
    form, context = ws.rules.actions[Action.AMEND], ws.context(now)
    given = {"consent": False, **({"reason": reason.strip()} if reason.strip() else {})}

    def decide(conn: Transaction, file: CaseFile) -> Decision:
        if not file.case.consent:
            raise KnownError("consent_not_given", number=number)
        data, facts = read_amendment(form, given, file.case, context)
        happened = max(now, workflow.latest(file))
        deed = Event(
            action=Action.AMEND,
            at=happened,
            entered_at=now,
            by=ws.operator,
            data={**data, WITHDRAWN_KEY: True},
            round=file.case.round,
        )
        ws.note(conn, Noted.CONSENT, number, withdrawn=True)
        return workflow.decide(file, deed, ws.policy, facts)

    return write_decision(ws, number, request_id, decide)


def withdraw_all(ws: Workspace, numbers: tuple[str, ...], reason: str, request_id: str) -> tuple[str, ...]:
    """Do :func:`withdraw` for each of a person's cases where a consent is on file; return their numbers.

    Raises:
        KnownError: as :func:`withdraw`; ``consent_not_given``: there is none on any of them.
    """
    with ws.store.snapshot() as conn:
        files = [find_file(conn, number) for number in numbers]
    given = tuple(f.case.number for f in files if f.case.consent and f.case.status is not Status.VOID)
    if not given:
        ws.require(Right.PERSON)
        raise KnownError("consent_not_given", number="、".join(numbers[:3]))
    for number in given:
        withdraw(ws, number, reason, f"{request_id}:{number}")
    return given

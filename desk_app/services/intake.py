"""Use cases of the counter: put a complaint on file, and keep what is half typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from desk_app.domain import numbering, workflow
from desk_app.domain.adding import contact_of
from desk_app.domain.attachments import DRAFT_KEY, lying, names_told, read_draft
from desk_app.domain.case import Case, Submission
from desk_app.domain.event import Event
from desk_app.domain.problems import RefusedError
from desk_app.domain.times import is_late_entry
from desk_app.domain.validation import read_action, read_moment, read_submission
from desk_app.domain.vocabulary import Action, Status
from desk_app.errors import KnownError
from desk_app.services.desk import case_file, find_file
from desk_app.services.results import Acted, BatchRegistered, Changes, Draft, LineProblem, Registered
from desk_app.storage import attachments as stored_files
from desk_app.storage import cases
from desk_app.storage import drafts as stored_drafts

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.attachments import Taken
    from desk_app.domain.workflow import Decision
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction


@dataclass(frozen=True, slots=True)
class InputLine:
    """A line of an input file: where it stands, what it says (None: ``problem`` tells why not), its request id."""

    line: int
    raw: Mapping[str, object] | None
    request_id: str
    problem: LineProblem | None = None


def register(ws: Workspace, raw: Mapping[str, object], request_id: str) -> Registered:
    """Put one case on file: case, history, what is owed, and its draft gone, in one transaction.

    ``raw`` has the keys of the register, and under ``attachments`` what was taken in for it. ``request_id`` is made by
    the caller once per save: a retry after an error gives the case that the first try stored, if it did.

    Raises:
        RefusedError: with every problem of every field; nothing is stored.
        KnownError: the disk or another program refused; ``attachment_gone``, ``attachment_too_many``.
    """
    ws.require(Action.REGISTER)
    now = ws.clock.now()
    taken = read_draft(raw)
    submission = read_submission({key: value for key, value in raw.items() if key != DRAFT_KEY}, ws.context(now))
    if taken:
        from desk_app.services import attachments  # noqa: PLC0415 -- most cases bring none

        attachments.ask_room(ws, taken)
        attachments.keep(ws, taken)
    with ws.store.transaction() as conn:
        stored = cases.stored_number(conn, request_id)
        decision = None if stored else _put_on_file(ws, conn, submission, request_id, now, taken)
        stored_drafts.remove(conn, request_id)
    if decision is not None:
        case = decision.case
        return Registered(case, decision.owed, _changes(case.number), locked_month=_locked_month(ws, case, now))
    file = case_file(ws, str(stored))
    return Registered(file.case, file.owed, _changes(file.case.number), was_stored_before=True)


def _locked_month(ws: Workspace, case: Case, now: datetime) -> str:
    """Return the month of a late entry, if it is locked; the month that is still going on never is."""
    month = case.received_at.isoformat()[:7]
    if month == now.isoformat()[:7]:
        return ""
    from desk_app.services import months  # noqa: PLC0415 -- only for a late entry

    with suppress(KnownError):  # the case is on file: nothing that comes after it may say that it is not
        return month if month in months.locks(ws) else ""
    return ""


def register_many(ws: Workspace, lines: Iterable[InputLine], *, keep_going: bool) -> BatchRegistered:
    """Put a whole input file on file in one transaction: every line, or none.

    With ``keep_going`` the lines that have a problem are left out and listed; without it, one of them keeps all out.

    Raises:
        KnownError: the disk or another program refused; nothing is stored.
    """
    ws.require(Action.REGISTER)
    now = ws.clock.now()
    context = ws.context(now)
    accepted: list[tuple[Submission, str]] = []
    left_out: list[LineProblem] = []
    for line in lines:
        if line.raw is None:
            left_out.append(line.problem or LineProblem(line.line))
            continue
        try:
            accepted.append((read_submission(line.raw, context), line.request_id))
        except RefusedError as refused:
            left_out.append(LineProblem(line.line, problems=refused.problems))
    if left_out and not keep_going:
        return BatchRegistered((), tuple(left_out), Changes())
    try:
        with ws.store.transaction() as conn:
            numbers = [_put_on_file(ws, conn, *each, now).case.number for each in accepted]
    except KnownError:  # a COMMIT that failed at its very end is on disk: nobody is to give the file a second time
        with ws.store.reading() as conn:
            numbers = [number for _, each in accepted if (number := cases.stored_number(conn, each))]
        if not numbers:
            raise
    return BatchRegistered(tuple(numbers), tuple(left_out), _changes(*numbers))


def add_to(ws: Workspace, number: str, raw: Mapping[str, object], request_id: str) -> Acted:
    """Write what a form says into the history of a case that is on file, as a contact of the customer's.

    One transaction: the contact with what was taken in for the form, and the form's draft gone. ``raw`` and
    ``request_id`` are as of :func:`register`; a retry writes nothing twice. What was received earlier keeps its time.
    ``services.desk.undo`` takes it back.

    Raises:
        RefusedError: problems of the content.
        KnownError: ``case_unknown``, ``add_to_over``, or the disk or another program refused; ``attachment_gone``,
            ``attachment_too_many``.
    """
    ws.require_person()
    if ws.is_behind():
        ws.look_again()
    now, taken = ws.clock.now(), read_draft(raw)
    if taken:
        from desk_app.services import attachments  # noqa: PLC0415 -- most bring none

        attachments.keep(ws, taken)
    with ws.store.transaction() as conn:
        stored = cases.stored_number(conn, request_id)
        file = find_file(conn, stored or number)
        if stored is None:
            if file.case.status.is_over:
                raise KnownError("add_to_over", number=number, status=file.case.status)
            lying_there = len(lying(file, stored_files.read(conn, number)))
            for place, each in enumerate(taken, lying_there):
                ws.rules.attachments.ask_room(each.name, place)
            said = contact_of(raw, file.case, ws.rules.fields, ws.trade.items)
            data = read_action(ws.rules.actions[Action.CONTACT], said, ws.context(now))
            at = read_moment("received_at", raw.get("received_at"), ws.clock.local)
            happened = at if at is not None and is_late_entry(at, now) else max(now, workflow.latest(file))
            deed = Event(
                action=Action.CONTACT,
                at=happened,
                entered_at=now,
                by=ws.operator,
                data={**data, **names_told(taken)},
                round=file.case.round,
            )
            event_id = cases.update(conn, file, workflow.decide(file, deed, ws.policy), request_id)
            stored_files.insert(conn, number, event_id, taken)
        stored_drafts.remove(conn, request_id)
    changes = Changes(cases=frozenset({file.case.number}), queue=True, drafts=True)
    return Acted(case_file(ws, file.case.number), changes)


def save_draft(ws: Workspace, draft_id: str, values: Mapping[str, object]) -> None:
    """Keep a half-typed form under the request id that its save will carry; one transaction.

    A form whose save has been stored meanwhile is not kept: the draft of a saved case never comes back.
    """
    with ws.store.transaction() as conn:
        stored_drafts.write(conn, draft_id, ws.clock.now(), values)


def drafts(ws: Workspace) -> tuple[Draft, ...]:
    """Return every half-typed form, the oldest first."""
    with ws.store.reading() as conn:
        return tuple(Draft(draft_id, values, saved_at) for draft_id, saved_at, values in stored_drafts.read(conn))


def discard_draft(ws: Workspace, draft_id: str) -> None:
    """Forget a half-typed form; one transaction. What was to be laid to its case stays a day: it may be had back."""
    ws.require_person()
    with ws.store.transaction() as conn:
        forms = (values for each, _saved_at, values in stored_drafts.read(conn) if each == draft_id)
        stored_files.touch(ws.folder.attachments, (taken.sha256 for values in forms for taken in read_draft(values)))
        stored_drafts.remove(conn, draft_id)


def _put_on_file(
    ws: Workspace,
    conn: Transaction,
    submission: Submission,
    request_id: str,
    now: datetime,
    taken: Sequence[Taken] = (),
) -> Decision:
    """Give a new case its number and write it with what follows, inside the caller's transaction."""
    series = numbering.series(ws.shop.number_pattern, submission.received_at)
    number = numbering.number(series, cases.next_serial(conn, series))
    given = {f.name: getattr(submission, f.name) for f in fields(Submission)}
    case = Case(**given, number=number, entered_at=now, status=Status.REGISTERED)
    data, by = names_told(taken), ws.operator if ws.has_pins else case.receiver
    event = Event(action=Action.REGISTER, at=case.received_at, entered_at=now, by=by, data=data, round=1)
    decision = workflow.open_case(case, event, ws.policy.deadlines)
    event_id = cases.insert(conn, decision, request_id)
    stored_files.insert(conn, number, event_id, taken)
    return decision


def _changes(*numbers: str) -> Changes:
    return Changes(cases=frozenset(numbers), queue=True, drafts=True)

"""Use cases of keeping and forgetting: which cases have been kept long enough, and how a person is blotted out of them.

Nothing is done by itself: somebody who may looks at the preview and says so (PIPL 19, 47; domain.md part 14). What is
counted stays as it was, and so do the figures of every period.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from desk_app.domain import blotting, customer, retention, workflow
from desk_app.domain.attachments import read_draft
from desk_app.domain.blotting import Blotter
from desk_app.domain.event import ANONYMISED_KEY, KEPT_KEY, Event
from desk_app.domain.journal import Noted
from desk_app.domain.privacy import BLOTTED
from desk_app.domain.rights import Right
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.services import figures, saved_searches, search
from desk_app.services.desk import find_file, write_decision
from desk_app.services.results import Acted, Changes
from desk_app.services.shop import ShopSaved, change_shop
from desk_app.storage import attachments as stored_files
from desk_app.storage import cases, drafts, erasing, generations, journal

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile
    from desk_app.domain.workflow import Decision
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

RETENTION, REQUEST = "retention", "request"
"""Why a case was made anonymous, as the journal has it: its time was over, or its customer asked for it."""

_Refusal: TypeAlias = Callable[["CaseFile", tuple["CaseFile", ...]], KnownError | None]
_LONGEST_REASON = 200
_LOGGED = 2_000  # entries of the journal that the log is made of


@dataclass(frozen=True, slots=True)
class Copies:
    """Where what is erased stands still: so many backups of the data folder, the last of which goes by ``until``.

    ``staying`` ones do not go (made before a restore or a migration). Copies elsewhere are the shop's own to delete.
    """

    count: int
    until: date
    staying: int


class Due(NamedTuple):
    """A case whose time is over, and when its last step was."""

    number: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be made anonymous now, the oldest on file first, and how many files would be deleted."""

    due: tuple[Due, ...]
    files: int
    copies: Copies

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the cases."""
        return tuple(each.number for each in self.due)


@dataclass(frozen=True, slots=True)
class Anonymised:
    """What was made anonymous, and why the rest was not, by number."""

    numbers: tuple[str, ...]
    left: Mapping[str, KnownError]
    changes: Changes


@dataclass(frozen=True, slots=True)
class Logged:
    """What one person made anonymous on one day for one reason."""

    day: date
    by: str
    why: str
    count: int


def save(ws: Workspace, years: int, *, is_on: bool) -> ShopSaved:
    """Say how long cases are kept after their last step, and whether they are made anonymous then; one transaction.

    Raises:
        KnownError: ``retention_years_wrong``, ``not_allowed``.
    """
    ws.require(Right.ERASE)
    retention.check_years(years)
    return change_shop(ws, lambda shop: replace(shop, retention_years=years, retention_on=is_on))


def preview(ws: Workspace) -> Preview:
    """Return what :func:`anonymise` would be given now, whether the shop has turned it on or not. Reads only.

    Raises:
        KnownError: ``not_allowed``.
    """
    ws.require(Right.ERASE)
    now, years = ws.clock.now(), ws.shop.retention_years
    before = retention.after_years(now, -years).isoformat()
    with ws.store.snapshot() as conn:
        ended = erasing.ended_before(conn, before)
        files = (file for file in ended if retention.is_due(file, years, now, _partners(conn, file)))
        due = tuple(Due(file.case.number, retention.ended_at(file)) for file in files)
        lying = erasing.files_of(conn, [each.number for each in due])
    return Preview(due, lying.number, copies(ws))


def copies(ws: Workspace) -> Copies:
    """Return which backups hold what is erased now, and until when."""
    there = sorted(ws.folder.backups.glob("*.sqlite"))
    thinned = [path for path in there if path.name.startswith("desk-")]
    today = ws.clock.local(ws.clock.now()).date()
    months = today.month - 1 + generations.KEEP_MONTHLY + 1  # the month after the last of which one is kept
    return Copies(len(thinned), date(today.year + months // 12, months % 12 + 1, 1), len(there) - len(thinned))


def anonymise(ws: Workspace, numbers: Sequence[str]) -> Anonymised:
    """Make cases anonymous whose time is over; one transaction each, so that a run may end anywhere and go on later.

    What has come up meanwhile (somebody reopened one, or said that it is to be kept) is left as it is and told.

    Raises:
        KnownError: ``retention_off``, ``not_allowed``, ``erase_clock``, or the disk or another program refused; what is
            done is done.
    """
    ws.require(Right.ERASE)
    if not ws.shop.retention_on:
        raise KnownError("retention_off")
    years, now = ws.shop.retention_years, ws.clock.now()
    _ask_clock(ws, now)

    def refusal(file: CaseFile, partners: tuple[CaseFile, ...]) -> KnownError | None:
        why = retention.why_kept(file, partners)
        if why is not None or retention.is_due(file, years, now, partners):
            return why
        until = max(retention.kept_until(each, years) for each in (file, *partners))
        return KnownError("erase_too_early", number=file.case.number, until=until)

    return _anonymise(ws, numbers, RETENTION, refusal)


def on_request(ws: Workspace, numbers: Sequence[str]) -> Anonymised:
    """Make cases anonymous whose customer asked for it, however old they are; else as :func:`anonymise`."""
    return _anonymise(ws, numbers, REQUEST, retention.why_kept)


def why_kept(conn: Transaction, file: CaseFile) -> KnownError | None:
    """Return why a case cannot be made anonymous on request now, or None; inside the caller's reading."""
    return retention.why_kept(file, _partners(conn, file))


def keep(ws: Workspace, number: str, reason: str, request_id: str, *, kept: bool) -> Acted:
    """Say that a case is not to be made anonymous for now (a dispute, a court), or that it may be; one transaction.

    Raises:
        KnownError: ``keep_no_reason``, ``keep_same``, ``case_unknown``, ``case_anonymised``, ``not_allowed``.
    """
    ws.require(Right.ERASE)
    said = reason.strip()[:_LONGEST_REASON]
    if not said:
        raise KnownError("keep_no_reason", number=number)

    def decide(_conn: Transaction, file: CaseFile) -> Decision:
        if file.is_anonymised:
            raise KnownError("case_anonymised", number=number)
        if file.is_kept is kept:
            raise KnownError("keep_same", number=number)
        event = _event(ws, file, {KEPT_KEY: kept, "reason": said})
        return workflow.Decision(file.case, event, (), ())

    return write_decision(ws, number, request_id, decide)


def log(ws: Workspace) -> tuple[Logged, ...]:
    """Return what was made anonymous, by day, person and reason, the latest first.

    Raises:
        KnownError: ``not_allowed``.
    """
    ws.require(Right.ERASE)
    with ws.store.reading() as conn:
        entries = [e for e in journal.page(conn, [Noted.ERASE], limit=_LOGGED) if "why" in e.data]
    grouped = groupby(entries, lambda e: (e.at.date(), e.by, str(e.data["why"])))
    return tuple(Logged(*key, sum(1 for _ in each)) for key, each in grouped)


def clear_away(ws: Workspace, numbers: Sequence[str] | None = None) -> int:
    """Delete the files that lay with cases made anonymous only, of these or of all; return how many were there still.

    A program that was killed between a case and its files leaves them to the next day (``attachments.tidy``).
    """
    with ws.store.reading() as conn:
        forms = [values for *_, values in drafts.read(conn)]
        gone = erasing.forsaken(conn, numbers) - {taken.sha256 for values in forms for taken in read_draft(values)}
    return stored_files.erase(ws.folder.attachments, gone)


# ------------------------------------------------------------------------------------------------ one case


def _anonymise(ws: Workspace, numbers: Sequence[str], why: str, refusal: _Refusal) -> Anonymised:
    done: list[str] = []
    left: dict[str, KnownError] = {}
    for number in numbers:
        with ws.store.transaction() as conn:
            file = find_file(conn, number)
            refused = refusal(file, _partners(conn, file))
            if refused is None:
                _blot(ws, conn, file, why)
        if refused is None:
            done.append(number)
        else:
            left[number] = refused
    if done:
        clear_away(ws, done)
        search.forget(ws)
        figures.forget(ws)
    return Anonymised(tuple(done), left, Changes(cases=frozenset(done), queue=True, drafts=True, customers=True))


def _ask_clock(ws: Workspace, now: datetime) -> None:
    """Believe no clock that is more than a year past the last day on which something was entered: by it all is over.

    What was entered today says nothing, for it was by the same clock. Raises ``erase_clock``.
    """
    with ws.store.reading() as conn:
        entered = cases.entered_before(conn, now.date().isoformat())
    last = None if entered is None else ws.clock.local(datetime.fromisoformat(entered))
    if last is not None and now > retention.after_years(last, 1):
        raise KnownError("erase_clock", now=now, last=last)


def _blot(ws: Workspace, conn: Transaction, file: CaseFile, why: str) -> None:
    """Blot one case out, and what else speaks of it, inside the caller's transaction; the journal says so first."""
    number = file.case.number
    words = blotting.known_by(file, ws.rules.fields["item"].impersonal)
    blotter = Blotter(ws.rules.fields, ws.rules.actions, words)
    ws.note(conn, Noted.ERASE, number, why=why)
    _forget_drafts(conn, file, why)
    erasing.blot(conn, file, blotter, _event(ws, file, {ANONYMISED_KEY: True}), f"{ANONYMISED_KEY}:{number}")
    owed = {f.id for f in file.follow_ups}
    for sheet_id, data in erasing.handovers_between(conn, *_time_of(ws, file, why)):
        after = _without(data, owed, blotter)
        if after != data:
            ws.note(conn, Noted.ERASE, erasing.subject_of(erasing.HANDOVER, sheet_id))
            erasing.write_handover(conn, sheet_id, after)
    keys = _keys(file)
    saved_searches.forget_told(
        conn, lambda text: blotter.is_told_of(text) and not any(erasing.is_known_by(conn, key) for key in keys)
    )
    for key in keys:
        decisions = erasing.decisions_with(conn, key)
        if decisions and not erasing.is_known_by(conn, key):
            for decision in decisions:
                ws.note(conn, Noted.ERASE, erasing.subject_of(erasing.CUSTOMER_EVENT, decision))
                erasing.blot_decision(conn, decision, key)


def _time_of(ws: Workspace, file: CaseFile, why: str) -> tuple[str, str]:
    """Return in which time what was signed may speak of a case: until its last step, on request until today."""
    last = ws.clock.now() if why == REQUEST else retention.ended_at(file)
    return file.case.received_at.date().isoformat(), (last + timedelta(days=1)).date().isoformat()


def _event(ws: Workspace, file: CaseFile, data: Mapping[str, object]) -> Event:
    now = ws.clock.now()
    at = max(now, workflow.latest(file))  # a clock that was set back keeps nobody from working
    return Event(action=Action.AMEND, at=at, entered_at=now, by=ws.operator, data=data, round=file.case.round)


def _keys(file: CaseFile) -> tuple[str, ...]:
    """Return every key by which the customer of a case is or was known."""
    each = (customer.keys(c.customer_name, c.customer_phone) for c in blotting.versions(file))
    return tuple(dict.fromkeys(key for found in each for key in found))


def _without(data: Mapping[str, Any], owed: set[int], blotter: Blotter) -> dict[str, object]:
    """Return what a handover says without what it says of a case: its notes, and every text that names the person."""

    def told(text: str) -> str:
        return BLOTTED if blotter.is_told_of(text) else text

    lines = [{**x, "note": BLOTTED if x["note"] and x["follow_up"] in owed else told(x["note"])} for x in data["lines"]]
    reports = {key: told(text) for key, text in data["reports"].items()}
    return {**data, "attention": told(data["attention"]), "reports": reports, "lines": lines}


def _forget_drafts(conn: Transaction, file: CaseFile, why: str) -> None:
    """Forget half-typed forms of the customer: on request all, else those that are older than the case's last step."""
    theirs = frozenset(_keys(file))
    for draft_id, saved_at, form in drafts.read(conn):
        named = customer.keys(str(form.get("customer_name") or ""), str(form.get("customer_phone") or ""))
        if theirs.intersection(named) and (why == REQUEST or saved_at <= retention.ended_at(file)):
            drafts.remove(conn, draft_id)


def _partners(conn: Transaction, file: CaseFile) -> tuple[CaseFile, ...]:
    """Return the cases that one was merged into, or that were merged into it."""
    numbers = (*((file.merged_into,) if file.merged_into else ()), *file.merged_from)
    return tuple(find_file(conn, number) for number in numbers)

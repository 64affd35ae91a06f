"""What a sheet may say of one case: one value for each key, ready to be written on paper.

The keys are those of the register (vocabulary: "Case") and those that follow from the history. Only the keys that are
asked for are computed. A value is what people see: labels for what is kept as a key, 是/否 for a tick, None where there
is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from desk_app.domain import history
from desk_app.domain.attachments import ATTACHED_KEY, DETACHED_KEY
from desk_app.domain.case import CaseFile
from desk_app.domain.handling_told import amendments, corrections, handling, replies
from desk_app.domain.privacy import mask_name, mask_phone
from desk_app.domain.retention import kept_until
from desk_app.domain.veil import OUR_PEOPLE, veil_of
from desk_app.domain.vocabulary import Action
from desk_app.domain.wording import Line, Value, Wording

if TYPE_CHECKING:
    from desk_app.domain.case import Case
    from desk_app.domain.event import Event

_Reader: TypeAlias = Callable[[CaseFile, Wording], Value]


def register_line(file: CaseFile, keys: Iterable[str], wording: Wording) -> Line:
    """Return the values of one case for these keys (each in :data:`LINE_KEYS`); datetimes are aware, as stored."""
    return {key: concealed(key, _READERS[key](file, wording), file.case, wording) for key in keys}


def concealed(key: str, value: Value, case: Case, wording: Wording) -> Value:
    """Return a value as the sheet may say it, where the customer is not to be known from it (PIPL 6, 51).

    Who is meant by 主要当事人 is hidden where the sheet leaves the shop; inside, it takes them to handle the case. What
    was said goes through a :class:`Veil`; the shop's own people are named always.
    """
    if not isinstance(value, str) or not wording.hides(case):
        return value
    match key:
        case "customer_name":
            return value if case.anonymous else mask_name(value)
        case "customer_phone":
            return mask_phone(value)
        case "customer_address" | "on_behalf_of" | "parties" if key != "parties" or wording.masked:
            return None
        case _ if key in OUR_PEOPLE or key.endswith("_by"):
            return value
        case _:
            return veil_of(case).said(value)


# ---------------------------------------------------------------------------------- values of the case itself


def _plain(key: str) -> _Reader:
    def read(file: CaseFile, _wording: Wording) -> Value:
        value: Value = getattr(file.case, key)
        return None if value == "" else value

    return read


def _chosen(key: str) -> _Reader:
    def read(file: CaseFile, wording: Wording) -> Value:
        return wording.label(key, getattr(file.case, key))

    return read


def _ticked(key: str) -> _Reader:
    def read(file: CaseFile, wording: Wording) -> Value:
        return wording.yes if getattr(file.case, key) else wording.no

    return read


def _customer_name(file: CaseFile, wording: Wording) -> Value:
    """A customer who wants to stay unnamed is not named on paper."""
    return wording.anonymous if file.case.anonymous else file.case.customer_name or None


def _demand_kind(file: CaseFile, wording: Wording) -> Value:
    return "、".join(wording.label("demand_kind", kind) for kind in file.case.demand_kind) or None


def _item(file: CaseFile, wording: Wording) -> Value:
    return "；".join(f"{wording.items.get(key, key)}：{value}" for key, value in file.case.item.items()) or None


# ------------------------------------------------------------------------------ what follows from the history
# Only what holds is on paper: what was undone is in the program's own history, and what was left aside is our matter.


def _at(find: Callable[[CaseFile], Event | None]) -> _Reader:
    def read(file: CaseFile, _wording: Wording) -> Value:
        event = find(file)
        return event.at if event else None

    return read


def _by(find: Callable[[CaseFile], Event | None]) -> _Reader:
    def read(file: CaseFile, _wording: Wording) -> Value:
        event = find(file)
        return event.by or None if event else None

    return read


def _said(find: Callable[[CaseFile], Event | None], datum: str, choices: str = "") -> _Reader:
    """Read one datum of an event; ``choices`` names the closed list it was chosen from."""

    def read(file: CaseFile, wording: Wording) -> Value:
        event = find(file)
        value = event.data.get(datum) if event else None
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return wording.yes if value else wording.no
        return wording.label(choices, str(value)) if choices else str(value)

    return read


def _ruled(file: CaseFile, wording: Wording) -> Value:
    ruling = history.ruling(file)
    return wording.actions[ruling.action] if ruling else None


def _amount_proposed(file: CaseFile, _wording: Wording) -> Value:
    proposal = history.proposal(file)
    return Decimal(str(amount)) if proposal and (amount := proposal.data.get("amount")) else None


def _rewarded(file: CaseFile, _wording: Wording) -> Value:
    closing = history.closing(file)
    return Decimal(str(amount)) if closing and (amount := closing.data.get("reward_amount")) else None


def _visit_attempts(file: CaseFile, _wording: Wording) -> Value:
    return sum(1 for e in file.deeds if e.action is Action.RETURN_VISIT) or None


def _handle_due(file: CaseFile, _wording: Wording) -> Value:
    """Return by when the latest assignment is to be handled."""
    assignment = history.assignment(file)
    due = (f.due_at for f in file.follow_ups if assignment is not None and f.event_id == assignment.id)
    return min(due, default=None)


def _open_days(file: CaseFile, wording: Wording) -> Value:
    """Count the days from receipt to the closing that holds, else to the moment of writing."""
    closing = history.closing(file)
    return ((closing.at if closing else wording.at).date() - file.case.received_at.date()).days


def _owing(file: CaseFile, wording: Wording) -> Value:
    """Write what is owed still, one thing a line, the next due first."""
    late = f"（{wording.states['overdue']}）"
    lines = (
        f"{wording.owed_kinds[f.kind]}：{f.owed_by}，{f.due_at:%Y-%m-%d %H:%M} 前" + late * (f.due_at < wording.at)
        for f in file.owed
    )
    return "\n".join(lines) or None


def _owing_state(file: CaseFile, wording: Wording) -> Value:
    """Say whether anything that is owed still is late; None where nothing is owed."""
    if not file.owed:
        return None
    return wording.states["overdue" if file.owed[0].due_at < wording.at else "open"]


def _reply_due(file: CaseFile, _wording: Wording) -> Value:
    owed = history.owed_reply(file)
    return owed.due_at if owed else file.case.promised_at


def _replied_in_time(file: CaseFile, wording: Wording) -> Value:
    in_time = history.is_replied_in_time(file)
    return None if in_time is None else wording.yes if in_time else wording.no


def _attached(file: CaseFile, _wording: Wording) -> Value:
    """Name the files that were laid to the case and not taken away again."""
    gone = [str(e.data["name"]) for e in file.deeds if DETACHED_KEY in e.data]
    names: list[str] = []
    for told in (e.data.get(ATTACHED_KEY) for e in file.deeds):
        names += map(str, told) if isinstance(told, list) else ()
    for name in gone:
        if name in names:
            names.remove(name)
    return "、".join(names) or None


def _kept_until(file: CaseFile, wording: Wording) -> Value:
    """Return until when a case that rests is kept; None while something is to be done."""
    return kept_until(file, wording.retention_years) if file.case.status.is_over and not file.owed else None


_READERS: Mapping[str, _Reader] = {
    **{
        key: _plain(key)
        for key in (
            "number", "received_at", "entered_at", "external_body", "first_contact", "receiver", "on_behalf_of",
            "customer_phone", "customer_address",
            "occurred_at", "place", "parties", "target", "category", "content", "demand", "amount", "true_cause",
            "promised_at", "round",
        )
    },
    **{key: _chosen(key) for key in ("kind", "channel", "route", "severity", "status")},
    **{key: _ticked(key) for key in ("anonymous", "safety", "read_back", "confidential", "consent")},
    "customer_name": _customer_name,
    "demand_kind": _demand_kind,
    "item": _item,
    "rounds": _plain("round"),
    "amendments": amendments,
    "handling": handling,
    "assigned_to": _said(history.assignment, "department"),
    "assignee": _said(history.assignment, "person"),
    "assigned_at": _at(history.assignment),
    "assigned_note": _said(history.assignment, "note"),
    "handle_due": _handle_due,
    "accepted_at": _at(history.acceptance),
    "accepted_by": _by(history.acceptance),
    "on_site_at": _at(history.on_site),
    "last_on_site_at": _at(history.last_on_site),
    "last_on_site_by": _by(history.last_on_site),
    "last_on_site_content": _said(history.last_on_site, "content"),
    "findings": _said(history.investigation, "findings"),
    "investigated_at": _at(history.investigation),
    "investigated_by": _by(history.investigation),
    "determined_at": _at(history.determination),
    "determined_by": _by(history.determination),
    "determined_note": _said(history.determination, "note"),
    "solution": _said(history.proposal, "solution"),
    "solution_amount": _amount_proposed,
    "proposed_at": _at(history.proposal),
    "proposed_by": _by(history.proposal),
    "ruling": _ruled,
    "ruling_opinion": _said(history.ruling, "opinion"),
    "ruled_at": _at(history.ruling),
    "ruled_by": _by(history.ruling),
    "replies": replies,
    "reply_due": _reply_due,
    "replied_in_time": _replied_in_time,
    "reply_content": _said(history.reply, "content"),
    "reply_at": _at(history.reply),
    "reply_by": _by(history.reply),
    "reply_medium": _said(history.reply, "medium", "reply_medium"),
    "reply_reaction": _said(history.reply, "reaction"),
    "reply_accepted": _said(history.reply, "accepted"),
    "visit_at": _at(history.visit),
    "visit_by": _by(history.visit),
    "visit_satisfaction": _said(history.visit, "satisfaction", "visit_satisfaction"),
    "visit_opinion": _said(history.visit, "opinion"),
    "visit_attempts": _visit_attempts,
    "result": _said(history.closing, "result"),
    "closed_at": _at(history.closing),
    "closed_by": _by(history.closing),
    "responsibility": _said(history.determination, "responsibility", "responsibility"),
    "adopted": _said(history.adoption, "adopted"),
    "implement_at": _said(history.adoption, "implement_at"),
    "reward": _said(history.closing, "reward", "reward"),
    "reward_amount": _rewarded,
    "corrective": corrections,
    "fed_back_to": _said(history.feed_back, "department"),
    "fed_back": _said(history.feed_back, "content"),
    "open_days": _open_days,
    "attached": _attached,
    "kept_until": _kept_until,
    "given_to": lambda file, wording: wording.given_to.get(file.case.number),
    "retention_years": lambda _file, wording: wording.retention_years,
    "owing": _owing,
    "owing_state": _owing_state,
}  # fmt: skip

LINE_KEYS = frozenset(_READERS)
"""Every key a sheet may ask for."""

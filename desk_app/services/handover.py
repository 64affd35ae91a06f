"""Use cases of the shift handover: what would be handed over now, the signing, and the signed sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from desk_app.domain import handover as rules
from desk_app.domain.handover import Draft, HandoverForm, HandoverSheet
from desk_app.domain.handover_line import read_wording, sheet_lines
from desk_app.domain.journal import Noted
from desk_app.domain.problems import Problem, RefusedError
from desk_app.domain.rights import Right
from desk_app.domain.validation import read_plain
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.services import access
from desk_app.services.results import Changes, ExportedFile, Shop
from desk_app.services.rules import read_toml
from desk_app.services.sheets import find
from desk_app.services.workspace import Session, as_stored
from desk_app.sheets.heading import handover_heading
from desk_app.sheets.layout import lay_out
from desk_app.sheets.target import free_name, make_folder
from desk_app.storage import handover, settings

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.services.export import Writer
    from desk_app.services.workspace import Workspace
    from desk_app.sheets.grid import Grid
    from desk_app.storage.connection import Transaction

_SHEET_ID = "handover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What two people sign: who hands over what they both looked at (``drafted_at``, ``seen``), and what was typed.

    ``values`` are those of the form, raw; ``notes`` go by the id of the follow-up; ``seen`` are the ids of all lines.
    ``pin`` is that of the incoming person, where they have one: nobody takes a shift in another's name.
    """

    outgoing: str
    drafted_at: datetime
    seen: Sequence[int]
    values: Mapping[str, object]
    notes: Mapping[int, str] = field(default_factory=dict)
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A signed handover, and the shop, whose operator is the incoming person from now on."""

    sheet: HandoverSheet
    shop: Shop
    changes: Changes


def form() -> HandoverForm:
    """Return the fields of the form.

    Raises:
        KnownError: ``resource_broken``.
    """
    return read_toml(resources_dir() / "handover.toml", rules.read_form)


def draft(ws: Workspace) -> Draft:
    """Return what the operator would hand over now."""
    ws.require_person()
    with ws.store.reading() as conn:
        return handover.draft(conn, ws.operator, ws.clock.now())


def sign(ws: Workspace, signing: Signing, request_id: str) -> HandedOver:
    """Hand over, in one transaction: the sheet is on file, and the incoming person is the operator.

    What was done since the two began is left out; where something came in that they have not seen, nothing is signed. A
    retry with the same ``request_id`` changes nothing twice.

    Raises:
        RefusedError: problems of the form, or of a note (``handover.note_key``).
        KnownError: ``handover_went_on``; ``handover_pin``: theirs is wanted and was not given (no try is counted);
            ``not_yourself``: another is signed in than who hands over; ``locked``; for a new name ``not_allowed``; of
            the PIN as ``access.sign_in``.
    """
    if ws.is_behind():
        ws.look_again()
    incoming: KnownError | Session | None = None
    with ws.store.transaction() as conn:
        sheet_id = handover.stored_id(conn, request_id)
        if sheet_id is None:
            state = handover.draft(conn, signing.outgoing, signing.drafted_at)
            if new := rules.unseen(state, signing.seen):
                raise KnownError("handover_went_on", count=len(new), numbers="、".join(x.number for x in new[:5]))
            sheet = _sheet(ws, state, signing)
            _ask_people(ws, sheet)
            if ws.has_pin(sheet.incoming) and not signing.pin:
                raise KnownError("handover_pin", name=sheet.incoming)
            incoming = access.prove(ws, conn, sheet.incoming, signing.pin)
            if isinstance(incoming, Session):
                sheet_id = handover.insert(conn, sheet, request_id)
                _receives(ws, conn, sheet.incoming, sheet_id)
        stored = handover.read(conn, sheet_id) if sheet_id is not None else None
    if isinstance(incoming, KnownError):
        raise incoming
    assert stored is not None  # noqa: S101 -- it has just been written, or found
    if incoming is not None and ws.has_pins:
        ws.enter(incoming)
    ws.look_again()
    return HandedOver(stored, ws.shop, Changes(shop=True, handovers=True))


def recent(ws: Workspace, limit: int = 20) -> tuple[HandoverSheet, ...]:
    """Return the latest handovers without their lines, the newest first."""
    ws.require_person()
    with ws.store.reading() as conn:
        return handover.recent(conn, limit)


def read(ws: Workspace, sheet_id: int) -> HandoverSheet:
    """Return a signed handover.

    Raises:
        KnownError: ``handover_unknown``.
    """
    ws.require_person()
    with ws.store.reading() as conn:
        sheet = handover.read(conn, sheet_id)
    if sheet is None:
        raise KnownError("handover_unknown", id=sheet_id)
    return sheet


def export(ws: Workspace, sheet_id: int, out: Path, *, other_name: bool = False) -> ExportedFile:
    """Write a signed handover into ``out`` as 交班记录 to print and sign; a file of that name is replaced.

    With ``other_name`` a free name is taken.

    Raises:
        KnownError: ``handover_unknown``, ``target_open``, ``target_unwritable``, ``disk_full``.
    """
    from desk_app.sheets.workbook import write_workbook  # noqa: PLC0415 -- openpyxl, only when a workbook is wanted

    grid, rows, stem = filled(ws, sheet_id)
    make_folder(out)
    path = out / f"{stem}.xlsx"
    target = free_name(path) if other_name and path.exists() else path
    write_workbook([grid], target)
    return ExportedFile(_SHEET_ID, grid.title, target, rows)


def save(ws: Workspace, sheet_id: int, path: Path, pdf: Writer) -> Path:
    """Write a signed handover to a path that a person chose: a PDF by its ending, else a workbook; return the path.

    Raises:
        KnownError: as :func:`export`.
    """
    from desk_app.sheets.workbook import write_workbook  # noqa: PLC0415 -- openpyxl, only when a workbook is wanted

    write = pdf if path.suffix.lower() == ".pdf" else write_workbook
    write([filled(ws, sheet_id)[0]], path, {})
    return path


def filled(ws: Workspace, sheet_id: int) -> tuple[Grid, int, str]:
    """Return a signed handover as a grid, how many lines it has, and what its file is called without the ending.

    Raises:
        KnownError: ``handover_unknown``.
    """
    signed, sheet = read(ws, sheet_id), find(ws, _SHEET_ID)
    lines = list(sheet_lines(signed, form(), read_wording(ws.rules.sentences.labels)))
    grid = lay_out(sheet, lines, handover_heading(ws.shop.name, signed))
    return grid, len(lines), f"{sheet.title}_{signed.at:%Y-%m-%d_%H%M}_{signed.id}"


def _ask_people(ws: Workspace, sheet: HandoverSheet) -> None:
    """Ask whether these two may: each in their own name once there are PINs, and a new name only by who may add one."""
    outgoing = sheet.state.outgoing
    if ws.has_pins and outgoing != ws.operator:
        raise KnownError("not_yourself", by=outgoing, operator=ws.operator)
    if sheet.incoming not in ws.shop.operators:
        ws.require(Right.STAFF)


def _receives(ws: Workspace, conn: Transaction, name: str, sheet_id: int) -> None:
    """Make somebody the operator by a signed handover."""
    operators = dict.fromkeys((*as_stored(settings.read(conn)).operators, name))
    settings.write(conn, {"operator": name, "operators": tuple(operators)})
    ws.note(conn, Noted.SIGN_IN, name, handover=sheet_id)


def _sheet(ws: Workspace, state: Draft, signing: Signing) -> HandoverSheet:
    """Check everything at once, and return what is signed."""
    now, wanted = ws.clock.now(), form()
    facts = rules.note_fields(state)
    present = {line.follow_up_id for line in state.lines}
    notes = {rules.note_key(i): note for i, note in signing.notes.items() if i in present}
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for fields, raw in ((wanted.fields, signing.values), (facts, notes)):
        try:
            values |= read_plain(fields, raw, ws.context(now))
        except RefusedError as refused:
            problems += refused.problems
    told = {problem.field for problem in problems}
    problems += [problem for problem in rules.in_the_way(state, signing.values) if problem.field not in told]
    if problems:
        raise RefusedError(tuple(problems))
    lines = (replace(x, note=str(values.get(rules.note_key(x.follow_up_id), ""))) for x in state.lines)
    return HandoverSheet(
        state=replace(state, lines=tuple(lines)),
        at=now,
        incoming=str(values["incoming"]),
        shift=str(values["shift"]),
        attention=str(values.get("attention", "")),
        reports={key: str(values[key]) for key in wanted.reports if key in values},
    )

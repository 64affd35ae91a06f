"""What proves an exported file: what it says of itself, and whether it still is what was exported.

Each file says it twice: small at the foot of every page (:func:`on_page`), and in its properties (:func:`properties`)
beside a mark. What is believed is neither, but the row that the register keeps of it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from desk_app import __version__
from desk_app.domain.rights import Right
from desk_app.domain.sealed import Fit
from desk_app.domain.sheet_lines import Each
from desk_app.errors import KnownError
from desk_app.services import anchoring
from desk_app.services.results import ProvedExport
from desk_app.sheets.fit import width_of
from desk_app.storage import exports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from desk_app.sentences import Sentences
    from desk_app.services.sheets import Filled, Scope
    from desk_app.services.templates import Piece
    from desk_app.services.workspace import Workspace
    from desk_app.sheets.sheet import Sheet
    from desk_app.storage.exports import ExportRow

MARK = "complaint-desk-export"
LEDGER = "complaint-desk-ledger"
"""Where the end of the ledger stands in a file: as of when it was written (docs/decisions/0012)."""
_IN_PDF = re.compile(rb'desk:(complaint-desk-export|complaint-desk-ledger)="([0-9a-f:]{1,100})"')
_SHOWN_NUMBERS = 3
_ROOM_ON_PAGE = 60
"""Half-width characters left of the page's number on upright A4, in the size that the foot is written in."""


def narrowed(ws: Workspace, sheet: Sheet) -> str:
    """Return in words which cases a sheet is of beside the period; empty: all of them."""
    return "；".join(filter(None, _narrowings(ws, sheet)))


def _narrowings(ws: Workspace, sheet: Sheet) -> Iterator[str]:
    of, rules = sheet.of, ws.rules
    for key, values in (("kind", of.kinds), ("channel", of.channels), ("route", of.routes)):
        yield "、".join(choice.label for choice in rules.fields[key].choices if choice.key in values)
    for group, keys in (("status", of.statuses), ("action", of.actions), ("follow_up", of.owed)):
        yield "、".join(label for key, label in rules.sentences.labels[group].items() if key in keys)
    if of.carried:
        yield rules.sentences.label("proof", "carried")


def on_page(ws: Workspace, filled: Filled, scope: Scope, by: str) -> tuple[str, str]:
    """Return what stands left and right of the page's number: what is on the sheet; who made it and when.

    A blank sheet says nothing.
    """
    of, label = filled.sheet.of, ws.rules.sentences.label
    if of.each is Each.NOTHING:
        return "", ""
    days = _days(ws.rules.sentences, *_ends(scope))
    rows = ws.rules.sentences.say("proof_rows", {"rows": filled.rows})
    privacy = "" if of.each is Each.FIGURES else label("proof", "masked" if filled.masked else "full")
    parts = [days or _some(scope.numbers, 1), rows, privacy]
    room = _ROOM_ON_PAGE - sum(width_of(part) + 2 for part in parts)
    parts.insert(1, _cut(narrowed(ws, filled.sheet), room) if days else "")
    at = f"{ws.clock.now():%Y-%m-%d %H:%M}"
    head = ws.rules.sentences.say("proof_ledger", {"head": anchoring.on_paper(anchoring.head(ws))})
    return "　".join(filter(None, parts)), f"{_cut(by, _ROOM_ON_PAGE - width_of(at + head) - 4)}　{at}　{head}"


def properties(ws: Workspace, piece: Piece, row: ExportRow) -> Mapping[str, str]:
    """Return what is kept in a file beside its sheets, by names that people see (and that are XML names)."""
    sentences = ws.rules.sentences
    stated = {
        "shop": ws.shop.name,
        "title": piece.title,
        "covered": covered(sentences, row),
        "rows": str(row.rows),
        "privacy": sentences.label("proof", "masked" if row.masked else "full"),
        "by": row.by,
        "at": _minute(row.at),
        "version": f"Complaint Desk {__version__}",
    }
    named = {sentences.label("proof_property", key): value for key, value in stated.items() if value}
    return {MARK: row.mark, LEDGER: anchoring.written(anchoring.head(ws)), **named}


def covered(sentences: Sentences, row: ExportRow) -> str:
    """Return in words what of the register a file holds."""
    return "，".join(filter(None, (_days(sentences, row.first, row.last), _some(row.scope.split(","), _SHOWN_NUMBERS))))


def covered_in_name(scope: Scope) -> str:
    """Return what of the register a file holds, as its name says it."""
    return scope.period.name if scope.period is not None else _some(scope.numbers, _SHOWN_NUMBERS)


def prove(ws: Workspace, path: Path) -> ProvedExport:
    """Return what is known of a file that this register may have exported, and whether it is as it was.

    Raises:
        KnownError: ``file_unreadable``.
    """
    ws.require(Right.VERIFY)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KnownError("file_unreadable", path=path, reason=error.strerror or str(error)) from error
    stated = _stated_in(path, data)
    head = anchoring.read_head(stated.get(LEDGER, ""))
    fit = None if head is None else anchoring.fit(ws, head)
    line = 0 if head is None else head.id
    with ws.store.reading() as conn:
        same = exports.of_digest(conn, hashlib.sha256(data).hexdigest())
        if same is not None:
            return ProvedExport(same, is_unchanged=True, ledger=fit, line=line)
        marked = exports.of_mark(conn, stated.get(MARK, ""))
        if marked is not None:
            return ProvedExport(marked, is_unchanged=False, ledger=fit, line=line)
        named = exports.of_name(conn, path.name)
        return ProvedExport(named, is_unchanged=False, is_marked=False, ledger=fit, line=line)


def told(sentences: Sentences, path: Path, proved: ProvedExport) -> tuple[str, Mapping[str, object]]:
    """Return the code of the sentence that says what was found, and what fills it."""
    row, fit = proved.row, _fit_told(proved)
    if row is None:
        return "export_unknown", {"path": path, "ledger": fit}
    privacy = sentences.label("proof", "masked" if row.masked else "full")
    said = {"path": path, "name": row.name, "by": row.by, "at": _minute(row.at), "rows": row.rows, "privacy": privacy}
    code = "export_unchanged" if proved.is_unchanged else "export_changed" if proved.is_marked else "export_same_name"
    return code, {**said, "covered": covered(sentences, row), "ledger": fit}


def _fit_told(proved: ProvedExport) -> KnownError | str:
    """Return the words about the ledger; none where the file tells nothing of it (CSV; one of an older program)."""
    match proved.ledger:
        case None:
            return ""
        case Fit.SAME:
            return KnownError("export_ledger_same", line=proved.line)
        case Fit.OTHER:
            return KnownError("export_ledger_other", line=proved.line)
        case Fit.GONE:
            return KnownError("export_ledger_gone", line=proved.line)


def _stated_in(path: Path, data: bytes) -> Mapping[str, str]:
    """Return what a file carries beside its sheets, whatever has become of the rest of it."""
    from desk_app.sheets.workbook import read_properties  # noqa: PLC0415 -- openpyxl, only when it is wanted

    in_pdf = {name.decode(): value.decode() for name, value in _IN_PDF.findall(data)}
    try:
        return in_pdf or read_properties(path)
    except KnownError:
        return {}


def _ends(scope: Scope) -> tuple[str, str]:
    return (scope.period.first_text, scope.period.last.isoformat()) if scope.period is not None else ("", "")


def _days(sentences: Sentences, first: str, last: str) -> str:
    return sentences.say("proof_days", {"first": first, "last": last}) if first else ""


def _some(numbers: tuple[str, ...] | list[str], shown: int) -> str:
    """Return the first few numbers, and how many there are."""
    more = f"等{len(numbers)}件" if len(numbers) > shown else ""
    return "、".join(numbers[:shown]) + more


def _cut(text: str, room: int) -> str:
    """Return as much of a text as there is room for, in half-width characters."""
    while text and width_of(text) > room:
        text = text.rstrip("…")[:-1] + "…" if len(text.rstrip("…")) > 1 else ""
    return text


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")

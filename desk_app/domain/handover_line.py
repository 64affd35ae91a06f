"""What the sheet of a signed handover says, one line each: what is owed, what needs attention, what was reported.

The counterpart of :mod:`desk_app.domain.register_line` for the sheet 交接班记录 (domain.md part 12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain.privacy import mask_said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.domain.handover import HandoverForm, HandoverLine, HandoverSheet
    from desk_app.domain.wording import Line

HANDOVER_KEYS = frozenset({"part", "due_at", "kind", "who", "number", "customer", "matter", "note"})
"""Every key that a sheet of a handover may ask for."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What people see: of the parts of the sheet, of the kinds of follow-up, of who is nameless, of who is secret."""

    parts: Mapping[str, str]
    kinds: Mapping[str, str]
    anonymous: str
    confidential: str


def read_wording(labels: Mapping[str, Mapping[str, str]]) -> Wording:
    """Gather the words from the parsed ``labels.toml``.

    Raises:
        KeyError: a list or a word is missing.
    """
    return Wording(labels["handover"], labels["follow_up"], labels["word"]["anonymous"], labels["word"]["confidential"])


def sheet_lines(sheet: HandoverSheet, form: HandoverForm, wording: Wording) -> Iterator[Line]:
    """Return the lines of a signed sheet, each with every one of :data:`HANDOVER_KEYS`; datetimes are aware."""
    parts = wording.parts
    for line in sheet.state.lines:
        yield _owed(line, sheet, wording)
    if sheet.state.left_out:
        yield _word(parts["more"], parts["left_out"].format(count=sheet.state.left_out))
    if sheet.attention:
        yield _word(parts["attention"], _without_numbers(sheet.attention))
    for key, text in sheet.reports.items():
        yield _word(parts["report"], _without_numbers(text), form.label(key))
    yield _word(parts["during"], form.label("settled"))


def _word(part: str, text: str, kind: str | None = None) -> Line:
    """Return a line that is of no follow-up."""
    return {**dict.fromkeys(HANDOVER_KEYS), "part": part, "kind": kind, "matter": text}


def _without_numbers(text: str) -> str:
    """Return what somebody wrote on the sheet, which lies about, without the numbers of anybody."""
    return mask_said(text, "", "", "")


def _owed(line: HandoverLine, sheet: HandoverSheet, wording: Wording) -> Line:
    kind = wording.kinds[line.kind]
    return {
        "part": wording.parts[line.part(sheet.state.at)],
        "due_at": line.due_at,
        "kind": f"{kind}（{wording.parts['promised']}）" if line.promised_in_shift else kind,
        "who": f"{line.owed_by} → {line.owed_to}",
        "number": line.number,
        "customer": (line.customer or wording.anonymous) + (wording.confidential if line.is_confidential else ""),
        "matter": "：".join(filter(None, (line.subject, line.matter))),
        "note": _without_numbers(line.note) or None,
    }

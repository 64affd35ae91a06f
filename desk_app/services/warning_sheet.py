"""What stands on the 预警表: the warnings of a period, with what was noted about them (domain.md part 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.customer import NAME_MARK
from desk_app.domain.facts import Within
from desk_app.domain.periods import windows_of
from desk_app.domain.veil import veils_of
from desk_app.domain.warning import Part
from desk_app.services import figures, warnings
from desk_app.storage import cases

if TYPE_CHECKING:
    from desk_app.domain.heeding import EarlyWarning
    from desk_app.domain.periods import Period
    from desk_app.domain.wording import Line, Wording
    from desk_app.services.workspace import Workspace

_RISING = "↑"


def warning_lines(ws: Workspace, period: Period, wording: Wording) -> list[Line]:
    """Return a line for each thing that is warned of, the most serious first."""
    return [_line(ws, each, period, wording) for each in warnings.of_period(ws, period, wording.at.date())]


def _line(ws: Workspace, warning: EarlyWarning, period: Period, wording: Wording) -> Line:
    label, heed = ws.rules.sentences.label, warning.heed
    numbers = warnings.numbers(ws, warning)
    before = windows_of(period)[1]
    within = Within(before.first_text, before.before_text, warning.kinds)
    level = label("figures", warning.level)
    signed = f"（{'，'.join(filter(None, (heed.by, f'{heed.at:%Y-%m-%d}', heed.number)))}）" if heed else ""
    return {
        "level": f"{level} {_RISING}" if warning.rising else level,
        "rising": label("figures", "rising") if warning.rising else None,
        "part": label("warning_part", warning.part),
        "item": _item(ws, warning, numbers, wording),
        "count": warning.times.month,
        "before": figures.count(ws, warning.part, warning.value, within),
        "quarter": warning.times.quarter,
        "year": warning.times.year,
        "since": warning.since.isoformat(),
        "numbers": "、".join(numbers),
        "cause": heed.cause or None if heed else None,
        "measure": f"{heed.measure}{signed}" if heed else None,
        "heeded_by": heed.by if heed else None,
        "heeded_at": heed.at if heed else None,
    }


def _item(ws: Workspace, warning: EarlyWarning, numbers: tuple[str, ...], wording: Wording) -> str:
    """Return what repeats as the sheet may say it: whole, but for customers who are hidden on it."""
    if warning.part not in (Part.CUSTOMER, Part.ITEM, Part.PLACE):
        return warning.value
    with ws.store.reading() as conn:
        files = [file for number in numbers if (file := cases.read_file(conn, number)) is not None]
    hidden = [file.case for file in files if wording.hides(file.case)]
    if warning.part is Part.CUSTOMER:
        return warning.item if hidden else warning.value.removeprefix(NAME_MARK)
    return warnings.shown(ws, warning.part, warning.value, veils_of(hidden) if hidden else None)

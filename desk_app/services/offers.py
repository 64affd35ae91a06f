"""Which sheets a person can ask for: of a period, or of some cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain import sheet_lines
from desk_app.domain.sheet_lines import Each
from desk_app.errors import KnownError
from desk_app.services import sheets
from desk_app.services.desk import case_file
from desk_app.sheets.sheet import Group, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_app.services.workspace import Workspace
    from desk_app.sheets.sheet import Sheet

__all__ = ["Group", "Offer", "Offers", "of_cases", "of_period"]

_OF_ONE_CASE = (Each.CASE, Each.DEED, Each.OWED)


@dataclass(frozen=True, slots=True)
class Offer:
    """A sheet that can be asked for. ``is_form``: a page for each thing. ``is_own``: the shop described it."""

    id: str
    title: str
    group: Group
    is_form: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """Sheets by their groups, in the order the groups and then the sheets ask for; and what is wrong with others."""

    sheets: tuple[Offer, ...]
    faults: tuple[KnownError, ...]


def of_period(ws: Workspace) -> Offers:
    """Return what can be exported of a period: everything but the sheet of a shift handover."""
    return _offers(ws, lambda sheet: sheet.of.each is not Each.HANDOVER)


def of_cases(ws: Workspace, numbers: Sequence[str]) -> Offers:
    """Return the forms that there is at least one of for some of these cases.

    Raises:
        KnownError: ``case_unknown``.
    """
    files = [case_file(ws, number) for number in numbers]

    def fits(sheet: Sheet) -> bool:
        is_form = sheet.shape is Shape.FORM and sheet.of.each in _OF_ONE_CASE
        return is_form and any(any(sheet_lines.subjects(file, sheet.of)) for file in files)

    return _offers(ws, fits)


def _offers(ws: Workspace, is_offered: Callable[[Sheet], bool]) -> Offers:
    found, faults = sheets.catalogue(ws)
    broken = {fault.params.get("file") for fault in faults}
    own = {path.stem for path in ws.folder.sheets.glob("*.toml") if path not in broken}
    offers = [
        Offer(sheet.id, sheet.title, sheet.group, sheet.shape is Shape.FORM, sheet.id in own)
        for sheet in found.values()
        if sheet.group is not Group.PERSON and is_offered(sheet)
    ]
    return Offers(tuple(sorted(offers, key=lambda offer: list(Group).index(offer.group))), faults)

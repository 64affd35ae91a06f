"""What the standard sheets say: from a description and the register to a grid of cells, for paper of whatever kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk_app.domain import sheet_lines
from desk_app.domain.figures import Windows, figure_lines
from desk_app.domain.periods import Period, windows_of
from desk_app.domain.rights import Right
from desk_app.domain.sheet_lines import Each, Facts, Of, Subject
from desk_app.domain.survey_lines import survey_lines
from desk_app.domain.wording import read_wording
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.services import months, volumes
from desk_app.services.desk import find_file
from desk_app.services.letting_go import let_go
from desk_app.services.warning_sheet import warning_lines
from desk_app.sheets.catalogue import load_sheet, load_sheets
from desk_app.sheets.grid import Grid
from desk_app.sheets.heading import period_heading
from desk_app.sheets.layout import lay_out
from desk_app.sheets.layout_form import FormValues, lay_out_forms
from desk_app.sheets.sheet import SERIAL, Group, Shape, Sheet
from desk_app.storage import cases, exports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from desk_app.domain.case import CaseFile
    from desk_app.domain.wording import Line, Value, Wording
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the register is wanted on a sheet: a period, or some cases by their numbers, each once.

    ``masked`` None: as the sheet itself says. Who may not have whole customers has them masked whatever is wanted, and
    who asked for secrecy (客户保密) is told of only where that is wanted by who may (``domain.sight``).
    """

    period: Period | None = None
    numbers: tuple[str, ...] = ()
    masked: bool | None = None

    def __post_init__(self) -> None:
        """Keep a number once that somebody gave twice."""
        object.__setattr__(self, "numbers", tuple(dict.fromkeys(self.numbers)))


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet that was filled: its grid, how many things are on it, whether customers are masked."""

    sheet: Sheet
    grid: Grid
    rows: int
    masked: bool


def catalogue(ws: Workspace) -> tuple[Mapping[str, Sheet], tuple[KnownError, ...]]:
    """Return every sheet that can be used by its id, the shop's own among them, and what is wrong with the others."""
    return _load(ws)


def check(rules: Rules, path: Path) -> Sheet:
    """Return the sheet of one file, wherever it lies.

    Raises:
        KnownError: ``sheet_broken``, ``sheet_unreadable``, ``sheet_not_utf8``.
    """
    return load_sheet(path, Facts(rules.fields, rules.actions))


def find(ws: Workspace, sheet_id: str) -> Sheet:
    """Return one sheet.

    Raises:
        KnownError: ``sheet_unknown``, or what is wrong with the shop's own file of that name.
    """
    sheets, faults = _load(ws, sheet_id)
    if sheet_id in sheets:
        return sheets[sheet_id]
    raise next(iter(faults), KnownError("sheet_unknown", sheet=sheet_id[:40]))


def _load(ws: Workspace, only: str = "") -> tuple[Mapping[str, Sheet], tuple[KnownError, ...]]:
    folders = (resources_dir() / "sheets", ws.folder.sheets)
    return load_sheets(folders, Facts(ws.rules.fields, ws.rules.actions), only)


def fill(
    ws: Workspace, sheet: Sheet, scope: Scope, *, by: str, before_each: Callable[[], None] = lambda: None
) -> Filled:
    """Return a sheet filled from the register as it stands, in one state of it.

    A list has one line, a set of forms one page, for each thing that the sheet is of: of a period in the order of time,
    of some cases in the order of their numbers in the scope.
    ``before_each`` is called before each of them (not of figures); whatever it raises ends the filling.

    Raises:
        KnownError: ``case_unknown``; of a sheet for the customer themself, ``not_allowed``.
    """
    if sheet.group is Group.PERSON:
        ws.require(Right.PERSON)
    wording = _wording(ws, scope, leaves_shop=sheet.leaves_shop)
    if sheet.of.each is Each.FIGURES:
        return _figures(ws, sheet, scope, wording, by=by)
    if sheet.of.each is Each.WARNINGS:
        return _warnings(ws, sheet, scope, wording, by=by)
    with ws.store.snapshot() as conn:
        found = list(_with(before_each, _subjects(conn, sheet, scope)))
        if sheet.group is Group.PERSON:
            wording = replace(wording, masked=False, whole=True, given_to=_given_to(ws, conn, found))
    count, days = len(found), _days(found, scope, wording.at)
    heading = period_heading(ws.shop.name, days, by=by, at=wording.at, privacy=_privacy(ws, wording))
    each_in_turn = _with(before_each, found)
    try:
        if sheet.shape is Shape.FORM:
            grid = lay_out_forms(sheet, (_form(subject, sheet, wording) for subject in each_in_turn), heading)
        else:
            lines = (sheet_lines.subject_line(each, sheet.keys, wording) for each in each_in_turn)
            grid = lay_out(sheet, lines, heading)
    finally:
        let_go(found)
    return Filled(sheet, grid, count, wording.masked)


def case_lines(
    ws: Workspace, keys: Sequence[str], scope: Scope, *, by: str
) -> tuple[Mapping[str, Value | date], list[Line], bool]:
    """Return what a shop's own workbook is filled with: its head, a line for each case, and whether it is masked.

    Raises:
        KnownError: ``case_unknown``.
    """
    wording = _wording(ws, scope, leaves_shop=False)
    with ws.store.snapshot() as conn:
        found = [Subject(file) for file in _files(conn, Of(Each.CASE), scope)]
    first, last = _days(found, scope, wording.at)
    head: dict[str, Value | date] = {"shop": ws.shop.name, "first": first, "last": last, "count": len(found)}
    head |= {"by": by, "at": wording.at, "privacy": _privacy(ws, wording)}
    asked = [key for key in keys if key not in (*head, SERIAL)]
    return head, [sheet_lines.subject_line(each, asked, wording) for each in found], wording.masked


def holds_any(ws: Workspace, sheet: Sheet, scope: Scope) -> bool:
    """Whether there is anything in the register that a sheet is of; a blank one and figures always have something."""
    if sheet.of.each in (Each.FIGURES, Each.NOTHING):
        return True
    with ws.store.snapshot() as conn:
        return any(True for _subject in _subjects(conn, sheet, scope))


def _wording(ws: Workspace, scope: Scope, *, leaves_shop: bool) -> Wording:
    """Return the words of a sheet that is made now, with what the operator may see on it."""
    rules, sight = ws.rules, ws.sight()
    wanted = leaves_shop if scope.masked is None else scope.masked
    masked = sight.masks(wanted=wanted, one_case=scope.period is None and len(scope.numbers) == 1)
    wording = read_wording(rules.fields, rules.actions, ws.trade, rules.sentences.labels, ws.clock.now())
    secrets = sight.tells_secrets(scope.masked)
    wording = replace(wording, masked=masked, tells_secrets=secrets, locks=months.locks(ws))
    return replace(wording, retention_years=ws.shop.retention_years)


def _given_to(ws: Workspace, conn: Transaction, found: Iterable[Subject]) -> Mapping[str, str]:
    """Return for each case into which unmasked files it went, a line each."""
    told = {}
    for subject in found:
        case = subject.file.case
        rows = exports.with_case(conn, case.number, case.received_at)
        say, label = ws.rules.sentences.say, ws.rules.sentences.label
        lines = (say("given_to", {"at": row.at[:10], "by": row.by, "name": row.name}) for row in rows)
        told[case.number] = "\n".join(lines) or label("word", "given_to_none")
    return told


def _privacy(ws: Workspace, wording: Wording) -> str:
    return ws.rules.sentences.label("privacy", "masked" if wording.masked else "full")


def _with(before_each: Callable[[], None], found: Iterable[Subject]) -> Iterator[Subject]:
    for each in found:
        before_each()
        yield each


def _figures(ws: Workspace, sheet: Sheet, scope: Scope, wording: Wording, *, by: str) -> Filled:
    """Return a sheet of figures, counted in one state of the register."""
    period = _period(sheet, scope)
    spans = windows_of(period)
    first, before = min(each.first_text for each in spans), max(each.before_text for each in spans)
    with ws.store.snapshot() as conn:  # the spans overlap: each case is read once
        found = [file for file in cases.read_received(conn, first, before) if sheet.of.takes(file)]
    now, then, quarter, year = ([f for f in found if each.holds(f.case.received_at)] for each in spans)
    served = (volumes.of_period(ws, each) for each in spans[:2])
    windows = Windows(now, then, quarter, year, *served)
    sentences = ws.rules.sentences
    names = {**{fact.key: fact.label for fact in ws.rules.fields}, **sentences.labels["figures"]}
    names |= {f"metric.{key}": name for key, name in sentences.labels["metric"].items()}
    lines = list(figure_lines(windows, sheet.of.tally, names, wording))
    if sheet.of.surveyed:
        lines += _surveyed(ws, period, names)
    count, days = len(windows.period), (period.first, period.last)
    del windows, now, then, quarter, year
    let_go(found)
    heading = period_heading(ws.shop.name, days, by=by, at=wording.at, privacy=_privacy(ws, wording))
    return Filled(sheet, lay_out(sheet, lines, heading), count, wording.masked)


def _surveyed(ws: Workspace, period: Period, names: Mapping[str, str]) -> Sequence[Line]:
    """Return what a whole year's satisfaction survey came to, as lines of a sheet of figures; none of other periods."""
    from desk_app.services import survey  # noqa: PLC0415 -- it reads its items from the sheets

    found = survey.figures_of(ws, period)
    if found is None:
        return ()
    now, then = found
    return tuple(survey_lines((now.count, now.items, now.quality, now.complaints), (then.count, then.items), names))


def _warnings(ws: Workspace, sheet: Sheet, scope: Scope, wording: Wording, *, by: str) -> Filled:
    """Return a sheet of what is warned of in a period, by the rules that are in force."""
    period = _period(sheet, scope)
    lines = warning_lines(ws, period, wording)
    days = period.first, period.last
    heading = period_heading(ws.shop.name, days, by=by, at=wording.at, privacy=_privacy(ws, wording))
    return Filled(sheet, lay_out(sheet, iter(lines), heading), len(lines), wording.masked)


def _period(sheet: Sheet, scope: Scope) -> Period:
    if scope.period is None:
        raise KnownError("figures_need_period", sheet=sheet.title)
    return scope.period


def _subjects(conn: Transaction, sheet: Sheet, scope: Scope) -> Iterator[Subject]:
    """Go through what the sheet is of: of a period in the order of time, of some cases in theirs."""
    of, period = sheet.of, scope.period
    if of.each is Each.NOTHING:
        return
    found = [each for file in _files(conn, of, scope) for each in sheet_lines.subjects(file, of)]
    if period is not None and of.each in (Each.DEED, Each.OWED):
        found = sorted((each for each in found if _is_within(each, period)), key=sheet_lines.when)
    yield from found


def _is_within(subject: Subject, period: Period) -> bool:
    """Whether something was in a period; what is owed still was carried into it."""
    at = sheet_lines.when(subject)
    is_carried = subject.owed is not None and subject.owed.done_at is None and at.date() < period.first
    return is_carried or period.holds(at)


def _files(conn: Transaction, of: Of, scope: Scope) -> Iterator[CaseFile]:
    for number in scope.numbers:
        yield find_file(conn, number)
    period = scope.period
    if period is None:
        return
    first, before = period.first_text, period.before_text
    match of.each:
        case Each.DEED:
            yield from cases.read_acted(conn, of.actions, first, before)
        case Each.OWED:
            yield from cases.read_owing(conn, of.owed, first, before)
        case _:
            if of.carried:
                yield from cases.read_open_before(conn, first)
            yield from cases.read_received(conn, first, before)


def _form(subject: Subject, sheet: Sheet, wording: Wording) -> FormValues:
    repeats = [
        [
            sheet_lines.subject_line(each, block.keys, wording)
            for each in sheet_lines.subjects(subject.file, block.repeat)
        ]
        for block in sheet.blocks
        if block.repeat is not None
    ]
    return FormValues(sheet_lines.subject_line(subject, sheet.keys, wording), repeats)


def _days(found: Sequence[Subject], scope: Scope, now: datetime) -> tuple[date, date]:
    """Return the days that the sheet speaks of: its period, else from the first of its cases to the last."""
    if scope.period is not None:
        return scope.period.first, scope.period.last
    days = [sheet_lines.when(each).date() for each in found] or [now.date()]
    return min(days), max(days)

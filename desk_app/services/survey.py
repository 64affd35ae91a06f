"""Use cases of the yearly satisfaction survey: answered sheets are typed in, and counted (domain.md part 4 F10).

What is asked is the blank sheet ``survey`` itself, the house's or the shop's own: each row with boxes is an item. Of an
answered sheet only the ticks are kept: no name, and no free text, in which one could stand; a wish is registered as a
suggestion (来源：顾客满意度调查).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from desk_app.domain import metrics
from desk_app.domain import survey as counting
from desk_app.domain.facts import Within
from desk_app.domain.metrics import COMPLAINTS, Overdue, Rate
from desk_app.domain.periods import read_period
from desk_app.domain.rights import Right
from desk_app.domain.shop_event import ShopAction, ShopEvent
from desk_app.domain.survey import Answers, Item, ItemResult, Scales
from desk_app.errors import KnownError
from desk_app.services import figures, sheets, volumes
from desk_app.services.results import Changes
from desk_app.services.rules import read_toml
from desk_app.storage import shop_events

if TYPE_CHECKING:
    from desk_app.domain.periods import Period
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

_SHEET = "survey"
_OLDEST = 2000
_TAKES_BACK, _ANSWERS = "takes_back", "answers"


@dataclass(frozen=True, slots=True)
class SurveySaved:
    """An answered sheet that is on file: its id, and how many there are of its year."""

    id: int
    count: int
    changes: Changes


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What a year's sheets come to; ``quality`` is 产品质量优良率, ``complaints`` 顾客投诉率 (whole None: unknown)."""

    year: int
    count: int
    items: Sequence[ItemResult]
    quality: Rate
    complaints: Rate


def items(ws: Workspace) -> tuple[Item, ...]:
    """Return what the blank sheet asks, in its order.

    Raises:
        KnownError: ``locked``; what is wrong with the shop's own sheet.
    """
    ws.require_person()
    found: dict[str, Item] = {}
    for row in (row for block in sheets.find(ws, _SHEET).blocks for row in block.rows):
        ticked = next((cell for cell in row.cells if cell.boxes), None)
        if ticked is not None and (label := row.cells[0].text.strip()):
            found[label] = Item(label, ticked.boxes)
    return tuple(found.values())


def add(ws: Workspace, year: int, answers: Answers, request_id: str) -> SurveySaved:
    """Put one answered sheet of a year on file; one transaction.

    Raises:
        KnownError: ``not_allowed``, ``locked``; ``survey_year_bad``, ``survey_empty``, ``survey_answer_bad``.
    """
    ws.require(Right.SURVEY)
    _check_year(ws, year)
    asked = {item.label: item for item in items(ws)}
    given = {label: answer for label, answer in answers.items() if answer}
    for label, answer in given.items():
        if label not in asked or answer not in asked[label].answers:
            raise KnownError("survey_answer_bad", item=label[:40], answer=answer[:40])
    if not given:
        raise KnownError("survey_empty")
    return _note(ws, year, {_ANSWERS: given}, request_id)


def take_back(ws: Workspace, year: int, sheet_id: int, request_id: str) -> SurveySaved:
    """Take back a sheet that was typed wrongly: it counts no more, and stays on file; one transaction.

    Raises:
        KnownError: ``not_allowed``, ``locked``; ``survey_unknown``: there is none of this id in the year.
    """
    ws.require(Right.SURVEY)
    with ws.store.reading() as conn:
        is_known = sheet_id in _sheets(conn, year) or shop_events.stored(conn, request_id) is not None
    if not is_known:
        raise KnownError("survey_unknown", year=year)
    return _note(ws, year, {_TAKES_BACK: sheet_id}, request_id)


def result(ws: Workspace, year: int) -> SurveyResult:
    """Return what the sheets of a year come to.

    Raises:
        KnownError: ``locked``; ``survey_year_bad``; what is wrong with the shop's own sheet.
    """
    ws.require_person()
    _check_year(ws, year)
    with ws.store.reading() as conn:
        answered = list(_sheets(conn, year).values())
    scales = _scales(ws.rules)
    found = counting.results(items(ws), answered, scales)
    whole = read_period(f"{year:04}", ws.clock.now().date())
    counts = figures.counts(ws, COMPLAINTS.part, Within(whole.first_text, whole.before_text, COMPLAINTS.kinds))
    complaints = metrics.rate(COMPLAINTS, {COMPLAINTS.part: counts}, Overdue(), volumes.of_period(ws, whole))
    return SurveyResult(year, len(answered), found, Rate(*counting.quality(found, scales)), complaints)


def figures_of(ws: Workspace, period: Period) -> tuple[SurveyResult, SurveyResult] | None:
    """Return what the sheets of a whole year, and of the one before, come to; None of any other period, or of none.

    Raises like :func:`result`.
    """
    year = period.first.year
    is_year = (period.first, period.last) == (date(year, 1, 1), date(year, 12, 31))
    if not is_year or not _OLDEST < year <= ws.clock.now().year:
        return None
    now = result(ws, year)
    return (now, result(ws, year - 1)) if now.count else None


def _check_year(ws: Workspace, year: int) -> None:
    if not _OLDEST <= year <= ws.clock.now().year:
        raise KnownError("survey_year_bad", year=year)


@cache
def _scales(rules: Rules) -> Scales:
    return read_toml(rules.root / "survey.toml", counting.read_scales)


def _note(ws: Workspace, year: int, data: Mapping[str, object], request_id: str) -> SurveySaved:
    event = ShopEvent(action=ShopAction.SURVEY, at=ws.clock.now(), by=ws.operator, subject=f"{year:04}", data=data)
    with ws.store.transaction() as conn:
        stored = shop_events.add(conn, event, request_id)
        count = len(_sheets(conn, year))
    return SurveySaved(stored.id, count, Changes(volumes=True))


def _sheets(conn: Transaction, year: int) -> dict[int, Answers]:
    """Return the answers of each sheet of a year that counts, by its id, in the order in which they were typed."""
    found: dict[int, Answers] = {}
    for event in shop_events.between(conn, ShopAction.SURVEY, f"{year:04}", f"{year:04}"):
        answers = event.data.get(_ANSWERS)
        if isinstance(answers, dict):
            found[event.id] = answers
        else:
            found.pop(int(str(event.data.get(_TAKES_BACK, 0))), None)
    return found

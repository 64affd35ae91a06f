"""Use cases of the assessment of soothing skills: scores of the staff, by whom, and the band (domain.md part 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from desk_app.domain.rights import Right
from desk_app.domain.shop_event import ShopAction, ShopEvent
from desk_app.domain.validation import read_operator
from desk_app.domain.volumes import read_number, told
from desk_app.errors import KnownError
from desk_app.services.rules import read_toml
from desk_app.storage import shop_events

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

BEST = 100


class Assessor(StrEnum):
    """Who marks: part 13 wants all three beside each other."""

    SELF = "self"
    SUPERVISOR = "supervisor"
    COLLEAGUE = "colleague"


@dataclass(frozen=True, slots=True)
class Assessment:
    """One score of a person, 1 to 100, with its band in words."""

    person: str
    at: datetime
    by: str
    assessor: Assessor
    score: int
    band: str


def note(ws: Workspace, person: str, assessor: Assessor, score: object, request_id: str) -> Assessment:
    """Note the score of somebody of the staff; one transaction. Earlier ones stay: progress is to be seen.

    Raises:
        KnownError: ``not_allowed``, ``locked``; ``operator_unknown``; ``assessment_score_bad``.
    """
    ws.require(Right.ASSESS)
    who = read_operator(person.strip()) or ""
    if who not in ws.shop.operators:
        raise KnownError("operator_unknown", name=told(person), known="、".join(ws.shop.operators))
    points = _score(score)
    data = {"assessor": assessor, "score": points}
    event = ShopEvent(action=ShopAction.ASSESS, at=ws.clock.now(), by=ws.operator, subject=who, data=data)
    with ws.store.transaction() as conn:
        return _told(ws.rules, shop_events.add(conn, event, request_id))


def scores(ws: Workspace, person: str = "") -> tuple[Assessment, ...]:
    """Return the scores of a person (empty: of everybody), by their names, then in the order of time.

    Raises:
        KnownError: ``not_allowed``, ``locked``.
    """
    ws.require(Right.ASSESS)
    span = (person, person) if person else ()
    with ws.store.reading() as conn:
        return tuple(_told(ws.rules, event) for event in shop_events.between(conn, ShopAction.ASSESS, *span))


def band(rules: Rules, score: int) -> str:
    """Return what a score from 1 to 100 means."""
    return next(words for least, words in _bands(rules).items() if score >= least)


@cache
def _bands(rules: Rules) -> Mapping[int, str]:
    return read_toml(rules.root / "assessment.toml", _read_bands)


def _read_bands(data: Mapping[str, object]) -> Mapping[int, str]:
    bands = data["bands"]
    if not isinstance(bands, list):
        raise TypeError("bands")
    found = {int(each["from"]): str(each["told"]) for each in bands}
    if list(found) != sorted(found, reverse=True) or min(found) != 1:
        raise ValueError("from")
    return found


def _score(written: object) -> int:
    try:
        score = read_number(written)
    except ValueError:
        score = None
    if score is None or not 1 <= score <= BEST:
        raise KnownError("assessment_score_bad", text=told(written))
    return score


def _told(rules: Rules, event: ShopEvent) -> Assessment:
    score = int(str(event.data["score"]))
    assessor = Assessor(str(event.data["assessor"]))
    return Assessment(event.subject, event.at, event.by, assessor, score, band(rules, score))

"""Use cases of early warning (预警, domain.md part 15): what is warned of now, of one case, and that it was heeded.

One road: the page, the form, the sheet and the command ask here; the rules are data (``services.warning_rules``), the
counts those of ``services.figures``. Nothing here is asked before a save is confirmed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from desk_app.domain import heeding
from desk_app.domain.customer import NAME_MARK
from desk_app.domain.facts import Within
from desk_app.domain.heeding import CASES_NAMED, EarlyWarning, Heed
from desk_app.domain.periods import Period, read_period
from desk_app.domain.privacy import mask_name, mask_phone
from desk_app.domain.shop_event import ShopAction, ShopEvent
from desk_app.domain.veil import veils_of
from desk_app.domain.vocabulary import Action
from desk_app.domain.warning import ITEM_MARK, Found, Part, Watch, without_echoes
from desk_app.errors import KnownError
from desk_app.services import desk, figures
from desk_app.services.warning_rules import in_force
from desk_app.storage import cases, shop_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from desk_app.domain.ahead import Book
    from desk_app.domain.heeding import Measure
    from desk_app.domain.veil import Veil
    from desk_app.domain.warning import WarningRule
    from desk_app.services.results import Finding
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

NUMBERS_TOLD = 20
_LAST = "\U0010ffff"


def current(ws: Workspace, at: datetime) -> tuple[EarlyWarning, ...]:
    """Return what is warned of in the month of ``at``, the most serious first; those that are heeded too.

    Raises:
        KnownError: ``locked``.
    """
    return of_period(ws, read_period("month", at.date()), at.date())


def of_period(ws: Workspace, period: Period, today: date) -> tuple[EarlyWarning, ...]:
    """Return what is warned of in a period, of which ``today`` may be a day; raises like :func:`current`."""
    return figures.ask(ws, lambda book: _told(ws, book, period, today, Watch.found))


def of_case(ws: Workspace, number: str) -> tuple[EarlyWarning, ...]:
    """Return the warnings of its month that a case takes part in; none of a void one, or of one that nobody knows.

    Asked after a save: it writes nothing (``figures.peek``), and says nothing while the figures are far behind. Raises
    like :func:`current`.
    """

    def answer(book: Book) -> tuple[EarlyWarning, ...]:
        facts = book.facts_of(number)
        if facts is None or facts.is_void:
            return ()
        day, today = date.fromisoformat(facts.day), ws.clock.now().date()
        return _told(ws, book, read_period("month", day), max(day, today), lambda watch: watch.of(facts))

    return figures.peek(ws, answer) or ()


def numbers(ws: Workspace, warning: EarlyWarning, limit: int = NUMBERS_TOLD) -> tuple[str, ...]:
    """Return the cases of a warning's period, the newest first."""
    period = read_period(warning.period, ws.clock.now().date())
    within = Within(period.first_text, period.before_text, warning.kinds)
    return figures.numbers(ws, warning.part, warning.value, within, limit)


def fault(ws: Workspace) -> Finding | None:
    """Return what is wrong with the shop's own rules, so that those of the house go on."""
    return in_force(ws).fault


def heed(ws: Workspace, warning: EarlyWarning, measure: Measure, number: str = "", *, request_id: str) -> Heed:
    """Note that a warning was heeded, with what is done about it; at a higher level it will be a new one.

    With ``number``, one of its cases, the measure is first made a corrective action on it (``desk.act``), which is then
    owed and verified like any other. A retry with the same ``request_id`` does nothing twice.

    Raises:
        RefusedError: the case does not take the measure as it is written.
        KnownError: ``not_allowed``; ``heed_says_nothing``; ``case_unknown``, or why the case does not allow it.
    """
    ws.require(Action.CORRECT)
    said = measure.what.strip()
    if not said:
        raise KnownError("heed_says_nothing")
    if number:
        raw = {
            "problem": sentence(ws, warning),
            "cause": measure.cause,
            "corrective": said,
            "department": measure.department,
            "due_at": measure.due_at,
        }
        desk.act(ws, number, Action.CORRECT, {key: value for key, value in raw.items() if value}, request_id)
    named = numbers(ws, warning, CASES_NAMED)
    with ws.store.transaction() as conn:
        veil = _veil(conn, named)  # what is noted outlives the customer
        texts = {"measure": veil.said(said), "cause": veil.said(measure.cause.strip()), "number": number}
        data = heeding.data_of(warning.part, warning.value, warning.level, named, **texts)
        event = ShopEvent(
            action=ShopAction.HEED,
            at=ws.clock.now(),
            by=ws.operator,
            subject=heeding.subject(warning.period, warning.rule),
            data=data,
        )
        return heeding.heed_of(shop_events.add(conn, event, request_id))


def sentence(ws: Workspace, warning: EarlyWarning) -> str:
    """Return a warning in one line: 本月第 4 次：房号：1203（重点，比平常多）."""
    say, label = ws.rules.sentences.say, ws.rules.sentences.label
    is_now = warning.period == ws.clock.now().date().isoformat()[:7]
    marks = [label("figures", warning.level), *([label("figures", "rising")] if warning.rising else ())]
    what = warning.item  # an item says itself what it is
    if warning.part is not Part.ITEM:
        what = f"{label('warning_part', warning.part)} {what}"
    params = {"month": warning.period, "count": warning.times.month, "what": what, "marks": "，".join(marks)}
    return say("warning_now" if is_now else "warning_then", params)


def _told(
    ws: Workspace, book: Book, period: Period, today: date, look: Callable[[Watch], Iterator[Found]]
) -> tuple[EarlyWarning, ...]:
    rules = in_force(ws)
    watch = Watch(rules.rules, period, today, book, rules.tested)
    said = without_echoes(tuple(look(watch)))
    heeds = _heeds(book, _noted(ws, period), {found.rule.id: found.rule for found in said})
    told = [
        EarlyWarning(
            period=period.name,
            rule=found.rule.id,
            part=found.rule.part,
            kinds=found.rule.kinds,
            value=found.value,
            item=_shown(ws, book, found, period),
            level=found.level,
            rising=found.rising,
            times=found.times,
            since=watch.since(found),
            heed=heeds.get((found.rule.id, found.value)),
        )
        for found in said
    ]
    return tuple(sorted(told, key=lambda each: (-each.level.rank, not each.rising, -each.times.month)))


def _noted(ws: Workspace, period: Period) -> tuple[ShopEvent, ...]:
    """Return what was heeded in the months of a period, in the order in which it was."""
    months = f"{period.first_text[:7]} ", f"{period.last.isoformat()[:7]} {_LAST}"
    with ws.store.reading() as conn:
        return tuple(sorted(shop_events.between(conn, ShopAction.HEED, *months), key=lambda event: event.id))


def _heeds(book: Book, noted: Iterable[ShopEvent], rules: Mapping[str, WarningRule]) -> Mapping[tuple[str, str], Heed]:
    """Return the last word on each value that these rules have found."""
    found: dict[tuple[str, str], Heed] = {}
    for event in noted:
        rule = rules.get(heeding.rule_of(event))
        if rule is not None:
            facts = [book.facts_of(number) for number in heeding.cases_of(event)]
            key = rule.id, heeding.value_of(event, rule, facts)
            found[key] = heeding.last_word(found.get(key), heeding.heed_of(event))
    return found


def _shown(ws: Workspace, book: Book, found: Found, period: Period) -> str:
    """Return what is warned of as a list says it: customers masked, and where lists conceal, whatever names one."""
    part, value = found.rule.part, found.value
    if part is Part.CUSTOMER:
        return mask_name(value.removeprefix(NAME_MARK)) if value.startswith(NAME_MARK) else mask_phone(value)
    if part not in (Part.ITEM, Part.PLACE):
        return value
    veil = None
    if ws.sight().conceals_lists:
        within = Within(period.first_text, period.before_text, found.rule.kinds)
        newest = book.numbers(part, value, within, 1)
        with ws.store.reading() as conn:
            veil = _veil(conn, newest)
    return shown(ws, part, value, veil)


def shown(ws: Workspace, part: Part, value: str, veil: Veil | None) -> str:
    """Return an item (房号：1203) or a place as people read it; with a veil as who may not know the customer may."""
    if part is not Part.ITEM:
        return veil.said(value) if veil else value
    key, _mark, said = value.partition(ITEM_MARK)
    label = next((choice.label for choice in ws.trade.items if choice.key == key), key)
    return f"{label}{ITEM_MARK}{veil.fact(key, said) if veil else said}"


def _veil(conn: Transaction, numbers: Iterable[str]) -> Veil:
    """Return what hides the customers of some cases, all of them at once."""
    return veils_of(file.case for number in numbers if (file := cases.read_file(conn, number)) is not None)

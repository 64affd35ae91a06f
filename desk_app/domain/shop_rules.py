"""The shop's own rules (``deadlines.toml`` of its data folder) laid over those of the house: only what differs.

Pure: texts and parsed tables in, parsed tables out. The form of the file is that of ``resources/deadlines.toml``
(docs/deadlines.md); what is wrong with one is told with its line, or with the rule and the key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from desk_app.domain import rights
from desk_app.domain.case import Lack
from desk_app.domain.deadlines import Debtor
from desk_app.domain.rule_tables import (
    COUNT,
    FLAG,
    NOTE,
    TEXT,
    Sort,
    Table,
    checked,
    is_count,
    list_of,
    name_of,
    one_of,
    some_of,
    table_of,
    told,
)
from desk_app.domain.terms import Term
from desk_app.domain.vocabulary import FollowUpKind, Kind, Responsibility, Role, Route, Trigger, Unit
from desk_app.errors import KnownError

EVERY = ("week", "month", "quarter", "half_year", "year", "shift", "always")

_TITLE_ENDS = "："  # what stands behind it says the term and the debtor, as they are shipped


def _reads(read: Callable[[str], object]) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        try:
            read(str(value))
        except ValueError:
            return False
        return isinstance(value, (str, time))

    return fits


def _is_amount(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value == "all"
    return Decimal(str(value)).is_finite() and value >= 0


def _clock(text: str) -> None:
    if time.fromisoformat(text).tzinfo is not None:
        raise ValueError(text)


_HOURS = Sort("0, 1, 2 …", lambda value: is_count(value, 0))
_TERM = Sort("24h, 2d, 2wd, 2bd, 2w, 1mo, given", _reads(Term.parse))
_CLOCK = Sort('"18:00"', _reads(_clock))
_AMOUNT = Sort('1000, "all"', _is_amount)
_DAY = Sort("2026-10-01", lambda value: type(value) is date)
_SCOPE = {"kinds": some_of(Kind), "routes": some_of(Route), "safety": FLAG}

_TABLES: Mapping[str, Mapping[str, Sort]] = {
    "settings": {"visit_attempts": COUNT, "manager": TEXT, "day_end": _CLOCK},
    "closing": {
        **dict.fromkeys(("responsibility", "feed_back", "adoption"), some_of(Kind)),
        "recorded": some_of([str(fact.name).lower() for fact in Lack]),
    },
    "rights": dict.fromkeys(rights.ALL, one_of(tuple(Role))),
    "authority": dict.fromkeys(Role, _AMOUNT),
    "offices": dict.fromkeys(Role, TEXT),
}
"""The tables of one value a key: the shop's keys take the place of the shipped ones."""

_ENTRIES: Mapping[str, Mapping[str, Sort]] = {
    "rule": {
        **dict.fromkeys(("id", "title", "owed_to"), TEXT),
        **dict.fromkeys(("source", "subject"), NOTE),
        **dict.fromkeys(("told", "from_told", "enabled"), FLAG),
        **_SCOPE,
        "trigger": one_of(tuple(Trigger)),
        "follow_up": one_of(tuple(FollowUpKind)),
        "term": _TERM,
        "owed_by": one_of(tuple(Debtor)),
        "responsibilities": some_of(Responsibility),
    },
    "limit": {
        **dict.fromkeys(("id", "title"), TEXT),
        **dict.fromkeys(("valid_from", "valid_until"), _DAY),
        **_SCOPE,
        "source": NOTE,
        "term": _TERM,
    },
    "duty": {**dict.fromkeys(("id", "title", "owed_by"), TEXT), "source": NOTE, "every": one_of(EVERY)},
}
"""The lists whose entries have names: an entry bends the shipped one of its name, or is a new one, which goes first."""

_REQUIRED = {
    "rule": ("title", "trigger", "follow_up", "term", "owed_by", "owed_to"),
    "limit": ("title", "term"),
    "duty": ("title", "every", "owed_by"),
}
_MENDING = frozenset({FollowUpKind.CORRECT, FollowUpKind.VERIFY})
_ONLY: Mapping[Trigger, frozenset[FollowUpKind]] = {
    Trigger.CORRECTED: _MENDING,  # these happen on a closed case too, and nothing else is settled there
    Trigger.INEFFECTIVE: _MENDING,
}
_AGAIN = {
    (Trigger.REPLIED, FollowUpKind.REPLY),
    (Trigger.VISITED, FollowUpKind.REPLY),
    (Trigger.VISITED, FollowUpKind.RETURN_VISIT),
    (Trigger.NOTHING_LEFT, FollowUpKind.REPLY),
    (
        Trigger.NOTHING_LEFT,
        FollowUpKind.ANALYSE,
    ),  # what is found may settle the closing, and then nothing is left again
}
"""What would be owed again each time it is settled."""
_NAMES: Mapping[FollowUpKind, frozenset[Trigger]] = {
    FollowUpKind.PROMISE: frozenset({Trigger.PROMISED}),
    FollowUpKind.VERIFY: frozenset({Trigger.PROMISED, Trigger.CORRECTED}),
}
"""What is settled by being named, and after what it has a name by itself: else the rule must give it one."""

_RUNG = {"office": TEXT, "after_hours": _HOURS}
_PARTS = (*_TABLES, "escalation", *_ENTRIES)


@dataclass(frozen=True, slots=True)
class Edit:
    """One value that a person has set: of a table (``part`` its name, ``entry`` empty) or of a rule."""

    part: str
    entry: str
    key: str
    value: object


def merged(shipped: Table, own: Table) -> Table:
    """Return the shipped rules with what the shop says differently, as ``policy.read_policy`` reads them.

    A shipped rule that is changed in more than being in force keeps the first words of its title, for the rest of it
    tells the shipped term; its source is then the shop (``by_the_shop`` of the shipped file).

    Raises:
        KnownError: ``deadlines_…``, with the rule or the part, and the key.
    """
    for part in own:
        if part not in _PARTS:
            raise KnownError("deadlines_part_unknown", part=told(part), known=", ".join(_PARTS))
    whole = dict(shipped)
    for part, sorts in _TABLES.items():
        given = own.get(part, {})
        whole[part] = {**table_of(shipped[part]), **checked(part, given, sorts)}
    if "escalation" in own:
        whole["escalation"] = _ladder(own["escalation"])
    for part in _ENTRIES:
        whole[part] = _entries(
            part, list_of(part, shipped.get(part, [])), own.get(part, []), str(shipped["by_the_shop"])
        )
    return whole


def edited(shipped: Table, own: Table, edits: Sequence[Edit]) -> Table:
    """Return the shop's tables with some values set; what is as shipped is left out again."""
    tables = {part: dict(table_of(given)) for part, given in own.items() if part in _TABLES}
    lists = {part: [dict(e) for e in list_of(part, given)] for part, given in own.items() if part in _ENTRIES}
    for edit in edits:
        if edit.part in _TABLES:
            given, usual = tables.setdefault(edit.part, {}), table_of(shipped[edit.part])
        else:
            given = _entry(lists.setdefault(edit.part, []), edit.entry)
            usual = next((e for e in list_of(edit.part, shipped[edit.part]) if e["id"] == edit.entry), {})
        given[edit.key] = edit.value
        if edit.value == usual.get(edit.key, _UNSAID.get(edit.key)):
            del given[edit.key]
    kept: dict[str, object] = {part: table for part, table in tables.items() if table}
    if "escalation" in own:
        kept["escalation"] = own["escalation"]
    kept.update((part, left) for part in lists if (left := [e for e in lists[part] if e.keys() != {"id"}]))
    return kept


_UNSAID = {"enabled": True, "told": False, "from_told": False, "safety": False}


def written(own: Table) -> str:
    """Return the shop's tables as a file, in the order of the shipped one."""
    lines: list[str] = []
    for part in _PARTS:
        given = own.get(part)
        if isinstance(given, Mapping):
            lines += ["", f"[{part}]", *_lines(given)]
        elif isinstance(given, list):
            lines += [line for entry in given for line in ("", f"[[{part}]]", *_lines(entry))]
    return "\n".join(lines).lstrip("\n") + "\n" if lines else ""


def _entries(part: str, shipped: Sequence[Table], own: object, by_the_shop: str) -> list[Table]:
    """Lay the shop's entries over the shipped ones; new ones go before them, since the first that applies decides."""
    bent: dict[object, Table] = {}
    for entry in list_of(part, own):
        name = name_of(part, entry)
        if name in bent:
            raise KnownError("deadlines_rule_twice", part=f"{part} {name}")
        bent[name] = checked(f"{part} {name}", entry, _ENTRIES[part])
    known = {entry["id"] for entry in shipped}
    fresh = [{"source": by_the_shop, **_whole(part, entry)} for name, entry in bent.items() if name not in known]
    laid = [_laid(entry, bent.get(entry["id"], {}), by_the_shop) for entry in shipped]
    return [_ending(part, _spoken(part, entry)) for entry in (*fresh, *laid)]


def _laid(shipped: Table, own: Table, by_the_shop: str) -> Table:
    if not own.keys() - {"id", "enabled"}:
        return {**shipped, **own}
    short = str(shipped["title"]).partition(_TITLE_ENDS)[0]
    return {**shipped, "title": short, "source": by_the_shop, **own}


def _whole(part: str, entry: Table) -> Table:
    for key in _REQUIRED[part]:
        if key not in entry:
            raise KnownError("deadlines_key_missing", part=f"{part} {entry['id']}", key=key)
    return entry


def _spoken(part: str, entry: Table) -> Table:
    """Refuse a term that only a told time can fill, where none is asked for."""
    if entry.get("term") == Unit.GIVEN and not entry.get("told"):
        params = {"key": "term", "value": "given", "wanted": "told = true"}
        raise KnownError("deadlines_value_bad", part=f"{part} {entry['id']}", **params)
    return entry


def _ending(part: str, entry: Table) -> Table:
    """Refuse a rule of something that no action could settle for good: its case could never be closed."""
    if part != "rule":
        return entry
    trigger, kind = Trigger(str(entry["trigger"])), FollowUpKind(str(entry["follow_up"]))
    told = {"part": f"{part} {entry['id']}", "trigger": trigger, "kind": kind}
    if kind not in (able := _settled_after(trigger)):
        raise KnownError("deadlines_endless", **told, wanted=", ".join(k for k in FollowUpKind if k in able))
    if trigger not in _NAMES.get(kind, {trigger}) and not str(entry.get("subject", "")).strip():
        raise KnownError("deadlines_nameless", **told)
    return entry


def _settled_after(trigger: Trigger) -> frozenset[FollowUpKind]:
    """Return what can be owed after a trigger and be settled for good; an approval, only of what was proposed."""
    able = _ONLY.get(trigger, frozenset(FollowUpKind))
    return frozenset(
        kind
        for kind in able
        if (trigger, kind) not in _AGAIN and (kind is not FollowUpKind.APPROVE or trigger is Trigger.PROPOSED)
    )


def _ladder(given: object) -> list[Table]:
    rungs = [checked("escalation", entry, _RUNG) for entry in list_of("escalation", given)]
    for entry in rungs:
        for key in _RUNG:
            if key not in entry:
                raise KnownError("deadlines_key_missing", part="escalation", key=key)
    hours = [int(str(rung["after_hours"])) for rung in rungs]
    if not hours or hours != sorted(hours):
        raise KnownError("deadlines_ladder")
    return rungs


def _entry(entries: list[dict[str, object]], name: str) -> dict[str, object]:
    found = next((e for e in entries if e["id"] == name), None)
    if found is None:
        found = {"id": name}
        entries.append(found)
    return found


def _lines(table: Table) -> Iterator[str]:
    return (f"{key} = {_value(value)}" for key, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, (str, list)):
        return json.dumps(value, ensure_ascii=False)  # what JSON escapes, TOML escapes alike
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, (date, time)) else str(value)

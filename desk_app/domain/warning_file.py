"""Reads the rules of early warning (``resources/warnings.toml``), and a shop's own laid over them (docs/warnings.md).

Pure: parsed tables in. An entry of the shop bends the shipped rule of its id, or is a new one behind them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.rule_tables import (
    COUNT,
    FLAG,
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
from desk_app.domain.vocabulary import Kind
from desk_app.domain.warning import LONGEST_HISTORY, Often, Part, Unusual, WarningRule, WarningRules
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEAST_MONTHS = 3
_TIMES = ("month", "quarter", "year")
_RULE: Mapping[str, Sort] = {
    "id": TEXT,
    "part": one_of(tuple(Part)),
    "kinds": some_of(Kind),
    **dict.fromkeys(_TIMES, COUNT),
    "rising": FLAG,
    "left_out": Sort('["…"]', lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value)),
    "enabled": FLAG,
}
_RISING: Mapping[str, Sort] = {
    "significance": Sort("0.001 … 0.1", lambda value: isinstance(value, float) and 0 < value <= 0.1),  # noqa: PLR2004
    "least": Sort("3, 4, 5 …", lambda value: is_count(value, 3)),
    "months": Sort(
        f"{_LEAST_MONTHS} … {LONGEST_HISTORY}",
        lambda value: is_count(value, _LEAST_MONTHS) and int(str(value)) <= LONGEST_HISTORY,
    ),
}
_PARTS = ("rising", "rule")


def read_rules(shipped: Table, own: Table) -> WarningRules:
    """Return the rules in force.

    Raises:
        KnownError: ``deadlines_…`` (what is wrong with any file of rules), with the part and the key.
    """
    for part in own:
        if part not in _PARTS:
            raise KnownError("deadlines_part_unknown", part=told(part), known=", ".join(_PARTS))
    rising = {**_rising(shipped), **_rising(own)}
    entries = _entries(shipped)
    for name, entry in _entries(own).items():
        entries[name] = {**entries.get(name, {}), **entry}
    unusual = Unusual(float(str(rising["significance"])), int(str(rising["least"])), int(str(rising["months"])))
    return WarningRules(tuple(_rule(entry) for entry in entries.values() if entry.get("enabled", True)), unusual)


def _rising(given: Table) -> Table:
    return checked("rising", table_of(given.get("rising", {}), "rising"), _RISING)


def _entries(given: Table) -> dict[str, Table]:
    entries: dict[str, Table] = {}
    for entry in list_of("rule", given.get("rule", [])):
        name = name_of("rule", entry)
        if name in entries:
            raise KnownError("deadlines_rule_twice", part=f"rule {name}")
        entries[name] = checked(f"rule {name}", entry, _RULE)
    return entries


def _rule(entry: Table) -> WarningRule:
    """Build one; by its thresholds, all three and none below the one before, or by the test."""
    place, has_times = f"rule {entry['id']}", any(key in entry for key in _TIMES)
    is_tested = entry.get("rising") is True
    for key in ("part", "kinds", *(_TIMES if has_times or not is_tested else ())):
        if key not in entry:
            raise KnownError("deadlines_key_missing", part=place, key=key)
    if not entry["kinds"]:
        raise KnownError("deadlines_value_bad", part=place, key="kinds", value="[]", wanted=_RULE["kinds"].wanted)
    times = [int(str(entry[key])) for key in _TIMES] if has_times else []
    for n, key in enumerate(_TIMES[1:], 1):
        if times and times[n] < times[n - 1]:
            raise KnownError(
                "deadlines_value_bad", part=place, key=key, value=str(times[n]), wanted=f"≥ {times[n - 1]}"
            )
    return WarningRule(
        id=str(entry["id"]),
        part=Part(str(entry["part"])),
        kinds=_texts(entry["kinds"]),
        often=Often(*times) if times else None,
        rising=is_tested,
        left_out=frozenset(_texts(entry.get("left_out", []))),
    )


def _texts(given: object) -> tuple[str, ...]:
    return tuple(str(each) for each in given) if isinstance(given, list) else ()

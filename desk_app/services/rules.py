"""The facts of the shop, read from ``resources/`` (no database needed, so that the form can be painted at once)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from desk_app.domain.actions import ActionForm, read_action_forms
from desk_app.domain.deadlines import OpenChoice, SilentRulesError, read_choices
from desk_app.domain.fields import FieldBook, Trade, read_fields, read_trade
from desk_app.domain.policy import Policy, read_policy
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.sentences import Sentences

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.domain.work_calendar import CalendarDay, WorkCalendar
    from desk_app.services.results import Shop

DEFAULT_TRADE = "general"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Rules:
    """Every fact that is data: fields, actions, deadlines, authority, trades, sentences.

    ``policy`` are the rules as they are shipped, ``deadlines`` the tables they were read from; ``choices`` are where
    their sources contradict each other, and the shop decides.
    """

    fields: FieldBook
    actions: Mapping[Action, ActionForm]
    policy: Policy
    choices: tuple[OpenChoice, ...]
    deadlines: Mapping[str, object]
    trades: Mapping[str, Trade]
    sentences: Sentences

    def trade(self, key: str) -> Trade:
        """Return a trade preset; one that is no longer there gives way to the general one."""
        return self.trades.get(key) or self.trades[DEFAULT_TRADE]

    def policy_of(self, shop: Shop) -> Policy:
        """Return the rules as one shop has them: with its own rules, its people's roles, its calendar.

        Raises:
            KnownError: ``deadlines_…``: its own rules are none (those of an open workspace were looked at).
        """
        official = self.policy.deadlines.calendar
        own = cache(lambda: replace(official(), own=shop.days, open_weekdays=frozenset(shop.open_weekdays)))
        return self.bent(shop.deadlines).of_shop(shop.roles).by_calendar(own)

    def bent(self, text: str) -> Policy:
        """Return the rules with a shop's own laid over them.

        Raises:
            KnownError: ``deadlines_…``, saying where.
        """
        if not text.strip():
            return self.policy
        from desk_app.domain import shop_rules  # noqa: PLC0415 -- most shops have none, and no form waits for them

        try:
            return read_policy(
                shop_rules.merged(self.deadlines, shop_rules.parse(text)), self.policy.deadlines.calendar
            )
        except SilentRulesError as error:
            raise KnownError("deadlines_silent", trigger=error.trigger) from error


def load_rules(resources: Path | None = None) -> Rules:
    """Read every data file.

    Raises:
        KnownError: ``resource_broken``, naming the file and what is wrong with it.
    """
    root = resources or resources_dir()
    official = cache(lambda: _official_calendar(root))
    path = root / "deadlines.toml"
    policy, choices, deadlines = read_toml(path, lambda data: _read_deadlines(data, official))
    tables = read_toml(root / "messages.toml", lambda data: (data["errors"], data["problems"], data["steps"]))
    return Rules(
        fields=read_toml(root / "fields.toml", read_fields),
        actions=read_toml(root / "actions.toml", read_action_forms),
        policy=policy,
        choices=choices,
        deadlines=deadlines,
        trades={
            path.stem: read_toml(path, lambda data, key=path.stem: read_trade(key, data))  # type: ignore[misc]
            for path in sorted((root / "trades").glob("*.toml"))
        },
        sentences=Sentences(*tables, labels=read_toml(root / "labels.toml", dict)),
    )


def _read_deadlines(
    data: Mapping[str, object], official: Callable[[], WorkCalendar]
) -> tuple[Policy, tuple[OpenChoice, ...], Mapping[str, object]]:
    if "by_the_shop" not in data:
        raise KeyError("by_the_shop")
    return read_policy(data, official), read_choices(data), data


def _official_calendar(root: Path) -> WorkCalendar:
    """Read the official days of every year that is known, when first a working day is counted."""
    from desk_app.domain.work_calendar import WorkCalendar  # noqa: PLC0415 -- no form waits for it

    entries = [day for path in sorted((root / "calendar").glob("*.csv")) for day in _read_days(path)]
    return WorkCalendar(official=tuple(entries))


def _read_days(path: Path) -> tuple[CalendarDay, ...]:
    from desk_app.domain.calendar_csv import decode, read_days  # noqa: PLC0415 -- no form waits for it

    try:
        return read_days(decode(path.read_bytes()))
    except (OSError, KnownError) as error:
        detail = str(error.params) if isinstance(error, KnownError) else error.strerror
        raise KnownError("resource_broken", file=path, detail=detail) from error


def read_toml(path: Path, build: Callable[[Mapping[str, Any]], _T]) -> _T:
    """Build something from a data file.

    Raises:
        KnownError: ``resource_broken``, naming the file and what is wrong with it.
    """
    try:
        with path.open("rb") as file:
            return build(tomllib.load(file))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise KnownError("resource_broken", file=path, detail=f"{type(error).__name__}: {error}") from error

"""The facts of the shop, read from ``resources/`` (no database needed, so that the form can be painted at once)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from desk_app.domain.fields import FieldBook, Trade, read_fields, read_trade
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.sentences import Sentences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk_app.domain.actions import ActionForm
    from desk_app.domain.attachments import AttachmentRules
    from desk_app.domain.deadlines import OpenChoice
    from desk_app.domain.entry import SaidKeys
    from desk_app.domain.initials import Initials
    from desk_app.domain.policy import Policy
    from desk_app.domain.read_back import Template
    from desk_app.domain.sensitive import Lexicon
    from desk_app.domain.vocabulary import Action
    from desk_app.domain.work_calendar import CalendarDay, WorkCalendar
    from desk_app.services.results import Shop

DEFAULT_TRADE = "general"
_LONGEST_DETAIL = 60
_T = TypeVar("_T")


class Trades(Mapping[str, Trade]):
    """The trade presets by key; each is read when it is first asked for, so that no form waits for another's.

    Raises (the general one when it is made, another at its first use):
        KnownError: ``resource_broken``.
    """

    def __init__(self, folder: Path) -> None:
        """Know which there are, and read the general one: the first form is made of it."""
        self._folder = folder
        self._keys = tuple(sorted(path.stem for path in folder.glob("*.toml")))
        self._known: dict[str, Trade] = {}
        self._read(DEFAULT_TRADE)

    def _read(self, key: str) -> Trade:
        if key not in self._known:
            self._known[key] = read_toml(self._folder / f"{key}.toml", lambda data: read_trade(key, data))
        return self._known[key]

    def __getitem__(self, key: str) -> Trade:
        """Return one preset."""
        if key not in self._keys:
            raise KeyError(key)
        return self._read(key)

    def __contains__(self, key: object) -> bool:
        """Whether there is such a preset, broken or not."""
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        """Go through the keys."""
        return iter(self._keys)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._keys)


class Rules:
    """Every fact that is data. Fields and sentences are read at once, because the form is made of them.

    The rest is read when it is first asked for, on whichever thread asks, so that no form waits for it.

    Raises (``trades``, ``actions``, ``attachments``, ``read_back``, ``sensitive``, ``policy``, ``choices``,
    ``deadlines``, ``warnings``, when asked):
        KnownError: ``resource_broken``.
    """

    def __init__(self, root: Path, fields: FieldBook, trades: Mapping[str, Trade], sentences: Sentences) -> None:
        """Keep what was read from the folder ``root``, which the rest is read from."""
        self.root, self.fields, self.trades, self.sentences = root, fields, trades, sentences

    @cached_property
    def actions(self) -> Mapping[Action, ActionForm]:
        """The form of each action, in the order of the work."""
        from desk_app.domain.actions import read_action_forms  # noqa: PLC0415 -- no form waits for it

        return read_toml(self.root / "actions.toml", lambda data: read_action_forms(data, self.fields))

    @cached_property
    def attachments(self) -> AttachmentRules:
        """What may be laid to a case."""
        from desk_app.domain.attachments import read_rules  # noqa: PLC0415 -- no form waits for it

        return read_toml(self.root / "attachments.toml", read_rules)

    @cached_property
    def read_back(self) -> Template:
        """The sentence in which a record is read back to the customer."""
        from desk_app.domain.read_back import read_template  # noqa: PLC0415 -- no form waits for it

        return read_toml(self.root / "read_back.toml", read_template)

    @cached_property
    def sensitive(self) -> Lexicon:
        """By what sensitive personal information is known in a text."""
        from desk_app.domain.sensitive import read_lexicon  # noqa: PLC0415 -- no form waits for it

        return read_toml(self.root / "sensitive.toml", read_lexicon)

    @property
    def policy(self) -> Policy:
        """The rules of deadlines and authority as they are shipped."""
        return self._shipped[0]

    @property
    def choices(self) -> tuple[OpenChoice, ...]:
        """Where the sources of the rules contradict each other, and the shop decides."""
        return self._shipped[1]

    @property
    def deadlines(self) -> Mapping[str, object]:
        """The tables that ``policy`` was read from, for a shop's own to be laid over."""
        return self._shipped[2]

    @cached_property
    def warnings(self) -> Mapping[str, object]:
        """The tables of the rules of early warning, for a shop's own to be laid over."""
        return read_toml(self.root / "warnings.toml", dict)

    @cached_property
    def said(self) -> SaidKeys:
        """Which keys of each action hold text that can be searched."""
        from desk_app.domain.entry import said_keys  # noqa: PLC0415 -- no form waits for it

        return said_keys(self.actions, self.fields)

    @cached_property
    def initials(self) -> Initials:
        """The pinyin initials of characters, in names."""
        from desk_app.domain.initials import read_initials  # noqa: PLC0415 -- no form waits for it

        return read_text(self.root / "initials.txt", read_initials)

    @cached_property
    def traditional(self) -> Mapping[int, str]:
        """The simplified character for each traditional one, as ``str.translate`` takes them."""
        from desk_app.domain.initials import read_traditional  # noqa: PLC0415 -- no form waits for it

        return read_text(self.root / "traditional.txt", read_traditional)

    @cached_property
    def _shipped(self) -> tuple[Policy, tuple[OpenChoice, ...], Mapping[str, object]]:
        from desk_app.domain.deadlines_file import read_choices  # noqa: PLC0415 -- no form waits for it
        from desk_app.domain.policy import read_policy  # noqa: PLC0415

        official = cache(lambda: _official_calendar(self.root))

        def read(data: Mapping[str, object]) -> tuple[Policy, tuple[OpenChoice, ...], Mapping[str, object]]:
            if "by_the_shop" not in data:
                raise KeyError("by_the_shop")
            return read_policy(data, official), read_choices(data), data

        return read_toml(self.root / "deadlines.toml", read)

    def read_all(self) -> Rules:
        """Read what was not asked for yet, so that a broken file is told at once; return the rules themselves.

        Raises:
            KnownError: ``resource_broken``, naming the file and what is wrong with it.
        """
        _ = self.actions, self.policy, self.attachments, self.read_back, self.sensitive, dict(self.trades)
        return self

    def trade(self, key: str) -> Trade:
        """Return a trade preset; one that is no longer there gives way to the general one."""
        return self.trades[key if key in self.trades else DEFAULT_TRADE]

    def trade_of(self, shop: Shop | None) -> Trade:
        """Return the trade as a shop has it, with its own categories and words; of no shop yet, the general one."""
        if shop is None:
            return self.trade(DEFAULT_TRADE)
        trade = self.trade(shop.trade)
        if not (shop.own_categories or shop.hidden_categories or shop.own_words):
            return trade
        from desk_app.domain import own_trade  # noqa: PLC0415 -- most shops have none, and no form waits for them

        return own_trade.merged(trade, shop.own_categories, shop.hidden_categories, shop.own_words)

    def policy_of(self, shop: Shop) -> Policy:
        """Return the rules as one shop has them: with its own rules, its people's roles, its calendar.

        Raises:
            KnownError: ``deadlines_…``: its own rules are none (those of an open workspace were looked at).
        """
        from dataclasses import replace  # noqa: PLC0415 -- no form waits for it

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
        from desk_app.domain import rule_tables, shop_rules  # noqa: PLC0415 -- most shops have none, and no form waits for them
        from desk_app.domain.deadlines import SilentRulesError  # noqa: PLC0415
        from desk_app.domain.policy import read_policy  # noqa: PLC0415

        try:
            return read_policy(
                shop_rules.merged(self.deadlines, rule_tables.parse(text)), self.policy.deadlines.calendar
            )
        except SilentRulesError as error:
            raise KnownError("deadlines_silent", trigger=error.trigger) from error


def load_rules(resources: Path | None = None) -> Rules:
    """Read the data files that the form is made of.

    Raises:
        KnownError: ``resource_broken``, naming the file and what is wrong with it.
    """
    root = resources or resources_dir()
    return Rules(
        root=root,
        fields=read_toml(root / "fields.toml", read_fields),
        trades=Trades(root / "trades"),
        sentences=load_sentences(root),
    )


def load_sentences(resources: Path | None = None) -> Sentences:
    """Read the catalogue of sentences; raises like :func:`load_rules`."""
    root = resources or resources_dir()
    tables = read_toml(root / "messages.toml", lambda data: (data["errors"], data["problems"], data["steps"]))
    return Sentences(*tables, labels=read_toml(root / "labels.toml", dict))


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
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise broken(path, error) from error


def read_text(path: Path, build: Callable[[str], _T]) -> _T:
    """Build something from a data file of plain text; raises like :func:`read_toml`."""
    try:
        return build(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise broken(path, error) from error


def broken(path: Path, error: Exception) -> KnownError:
    """Return what is wrong with a data file (``resource_broken``): the place, the missing key, or the wrong value."""
    if isinstance(error, OSError):
        return KnownError("resource_broken", file=path, detail=error.strerror or str(error))
    detail = KnownError("resource_value_bad", value=str(error).partition(":")[0][:_LONGEST_DETAIL])
    if isinstance(error, (tomllib.TOMLDecodeError, RecursionError)):
        from desk_app.domain import toml_faults  # noqa: PLC0415 -- no form waits for it

        place = toml_faults.told(error, path.read_text(encoding="utf-8", errors="replace"))
        detail = KnownError("resource_not_toml", **place.params)
    elif isinstance(error, UnicodeDecodeError):
        detail = KnownError("deadlines_not_text")
    elif isinstance(error, KeyError):
        detail = KnownError("resource_key_missing", key=str(error.args[0])[:_LONGEST_DETAIL])
    elif found := re.match(r"'(.*)' is not a valid \w+$", str(error)):
        detail = KnownError("resource_value_bad", value=found[1][:_LONGEST_DETAIL])
    return KnownError("resource_broken", file=path, detail=detail)

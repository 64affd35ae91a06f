"""The facts of the shop, read from ``resources/`` (no database needed, so that the form can be painted at once)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from desk_app.domain.actions import ActionForm, read_action_forms
from desk_app.domain.deadlines import DeadlineBook, read_deadlines
from desk_app.domain.fields import FieldBook, Trade, read_fields, read_trade
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.sentences import Sentences

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_TRADE = "general"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Rules:
    """Every fact that is data: fields, actions, deadlines, trades, sentences."""

    fields: FieldBook
    actions: Mapping[Action, ActionForm]
    deadlines: DeadlineBook
    trades: Mapping[str, Trade]
    sentences: Sentences

    def trade(self, key: str) -> Trade:
        """Return a trade preset; one that is no longer there gives way to the general one."""
        return self.trades.get(key) or self.trades[DEFAULT_TRADE]


def load_rules(resources: Path | None = None) -> Rules:
    """Read every data file.

    Raises:
        KnownError: ``resource_broken``, naming the file and what is wrong with it.
    """
    root = resources or resources_dir()
    errors, problems = read_toml(root / "messages.toml", lambda data: (data["errors"], data["problems"]))
    return Rules(
        fields=read_toml(root / "fields.toml", read_fields),
        actions=read_toml(root / "actions.toml", read_action_forms),
        deadlines=read_toml(root / "deadlines.toml", read_deadlines),
        trades={
            path.stem: read_toml(path, lambda data, key=path.stem: read_trade(key, data))  # type: ignore[misc]
            for path in sorted((root / "trades").glob("*.toml"))
        },
        sentences=Sentences(errors, problems, labels=read_toml(root / "labels.toml", dict)),
    )


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

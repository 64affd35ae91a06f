"""The words of a sheet: what people see for what is kept as a key, and whether customers are to be known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from desk_app.domain.fields import Field
from desk_app.domain.month_lock import Locks
from desk_app.domain.retention import DEFAULT_YEARS
from desk_app.domain.vocabulary import Action

if TYPE_CHECKING:
    from desk_app.domain.actions import ActionForm
    from desk_app.domain.case import Case
    from desk_app.domain.fields import FieldBook, Trade

Value: TypeAlias = str | int | Decimal | datetime | None
Line: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Wording:
    """What people see for what is kept as a key.

    ``choices`` are the closed lists by the key of the line (``kind``, ``reply_medium`` …), ``items`` the trade's fields
    of the item, ``actions`` the names of the actions, ``facts`` what each datum of an action is. ``at`` is the moment
    of writing. ``masked``: nobody on the sheet is to be known by it; ``tells_secrets``: who asked for secrecy may be.
    ``whole``: it is given to the customer themself, from whom nothing is hidden. ``given_to``: into which exports a
    case went, by its number. ``retention_years``: how long a case is kept after its last step.
    """

    choices: Mapping[str, Mapping[str, str]]
    items: Mapping[str, str]
    actions: Mapping[Action, str]
    facts: Mapping[tuple[Action, str], Field]
    owed_kinds: Mapping[str, str]
    states: Mapping[str, str]
    yes: str
    no: str
    anonymous: str
    at: datetime
    masked: bool = False
    tells_secrets: bool = False
    locks: Locks = field(default_factory=dict)
    """The months that are locked (``month_lock``)."""
    whole: bool = False
    given_to: Mapping[str, str] = field(default_factory=dict)
    retention_years: int = DEFAULT_YEARS

    def hides(self, case: Case) -> bool:
        """Whether the customer is not to be known from the sheet: where it is masked, and who asked for secrecy."""
        return not self.whole and (self.masked or (case.confidential and not self.tells_secrets))

    def label(self, key: str, value: str) -> str:
        """Return what people see for a value; one that its list does not know is shown as it is."""
        return self.choices[key].get(value, value)


def read_wording(
    fields: FieldBook,
    actions: Mapping[Action, ActionForm],
    trade: Trade,
    labels: Mapping[str, Mapping[str, str]],
    at: datetime,
) -> Wording:
    """Gather the words from the facts of the shop, for a sheet that is made ``at``; ``labels`` is ``labels.toml``.

    Raises:
        KeyError: a list or a word is missing.
    """
    words = labels["word"]
    choices = {fact.key: _labels(fact) for fact in fields if fact.choices}
    choices["status"] = labels["status"]
    choices["reply_medium"] = _labels(actions[Action.REPLY]["medium"])
    choices["visit_satisfaction"] = _labels(actions[Action.RETURN_VISIT]["satisfaction"])
    choices["reward"] = _labels(actions[Action.CLOSE]["reward"])
    choices["responsibility"] = _labels(actions[Action.DETERMINE]["responsibility"])
    return Wording(
        choices=choices,
        items={c.key: c.label for c in trade.items},
        actions={Action(key): label for key, label in labels["action"].items()},
        facts={(action, fact.key): fact for action, form in actions.items() for fact in form.fields},
        owed_kinds=labels["follow_up"],
        states=labels["owed_state"],
        yes=words["yes"],
        no=words["no"],
        anonymous=words["anonymous"],
        at=at,
    )


def _labels(fact: Field | None) -> Mapping[str, str]:
    return {c.key: c.label for c in fact.choices} if fact else {}

"""What each action takes, and the check of what was given for it (vocabulary: "Actions").

The keys an action takes are facts like the fields of the register: ``resources/actions.toml``, parsed into the same
:class:`~desk_app.domain.fields.Field`. The form of an action in the window is made from them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from desk_app.domain.fields import Field, read_field_list
from desk_app.domain.vocabulary import Action

RESCHEDULED = "rescheduled"
"""The attempt of a return visit at which the customer named another time (改约): no sign of being out of reach."""


@dataclass(frozen=True, slots=True)
class ActionForm:
    """The facts of one action: what people see, the letter that starts it in the window, and its fields in order."""

    action: Action
    label: str
    letter: str
    fields: tuple[Field, ...]

    def __getitem__(self, key: str) -> Field | None:
        """Return the facts of one key, or None where the action takes no such key."""
        return next((f for f in self.fields if f.key == key), None)


def read_action_forms(data: Mapping[str, object], register: Iterable[Field]) -> Mapping[Action, ActionForm]:
    """Build the forms from the parsed ``actions.toml``; what may be amended is what ``register`` does not fix.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    forms = {}
    for key, entry in data.items():
        if not isinstance(entry, Mapping):
            raise TypeError(key)
        action = Action(key)
        fields = read_field_list(entry.get("field", []))
        forms[action] = ActionForm(action, str(entry["label"]), str(entry.get("letter", "")), fields)
    facts = tuple(fact for fact in register if not fact.given and not fact.fixed)
    amend = forms[Action.AMEND]
    return {**forms, Action.AMEND: replace(amend, fields=facts + amend.fields)}


def complete(action: Action, raw: Mapping[str, object]) -> Mapping[str, object]:
    """Add what the given values imply: a visit with a satisfaction reached the customer, a mere attempt did not."""
    if action is Action.RETURN_VISIT and raw.get("reached") is None:
        is_satisfaction_known = raw.get("satisfaction") not in (None, "")
        if is_satisfaction_known or raw.get("attempt") not in (None, ""):
            return {**raw, "reached": is_satisfaction_known}
    return raw


def contradiction_in(action: Action, data: Mapping[str, object]) -> tuple[str, str] | None:
    """Return the key that another value rules out, with the code of the problem, or None."""
    if action is Action.RETURN_VISIT and data.get("reached") is False and "satisfaction" in data:
        return "satisfaction", "not_reached"
    if action is Action.RETURN_VISIT and data.get("reached") is True:
        return next(((key, "was_reached") for key in ("attempt", "due_at") if key in data), None)
    return None


def missing_for(action: Action, data: Mapping[str, object]) -> str | None:
    """Return the key that this action's other values make necessary and that is missing, or None.

    A visit that reached the customer has asked how satisfied they are, one that was put off says to when; a close by
    exception says why; an assignment names somebody.
    """
    if action is Action.RETURN_VISIT and data.get("reached") is True and "satisfaction" not in data:
        return "satisfaction"
    if action is Action.RETURN_VISIT and data.get("attempt") == RESCHEDULED and "due_at" not in data:
        return "due_at"
    if action is Action.CLOSE and data.get("exception") is True and "reason" not in data:
        return "reason"
    if action is Action.ASSIGN and "department" not in data and "person" not in data:
        return "department"
    return None

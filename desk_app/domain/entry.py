"""A case as far as it is searched: every text that people wrote of it, and where each stands. Pure.

What counts as text is told by the facts of the fields and actions (``fields.toml``, ``actions.toml``), not by a list
here: what was typed, named or chosen from no closed list. An amendment's facts are read from the case itself, so that
what was amended away is no longer said; a step that was taken back was never said, and a file that was taken away has
no name here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from desk_app.domain.attachments import ATTACHED_KEY, DETACHED_KEY
from desk_app.domain.event import UNDO_KEY, WITHDRAWN_KEY
from desk_app.domain.fields import FieldType
from desk_app.domain.privacy import mask_customer, mask_name, mask_phone
from desk_app.domain.queue import MATTER_LENGTH
from desk_app.domain.text import first_words
from desk_app.domain.veil import Veil
from desk_app.domain.vocabulary import Action, Kind, Status

if TYPE_CHECKING:
    from desk_app.domain.actions import ActionForm
    from desk_app.domain.fields import Field

_TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.OPERATOR, FieldType.WHEN})

SaidKeys: TypeAlias = Mapping[str, frozenset[str]]
"""By action: the keys of its data that hold text."""


def said_keys(forms: Mapping[Action, ActionForm], register: Iterable[Field]) -> SaidKeys:
    """Return which keys of each action hold text; those of the register are the case's own."""
    own = {fact.key for fact in register}
    return {
        action: frozenset(
            fact.key for fact in form.fields if fact.type in _TEXTS and not (action is Action.AMEND and fact.key in own)
        )
        for action, form in forms.items()
    }


class Part(NamedTuple):
    """One text of a case: the key of the register, or the action by which it was said."""

    where: str
    text: str


class Entry(NamedTuple):
    """A case as it is kept, as far as it is searched; ``events`` are (id, action, by, data as JSON), in their order."""

    id: int
    number: str
    kind_key: str
    received_at: str
    status_key: str
    is_anonymous: int
    is_confidential: int
    customer_name: str
    customer_phone: str
    customer_phone_key: str
    customer_address: str
    on_behalf_of: str
    external_body: str
    occurred_at: str
    place: str
    parties: str
    target: str
    category: str
    content: str
    demand: str
    true_cause: str
    item: str
    events: tuple[tuple[int, str, str, str], ...] = ()

    @property
    def kind(self) -> Kind:
        """What the customer brought."""
        return Kind(self.kind_key)

    @property
    def status(self) -> Status:
        """Where the case stands."""
        return Status(self.status_key)

    @property
    def customer(self) -> str:
        """The customer, masked as in the queue: the name, else the phone; empty where they are anonymous."""
        return "" if self.is_anonymous else mask_customer(self.customer_name, self.customer_phone)

    @property
    def matter(self) -> str:
        """What it is about, on one short line."""
        return first_words(self.content, MATTER_LENGTH)

    @property
    def veil(self) -> Veil:
        """What hides the customer in the words of the case."""
        return Veil(f"{self.customer_name}、{self.on_behalf_of}", self.customer_phone, (self.customer_address,))

    def concealed(self) -> Entry:
        """Return the case as a list shows it to who may not know the customer: masked, without where they live."""
        return self._replace(
            customer_name=mask_name(self.customer_name),
            customer_phone=mask_phone(self.customer_phone),
            customer_address="",
            on_behalf_of="",
            content=self.veil.said(self.content),
            item="",
        )

    @property
    def name(self) -> str:
        """The customer's name; empty where they are anonymous."""
        return "" if self.is_anonymous else self.customer_name

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """The digits of each of the customer's numbers; none where they are anonymous."""
        return () if self.is_anonymous else tuple(self.customer_phone_key.split())

    @property
    def item_by_key(self) -> Mapping[str, str]:
        """What was noted of the goods or the service, by the trade's keys: room, plate, member number, model."""
        known: Mapping[str, str] = json.loads(self.item) if self.item else {}
        return known

    @property
    def item_values(self) -> tuple[str, ...]:
        """The same without the keys."""
        return tuple(self.item_by_key.values())

    @property
    def is_withdrawn(self) -> bool:
        """Whether the customer took back their consent: then what they told is used for this case alone."""
        about = [data for *_, data in self.deeds() if "consent" in data]
        return bool(about) and WITHDRAWN_KEY in about[-1]

    def deeds(self) -> Iterator[tuple[str, str, Mapping[str, object]]]:
        """Go through the history as it stands, each step with its action, who did it, and its data."""
        if not any(UNDO_KEY in data for *_, data in self.events):
            yield from ((action, by, json.loads(data)) for _, action, by, data in self.events if data != "{}")
            return
        read = [(event_id, action, by, json.loads(data)) for event_id, action, by, data in self.events]
        undone = {data[UNDO_KEY] for *_, data in read if UNDO_KEY in data}
        yield from (
            (action, by, data) for event_id, action, by, data in read if event_id not in undone and UNDO_KEY not in data
        )

    def parts(self, said: SaidKeys) -> Iterator[Part]:
        """Go through every text of the case: the number, the customer, what was told, what was said since."""
        yield Part("number", self.number)
        if not self.is_anonymous:
            yield Part("customer_name", self.customer_name)
            yield Part("customer_phone", self.customer_phone)
            yield Part("customer_phone", self.customer_phone_key)
        for key in _FACTS:
            yield Part(key, getattr(self, key))
        for value in self.item_values:
            yield Part("item", value)
        deeds = tuple(self.deeds())
        gone = [data["name"] for *_, data in deeds if DETACHED_KEY in data]
        for action, _by, data in deeds:
            keys = said.get(action, frozenset())
            yield from (Part(action, told) for key, told in data.items() if key in keys and isinstance(told, str))
            for name in _listed(data.get(ATTACHED_KEY)):
                if name in gone:
                    gone.remove(name)  # of two of one name one still lies there
                else:
                    yield Part(action, name)


def _listed(names: object) -> list[str]:
    return list(map(str, names)) if isinstance(names, list) else []


_FACTS = (
    *("content", "demand", "true_cause", "place", "parties", "target", "category", "external_body", "occurred_at"),
    *("customer_address", "on_behalf_of"),
)

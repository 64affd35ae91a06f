"""Which field stands where on the 登记 page: the order of the conversation (domain.md parts 4 F1 and 21).

What a field is called and takes is data; where it stands is not generated from it but set here with care.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.forms.field_form import Section, Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_app.domain.fields import FieldBook

_CONTENT_ROWS, _DEMAND_ROWS = 4, 2


def sections(facts: FieldBook, titles: Sequence[str]) -> list[Section]:
    """Return the sections of the form; ``titles`` are the five of the conversation, in their order."""
    when_where, what, who, how_to_reach, wishes = titles

    def slot(key: str, share: int = 1, *, rows: int = 3, folded: bool = False) -> Slot:
        return Slot(facts[key], share, rows, folded)

    return [
        Section(
            when_where,
            [
                [slot("kind")],
                [slot("received_at", 3), slot("channel", 2), slot("route", 5), slot("external_body", 3, folded=True)],
                [slot("occurred_at"), slot("place")],
            ],
        ),
        Section(
            what,
            [
                [slot("content", rows=_CONTENT_ROWS)],
                [slot("category", 4), slot("severity", 4), slot("safety", 2)],
                [slot("true_cause", folded=True)],
            ],
        ),
        Section(
            who,
            [
                [slot("customer_name", 3), slot("anonymous", 1), slot("parties", 3), slot("target", 3)],
                [slot("item")],
                [slot("on_behalf_of", folded=True)],
            ],
        ),
        Section(how_to_reach, [[slot("customer_phone", 2), slot("customer_address", 3)]]),
        Section(
            wishes,
            [
                [slot("demand", rows=_DEMAND_ROWS)],
                [slot("demand_kind")],
                [
                    slot("promised_at", 3),
                    slot("amount", 2),
                    slot("read_back", 2),
                    slot("confidential", 2),
                    slot("consent", 2),
                ],
            ],
        ),
    ]

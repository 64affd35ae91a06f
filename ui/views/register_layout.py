"""Which field stands where on the 登记 page: the order of the conversation (domain.md parts 4 F1 and 21).

What a field is called and takes is data; where it stands is not generated from it but set here with care.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.forms.field_form import Section, Slot

if TYPE_CHECKING:
    from desk_app.domain.actions import ActionForm
    from desk_app.domain.fields import FieldBook

_CONTENT_ROWS, _DEMAND_ROWS = 4, 2


def sections(facts: FieldBook) -> list[Section]:
    """Return the sections of the form, the five of the conversation."""

    def slot(key: str, share: int = 1, *, rows: int = 3, folded: bool = False) -> Slot:
        return Slot(facts[key], share, rows, folded)

    return [
        Section(
            _tr("1 何时何地"),
            [
                [slot("kind")],
                [slot("received_at", 3), slot("channel", 2), slot("route", 5), slot("external_body", 3, folded=True)],
                [slot("occurred_at"), slot("place")],
            ],
        ),
        Section(
            _tr("2 经过"),
            [
                [slot("content", rows=_CONTENT_ROWS)],
                [slot("category", 4), slot("severity", 4), slot("safety", 2)],
                [slot("true_cause", folded=True)],
            ],
        ),
        Section(
            _tr("3 谁"),
            [
                [slot("customer_name", 3), slot("anonymous", 1), slot("parties", 3), slot("target", 3)],
                [slot("item")],
                [slot("on_behalf_of", folded=True)],
            ],
        ),
        Section(_tr("4 联系方式"), [[slot("customer_phone", 2), slot("customer_address", 3)]]),
        Section(
            _tr("5 要求"),
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


def _narrow(facts: FieldBook) -> list[list[Slot]]:
    """Return the same fields in the same order for a pane of half the width, where a case is put right."""
    lines = (
        "kind",
        "received_at channel",
        "route",
        "external_body",
        "occurred_at place",
        "content",
        "category",
        "severity",
        "true_cause",
        "customer_name parties",
        "target on_behalf_of",
        "item",
        "customer_phone customer_address",
        "demand",
        "demand_kind",
        "promised_at amount",
        "safety anonymous confidential",
        "read_back consent",
    )
    return [[Slot(facts[key], folded=key == "external_body") for key in line.split()] for line in lines]


def of_amendment(form: ActionForm, facts: FieldBook) -> list[Section]:
    """Return where the fields of an amendment stand: as on the page where the case was registered."""
    own = [[Slot(fact)] for fact in form.fields if fact.key not in facts]
    return [Section("", [*_narrow(facts), *own])]


def _tr(text: str) -> str:
    return QCoreApplication.translate("RegisterLayout", text)

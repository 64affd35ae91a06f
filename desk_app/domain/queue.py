"""A line of the follow-up queue: one owed action with as much of its case as a list shows."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from desk_app.domain.privacy import mask_customer
from desk_app.domain.text import first_words
from desk_app.domain.vocabulary import FollowUpKind, Status

MATTER_SOURCE = 120
"""How many characters of the content a line is given."""
_MATTER_LENGTH = 60


class QueueRow(NamedTuple):
    """Values as they are kept; what a list shows of them is worked out when it is asked for.

    That keeps a page as cheap as its query, however many pages are only scrolled past. The name and the phone are for
    :attr:`customer`, which masks them; an anonymous customer has neither.
    """

    follow_up_id: int
    kind_key: str
    due_text: str
    is_late: int
    owed_by: str
    owed_to: str
    number: str
    status_key: str
    customer_name: str
    customer_phone: str
    content: str

    @property
    def kind(self) -> FollowUpKind:
        """What is owed."""
        return FollowUpKind(self.kind_key)

    @property
    def status(self) -> Status:
        """Where the case stands."""
        return Status(self.status_key)

    @property
    def due_at(self) -> datetime:
        """By when: aware, local."""
        return datetime.fromisoformat(self.due_text)

    @property
    def overdue(self) -> bool:
        """Whether it was late at the moment the page was asked for."""
        return self.is_late == 1

    @property
    def customer(self) -> str:
        """The customer, masked: the name, else the phone; empty where the customer is anonymous."""
        return mask_customer(self.customer_name, self.customer_phone)

    @property
    def matter(self) -> str:
        """What it is about, on one short line."""
        return first_words(self.content, _MATTER_LENGTH)

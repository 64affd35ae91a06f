"""What the ledger seals (docs/decisions/0012): the tables of the register by the names they have there."""

from __future__ import annotations

from enum import StrEnum


class Sealed(StrEnum):
    """A kind of row that the ledger seals."""

    CASE = "case"
    EVENT = "event"
    FOLLOW_UP = "follow_up"
    CHANGE = "change"
    ATTACHMENT = "attachment"
    CUSTOMER_EVENT = "customer_event"
    EXPORT = "export"
    HANDOVER = "handover"
    DUTY_DONE = "duty_done"
    SHOP_EVENT = "shop_event"
    JOURNAL = "journal"
    COUNTER = "counter"
    CREDENTIAL = "credential"
    SETTING = "setting"
    CALENDAR_DAY = "calendar_day"


STAYS = frozenset(
    {
        Sealed.EVENT,
        Sealed.CHANGE,
        Sealed.ATTACHMENT,
        Sealed.CUSTOMER_EVENT,
        Sealed.EXPORT,
        Sealed.HANDOVER,
        Sealed.DUTY_DONE,
        Sealed.SHOP_EVENT,
        Sealed.JOURNAL,
    }
)
"""Rows that are never written a second time, but where words of a person were blotted out."""


class Occasion(StrEnum):
    """When the end of the ledger is written down outside of the register."""

    BACKUP = "backup"
    EXPORT = "export"
    LOCK_MONTH = "lock_month"
    CHECK = "check"


class Fit(StrEnum):
    """Whether the ledger has a line that was written down elsewhere."""

    SAME = "same"
    OTHER = "other"
    GONE = "gone"

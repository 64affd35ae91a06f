"""The journal: what was done to the register and is no event of a case (PIPL 51, 54; domain.md part 14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Noted(StrEnum):
    """What is noted in the journal, in the same transaction as what it tells of where that writes anything."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    PIN = "pin"
    RECOVERY_CODE = "recovery_code"
    VIEW = "view"
    EXPORT = "export"
    PRINT = "print"
    SETTING = "setting"
    LOCK_MONTH = "lock_month"
    ERASE = "erase"
    PERSON_SHEET = "person_sheet"
    CONSENT = "consent"
    SECOND_COPY = "second_copy"
    DRILL = "drill"
    RESTORE = "restore"
    LOST_KEY = "lost_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One thing that was done: when, by whom, what, to what, and what else is to be known of it (JSON values).

    ``subject`` is the number of a case, the key of a setting, a month (``2026-10``), an operator … Neither it nor
    ``data`` ever holds personal data of a customer: the journal outlives them.
    """

    at: datetime
    by: str
    what: Noted
    subject: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    id: int = 0

"""The only place that asks what time it is.

Every time inside the program is aware (it carries its offset) and whole seconds; ``Clock`` is passed in as a
parameter, so that tests and late entries (补录) choose their own.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What the core wants to know of time."""

    def now(self) -> datetime:
        """Return the present moment: aware, local, whole seconds."""

    def local(self, moment: datetime) -> datetime:
        """Return the moment in local time: a naive one is a local wall clock, an aware one is converted."""

    def monotonic(self) -> float:
        """Return the seconds since the machine was started; no setting of the clock moves them."""


class SystemClock:
    """The computer's clock and its time zone."""

    def now(self) -> datetime:
        """Return the present moment: aware, local, whole seconds."""
        return datetime.now().astimezone().replace(microsecond=0)

    def local(self, moment: datetime) -> datetime:
        """Return the moment in local time, with the offset that held then in the computer's time zone."""
        return moment.astimezone()

    def monotonic(self) -> float:
        """Return the seconds since the machine was started; no setting of the clock moves them."""
        return time.monotonic()


class FixedClock:
    """A clock that stands still (or is moved by hand): for tests, the demo and ``queue --at``."""

    def __init__(self, now: datetime) -> None:
        """Stand at ``now``, which must be aware; its offset is the local one."""
        self.moment = now
        self.uptime = 0.0

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment.replace(microsecond=0)

    def local(self, moment: datetime) -> datetime:
        """Return the moment in the clock's own offset."""
        if moment.tzinfo is None:
            return moment.replace(tzinfo=self.moment.tzinfo)
        return moment.astimezone(self.moment.tzinfo)

    def monotonic(self) -> float:
        """Return ``uptime``, which is moved by hand as ``moment`` is, and never with it."""
        return self.uptime

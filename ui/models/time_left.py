"""How much time is left, in the words of a person who looks at a list: «逾期 2 天», «剩 40 分», «明天 15:20»."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from datetime import datetime

_SOON_SECONDS = 3600  # the same hour that the window's top line counts (QueueCounts.within_the_hour)
_NEAR_DAYS = 7


class Urgency(StrEnum):
    """How much a due time presses: overdue, due within the hour, or neither."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


def urgency(due_at: datetime, now: datetime) -> Urgency:
    """Return how much a due time presses at ``now`` (both aware); the due moment itself is not yet overdue."""
    seconds = (due_at - now).total_seconds()
    if seconds < 0:
        return Urgency.OVERDUE
    return Urgency.SOON if seconds <= _SOON_SECONDS else Urgency.LATER


def time_left(due_at: datetime, now: datetime) -> str:
    """Return the time left, or the time overdue, rounded down to what matters: minutes, hours, then days.

    A due time further off than an hour is told as a moment of the wall clock of ``now``.
    """
    seconds = int((due_at - now).total_seconds())
    if seconds < 0:
        return _tr("逾期 {0}").format(_span(-seconds))
    if seconds <= _SOON_SECONDS:
        return _tr("剩 {0}").format(_span(seconds))
    return moment(due_at, now)


def moment(at: datetime, now: datetime) -> str:
    """Return a moment as people say it on the day of ``now``: «今天 15:20», «周三 09:00», «10-21 09:00»."""
    at = at.astimezone(now.tzinfo)
    days = (at.date() - now.date()).days
    near = {-1: _tr("昨天"), 0: _tr("今天"), 1: _tr("明天"), 2: _tr("后天")}
    if days in near:
        return f"{near[days]} {at:%H:%M}"
    if 0 < days < _NEAR_DAYS:
        weekdays = _tr("周一 周二 周三 周四 周五 周六 周日").split()
        return f"{weekdays[at.weekday()]} {at:%H:%M}"
    return f"{at:%m-%d %H:%M}" if at.year == now.year else f"{at:%Y-%m-%d}"


def silence(since: datetime, now: datetime) -> str:
    """Return for how many whole days nothing was heard."""
    return _tr("沉默 {0} 天").format((now - since).days)


def _span(seconds: int) -> str:
    minutes = seconds // 60
    if minutes < 60:  # noqa: PLR2004 -- minutes of an hour
        return _tr("{0} 分").format(minutes)
    if minutes < 24 * 60:
        return _tr("{0} 小时").format(minutes // 60)
    return _tr("{0} 天").format(minutes // (24 * 60))


def _tr(text: str) -> str:
    return QCoreApplication.translate("TimeLeft", text)

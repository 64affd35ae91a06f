"""Times as people type and say them at a desk: ``14:30``, ``昨天 14:30``, 「明天 15:20」."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk_app.domain.times import Localise, parse_when

_DAYS = {"前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2}
_NAMES = {days: name for name, days in _DAYS.items()}
_WEEKDAYS = "一二三四五六日"


def spell_out(typed: str, now: datetime, localise: Localise) -> str:
    """Return a typed moment in full (``2026-10-01 14:30``); what is no moment is returned as it was typed.

    A time alone belongs to today; 前天 昨天 今天 明天 后天 may stand before it. A text that gives its own
    offset is left alone.
    """
    plain = typed.strip()
    day = now.date()
    for name, days in _DAYS.items():
        if plain.startswith(name):
            plain, day = plain.removeprefix(name).strip(), day + timedelta(days=days)
            break
    try:
        moment = parse_when(plain, localise, day)
        if moment != localise(moment.replace(tzinfo=None)):
            return typed
    except (ValueError, OverflowError, OSError):
        return typed
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def say_time(moment: datetime, now: datetime) -> str:
    """Return a moment as it is said to a customer today: 「明天 15:20」, 「11月24日（周二）15:20」."""
    days = (moment.date() - now.date()).days
    if days in _NAMES:
        return f"{_NAMES[days]} {moment:%H:%M}"
    year = "" if moment.year == now.year else f"{moment.year}年"
    weekday = _WEEKDAYS[moment.weekday()]
    return f"{year}{moment.month}月{moment.day}日（周{weekday}）{moment:%H:%M}"

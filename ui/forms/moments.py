"""Times as people type and say them at a desk: ``14:30``, ``昨天 14:30``, 「明天 15:20」."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from desk_app.domain.times import Localise, looks_like_a_date, parse_day, parse_when

_DAYS = {"前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2}
_NAMES = {days: name for name, days in _DAYS.items()}
_WEEKDAYS = "一二三四五六日"
_HOURS = {"小时": timedelta(hours=1), "分钟": timedelta(minutes=1)}
_DAY_SPANS = {"天": timedelta(days=1), "周": timedelta(weeks=1)}
# Patterns as text, as in domain.times: nothing is compiled before somebody types a moment.
_HOURS_ON = r"(\d{1,3})\s*个?(小时|分钟)后?"
_DAYS_ON = r"(\d{1,3})\s*(天|周)后?"
_WEEKDAY = r"(下)?(?:周|星期|礼拜)([一二三四五六日天])"


def spell_out(typed: str, now: datetime, localise: Localise, day_end: time | None = None) -> str:
    """Return a typed moment in full (``2026-10-01 14:30``); what is no moment is returned as it was typed.

    A time alone belongs to today; 前天 昨天 今天 明天 后天 may stand before it. A text that gives its own
    offset is left alone. With ``day_end`` it is a due date: 周五, 下周一, 3 天后 are days too, a day without a time
    ends at ``day_end``, 2 小时后 counts from now, and a time of today that is over is meant for tomorrow.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        return typed
    if day_end is not None and (hours := re.fullmatch(_HOURS_ON, plain)):
        return _written(now + int(hours[1]) * _HOURS[hours[2]])
    day, rest = _spoken_day(plain, now.date(), is_due=day_end is not None)
    try:
        if day_end is not None and (not rest or _is_day(rest)):
            return _written(localise(datetime.combine(day if not rest else parse_day(rest), day_end)))
        moment = parse_when(rest, localise, day)
        if moment != localise(moment.replace(tzinfo=None)):
            return typed
        if day_end is not None and rest == plain and moment < now and not looks_like_a_date(plain):
            moment = localise(moment.replace(tzinfo=None) + timedelta(days=1))
    except (ValueError, OverflowError, OSError):
        return typed
    return _written(moment)


def _spoken_day(plain: str, today: date, *, is_due: bool) -> tuple[date, str]:
    """Return the day that a text begins with, today where it begins with none, and what is left of the text."""
    for name, days in _DAYS.items():
        if plain.startswith(name):
            return today + timedelta(days=days), plain.removeprefix(name).strip()
    if is_due and (after := re.match(_DAYS_ON, plain)):
        return today + int(after[1]) * _DAY_SPANS[after[2]], plain[after.end() :].strip()
    if is_due and (named := re.match(_WEEKDAY, plain)):
        ahead = _WEEKDAYS.index(named[2].replace("天", "日")) - today.weekday()
        ahead = ahead + 7 if named[1] else ahead % 7
        return today + timedelta(days=ahead), plain[named.end() :].strip()
    return today, plain


def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except ValueError:
        return False
    return True


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def say_time(moment: datetime, now: datetime) -> str:
    """Return a moment as it is said to a customer today: 「明天 15:20」, 「11月24日（周二）15:20」."""
    day = say_day(moment.date(), now.date())
    return f"{day}{'' if day.endswith('）') else ' '}{moment:%H:%M}"


def say_day(day: date, today: date) -> str:
    """Return a day as it is said to a customer today: 「明天」, 「11月24日（周二）」."""
    days = (day - today).days
    if days in _NAMES:
        return _NAMES[days]
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def say_when(typed: str, now: datetime, localise: Localise) -> str:
    """Return when something happened as it is said: a moment or a day in full, anything else as it was typed."""
    try:
        return say_day(parse_day(typed), now.date())
    except ValueError:
        pass
    try:
        return say_time(parse_when(spell_out(typed, now, localise), localise), now)
    except (ValueError, OverflowError, OSError):
        return typed

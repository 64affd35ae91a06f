"""What is warned of now in words: one line each, and how many of them nobody has heeded yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desk_app.domain.heeding import EarlyWarning
from desk_app.domain.warning import Level, Part
from ui.models.time_left import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from desk_app.services.rules import Rules

_GLYPHS: Mapping[Level, str] = {Level.NOTICE: "△", Level.FOCUS: "▲", Level.SERIOUS: "◆"}


@dataclass(frozen=True, slots=True)
class Told:
    """A warning and its sentence."""

    warning: EarlyWarning
    sentence: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Which warning this is, whatever it came to meanwhile."""
        return self.warning.period, self.warning.rule, self.warning.value


@dataclass(frozen=True, slots=True)
class WarnedOf:
    """What is warned of, the most serious first; ``fault`` says what is wrong with the shop's rules, else nothing."""

    told: tuple[Told, ...] = ()
    fault: str = ""


def heading(told: Sequence[Told]) -> str:
    """Return how many there are, and how many are still to be heeded."""
    if not told:
        return _tr("预警")
    left = sum(not each.warning.is_heeded for each in told)
    words = _tr("预警：{0} 条，{1} 条未处理") if left else _tr("预警：{0} 条，都已处理")
    return words.format(len(told), left)


def cells(told: Told, rules: Rules, now: datetime) -> tuple[str, ...]:
    """Return a line: level, sentence, counts of the month, the quarter and the year, since when, what was done."""
    warning = told.warning
    level = f"{_GLYPHS[warning.level]} {rules.sentences.label('figures', warning.level)}"
    times = (f"{n:,}" for n in warning.times)
    return level, told.sentence, *times, f"{warning.since:%m-%d}", _heeded(warning, rules, now)


def name(warning: EarlyWarning, rules: Rules) -> str:
    """Return what its cases have in common, as lists may say it."""
    if warning.part is Part.ITEM:  # it says itself what it is
        return warning.item
    return _tr("{0}：{1}").format(rules.sentences.label("warning_part", warning.part), warning.item)


def _heeded(warning: EarlyWarning, rules: Rules, now: datetime) -> str:
    heed = warning.heed
    if heed is None:
        return _tr("未处理")
    by = f"{heed.by} {moment(heed.at, now)}"
    if warning.is_heeded:
        return _tr("已处理　{0}　{1}").format(by, " ".join(heed.measure.split()))
    return _tr("未处理（{0}时处理过　{1}）").format(rules.sentences.label("figures", heed.level), by)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overview", text)

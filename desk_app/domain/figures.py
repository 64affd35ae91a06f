"""The figures of a period: how many cases of each kind there were, beside the period before, and what repeats.

Pure counting over cases. Void cases count nowhere. A rate whose denominator is 0 is no rate, and is shown as —.
(domain.md part 15: 定期汇总、分析; 层层重点预警 on what repeats in the month, the quarter, the year.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain.case import CaseFile
from desk_app.domain.register_line import register_line
from desk_app.domain.vocabulary import Status

if TYPE_CHECKING:
    from desk_app.domain.wording import Line, Value, Wording

FIGURE_KEYS = frozenset(
    {"part", "item", "count", "share", "before", "change", "quarter", "year", "level", "cause", "measure"}
)
"""Every key that a sheet of figures may ask for; cause and measure are left for the pen."""
PART_KEY = "part_key"
"""Under which key a line keeps what it is a part of: the key that was counted by; for charts, not for paper."""
TOTALS = "totals"
_NONE = "—"


@dataclass(frozen=True, slots=True)
class Warn:
    """How often something must repeat to be warned of: in the period, in its quarter too, in its year too."""

    period: int
    quarter: int
    year: int

    def level(self, period: int, quarter: int, year: int) -> str | None:
        """Return the key of the level, or None."""
        if period < self.period:
            return None
        if year >= self.year:
            return "serious"
        return "focus" if quarter >= self.quarter else "notice"


@dataclass(frozen=True, slots=True)
class Windows:
    """The cases of a period, of the one before, and of the quarter and the year so far in which it ends."""

    period: Sequence[CaseFile]
    before: Sequence[CaseFile]
    quarter: Sequence[CaseFile]
    year: Sequence[CaseFile]


def figure_lines(
    windows: Windows, tally: Sequence[str], names: Mapping[str, str], wording: Wording, warn: Warn | None = None
) -> Iterator[Line]:
    """Go through the lines of a sheet of figures: the totals, then each value of each key, the most frequent first.

    ``names`` are the words of the parts by their key, of the totals, and of the levels of a warning. With ``warn`` only
    what repeats is there, and no totals.
    """
    counted = tuple(_valid(files) for files in (windows.period, windows.before, windows.quarter, windows.year))
    if warn is None:
        yield from _totals(counted[0], counted[1], names, wording)
    for key in tally:
        found = tuple(_count(files, key, wording) for files in counted)
        whole = sum(found[0].values())
        for item, count in sorted(found[0].items(), key=lambda pair: (-pair[1], pair[0])):
            before, quarter, year = (each[item] for each in found[1:])
            is_said = item != wording.states["unsaid"]
            level = warn.level(count, quarter, year) if warn is not None and is_said else None
            if warn is None or level is not None:
                yield {
                    **_line(key, names[key], item, count, before),
                    "share": share(count, whole),
                    "quarter": quarter,
                    "year": year,
                    "level": names[level] if level else None,
                }


def share(count: int, whole: int) -> str:
    """Return a share in per cent, to one place; — of nothing."""
    return f"{count / whole:.1%}" if whole else _NONE


def _line(key: str, part: str, item: str, count: int, before: int) -> dict[str, Value]:
    change = count - before
    told: dict[str, Value] = dict.fromkeys(FIGURE_KEYS)
    told |= {PART_KEY: key, "part": part, "item": item, "count": count, "before": before}
    return {**told, "change": f"{change:+d}" if change else "0"}


def _valid(files: Sequence[CaseFile]) -> Sequence[CaseFile]:
    return [file for file in files if file.case.status is not Status.VOID]


def _count(files: Iterable[CaseFile], key: str, wording: Wording) -> Counter[str]:
    """Count the values of a key; of a category its first level."""
    found: Counter[str] = Counter()
    for file in files:
        value = register_line(file, (key,), wording)[key]
        text = wording.states["unsaid"] if value is None else str(value)
        found[text.split(" > ")[0] if key == "category" else text] += 1
    return found


def _totals(
    files: Sequence[CaseFile], before: Sequence[CaseFile], names: Mapping[str, str], wording: Wording
) -> Iterator[Line]:
    """Go through what was received and closed, answered in time, and satisfied, each with its rate."""
    now_, then = _sums(files, wording), _sums(before, wording)
    for key in now_:
        count, whole = now_[key]
        yield {**_line(TOTALS, names[TOTALS], names[key], count, then[key][0]), "share": share(count, whole)}


def _sums(files: Sequence[CaseFile], wording: Wording) -> dict[str, tuple[int, int]]:
    """Return for each total how many, and of how many."""
    lines = [register_line(file, ("replied_in_time", "visit_satisfaction"), wording) for file in files]
    answered = [line["replied_in_time"] for line in lines if line["replied_in_time"] is not None]
    asked = [line["visit_satisfaction"] for line in lines if line["visit_satisfaction"] is not None]
    dissatisfied = wording.choices["visit_satisfaction"]["dissatisfied"]
    closed = sum(file.case.status is Status.CLOSED for file in files)
    return {
        "received": (len(files), len(files)),
        "closed": (closed, len(files)),
        "open": (len(files) - closed, len(files)),
        "in_time": (answered.count(wording.yes), len(answered)),
        "asked": (len(asked), len(files)),
        "satisfied": (len(asked) - asked.count(dissatisfied), len(asked)),
    }

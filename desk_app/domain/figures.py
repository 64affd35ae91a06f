"""The figures of a period: how many cases of each kind there were, beside the period before.

Pure counting over cases. Void cases count nowhere. A rate whose denominator is 0 is no rate, and is shown as —.
(domain.md part 15: 定期汇总、分析. What repeats: ``domain.warning``.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain import metrics
from desk_app.domain.case import CaseFile
from desk_app.domain.facts import facts_of
from desk_app.domain.register_line import register_line
from desk_app.domain.times import epoch
from desk_app.domain.vocabulary import Status

if TYPE_CHECKING:
    from desk_app.domain.wording import Line, Value, Wording

FIGURE_KEYS = frozenset(
    {
        *("part", "item", "count", "whole", "share", "before", "share_before", "change", "quarter", "year"),
    }
)
"""Every key that a sheet of figures may ask for."""
PART_KEY = "part_key"
"""Under which key a line keeps what it is a part of: the key that was counted by; for charts, not for paper."""
TOTALS, RATES = "totals", "rates"
_NONE = "—"


@dataclass(frozen=True, slots=True)
class Windows:
    """The cases of a period, of the one before, and of the quarter and the year so far in which it ends.

    ``served``, ``served_before``: how many the shop served in the first two; None: nobody has said.
    """

    period: Sequence[CaseFile]
    before: Sequence[CaseFile]
    quarter: Sequence[CaseFile]
    year: Sequence[CaseFile]
    served: int | None = None
    served_before: int | None = None


def figure_lines(windows: Windows, tally: Sequence[str], names: Mapping[str, str], wording: Wording) -> Iterator[Line]:
    """Go through the lines of a sheet of figures: the totals, then each value of each key, the most frequent first.

    ``names`` are the words of the parts by their key, and of the totals.
    """
    counted = tuple(_valid(files) for files in (windows.period, windows.before, windows.quarter, windows.year))
    yield from _totals(windows, names, wording)
    for key in tally:
        found = tuple(_count(files, key, wording) for files in counted)
        whole = sum(found[0].values())
        for item, count in sorted(found[0].items(), key=lambda pair: (-pair[1], pair[0])):
            before, quarter, year = (each[item] for each in found[1:])
            line = _line(key, names[key], item, count, before)
            yield {**line, "share": share(count, whole), "quarter": quarter, "year": year}


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


def _totals(windows: Windows, names: Mapping[str, str], wording: Wording) -> Iterator[Line]:
    """Go through how many there were, and each rate with what it is of, beside those of the period before."""
    now = epoch(wording.at)
    sides = [[facts_of(file) for file in files] for files in (windows.period, windows.before)]
    found = [metrics.counted(side, now) for side in sides]
    sums = [_sums(*each) for each in found]
    for key, count in sums[0].items():
        line = _line(TOTALS, names[TOTALS], names[key], count, sums[1][key])
        yield {**line, "whole": sums[0]["received"], "share": share(count, sums[0]["received"])}
    for key, metric in metrics.METRICS.items():
        sifted = [metrics.counted(side, now, metric.kinds) for side in sides] if metric.kinds else found
        served = (windows.served, windows.served_before)
        after, before = (metrics.rate(metric, *each, many) for each, many in zip(sifted, served, strict=True))
        line = _line(RATES, names[RATES], names[f"metric.{key}"], after.count, before.count)
        shares = {"share": _told(after), "share_before": _told(before)}
        yield {**line, "whole": _NONE if after.whole is None else after.whole, **shares}


def _sums(counts: metrics.Counts, overdue: metrics.Overdue) -> dict[str, int]:
    received = sum(counts.get("", {}).values())
    closed = counts.get("status", {}).get(Status.CLOSED, 0)
    return {"received": received, "closed": closed, "open": received - closed, "overdue": overdue.cases}


def _told(rate: metrics.Rate) -> str:
    return share(rate.count, rate.whole or 0)

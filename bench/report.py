"""The findings as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.measure import Findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.measure import Ceiling, Check, Comparison, Series

_HEAD = ("operation", "n", "floor", "p95", "ours", "p95", "unit", "ratio", "goal", "met")
_NUMBERS = frozenset(range(1, 6)) | {7, 8}  # columns that stand to the right


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run."""

    machine: Mapping[str, str]
    findings: Mapping[str, Findings]

    @property
    def comparisons(self) -> Sequence[Comparison]:
        """Every line of the table."""
        return [comparison for found in self.findings.values() for comparison in found.comparisons]

    @property
    def ceilings(self) -> Sequence[Ceiling]:
        """Every line of the table that is held to a limit, not to a floor."""
        return [ceiling for found in self.findings.values() for ceiling in found.ceilings]

    @property
    def checks(self) -> Sequence[Check]:
        """What holds or does not."""
        return [check for found in self.findings.values() for check in found.checks]


def as_table(report: Report) -> str:
    """Return the report as text: the machine, the table, the checks."""
    lines = [f"{name}: {fact}" for name, fact in report.machine.items()]
    lines += ["", *_aligned([_HEAD, *map(_cells, report.comparisons), *map(_limited, report.ceilings)])]
    lines += [""] * bool(report.checks)
    lines += [f"{'ok' if c.holds else 'NOT'}  {c.what}{c.detail and ': '}{c.detail}" for c in report.checks]
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """Return the report as JSON, every sample included."""
    return json.dumps(
        {
            "machine": dict(report.machine),
            "comparisons": [
                {
                    "operation": c.operation,
                    "unit": c.unit,
                    "floor": _series(c.floor),
                    "ours": _series(c.ours),
                    "ratio": round(c.ratio, 4),
                    "goal": c.goal,
                    "met": c.is_met,
                }
                for c in report.comparisons
            ],
            "ceilings": [
                {"operation": c.operation, "unit": c.unit, "ours": _series(c.ours), "most": c.most, "met": c.is_met}
                for c in report.ceilings
            ],
            "checks": [{"what": c.what, "holds": c.holds, "detail": c.detail} for c in report.checks],
        },
        ensure_ascii=False,
        indent=1,
    )


def _cells(c: Comparison) -> tuple[str, ...]:
    return (
        c.operation,
        str(len(c.ours.samples)),
        _short(c.floor.median),
        _short(c.floor.p95),
        _short(c.ours.median),
        _short(c.ours.p95),
        c.unit,
        f"{c.ratio:.2f}",
        f"≤ {c.goal:.2f}",
        "yes" if c.is_met else "NO",
    )


def _limited(c: Ceiling) -> tuple[str, ...]:
    ours = (_short(c.ours.median), _short(c.ours.p95))
    met = "yes" if c.is_met else "NO"
    goal = f"{'p95 ' * c.rarely}≤ {c.most:g} {c.unit}"
    return (c.operation, str(len(c.ours.samples)), "–", "–", *ours, c.unit, "–", goal, met)


def _short(number: float) -> str:
    """Return three figures: 0.277, 1.54, 243, 4136."""
    return f"{number:.0f}" if number >= 100 else f"{number:.{2 - (number >= 10) + (number < 1)}f}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(_padded(row, widths)).rstrip()


def _padded(row: Sequence[str], widths: Iterable[int]) -> Iterator[str]:
    for place, (text, width) in enumerate(zip(row, widths, strict=True)):
        yield text.rjust(width) if place in _NUMBERS else text.ljust(width)


def _series(series: Series) -> Mapping[str, object]:
    return {
        "median": round(series.median, 4),
        "p95": round(series.p95, 4),
        "samples": [round(sample, 4) for sample in series.samples],
    }

"""What a year's satisfaction survey came to, as lines of a sheet of figures (顾客满意度调查结果表)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.figures import FIGURE_KEYS, PART_KEY, share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desk_app.domain.metrics import Rate
    from desk_app.domain.survey import ItemResult
    from desk_app.domain.wording import Line, Value

SURVEY = "survey"


def survey_lines(
    now: tuple[int, Sequence[ItemResult], Rate, Rate], then: tuple[int, Sequence[ItemResult]], names: Mapping[str, str]
) -> Iterator[Line]:
    """Go through the lines: the sheets that came back, each item with its answers, 产品质量优良率, 顾客投诉率.

    ``now``: how many sheets, the items, the two rates; ``then``: the year before. Counts that are not known are —.
    """
    sheets, items, quality, complaints = now
    before = {each.item.label: each for each in then[1]}
    part = names[SURVEY]
    yield _line(part, names["survey_sheets"], sheets, then[0], None)
    for each in items:
        was = before.get(each.item.label)
        label = each.item.label
        for answer, count in each.counts.items():
            whole = sum(each.counts.values())
            yield _line(label, answer, count, was.counts.get(answer, 0) if was else 0, share(count, whole))
        if each.points:
            yield _line(label, names["survey_good"], each.good, was.good if was else 0, share(each.good, each.said))
            mean, said = each.points / each.said, was.said if was else 0
            yield _line(label, names["survey_mean"], each.said, said, f"{mean:.2f}")
    for key, rate in (("survey_quality", quality), ("survey_complaints", complaints)):
        yield _line(part, names[key], rate.count, None, share(rate.count, rate.whole or 0))


def _line(part: str, item: str, count: int, before: int | None, told: str | None) -> Line:
    line: dict[str, Value] = dict.fromkeys(FIGURE_KEYS)
    line |= {PART_KEY: SURVEY, "part": part, "item": item, "count": count, "before": before, "share": told}
    if before is not None:
        line["change"] = f"{count - before:+d}" if count != before else "0"
    return line

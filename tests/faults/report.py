"""Writes the figures of a run of the fault tests into docs/reliability.md.

    python -m tests.faults.report RESULTS DOCUMENT

RESULTS is what ``goals.Tally`` wrote. The table of the same kind of run (ordinary or full) between its two marks is
written anew; a row that was not run now keeps the figures it has.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from tests.faults.goals import Result

_HEAD = "| row | what must never be found | tried | found | seconds |\n|---|---|---|---|---|\n"
_ROW = re.compile(r"^\| (\d+) \| (.*) \| ([\d,]+) \| ([\d,]+) \| ([\d,.]+) \|$", re.MULTILINE)


def main(results: str, document: str) -> None:
    """Write the table."""
    run = [Result(**json.loads(line)) for line in Path(results).read_text(encoding="utf-8").splitlines()]
    path = Path(document)
    text = path.read_text(encoding="utf-8")
    for full in {result.full for result in run}:
        mark = "full" if full else "ordinary"
        found = re.search(f"(<!-- {mark} -->\n)(.*?)(<!-- end -->)", text, re.DOTALL)
        if found is None:
            sys.exit(f"{document} has no place for the {mark} table")
        lines = {(row, what): f"| {row} | {what} | {tried} | {wrong} | {seconds} |"
                 for row, what, tried, wrong, seconds in _ROW.findall(found[2])}  # fmt: skip
        lines |= {key: _line(sum_) for key, sum_ in _added_up([r for r in run if r.full is full]).items()}
        table = "\n".join(lines[key] for key in sorted(lines, key=lambda key: (int(key[0]), key[1])))
        text = text[: found.start(2)] + _HEAD + table + "\n" + text[found.start(3) :]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _added_up(run: list[Result]) -> dict[tuple[str, str], Result]:
    """Return one result for each row: tests of the same goal counted together."""
    made: dict[tuple[str, str], Result] = {}
    for each in run:
        key = (each.row, each.what)
        old = made.get(key, Result(each.row, each.what, each.full, 0, 0, 0))
        tried, found, seconds = old.tried + each.tried, old.found + each.found, old.seconds + each.seconds
        made[key] = Result(each.row, each.what, each.full, tried, found, round(seconds, 1))
    return made


def _line(result: Result) -> str:
    return f"| {result.row} | {result.what} | {result.tried:,} | {result.found} | {result.seconds} |"


if __name__ == "__main__":
    main(*sys.argv[1:])

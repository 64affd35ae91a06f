"""Runs the benchmark and prints its report: ``python -m bench`` (or ``python3 dev.py bench``)."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import (
    act,
    export,
    machine,
    memory,
    overview,
    package,
    paper,
    pauses,
    queue_page,
    queue_paint,
    queue_views,
    recount,
    save,
    search,
    start,
    warnings,
    workbook,
)
from bench.measure import Findings
from bench.report import Report, as_json, as_table
from bench.sizes import SCALES, Scale

Operation = Callable[[Scale, Path, Path], Findings]
"""Measures one thing: how much of it, the cache of registers, a folder of its own."""

OPERATIONS: Mapping[str, Operation] = {
    "start": lambda scale, _cache, own: start.run(own, scale.start_rounds),
    "save": lambda scale, cache, own: save.run(cache, own, *scale.save, scale.save_rounds),
    "act": lambda scale, cache, own: act.run(cache, own, *scale.save, scale.save_rounds),
    "queue": lambda scale, cache, _own: queue_page.run(cache, *scale.queue, scale.queue_rounds),
    "views": lambda scale, cache, _own: queue_views.run(cache, scale.views, scale.queue_rounds),
    "paint": lambda scale, cache, own: queue_paint.run(cache, own, *scale.queue, scale.paint_rounds),
    "export": lambda scale, cache, own: export.run(cache, own, scale.export),
    "package": lambda scale, cache, own: package.run(cache, own, scale.package, scale.package_rounds),
    "workbook": lambda scale, cache, own: workbook.run(cache, own, scale.workbook, scale.workbook_rounds),
    "paper": lambda scale, cache, own: paper.run(cache, own, scale.paper, scale.paper_forms, scale.paper_rounds),
    "pauses": lambda scale, cache, own: pauses.run(cache, own, scale.pauses, scale.pauses_rounds),
    "calendar": lambda scale, cache, own: recount.run(cache, own, scale.calendar, scale.calendar_rounds),
    "search": lambda scale, cache, own: search.run(cache, own, scale.search, scale.search_rounds, scale.search_scans),
    "warnings": lambda scale, cache, own: warnings.run(cache, own, scale.warnings, scale.warnings_rounds),
    "overview": lambda scale, cache, own: overview.run(cache, own, scale.overview, scale.overview_rounds),
    "memory": lambda scale, cache, own: memory.run(cache, own, scale.memory, scale.memory_rounds),
}


def main(arguments: list[str]) -> int:
    """Run what was asked for; 0 whatever the figures say, for they depend on the machine."""
    options = _parser().parse_args(arguments)
    scale, findings = SCALES[options.size], {}
    facts = machine.facts()
    for name in options.only or OPERATIONS:
        print(f"{name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="complaint-desk-bench-") as own:
            findings[name] = OPERATIONS[name](scale, options.cache, Path(own))
    report = Report(facts, findings)
    print(as_table(report))
    if options.json:
        options.json.write_text(as_json(report) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=OPERATIONS, metavar="NAME", help=", ".join(OPERATIONS))
    parser.add_argument("--size", choices=SCALES, default="small", help="full makes a register of 1,000,000 cases")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report with every sample there too")
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        default=Path(tempfile.gettempdir()) / "complaint-desk-bench",
        help="where the made-up registers are kept (default: %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

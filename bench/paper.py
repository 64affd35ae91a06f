"""Sheets on paper: forms into a PDF, and a preview from its making to its painted first page. Held to limits."""

from __future__ import annotations

import random
import time
from datetime import date
from functools import partial
from pathlib import Path

from bench.measure import Ceiling, Findings, Series, in_turn
from bench.register_maker import END, Size, open_with, register_of
from bench.screen import PaintWatch, application
from bench.texts import content
from desk_app.clock import FixedClock
from desk_app.domain.periods import Period
from desk_app.services import sheets
from desk_app.services.paper import Align, Font, Grid, Look, Merge, Orientation, Page, Paper, Role, Row
from desk_app.services.rules import load_rules
from ui.printing.pdf import write_pdf
from ui.printing.preview import SheetPreview

MS_A_FORM, MS_A_PREVIEW = 30, 150
_COLUMNS, _FACTS, _TEXTS = 6, 10, 5
_PAGE = Page(Paper.A4, Orientation.PORTRAIT, (12, 12, 14, 12))


def run(cache: Path, scratch: Path, size: Size, forms: int, rounds: int) -> Findings:
    """Measure with so many forms in one PDF, and with the register of a month of this size and the forms to look at."""
    application()
    stacked, month = forms_of(forms), _month(cache, size)
    taken = in_turn(
        {
            "pdf": partial(_pdf, stacked, scratch / "forms.pdf"),
            "forms": partial(_preview, stacked),
            "list": partial(_preview, month),
        },
        rounds,
    )
    each = Series(tuple(sample / forms for sample in taken["pdf"].samples))
    return Findings(
        (),
        ceilings=(
            Ceiling(f"PDF of {forms} forms of a page, each", each, MS_A_FORM),
            Ceiling(f"preview of {forms} forms", taken["forms"], MS_A_PREVIEW),
            Ceiling(f"preview of the register, {size.cases:,} cases", taken["list"], MS_A_PREVIEW),
        ),
    )


def forms_of(count: int) -> Grid:
    """Return so many forms of a page each below each other: thirty facts, five long texts, a place to sign."""
    rng = random.Random(count)
    rows: list[Row] = []
    merges: list[Merge] = []
    for number in range(1, count + 1):
        _add_form(rows, merges, number, rng)
    each = len(rows) // count
    return Grid(
        title="客户投诉记录单",
        page=_PAGE,
        font=Font("宋体", 10.5),
        title_font=Font("宋体", 18),
        widths=(60.0, 110.0) * (_COLUMNS // 2),
        rows=tuple(rows),
        merges=tuple(merges),
        head_rows=0,
        page_number="第 {page} 页　共 {pages} 页",
        cut=0,
        breaks=tuple(range(each, len(rows), each)),
    )


def _add_form(rows: list[Row], merges: list[Merge], number: int, rng: random.Random) -> None:
    label, value = Look(Role.LABEL, align=Align.CENTER), Look(Role.VALUE)
    blank = (None,) * (_COLUMNS - 1)
    merges.append(Merge(len(rows) + 1, 1, len(rows) + 1, _COLUMNS))
    rows.append(Row(30.0, ("客户投诉记录单", *blank), (Look(Role.TITLE, align=Align.CENTER),) * _COLUMNS))
    for fact in range(_FACTS):
        texts = ("受理编号", f"TS-20261001-{number:03}", "受理时间", "2026-10-01 08:30", "程度", f"□轻微　☑一般 {fact}")
        rows.append(Row(21.0, texts, (label, value) * (_COLUMNS // 2)))
    for text in range(_TEXTS):
        merges.append(Merge(len(rows) + 1, 2, len(rows) + 1, _COLUMNS))
        words = content(rng)
        rows.append(Row(72.0, (f"经过 {text + 1}", words, *blank[1:]), (label, *(value,) * (_COLUMNS - 1))))
    merges.append(Merge(len(rows) + 1, 1, len(rows) + 1, _COLUMNS))
    rows.append(Row(36.0, ("受理人：　　　　审核：　　　　日期：", *blank), (Look(Role.SIGN_OFF),) * _COLUMNS))


def _month(cache: Path, size: Size) -> Grid:
    """Return the grid of the register of a made month."""
    ws = open_with(register_of(size, cache), FixedClock(END))
    try:
        period = Period(date(2026, 10, 1), date(2026, 10, 31), "2026年10月")
        filled = sheets.fill(ws, sheets.find(ws, "register"), sheets.Scope(period), by="李娜")
    finally:
        ws.close()
    assert filled.rows == size.cases
    return filled.grid


def _pdf(grid: Grid, path: Path) -> float:
    began = time.perf_counter_ns()
    write_pdf([grid], path)
    return (time.perf_counter_ns() - began) / 1e6


def _preview(grid: Grid) -> float:
    """Return the milliseconds until the first page of a new preview was painted."""
    sentences = load_rules().sentences
    began = time.perf_counter_ns()
    preview = SheetPreview([grid], sentences, lambda _path: None, proposed=Path("bench.pdf"))
    watch = PaintWatch(preview.view.viewport())
    preview.show()
    application().processEvents()  # a window is painted when the system has shown it
    watch.ready()
    cost = watch.wait(began)
    preview.close()
    application().processEvents()
    return cost

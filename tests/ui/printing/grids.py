"""Grids made by hand, and what a PDF says."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from desk_app.sheets.grid import Grid, Look, Merge, Role, Row
from desk_app.sheets.sheet import Font, Orientation, Page, Paper

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from desk_app.sheets.grid import CellValue

A4 = Page(Paper.A4, Orientation.PORTRAIT, (10, 10, 15, 10))
_MILLIMETRE = 72 / 25.4
ROOM = (297 - 25) * _MILLIMETRE
"""How high the grid is that A4 holds, in points."""
WIDTH = (210 - 20) * _MILLIMETRE


def a_grid(rows: Iterable[Row], **changes: Any) -> Grid:
    """Return a grid of these rows on A4; its columns share half of the paper's width."""
    rows = tuple(rows)
    values: dict[str, Any] = {
        "title": "试验表",
        "page": A4,
        "font": Font("宋体", 10),
        "title_font": Font("宋体", 16),
        "widths": (WIDTH / 2 / len(rows[0].values),) * len(rows[0].values),
        "rows": rows,
        "merges": (),
        "head_rows": 0,
        "page_number": "第 {page} 页　共 {pages} 页",
        "cut": 0,
    }
    return Grid(**{**values, **changes})


def a_row(*values: CellValue, height: float = 20, look: Look | None = None) -> Row:
    """Return a row whose cells have one look."""
    return Row(height, values, (look or Look(Role.VALUE),) * len(values))


def a_form(number: int) -> tuple[tuple[Row, ...], tuple[Merge, ...]]:
    """Return rows and merges of a form of four columns: a title, two facts, a long text, a place to sign."""
    label, value, title = Look(Role.LABEL), Look(Role.VALUE), Look(Role.TITLE)
    plain = Look(Role.PLAIN)
    rows = (
        Row(30, (f"投诉记录单 {number}", None, None, None), (title,) * 4),
        Row(20, ("受理编号", f"TS-20261001-{number:03}", "投诉人", "李女士"), (label, value, label, value)),
        Row(120, ("投诉理由", "房间空调不制冷。" * 12, None, None), (label, value, value, value)),
        Row(20, ("□轻微　☑一般　□严重", None, None, None), (value,) * 4),
        Row(30, ("受理人签字：", None, "日期：", None), (plain,) * 4),
    )
    merges = (Merge(1, 1, 1, 4), Merge(3, 2, 3, 4), Merge(4, 1, 4, 4), Merge(5, 1, 5, 2), Merge(5, 3, 5, 4))
    return rows, merges


def forms(count: int) -> Grid:
    """Return so many forms below each other, a page each."""
    rows: list[Row] = []
    merges: list[Merge] = []
    for number in range(1, count + 1):
        own, joined = a_form(number)
        down = len(rows)
        merges += [Merge(m.first_row + down, m.first_column, m.last_row + down, m.last_column) for m in joined]
        rows += own
    each = len(rows) // count
    return a_grid(rows, merges=tuple(merges), breaks=tuple(range(each, len(rows), each)), widths=(60, 200, 60, 200))


def text_of(path: Path, *options: str) -> str:
    """Return what another program reads in a PDF, a form feed after each page; without it the test is skipped."""
    return _poppler("pdftotext", *options, path, "-")


def fonts_of(path: Path) -> list[str]:
    """Return the lines that tell of each font of a PDF."""
    return _poppler("pdffonts", path).splitlines()[2:]


def pages_of(path: Path, *options: str) -> list[str]:
    """Return the text of each page."""
    return text_of(path, *options).split("\f")[:-1]


def _poppler(*words: object) -> str:
    found = shutil.which(str(words[0]))
    if found is None:
        pytest.skip(f"{words[0]} is not here (poppler-utils)")
    done = subprocess.run([found, *map(str, words[1:])], check=True, capture_output=True, timeout=60)
    return done.stdout.decode("utf-8")

"""Writing a workbook: the register of a long month beside the deflate of its own XML, and many forms of one case."""

from __future__ import annotations

import gc
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zipfile import ZipFile

from bench.measure import Ceiling, Comparison, Findings, Series, in_turn, milliseconds
from bench.register_maker import END, Size, open_with, register_of
from desk_app.clock import FixedClock
from desk_app.domain.register_line import register_line
from desk_app.domain.wording import read_wording
from desk_app.services import sheets
from desk_app.sheets.grid import Grid, Look, Merge, Role, Row
from desk_app.sheets.heading import period_heading
from desk_app.sheets.layout import lay_out
from desk_app.sheets.sheet import Align, Column, Font, Kind, Orientation, Page, Paper
from desk_app.sheets.workbook import write_workbook
from desk_app.storage import cases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk_app.domain.wording import Line
    from desk_app.sheets.heading import Heading
    from desk_app.sheets.sheet import Sheet

_SHEET_PART = "xl/worksheets/sheet1.xml"
_MORE_COLUMNS = (
    Column(("reply_at",), "答复时间", 17, Kind.DATETIME, Align.CENTER),
    Column(("visit_satisfaction",), "回访", 8, Kind.TEXT, Align.CENTER),
    Column(("closed_at",), "结案时间", 17, Kind.DATETIME, Align.CENTER),
)
"""With these the register has 20 columns."""
_FORMS, _FORM_LINES = 300, 14
_MOST_MS_A_FORM = 15


def run(cache: Path, scratch: Path, size: Size, rounds: int) -> Findings:
    """Compare writing the finished cells, then laying them out and writing them, with deflating the sheet's XML."""
    month = _read_month(cache, size)
    path = scratch / "register.xlsx"
    grid = lay_out(*month)
    write_workbook([grid], path)
    with ZipFile(path) as parts:
        xml = parts.read(_SHEET_PART)
    stack, forms_path = _stack_of_forms(), scratch / "forms.xlsx"
    cost = in_turn(
        {
            "deflate": lambda: _tidily(lambda: _deflate(xml)),
            "write": lambda: _tidily(lambda: write_workbook([grid], path)),
            "both": lambda: _tidily(lambda: write_workbook([lay_out(*month)], path)),
            "forms": lambda: _tidily(lambda: write_workbook([stack], forms_path)),
        },
        rounds,
    )
    name = f"{size.cases:,} cases × {len(grid.widths)} columns"
    each = Series(tuple(sample / _FORMS for sample in cost["forms"].samples))
    return Findings(
        (
            Comparison(f"write {name}, {len(xml) / 1e6:.1f} MB of XML", cost["deflate"], cost["write"], 3.0),
            Comparison(f"lay out and write {name}", cost["deflate"], cost["both"], 6.0),
        ),
        ceilings=(Ceiling(f"one of {_FORMS} forms in one workbook", each, _MOST_MS_A_FORM),),
    )


def _tidily(work: Callable[[], object]) -> float:
    """Return how long it took, without the rubbish that the one before has left to be collected."""
    gc.collect()
    return milliseconds(work)


def _deflate(xml: bytes) -> bytes:
    """Compress as a zip archive does when it is not told how hard to try."""
    squeeze = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
    return squeeze.compress(xml) + squeeze.flush()


def _read_month(cache: Path, size: Size) -> tuple[Sheet, list[Line], Heading]:
    """Return the register with 20 columns, its lines, looked up, and its heading."""
    with closing(open_with(register_of(size, cache), FixedClock(END))) as ws:
        register = sheets.find(ws, "register")
        sheet = replace(register, columns=register.columns + _MORE_COLUMNS)
        wording = read_wording(ws.rules.fields, ws.rules.actions, ws.trade, ws.rules.sentences.labels, END)
        with ws.store.reading() as conn:
            lines = [register_line(file, sheet.keys, wording) for file in cases.read_received(conn, "0001", "9999")]
    assert len(lines) == size.cases
    return sheet, lines, period_heading("云栖酒店", (END.date().replace(day=1), END.date()), by="李娜", at=END)


def _stack_of_forms() -> Grid:
    """Return forms of 20 rows and 6 columns below each other, as a sheet for one case is laid out."""
    title, label = Look(Role.TITLE, align=Align.CENTER), Look(Role.LABEL, align=Align.CENTER)
    value, moment = Look(Role.VALUE), Look(Role.VALUE, Kind.DATETIME, Align.CENTER)
    received_at = datetime(2026, 10, 1, 8, 30)  # noqa: DTZ001 -- a sheet knows no offset
    rows: list[Row] = []
    merges: list[Merge] = []

    def put(height: float, *parts: tuple[str | datetime, Look, int]) -> None:
        values: list[str | datetime | None] = []
        looks: list[Look] = []
        for text, look, span in parts:
            row = len(rows) + 1
            if span > 1:
                merges.append(Merge(row, len(values) + 1, row, len(values) + span))
            values += [text, *[None] * (span - 1)]
            looks += [look] * span
        rows.append(Row(height, tuple(values), tuple(looks)))

    for number in range(_FORMS):
        put(30, ("客户投诉受理单", title, 6))
        put(
            20, ("编号", label, 1), (f"TS-20261001-{number:03}", value, 2), ("时间", label, 1), (received_at, moment, 2)
        )
        put(20, ("投诉人", label, 1), (f"王小明{number}", value, 2), ("联系方式", label, 1), ("013800138000", value, 2))
        put(90, ("投诉内容", label, 1), (f"第 {number} 件：房间空调不制冷，联系前台两次没有人来。" * 6, value, 5))
        for line in range(_FORM_LINES):
            put(
                20,
                ("处理", label, 1),
                (f"客房部第 {line} 次检修", value, 2),
                ("经办", label, 1),
                ("□是　☑否", value, 2),
            )
        put(40, ("领导意见", label, 1), ("", value, 5))
        put(20, ("本单一式两份，客户与前台各执一份。", Look(Role.PLAIN), 6))
    each = len(rows) // _FORMS
    return Grid(
        title="客户投诉受理单",
        page=Page(Paper.A4, Orientation.PORTRAIT, (12, 12, 14, 12)),
        font=Font("宋体", 10),
        title_font=Font("宋体", 18),
        widths=(60, 120, 60, 60, 120, 100),
        rows=tuple(rows),
        merges=tuple(merges),
        head_rows=0,
        page_number="第 {page} 页　共 {pages} 页",
        cut=0,
        breaks=tuple(range(each, len(rows), each)),
    )

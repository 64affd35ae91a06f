"""Grids made by hand: forms below each other, and figures with their charts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from desk_app.sheets.grid import Area, CellValue, Chart, Grid, Look, Merge, Role, Row, Series
from desk_app.sheets.sheet import Align, ChartKind, Font, Kind, Orientation, Page, Paper

_TITLE = Look(Role.TITLE, align=Align.CENTER)
_LABEL, _VALUE, _PLAIN = Look(Role.LABEL, align=Align.CENTER), Look(Role.VALUE), Look(Role.PLAIN)
_MOMENT = Look(Role.VALUE, Kind.DATETIME, Align.CENTER)
_HEAD = Look(Role.HEAD, align=Align.CENTER)
_TEXT, _NUMBER = Look(Role.BODY), Look(Role.BODY, Kind.NUMBER, Align.CENTER)
_BARE = Look(Role.FOOT)
_RECEIVED_AT = datetime(2026, 10, 1, 8, 30)  # noqa: DTZ001 -- a sheet knows no offset


@dataclass(slots=True)
class _Stack:
    """Rows below each other, whose parts span columns."""

    rows: list[Row] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)

    def put(self, height: float, *parts: tuple[CellValue, Look, int]) -> None:
        values: list[CellValue] = []
        looks: list[Look] = []
        row = len(self.rows) + 1
        for value, look, span in parts:
            if span > 1:
                self.merges.append(Merge(row, len(values) + 1, row, len(values) + span))
            values += [value] + [None] * (span - 1)
            looks += [look] * span
        self.rows.append(Row(height, tuple(values), tuple(looks)))


def _grid(title: str, widths: tuple[float, ...], stack: _Stack, **more: object) -> Grid:
    values: dict[str, object] = {
        "title": title,
        "page": Page(Paper.A4, Orientation.PORTRAIT, (12, 12, 14, 12)),
        "font": Font("宋体", 10),
        "title_font": Font("宋体", 18),
        "widths": widths,
        "rows": tuple(stack.rows),
        "merges": tuple(stack.merges),
        "head_rows": 0,
        "page_number": "第 {page} 页　共 {pages} 页",
        "cut": 0,
    }
    return Grid(**{**values, **more})  # type: ignore[arg-type]


def forms(count: int, content: str = "房间空调不制冷，联系前台两次没有人来。") -> Grid:
    """Return forms of 5 rows and 4 columns, each on a page of its own."""
    stack = _Stack()
    breaks = []
    for number in range(1, count + 1):
        stack.put(30, ("客户投诉受理单", _TITLE, 4))
        stack.put(20, ("编号", _LABEL, 1), (f"TS-20261001-{number:03}", _VALUE, 3))
        stack.put(20, ("投诉人", _LABEL, 1), ("=小明", _VALUE, 1), ("受理时间", _LABEL, 1), (_RECEIVED_AT, _MOMENT, 1))
        stack.put(90, ("投诉内容", _LABEL, 1), (content, _VALUE, 3))
        stack.put(20, ("本单一式两份，客户与前台各执一份。", _PLAIN, 4))
        breaks.append(len(stack.rows))
    return _grid("受理单", (70, 180, 70, 180), stack, breaks=tuple(breaks[:-1]))


def figures() -> Grid:
    """Return the numbers of three categories in two months, with a chart of each kind."""
    stack = _Stack()
    stack.put(20, ("类别", _HEAD, 1), ("本月", _HEAD, 1), ("上月", _HEAD, 1), (None, _BARE, 1))
    for name, present, last in (("设施设备", 50, 30), ("服务态度", 30, 28), ("卫生", 20, 11)):
        stack.put(18, (name, _TEXT, 1), (present, _NUMBER, 1), (last, _NUMBER, 1), (None, _BARE, 1))
    for _ in range(25):
        stack.put(20, (None, _BARE, 4))
    names = Area(2, 1, 4, 1)
    present_month, last_month = Series("本月", Area(2, 2, 4, 2)), Series("上月", Area(2, 3, 4, 3))
    return _grid(
        "投诉统计",
        (120, 120, 120, 120),
        stack,
        head_rows=1,
        charts=(
            Chart(ChartKind.BAR, "各类投诉件数", names, (present_month, last_month), 6, 1, 480, 220),
            Chart(ChartKind.PIE, "=本月", names, (present_month,), 18, 1, 230, 220),
            Chart(ChartKind.LINE, "趋势", names, (present_month,), 18, 3, 230, 220),
        ),
    )

"""Workbooks as a supervisor makes them, with what openpyxl cannot write put into the file by hand."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook, load_workbook

from desk_app.sheets.template import Filled, Keys, fill_template, read_template
from tests.sheets.samples import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

KEYS = Keys(
    head=frozenset({"shop", "first", "last", "count", "by", "at"}),
    line=frozenset({"number", "received_at", "content", "amount", "customer_phone", "receiver"}),
)
HEAD: Mapping[str, Any] = {
    "shop": "云栖&<酒店>",
    "first": date(2026, 10, 1),
    "last": date(2026, 10, 31),
    "count": 3,
    "by": "小周",
    "at": datetime(2026, 11, 1, 9, 0, tzinfo=SHANGHAI),
}
COLUMNS = ("serial", "number", "received_at", "content", "amount")
FIRST = 5
"""The row of :func:`a_list` that is repeated."""

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def a_list(path: Path, change: Callable[[Any], object] = lambda _page: None) -> Path:
    """Write a list: head in rows 1 to 4, the repeated row 5, sum in row 6, sign-off in row 8."""
    book = Workbook()
    page: Any = book.worksheets[0]
    page.title = "月报"
    page["A1"] = "{{shop}} 投诉月报"
    page["A2"] = "期间：{{first}} 至 {{last}}　共 {{count}} 件"
    for column, key in enumerate(COLUMNS, 1):
        page.cell(4, column, key)
        page.cell(FIRST, column, f"{{{{{'*' if key == 'serial' else ''}{key}}}}}")
    page["E6"] = "=SUM(E5:E5)"
    page["A8"] = "制表：{{by}}"
    page["C8"] = "{{at}}"
    change(page)
    book.save(path)
    return share_strings(path)


def a_form(path: Path, change: Callable[[Any], object] = lambda _page: None) -> Path:
    """Write a form of one case."""
    book = Workbook()
    page: Any = book.worksheets[0]
    page.title = "处理单"
    page["A1"] = "编号：{{number}}"
    page["B1"] = "{{received_at}}"
    page["A2"] = "内容"
    page["B2"] = "{{content}}"
    page["A3"] = "{{shop}}"
    page.print_area = "A1:B3"
    change(page)
    book.save(path)
    return share_strings(path)


def some_lines(count: int) -> list[dict[str, Any]]:
    """Return so many lines."""
    return [
        {
            "number": f"TS-20261001-{number:03}",
            "received_at": datetime(2026, 10, 1, 8, number % 60, tzinfo=SHANGHAI),
            "content": f"第 {number} 件：空调不制冷",
            "amount": number * 10,
        }
        for number in range(1, count + 1)
    ]


def fill(path: Path, lines: Iterable[Mapping[str, Any]], head: Mapping[str, Any] = HEAD) -> Filled:
    """Fill a template into ``filled.xlsx`` beside it."""
    return fill_template(read_template(path, KEYS), head, lines, path.with_name("filled.xlsx"))


def filled(path: Path, lines: Iterable[Mapping[str, Any]], head: Mapping[str, Any] = HEAD) -> Any:
    """Fill a template and read the first worksheet as another program would."""
    return load_workbook(fill(path, lines, head).path).worksheets[0]


def parts_of(path: Path) -> dict[str, bytes]:
    """Return the parts of a file."""
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def edit(path: Path, changes: Mapping[str, bytes | Callable[[bytes], bytes] | None]) -> Path:
    """Change parts of a file: new contents, a function of the old ones, or None to leave one out."""
    parts = parts_of(path)
    for name, change in changes.items():
        if change is None:
            del parts[name]
        else:
            parts[name] = change if isinstance(change, bytes) else change(parts[name])
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return path


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    """Return a change of a part that puts one text in the place of another, which has to be there."""

    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode())

    return change


def share_strings(path: Path) -> Path:
    """Put the texts where Excel puts them, in a part of their own; openpyxl leaves them in their cells."""
    strings: list[str] = []

    def share(match: re.Match[str]) -> str:
        strings.append(match[1])
        return f't="s"><v>{len(strings) - 1}</v>'

    pages = {
        name: re.sub(r't="inlineStr"><is>(.*?)</is>', share, data.decode(), flags=re.DOTALL).encode()
        for name, data in parts_of(path).items()
        if name.startswith("xl/worksheets/sheet")
    }
    items = "".join(f"<si>{text}</si>" for text in strings)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    relation = f'<Relationship Id="rId99" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    changes: dict[str, bytes | Callable[[bytes], bytes] | None] = {
        **pages,
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{items}</sst>'.encode(),
        "[Content_Types].xml": replaced(
            "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
        ),
        "xl/_rels/workbook.xml.rels": replaced("</Relationships>", relation),
    }
    return edit(path, changes)


def a_png(side: int = 8) -> bytes:
    """Return a red square as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + b"\xff\x00\x00" * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def add_pictures(path: Path, anchors: Iterable[tuple[int, int, str]], text: str = "章") -> Path:
    """Put a picture and a shape with a text at each anchor: first and last row (from 0) and ``editAs``."""
    shape = (
        f'<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="9" name="T"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect">'
        f"<a:avLst/></a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p>"
        f"</xdr:txBody></xdr:sp><xdr:clientData/>"
    )
    picture = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="P"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
        '<a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect">'
        "<a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/>"
    )
    drawn = "".join(
        f'<xdr:twoCellAnchor editAs="{kind}"><xdr:from><xdr:col>6</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{first}'
        f"</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>8</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>"
        f"{last}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{inside}</xdr:twoCellAnchor>"
        for first, last, kind in anchors
        for inside in (picture, shape)
    )
    drawing = (
        f'<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main" xmlns:r="{_OFFICE}">{drawn}'
        "</xdr:wsDr>"
    )
    types = (
        '<Default Extension="png" ContentType="image/png"/><Override PartName="/xl/drawings/drawing9.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/></Types>'
    )
    changes: dict[str, bytes | Callable[[bytes], bytes] | None] = {
        "[Content_Types].xml": replaced("</Types>", types),
        "xl/worksheets/sheet1.xml": replaced("</worksheet>", f'<drawing xmlns:r="{_OFFICE}" r:id="rId9"/></worksheet>'),
        "xl/worksheets/_rels/sheet1.xml.rels": _one_relation("rId9", "drawing", "../drawings/drawing9.xml"),
        "xl/drawings/drawing9.xml": drawing.encode(),
        "xl/drawings/_rels/drawing9.xml.rels": _one_relation("rId1", "image", "../media/image9.png"),
        "xl/media/image9.png": a_png(),
    }
    return edit(path, changes)


def _one_relation(name: str, kind: str, target: str) -> bytes:
    relation = f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'.encode()

"""Sheets as a shop would write them: the text of a file, with the parts that a test is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SHEET = """id = "{id}"
title = "{title}"
shape = "{shape}"
order = 90
leaves_shop = {leaves_shop}
foot = "{foot}"
{top}
[of]
{of}

[page]
paper = "A4"
orientation = "portrait"
margins = [10, 10, 10, 10]

[font]
family = "宋体"
size = 10

[title_font]
family = "宋体"
size = 16

[phrases]
period = "{{first}} 至 {{last}} 共 {{count}} 件 {{privacy}}"
made = "{{by}} {{at}}"
empty = "没有"
page_number = "{{page}}/{{pages}}"
cut = "…（截断）"
cut_note = "截断 {{cut}} 处"

{body}
"""


def column(key: str, width: int = 20, more: str = "") -> str:
    """Return a column, whose label is its key; ``more`` are further lines."""
    return f'[[columns]]\nkey = "{key}"\nlabel = "{key}"\nwidth = {width}\n{more}\n'


def a_list(
    sheet_id: str = "own",
    of: str = 'each = "case"',
    *keys: str,
    title: str = "自己的表",
    foot: str = "",
    leaves_shop: bool = False,
) -> str:
    """Return the file of a list with these columns (default: the numbers)."""
    body = "\n".join(map(column, keys or ("number",)))
    leaves = str(leaves_shop).lower()
    return _SHEET.format(
        id=sheet_id, title=title, shape="list", top="", of=of, body=body, foot=foot, leaves_shop=leaves
    )


def a_form(rows: str, sheet_id: str = "own", of: str = 'each = "case"', widths: str = "[10, 20, 10, 20]") -> str:
    """Return the file of a form with these ``[[rows]]``."""
    top = f"widths = {widths}"
    return _SHEET.format(
        id=sheet_id, title="自己的单", shape="form", top=top, of=of, body=rows, foot="", leaves_shop="false"
    )


def put(folder: Path, text: str, sheet_id: str = "own") -> Path:
    """Write the file of a sheet into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{sheet_id}.toml"
    path.write_text(text, encoding="utf-8")
    return path

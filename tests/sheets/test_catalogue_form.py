"""A form as it is written in a file: what is read of it, and every mistake told with its line and its place."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.sheet_lines import Each
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.sheets.catalogue import load_sheet
from desk_app.sheets.sheet import Align, CellLook, Frame, Kind
from tests.helpers.sheet_files import a_form, a_list, put
from tests.sheets.samples import FACTS

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.sheets.sheet import Sheet

ROWS = """[[rows]]
cells = ["受理编号", "{number}", "程度", { boxes = "severity" }]

[[rows]]
lines = 3
cells = [{ text = "内容：{content}", span = 4, look = "plain", align = "center" }]

[[rows]]
repeat = { each = "deed", actions = ["contact"], where = { medium = ["phone", ""] } }
block = [
    { cells = ["次", "{serial}", { text = "经过", down = 2 }, "{deed.content}"] },
    { cells = [{ text = "{deed.at}", span = 2, kind = "date" }, { boxes = ["是", "否"], ticked_by = "consent" }] },
]

[[rows]]
cells = ["", "{shop}", { boxes = ["满意", "不满意"], span = 2 }]
"""


def read(folder: Path, text: str) -> Sheet:
    return load_sheet(put(folder, text), FACTS)


def refused(folder: Path, text: str) -> tuple[int, str]:
    """Return the line and the detail of what is wrong with a file."""
    with pytest.raises(KnownError) as caught:
        read(folder, text)
    assert caught.value.code == "sheet_broken"
    line = caught.value.params["line"]
    assert isinstance(line, int)
    return line, str(caught.value.params["detail"])


def test_a_form_has_the_frame_that_it_asks_for(tmp_path: Path) -> None:
    assert read(tmp_path, a_form(ROWS)).frame is Frame.THIN
    assert read(tmp_path, a_form(ROWS).replace("widths =", 'frame = "thick"\nwidths =')).frame is Frame.THICK


def test_a_form_is_read_cell_by_cell(tmp_path: Path) -> None:
    sheet = read(tmp_path, a_form(ROWS))

    assert sheet.widths == (10, 20, 10, 20)
    first, content, repeated, last = sheet.blocks
    label, value, _severity, boxes = first.rows[0].cells
    assert (label.look, value.look, boxes.look) == (CellLook.LABEL, CellLook.VALUE, CellLook.VALUE)
    assert (boxes.boxes, boxes.ticked_by) == (("轻微", "一般", "严重", "重大"), "severity")
    assert (content.rows[0].lines, content.rows[0].cells[0].look) == (3, CellLook.PLAIN)
    assert content.rows[0].cells[0].align is Align.CENTER
    assert repeated.repeat is not None
    assert (repeated.repeat.each, repeated.repeat.actions) == (Each.DEED, {Action.CONTACT})
    assert repeated.repeat.where == {"medium": {"phone", ""}}
    assert (repeated.rows[0].cells[2].down, repeated.rows[1].cells[0].kind) == (2, Kind.DATE)
    assert last.rows[0].cells[0].look is CellLook.VALUE, "a blank is written in"
    assert last.rows[0].cells[2].ticked_by == "", "for a pen"
    assert sheet.keys == ("number", "severity", "content")
    assert repeated.keys == ("deed.content", "deed.at", "consent")


@pytest.mark.parametrize(
    ("old", "new", "line", "detail"),
    [
        ('"{number}"', '"{numer}"', "cells = [", r"rows\[1\]\.cells\[2\] = 'numer'"),
        ('"{number}"', '"{ number }"', "cells = [", r"rows\[1\]\.cells\[2\] = '{ number }'"),
        ('"{number}"', '"{Number}"', "cells = [", r"rows\[1\]\.cells\[2\] = '{Number}'"),
        ('"{number}"', '"{number"', "cells = [", r"rows\[1\]\.cells\[2\] = '{number'"),
        ('"{number}"', '"{deed.at}"', "cells = [", r"rows\[1\]\.cells\[2\] = 'deed.at'"),
        ('"{number}"', '"{serial}"', "cells = [", r"rows\[1\]\.cells\[2\] = 'serial'"),
        ('"{number}"', "7", "cells = [", r"rows\[1\]\.cells\[2\] = 7"),
        ('"{number}"', '{ txt = "x" }', "cells = [", r"rows\[1\]\.cells\[2\]\.txt = '\?'"),
        ('"{number}"', '{ text = "x", span = 1.5 }', "cells = [", r"rows\[1\]\.cells\[2\]\.span = 1\.5"),
        ('"{number}"', '{ text = "x", span = 0 }', "cells = [", r"rows\[1\]\.cells\[2\]\.span = 0"),
        ('"{number}"', '{ text = "x", look = "bold" }', "cells = [", r"rows\[1\]\.cells\[2\]\.look = 'bold'"),
        ('"{number}"', '{ text = "x", kind = "money" }', "cells = [", r"rows\[1\]\.cells\[2\]\.kind = 'money'"),
        ('boxes = "severity"', 'boxes = "content"', "cells = [", r"rows\[1\]\.cells\[4\]\.boxes = 'content'"),
        ('boxes = "severity"', "boxes = 1", "cells = [", r"rows\[1\]\.cells\[4\]\.boxes = 1"),
        ('boxes = "severity"', 'boxes = "reply.medium"', "cells = [", r"rows\[1\]\.cells\[4\] = 'reply.medium'"),
        ('"{number}", ', "", "cells = [", r"rows\[1\]\.cells = 3 \(4\)"),
        ('"程度"', '{ text = "程度", down = 2 }', "cells = [", r"rows\[1\]\.cells = 'down' \(≤ 1\)"),
        ("down = 2", "down = 3", "span = 2, kind", r"rows\[3\]\.block\[2\]\.cells = 'down' \(≤ 2\)"),
        ('"{deed.content}"', '"a", "b"', "{serial}", r"rows\[3\]\.block\[1\]\.cells = 5 \(4\)"),
        ("span = 2, kind", "span = 3, kind", "span = 3", r"rows\[3\]\.block\[2\]\.cells = 4 \(3\)"),
        ("lines = 3", "lines = 0", "lines = 0", r"rows\[2\]\.lines = 0"),
        ("lines = 3", "lnes = 3", "lnes = 3", r"rows\[2\]\.lnes = '\?'"),
        ("span = 4", "span = 5", "cells = [{", r"rows\[2\]\.cells = 5 \(4\)"),
        ('actions = ["contact"]', 'actions = ["call"]', "repeat", r"rows\[3\]\.repeat\.actions\[1\] = 'call'"),
        ('actions = ["contact"], where', "where", "repeat", r"rows\[3\]\.repeat\.where\.medium = '\?'"),
        ("{ medium =", "{ medum =", "repeat", r"rows\[3\]\.repeat\.where\.medum = '\?'"),
        ('["phone", ""]', '["fon"]', "repeat", r"rows\[3\]\.repeat\.where\.medium = 'fon' \("),
        ('each = "deed"', 'each = "case"', "repeat", r"rows\[3\]\.repeat = 'case' \(round / deed / owed\)"),
        ('each = "deed"', 'each = "owed"', "repeat", r"rows\[3\]\.repeat\.owed = \[\]"),
        ("{serial}", "{owed.due_at}", "{owed.due_at}", r"rows\[3\]\.block\[1\]\.cells\[2\] = 'owed.due_at'"),
        ("widths = [10, 20, 10, 20]", "widths = [10, 20.5, 10, 20]", "widths", r"widths = \[10, 20\.5"),
        ("widths = [10, 20, 10, 20]", "widths = []", "widths", r"widths = \[\]"),
        ("widths =", 'frame = "double"\nwidths =', "frame", r"frame = 'double' \(thin / thick\)"),
        ("widths = [10, 20, 10, 20]", "", "", r"widths = None"),
        ('each = "case"', 'each = "handover"', "shape", r"shape = 'form' \(list\)"),
        ('each = "case"', 'each = "figures"\ntally = ["kind"]', "shape", r"shape = 'form' \(list\)"),
        ('foot = ""', 'foot = "{nobody}"', "foot", r"foot = '{nobody}'"),
        ('foot = ""', 'foot = "{first:%m}"', "foot", r"foot = '{first:%m}'"),
        ("截断 {cut} 处", "{shop}", "cut_note", r"phrases\.cut_note = '{shop}'"),
        ("{page}/{pages}", "{page}/{shop}", "page_number", r"phrases\.page_number = "),
        ("自己的单", "", "title", r"title = ''"),
        ("自己的单", "自己的\\n单", "title", r"title = '自己的\\n单'"),
        ("自己的单", "长" * 32, "title", r"title = '长"),
        ('family = "宋体"', 'family = "\\u0001"', "family", r"font\.family = "),
        ("[10, 10, 10, 10]", "[10, 10, 10, true]", "margins", r"page\.margins = "),
        ("[10, 10, 10, 10]", "[10, 10, 10, nan]", "margins", r"page\.margins = "),
    ],
)
def test_a_mistake_is_told_with_its_line_and_place(tmp_path: Path, old: str, new: str, line: str, detail: str) -> None:
    text = a_form(ROWS)
    assert old in text

    found, told = refused(tmp_path, text.replace(old, new, 1))

    assert re.match(detail, told), told
    assert line in (tmp_path / "own.toml").read_text(encoding="utf-8").splitlines()[found - 1]


def test_a_cell_that_would_be_torn_by_one_that_reaches_down_is_told(tmp_path: Path) -> None:
    rows = """[[rows]]
block = [
    { cells = ["a", { text = "b", down = 2 }, "c", "d"] },
    { cells = [{ text = "wide", span = 2 }, "e"] },
]
"""
    line, told = refused(tmp_path, a_form(rows))
    assert told == "rows[1].block[2].cells = 'wide' (span)"
    assert "wide" in (tmp_path / "own.toml").read_text(encoding="utf-8").splitlines()[line - 1]


@pytest.mark.parametrize("rows", ["", "rows = []", "rows = [1]", "rows = 1"])
def test_rows_that_are_none_are_told(tmp_path: Path, rows: str) -> None:
    text = a_form("").replace("widths =", f"{rows}\nwidths =")
    assert refused(tmp_path, text)[1].startswith("rows")


def test_a_column_of_a_list_is_a_whole_number_of_characters_wide(tmp_path: Path) -> None:
    text = a_list().replace("width = 20", "width = 20.5")
    line, detail = refused(tmp_path, text)
    assert detail == "columns[1].width = 20.5 (int)"
    assert text.splitlines()[line - 1] == "width = 20.5"


@pytest.mark.parametrize("key", ['"" = 1', '"。" = 1', '"a b" = 1', "2026-10 = 1", '"a[1" = 1', "é = 1"])
def test_a_key_that_can_hardly_be_named_is_told_all_the_same(tmp_path: Path, key: str) -> None:
    assert refused(tmp_path, f"{key}\n{a_list()}")[0] >= 1


SHIPPED = sorted((resources_dir() / "sheets").glob("*.toml"))
JUNK = st.sampled_from(
    ["", "\n", "[", "]", "[[", "{", "}", "=", '"', "'", "#", ",", "\\", "1e400", "nan", "true", "{}", "[]", "[[rows]]",
     '""', "\x00", "{number}", "9" * 30, "1979-05-27", "key", "cells", "text = ", "[of]", "repeat = {}", "表"]
)  # fmt: skip


@given(data=st.data(), source=st.sampled_from(SHIPPED))
def test_whatever_a_file_holds_it_is_a_sheet_or_its_fault_is_told(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, source: Path
) -> None:
    text = source.read_text(encoding="utf-8")
    for _time in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + data.draw(JUNK | st.text(max_size=3)) + text[end:]
    path = tmp_path_factory.getbasetemp() / source.name
    path.write_text(text, encoding="utf-8", errors="ignore", newline="")

    try:
        found: Sheet | KnownError = load_sheet(path, FACTS)
    except KnownError as fault:
        found = fault

    if isinstance(found, KnownError):
        assert found.code == "sheet_broken"
        assert 1 <= int(str(found.params["line"])) <= len(text.splitlines()) + 1
    else:
        assert found.id == tomllib.loads(path.read_text(encoding="utf-8-sig"))["id"] == source.stem

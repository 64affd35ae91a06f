"""What is wrong with a template is told: which file, which worksheet, which cell, and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from desk_app.domain.register_line import LINE_KEYS
from desk_app.errors import KnownError
from desk_app.sheets.template import check_template, fill_template, package, read_template
from tests.helpers.sources import ROOT
from tests.sheets.template_rig import HEAD, KEYS, a_form, a_list, add_pictures, edit, parts_of, replaced

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk_app.services.rules import Rules

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _codes(path: Path) -> list[str]:
    return [finding.code for finding in check_template(path, KEYS)]


@pytest.mark.parametrize("make", [a_list, a_form])
def test_a_good_template_has_no_findings(make: Callable[[Path], Path], tmp_path: Path) -> None:
    assert check_template(make(tmp_path / "t.xlsx"), KEYS) == ()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("编号,{{number}}\n".encode(), "template_not_workbook"),
        (b"", "template_not_workbook"),
        (_OLE + "Workbook".encode("utf-16-le"), "template_old_format"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "template_locked"),
        (b"PK\x03\x04 and no more", "template_broken"),
    ],
    ids=["text", "empty", "xls", "password", "zip"],
)
def test_a_file_that_is_no_workbook_is_told_as_what_it_is(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(data)
    assert _codes(path) == [code]
    with pytest.raises(KnownError) as caught:
        read_template(path, KEYS)
    assert caught.value.code == code


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    assert _codes(tmp_path / "t.xlsx") == ["file_missing"]
    assert _codes(tmp_path) == ["file_unreadable"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_told(share: float, tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert _codes(path) == ["template_broken"]


def test_a_byte_turned_over_is_told(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx")
    data = bytearray(path.read_bytes())
    place = data.index(b"xl/worksheets/sheet1.xml") + 100
    data[place] ^= 0xFF
    path.write_bytes(data)
    assert _codes(path) == ["template_broken"]


@pytest.mark.parametrize(
    ("part", "change", "code"),
    [
        ("[Content_Types].xml", None, "template_not_workbook"),
        ("[Content_Types].xml", replaced("sheet.main", "document.main"), "template_not_workbook"),
        ("_rels/.rels", None, "template_not_workbook"),
        ("[Content_Types].xml", b"<Types", "template_broken"),
        ("xl/workbook.xml", b"<workbook", "template_broken"),
        ("xl/worksheets/sheet1.xml", replaced("</worksheet>", ""), "template_broken"),
        ("xl/worksheets/sheet1.xml", replaced('r="5"', 'r="five"'), "template_broken"),
        ("xl/worksheets/sheet1.xml", lambda xml: b"<!DOCTYPE x []>" + xml, "template_broken"),
        ("xl/sharedStrings.xml", replaced("<si>", "<so>"), "template_broken"),
        ("xl/styles.xml", b"<styleSheet", "template_broken"),
        ("xl/worksheets/sheet1.xml", None, "template_part_missing"),
    ],
)  # fmt: skip
def test_a_part_that_is_broken_or_gone_is_told(part: str, change: Any, code: str, tmp_path: Path) -> None:
    assert _codes(edit(a_list(tmp_path / "t.xlsx"), {part: change})) == [code]


def test_a_picture_that_is_gone_is_told(tmp_path: Path) -> None:
    path = edit(add_pictures(a_list(tmp_path / "t.xlsx"), [(0, 2, "oneCell")]), {"xl/media/image9.png": None})
    (finding,) = check_template(path, KEYS)
    assert finding.code == "template_picture_missing"
    assert finding.params == {"file": "t.xlsx", "part": "xl/media/image9.png"}


def test_a_file_that_would_fill_the_memory_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = edit(a_list(tmp_path / "t.xlsx"), {"xl/media/image9.png": bytes(3_000_000)})
    assert _codes(path) == []
    monkeypatch.setattr(package, "LARGEST", 2_000_000)
    assert _codes(path) == ["template_too_big"]
    monkeypatch.setattr(package, "LARGEST", 1_000)
    assert _codes(path) == ["template_too_big"]


@pytest.mark.parametrize(
    ("text", "code", "more"),
    [
        ("{{nmuber}}", "template_key_mistyped", {"key": "nmuber", "meant": "{{number}}"}),
        ("编号 {{ NUMBER }}", "template_key_unknown", {"key": "NUMBER"}),
        ("{{zzz}}", "template_key_unknown", {"key": "zzz"}),
        ("{{}}", "template_key_unknown", {"key": ""}),
        ("{{number}", "template_key_open", {}),
        ("number}}", "template_key_open", {}),
        ("{{number}}}}", "template_key_open", {}),
        ('="{{shop}}"&A1', "template_key_in_formula", {}),
    ],
)
def test_a_wrong_placeholder_is_told_with_its_cell(text: str, code: str, more: Any, tmp_path: Path) -> None:
    path = a_form(tmp_path / "t.xlsx", lambda page: page.__setitem__("C5", text))
    (finding,) = check_template(path, KEYS)
    assert finding.code == code
    assert finding.params == {"file": "t.xlsx", "sheet": "处理单", "cell": "C5", **more}


def test_a_placeholder_of_a_line_outside_the_repeated_row_is_told(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx", lambda page: page.__setitem__("A7", "{{number}}{{serial}}{{shop}}"))
    assert [(f.code, f.params["cell"], f.params["key"], f.params["row"]) for f in check_template(path, KEYS)] == [
        ("template_key_outside", "A7", "number", 5),
        ("template_key_outside", "A7", "serial", 5),
    ]


def test_two_repeated_rows_apart_are_told(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx", lambda page: page.__setitem__("A10", "{{*number}}"))
    (finding,) = check_template(path, KEYS)
    assert finding.code == "template_rows_apart"
    assert finding.params == {"file": "t.xlsx", "sheet": "月报", "first": 5, "second": 10}


@pytest.mark.parametrize(("area", "told"), [("F5:F6", True), ("F4:F6", False), ("F5:G5", False), ("F4:F5", False)])
def test_a_merge_that_hangs_out_of_the_repeated_row_is_told(area: str, told: bool, tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx", lambda page: page.merge_cells(area))
    found = check_template(path, KEYS)
    assert [(f.code, f.params["area"]) for f in found] == ([("template_merge_across", area)] if told else [])


def test_a_header_may_use_a_line_on_a_form_only(tmp_path: Path) -> None:
    def header(page: Any) -> None:
        page.oddHeader.left.text = "{{number}} {{shop}}"

    assert _codes(a_form(tmp_path / "f.xlsx", header)) == []
    (finding,) = check_template(a_list(tmp_path / "t.xlsx", header), KEYS)
    assert finding.code == "template_key_in_header"
    assert finding.params == {"file": "t.xlsx", "sheet": "月报", "key": "number"}


def test_a_placeholder_in_a_text_box_is_told(tmp_path: Path) -> None:
    path = add_pictures(a_list(tmp_path / "t.xlsx"), [(0, 2, "oneCell")], text="{{sh</a:t></a:r><a:r><a:t>op}}")
    (finding,) = check_template(path, KEYS)
    assert finding.code == "template_key_elsewhere"
    assert finding.params == {"file": "t.xlsx", "part": "xl/drawings/drawing9.xml"}


def test_a_workbook_without_placeholders_is_told(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "t.xlsx")
    assert _codes(tmp_path / "t.xlsx") == ["template_empty"]


def test_all_mistakes_are_told_at_once_and_a_filling_stops_at_the_first(tmp_path: Path) -> None:
    def wrong(page: Any) -> None:
        page["A1"], page["B9"] = "{{shpo}}", "{{zzz}}"

    path = a_list(tmp_path / "t.xlsx", wrong)
    assert _codes(path) == ["template_key_mistyped", "template_key_unknown"]
    with pytest.raises(KnownError) as caught:
        read_template(path, KEYS)
    assert caught.value.params["cell"] == "A1"


def test_each_finding_is_a_sentence(tmp_path: Path, rules: Rules) -> None:
    path = a_form(tmp_path / "t.xlsx", lambda page: page.__setitem__("C5", "{{nmuber}}"))
    (finding,) = check_template(path, KEYS)
    assert rules.sentences.error(finding) == (
        "t.xlsx 工作表“处理单”的 C5：没有“nmuber”这一项，是不是 {{number}}？请改好后再试"
    )


def test_the_page_for_supervisors_names_every_key_of_a_case() -> None:
    page = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    table = page[page.index("| 名称 | 是什么 |") :]
    assert set(re.findall(r"\| `([a-z_]+)` \|", table)) == LINE_KEYS


@pytest.mark.slow
def test_whatever_is_done_to_a_part_only_known_errors_come(tmp_path: Path) -> None:
    """Numbers, names and elements are spoilt one after the other; each is refused, or filled."""
    path = add_pictures(a_list(tmp_path / "t.xlsx", lambda page: page.merge_cells("G5:H5")), [(0, 2, "oneCell")])
    whole = parts_of(path)
    codes = set()
    for name in (
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "xl/drawings/drawing9.xml",
    ):
        for found in re.finditer(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)', whole[name]):
            spoilt = whole[name][: found.start()] + b"\xe5\xa5\xbd" + whole[name][found.end() :]
            edit(path, {name: spoilt})
            try:
                fill_template(read_template(path, KEYS), HEAD, [{}, {}], tmp_path / "o.xlsx")
            except KnownError as error:
                codes.add(error.code)
    assert "template_broken" in codes

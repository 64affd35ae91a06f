"""The month's sheets, from the register to a workbook that is read back."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from desk_app.clock import FixedClock
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.jsonio import InputLine, read_lines
from desk_app.services import access, desk, export, intake, shop
from desk_app.services.sheets import Scope
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage import exports
from tests.helpers.builders import NOW, a_case, acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from desk_app.paths import DataFolder
    from desk_app.services.results import Exported
    from desk_app.services.rules import Rules

Line = dict[str, Any]


def read_back(path: Path) -> list[Line]:
    """Return the cases of a workbook, label → value, as another reader of the file sees them."""
    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if "受理编号" in row)
    place = rows[head].index("受理编号")
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :] if str(row[place] or "")[:3] == "TS-"]


def export_month(
    workspace: Workspace, name: str, sheets: Iterable[str], out: Path, *, other_names: bool = False
) -> Exported:
    """Export sheets of a month, each to a workbook of its own."""
    scope = export.month_scope(workspace, name)
    return export.export(workspace, export.Order(tuple(sheets), scope, out, other_names=other_names))


def month(workspace: Workspace, out: Path, name: str = "2026-10", *sheets: str) -> dict[str, list[Line]]:
    """Export a month and return the cases of each sheet."""
    files = export_month(workspace, name, sheets, out).files
    return {file.sheet: read_back(file.path) for file in files}


def contents(lines: Iterable[Line]) -> list[str]:
    return [line.get("投诉理由（事件经过）") or line["投诉内容"] for line in lines]


def json_lines(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def put(workspace: Workspace, *moments: str) -> None:
    """Register cases received at these moments, each called by its own."""
    lines = [InputLine(i, a_case(received_at=m, content=m), f"put-{m}-{i}") for i, m in enumerate(moments)]
    assert not intake.register_many(workspace, lines, keep_going=False).left_out


def test_a_month_begins_at_its_first_second_and_ends_with_its_last(workspace: Workspace, tmp_path: Path) -> None:
    inside = ["2026-10-01 00:00:00", "2026-10-15 12:00:00", "2026-10-31 23:59:59"]
    put(workspace, "2026-09-30 23:59:59", *reversed(inside), "2026-11-01 00:00:00")

    sheets = month(workspace, tmp_path)

    assert set(sheets) == {"register", "feedback"}
    for lines in sheets.values():
        assert contents(lines) == inside


def test_the_wall_clock_of_the_shop_decides_whatever_the_offset_it_was_given_with(
    workspace: Workspace, tmp_path: Path
) -> None:
    in_october_here = "2026-09-30T16:00:00+00:00"  # 2026-10-01 00:00 in Shanghai
    in_november_here = "2026-10-31T16:00:00Z"
    put(workspace, in_october_here, in_november_here)

    assert contents(month(workspace, tmp_path)["register"]) == [in_october_here]


def test_no_case_is_lost_or_doubled_where_many_were_received_in_one_second(
    workspace: Workspace, tmp_path: Path
) -> None:
    put(workspace, *["2026-10-08 09:00:00"] * 1203)  # read in batches, which end in the middle of them

    numbers = [line["受理编号"] for line in month(workspace, tmp_path, "2026-10", "register")["register"]]

    assert numbers == [f"TS-20261008-{serial:03}" for serial in range(1, 1204)]


def test_a_void_case_keeps_its_line_so_that_no_number_is_missing(workspace: Workspace, tmp_path: Path) -> None:
    put(workspace, "2026-10-08 09:00", "2026-10-08 10:00")
    acted(workspace, "TS-20261008-001", "void", reason="重复登记")

    lines = month(workspace, tmp_path)["register"]

    assert [(line["受理编号"], line["状态"]) for line in lines] == [
        ("TS-20261008-001", "作废"),
        ("TS-20261008-002", "已登记"),
    ]


def test_an_empty_month_is_a_sheet_that_says_so(workspace: Workspace, tmp_path: Path) -> None:
    (file,) = export_month(workspace, "2026-09", ["register"], tmp_path).files

    assert (file.rows, file.title, file.path.name) == (0, "客户投诉登记表", "客户投诉登记表_2026-09.xlsx")
    said = [value for row in load_workbook(file.path).worksheets[0].iter_rows(values_only=True) for value in row]
    assert any("共 0 件" in str(value) for value in said)


@pytest.mark.parametrize("typed", ["", "2026", "2026-13", "2026-1", "October", "26-10"])
def test_what_is_no_month_is_refused(workspace: Workspace, tmp_path: Path, typed: str) -> None:
    with pytest.raises(KnownError, match="bad_month"):
        export_month(workspace, typed, [], tmp_path)

    assert list(tmp_path.glob("*.xlsx")) == []


def test_a_month_to_come_and_a_sheet_that_is_none_are_refused_before_anything_is_written(
    workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(KnownError, match="period_ahead"):
        export_month(workspace, "2026-12", [], tmp_path)
    with pytest.raises(KnownError, match="sheet_unknown"):
        export_month(workspace, "2026-10", ["register", "no such sheet"], tmp_path)

    assert list(tmp_path.glob("*.xlsx")) == []


def test_an_export_replaces_its_own_file_or_takes_a_free_name(workspace: Workspace, tmp_path: Path) -> None:
    put(workspace, "2026-10-08 09:00")
    (first,) = export_month(workspace, "2026-10", ["register"], tmp_path).files
    put(workspace, "2026-10-09 09:00")

    (again,) = export_month(workspace, "2026-10", ["register"], tmp_path).files
    (beside,) = export_month(workspace, "2026-10", ["register"], tmp_path, other_names=True).files

    assert again.path == first.path
    assert beside.path.name == "客户投诉登记表_2026-10(2).xlsx"
    assert [len(read_back(path)) for path in (again.path, beside.path)] == [2, 2]


@pytest.mark.fault
def test_a_folder_that_vanishes_while_it_is_written_into_is_told(workspace: Workspace, tmp_path: Path) -> None:
    number = registered(workspace, "a").case.number
    out = tmp_path / "stick"

    def pulled_out(_grids: object, path: Path, _properties: object) -> None:
        path.write_bytes(b"%PDF")
        shutil.rmtree(out)

    order = export.Order(("record",), Scope(numbers=(number,)), out, format=export.Format.PDF, pdf=pulled_out)
    with pytest.raises(KnownError) as refused:
        export.export(workspace, order)

    assert refused.value.code == "target_unwritable"
    assert refused.value.params["path"] == out
    assert not out.exists()


def test_a_folder_that_cannot_be_made_is_told(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(KnownError, match="target_unwritable") as caught:
        export_month(workspace, "2026-10", [], tmp_path / "file" / "out")

    assert str(caught.value.params["path"]).endswith("out")


def test_what_was_answered_and_asked_stands_on_the_feedback_sheet(workspace: Workspace, tmp_path: Path) -> None:
    number = registered(workspace, "one", received_at="2026-10-08 09:00").case.number
    closed(workspace, number, reply={"content": "=SUM(A1)", "medium": "phone", "reaction": "同意"})

    (line,) = month(workspace, tmp_path, "2026-10", "feedback")["feedback"]

    told = "\n".join(str(value) for value in line.values())
    for words in ("=SUM(A1)", "同意", "基本满意", "再快些", "已换新，客户基本满意", "已结案"):
        assert words in told


@pytest.mark.slow
def test_a_real_month_is_exported_word_for_word(
    real_data: Path, folder: DataFolder, rules: Rules, tmp_path: Path
) -> None:
    source = real_data / "month_2026-10.jsonl"
    ws = open_workspace(folder, FixedClock(NOW), rules)
    ws.store.conn.execute("PRAGMA synchronous=OFF")  # word for word is asked here, not how safely
    with source.open("rb") as stream:
        numbers = intake.register_many(ws, read_lines(stream), keep_going=False).numbers
    replies = json_lines(real_data / "month_2026-10_replies.jsonl")
    for reply in replies:
        desk.act(ws, numbers[reply["line"] - 1], "reply", {"content": reply["content"]}, f"reply-{reply['line']}")

    sheets = month(ws, tmp_path)
    ws.close()

    given = [case["content"] for case in json_lines(source)]
    answered = {numbers[reply["line"] - 1]: reply["content"] for reply in replies}
    for lines in sheets.values():
        assert sorted(line["受理编号"] for line in lines) == sorted(numbers)
        assert contents(lines) == given
    assert {line["受理编号"]: line["答复"] for line in sheets["register"] if line["答复"]} == answered


def test_an_export_is_on_record_as_of_who_is_signed_in(workspace: Workspace, tmp_path: Path) -> None:
    registered(workspace)
    shop.set_up(workspace, "云栖酒店", "general", "小周")
    shop.set_role(workspace, "李娜", Role.MANAGER)
    access.sign_in(workspace, "李娜", stays=False)

    (file,) = export_month(workspace, "2026-11", ("register",), tmp_path).files

    row = exports.of_name(workspace.store.conn, file.path.name)
    assert row is not None
    assert row.by == "李娜"

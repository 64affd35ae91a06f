"""Files that leave the program: all or none, and each can be proved to be what it was."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.packaging.custom import StringProperty

from desk_app import __version__
from desk_app.domain.journal import Noted
from desk_app.domain.periods import read_period
from desk_app.domain.sealed import Fit
from desk_app.errors import KnownError
from desk_app.services import anchoring, export, proof, shop
from desk_app.services.export import Format, Order
from desk_app.services.results import ProvedExport
from desk_app.services.sheets import Scope
from desk_app.storage import journal, schema
from tests.helpers.builders import NOW, acted, registered
from tests.helpers.sheet_files import a_form, a_list, put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.services.workspace import Workspace

MONTH = Scope(read_period("2026-11", NOW.date()))
FORM = '[[rows]]\ncells = ["编号", "{number}", "地点", "{place}"]\n'


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the files go; it is not there yet."""
    return tmp_path / "out"


def exported(workspace: Workspace, out: Path, *sheets: str, scope: Scope = MONTH, **order: Any) -> list[Path]:
    return [f.path for f in export.export(workspace, Order(sheets, scope, out, **order)).files]


def rows_of(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return what is remembered of the files."""
    sql = "SELECT sheets, first, last, scope, masked, rows, name FROM export ORDER BY id"
    return list(workspace.store.conn.execute(sql))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def cells(path: Path, tab: int = 0) -> list[tuple[object, ...]]:
    return list(load_workbook(path).worksheets[tab].iter_rows(values_only=True))


# ------------------------------------------------------------------------------------------------------------- proof


def test_a_file_is_what_it_was_under_any_name(workspace: Workspace, out: Path) -> None:
    registered(workspace)
    (path,) = exported(workspace, out, "register")
    renamed = path.rename(out / "给老板.xlsx")

    proved = proof.prove(workspace, renamed)

    assert proved.is_unchanged
    assert proved.row is not None
    assert (proved.row.by, proved.row.at, proved.row.rows) == ("前台", NOW.isoformat(), 1)
    assert rows_of(workspace) == [("register", "2026-11-01", "2026-11-30", "", 0, 1, path.name)]


def test_a_changed_cell_is_found_out_and_whose_file_it_was(workspace: Workspace, out: Path) -> None:
    registered(workspace)
    (path,) = exported(workspace, out, "register")
    book = load_workbook(path)
    cell = next(c for row in book.worksheets[0].iter_rows() for c in row if str(c.value).startswith("TS-"))
    cell.value = "TS-20261122-009"
    book.save(path)

    proved = proof.prove(workspace, path)

    assert not proved.is_unchanged
    assert proved.row is not None
    assert (proved.row.name, proved.row.by) == (path.name, "前台")


def test_a_file_says_what_is_in_it_who_made_it_and_when(workspace: Workspace, out: Path) -> None:
    for number in ("one", "two"):
        registered(workspace, number)
    put(workspace.folder.sheets, a_list(of='each = "case"\nkinds = ["complaint", "inquiry"]\ncarried = true'))
    scope = replace(MONTH, masked=True)
    shop.set_up(workspace, "云栖&<酒店>", "hotel", "小周")

    before = anchoring.head(workspace)
    (path,) = exported(workspace, out, "own", scope=scope)

    assert stated(path) == {
        "店名": "云栖&<酒店>",
        "表": "自己的表",
        "范围": "2026-11-01 至 2026-11-30，投诉、咨询；含此前未结",
        "件数": "2",
        "个人信息": "已脱敏",
        "导出人": "小周",
        "导出时间": "2026-11-22 10:00",
        "程序": f"Complaint Desk {__version__}",
    }
    foot = load_workbook(path).worksheets[0].oddFooter
    assert (foot.left.text, foot.right.text) == (
        "2026-11-01 至 2026-11-30　投诉、咨询；含…　共 2 件　已脱敏",
        f"小周　2026-11-22 10:00　账 {before.id}·{before.mac[:6]}",
    )


def stated(path: Path) -> dict[str, str]:
    """Return the properties of a workbook but for its mark."""
    found = {prop.name: prop.value for prop in load_workbook(path).custom_doc_props}  # type: ignore[attr-defined]
    return {name: value for name, value in found.items() if name not in (proof.MARK, proof.LEDGER)}


def test_forms_say_of_which_cases_they_are_and_a_blank_one_says_nothing(workspace: Workspace, out: Path) -> None:
    cases = tuple(registered(workspace, text).case.number for text in "abcde")

    some, one = (exported(workspace, out, "record", scope=Scope(numbers=n))[0] for n in (cases, cases[:1]))
    (blank,) = exported(workspace, out, "survey")

    feet = [load_workbook(path).worksheets[0].oddFooter.left.text for path in (some, one, blank)]
    assert feet == [f"{cases[0]}等5件　共 5 件　未脱敏", f"{cases[0]}　共 1 件　未脱敏", ""]
    assert stated(some)["范围"] == "、".join(cases[:3]) + "等5件"
    assert stated(blank)["件数"] == "0"


def test_a_filled_template_of_the_shop_keeps_its_properties_and_says_what_is_in_it(
    workspace: Workspace, out: Path, tmp_path: Path
) -> None:
    registered(workspace)
    template = a_template(tmp_path / "月报.xlsx")

    (path,) = exported(workspace, out, templates=(template,))

    assert stated(path)["编制依据"] == "KF-01"
    assert (stated(path)["表"], stated(path)["件数"], stated(path)["导出人"]) == ("月报", "1", "前台")
    assert proof.prove(workspace, path).is_unchanged
    book = load_workbook(path)
    book.worksheets[0]["A1"] = "改过的"
    book.save(path)
    proved = proof.prove(workspace, path)
    assert (proved.is_unchanged, proved.is_marked) == (False, True)
    again = a_template(tmp_path / "二月报.xlsx", of=path)
    (second,) = exported(workspace, out, templates=(again,))
    assert stated(second)["表"] == "二月报", "a filled one that is a template again says what it is now"


def a_template(path: Path, of: Path | None = None) -> Path:
    """Write a workbook with a placeholder and a property of its own."""
    book: Any = load_workbook(of) if of else Workbook()
    book.worksheets[0]["A1"] = "{{*number}}"
    if of is None:
        book.custom_doc_props.append(StringProperty(name="编制依据", value="KF-01"))
    book.save(path)
    return path


def test_a_changed_file_without_a_mark_is_told_by_its_name(workspace: Workspace, out: Path) -> None:
    registered(workspace)
    (path,) = exported(workspace, out, "register", format=Format.CSV)
    assert proof.prove(workspace, path).is_unchanged
    path.write_bytes(path.read_bytes() + b"x")

    named, renamed = proof.prove(workspace, path), proof.prove(workspace, path.rename(out / "renamed.csv"))

    assert named.row is not None
    assert (named.row.name, named.is_unchanged, named.is_marked) == (path.name, False, False)
    assert renamed.row is None


def test_a_file_that_we_did_not_write_is_unknown(workspace: Workspace, out: Path, tmp_path: Path) -> None:
    registered(workspace)
    foreign = tmp_path / "foreign.xlsx"
    load_workbook(exported(workspace, out, "feedback")[0]).save(foreign)
    book = load_workbook(foreign)
    book.custom_doc_props.props.clear()  # type: ignore[attr-defined]  # its stubs know nothing of it
    book.save(foreign)
    (tmp_path / "text.xlsx").write_text("no workbook")

    for each in (foreign, tmp_path / "text.xlsx"):
        assert proof.prove(workspace, each) == ProvedExport(None, is_unchanged=False, is_marked=False)
    for nothing in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(KnownError, match="file_unreadable"):
            proof.prove(workspace, nothing)


def test_the_same_export_again_has_the_same_rows_and_both_can_be_proved(workspace: Workspace, out: Path) -> None:
    for number in ("one", "two"):
        acted(workspace, registered(workspace, number).case.number, "reply", content=number)

    first = exported(workspace, out / "1", "register", "feedback", "promises")
    again = exported(workspace, out / "2", "register", "feedback", "promises")

    assert [cells(path) for path in first] == [cells(path) for path in again]
    assert all(proof.prove(workspace, path).is_unchanged for path in (*first, *again))


def test_what_was_exported_stays_on_record(workspace: Workspace, out: Path) -> None:
    exported(workspace, out, "register")
    for sql in (
        "UPDATE export SET rows = 9",
        "DELETE FROM export",
        "INSERT OR REPLACE INTO export SELECT * FROM export",
    ):
        with pytest.raises(Exception, match="an export stays"):
            workspace.store.conn.execute(sql)


# ------------------------------------------------------------------------------------------------------- all or none


def stopped_after(steps: int) -> Callable[[], bool]:
    """Say that somebody cancels when they were asked so many times."""
    asked = iter(range(steps))
    return lambda: next(asked, None) is None


@pytest.mark.parametrize("steps", range(4))  # two sheets are filled, two files are written
def test_a_cancelled_export_leaves_nothing_behind(workspace: Workspace, out: Path, steps: int) -> None:
    order = Order(("register", "feedback"), MONTH, out)

    with pytest.raises(KnownError, match="export_cancelled"):
        export.export(workspace, order, is_cancelled=stopped_after(steps))

    assert not out.exists()
    assert rows_of(workspace) == []
    export.export(workspace, order, is_cancelled=stopped_after(4))
    assert len(names(out)) == len(rows_of(workspace)) == 2


def test_progress_is_told_sheet_by_sheet(workspace: Workspace, out: Path) -> None:
    told: list[tuple[int, int]] = []
    order = Order(("register", "feedback"), MONTH, out)

    export.export(workspace, order, progress=lambda done, of: told.append((done, of)))

    assert told == [(done, 4) for done in range(5)], "each is filled, then each is in its file"


def fail_at(name: str, number: int) -> Callable[..., Any]:
    """Return an ``os.replace`` that fails where a file is put in place under this name."""
    replace = os.replace

    def fail(source: Path, destination: Path) -> None:
        if Path(destination).name == name and Path(destination).parent.name == "out":
            raise OSError(number, os.strerror(number))
        replace(source, destination)

    return fail


@pytest.mark.fault
@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EIO, "target_unwritable")])
def test_where_the_last_file_cannot_be_put_in_place_the_first_is_again_what_it_was(
    workspace: Workspace, out: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    registered(workspace, "one")
    paths = exported(workspace, out, "register", "feedback")
    (out / "other.txt").write_text("somebody else's")
    before, remembered = {path: path.read_bytes() for path in paths}, rows_of(workspace)
    registered(workspace, "two")

    monkeypatch.setattr(os, "replace", fail_at(paths[1].name, number))
    with pytest.raises(KnownError, match=code):
        exported(workspace, out, "register", "feedback", "promises")
    monkeypatch.undo()

    assert {path: path.read_bytes() for path in paths} == before
    assert names(out) == sorted([*(path.name for path in paths), "other.txt"])
    assert rows_of(workspace) == remembered
    assert all(proof.prove(workspace, path).is_unchanged for path in paths)


@pytest.mark.fault
def test_a_file_that_cannot_be_remembered_is_not_put_in_place(workspace: Workspace, out: Path) -> None:
    (old,) = exported(workspace, out, "register")
    before = old.read_bytes()
    registered(workspace)
    workspace.store.conn.execute(
        "CREATE TEMP TRIGGER no_room BEFORE INSERT ON export BEGIN SELECT RAISE(FAIL, 'x'); END"
    )

    with pytest.raises(Exception, match="x"):
        exported(workspace, out, "register", "feedback")

    assert names(out) == [old.name]
    assert old.read_bytes() == before


@pytest.mark.fault
def test_a_disk_that_fills_while_a_file_is_written_leaves_the_old_ones(
    workspace: Workspace, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = exported(workspace, out, "register")
    before = old.read_bytes()

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(KnownError, match="disk_full"):
        exported(workspace, out, "register", "feedback")
    monkeypatch.undo()

    assert (names(out), old.read_bytes(), len(rows_of(workspace))) == ([old.name], before, 1)


@pytest.mark.fault
def test_what_a_killed_export_left_goes_with_the_next_and_that_of_a_living_one_stays(
    workspace: Workspace, out: Path
) -> None:
    dead, living = out / ".export-dead", out / ".export-living"
    for folder in (dead, living):
        folder.mkdir(parents=True)
        (folder / "register.xlsx").write_text("half")
    an_hour_ago = time.time() - 3600
    os.utime(dead, (an_hour_ago, an_hour_ago))

    (path,) = exported(workspace, out, "register")

    assert names(out) == [living.name, path.name]


def test_a_target_that_is_a_folder_is_told_and_nothing_is_written(workspace: Workspace, out: Path) -> None:
    taken = out / "客户投诉登记反馈表_2026-11.xlsx"
    taken.mkdir(parents=True)

    with pytest.raises(KnownError, match="target_unwritable"):
        exported(workspace, out, "register", "feedback")

    assert (names(out), rows_of(workspace)) == ([taken.name], [])


# ------------------------------------------------------------------------------------------------- what files there are


def test_several_sheets_in_one_file_each_have_a_tab(workspace: Workspace, out: Path) -> None:
    number = registered(workspace).case.number

    (path,) = exported(workspace, out, "register", "feedback", "record", together=True)

    book = load_workbook(path)
    assert book.sheetnames[:2] == ["客户投诉登记表", "客户投诉登记反馈表"]
    assert all(number in str(cells(path, tab)) for tab in range(3))
    assert rows_of(workspace) == [("register,feedback,record", "2026-11-01", "2026-11-30", "", 0, 3, path.name)]


def test_two_sheets_of_one_title_do_not_take_each_others_name(workspace: Workspace, out: Path) -> None:
    for sheet_id in ("mine", "yours"):
        put(workspace.folder.sheets, a_list(sheet_id, 'each = "case"', "number"), sheet_id)

    first = exported(workspace, out, "mine", "yours")
    again = exported(workspace, out, "mine", "yours")
    beside = exported(workspace, out, "mine", "yours", other_names=True)

    assert [path.name for path in first] == ["自己的表_2026-11.xlsx", "自己的表_2026-11(2).xlsx"]
    assert again == first
    assert [path.name for path in beside] == ["自己的表_2026-11(3).xlsx", "自己的表_2026-11(4).xlsx"]


@pytest.mark.parametrize(("kind", "encoding"), [(Format.CSV, "utf-8-sig"), (Format.CSV_GB18030, "gb18030")])
def test_a_list_is_a_csv_file_in_either_encoding(workspace: Workspace, out: Path, kind: Format, encoding: str) -> None:
    registered(workspace, content="=1+1，电水壶")
    put(workspace.folder.sheets, a_list("own", 'each = "case"', "number", "content"))

    (path,) = exported(workspace, out, "own", format=kind)

    assert path.suffix == ".csv"
    assert path.read_bytes().decode(encoding) == "number,content\r\nTS-20261122-001,'=1+1，电水壶\r\n"


def test_a_csv_file_holds_one_list_and_no_form(workspace: Workspace, out: Path) -> None:
    put(workspace.folder.sheets, a_form(FORM))
    for code, sheets, together in (
        ("format_not_for_forms", ("register", "own"), False),
        ("csv_one_sheet", ("register", "feedback"), True),
    ):
        with pytest.raises(KnownError, match=code):
            exported(workspace, out, *sheets, format=Format.CSV, together=together)
    assert not out.exists()
    assert len(exported(workspace, out, "register", "feedback", format=Format.CSV)) == 2


def test_what_no_file_can_be_is_refused_before_anything_is_written(workspace: Workspace, out: Path) -> None:
    for code, order in (
        ("format_not_built", {"format": Format.PDF}),
        ("sheet_of_handover", {"sheets": ("handover",)}),
        ("figures_need_period", {"sheets": ("statistics",), "scope": Scope(numbers=("TS-20261122-001",))}),
        ("case_unknown", {"scope": Scope(numbers=("TS-1",))}),
    ):
        asked: dict[str, Any] = {"sheets": ("register",), **order}
        with pytest.raises(KnownError, match=code):
            exported(workspace, out, *asked.pop("sheets"), **asked)
    assert not out.exists()


def test_the_name_of_a_file_says_which_cases_it_holds_and_fits_a_disk(workspace: Workspace, out: Path) -> None:
    shop.set_up(workspace, "云栖" * 30, "general", "小周")
    numbers = tuple(registered(workspace, str(n)).case.number for n in range(5))

    (few,) = exported(workspace, out, "register", scope=Scope(numbers=numbers[:2]))
    (many,) = exported(workspace, out, "register", scope=Scope(numbers=numbers))

    assert few.name == f"客户投诉登记表_{'云栖' * 9}_{numbers[0]}、{numbers[1]}.xlsx"
    assert many.stem.endswith(f"{numbers[2]}等5件")
    assert rows_of(workspace)[1][3] == ",".join(numbers)


def test_a_file_tells_when_the_register_is_another_or_an_older_one(workspace: Workspace, out: Path) -> None:
    conn = workspace.store.conn
    for file_format in (Format.XLSX, Format.PDF):
        for turn in ("one", "two"):
            registered(workspace, file_format + turn)
        (path,) = exported(workspace, out, "register", format=file_format, pdf=a_pdf)
        line = anchoring.head(workspace).id - 1  # what was the end when the sheet was written
        assert (proof.prove(workspace, path).ledger, proof.prove(workspace, path).line) == (Fit.SAME, line)

        conn.execute("DROP TRIGGER ledger_no_update")
        conn.execute("UPDATE ledger SET mac = 'other' WHERE id = ?", (line,))
        assert (proof.prove(workspace, path).ledger, proof.prove(workspace, path).is_sound) == (Fit.OTHER, False)

        conn.execute("DROP TRIGGER ledger_no_delete")
        conn.execute("DELETE FROM ledger WHERE id >= ?", (line,))
        told = proof.told(workspace.rules.sentences, path, proof.prove(workspace, path))
        assert f"账里没有第 {line} 行" in workspace.rules.sentences.say(*told)
        for name in ("ledger_no_update", "ledger_no_delete"):
            conn.execute(schema.expected()[name])


def a_pdf(_grids: object, path: Path, properties: Mapping[str, str]) -> None:
    """Write the properties as they stand in a PDF file."""
    path.write_text("".join(f' desk:{name}="{value}"' for name, value in properties.items()), encoding="utf-8")


def test_the_journal_says_who_took_what_out_of_the_register(workspace: Workspace, out: Path) -> None:
    registered(workspace)

    exported(workspace, out, "register", "feedback")

    noted = journal.page(workspace.store.conn, (Noted.EXPORT,))
    november = "2026-11-01/2026-11-30"
    assert [(e.data["sheets"], e.data["period"], e.data["rows"]) for e in reversed(noted)] == [
        ("register", november, 1),
        ("feedback", november, 1),
    ]
    assert all(len(e.subject) == 32 for e in noted), "the mark that the file itself carries"

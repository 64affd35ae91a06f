"""Which sheets can be asked for, of a period and of a case; and what an order of them does."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.services import export, offers, proof
from desk_app.services.export import Format, Order
from desk_app.services.sheets import Scope
from tests.helpers.builders import acted, registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.services.workspace import Workspace

SHIPPED = resources_dir() / "sheets"


def own(workspace: Workspace, name: str, text: str) -> Path:
    """Put a file into the shop's own folder of sheets."""
    workspace.folder.sheets.mkdir(parents=True, exist_ok=True)
    path = workspace.folder.sheets / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def november(workspace: Workspace) -> Scope:
    return export.month_scope(workspace, "2026-11")


def test_every_sheet_of_a_period_is_offered_by_groups_the_monthly_ones_first(workspace: Workspace) -> None:
    found = offers.of_period(workspace)

    groups = [offer.group for offer in found.sheets]
    assert [offer.id for offer in found.sheets][:2] == list(export.MONTHLY)
    assert groups == sorted(groups, key=list(offers.Group).index)
    assert {path.stem for path in SHIPPED.glob("*.toml")} - {offer.id for offer in found.sheets} == {
        "handover",
        "person",
    }
    assert found.faults == ()
    assert not any(offer.is_own for offer in found.sheets)


def test_a_group_is_told_by_the_file_else_by_what_the_sheet_is_of(workspace: Workspace) -> None:
    text = (SHIPPED / "register.toml").read_text(encoding="utf-8")
    own(workspace, "mine", text.replace('id = "register"', 'id = "mine"').replace('group = "month"', 'group = "week"'))
    own(workspace, "other", text.replace('id = "register"', 'id = "other"').replace('group = "month"\n', ""))

    group_of = {offer.id: offer.group for offer in offers.of_period(workspace).sheets}

    assert {key: group_of[key].value for key in ("mine", "other", "record", "statistics", "survey", "promises")} == {
        "mine": "week",
        "other": "other",
        "record": "case",
        "statistics": "figures",
        "survey": "blank",
        "promises": "ledger",
    }


def test_the_shops_own_are_marked_and_a_broken_one_leaves_the_houses_in_its_place(workspace: Workspace) -> None:
    text = (SHIPPED / "register.toml").read_text(encoding="utf-8")
    own(workspace, "register", text)
    broken = own(workspace, "feedback", "id = 'feedback'")

    found = offers.of_period(workspace)

    assert [offer.id for offer in found.sheets if offer.is_own] == ["register"]
    assert "feedback" in {offer.id for offer in found.sheets}
    assert [(fault.code, fault.params["file"]) for fault in found.faults] == [("sheet_broken", broken)]


def test_of_a_case_only_the_forms_are_offered_that_there_is_one_of(workspace: Workspace) -> None:
    number = registered(workspace, "a").case.number
    before = {offer.id for offer in offers.of_cases(workspace, (number,)).sheets}

    acted(workspace, number, "assign", department="工程部")

    after = {offer.id for offer in offers.of_cases(workspace, (number,)).sheets}
    assert {"record", "receipt"} <= before
    assert not before & {"handling", "register", "survey", "proposal", "handover"}
    assert after - before == {"handling"}


def test_a_case_that_is_not_there_has_no_forms(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="case_unknown"):
        offers.of_cases(workspace, ("TS-20990101-001",))


def test_steps_are_told_in_order_up_to_the_last(workspace: Workspace, tmp_path: Path) -> None:
    registered(workspace, "a")
    told: list[tuple[int, int]] = []

    export.export(
        workspace,
        Order(("register", "record", "statistics"), november(workspace), tmp_path),
        progress=lambda done, of: told.append((done, of)),
    )

    assert told == [(done, 6) for done in range(7)]


@pytest.mark.parametrize("asked_before", range(16))
def test_whenever_it_is_cancelled_nothing_is_left_behind(
    workspace: Workspace, tmp_path: Path, asked_before: int
) -> None:
    for name in "abc":
        registered(workspace, name)
    out = tmp_path / "out"
    out.mkdir()
    (out / "客户投诉登记表_2026-11.xlsx").write_bytes(b"the one of before")
    answers = iter([False] * asked_before)

    with pytest.raises(KnownError, match="export_cancelled"):
        export.export(
            workspace,
            Order(("register", "record"), november(workspace), out),
            is_cancelled=lambda: next(answers, True),
        )

    assert [path.read_bytes() for path in out.iterdir()] == [b"the one of before"]
    assert proof.prove(workspace, out / "客户投诉登记表_2026-11.xlsx").row is None


def test_several_sheets_do_not_go_into_one_csv_file(workspace: Workspace, tmp_path: Path) -> None:
    registered(workspace, "a")
    order = Order(export.MONTHLY, november(workspace), tmp_path / "out", Format.CSV, together=True)

    with pytest.raises(KnownError, match="csv_one_sheet"):
        export.export(workspace, order)
    one = Order(("register",), november(workspace), tmp_path / "out", Format.CSV, together=True)

    (file,) = export.export(workspace, one).files
    assert file.title == "客户投诉登记表"


def test_a_file_is_called_as_somebody_wants_it_and_is_known_again(workspace: Workspace, tmp_path: Path) -> None:
    number = registered(workspace, "a").case.number
    scope = Scope(numbers=(number,))

    order = Order(("receipt", "record"), scope, tmp_path, together=True, name="给李女士")
    (file,) = export.export(workspace, order).files

    assert file.path == tmp_path / "给李女士.xlsx"
    assert load_workbook(file.path).sheetnames == ["投诉受理回执", "客户投诉记录单"]
    assert proof.prove(workspace, file.path).is_unchanged


def test_sheets_are_filled_to_be_looked_at_without_any_file(workspace: Workspace, tmp_path: Path) -> None:
    registered(workspace, "a")
    told: list[tuple[int, int]] = []
    order = Order((), november(workspace), tmp_path / "out")

    filled = export.fill(workspace, order, progress=lambda done, of: told.append((done, of)))

    assert [each.sheet.id for each in filled] == list(export.MONTHLY)
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["register", "unheard_of"])
def test_nothing_is_collected_while_sheets_are_made_and_everything_afterwards(
    workspace: Workspace, tmp_path: Path, name: str
) -> None:
    registered(workspace, "a")
    seen: list[bool] = []
    order = Order(("register", name), november(workspace), tmp_path)

    with suppress(KnownError):
        export.export(workspace, order, progress=lambda _done, _of: seen.append(gc.isenabled()))

    assert seen[1:] == ([False] * 2 if name == "register" else [])  # the first is told before the first sheet
    assert gc.isenabled()

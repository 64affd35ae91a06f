"""Which of the register a sheet holds, what it says of them, and sheets that a shop adds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.periods import read_period
from desk_app.errors import KnownError
from desk_app.services import sheets
from desk_app.services.sheets import Scope
from tests.helpers.builders import NOW, SHANGHAI, acted, registered
from tests.helpers.sheet_files import a_form, a_list, put
from tests.helpers.working import closed

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace
    from desk_app.sheets.grid import Grid

PROMISES = 'each = "owed"\nowed = ["promise"]'
CONTACTS = 'each = "deed"\nactions = ["contact"]'


def period(text: str) -> Scope:
    return Scope(read_period(text, NOW.date()))


def filled(ws: Workspace, of: str, scope: Scope, *keys: str) -> list[tuple[object, ...]]:
    """Return the lines of a list of these keys."""
    put(ws.folder.sheets, a_list("own", of, *keys))
    found = sheets.fill(ws, sheets.find(ws, "own"), scope, by="小周")
    body = [row.values for row in found.grid.rows if row.looks[0].role == "body"]
    assert found.rows == len(body)
    return body


def said(grid: Grid) -> str:
    return "\n".join(str(value) for row in grid.rows for value in row.values if value is not None)


# ------------------------------------------------------------------------------------------------ what is in a period


def test_a_deed_is_in_the_period_in_which_it_was_done_whenever_its_case_came(workspace: Workspace) -> None:
    old = registered(workspace, "old", received_at="2026-09-01 09:00").case.number
    new = registered(workspace, "new", received_at="2026-10-02 09:00").case.number
    moments = ("2026-09-30 23:59:59", "2026-10-01 00:00", "2026-10-31 23:59:59", "2026-11-01 00:00")
    for number, at in zip((old, old, new, new), moments, strict=True):
        acted(workspace, number, "contact", content=at, at=at)

    lines = filled(workspace, CONTACTS, period("2026-10"), "deed.content", "number")

    assert lines == [(moments[1], old), (moments[2], new)], "in the order they were done"


def test_what_is_owed_is_carried_into_a_period_while_it_is_open(workspace: Workspace, clock: FixedClock) -> None:
    number = registered(workspace, received_at="2026-09-01 09:00").case.number
    at = {"before": "2026-09-30 23:59:59", "first": "2026-10-01 00:00", "last": "2026-10-31 23:59:59"}
    for what, moment in {**at, "kept": "2026-09-29 08:00", "after": "2026-11-01 00:00"}.items():
        clock.moment = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
        acted(workspace, number, "promise", what=what)
    clock.moment = NOW
    owed = sheets.cases.read_file(workspace.store.conn, number)
    assert owed is not None
    kept = next(f.id for f in owed.follow_ups if f.subject == "kept")
    acted(workspace, number, "keep_promise", promise=kept)

    assert filled(workspace, PROMISES, period("2026-10"), "owed.subject") == [("before",), ("first",), ("last",)]
    assert filled(workspace, PROMISES, period("2026-09"), "owed.subject") == [("kept",), ("before",)]
    assert filled(workspace, PROMISES, period("2026-08"), "owed.subject") == []


def test_cases_that_are_open_still_are_carried_over_where_the_sheet_asks_for_it(workspace: Workspace) -> None:
    names = ("open", "closed", "void", "new")
    days = ("2026-09-01", "2026-09-02", "2026-09-03", "2026-10-05")
    numbers = [
        registered(workspace, name, received_at=f"{day} 09:00").case.number
        for name, day in zip(names, days, strict=True)
    ]
    closed(workspace, numbers[1])
    acted(workspace, numbers[2], "void", reason="重复")

    carried = filled(workspace, 'each = "case"\ncarried = true', period("2026-10"))

    assert carried == [(numbers[0],), (numbers[3],)]
    assert filled(workspace, 'each = "case"', period("2026-10")) == [(numbers[3],)]


def test_cases_by_number_stand_in_the_order_given_and_once(workspace: Workspace) -> None:
    one, two = (registered(workspace, name).case.number for name in ("one", "two"))
    for number in (one, two):
        acted(workspace, number, "contact", content=number)

    assert filled(workspace, 'each = "case"', Scope(numbers=(two, one, two))) == [(two,), (one,)]
    assert filled(workspace, CONTACTS, Scope(numbers=(two,)), "deed.content") == [(two,)]
    assert filled(workspace, CONTACTS, Scope(numbers=(two, one)), "deed.content") == [(two,), (one,)]
    with pytest.raises(KnownError, match="case_unknown"):
        filled(workspace, 'each = "case"', Scope(numbers=(one, "TS-19990101-001")))


def test_an_amended_fact_stands_on_the_sheet(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "amend", place="大堂", customer_name="王女士")

    assert filled(workspace, 'each = "case"', period("2026-11"), "place", "customer_name") == [("大堂", "王女士")]


# ----------------------------------------------------------------------------------------------------------- privacy


def test_a_sheet_that_leaves_the_shop_is_masked_unless_somebody_wants_otherwise_and_says_which(
    workspace: Workspace,
) -> None:
    registered(workspace, "one", customer_name="张小山", content="张小山来电")
    registered(workspace, "two", customer_name="王大力", content="王大力来电", confidential=True)
    for leaves in (False, True):
        put(workspace.folder.sheets, a_list("own", 'each = "case"', "customer_name", "content", leaves_shop=leaves))
        sheet = sheets.find(workspace, "own")
        for wanted in (None, True, False):
            scope = Scope(read_period("2026-11", NOW.date()), masked=wanted)
            found = sheets.fill(workspace, sheet, scope, by="小周")
            masked = leaves if wanted is None else wanted
            told = said(found.grid)
            assert found.masked is masked
            assert ("个人信息已脱敏" in told) is masked
            assert ("含客户个人信息" in told) is not masked
            assert ("张小山" in told) is not masked
            assert "王大力" not in told, "who asked for secrecy is masked on every sheet"


# -------------------------------------------------------------------------------------------- sheets of the shop's own


def test_a_sheet_is_added_by_a_file_alone_and_a_broken_one_beside_it_is_told(workspace: Workspace) -> None:
    house = set(sheets.catalogue(workspace)[0])
    number = registered(workspace).case.number
    rows = '[[rows]]\ncells = ["编号", "{number}", "地点", "{place}"]\n'
    good = put(workspace.folder.sheets, a_form(rows, "mine"), "mine")
    bad = put(workspace.folder.sheets, a_form(rows.replace("{place}", "{plaec}"), "bad"), "bad")

    found, faults = sheets.catalogue(workspace)

    assert set(found) == house | {"mine"}
    assert list(found)[-1] == "mine", "by its order"
    (fault,) = faults
    line = bad.read_text(encoding="utf-8").splitlines().index('cells = ["编号", "{number}", "地点", "{plaec}"]') + 1
    assert (fault.code, fault.params["file"], fault.params["line"]) == ("sheet_broken", bad, line)
    assert "rows[1].cells[4] = 'plaec'" in str(fault.params["detail"])
    assert number in said(sheets.fill(workspace, found["mine"], Scope(numbers=(number,)), by="小周").grid)
    with pytest.raises(KnownError, match="sheet_broken"):
        sheets.find(workspace, "bad")
    with pytest.raises(KnownError, match="sheet_unknown"):
        sheets.find(workspace, "none")
    assert sheets.check(workspace.rules, good).title == "自己的单"


def test_a_sheet_of_a_house_id_takes_its_place_and_a_broken_one_leaves_the_house_its_own(workspace: Workspace) -> None:
    path = put(workspace.folder.sheets, a_list("register", title="本店登记表"), "register")
    assert sheets.find(workspace, "register").title == "本店登记表"

    path.write_text("id = 'register'", encoding="utf-8")

    assert sheets.find(workspace, "register").title == "客户投诉登记表"
    assert [fault.params["file"] for fault in sheets.catalogue(workspace)[1]] == [path]


def test_a_form_without_a_case_is_blank_and_one_of_many_has_a_page_for_each(workspace: Workspace) -> None:
    put(workspace.folder.sheets, a_form('[[rows]]\ncells = ["编号", "{number}", "地点", "{place}"]\n'))
    sheet = sheets.find(workspace, "own")

    blank = sheets.fill(workspace, sheet, period("2026-10"), by="小周")
    for name in ("one", "two", "three"):
        registered(workspace, name)
    many = sheets.fill(workspace, sheet, period("2026-11"), by="小周")

    assert (blank.rows, blank.grid.breaks) == (0, ())
    assert "编号" in said(blank.grid)
    assert (many.rows, len(many.grid.breaks)) == (3, 2)


def test_without_a_period_a_sheet_speaks_of_the_days_of_its_cases(workspace: Workspace) -> None:
    days = ("2026-10-05", "2026-11-02")
    numbers = [registered(workspace, day, received_at=f"{day} 09:00").case.number for day in days]
    put(workspace.folder.sheets, a_list())
    sheet = sheets.find(workspace, "own")

    told = said(sheets.fill(workspace, sheet, Scope(numbers=tuple(reversed(numbers))), by="小周").grid)

    assert "2026-10-05 至 2026-11-02 共 2 件" in told
    assert f"小周 {NOW:%Y-%m-%d %H:%M}" in told

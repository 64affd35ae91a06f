"""What one person may ask for: a copy of all that is on file of them, a consent taken back, and being forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from desk_app.domain.journal import Noted
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.services import customers, desk, export, person, shop
from desk_app.services.export import Format, Order
from desk_app.services.sheets import Scope
from desk_app.storage import journal
from desk_app.telling import history, remarks
from tests.helpers.builders import NOW, registered
from tests.helpers.canary import ADDRESS, FILE, NAME, PHONE, a_life, hits

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace


def noted(ws: Workspace, what: Noted) -> list[str]:
    """Return the subjects of what the journal has of a kind, the oldest first."""
    with ws.store.reading() as conn:
        return [entry.subject for entry in reversed(journal.page(conn, [what]))]


def test_a_person_is_given_all_that_is_on_file_of_them(workspace: Workspace, tmp_path: Path) -> None:
    closed = a_life(workspace, tmp_path).case.number
    fresh = registered(workspace, "fresh", customer_phone=PHONE, confidential=True).case.number
    stranger = registered(workspace, "stranger").case.number
    export.export(workspace, Order(("register",), Scope(numbers=(closed,), masked=False), tmp_path / "given"))

    numbers = person.cases_of(workspace, phone="139 7182 6354")
    (file,) = person.sheet(workspace, numbers, tmp_path / "out", Format.XLSX).files

    cells = (cell.value for sheet in load_workbook(file.path) for row in sheet.iter_rows() for cell in row)
    told = "\n".join(str(value) for value in cells if value is not None)
    assert numbers == person.cases_of(workspace, number=fresh) == (closed, fresh)
    assert stranger not in told
    theirs = (f"{NAME}儿", "139 7182 6354", ADDRESS, FILE, "MK-77431")
    for words in (*theirs, "办结后 3 年", "2029-11-22", "前台：客户投诉登记表"):
        assert words in told, words
    assert noted(workspace, Noted.PERSON_SHEET) == [closed, fresh]


def test_the_sheet_is_made_for_nobody_else(workspace: Workspace, tmp_path: Path) -> None:
    number = registered(workspace).case.number
    order = Order((person.SHEET,), Scope(numbers=(number,)), tmp_path)

    with pytest.raises(KnownError, match="sheet_of_person"):
        export.export(workspace, order)


def test_who_may_not_gets_nothing(workspace: Workspace, tmp_path: Path) -> None:
    number = registered(workspace, consent=True).case.number
    shop.set_role(workspace, "赵店长", Role.MANAGER)

    for ask in (
        lambda: person.sheet(workspace, (number,), tmp_path, Format.XLSX),
        lambda: person.erasure(workspace, (number,)),
        lambda: person.erase(workspace, (number,)),
        lambda: person.withdraw(workspace, number, "", "withdraw"),
    ):
        with pytest.raises(KnownError, match="not_allowed"):
            ask()


def test_a_person_is_forgotten_where_their_matter_is_over(workspace: Workspace, tmp_path: Path) -> None:
    closed = a_life(workspace, tmp_path).case.number
    fresh = registered(workspace, "fresh", customer_phone=PHONE, customer_name="某某").case.number
    numbers = person.cases_of(workspace, number=closed)

    shown = person.erasure(workspace, numbers)
    done = person.erase(workspace, numbers)

    assert (shown.numbers, {n: e.code for n, e in shown.left.items()}) == ((closed,), {fresh: "erase_open"})
    assert (done.numbers, {n: e.code for n, e in done.left.items()}) == ((closed,), {fresh: "erase_open"})
    assert desk.case_file(workspace, closed).is_anonymised
    assert person.cases_of(workspace, phone=PHONE) == (fresh,)
    assert {hit.partition(": ")[2] for hit in hits(workspace.folder.root)} == {PHONE}  # of the open one


def test_a_consent_is_taken_back_and_the_customer_no_longer_offered(workspace: Workspace, clock: FixedClock) -> None:
    number = registered(workspace, consent=True).case.number
    assert customers.look_up(workspace, "customer_phone", "8000")

    acted = person.withdraw(workspace, number, "本人来电说的", "withdraw")

    file = acted.file
    assert (file.case.consent, file.withdrawal is not None, len(file.owed) > 0) == (False, True, True)
    latest = history(file, workspace.rules)[0]
    assert (latest.action, any("本人来电说的" in line for line in latest.lines)) == ("撤回同意", True)
    assert remarks(file, workspace.rules) == (f"客户已撤回同意（{NOW:%Y-%m-%d %H:%M}）：只为办完这一件使用",)
    assert customers.look_up(workspace, "customer_phone", "8000") == ()
    assert noted(workspace, Noted.CONSENT) == [number]
    with pytest.raises(KnownError, match="consent_not_given"):
        person.withdraw(workspace, number, "", "again")


def test_a_consent_given_anew_counts(workspace: Workspace) -> None:
    number = registered(workspace, consent=True).case.number
    person.withdraw(workspace, number, "", "withdraw")

    desk.act(workspace, number, "amend", {"consent": True}, "anew")

    assert desk.case_file(workspace, number).withdrawal is None
    assert customers.look_up(workspace, "customer_phone", "8000")


def test_nobody_is_found_where_nobody_is(workspace: Workspace) -> None:
    number = registered(workspace, customer_name="李女士", customer_phone=None, customer_address="和平路").case.number

    assert person.cases_of(workspace, number=number) == (number,)
    with pytest.raises(KnownError, match="person_unknown"):
        person.cases_of(workspace, phone="13300001111")

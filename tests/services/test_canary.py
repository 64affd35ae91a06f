"""A customer's words go through everything that the program does: they stand only where they are meant to stand."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.crash import write_report
from desk_app.domain.finding import Sought
from desk_app.domain.problems import RefusedError
from desk_app.domain.retention import after_years
from desk_app.errors import KnownError
from desk_app.services import attachments, customers, desk, export, intake, retention, search, upkeep
from desk_app.services.export import Order
from desk_app.services.sheets import Scope
from tests.helpers.builders import NOW, a_case, registered
from tests.helpers.canary import ADDRESS, FILE, NAME, PHONE, SAID, a_life, hits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace


SAID_STILL = {"鸱鸮", "金丝雀", NAME}
"""What is said stays on a masked sheet, and with it a name that has been put right since: it is not the customer's."""


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files of this test alone."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def failing(ws: Workspace, number: str, tmp_path: Path) -> tuple[Callable[[], object], ...]:
    """Return what fails although it is given their words, each in its way: refused, unknown, and our own mistakes."""
    missing = tmp_path / "none" / FILE

    def reports_wrongly() -> None:
        try:
            {PHONE: 1}[NAME]
        except KeyError as error:
            raise ValueError(SAID) from error

    return (
        lambda: intake.register(ws, a_case(customer_name=NAME, customer_phone=PHONE, content=None), "no content"),
        lambda: intake.register(ws, a_case(**{SAID: SAID}), "unknown key"),
        lambda: desk.act(ws, number, "contact", {"content": SAID}, "over"),
        lambda: desk.act(ws, SAID, "contact", {"content": SAID}, "no case"),
        lambda: desk.act(ws, number, SAID, {}, "no action"),
        lambda: customers.merge(ws, number, ADDRESS, "merge"),
        lambda: attachments.take_in(ws, missing, FILE),
        lambda: attachments.take_in(ws, SAID.encode(), f"{NAME}.exe"),
        lambda: export.export(ws, Order((NAME,), Scope(numbers=(number,)), tmp_path / "none")),
        lambda: search.find(ws, Sought(words=SAID * 20)),
        lambda: int(PHONE + NAME),
        lambda: SAID.encode("ascii"),
        lambda: open(missing, encoding="utf-8"),  # noqa: PTH123 -- it cannot be opened
        reports_wrongly,
    )


def test_nothing_but_the_register_knows_a_customer(workspace: Workspace, tmp_path: Path, temp: Path) -> None:
    number, folder = a_life(workspace, tmp_path).case.number, workspace.folder
    intake.save_draft(workspace, "draft", {"customer_name": NAME, "content": SAID})
    while search.catch_up(workspace).left:
        pass
    assert search.find(workspace, Sought(words=NAME))
    upkeep.backup(workspace)
    order = Order(("register", "feedback"), Scope(export.period_of("2026-11", NOW.date()), masked=True), tmp_path)
    masked = [file.path for file in export.export(workspace, order).files]

    told = []
    for fails in failing(workspace, number, tmp_path):
        with pytest.raises(Exception) as caught:  # noqa: PT011 -- each its own
            fails()
        told.append(caught.type)
        if not isinstance(caught.value, (KnownError, RefusedError)):
            write_report(folder.log, caught.value, NOW)

    assert folder.log.stat().st_size > 0
    assert {KnownError, RefusedError, ValueError, FileNotFoundError} <= set(told)
    elsewhere = hits(folder.root, but=("desk.sqlite", "search.sqlite", "backups/", "attachments/"))
    assert elsewhere == []
    assert hits(temp) == []
    for path in masked:
        assert {hit.partition(": ")[2] for hit in hits(unpacked(path, tmp_path))} <= SAID_STILL


def unpacked(workbook: Path, tmp_path: Path) -> Path:
    """Return a folder with the parts of a workbook, in which texts stand as they are."""
    from zipfile import ZipFile  # noqa: PLC0415 -- only here

    folder = tmp_path / f"{workbook.stem}-parts"
    with ZipFile(workbook) as parts:
        parts.extractall(folder)
    return folder


def test_once_forgotten_they_are_nowhere_but_in_backups_and_what_was_given_out(
    workspace: Workspace, clock: FixedClock, tmp_path: Path, temp: Path
) -> None:
    number, folder = a_life(workspace, tmp_path).case.number, workspace.folder
    intake.save_draft(workspace, "draft", {"customer_name": NAME, "customer_phone": PHONE, "content": SAID})
    for fails in failing(workspace, number, tmp_path):
        with suppress(Exception):
            fails()
    upkeep.backup(workspace)
    retention.save(workspace, 3, is_on=True)
    clock.moment = after_years(NOW, 3) - timedelta(days=1)
    registered(workspace, "another customer of late")  # the desk has gone on, so the clock is believed
    clock.moment += timedelta(days=2)

    assert retention.anonymise(workspace, [number]).numbers == (number,)

    assert hits(folder.root, but=("backups/",)) == []
    assert hits(temp) == []
    assert hits(folder.backups) != []

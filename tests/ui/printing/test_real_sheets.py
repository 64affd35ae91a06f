"""The shipped sheets with real texts on paper: nothing is lost, nothing stands over another."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.handover import Draft, HandoverSheet
from desk_app.domain.handover_line import HANDOVER_KEYS
from desk_app.domain.periods import read_period
from desk_app.domain.register_line import register_line
from desk_app.domain.sheet_lines import Each
from desk_app.domain.wording import read_wording
from desk_app.paths import resources_dir
from desk_app.services import sheets
from desk_app.sheets.catalogue import load_sheets
from desk_app.sheets.heading import handover_heading, shown
from desk_app.sheets.layout import lay_out
from tests.helpers.builders import NOW, registered
from tests.helpers.real_month import read_month
from tests.sheets.samples import FACTS, HEADING
from tests.ui.printing.grids import pages_of, text_of
from ui.printing.pdf import write_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.domain.case import CaseFile
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from desk_app.sheets.grid import Grid

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.slow]
_WORD = re.compile('<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
_SHEETS = load_sheets([resources_dir() / "sheets"], FACTS)[0]


@pytest.fixture(scope="session")
def month(real_data: Path, rules: Rules) -> list[CaseFile]:
    """The 320 real cases, 200 of them answered."""
    return read_month(real_data, rules)


def grid_of_month(sheet_id: str, month: list[CaseFile], rules: Rules) -> Grid:
    sheet = _SHEETS[sheet_id]
    wording = read_wording(rules.fields, rules.actions, rules.trade("general"), rules.sentences.labels, NOW)
    return lay_out(sheet, (register_line(file, sheet.keys, wording) for file in month), HEADING)


def characters(text: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", text))


@pytest.mark.parametrize("sheet_id", ["register", "feedback"])
def test_a_real_month_on_paper_lacks_no_character(
    sheet_id: str, month: list[CaseFile], rules: Rules, tmp_path: Path
) -> None:
    grid = grid_of_month(sheet_id, month, rules)

    write_pdf([grid], tmp_path / "month.pdf")

    pages = pages_of(tmp_path / "month.pdf", "-layout")
    given = "".join(shown(value) for row in grid.rows for value in row.values)
    assert len(given) > 100_000
    assert characters(given) - characters("".join(pages)) == Counter()
    numbers = [n for page in pages for n in re.findall(r"TS-202610-\d{3}", page)]
    assert numbers == [file.case.number for file in month]


def test_every_shipped_sheet_on_paper_lacks_no_character(workspace: Workspace, tmp_path: Path) -> None:
    for number in range(3):
        registered(workspace, f"{number}", content="房间空调不制冷，前台说马上来人，等了两个小时。" * 20)
    scope = sheets.Scope(read_period("2026-11", date(2026, 11, 22)))
    found = [s for s in sheets.catalogue(workspace)[0].values() if s.of.each is not Each.HANDOVER]
    grids = [sheets.fill(workspace, sheet, scope, by="小周").grid for sheet in found]
    assert len(grids) > 30

    for grid in grids:
        write_pdf([grid], tmp_path / "sheet.pdf")
        covered = {
            (row, column)
            for m in grid.merges
            for row in range(m.first_row, m.last_row + 1)
            for column in range(m.first_column, m.last_column + 1)
        } - {(m.first_row, m.first_column) for m in grid.merges}
        given = "".join(
            str(value)
            for number, row in enumerate(grid.rows, 1)
            for place, value in enumerate(row.values, 1)
            if isinstance(value, str) and (number, place) not in covered
        )
        drawn = text_of(tmp_path / "sheet.pdf", "-layout")
        assert characters(given) - characters(drawn) == Counter(), grid.title


def test_no_text_is_drawn_over_another(month: list[CaseFile], rules: Rules, tmp_path: Path) -> None:
    write_pdf([grid_of_month("register", month[:60], rules)], tmp_path / "month.pdf")

    for page in text_of(tmp_path / "month.pdf", "-bbox").split("<page ")[1:]:
        words = [(tuple(map(float, found[:4])), found[4]) for found in _WORD.findall(page)]
        boxes = [box for box, _word in words]
        assert len(boxes) > 10
        assert [pair for pair in itertools.combinations(boxes, 2) if _overprint(*pair)] == []


def _overprint(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two words cover each other: wider than a hair, higher than the leading of one line."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > 1 and high > (one[3] - one[1]) / 2


def test_a_handover_on_paper_lacks_no_character(tmp_path: Path) -> None:
    matters = [f"第{n}项：1806 房空调滴水，客人要求换房并退一晚房费，已答应今晚答复。" * (n % 5 + 1) for n in range(40)]
    lines = [{**dict.fromkeys(HANDOVER_KEYS), "part": "逾期", "due_at": NOW, "matter": matter} for matter in matters]
    state = Draft(outgoing="李娜", at=NOW, since=NOW - timedelta(hours=8), lines=())
    signed = HandoverSheet(state=state, at=NOW, incoming="王强", shift="早班", attention="", reports={})
    grid = lay_out(_SHEETS["handover"], lines, handover_heading("云栖酒店", signed))

    write_pdf([grid], tmp_path / "handover.pdf")

    pages = pages_of(tmp_path / "handover.pdf", "-layout")
    given = "".join(shown(value) for row in grid.rows for value in row.values)
    assert len(pages) > 1
    assert characters(given) - characters("".join(pages)) == Counter()

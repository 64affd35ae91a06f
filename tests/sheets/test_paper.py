"""The shipped sheets with real texts, in a workbook and on paper."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.register_line import register_line
from desk_app.domain.text import strip_unstorable
from desk_app.domain.wording import read_wording
from desk_app.paths import resources_dir
from desk_app.sheets.catalogue import load_sheets
from desk_app.sheets.layout import lay_out
from desk_app.sheets.workbook import write_workbook
from tests.helpers.builders import NOW
from tests.helpers.real_month import read_month
from tests.sheets.office import convert
from tests.sheets.samples import FACTS, HEADING, a_line, cases_in, column, grid_of, read

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.domain.case import CaseFile
    from desk_app.services.rules import Rules

_WORD = re.compile('<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
_SHEETS = load_sheets([resources_dir() / "sheets"], FACTS)[0]


@pytest.fixture(scope="session")
def month(real_data: Path, rules: Rules) -> list[CaseFile]:
    """The 320 real cases, 200 of them answered."""
    return read_month(real_data, rules)


def _write(sheet_id: str, month: list[CaseFile], rules: Rules, path: Path) -> None:
    sheet = _SHEETS[sheet_id]
    wording = read_wording(rules.fields, rules.actions, rules.trade("general"), rules.sentences.labels, NOW)
    grid = lay_out(sheet, (register_line(f, sheet.keys, wording) for f in month), HEADING)
    write_workbook([grid], path)


@pytest.mark.parametrize(
    ("sheet_id", "content", "reply"),
    [("register", "投诉理由（事件经过）", "答复"), ("feedback", "投诉内容", "答复内容")],
)
def test_a_real_month_comes_back_case_by_case_and_word_by_word(
    sheet_id: str, content: str, reply: str, month: list[CaseFile], rules: Rules, tmp_path: Path
) -> None:
    _write(sheet_id, month, rules, tmp_path / "month.xlsx")
    page = read(tmp_path / "month.xlsx")
    assert list(cases_in(page)) == [file.case.number for file in month]
    assert column(page, content) == [strip_unstorable(file.case.content) for file in month]
    replies = [file.events[-1].data.get("content") for file in month]
    assert column(page, reply) == [r and strip_unstorable(str(r)) for r in replies]
    assert sum(r is not None for r in replies) == 200


@pytest.mark.slow
def test_libreoffice_shows_each_text_as_it_was_stored(soffice: str, tmp_path: Path) -> None:
    texts = [
        "=1+1",
        "#N/A",
        "_x000D_",
        "_x005F_x0041_",
        "00120",
        "😀𠮷",
        "a\nb",
        '=HYPERLINK("http://x.example","y")',
        "前\ufffe后",
    ]
    path = tmp_path / "sheet.xlsx"
    write_workbook(
        [grid_of(*(a_line(n, content=f"{t}|") for n, t in enumerate(texts)), *[a_line(99, content="=2+2")])], path
    )
    csv = convert(soffice, path, "csv:Text - txt - csv (StarCalc):9,34,76").read_text(encoding="utf-8")
    for text in texts:
        assert strip_unstorable(text).replace('"', '""') + "|" in csv
    assert "=2+2" in csv


@pytest.fixture(scope="session")
def printed(soffice: str, month: list[CaseFile], rules: Rules, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register of the first 60 cases on paper, as PDF."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here (poppler-utils)")
    path = tmp_path_factory.mktemp("paper") / "month.xlsx"
    _write("register", month[:60], rules, path)
    return convert(soffice, path, "pdf")


def _text(pdf: Path, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, str(pdf), "-"], check=True, capture_output=True, timeout=60)  # noqa: S607
    return done.stdout.decode("utf-8")


@pytest.mark.slow
def test_each_printed_page_has_its_head_and_number_and_the_last_one_the_sign_off(
    printed: Path, month: list[CaseFile]
) -> None:
    pages = _text(printed, "-layout").split("\f")[:-1]
    for number, page in enumerate(pages, 1):
        assert re.search(rf"第 {number} 页\s+共 {len(pages)} 页", page)
        assert "客户投诉登记表" in page
        assert "承诺答复期限" in page
    numbers = [n for page in pages for n in re.findall(r"TS-202610-\d{3}", page)]
    assert numbers == [f.case.number for f in month[:60]]
    assert re.search("制表：.*审核：.*批准：.*日期：", pages[-1])


@pytest.mark.slow
def test_all_text_is_printed_and_no_line_over_another(printed: Path, month: list[CaseFile]) -> None:
    stored = [f"{file.case.content}{file.events[-1].data.get('content') or ''}" for file in month[:60]]
    missing = Counter(re.sub(r"[^\u4e00-\u9fff]", "", "".join(stored))) - Counter(_text(printed, "-layout"))
    assert not missing
    assert "###" not in _text(printed)
    for page in _text(printed, "-bbox").split("<page ")[1:]:
        words = [(tuple(map(float, found[:4])), found[4]) for found in _WORD.findall(page)]
        first_row = max(box[3] for box, word in words if word == "受理编号")  # the bottom of the header
        boxes = [box for box, _word in words if box[1] > first_row]
        assert len(boxes) > 10
        assert [pair for pair in itertools.combinations(boxes, 2) if _overprint(*pair)] == []


def _overprint(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two words cover each other: wider than a hair, higher than the leading of one line."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > 1 and high > (one[3] - one[1]) / 2

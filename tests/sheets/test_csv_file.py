"""A list as a .csv file, as another program reads it."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_app.domain.text import strip_unstorable
from desk_app.errors import KnownError
from desk_app.sheets.csv_file import CsvEncoding, write_csv
from desk_app.sheets.sheet import Align, Column, Kind
from tests.sheets.samples import SHANGHAI, a_line, grid_of

if TYPE_CHECKING:
    from desk_app.sheets.grid import Grid

_HEAD = ["序号", "受理编号", "受理时间", "投诉理由", "联系方式", "涉及金额"]
_CONTENT, _AMOUNT = 3, 5


def _read(path: Path, encoding: CsvEncoding = CsvEncoding.UTF_8) -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, strict=True))


def _written(grid: Grid, folder: Path, encoding: CsvEncoding = CsvEncoding.UTF_8) -> list[list[str]]:
    write_csv(grid, folder / "list.csv", encoding)
    return _read(folder / "list.csv", encoding)


def _original(field: str) -> str:
    """Take the sign of a text away, as the module tells a reader to."""
    return re.sub(r"^'(?='*(?:\s*[=+\-@＝＋－＠]|[\t\n]))", "", field)


def _content(text: str, folder: Path) -> str:
    return _written(grid_of(a_line(content=text)), folder)[1][_CONTENT]


def test_the_header_and_the_lines_are_there_and_nothing_around_them(tmp_path: Path) -> None:
    lines = _written(grid_of(a_line(1), a_line(2)), tmp_path)
    assert lines == [
        _HEAD,
        ["1", "TS-20261001-001", "2026-10-01 08:01:30", "房间空调不制冷", "013800138000", ""],
        ["2", "TS-20261001-002", "2026-10-01 08:02:30", "房间空调不制冷", "013800138000", ""],
    ]


def test_a_month_without_cases_has_its_header_only(tmp_path: Path) -> None:
    assert _written(grid_of(), tmp_path) == [_HEAD]


def test_a_case_that_takes_several_rows_of_paper_is_one_line(tmp_path: Path) -> None:
    lines = _written(grid_of(a_line(1), a_line(2, content="冷" * 3_000), a_line(3)), tmp_path)
    assert [line[1] for line in lines[1:]] == ["TS-20261001-001", "TS-20261001-002", "TS-20261001-003"]
    assert lines[2][_CONTENT] == "冷" * 3_000


@pytest.mark.parametrize(
    ("encoding", "beginning"),
    [(CsvEncoding.UTF_8, "\ufeff序号,".encode()), (CsvEncoding.GB18030, "序号,".encode("gb18030"))],
)
def test_the_bytes_say_which_encoding_they_are_in_where_it_can_say_so(
    encoding: CsvEncoding, beginning: bytes, tmp_path: Path
) -> None:
    write_csv(grid_of(a_line(content="一行\n另一行")), tmp_path / "list.csv", encoding)
    data = (tmp_path / "list.csv").read_bytes()
    assert data.startswith(beginning)
    assert data.count(b"\r\n") == 2  # at the ends of the lines, and nowhere else
    assert data.count(b"\n") == 3
    assert '"一行\n另一行"'.encode(encoding.value.removesuffix("-sig")) in data


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", '=HYPERLINK("http://x.example","点我")', "+86 13800138000", "-5", "-5℃ 的房间", "@SUM(A1)",
        "＝1+1", "＋86", "－无－", "＠店长", "\t=1", "\t", "\n第二行", "\r=1", "  =1+1", "'=1+1", "''+1", "'\t",
    ],
)  # fmt: skip
def test_what_would_be_taken_for_a_formula_has_the_sign_of_a_text(text: str, tmp_path: Path) -> None:
    found = _content(text, tmp_path)
    assert found == "'" + strip_unstorable(text)
    assert _original(found) == strip_unstorable(text)


@pytest.mark.parametrize(
    "text",
    ["13800138000", "0571-8888", "00120", "2026-1-2", "1E5", "TRUE", "'引号'", '他说"好"', "一,二;三", "a-b=c", " 空 "],
)
def test_every_other_text_is_written_as_it_is(text: str, tmp_path: Path) -> None:
    assert _content(text, tmp_path) == text


@pytest.mark.parametrize("amount", ["199.90", "-35.00", "0", "1E+3"])
def test_a_number_stays_a_number_and_a_negative_one_too(amount: str, tmp_path: Path) -> None:
    (_, line) = _written(grid_of(a_line(amount=Decimal(amount))), tmp_path)
    assert re.fullmatch(r"-?\d+(\.\d+)?", line[_AMOUNT])
    assert Decimal(line[_AMOUNT]) == Decimal(amount)


def test_a_day_is_written_without_a_time(tmp_path: Path) -> None:
    day = Column(("received_at",), "受理日期", 12, Kind.DATE, Align.CENTER)
    line = a_line(received_at=datetime(2026, 10, 1, 23, 59, tzinfo=SHANGHAI))
    assert _written(grid_of(line, columns=(day,)), tmp_path) == [["受理日期"], ["2026-10-01"]]


_TEXTS = st.text(alphabet=st.characters(), max_size=60) | st.text(alphabet="'=+-@\t\n\r \",＝，\u3000a", max_size=8)


@given(st.lists(_TEXTS, min_size=1, max_size=4), st.sampled_from(CsvEncoding))
@example(["'=", "=", "''=", "'"], CsvEncoding.UTF_8)
@example(["\ufeff", "\U0001f600\ue5e5", '"', "\r\n"], CsvEncoding.GB18030)
def test_every_text_comes_back_in_both_encodings(texts: list[str], encoding: CsvEncoding) -> None:
    grid = grid_of(*(a_line(n, content=text) for n, text in enumerate(texts)))
    with TemporaryDirectory() as folder:
        lines = _written(grid, Path(folder), encoding)[1:]
    fields = [line[_CONTENT] for line in lines]
    assert [_original(field) for field in fields] == [strip_unstorable(text) for text in texts]
    assert not [f for f in fields if f.lstrip()[:1] in tuple("=+-@＝＋－＠") or f[:1] in ("\t", "\n", "\r")]


@pytest.mark.fault
def test_a_folder_that_is_not_there_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        write_csv(grid_of(a_line()), tmp_path / "gone" / "list.csv")
    assert caught.value.code == "target_unwritable"
    assert list(tmp_path.iterdir()) == []

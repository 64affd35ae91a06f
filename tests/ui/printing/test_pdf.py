"""A PDF as another program reads it: every character, on its page, once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, fromstring

import pytest

from desk_app.errors import KnownError
from desk_app.sheets.grid import Grid, Look, Merge, Role, Row
from desk_app.sheets.sheet import Align, Font, Kind
from tests.sheets.samples import a_line, grid_of
from tests.ui.printing.grids import a_grid, a_row, fonts_of, forms, pages_of, text_of
from ui.printing.painter import SheetPainter
from ui.printing.pdf import write_pdf

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

pytestmark = pytest.mark.usefixtures("qapp")
ROOT = Path(__file__).resolve().parents[3]
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_WORD = re.compile('<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')


def written(folder: Path, *grids: Grid) -> Path:
    path = folder / "sheet.pdf"
    write_pdf(grids, path)
    return path


def solid(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_fonts_are_embedded_and_the_text_is_text(tmp_path: Path) -> None:
    path = written(tmp_path, forms(1))

    found = text_of(path, "-raw")

    assert "TS-20261001-001" in found
    assert solid(found).count("房间空调不制冷。") == 12
    assert "□轻微☑一般□严重" in solid(found)
    words = ["投诉记录单", "受理编号", "投诉人", "李女士", "投诉理由", "房间空调不制冷。", "□轻微", "签字", "日期"]
    assert sorted(words, key=found.index) == words, "in the order of reading"
    assert fonts_of(path)
    assert all(re.search(r"\byes +yes +yes\b|\byes +no +yes\b", line) for line in fonts_of(path))


def test_each_form_has_its_own_page_and_each_sheet_counts_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, forms(3), forms(2))

    pages = pages_of(path, "-layout")

    assert [re.findall(r"投诉记录单 (\d)", page) for page in pages] == [["1"], ["2"], ["3"], ["1"], ["2"]]
    footers = ["第1页共3页", "第2页共3页", "第3页共3页", "第1页共2页", "第2页共2页"]
    assert [solid(page).endswith(foot) for page, foot in zip(pages, footers, strict=True)] == [True] * 5


def test_what_proves_a_sheet_stands_small_beside_the_number_of_every_page(tmp_path: Path) -> None:
    left, right = "2026-11-01 至 2026-11-30　投诉、退货；含此前未结　共 12 件　已脱敏　" * 3, "小周　2026-11-22 10:00"
    grid = a_grid([a_row("上"), a_row("下")], breaks=(1,), proof=(left, right))

    path = written(tmp_path, grid)

    words = [(*map(float, box[:4]), solid(box[4])) for box in _WORD.findall(text_of(path, "-bbox"))]
    foot = [word for word in words if word[1] > 800]
    assert len(pages_of(path)) == 2
    assert solid("".join(str(word[4]) for word in foot)).count("小周2026-11-2210:00") == 2
    number = next(word for word in foot if word[4] in ("第", "第1页"))
    before = [word for word in foot if word[4].startswith(("2026-11-01", "至", "投诉"))]
    assert before
    assert all(word[2] < number[0] for word in before), "one does not run into the other"


def test_the_head_of_a_list_stands_on_every_page_and_each_line_on_one(tmp_path: Path) -> None:
    grid = grid_of(*(a_line(n, content="房间空调不制冷，前台说马上来人。" * 9) for n in range(1, 41)))

    pages = pages_of(written(tmp_path, grid), "-layout")

    assert len(pages) > 2
    assert all("小登记表" in page and "投诉理由" in page and "云栖酒店" in page for page in pages)
    numbers = [n for page in pages for n in re.findall(r"TS-20261001-\d{3}", page)]
    assert numbers == [f"TS-20261001-{n:03}" for n in range(1, 41)]
    assert re.search("制表：.*审核：.*批准：.*日期：", pages[-1], re.DOTALL)


def test_dates_and_numbers_are_written_as_in_the_workbook(tmp_path: Path) -> None:
    at = datetime(2026, 10, 1, 8, 5, 59)  # noqa: DTZ001 -- as a grid has it
    looks = [Look(Role.VALUE, kind) for kind in (Kind.DATE, Kind.DATETIME, Kind.AMOUNT, Kind.NUMBER, Kind.NUMBER)]
    row = Row(20, (at, at, Decimal("12345.5"), 7, Decimal("8.00")), tuple(looks))

    found = text_of(written(tmp_path, a_grid([row], widths=(100,) * 5)), "-layout").split()

    assert found[:6] == ["2026-10-01", "2026-10-01", "08:05", "12,345.50", "7", "8"]


def test_a_text_that_goes_on_over_pages_is_whole_and_in_order(tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + n) for n in range(3000))
    grid = grid_of(a_line(1, content="在前面"), a_line(2, content=text), a_line(3, content="在后面"))

    pages = pages_of(written(tmp_path, grid), "-layout")

    shares = ["".join(re.findall("[\u4e00-\u59ff]", solid("".join(_body(page))))) for page in pages]
    assert len(pages) > 2
    assert text in "".join(shares)
    assert all(len(share) > 100 for share in shares[:-1])
    assert [n for page in pages for n in re.findall(r"TS-20261001-\d{3}", page)] == [
        f"TS-20261001-{n:03}" for n in (1, 2, 3)
    ]


def _body(page: str) -> list[str]:
    """Return the lines between the head of the columns and the foot."""
    lines = page.splitlines()
    head = next(n for n, line in enumerate(lines) if "投诉理由" in line)
    return [line for line in lines[head + 1 :] if "制表" not in line and "页" not in line]


@pytest.mark.parametrize("width", range(48, 66, 3))
def test_a_box_does_not_part_from_its_word_where_another_font_needs_more_room(width: int, tmp_path: Path) -> None:
    row = Row(60, ("请选择□同意调解☑不同意", None), (Look(Role.VALUE), Look(Role.VALUE)))

    found = text_of(written(tmp_path, a_grid([row], widths=(width, 100))), "-layout")

    assert not [line for line in found.splitlines() if line.rstrip().endswith(("□", "☑"))]
    assert "请选择□同意调解☑不同意" in solid(found)


@pytest.mark.parametrize("role", [Role.VALUE, Role.LABEL, Role.BODY, Role.PLAIN, Role.FOOT, Role.SHOP])
def test_a_text_for_which_there_is_little_room_is_written_smaller_and_stays_in_its_cell(
    role: Role, tmp_path: Path
) -> None:
    text = "请尽快修好空调并退一晚房费电话13800138000"
    row = Row(30, ("左", text, "右"), (Look(Role.VALUE), Look(role), Look(Role.VALUE)))
    grid = a_grid([row, a_row("下", "下", "下")], widths=(100, 60, 100))

    found = text_of(written(tmp_path, grid), "-bbox")

    words = [(*map(float, box[:4]), box[4]) for box in _WORD.findall(found) if box[4] not in ("左", "右", "下")]
    words = [word for word in words if word[1] < 100]  # without the page's number
    left = min(word[0] for word in words)
    assert Counter("".join(str(word[4]) for word in words)) == Counter(text)
    assert max(word[2] for word in words) - left <= 60
    assert max(word[3] for word in words) - min(word[1] for word in words) <= 30
    assert "13800138000" in [word[4][-11:] for word in words if word[4].endswith("0")], "a number is not divided"


def test_a_number_is_rather_a_little_smaller_than_on_two_lines(tmp_path: Path) -> None:
    wide = "9" * 80
    grid = a_grid([a_row("13800138000", wide, height=90)], widths=(59, 100))

    words = {word[4]: word for word in _WORD.findall(text_of(written(tmp_path, grid), "-bbox"))}

    assert "13800138000" in words
    assert wide not in words, "what no line holds is divided, and keeps its size"
    lines = [(float(word[1]), float(word[3])) for text, word in words.items() if set(text) == {"9"}]
    assert min(bottom - top for top, bottom in lines) > 9


def test_a_line_to_sign_on_is_not_divided(tmp_path: Path) -> None:
    places = "　　　".join(f"{name}：{'＿' * 10}" for name in ("制表", "审核", "批准", "日期"))
    grid = a_grid([a_row(places, height=45, look=Look(Role.SIGN_OFF))], widths=(440,))

    found = text_of(written(tmp_path, grid), "-raw")

    assert re.findall("＿+", found) == ["＿" * 10] * 4


@pytest.mark.parametrize(("role", "middle"), [(Role.VALUE, True), (Role.LABEL, True), (Role.BODY, False)])
def test_a_value_stands_half_way_in_a_form_and_at_the_top_of_a_list(role: Role, middle: bool, tmp_path: Path) -> None:
    rows = [a_row("上", height=20), Row(100, ("中",), (Look(role),)), a_row("下", height=20)]

    found = _WORD.findall(text_of(written(tmp_path, a_grid(rows)), "-bbox"))
    height = {word[4]: (float(word[1]) + float(word[3])) / 2 for word in found}

    assert height["中"] - height["上"] == pytest.approx(60 if middle else 10 + 2 + 6.25, abs=0.5)
    assert height["下"] - height["上"] == pytest.approx(120, abs=0.5)


def test_a_row_higher_than_the_paper_is_shown_to_its_end(tmp_path: Path) -> None:
    lines = "\n".join(f"第{n}行" for n in range(100))
    row = Row(1300, (lines,), (Look(Role.VALUE),))

    pages = pages_of(written(tmp_path, a_grid([row])))

    assert len(pages) == 2
    assert re.findall(r"第(\d+)行", "".join(pages)) == [str(n) for n in range(100)]


def test_what_a_merge_covers_is_not_written(tmp_path: Path) -> None:
    rows = [a_row("看得见", "看不见"), a_row("看不见", "看不见"), a_row("这里", "那里")]

    found = text_of(written(tmp_path, a_grid(rows, merges=(Merge(1, 1, 2, 2),))))

    assert "看得见" in found
    assert "看不见" not in found
    assert ("这里" in found, "那里" in found) == (True, True)


def test_characters_that_cannot_be_kept_are_left_out(tmp_path: Path) -> None:
    found = text_of(written(tmp_path, a_grid([a_row("前\x00\x0b\ufffe后\r\n第二行\t完", height=60)])))

    assert "前后" in found
    assert "\x0b" not in found
    assert "第二行" in found


def test_alignment_is_kept(tmp_path: Path) -> None:
    looks = tuple(Look(Role.VALUE, align=align) for align in (Align.LEFT, Align.CENTER, Align.RIGHT))
    grid = a_grid([Row(20, ("甲", "乙", "丙"), looks)], widths=(100, 100, 100))

    found = text_of(written(tmp_path, grid), "-bbox")

    starts = {box[4]: float(box[0]) for box in _WORD.findall(found)}
    assert starts["乙"] - starts["甲"] == pytest.approx(100 + 50 - 2.5 - 5, abs=0.5)  # half a cell, half a letter
    assert starts["丙"] - starts["甲"] == pytest.approx(300 - 2 * 2.5 - 10, abs=0.5)


def test_the_size_of_the_letters_is_that_of_the_sheet(tmp_path: Path) -> None:
    grid = a_grid([a_row("一" * 10, height=40)], font=Font("宋体", 12), widths=(300,))

    word = _WORD.findall(text_of(written(tmp_path, grid), "-bbox"))[0]

    assert float(word[2]) - float(word[0]) == pytest.approx(120, abs=1)


def test_a_title_and_an_author_stand_in_the_file(tmp_path: Path) -> None:
    write_pdf([forms(1), forms(1)], tmp_path / "a.pdf", author="云栖酒店")

    data = (tmp_path / "a.pdf").read_bytes()

    assert "试验表".encode("utf-16-be") in data
    assert "云栖酒店".encode("utf-16-be") in data


def test_properties_stay_in_the_file(tmp_path: Path) -> None:
    write_pdf([forms(1)], tmp_path / "a.pdf", {"export-mark": "0af3", "note": '<"&甲'})

    metadata = _metadata_of(tmp_path / "a.pdf")

    kept = next(iter(metadata.iter(f"{_RDF}Description"))).attrib
    assert {name.removeprefix("{urn:complaint-desk}"): value for name, value in kept.items()} == {
        f"{_RDF}about": "",
        "export-mark": "0af3",
        "note": '<"&甲',
    }
    assert b'desk:export-mark="0af3"' in (tmp_path / "a.pdf").read_bytes()
    assert "试验表" in "".join(metadata.itertext())


def _metadata_of(path: Path) -> Element:
    data = path.read_bytes()
    begin, end = data.index(b"<x:xmpmeta"), data.index(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
    return fromstring(data[begin:end])  # noqa: S314 -- the test's own file


def test_another_thread_writes_the_same(tmp_path: Path) -> None:
    grids = [forms(4), grid_of(*(a_line(n, content="空调不制冷" * n) for n in range(1, 60)))]
    write_pdf(grids, tmp_path / "here.pdf")
    thread = threading.Thread(target=write_pdf, args=(grids, tmp_path / "there.pdf"))
    thread.start()
    thread.join()

    here, there = (_WORD.findall(text_of(tmp_path / f"{name}.pdf", "-bbox")) for name in ("here", "there"))
    assert len(here) > 100
    assert there == here


def test_each_page_is_told_and_giving_up_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_text("old", encoding="utf-8")
    told: list[tuple[int, int]] = []

    def stop(done: int, of: int) -> None:
        told.append((done, of))
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_pdf([forms(2), forms(1)], path, told=stop)

    assert told == [(1, 3), (2, 3)]
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["sheet.pdf"]


@pytest.mark.fault
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(KnownError, match="target_unwritable"):
        write_pdf([forms(1)], tmp_path / "file" / "sheet.pdf")


@pytest.mark.fault
def test_a_full_disk_is_refused_and_the_old_file_stays(small_disk: Path) -> None:
    path = small_disk / "sheet.pdf"
    path.write_text("old", encoding="utf-8")
    (small_disk / "fill").write_bytes(b"x" * 500_000)

    with pytest.raises(KnownError, match="disk_full"):
        write_pdf([forms(40)], path)

    assert path.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in small_disk.iterdir()) == ["fill", "sheet.pdf"]


@pytest.mark.slow
def test_a_program_without_window_or_screen_writes_one_too(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.ui.printing.grids import forms;"
        "from ui.printing.pdf import pdf_of;"
        "[pdf_of([forms(pages)], Path(name)) for pages, name in zip((2, 1), sys.argv[1:])]"
    )
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    paths = [tmp_path / "a.pdf", tmp_path / "b.pdf"]

    subprocess.run([sys.executable, "-c", program, *paths], check=True, cwd=ROOT, env=environment, timeout=60)

    assert [len(pages_of(path)) for path in paths] == [2, 1]


def test_a_sheet_is_divided_without_being_drawn(qapp: QApplication) -> None:
    assert qapp is not None
    assert len(SheetPainter(forms(500)).pages) == 500

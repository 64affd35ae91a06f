"""Which worksheets a workbook has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_app.sheets import tabs
from desk_app.sheets.tabs import in_tabs, tab_names
from tests.sheets.grids import forms


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["登记表", "反馈表"], ["登记表", "反馈表"]),
        (["登记表", "登记表", "登记表"], ["登记表", "登记表(2)", "登记表(3)"]),
        (["List", "LIST"], ["List", "LIST(2)"]),
        (["登记表", "登记表(2)", "登记表"], ["登记表", "登记表(2)", "登记表(3)"]),
        (["长" * 40, "长" * 31], ["长" * 31, "长" * 28 + "(2)"]),
        (["2026/10: [全部]?", "'引号'", "", " ' "], ["2026_10_ _全部__", "引号", "表", "表(2)"]),
        (["History"], ["History(2)"]),
        (["😀" * 16], ["😀" * 15]),
    ],
)
def test_each_worksheet_has_a_name_of_its_own(titles: list[str], names: list[str]) -> None:
    assert tab_names(titles) == names


@given(st.lists(st.text(alphabet=st.characters(), max_size=40) | st.text(alphabet="aA'(2) ", max_size=4), max_size=12))
@example(["\ud800", "\x00", "a" * 31 + "'"])
def test_whatever_the_titles_a_spreadsheet_takes_the_names(titles: list[str]) -> None:
    names = tab_names(titles)
    assert len({name.casefold() for name in names}) == len(names) == len(titles)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not set(name) & set("[]:*?/\\\n\x00")
        assert name.strip("' ") == name


def test_a_grid_with_few_breaks_is_one_worksheet() -> None:
    grid = forms(3)
    assert list(in_tabs(grid)) == [grid]


def test_too_many_forms_for_one_worksheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "MOST_BREAKS", 2)
    parts = list(in_tabs(forms(7)))
    assert [part.breaks for part in parts] == [(5, 10), (5, 10), ()]
    assert [row for part in parts for row in part.rows] == list(forms(7).rows)
    assert [part.merges for part in parts] == [forms(3).merges, forms(3).merges, forms(1).merges]


def test_a_last_page_break_below_everything_makes_no_empty_worksheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "MOST_BREAKS", 2)
    grid = forms(3)
    parts = list(in_tabs(replace(grid, breaks=(*grid.breaks, 15))))
    assert [(len(part.rows), part.breaks) for part in parts] == [(15, (5, 10))]


def test_each_worksheet_has_the_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "MOST_BREAKS", 1)
    grid = replace(forms(4), head_rows=2)
    first, second = in_tabs(grid)
    assert (len(first.rows), len(second.rows)) == (10, 12)
    assert second.rows[:3] == (*grid.rows[:2], grid.rows[10])
    assert (first.breaks, second.breaks) == ((5,), (7,))
    assert first.merges == forms(2).merges
    assert [m.first_row for m in second.merges] == [1, 2, *(m.first_row + 2 for m in forms(2).merges)]

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


def test_each_form_has_a_worksheet_that_is_called_by_its_case() -> None:
    grid = replace(forms(3), parts=("TS-1", "TS-2", ""))

    tabs_ = list(in_tabs(grid))

    assert [(tab.title, len(tab.rows), tab.breaks) for tab in tabs_] == [
        ("TS-1", 5, ()),
        ("TS-2", 5, ()),
        (grid.title, 5, ()),
    ]
    assert [row for tab in tabs_ for row in tab.rows] == list(grid.rows)
    assert [tab.merges for tab in tabs_] == [forms(1).merges] * 3


def test_a_list_with_few_breaks_is_one_worksheet() -> None:
    grid = replace(forms(3), head_rows=1)
    assert list(in_tabs(grid)) == [grid]


@pytest.fixture
def stacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let forms be too many for a worksheet each, and two page breaks as many as a worksheet takes."""
    monkeypatch.setattr(tabs, "MOST_TABS", 1)
    monkeypatch.setattr(tabs, "MOST_BREAKS", 2)


@pytest.mark.usefixtures("stacked")
def test_too_many_forms_stand_below_each_other_and_go_on_in_the_next_worksheet() -> None:
    parts = list(in_tabs(forms(7)))
    assert [part.breaks for part in parts] == [(5, 10), (5, 10), ()]
    assert [row for part in parts for row in part.rows] == list(forms(7).rows)
    assert [part.merges for part in parts] == [forms(3).merges, forms(3).merges, forms(1).merges]


@pytest.mark.usefixtures("stacked")
def test_a_last_page_break_below_everything_makes_no_empty_worksheet() -> None:
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

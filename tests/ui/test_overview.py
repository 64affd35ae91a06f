"""The 统计 page by keys: every figure is the service's, and behind each are its cases."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QTableView, QWidget

from desk_app.domain.metrics import METRICS
from desk_app.domain.periods import read_period
from desk_app.services import figures, overview, volumes
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import registered
from tests.helpers.counting import fill
from tests.ui.window_rig import CTRL, KEY, focus, press, settle, until
from ui.models.periods import Span
from ui.views import overview as overview_page
from ui.views.overview_figures import FigureTable
from ui.widgets.charts.canvas import Canvas

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.overview import Overview
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow
    from ui.views.overview import OverviewPage

ALT = Qt.KeyboardModifier.AltModifier


def opened(qtbot: QtBot, window: MainWindow) -> OverviewPage:
    """Press Ctrl+5 and wait for the figures."""
    press(KEY.Key_5, CTRL)
    settle(qtbot, window.desk)
    return cast("OverviewPage", window._stack.currentWidget())


def worked(folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        fill(ws, clock)


def counted(folder: DataFolder, clock: FixedClock, rules: Rules, period: str, *kinds: str) -> Overview:
    """Return what the service says of a period."""
    with closing(open_workspace(folder, clock, rules)) as ws:
        return overview.overview(ws, read_period(period, clock.now().date()), kinds)


def key(qtbot: QtBot, window: MainWindow, *keys: Qt.Key) -> None:
    for each in keys:
        press(each)
        settle(qtbot, window.desk)


def cells(page: OverviewPage) -> dict[str, list[str]]:
    """Return every figure that is shown, by its name."""
    return {row[0]: list(row[1:]) for table in page.figures.tables for row in table.rows}


def listed(page: OverviewPage) -> list[str]:
    """Return the numbers of the cases that are listed; none where the figures are in front."""
    return [row[0] for row in page.cases.table.rows] if page.cases.isVisible() else []


def words(widget: QWidget) -> str:
    """Return everything that can be read on a page, the cells of its tables too."""
    labels = [label.text() for label in widget.findChildren(QLabel)]
    for table in widget.findChildren(QTableView):
        model = table.model()
        labels += [
            str(model.index(row, column).data())
            for row in range(model.rowCount())
            for column in range(model.columnCount())
        ]
    return "\n".join(labels + [canvas.said() for canvas in widget.findChildren(Canvas)])


# ------------------------------------------------------------------------------------------------------- figures


def test_the_page_shows_what_the_service_counts(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    page = opened(qtbot, window)
    found = counted(folder, clock, rules, "2026-11")

    assert type(page).__name__ == "OverviewPage"
    assert "*统计，Ctrl+5" in [
        ("*" if b.isChecked() else "") + b.accessibleName() for b in window.rail._buttons.values()
    ]
    shown, now, before = cells(page), found.now, found.before
    assert shown["受理"][:3] == [str(now.total), str(before.total), "0"]
    assert shown["未结案"][:2] == [str(now.open), str(before.open)]
    assert shown["逾期"][:2] == [str(now.overdue), str(before.overdue)]
    assert shown["已结案"][:2] == [str(now.closed), str(before.closed)]
    for metric, rate in now.rates.items():
        name = rules.sentences.label("metric", metric)
        share = "—" if not rate.whole else f"{rate.count / rate.whole:.1%}"
        assert shown[name][:2] == [share, f"{rate.count} ÷ {'没有填' if rate.whole is None else rate.whole}"]
    assert list(shown)[8:11] == ["服务投诉率", "服务遗漏率", "服务不满意率"], "the three that are controlled come first"
    assert focus() is page.figures.counts


def test_behind_every_figure_are_its_cases_and_escape_leads_back_to_it(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    page = opened(qtbot, window)
    found = counted(folder, clock, rules, "2026-11").now
    expected = [found.total, found.open, found.overdue, found.closed]
    expected += [found.answered.count] * 2 + [found.done.count] * 2
    came_to = {rules.sentences.label("metric", k): rate for k, rate in found.rates.items()}

    for table in page.figures.tables:
        press(KEY.Key_Home)
        for row, cell in enumerate(table.rows):
            table.choose(row)
            key(qtbot, window, KEY.Key_Return)
            number = came_to[cell[0]].count if cell[0] in came_to else expected[row]
            assert len(listed(page)) == number, cell
            assert focus() is page.cases.table or not number
            key(qtbot, window, KEY.Key_Escape)
            assert focus() is table
            assert table.row == row
        press(KEY.Key_Tab)


def test_a_rate_tells_its_formula_and_m_goes_over_to_what_it_is_of(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    page = opened(qtbot, window)
    rates = counted(folder, clock, rules, "2026-11").now.rates
    press(KEY.Key_Tab)
    page.figures.rates.choose([row[0] for row in page.figures.rates.rows].index("满意率"))

    key(qtbot, window, KEY.Key_Return)
    formula, hits = page.cases.formula.text(), len(listed(page))
    key(qtbot, window, KEY.Key_M)

    assert formula.startswith("满意率 ＝ 回访说“满意”“基本满意”的件数 ÷")
    assert f"{rates['satisfied'].count} ÷ {rates['satisfied'].whole} ＝" in formula
    assert (hits, len(listed(page))) == (rates["satisfied"].count, rates["satisfied"].whole)
    assert page.cases.heading.text() == f"2026 年 11 月　满意率：作基数的　{rates['satisfied'].whole} 件"
    key(qtbot, window, KEY.Key_M)
    assert page.cases.heading.text() == f"2026 年 11 月　满意率：算进去的　{rates['satisfied'].count} 件"


def test_a_rate_without_a_denominator_says_what_to_do(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_5, CTRL)
    page = opened(qtbot, window)
    press(KEY.Key_Tab)

    key(qtbot, window, KEY.Key_Home, KEY.Key_Return)

    assert page.figures.hint.startswith("接待量没有填")
    assert "接待量没有填全，算不出服务投诉率：按 Ctrl+4、Alt+8" in page.cases.formula.text()
    assert "÷ 没有填 ＝ —" in page.cases.formula.text()
    assert "M " not in page.cases._keys.text(), "nobody can list whom the shop has served"
    before = page.cases.heading.text()
    key(qtbot, window, KEY.Key_M)
    assert page.cases.heading.text() == before


def test_what_was_served_is_what_complaints_are_divided_by(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        volumes.put(ws, "2026-11", {"served": 3200}, "put-1")
    page = opened(qtbot, window)
    rate = counted(folder, clock, rules, "2026-11").now.rates["complaints"]

    assert rate.whole == 3200
    assert cells(page)["服务投诉率"][:2] == [f"{rate.count / 3200:.1%}", f"{rate.count} ÷ 3,200"]
    assert not page.figures.hint
    page.head.period.choose(Span.WEEK)
    settle(qtbot, window.desk)
    assert cells(page)["服务投诉率"][0] == "—"
    assert "看整月" in page.figures.hint


def test_a_case_is_opened_and_escape_leads_back_to_the_list_and_to_the_mark(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    page = opened(qtbot, window)
    page.charts.charts.topics.setFocus()
    key(qtbot, window, KEY.Key_Down, KEY.Key_Return, KEY.Key_Down)
    numbers = listed(page)

    key(qtbot, window, KEY.Key_Return)
    assert window._stack.current == "follow_up"
    assert numbers[1] in words(window._stack.currentWidget())
    key(qtbot, window, KEY.Key_Escape)
    assert window._stack.currentWidget() is page
    assert (listed(page), page.cases.table.row, focus()) == (numbers, 1, page.cases.table)
    key(qtbot, window, KEY.Key_Escape)

    assert focus() is page.charts.charts.topics.canvas
    current = page.charts.charts.topics.canvas.current
    assert current is not None
    assert current.row == 1


def test_escape_leads_back_to_the_row_of_a_chart_that_is_shown_as_a_table_though_it_was_counted_anew(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    chart = opened(qtbot, window).charts.charts.parts["kind"]
    chart.setFocus()
    key(qtbot, window, KEY.Key_T, KEY.Key_Down, KEY.Key_Return)
    before = chart.rows
    window.desk.ask(lambda ws: registered(ws, "from here"), lambda _done: None)
    settle(qtbot, window.desk)
    assert chart.rows is not before

    key(qtbot, window, KEY.Key_Escape)

    assert chart.rows is not None
    assert (focus(), chart.rows.row) == (chart.rows, 1)


def test_who_comes_back_to_the_page_goes_on_where_they_were(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    page = opened(qtbot, window)
    page.charts.charts.hours.setFocus()
    press(KEY.Key_1, CTRL)
    settle(qtbot, window.desk)
    assert opened(qtbot, window) is page
    assert focus() is page.charts.charts.hours.canvas


def test_behind_every_mark_of_every_chart_are_its_cases(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    page = opened(qtbot, window)
    found, charts = counted(folder, clock, rules, "2026-11"), page.charts.charts

    for chart in charts:
        table = chart.canvas.table()
        assert chart.canvas.accessibleName()
        for mark, row in zip(table.keys, table.rows, strict=True):
            if not mark:
                continue
            chart.chosen.emit(mark)
            settle(qtbot, window.desk)
            numbers = row[2:] if chart in (charts.hours, charts.spots) else row[1:]
            number = next(cell for cell in numbers if cell != "—")  # of days to come: those of the month before
            assert str(len(listed(page))) == number, (chart.canvas.accessibleName(), row)
            key(qtbot, window, KEY.Key_Escape)
    assert [row[1] for row in charts.topics.canvas.table().rows] == [
        str(n) for n in sorted(found.now.parts["topic"].values(), reverse=True)
    ]


def test_lists_hide_who_the_customers_are(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        registered(ws, "case-1", customer_name="欧阳明月", customer_phone="13912345678")
    page = opened(qtbot, window)

    key(qtbot, window, KEY.Key_Return)

    assert len(listed(page)) == 1
    assert "欧阳明月" not in words(page)
    assert "13912345678" not in words(page)


# ------------------------------------------------------------------------------------------------- other periods


def test_arrows_go_to_the_month_before_and_after_and_ctrl_l_keeps_complaints_alone(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    page = opened(qtbot, window)

    def total() -> str:
        return cells(page)["受理"][0]

    key(qtbot, window, KEY.Key_Left)
    assert page.head.period.written == "2026-10"
    assert total() == str(counted(folder, clock, rules, "2026-10").now.total)
    page.charts.charts.trend.setFocus()
    press(KEY.Key_Right, ALT)
    settle(qtbot, window.desk)
    assert page.head.period.written == "2026-11"
    press(KEY.Key_L, CTRL)
    settle(qtbot, window.desk)
    alone = counted(folder, clock, rules, "2026-11", "complaint").now
    assert (total(), alone.total) == (
        str(alone.total),
        counted(folder, clock, rules, "2026-11").now.rates["complaints"].count,
    )
    page.head.period.choose(Span.YEAR)
    settle(qtbot, window.desk)
    assert total() == str(counted(folder, clock, rules, "2026", "complaint").now.total)
    assert [row[0] for row in page.charts.charts.trend.canvas.table().rows][:2] == ["1 月", "2 月"]
    page.figures.counts.setFocus()
    key(qtbot, window, KEY.Key_Return)
    assert len(listed(page)) == int(total())


def test_only_the_last_of_many_questions_is_answered(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    page = opened(qtbot, window)
    shown: list[str] = []
    page.head.show_overview = lambda found: shown.append(found.now.period.name)  # type: ignore[method-assign]

    for _ in range(6):
        press(KEY.Key_Left)
    settle(qtbot, window.desk)

    assert shown[-1] == "2026-05"
    assert len(shown) < 3


def test_days_go_on_by_as_many_days(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    period = page.head.period
    period.choose(Span.DAYS)
    period.first.setDate(period.first.date().addDays(9))
    period.last.setDate(period.first.date().addDays(6))
    settle(qtbot, window.desk)
    assert period.written == "2026-11-10..2026-11-16"

    press(KEY.Key_Left, ALT)
    settle(qtbot, window.desk)

    assert period.written == "2026-11-03..2026-11-09"
    assert page.shown is not None
    assert page.shown.now.period.name == "2026-11-03..2026-11-09"


def test_a_turned_period_is_not_asked_for_and_is_said(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    period = page.head.period
    period.choose(Span.DAYS)
    period.last.setDate(period.first.date().addDays(-3))
    settle(qtbot, window.desk)

    assert period.problem == "最后一天早于第一天，请改一改"
    assert page.shown is not None
    assert page.shown.now.period.name != period.written


def test_an_empty_month_says_so_and_nothing_is_not_a_number(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)

    assert page.head.told == "2026 年 11 月没有登记。按 Alt+← Alt+→ 看别的时间，Ctrl+1 去登记。"
    assert {row[0] for row in cells(page).values()} == {"0", "—"}
    assert not re.search(r"\bnan\b|\binf\b|None", words(page), re.IGNORECASE)
    key(qtbot, window, KEY.Key_Return)
    assert page.cases.table._empty.text() == "一件也没有。"
    key(qtbot, window, KEY.Key_Escape)
    assert focus() is page.figures.counts


def test_one_case_is_enough(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        registered(ws)
    page = opened(qtbot, window)

    assert cells(page)["受理"] == ["1", "0", "0", "↑ 1 增加"]
    assert cells(page)["结案率"] == ["0.0%", "0 ÷ 1", "—", "—", "—"]
    assert not re.search(r"\bnan\b|\binf\b|None", words(page), re.IGNORECASE)


def test_what_is_saved_meanwhile_is_counted_at_once(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    window.desk.ask(lambda ws: registered(ws, "from here"), lambda _done: None)
    settle(qtbot, window.desk)
    assert cells(page)["受理"][0] == "1"


# --------------------------------------------------------------------------------------------- the first counting


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count nothing unseen, and one line of history at a time."""
    monkeypatch.setattr(overview_page, "_AT_ONCE", 0)
    monkeypatch.setattr(overview_page, "_SLICE", 1)


@pytest.mark.usefixtures("slowly")
def test_the_first_counting_tells_how_far_it_is_and_ends_in_the_figures(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    told: list[tuple[int, int]] = []
    press(KEY.Key_5, CTRL)
    page = cast("OverviewPage", window._stack.currentWidget())
    bar = page.findChild(QProgressBar)
    bar.valueChanged.connect(lambda value: told.append((value, bar.maximum())))
    settle(qtbot, window.desk)

    assert page.shown is not None
    assert page.shown.now.total == counted(folder, clock, rules, "2026-11").now.total
    assert len(told) > 10
    assert told == sorted(told)
    assert {of for _, of in told[1:]} == {max(of for _, of in told)}
    assert not page._job.isVisible()


@pytest.mark.usefixtures("slowly")
def test_escape_ends_the_first_counting_and_f5_goes_on(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    press(KEY.Key_5, CTRL)
    page = cast("OverviewPage", window._stack.currentWidget())
    bar = page.findChild(QProgressBar)
    until(qtbot, lambda: bar.value() > 2)

    press(KEY.Key_Escape)
    settle(qtbot, window.desk)

    assert page.shown is None
    assert page.head.told == "还没有统计完，已统计的都留着：按 F5 接着统计"
    with closing(open_workspace(folder, clock, rules)) as ws:
        left = figures.behind(ws)
    assert 0 < left < bar.maximum()
    key(qtbot, window, KEY.Key_F5)
    assert page.shown is not None
    assert page.head.told.startswith("与上期")


@pytest.mark.usefixtures("slowly")
def test_a_save_goes_before_the_next_slice_of_the_first_counting(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    press(KEY.Key_5, CTRL)
    page = cast("OverviewPage", window._stack.currentWidget())
    bar = page.findChild(QProgressBar)
    until(qtbot, lambda: bar.value() > 0)
    behind: list[int] = []

    window.desk.ask(lambda ws: (registered(ws, "meanwhile"), behind.append(figures.behind(ws))), lambda _done: None)
    until(qtbot, lambda: bool(behind))

    assert behind[0] > 5, "it was saved long before all was counted"
    settle(qtbot, window.desk)
    assert page.shown is not None
    assert page.shown.now.total == counted(folder, clock, rules, "2026-11").now.total


# --------------------------------------------------------------------------------------------------------- keys


def test_all_is_reached_by_tab_in_the_order_in_which_it_is_read(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    worked(folder, clock, rules)
    page = opened(qtbot, window)
    expected = [*page.figures.tables, *(chart.canvas for chart in page.charts.charts)]

    reached = []
    for _ in expected:
        reached.append(focus())
        press(KEY.Key_Tab)

    assert reached == expected
    assert all(widget.accessibleName() for widget in reached)
    assert len(METRICS) == len(page.figures.rates.rows)


def test_the_figures_are_hurt_by_no_key_that_is_the_pages(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    assert isinstance(focus(), FigureTable)
    key(qtbot, window, KEY.Key_Left)
    assert page.head.period.written == "2026-10"
    press(KEY.Key_Left, CTRL)
    settle(qtbot, window.desk)
    assert page.head.period.written == "2026-10"

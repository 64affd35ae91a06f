"""What the shop served: entered by the month, corrected by entering again, summed only where every month is known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from desk_app.domain.journal import Noted
from desk_app.domain.periods import read_period
from desk_app.domain.shop_event import ShopAction
from desk_app.errors import KnownError
from desk_app.services import logbook, overview, sheets, shop, upkeep, volumes
from desk_app.storage import shop_events
from tests.helpers.builders import NOW, registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace


OTHER = "服务质量问题"


def noted(ws: Workspace) -> list[tuple[str, object]]:
    with ws.store.reading() as conn:
        return [(event.subject, event.data) for event in shop_events.between(conn, ShopAction.VOLUME)]


def period_sum(ws: Workspace, period: str) -> int | None:
    return volumes.of_period(ws, read_period(period, NOW.date()))


@pytest.fixture
def hotel(workspace: Workspace) -> Workspace:
    shop.set_up(workspace, "云栖酒店", "hotel", "小周")
    return workspace


def test_what_is_entered_again_holds_and_what_was_before_stays(hotel: Workspace) -> None:
    volumes.put(hotel, "2026-09", {"served": 2900}, "one")
    volumes.put(hotel, "2026-10", {"served": 320, "meals": 50}, "two")

    saved = volumes.put(hotel, "2026年10月", {"served": "３，200"}, "three")

    assert saved.months == {"2026-10": {"served": 3200, "meals": 50}}
    assert saved.changes.volumes
    assert volumes.volumes(hotel, "2026-10", "2026-12") == {"2026-10": {"served": 3200, "meals": 50}}
    assert noted(hotel) == [
        ("2026-09", {"served": 2900}),
        ("2026-10", {"served": 320, "meals": 50}),
        ("2026-10", {"served": 3200, "meals": 50}),
    ]
    entry = logbook.page(hotel, (Noted.SETTING,))[0]
    assert (entry.by, entry.subject) == ("小周", "volumes")
    assert entry.data == {
        "month": "2026-10",
        "old": ["接待量（间夜） 320", "用餐（人次） 50"],
        "new": ["接待量（间夜） 3200", "用餐（人次） 50"],
    }
    assert upkeep.verify(hotel).ok


def test_a_number_that_was_a_slip_is_taken_away_again(hotel: Workspace) -> None:
    volumes.put(hotel, "2026-10", {"served": 3200}, "one")

    volumes.put(hotel, "2026-10", {"served": None}, "two")

    assert volumes.volumes(hotel, "2026-10", "2026-10") == {"2026-10": {}}
    assert period_sum(hotel, "2026-10") is None


def test_the_same_again_and_a_request_that_was_stored_write_nothing(hotel: Workspace) -> None:
    volumes.put(hotel, "2026-10", {"served": 3200}, "one")
    volumes.put(hotel, "2026-10", {"served": 3300}, "two")
    before = (noted(hotel), logbook.page(hotel))

    same = volumes.put(hotel, "2026-10", {"served": 3300}, "three")
    again = volumes.put(hotel, "2026-10", {"served": 3200}, "one")

    assert (same.months, again.months) == ({}, {})
    assert not same.changes.volumes
    assert (noted(hotel), logbook.page(hotel)) == before


def test_a_period_has_a_sum_only_where_each_of_its_months_is_known(hotel: Workspace, clock: FixedClock) -> None:
    clock.moment = NOW + timedelta(days=100)
    volumes.put_all(hotel, {f"2026-{n:02}": {"served": 100 + n} for n in range(7, 13)}, "one")

    assert period_sum(hotel, "2026-10") == 110
    assert period_sum(hotel, "2026-Q4") == 333
    assert period_sum(hotel, "2026-07-01..2026-12-31") == 657
    assert period_sum(hotel, "2026") is None
    assert period_sum(hotel, "2026-W45") is None
    assert period_sum(hotel, "2026-10-05") is None
    year = read_period("2026", NOW.date())
    assert volumes.missing(hotel, year) == tuple(f"2026-{n:02}" for n in range(1, 7))
    assert volumes.of_period(hotel, year, "meals") is None


def test_nothing_served_is_known_and_no_rate(hotel: Workspace) -> None:
    volumes.put(hotel, "2026-10", {"served": 0}, "one")

    assert period_sum(hotel, "2026-10") == 0
    rate = overview.overview(hotel, read_period("2026-10", NOW.date())).now.rates["complaints"]
    assert (rate.count, rate.whole, rate.share) == (0, 0, None)


def test_the_overview_divides_complaints_by_what_was_served(hotel: Workspace) -> None:
    registered(hotel, "save-1", category=OTHER)
    registered(hotel, "save-2", kind="praise", category=OTHER)
    volumes.put(hotel, "2026-11", {"served": 50}, "one")

    now = overview.overview(hotel, read_period("2026-11", NOW.date())).now

    assert (now.rates["complaints"].count, now.rates["complaints"].whole) == (1, 50)


def test_the_statistics_of_a_month_divide_by_what_was_served_and_of_a_week_by_nothing(hotel: Workspace) -> None:
    registered(hotel, "save-1", category=OTHER)
    volumes.put(hotel, "2026-11", {"served": 50}, "one")
    sheet = sheets.find(hotel, "statistics")

    def shares(period: str) -> list[object]:
        scope = sheets.Scope(read_period(period, NOW.date()))
        rows = [row.values for row in sheets.fill(hotel, sheet, scope, by="小周").grid.rows]
        return [value for row in rows if "服务投诉率" in row for value in row if str(value).endswith(("%", "—"))]

    assert "2.0%" in shares("2026-11")
    assert "2.0%" not in shares("2026-W47")


@pytest.mark.parametrize(
    ("month", "counts", "code"),
    [
        ("2026-12", {"served": 5}, "volume_month_ahead"),
        ("2099-01", {"served": 5}, "volume_month_ahead"),
        ("2026-1月", {"served": -5}, "volume_number_bad"),
        ("2026-10", {"served": "很多"}, "volume_number_bad"),
        ("2026-10", {"served": 3.5}, "volume_number_bad"),
        ("2026-10", {"客流": 5}, "volume_kind_unknown"),
        ("十月", {"served": 5}, "volume_month_bad"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_stored(
    hotel: Workspace, rules: Rules, month: str, counts: dict[str, object], code: str
) -> None:
    with pytest.raises(KnownError) as refused:
        volumes.put_all(hotel, {"2026-09": {"served": 1}, month: counts}, "one")

    assert refused.value.code == code
    assert rules.sentences.error(refused.value)
    assert noted(hotel) == []


def test_fewer_than_complained_is_asked_back_and_stored_when_somebody_is_sure(hotel: Workspace) -> None:
    for n in range(3):
        registered(hotel, f"save-{n}", category=OTHER, customer_phone=f"1380013800{n}")
    registered(hotel, "praise", kind="praise", category=OTHER)

    with pytest.raises(KnownError) as asked:
        volumes.put(hotel, "2026-11", {"served": 2}, "one")

    assert asked.value.code == "volume_below"
    assert (asked.value.params["count"], asked.value.params["complaints"]) == (2, 3)
    assert noted(hotel) == []
    assert volumes.put(hotel, "2026-11", {"served": 3}, "one").months  # as many is enough
    assert volumes.put(hotel, "2026-11", {"served": 2}, "two", is_sure=True).months
    assert volumes.year(hotel, 2026)[-1] == volumes.MonthLine("2026-11", {"served": 2}, 3)


def test_a_year_has_its_months_up_to_now(hotel: Workspace) -> None:
    assert [line.month for line in volumes.year(hotel, 2026)] == [f"2026-{n:02}" for n in range(1, 12)]
    assert len(volumes.year(hotel, 2025)) == 12
    assert volumes.year(hotel, 2027) == ()


def test_every_trade_has_its_kinds(rules: Rules) -> None:
    for trade in rules.trades:
        assert next(iter(volumes.kinds(rules, trade))) == "served"
    assert volumes.kinds(rules, "no such trade") == volumes.kinds(rules, "general")


# ------------------------------------------------------------------------------------------------------ from a table


def book(path: Path, *rows: list[object]) -> Path:
    made = Workbook()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]
    made.save(path)
    return path


def test_a_workbook_and_a_csv_file_are_read_alike(hotel: Workspace, tmp_path: Path) -> None:
    workbook = book(
        tmp_path / "a.xlsx", ["月份", "接待量", "用餐"], [NOW.date().replace(day=1), 700, None], ["2026-10", "3,200", 9]
    )
    text = tmp_path / "a.csv"
    text.write_bytes('月份,接待量,用餐\n2026/11,700,\n2026-10,"3,200",9\n'.encode("gb18030"))
    expected = {"2026-11": {"served": 700}, "2026-10": {"served": 3200, "meals": 9}}

    assert volumes.read_file(hotel, workbook) == expected
    assert volumes.read_file(hotel, text) == expected
    assert noted(hotel) == []

    saved = volumes.import_file(hotel, workbook, "one")

    assert saved.months == expected
    assert volumes.volumes(hotel, "2026-01", "2026-12") == expected


@pytest.mark.parametrize(
    ("cell", "text"), [("三千", "三千"), ("#DIV/0!", "#DIV/0!"), ("=1+1", "=1+1"), (True, "True"), (-3, "-3")]
)
def test_one_bad_cell_leaves_the_whole_table_out(
    hotel: Workspace, rules: Rules, tmp_path: Path, cell: object, text: str
) -> None:
    path = book(tmp_path / "a.xlsx", ["月份", "接待量"], ["2026-09", 2900], ["2026-10", cell])

    with pytest.raises(KnownError) as refused:
        volumes.import_file(hotel, path, "one")

    assert refused.value.code == "volumes_number_bad"
    assert rules.sentences.error(refused.value) == (
        f"表格第 3 行“接待量（间夜）”写着“{text}”，不是 0 或更大的整数，整个表格没有读入；请改正后再试"
    )
    assert noted(hotel) == []


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"no workbook", "template_not_workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "template_old_format"),
        ("a.csv", b"\xff\xfe\x00", "calendar_not_text"),
        ("a.csv", '月份,接待量\n2026-10,"5'.encode(), "table_line_bad"),
        ("a.csv", b"\n" * 10 + "月份,接待量\n".encode() + b"2026-10,5\n" * 2100, "table_too_long"),
        ("a.csv", b"", "volumes_empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    hotel: Workspace, rules: Rules, tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(KnownError) as refused:
        volumes.import_file(hotel, path, "one")

    assert refused.value.code == code
    assert rules.sentences.error(refused.value)


def test_the_row_that_is_told_is_that_of_the_file(hotel: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('月份,接待量\n\n"2026-09","5"\n2026-10,x\n', encoding="utf-8")

    with pytest.raises(KnownError) as refused:
        volumes.read_file(hotel, path)

    assert refused.value.params["row"] == 4

"""The yearly satisfaction survey: sheets are typed in without names, counted by hand here, and shown on their sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.domain.periods import read_period
from desk_app.domain.survey import Item, Scale, Scales, results
from desk_app.errors import KnownError
from desk_app.services import sheets, survey, upkeep, volumes
from tests.helpers.builders import NOW, registered

if TYPE_CHECKING:
    from desk_app.domain.survey import ItemResult
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

GOOD, FAIR, BAD, NEVER = "满意", "基本满意", "不满意", "没有接触"


def typed(ws: Workspace, *answered: dict[str, str]) -> list[int]:
    return [survey.add(ws, 2026, answers, f"sheet-{n}").id for n, answers in enumerate(answered)]


def item_of(ws: Workspace, label: str, year: int = 2026) -> ItemResult:
    return next(each for each in survey.result(ws, year).items if each.item.label == label)


def test_what_is_asked_is_what_the_blank_sheet_prints(workspace: Workspace) -> None:
    items = survey.items(workspace)

    assert [item.label for item in items] == [
        *("产品质量", "产品特性符合要求", "价格与收费", "服务态度", "服务质量", "故障解决水平", "上门人员态度"),
        *("答复及时", "处理结果公平", "处理过程公平", "对待公平", "总体满意程度", "您还会再来吗"),
    ]
    assert items[0].answers == (GOOD, FAIR, BAD, NEVER)
    assert items[-1].answers == ("会", "也许", "不会")


def test_three_sheets_come_to_what_is_counted_by_hand(workspace: Workspace) -> None:
    typed(
        workspace,
        {"产品质量": GOOD, "产品特性符合要求": FAIR, "服务态度": BAD, "您还会再来吗": "会"},
        {"产品质量": FAIR, "产品特性符合要求": BAD, "服务态度": NEVER, "您还会再来吗": "也许"},
        {"产品质量": BAD, "产品特性符合要求": NEVER, "服务态度": GOOD},
    )

    found = survey.result(workspace, 2026)

    product = item_of(workspace, "产品质量")
    assert dict(product.counts) == {GOOD: 1, FAIR: 1, BAD: 1, NEVER: 0}
    assert (product.said, product.good, product.points) == (3, 2, 6)
    attitude = item_of(workspace, "服务态度")
    assert (attitude.said, attitude.good, attitude.share, attitude.mean) == (2, 1, 0.5, 2.0)
    again = item_of(workspace, "您还会再来吗")
    assert (again.said, again.good, again.mean) == (2, 1, 2.5)
    price = item_of(workspace, "价格与收费")
    assert (price.said, price.share, price.mean) == (0, None, None)
    assert found.count == 3
    assert (found.quality.count, found.quality.whole) == (3, 5)  # 2 of 3, and 1 of 2
    assert (found.complaints.count, found.complaints.whole) == (0, None)


def test_a_sheet_that_was_typed_wrongly_is_taken_back_and_stays_on_file(workspace: Workspace) -> None:
    first, _second = typed(workspace, {"产品质量": BAD}, {"产品质量": GOOD})

    saved = survey.take_back(workspace, 2026, first, "back")
    again = survey.take_back(workspace, 2026, first, "back")

    assert saved.count == again.count == 1
    assert dict(item_of(workspace, "产品质量").counts)[BAD] == 0
    with pytest.raises(KnownError) as refused:
        survey.take_back(workspace, 2026, first, "again")
    assert refused.value.code == "survey_unknown"
    assert upkeep.verify(workspace).ok


def test_a_request_is_stored_once_and_a_year_is_its_own(workspace: Workspace) -> None:
    survey.add(workspace, 2026, {"产品质量": GOOD}, "one")
    survey.add(workspace, 2026, {"产品质量": GOOD}, "one")
    survey.add(workspace, 2025, {"产品质量": BAD}, "two")

    assert survey.result(workspace, 2026).count == 1
    assert item_of(workspace, "产品质量", 2025).good == 0


@pytest.mark.parametrize(
    ("year", "answers", "code"),
    [
        (2027, {"产品质量": GOOD}, "survey_year_bad"),
        (2099, {"产品质量": GOOD}, "survey_year_bad"),
        (1999, {"产品质量": GOOD}, "survey_year_bad"),
        (2026, {}, "survey_empty"),
        (2026, {"产品质量": ""}, "survey_empty"),
        (2026, {"产品质量": "会"}, "survey_answer_bad"),
        (2026, {"姓名": "李女士"}, "survey_answer_bad"),
    ],
)
def test_what_the_sheet_does_not_ask_is_refused(
    workspace: Workspace, rules: Rules, year: int, answers: dict[str, str], code: str
) -> None:
    with pytest.raises(KnownError) as refused:
        survey.add(workspace, year, answers, "one")

    assert refused.value.code == code
    assert rules.sentences.error(refused.value)
    assert survey.result(workspace, 2026).count == 0


def test_an_item_that_is_asked_no_more_keeps_its_answers_and_one_on_no_scale_is_only_counted() -> None:
    scales = Scales((Scale({GOOD: 3, BAD: 1}, frozenset({GOOD}), frozenset()),), frozenset())
    items = (Item("颜色", ("红", "蓝")),)

    colour, old = results(items, [{"颜色": "红", "旧项": GOOD}, {"旧项": BAD}], scales)

    assert (dict(colour.counts), colour.share, colour.mean) == ({"红": 1, "蓝": 0}, None, None)
    assert (old.item.label, old.good, old.said, old.mean) == ("旧项", 1, 2, 2.0)


def test_the_result_sheet_of_a_year_has_the_answers_and_of_a_month_has_none(workspace: Workspace) -> None:
    registered(workspace, "save-1")
    typed(workspace, {"产品质量": GOOD, "服务态度": BAD}, {"产品质量": BAD})
    survey.add(workspace, 2025, {"产品质量": GOOD}, "last-year")
    for n in range(1, 12):
        volumes.put(workspace, f"2026-{n:02}", {"served": 10}, f"served-{n}")
    sheet = sheets.find(workspace, "survey_result")

    def rows(period: str) -> list[tuple[object, ...]]:
        scope = sheets.Scope(read_period(period, NOW.date()))
        return [row.values for row in sheets.fill(workspace, sheet, scope, by="小周").grid.rows]

    year, month = rows("2026"), rows("2026-11")

    assert ("满意度调查表", "收回（份）", 2, None, 1, "+1", None, None) in year
    assert ("产品质量", GOOD, 1, "50.0%", 1, "0", None, None) in year
    assert ("产品质量", "满意率", 1, "50.0%", 1, "0", None, None) in year
    assert ("产品质量", "平均分", 2, "2.00", 1, "+1", None, None) in year
    assert ("服务态度", "满意率", 0, "0.0%", 0, "0", None, None) in year
    assert ("满意度调查表", "产品质量优良率", 1, "50.0%", None, None, None, None) in year
    assert ("满意度调查表", "顾客投诉率", 1, "—", None, None, None, None) in year  # December is not known
    assert not [row for row in month if "满意度调查表" in row]
    assert not {"nan", "inf"} & {str(value).lower() for row in year for value in row}

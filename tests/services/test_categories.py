"""The shop's own categories and words: laid over those of the trade, stored, and seen by every other window."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app import services
from desk_app.domain import own_trade
from desk_app.domain.problems import RefusedError
from desk_app.domain.suggesting import Dictionary, suggest
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.services import categories, shop
from desk_app.services.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules

CASE = {
    "content": "车位被占",
    "customer_name": "李女士",
    "channel": "in_person",
    "severity": "normal",
    "route": "normal",
}


def register(ws: Workspace, category: str, request_id: str = "r1") -> str:
    facts = {**CASE, "kind": "complaint", "category": category}
    return services.intake.register(ws, facts, request_id).case.number


def suggested(ws: Workspace, text: str) -> list[str]:
    return [found.path for found in suggest(text, Dictionary(ws.trade.words))]


def test_a_case_can_have_a_category_of_the_shops_own(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with pytest.raises(RefusedError):
        register(workspace, "停车 > 车位")

    categories.add_category(workspace, "停车＞车位")

    assert services.desk.case_file(workspace, register(workspace, "停车 > 车位")).case.category == "停车 > 车位"
    with closing(open_workspace(folder, clock, rules)) as other:
        assert other.trade.categories[-2:] == ("停车", "停车 > 车位")
        register(other, "停车", "r2")


def test_a_category_that_is_hidden_stays_readable_and_the_case_can_be_put_right(workspace: Workspace) -> None:
    number = register(workspace, "商品问题 > 质量")

    categories.toggle_category(workspace, "商品问题")

    assert not any(path.startswith("商品问题") for path in workspace.trade.categories)
    with pytest.raises(RefusedError):
        register(workspace, "商品问题 > 质量", "r2")
    data = {"category": "商品问题 > 质量", "place": "二楼", "reason": "补充"}
    services.desk.act(workspace, number, Action.AMEND, data, "a1")
    case = services.desk.case_file(workspace, number).case
    assert (case.category, case.place) == ("商品问题 > 质量", "二楼")
    categories.toggle_category(workspace, "商品问题")
    assert workspace.trade.has_category("商品问题 > 质量")


def test_what_is_the_shops_own_is_taken_away_and_what_is_the_trades_is_hidden(workspace: Workspace) -> None:
    shipped = workspace.trade.categories
    categories.add_category(workspace, "停车")
    categories.add_category(workspace, "停车 > 车位")
    categories.add_category(workspace, "商品问题 > 包装")

    categories.remove_category(workspace, "停车")
    categories.remove_category(workspace, "商品问题 > 包装")
    categories.remove_category(workspace, "商品问题 > 质量")

    assert workspace.shop.own_categories == ()
    assert workspace.trade.categories == tuple(path for path in shipped if path != "商品问题 > 质量")
    categories.add_category(workspace, "商品问题 > 质量")
    assert workspace.trade.categories == shipped


@pytest.mark.parametrize("typed", ["", " ", "甲 > ", "甲 > 乙 > 丙", "甲" * 31, "甲\n乙", "甲\0"])
def test_what_is_no_category_is_refused(workspace: Workspace, typed: str) -> None:
    with pytest.raises(KnownError, match="category_bad"):
        categories.add_category(workspace, typed)
    assert workspace.shop.own_categories == ()


def test_a_category_that_is_there_is_not_added_and_the_last_one_cannot_be_hidden(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="category_known"):
        categories.add_category(workspace, "商品问题>质量")
    first, *others = (path for path in workspace.trade.categories if " > " not in path)
    for path in others:
        categories.toggle_category(workspace, path)

    with pytest.raises(KnownError, match="category_last"):
        categories.toggle_category(workspace, first)
    with pytest.raises(KnownError, match="category_last"):
        categories.remove_category(workspace, first)

    assert workspace.trade.has_category(first)


def test_a_word_of_the_shop_speaks_and_changes_and_goes(workspace: Workspace) -> None:
    assert suggested(workspace, "水壶串味") == []

    categories.put_word(workspace, " 串味 ", "商品问题 > 质量")
    assert suggested(workspace, "水壶串味") == ["商品问题 > 质量"]
    categories.put_word(workspace, "串味", "商品问题")
    assert suggested(workspace, "水壶串味") == ["商品问题"]
    assert own_trade.Word("串味", "商品问题", is_own=True, is_silent=False) in listed(workspace)
    categories.remove_word(workspace, "串味")

    assert suggested(workspace, "水壶串味") == []
    assert workspace.shop.own_words == {}


def test_a_word_of_the_trade_is_silenced_and_speaks_again(workspace: Workspace) -> None:
    before = listed(workspace)

    categories.remove_word(workspace, "坏了")
    assert suggested(workspace, "坏了") == []
    assert own_trade.Word("坏了", "商品问题 > 质量", is_own=False, is_silent=True) in listed(workspace)
    categories.remove_word(workspace, "坏了")

    assert suggested(workspace, "坏了") == ["商品问题 > 质量"]
    assert listed(workspace) == before


def test_a_word_that_says_what_the_trade_says_is_not_kept_as_the_shops_own(workspace: Workspace) -> None:
    categories.put_word(workspace, "坏了", "商品问题 > 价格")
    assert suggested(workspace, "坏了") == ["商品问题 > 价格"]

    categories.put_word(workspace, "坏了", "商品问题 > 质量")

    assert workspace.shop.own_words == {}


def test_a_word_is_one_word_in_any_width_and_case(workspace: Workspace) -> None:
    categories.put_word(workspace, "WiFi", "商品问题")

    categories.put_word(workspace, "ｗｉｆｉ", "商品问题 > 质量")

    assert workspace.shop.own_words == {"ｗｉｆｉ": "商品问题 > 质量"}
    assert suggested(workspace, "WIFI 连不上") == ["商品问题 > 质量"]


@pytest.mark.parametrize("word", ["", "  ", "两 个", "长" * 31, "甲\0"])
def test_what_is_no_word_is_refused(workspace: Workspace, word: str) -> None:
    with pytest.raises(KnownError, match="word_bad"):
        categories.put_word(workspace, word, "商品问题")


def test_a_word_for_a_category_that_is_not_offered_is_refused_and_is_silent(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="category_not_offered"):
        categories.put_word(workspace, "车位", "停车")
    categories.add_category(workspace, "停车")
    categories.put_word(workspace, "车位", "停车")

    categories.remove_category(workspace, "停车")

    assert suggested(workspace, "车位被占") == []


def test_two_windows_change_words_and_neither_loses_those_of_the_other(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(folder, clock, rules)) as other:
        categories.put_word(workspace, "串味", "商品问题")
        categories.put_word(other, "缺斤", "商品问题")
        shop.save_shop(workspace, "店", "general", ["小周"])

    workspace.look_again()
    assert workspace.shop.own_words == {"串味": "商品问题", "缺斤": "商品问题"}


def test_what_is_the_shops_own_goes_with_it_into_another_trade(workspace: Workspace) -> None:
    categories.add_category(workspace, "停车 > 车位")
    categories.put_word(workspace, "车位", "停车 > 车位")
    categories.put_word(workspace, "串味", "商品问题 > 质量")

    shop.save_shop(workspace, "店", "hotel", ["小周"])

    assert workspace.trade.has_category("服务质量问题 > 噪音")
    assert suggested(workspace, "车位被占，串味") == ["停车 > 车位"]


def listed(ws: Workspace) -> tuple[own_trade.Word, ...]:
    return own_trade.listed(ws.rules.trade(ws.shop.trade), ws.shop.own_words)

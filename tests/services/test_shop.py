from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.domain.problems import RefusedError
from desk_app.errors import KnownError
from desk_app.services import shop
from desk_app.services.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules


def test_a_new_shop_has_one_unnamed_operator_and_is_not_set_up(workspace: Workspace) -> None:
    assert not workspace.shop.is_set_up
    assert workspace.shop.operators == ("前台",)
    assert workspace.trade.key == "general"


def test_the_three_answers_of_the_first_start_are_kept(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    saved = shop.set_up(workspace, " 和平路店 ", "hotel", "小周")

    assert saved.changes.shop
    assert saved.shop == workspace.shop
    other = open_workspace(folder, clock, rules)
    assert (other.shop.name, other.shop.trade, other.shop.operator) == ("和平路店", "hotel", "小周")
    assert other.shop.operators == ("小周",)
    assert other.shop.is_set_up
    other.close()


def test_a_name_that_is_chosen_joins_the_list_once(workspace: Workspace) -> None:
    shop.set_up(workspace, "店", "general", "小周")
    shop.choose_operator(workspace, "小吴")
    saved = shop.choose_operator(workspace, " 小周 ").shop

    assert saved.operators == ("小周", "小吴")
    assert saved.operator == "小周"


def test_the_list_may_be_edited_and_never_left_empty(workspace: Workspace) -> None:
    shop.set_up(workspace, "店", "general", "小周")

    saved = shop.save_shop(workspace, "新店", "general", ["小吴", " 小郑 ", "", "小吴"]).shop
    assert saved.operators == ("小吴", "小郑")
    assert saved.operator == "小吴"
    with pytest.raises(KnownError, match="operator_missing"):
        shop.save_shop(workspace, "新店", "general", ["", " "])
    with pytest.raises(KnownError, match="operator_missing"):
        shop.choose_operator(workspace, "  ")
    assert workspace.shop.operators == ("小吴", "小郑")


def test_a_name_that_cannot_be_written_is_refused(workspace: Workspace) -> None:
    with pytest.raises(RefusedError):
        shop.set_up(workspace, "店", "general", "小\x00周")
    with pytest.raises(RefusedError):
        shop.choose_operator(workspace, "周" * 41)
    assert not workspace.shop.is_set_up


def test_a_shops_name_is_one_line_that_every_file_can_carry(workspace: Workspace) -> None:
    assert shop.set_up(workspace, "和平路\n\ud83d店\x00 ", "general", "小周").shop.name == "和平路 店"
    assert len(shop.set_up(workspace, "店" * 500, "general", "小周").shop.name) == 60

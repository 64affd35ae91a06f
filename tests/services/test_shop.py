from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.problems import RefusedError
from desk_app.domain.vocabulary import Role
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


def test_roles_are_off_until_one_is_given_and_again_when_the_last_is_taken(workspace: Workspace) -> None:
    shop.set_up(workspace, "店", "general", "小周")
    assert workspace.policy.authority.may("小周", Role.MANAGER)

    shop.set_role(workspace, "李主管", Role.SUPERVISOR)
    assert workspace.shop.operators == ("小周", "李主管")
    assert not workspace.policy.authority.may("小周", Role.SUPERVISOR)
    assert workspace.policy.authority.may("李主管", Role.SUPERVISOR)

    shop.set_role(workspace, "李主管", Role.MANAGER)
    assert workspace.policy.authority.may("李主管", Role.MANAGER)
    assert workspace.policy.authority.has_head
    shop.set_role(workspace, "李主管", None)
    assert workspace.shop.roles == {}
    assert workspace.policy.authority.may("小周", Role.MANAGER)


def test_roles_are_kept_and_go_with_the_name(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    shop.save_shop(workspace, "店", "general", ["小周", "李主管", "郑店长"])
    shop.set_role(workspace, "李主管", Role.SUPERVISOR)
    shop.set_role(workspace, "郑店长", Role.MANAGER)
    shop.save_shop(workspace, "店", "general", ["小周", "郑店长"])

    with closing(open_workspace(folder, clock, rules)) as other:
        assert other.shop.roles == {"郑店长": Role.MANAGER}
        assert other.policy.authority.role_of("郑店长") is Role.MANAGER


def test_a_role_is_taken_only_from_a_name_there_is(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="operator_unknown"):
        shop.set_role(workspace, "谁", None)
    with pytest.raises(KnownError, match="operator_missing"):
        shop.set_role(workspace, " ", Role.MANAGER)
    assert workspace.shop.operators == ("前台",)

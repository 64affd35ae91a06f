from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.problems import RefusedError
from desk_app.domain.rights import Right
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.services import checking, shop
from desk_app.services.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    assert workspace.policy.authority.may("小周", Right.ERASE)

    shop.set_role(workspace, "李主管", Role.SUPERVISOR)
    assert workspace.shop.operators == ("小周", "李主管")
    assert not workspace.policy.authority.may("小周", Right.EXPORT)
    assert workspace.policy.authority.may("李主管", Right.EXPORT)

    shop.set_role(workspace, "李主管", Role.MANAGER)
    shop.choose_operator(workspace, "李主管")
    assert workspace.policy.authority.may("李主管", Right.ERASE)
    assert workspace.policy.authority.has_head
    shop.set_role(workspace, "李主管", None)
    assert workspace.shop.roles == {}
    assert workspace.policy.authority.may("小周", Right.ERASE)


def test_roles_are_kept_and_go_with_the_name(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    shop.save_shop(workspace, "店", "general", ["小周", "李主管", "郑店长"])
    shop.set_role(workspace, "李主管", Role.SUPERVISOR)
    shop.set_role(workspace, "郑店长", Role.MANAGER)
    shop.choose_operator(workspace, "郑店长")
    shop.save_shop(workspace, "店", "general", ["小周", "郑店长"])

    with closing(open_workspace(folder, clock, rules)) as other:
        assert other.shop.roles == {"郑店长": Role.MANAGER}
        assert other.policy.authority.role_of("郑店长") is Role.MANAGER


@pytest.fixture
def other(workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[Workspace]:
    """Another window on the same register, which has looked at it before anything is changed here."""
    shop.save_shop(workspace, "店", "general", ["小周", "小吴"])
    with closing(open_workspace(folder, clock, rules)) as opened:
        yield opened


def test_what_another_window_has_set_stays_as_it_is(workspace: Workspace, other: Workspace) -> None:
    shop.save_shop(workspace, "和平路店", "hotel", ["小周", "小吴"], shop.Options(silent_after=30))
    shop.set_role(workspace, "郑店长", Role.MANAGER)

    seen = other.shop
    shop.choose_operator(other, "郑店长")
    saved = shop.save_shop(other, "店", "general", ["小吴", "小周"], shop.Options(reminders=False), seen).shop
    assert (saved.name, saved.reminders, saved.operators) == ("和平路店", False, ("小吴", "小周", "郑店长"))
    shop.set_role(other, "小吴", Role.HANDLER)
    saved = shop.choose_operator(other, "小吴").shop

    workspace.look_again()
    for each in (saved, workspace.shop):
        assert (each.name, each.trade, each.silent_after, each.reminders) == ("和平路店", "hotel", 30, False)
        assert each.roles == {"郑店长": Role.MANAGER, "小吴": Role.HANDLER}
        assert (each.operators, each.operator) == (("小吴", "小周", "郑店长"), "小吴")


def test_a_list_that_was_edited_in_two_windows_has_the_changes_of_both(workspace: Workspace, other: Workspace) -> None:
    seen = other.shop
    shop.save_shop(workspace, "店", "general", ["小周", "小郑"])

    shop.save_shop(other, "店", "general", ["小周", "小吴", "小钱"], seen=seen)

    assert other.shop.operators == ("小周", "小钱", "小郑"), "小吴 was taken off over there"
    shop.save_shop(workspace, "店", "general", ["小郑"], seen=replace(seen, operators=("小周", "小郑")))
    shop.save_shop(other, "店", "general", ["小周"], seen=replace(seen, operators=("小周", "小郑", "小钱")))
    assert other.shop.operators == ("小周",), "what both took off is off, and somebody is always left"


def test_what_the_person_had_before_them_counts_and_not_what_has_come_in_since(
    workspace: Workspace, other: Workspace
) -> None:
    seen = other.shop
    shop.save_shop(workspace, "和平路店", "general", ["小周", "小吴"])
    other.look_again()

    shop.save_shop(other, "店", "hotel", ["小周", "小吴"], seen=seen)

    assert (other.shop.name, other.shop.trade) == ("和平路店", "hotel")


def test_only_what_has_changed_is_written(workspace: Workspace) -> None:
    written: list[str] = []
    workspace.store.conn.set_trace_callback(written.append)
    shop.set_role(workspace, "前台", Role.MANAGER)
    workspace.store.conn.set_trace_callback(None)

    (insert,) = {statement for statement in written if "INSERT INTO setting" in statement}
    assert "'roles'" in insert


def test_taking_the_last_role_says_so_however_it_goes(workspace: Workspace) -> None:
    def notes(saved: shop.ShopSaved) -> list[str]:
        return [note.code for note in saved.notes]

    assert notes(shop.save_shop(workspace, "店", "general", ["小周", "李主管"])) == [], "there was none"
    assert notes(shop.set_role(workspace, "李主管", Role.SUPERVISOR)) == []
    assert notes(shop.set_role(workspace, "小周", Role.HANDLER)) == []
    assert notes(shop.set_role(workspace, "小周", None)) == []
    assert notes(shop.save_shop(workspace, "店", "general", ["小周"])) == ["roles_gone"], "with the name"
    shop.set_role(workspace, "小周", Role.HANDLER)
    assert notes(shop.set_role(workspace, "小周", None)) == ["roles_gone"]


def test_a_role_is_taken_only_from_a_name_there_is(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="operator_unknown"):
        shop.set_role(workspace, "谁", None)
    with pytest.raises(KnownError, match="operator_missing"):
        shop.set_role(workspace, " ", Role.MANAGER)
    assert workspace.shop.operators == ("前台",)


def test_a_role_that_is_none_stops_nobody_and_is_told_by_the_check(workspace: Workspace, other: Workspace) -> None:
    shop.set_role(workspace, "前台", Role.MANAGER)
    workspace.store.conn.execute("""UPDATE setting SET value = '{"前台": "manaoer"}' WHERE key = 'roles'""")
    workspace.store.conn.execute("DELETE FROM temp.touched")  # as another tool writes

    other.look_again()

    assert other.shop.roles == {}
    assert [finding.code for finding in checking.verify(other).findings] == ["check_row_changed"]

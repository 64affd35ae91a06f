from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.services import access, shop
from desk_app.services.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules

PIN = "2580"


@pytest.fixture
def again(folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[Callable[[], Workspace]]:
    """Open the same register once more, as another program or the next start does."""
    opened: list[Workspace] = []

    def open_again() -> Workspace:
        opened.append(open_workspace(folder, clock, rules))
        return opened[-1]

    yield open_again
    for each in opened:
        each.close()


@pytest.fixture
def staffed(workspace: Workspace) -> Workspace:
    """A shop of a manager with a PIN, who is signed in, and two without."""
    shop.set_up(workspace, "店", "general", "郑店长")
    shop.save_shop(workspace, "店", "general", ["郑店长", "小周", "小吴"])
    shop.set_role(workspace, "郑店长", Role.MANAGER)
    access.set_pin(workspace, "郑店长", PIN)
    return workspace


def refusal(of: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as caught:
        of()
    return caught.value


def test_a_shop_without_pins_notices_nothing(workspace: Workspace) -> None:
    shop.set_up(workspace, "店", "general", "小周")
    shop.choose_operator(workspace, "小吴")

    assert workspace.operator == "小吴"
    assert refusal(lambda: access.sign_out(workspace)).code == "pins_none"
    assert [note.code for note in access.notes_on_access(workspace)] == ["pins_off"]


def test_a_register_whose_operator_has_a_pin_opens_locked_until_they_sign_in(
    staffed: Workspace, again: Callable[[], Workspace]
) -> None:
    assert staffed.operator == "郑店长", "who sets a PIN stays signed in"
    other = again()

    assert other.session is None
    assert refusal(lambda: other.operator).code == "locked"
    signed = access.sign_in(other, "郑店长", "２５８０ ")

    assert signed.shop.operator == other.operator == "郑店长"


def test_a_name_with_a_pin_cannot_just_be_chosen(staffed: Workspace) -> None:
    shop.choose_operator(staffed, "小周")

    assert refusal(lambda: shop.choose_operator(staffed, "郑店长")).code == "pin_needed"
    assert staffed.operator == "小周"


def test_what_one_program_is_signed_in_as_is_no_other_programs(
    staffed: Workspace, again: Callable[[], Workspace]
) -> None:
    access.set_pin(staffed, "小周", "7913")
    command, window = again(), staffed
    access.sign_in(command, "小周", "7913", stays=False)
    window.look_again()

    assert (command.operator, window.operator) == ("小周", "郑店长")
    assert again().shop.operator == "郑店长", "a command is a visit"
    access.sign_in(command, "小周", "7913")
    window.look_again()
    assert window.shop.operator == window.operator == "郑店长", "whoever proved to be somebody stays it"


def test_a_pin_that_is_changed_elsewhere_ends_the_session(staffed: Workspace, again: Callable[[], Workspace]) -> None:
    other = again()
    access.sign_in(other, "郑店长", PIN)
    access.set_pin(other, "郑店长", "8642", PIN)

    staffed.look_again()

    assert staffed.session is None
    assert other.operator == "郑店长"


def test_locking_lets_nobody_act_and_who_signs_in_next_acts(staffed: Workspace) -> None:
    access.sign_out(staffed)
    staffed.look_again()

    assert staffed.session is None
    access.sign_in(staffed, "小周")
    assert staffed.operator == "小周"
    access.sign_out(staffed)
    assert staffed.session is None, "also of somebody without a PIN"


def test_five_misses_cost_a_minute_then_two_up_to_half_an_hour(staffed: Workspace, clock: FixedClock) -> None:
    waits = []
    for _ in range(12):
        error = refusal(lambda: access.sign_in(staffed, "郑店长", "0000"))
        waits.append(error.params.get("wait", 0))
        clock.uptime += waits[-1]

    assert waits == [0, 0, 0, 0, 60, 120, 240, 480, 960, 1800, 1800, 1800]
    access.sign_in(staffed, "郑店长", PIN)
    assert refusal(lambda: access.sign_in(staffed, "郑店长", "0000")).code == "sign_in_refused", "counted anew"


def test_the_right_pin_is_no_better_than_a_wrong_one_while_there_is_something_to_be_waited(
    staffed: Workspace, clock: FixedClock
) -> None:
    for _ in range(5):
        refusal(lambda: access.sign_in(staffed, "郑店长", "0000"))
    clock.uptime += 59.5

    assert refusal(lambda: access.sign_in(staffed, "郑店长", PIN)).params["wait"] == 1
    clock.uptime += 0.5
    assert access.sign_in(staffed, "郑店长", PIN).shop.operator == "郑店长"

"""What the form of an action says while it is filled in: whose matter it is, and who will have to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import Role, Status
from desk_app.services import desk as use_cases
from desk_app.services.shop import set_role
from tests.helpers.builders import acted, registered
from tests.ui.case_rig import KEY, begin, done, form, open_case, problems, story
from tests.ui.window_rig import press, settle

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

TAB = KEY.Key_Tab
GOES_UP = "超出您的权限：完成后交{0}审批，批准之前不能答复客户"


@pytest.fixture
def others() -> tuple[str, ...]:
    return ("林主管", "赵店长")


def give_roles(qtbot: QtBot, window: MainWindow, operator: Role) -> None:
    """Let 小周, who is at the desk, have a role, and the others theirs."""
    roles = {"小周": operator, "林主管": Role.SUPERVISOR, "赵店长": Role.MANAGER}
    for name, role in roles.items():
        window.desk.ask(
            lambda ws, name=name, role=role: set_role(ws, name, role), lambda s: window.desk.take_shop(s.shop)
        )
    settle(qtbot, window.desk)


def test_what_the_manager_owes_is_answered_by_another_with_a_word_and_not_refused(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace, route="external", external_body="消协").case.number
    open_case(qtbot, window, number)

    begin(window, KEY.Key_R, "给您换新", TAB, KEY.Key_1)
    assert problems(window) == ["这件事由店长负责；由您办理，经过里会记您的名字（小周）"]
    done(qtbot, window)

    file = use_cases.case_file(workspace, number)
    assert (file.case.status, file.events[-1].by) == (Status.AWAITING_RETURN_VISIT, "小周")
    assert "答复　小周" in story(window)


def test_a_note_that_writes_the_matter_of_another_down_says_nothing(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    open_case(qtbot, window, registered(workspace, receiver="小吴").case.number)

    begin(window, KEY.Key_C, "客户来电催问")

    assert problems(window) == []


def test_the_word_stays_beside_what_is_wrong_and_goes_with_the_form(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace, receiver="小吴").case.number
    open_case(qtbot, window, number)

    begin(window, KEY.Key_R)
    done(qtbot, window)
    assert problems(window) == ["这件事由小吴负责；由您办理，经过里会记您的名字（小周）", "content: 请填写"]
    press(KEY.Key_Escape)
    begin(window, KEY.Key_P)

    assert problems(window) == []


def test_an_amount_beyond_ones_authority_is_told_as_soon_as_it_is_typed(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    give_roles(qtbot, window, Role.SUPERVISOR)
    number = registered(workspace).case.number
    open_case(qtbot, window, number)

    begin(window, KEY.Key_F, "退一赔三", TAB)
    seen = []
    for typed in ("1", "0", "0", "0"):
        press(KEY(ord(typed)))
        seen.append(problems(window))
    press(KEY.Key_0)
    assert (seen, problems(window)) == ([[]] * 4, [GOES_UP.format("店长")])
    press(KEY.Key_Backspace)
    assert problems(window) == []
    press(KEY.Key_5)
    done(qtbot, window)

    file = use_cases.case_file(workspace, number)
    assert [f.owed_by for f in file.owed if f.kind == "approve"] == ["店长"]


def test_one_without_authority_is_told_before_anything_is_typed(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    give_roles(qtbot, window, Role.RECEPTIONIST)
    open_case(qtbot, window, registered(workspace).case.number)

    begin(window, KEY.Key_F)
    assert problems(window) == [GOES_UP.format("部门负责人")]
    for step in (TAB, KEY.Key_2, KEY.Key_0, KEY.Key_0, KEY.Key_0):
        press(step)

    assert problems(window) == [GOES_UP.format("店长")]


def test_an_approval_that_will_be_refused_says_so_when_its_form_opens(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    give_roles(qtbot, window, Role.SUPERVISOR)
    number = registered(workspace).case.number
    acted(workspace, number, "propose", solution="退一赔三", amount="1200")
    open_case(qtbot, window, number)

    begin(window, KEY.Key_Y)
    refusal = "小周 不能批准 1200.00 元，超出权限，请由店长批准"
    assert problems(window) == [refusal]
    done(qtbot, window)

    assert form(window) is not None
    assert problems(window) == [refusal]


def test_without_roles_no_amount_is_beyond_anybody(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    open_case(qtbot, window, registered(workspace).case.number)

    begin(window, KEY.Key_F, "退一赔三", TAB, "99999")

    assert problems(window) == []


def test_what_is_known_follows_what_another_does_meanwhile(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace, receiver="小周").case.number
    open_case(qtbot, window, number)
    begin(window, KEY.Key_R, "给您换新")
    assert problems(window) == []

    acted(workspace, number, "escalate", to="店长", reason="金额大")
    window.desk.ask(use_cases.has_changed, window.desk.changed.emit)
    settle(qtbot, window.desk)

    assert problems(window)[0] == "这件事由店长负责；由您办理，经过里会记您的名字（小周）"
    assert problems(window)[1].startswith(f"{number} 刚才有了新的经过")

"""The actions on a case: every one by its letter, what is next first, what is impossible explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint

from desk_app.domain.vocabulary import Action, Status
from desk_app.services import desk as use_cases
from tests.helpers.builders import acted, registered
from tests.ui.case_rig import KEY, act, actions_of, begin, buttons, done, fields, form, open_case, owed_of, problems
from tests.ui.guide_rig import guide, open_guide
from tests.ui.window_rig import USUAL_SCREEN, commit, focus, press, settle, told
from ui.views.case_detail import CaseDetail
from ui.views.case_detail_actions import ActionPane
from ui.views.case_detail_text import ReadingPane

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

TAB = KEY.Key_Tab


@pytest.fixture
def others() -> tuple[str, ...]:
    return ("张工", "小吴")


def test_every_action_is_done_by_its_letter(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)

    act(qtbot, window, KEY.Key_C, "客户说壶还在保修期")
    act(qtbot, window, KEY.Key_A, "小家电部", TAB, "张工")
    act(qtbot, window, KEY.Key_Q)
    act(qtbot, window, KEY.Key_I, "通电测试", TAB, "温控器虚焊")
    act(qtbot, window, KEY.Key_D, KEY.Key_2)  # 部门
    act(qtbot, window, KEY.Key_F, "换新", TAB, "199")
    act(qtbot, window, KEY.Key_N, "先问厂家")
    act(qtbot, window, KEY.Key_F, "换新，厂家承担")
    act(qtbot, window, KEY.Key_Y)
    act(qtbot, window, KEY.Key_P, "明天送货上门", TAB, "明天 15:00")
    act(qtbot, window, KEY.Key_K)
    act(qtbot, window, KEY.Key_R, "明天给您换新")
    act(qtbot, window, KEY.Key_V, KEY.Key_1, TAB, KEY.Key_3)  # 联系上, 不满意
    act(qtbot, window, KEY.Key_U, "店长", TAB, "客户仍不满意")
    act(qtbot, window, KEY.Key_R, "退款并致歉")
    act(qtbot, window, KEY.Key_V, KEY.Key_1, TAB, KEY.Key_1)
    act(qtbot, window, KEY.Key_G, "验货只看外观")
    act(qtbot, window, KEY.Key_E, "抽查十台，都通电试过")
    act(qtbot, window, KEY.Key_B, "采购部", TAB, "该批次温控器虚焊")
    act(qtbot, window, KEY.Key_X, "退款")
    act(qtbot, window, KEY.Key_O, "客户又来")
    act(qtbot, window, KEY.Key_Z, "与另一件重复")

    file = use_cases.case_file(workspace, number)
    assert (file.case.status, file.case.round) == (Status.VOID, 3)
    assert set(actions_of(workspace, number)) == set(Action) - {Action.AMEND}


def test_what_is_next_stands_first_and_bold_and_what_cannot_be_done_last_and_explained(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, rules: Rules
) -> None:
    number = registered(workspace).case.number
    pane = open_case(qtbot, window, number)
    seen = buttons(window)
    able = [letter for letter, button in seen.items() if button.isEnabled()]

    assert sorted(seen) == sorted(f.letter for f in rules.actions.values())
    assert list(seen)[: len(able)] == able, "an impossible one stands among the others"
    assert [letter for letter, b in seen.items() if b.font().bold()] == ["R"] == able[:1]
    assert set(seen) - set(able) == set("QYNKVEXO")
    for letter in "QYNKVEO":
        press(getattr(KEY, f"Key_{letter}"))
        assert form(window) is None
        assert told(window) == seen[letter].toolTip() != ""
    assert pane.next_action() is Action.REPLY


def test_the_actions_need_no_scrolling_on_the_usual_screen(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    open_case(qtbot, window, registered(workspace).case.number)

    text = window.findChild(ReadingPane)
    edge = text.mapTo(window, QPoint(0, 0)).y()
    assert (window.width(), window.height()) == USUAL_SCREEN
    assert all(b.mapTo(window, QPoint(0, b.height())).y() <= edge for b in buttons(window).values())
    assert text.height() > window.height() // 3


def test_the_actions_take_as_many_lines_as_the_width_asks_for(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    open_case(qtbot, window, registered(workspace).case.number)
    pane = window.findChild(ActionPane)
    heights = []
    for width in (700, 1366, 700):  # alone it is wider than beside the list
        window.resize(width, 700)
        settle(qtbot, window.desk)
        heights.append(pane.height())
        assert all(pane.rect().contains(b.geometry()) for b in buttons(window).values())

    assert heights[0] == heights[2] < heights[1]


@pytest.mark.parametrize(
    ("done_before", "expected"),
    [
        ((), Action.REPLY),
        ((("propose", {"solution": "换新"}),), Action.APPROVE),  # no answer before the approval
        ((("promise", {"what": "来电", "due_at": "2026-11-22 12:00"}),), Action.KEEP_PROMISE),
        ((("reply", {"content": "换新"}),), Action.RETURN_VISIT),
        (
            (
                ("reply", {"content": "换新"}),
                ("return_visit", {"satisfaction": "satisfied"}),
                ("feed_back", {"content": "已转告"}),
            ),
            Action.DETERMINE,  # all is done but what the closing asks for
        ),
        (
            (
                ("determine", {"responsibility": "customer"}),
                ("reply", {"content": "换新"}),
                ("return_visit", {"satisfaction": "satisfied"}),
                ("feed_back", {"content": "已转告"}),
            ),
            Action.CLOSE,
        ),
    ],
    ids=["new", "proposed", "promised", "replied", "undetermined", "all done"],
)
def test_enter_twice_starts_what_is_next(
    qtbot: QtBot,
    window: MainWindow,
    workspace: Workspace,
    done_before: tuple[tuple[str, dict[str, object]], ...],
    expected: Action,
) -> None:
    number = registered(workspace).case.number
    for action, keys in done_before:
        acted(workspace, number, action, **keys)
    open_case(qtbot, window, number)

    press(KEY.Key_Return)

    opened = form(window)
    assert opened is not None
    assert opened.form.action is expected


# ----------------------------------------------------------------------------------------- what a form asks and offers


def test_of_several_promises_one_is_chosen_by_what_was_promised(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "promise", what="送果盘", due_at="2026-11-22 12:00")
    acted(workspace, number, "promise", what="退一半房费", due_at="2026-11-23 12:00")
    open_case(qtbot, window, number)

    begin(window, KEY.Key_K)
    done(qtbot, window)
    assert problems(window) == ["promise: 请选一项"]
    press(KEY.Key_2)
    done(qtbot, window)

    assert ("promise", "送果盘") in owed_of(use_cases.case_file(workspace, number))
    assert ("promise", "退一半房费") not in owed_of(use_cases.case_file(workspace, number))


def test_the_only_promise_is_chosen_already_and_counts_as_nothing_typed(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "promise", what="送果盘")
    open_case(qtbot, window, number)

    begin(window, KEY.Key_K)
    assert fields(window)["promise"].editor.chosen_text().startswith("送果盘（")
    press(KEY.Key_Escape)
    assert buttons(window)["K"].text() == "兑现承诺  K"
    act(qtbot, window, KEY.Key_K)

    assert ("promise", "送果盘") not in owed_of(use_cases.case_file(workspace, number))


def test_a_correction_is_named_once_though_it_is_owed_twice(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "correct", problem="验货只看外观")
    acted(workspace, number, "correct", problem="货架太高")
    open_case(qtbot, window, number)

    act(qtbot, window, KEY.Key_E, KEY.Key_1, TAB, "已改")

    assert owed_of(use_cases.case_file(workspace, number)) == [
        ("reply", ""),
        ("correct", "货架太高"),
        ("verify", "货架太高"),
    ]


def test_the_names_of_the_shop_are_offered_and_another_may_be_typed(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)

    begin(window, KEY.Key_A, TAB)
    person = fields(window)["person"].editor
    offered = []
    for _ in range(5):
        press(KEY.Key_Down)
        offered.append(person.value())
    assert offered == ["小周", "张工", "小吴", "部门负责人", "店长"]
    person.set_value(None)
    commit("厂家的陈师傅")
    done(qtbot, window)

    assert use_cases.case_file(workspace, number).events[-1].data == {"person": "厂家的陈师傅"}


def test_a_due_day_is_typed_as_people_say_it(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)

    act(qtbot, window, KEY.Key_P, "回电", TAB, "周三")

    promise = use_cases.case_file(workspace, number).owed[-1]
    assert f"{promise.due_at:%Y-%m-%d %H:%M}" == "2026-11-25 18:00"


def test_whom_to_answer_is_asked_only_where_somebody_else_waits_too(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    plain = registered(workspace).case.number
    external = registered(workspace, "b", route="external", external_body="消协").case.number
    open_case(qtbot, window, plain)
    begin(window, KEY.Key_R)
    assert "to" not in fields(window)

    open_case(qtbot, window, external)
    act(qtbot, window, KEY.Key_R, "已换新")
    begin(window, KEY.Key_R, "已办结")
    assert fields(window)["to"].value() == "external"
    done(qtbot, window)

    assert ("external_reply", "") not in owed_of(use_cases.case_file(workspace, external))


def test_a_visit_asks_only_what_its_answer_leaves_to_be_asked(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "reply", content="已换新壶")
    open_case(qtbot, window, number)

    def asked() -> set[str]:
        return {key for key, row in fields(window).items() if row.isVisible()}

    scores = {"result_fair", "process_fair", "manner_fair"}
    begin(window, KEY.Key_V)
    seen = [asked()]
    press(KEY.Key_2)  # 没联系上
    seen.append(asked())
    press(TAB)
    press(KEY.Key_2)  # 改约
    press(TAB)
    commit("明天 15:00")
    done(qtbot, window)

    assert seen == [
        {"reached", "satisfaction", *scores, "opinion"},
        {"reached", "attempt", "due_at", "opinion"},
    ]
    visit = use_cases.case_file(workspace, number).owed[0]
    assert f"{visit.kind} {visit.due_at:%m-%d %H:%M}" == "return_visit 11-23 15:00"


def test_an_action_without_fields_is_done_by_enter(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "assign", person="张工")
    open_case(qtbot, window, number)

    begin(window, KEY.Key_Q)
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert use_cases.case_file(workspace, number).owed[0].owed_by == "张工"


# -------------------------------------------------------------------------------------------------- opened from outside


def test_a_form_can_be_opened_with_something_in_it(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    pane = open_case(qtbot, window, number)

    pane.start(Action.PROMISE, {"what": "一定查证清楚给您答复"})
    done(qtbot, window)

    assert ("promise", "一定查证清楚给您答复") in owed_of(use_cases.case_file(workspace, number))


def test_a_phrase_that_promises_is_in_the_form_of_the_promise(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    open_case(qtbot, window, registered(workspace).case.number)

    open_guide(qtbot, window.desk)
    guide(window).promise_wanted.emit("一定查证清楚给您答复")

    opened = form(window)
    assert opened is not None
    assert (opened.form.action, opened.values()) == (Action.PROMISE, {"what": "一定查证清楚给您答复"})
    assert opened.isAncestorOf(focus())


def test_what_was_typed_before_is_not_written_over(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    pane = open_case(qtbot, window, registered(workspace).case.number)
    begin(window, KEY.Key_P, "下班前回电")
    press(KEY.Key_Escape)

    pane.start(Action.PROMISE, {"what": "以后决不会有类似的事"})

    assert fields(window)["what"].value() == "下班前回电"
    assert problems(window) == ["这里有没写完的内容，没有换成：以后决不会有类似的事"]
    assert focus() is fields(window)["what"].editor


def test_no_form_opens_where_no_case_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_2)
    window.show_page("follow_up")
    settle(qtbot, window.desk)

    window.findChild(CaseDetail).start(Action.PROMISE, {"what": "回电"})

    assert form(window) is None

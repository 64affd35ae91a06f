"""Each editor: what is shown is what it gives back; what a person does is told, what the program does is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice, Field, FieldType
from tests.ui.desk_rig import CTRL, commit, press
from ui import theme
from ui.forms.editors import ChoiceCombo, EditorFacts, LongTextEditor, MomentEditor, OpenEditor, YesNoBar
from ui.forms.field_form import FieldForm, Section, Slot
from ui.forms.item_editor import ItemEditor
from ui.widgets.choice_bar import ChoiceBar
from ui.widgets.field_row import FieldRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules

KEY = Qt.Key
ROUND_TRIPS: dict[str, list[object]] = {
    "place": ["二楼", "𠮷😀 =HYPERLINK(1)", "x" * 500],
    "occurred_at": ["上周二晚上", "2026-11-20"],
    "content": ["一行", "两行\n第二行\t有制表符\n", "  前后有空格  "],
    "kind": ["complaint", "praise"],
    "channel": ["in_person", "other"],
    "safety": [True],
    "demand_kind": [["repair"], ["replace", "refund", "other"]],
    "received_at": ["2026-11-22 09:12", "2026-11-22 09:12:30"],
    "amount": ["199.90", "1,000"],
    "category": ["商品问题", "商品问题 > 质量"],
    "item": [{"order_no": "NO-1"}, {"order_no": "NO-1", "model": "SX", "colour": "红"}],
}


@pytest.fixture
def facts(rules: Rules, clock: FixedClock) -> EditorFacts:
    return EditorFacts(rules.trade("general"), clock)


@pytest.fixture
def make(qtbot: QtBot, rules: Rules, facts: EditorFacts) -> Callable[[str], FieldRow]:
    """Return a maker of the row of a field, shown in a window, with the focus in its editor."""
    theme.apply(QApplication.instance(), dark=False)
    houses: list[QWidget] = []  # the rows live as long as what they stand in

    def made(key: str, fact: Field | None = None) -> FieldRow:
        house = QWidget()
        row = FieldRow(fact or rules.fields[key], facts, house)
        QVBoxLayout(house).addWidget(row)
        qtbot.addWidget(house)
        with qtbot.waitActive(house):
            house.show()
            house.activateWindow()
        row.editor.setFocus()
        houses.append(house)
        return row

    return made


def edits_of(row: FieldRow) -> list[object]:
    edits: list[object] = []
    row.edited.connect(lambda: edits.append(row.value()))
    return edits


@pytest.mark.parametrize("key", ROUND_TRIPS)
def test_what_is_shown_is_what_comes_back_and_nobody_is_told(make: Callable[[str], FieldRow], key: str) -> None:
    row = make(key)
    edits = edits_of(row)
    assert row.value() is None, "a new one is empty"
    for value in ROUND_TRIPS[key]:
        row.set_value(value)
        assert row.value() == value
    row.set_value(None)
    assert row.value() is None
    assert edits == []


def test_every_type_of_field_is_in_the_round_trip(rules: Rules) -> None:
    tried = {rules.fields[key].type for key in ROUND_TRIPS}
    typed_in = {f.type for f in rules.fields if not f.given}
    assert typed_in - tried == {FieldType.OPERATOR}  # typed in nowhere on the form


@pytest.mark.parametrize("key", ROUND_TRIPS)
def test_a_row_has_label_name_and_description(make: Callable[[str], FieldRow], rules: Rules, key: str) -> None:
    fact = rules.fields[key]
    row = make(key)
    name = f"{fact.label}，必填" if fact.required else fact.label
    assert row.editor.accessibleName() == name
    buddies = [label for label in row.findChildren(QLabel) if label.buddy() is row.editor]
    assert len(buddies) == 1
    own_words = fact.label + (" *" if fact.required else "")
    assert buddies[0].text() == ("" if fact.type is FieldType.BOOL else own_words)
    assert fact.help in row.editor.accessibleDescription()

    row.show_problem("请填写")
    assert "请填写" in row.editor.accessibleDescription()
    assert row._sentence is not None
    assert row._sentence.isVisible()
    row.show_problem("")
    assert "请填写" not in row.editor.accessibleDescription()
    assert not row._sentence.isVisible()


def test_the_lines_of_the_item_have_names_of_their_own(make: Callable[[str], FieldRow], rules: Rules) -> None:
    editor = make("item").editor
    assert isinstance(editor, ItemEditor)
    assert [line.accessibleName() for line in editor.lines.values()] == [c.label for c in rules.trade("general").items]


def test_a_problem_goes_with_the_next_key(make: Callable[[str], FieldRow]) -> None:
    row = make("place")
    row.show_problem("请填写")
    commit("二")
    assert row.problem == ""


# --------------------------------------------------------------------------------------------------------- choice bars


def test_a_digit_takes_the_choice_it_stands_before(make: Callable[[str], FieldRow]) -> None:
    row = make("severity")
    edits = edits_of(row)
    press(KEY.Key_3)
    press(KEY.Key_1)
    press(KEY.Key_9)  # there is none
    assert edits == ["serious", "minor"]
    QTest.keyClick(row.editor, KEY.Key_2, Qt.KeyboardModifier.KeypadModifier)
    assert row.value() == "normal"
    press(KEY.Key_4, CTRL)  # a key of the window
    assert row.value() == "normal"


def test_arrows_go_along_and_round(make: Callable[[str], FieldRow]) -> None:
    row = make("severity")
    edits = edits_of(row)
    for key in (KEY.Key_Right, KEY.Key_Right, KEY.Key_Left, KEY.Key_Left):
        press(key)
    assert edits == ["minor", "normal", "minor", "critical"]


def test_the_first_arrow_to_the_left_takes_the_last(make: Callable[[str], FieldRow]) -> None:
    row = make("severity")
    press(KEY.Key_Left)
    assert row.value() == "critical"


def test_a_required_choice_cannot_be_given_back_an_optional_one_can(
    make: Callable[..., FieldRow], rules: Rules
) -> None:
    row = make("severity")
    press(KEY.Key_2)
    press(KEY.Key_2)
    press(KEY.Key_Space)
    assert row.value() == "normal"

    choices = (Choice("a", "甲"), Choice("b", "乙"))
    row = make("", Field("x", "可选", FieldType.ENUM, choices=choices))
    press(KEY.Key_2)
    press(KEY.Key_2)
    assert row.value() is None


def test_of_several_each_digit_and_the_space_bar_take_and_give_back(make: Callable[[str], FieldRow]) -> None:
    row = make("demand_kind")
    edits = edits_of(row)
    press(KEY.Key_3)
    press(KEY.Key_0)  # the tenth
    press(KEY.Key_3)
    press(KEY.Key_Right)
    press(KEY.Key_Space)
    assert edits == [["replace"], ["replace", "other"], ["other"], ["return", "other"]]
    assert row.editor.accessibleDescription() == "退货、其他"


def test_a_click_takes_the_choice_under_the_pointer(make: Callable[[str], FieldRow]) -> None:
    row = make("severity")
    bar = row.editor
    assert isinstance(bar, ChoiceBar)
    for index, key in enumerate(("minor", "normal", "serious", "critical")):
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar._rects(bar.width())[index].center())
        assert row.value() == key
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 1, bar.height() - 1))
    assert row.value() == "critical"


def test_a_bar_that_is_too_narrow_wraps_and_cuts_nothing(make: Callable[[str], FieldRow]) -> None:
    bar = make("demand_kind").editor
    assert isinstance(bar, ChoiceBar)
    for width in (bar.minimumSizeHint().width(), bar.sizeHint().width() // 2, bar.sizeHint().width()):
        rects = bar._rects(width)
        assert max(r.right() for r in rects) < width
        assert max(r.bottom() for r in rects) < bar.heightForWidth(width)
        assert not any(a.intersects(b) for a in rects for b in rects if a is not b)
    assert bar.heightForWidth(bar.sizeHint().width()) == bar.sizeHint().height()


def test_a_question_may_stay_unanswered(qtbot: QtBot) -> None:
    bar = YesNoBar()
    qtbot.addWidget(bar)
    for value in (True, False, None):
        bar.set_value(value)
        assert bar.value() is value
    QTest.keyClick(bar, KEY.Key_2)
    assert bar.value() is False
    QTest.keyClick(bar, KEY.Key_2)
    assert bar.value() is None


def test_a_digit_chooses_in_a_longer_list_and_the_wheel_does_not(make: Callable[[str], FieldRow]) -> None:
    row = make("channel")
    assert isinstance(row.editor, ChoiceCombo)
    edits = edits_of(row)
    press(KEY.Key_2)
    press(KEY.Key_0)
    assert edits == ["phone", "external"]
    for editor in (row.editor, make("category").editor):
        none, down = Qt.MouseButton.NoButton, QPoint(0, -120)
        wheel = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(), down, none, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        before = editor.value()
        QApplication.sendEvent(editor, wheel)
        assert not wheel.isAccepted()
        assert editor.value() == before


# ---------------------------------------------------------------------------------------------------------- other ones


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("14:30", "2026-11-22 14:30"),
        ("昨天 8:05", "2026-11-21 08:05"),
        ("后天14:30", "2026-11-24 14:30"),
        ("2026-10-01 14:30", "2026-10-01 14:30"),
        ("2026-10-01 14:30:15", "2026-10-01 14:30:15"),
        ("2026-02-30 14:30", "2026-02-30 14:30"),
        ("不知道", "不知道"),
    ],
)
def test_a_moment_is_written_out_when_it_is_left(make: Callable[[str], FieldRow], typed: str, written: str) -> None:
    row = make("promised_at")
    assert isinstance(row.editor, MomentEditor)
    commit(typed)
    assert row.value() == written
    assert row.editor.text() == typed
    row.editor.clearFocus()
    assert row.editor.text() == written


def test_tab_leaves_a_long_text_and_enter_breaks_its_line(qtbot: QtBot, rules: Rules, facts: EditorFacts) -> None:
    form = FieldForm([Section("经过", [[Slot(rules.fields["content"])], [Slot(rules.fields["place"])]])], facts)
    qtbot.addWidget(form)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    form.focus_first()
    commit("一")
    press(KEY.Key_Return)
    commit("二")
    press(KEY.Key_Tab)
    commit("三")
    assert form.values() == {"content": "一\n二", "place": "三"}


def test_a_folded_field_unfolds_for_its_problem(qtbot: QtBot, rules: Rules, facts: EditorFacts) -> None:
    slots = [Slot(rules.fields["place"]), Slot(rules.fields["target"], folded=True)]
    form = FieldForm([Section("", [slots])], facts)
    qtbot.addWidget(form)
    form.show()
    assert form.folded == {"target"}
    assert not form.rows["target"].isVisible()
    assert form.show_problems({"target": "请填写", "elsewhere": "请填写"}) == 1
    assert form.folded == frozenset()
    assert form.rows["target"].isVisible()
    form.fold(frozenset({"target"}))
    form.set_values({"target": "导购"})
    assert form.rows["target"].isVisible()


def test_a_long_text_is_as_high_as_its_rows(qtbot: QtBot) -> None:
    low, high = LongTextEditor(2, 100), LongTextEditor(6, 100)
    for editor in (low, high):
        qtbot.addWidget(editor)
    assert high.minimumHeight() >= 2.5 * low.minimumHeight()


def test_the_departments_of_the_trade_are_offered_and_any_other_can_be_typed(
    make: Callable[[str, Field], FieldRow], rules: Rules
) -> None:
    row = make("department", Field("department", "责任部门", FieldType.TEXT))
    departments = rules.trade("general").departments

    seen = []
    for _ in departments:
        press(KEY.Key_Down)
        seen.append(row.value())

    assert seen == list(departments)
    press(KEY.Key_A, CTRL)
    commit("泳池部")
    assert row.value() == "泳池部"


@pytest.mark.parametrize(("typed", "key", "taken"), [("客", KEY.Key_Down, "客房部"), (" 房 ", KEY.Key_Up, "客房部")])
def test_what_was_typed_says_with_which_suggestion_to_begin(qtbot: QtBot, typed: str, key: Qt.Key, taken: str) -> None:
    editor = OpenEditor((Choice("a", "前厅部"), Choice("b", "客房部"), Choice("c", "工程部")))
    qtbot.addWidget(editor)
    with qtbot.waitActive(editor):
        editor.show()
        editor.activateWindow()
    editor.setFocus()
    commit(typed)

    press(key)
    assert editor.value() == taken

    press(KEY.Key_Down)
    assert editor.value() == "工程部"
    press(KEY.Key_A, CTRL)
    commit("别处")
    press(key)
    assert editor.value() == ("前厅部" if key is KEY.Key_Down else "工程部")


def test_another_trade_keeps_what_was_typed(make: Callable[[str], FieldRow], rules: Rules) -> None:
    item, category = make("item"), make("category")
    item.set_value({"order_no": "NO-1", "model": "SX"})
    category.set_value("商品问题 > 质量")
    for row in (item, category):
        row.editor.set_trade(rules.trade("hotel"))  # type: ignore[union-attr]  # both have a trade
    assert item.value() == {"order_no": "NO-1", "model": "SX"}
    assert category.value() == "商品问题 > 质量"
    assert isinstance(item.editor, ItemEditor)
    assert item.editor.lines["order_no"].text() == "NO-1"
    assert "model" not in item.editor.lines

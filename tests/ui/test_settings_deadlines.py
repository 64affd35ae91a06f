"""设置 → 时限: the rules, their switches, and the file they are kept in."""

from __future__ import annotations

import tomllib
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from desk_app.services.workspace import open_workspace
from tests.helpers.builders import registered
from tests.ui.settings_rig import go_to, open_deadlines
from tests.ui.window_rig import (
    CTRL,
    KEY,
    TEN_SECONDS,
    commit,
    press,
    promise,
    save,
    set_up,
    settle,
    told,
    until,
    window_on,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow
    from ui.views.settings_deadlines import DeadlinesSection


def on_file(folder: DataFolder) -> dict[str, Any]:
    return tomllib.loads(folder.deadlines.read_text(encoding="utf-8"))


def choose_rule(section: DeadlinesSection, words: str) -> int:
    """Go down the table by keys to the rule whose title begins with these words."""
    go_to(section.rules)
    press(KEY.Key_Home)
    while not section.rules.rows[section.rules.row][2].startswith(words):
        before = section.rules.row
        press(KEY.Key_Down)
        assert section.rules.row > before, f"no rule begins with {words}"
    return section.rules.row


def retype(text: str) -> None:
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    commit(text)


def test_a_term_is_changed_by_keys_and_holds_at_once(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    assert promise(window) == "明天 10:00 前答复"
    section = open_deadlines(window)
    row = choose_rule(section, "首次答复")
    press(KEY.Key_Return)
    retype("3")
    press(KEY.Key_Tab)
    press(KEY.Key_3)  # 工作日
    assert section.rules.rows[row][:2] == ("* 启用", "3 个工作日")
    assert not folder.deadlines.exists()

    save(qtbot, window)

    assert told(window) == "时限已保存"
    assert on_file(folder) == {"rule": [{"id": "first_reply", "term": "3wd"}]}
    assert section.rules.rows[row] == ("启用", "3 个工作日", "首次答复", "本店规定")
    press(KEY.Key_1, CTRL)
    assert promise(window) == "11月25日（周三）18:00 前答复"  # three working days after a Sunday


def test_a_changed_term_says_what_it_means_for_what_is_open(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        registered(ws, "save-1")
        registered(ws, "save-2")
    with window_on(qtbot, folder, clock, rules) as window:
        section = open_deadlines(window)
        choose_rule(section, "首次答复")
        press(KEY.Key_Return)
        retype("48")

        save(qtbot, window)

        assert told(window) == ("时限已保存。已经在办的 2 项不因此改期，仍按当初告诉客户的时间；以后产生的按新时限")
        press(KEY.Key_1, CTRL)
        assert promise(window) == "后天 10:00 前答复"


def test_delete_puts_a_rule_back_to_what_was_shipped(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    section = open_deadlines(window)
    row = choose_rule(section, "首次答复")
    shipped = section.rules.rows[row]
    press(KEY.Key_Return)
    retype("48")
    save(qtbot, window)
    assert section.rules.rows[row][1] == "48 小时"

    choose_rule(section, "首次答复")
    press(KEY.Key_Delete)
    assert section.term.values()["amount"] == "24"
    save(qtbot, window)

    assert section.rules.rows[row] == shipped
    assert on_file(folder) == {}


def test_a_rule_is_switched_by_the_space_bar(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    section = open_deadlines(window)
    row = choose_rule(section, "硬件故障")
    press(KEY.Key_Space)
    assert section.rules.rows[row][0] == "* 启用"
    press(KEY.Key_Space)
    assert section.rules.rows[row][0] == "停用"
    press(KEY.Key_Space)
    save(qtbot, window)

    assert on_file(folder) == {"rule": [{"id": "fault_on_site", "enabled": True}]}
    rule = window.desk.policy.deadlines["fault_on_site"]
    assert rule is not None
    assert rule.enabled


def test_a_contradiction_of_the_sources_is_one_switch(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    section = open_deadlines(window)
    assert section.form.rows["choice.0"].value() == "0"  # 两周
    press(KEY.Key_2)  # the first field has the focus: 一个月
    save(qtbot, window)

    assert on_file(folder) == {
        "rule": [{"id": "proposal_two_weeks", "enabled": False}, {"id": "proposal_one_month", "enabled": True}]
    }
    assert section.form.rows["choice.0"].value() == "1"
    choose_rule(section, "提案：两周")
    press(KEY.Key_Space)  # now both: neither option
    assert section.form.rows["choice.0"].value() is None


def test_the_numbers_of_the_shop_are_saved_with_the_rest(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    section = open_deadlines(window)
    for key, text in (
        ("settings.day_end", "17:30"),
        ("authority.handler", "200"),
        ("authority.supervisor", "不限"),
        ("authority.manager", ""),
    ):
        go_to(section.form.rows[key])
        retype(text)
    go_to(section.form.rows["settings.visit_attempts"])
    press(KEY.Key_5)
    save(qtbot, window)

    assert on_file(folder) == {
        "settings": {"day_end": "17:30", "visit_attempts": 5},
        "authority": {"handler": 200, "manager": 0, "supervisor": "all"},
    }
    assert window.desk.policy.deadlines.visit_attempts == 5
    assert section.form.rows["authority.supervisor"].value() == "不限"
    assert section.form.rows["authority.manager"].value() == "0"


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("settings.day_end", "6 点", "请写成 18:00 这样的时间"),
        ("authority.supervisor", "很多", "请写整数（元）或“不限”；空着是不能批"),
        ("authority.manager", "-1", "请写整数（元）或“不限”；空着是不能批"),
    ],
)
def test_a_number_that_is_none_is_told_under_its_field_and_nothing_is_saved(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, key: str, text: str, said: str
) -> None:
    section = open_deadlines(window)
    go_to(section.form.rows[key])
    retype(text)
    save(qtbot, window)

    assert section.form.rows[key].problem == said
    assert section.form.rows[key].value() == text
    assert section.form.rows[key].editor.hasFocus()
    assert not folder.deadlines.exists()


def test_a_term_that_is_none_is_told_at_its_rule(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    section = open_deadlines(window)
    choose_rule(section, "首次答复")
    press(KEY.Key_Return)
    retype("若干")
    choose_rule(section, "外部转来")
    save(qtbot, window)

    assert section.term.rows["amount"].problem == "请写一个数，如 24；单位在右边选"
    assert section.rules.rows[section.rules.row][2].startswith("首次答复")
    assert not folder.deadlines.exists()


def test_rules_that_would_forget_a_case_are_refused_in_words(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    section = open_deadlines(window)
    choose_rule(section, "首次答复")
    press(KEY.Key_Space)
    save(qtbot, window)

    assert "有的登记在“登记”后不会有任何跟进事项" in told(window)
    assert not folder.deadlines.exists()
    assert section.rules.rows[section.rules.row][0] == "* 停用"  # to be mended, not lost


def test_a_file_that_a_person_wrote_is_kept_and_it_is_said(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    folder.deadlines.write_text("# 3 月 3 日店务会定\n[settings]\nvisit_attempts = 2\n", encoding="utf-8")
    section = open_deadlines(window)
    until(qtbot, lambda: section.form.rows["settings.visit_attempts"].value() == "2")  # the window looks by itself
    press(KEY.Key_2)
    save(qtbot, window)

    kept = list(folder.root.glob("deadlines.*.toml"))
    assert len(kept) == 1
    assert "店务会" in kept[0].read_text(encoding="utf-8")
    assert str(kept[0]) in told(window)
    assert on_file(folder)["settings"] == {"visit_attempts": 2}


def test_a_broken_file_is_said_above_every_page_until_it_is_mended(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    standing = window.standing
    assert standing is not None
    assert not standing.isVisible()
    folder.deadlines.write_text("[settings]\nday_end = 6\n", encoding="utf-8")

    until(qtbot, standing.isVisible)
    assert "没有生效，仍按上次有效的规则" in standing.sentences[0]
    press(KEY.Key_Escape)
    press(KEY.Key_2, CTRL)
    assert standing.isVisible()
    assert promise(window) == "明天 10:00 前答复"

    folder.deadlines.write_text('[settings]\nday_end = "17:00"\n', encoding="utf-8")
    # What else may stand there by now is no matter of this; and a busy window looks at the file only afterwards.
    until(qtbot, lambda: not any("没有生效" in each for each in standing.sentences), timeout=6 * TEN_SECONDS)
    assert window.desk.policy.deadlines.day_end.hour == 17


def test_a_broken_file_is_said_at_the_opening_too(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    folder.deadlines.write_text("= 3\n", encoding="utf-8")

    with window_on(qtbot, folder, clock, rules) as window:
        assert window.standing is not None
        assert "第 1 行" in window.standing.sentences[0]
        assert window.standing.isVisible()


def test_what_is_half_changed_stays_when_the_shop_changes_elsewhere(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    section = open_deadlines(window)
    go_to(section.form.rows["settings.day_end"])
    retype("17:00")
    row = choose_rule(section, "回访：答复后")
    press(KEY.Key_Return)
    retype("36")
    folder.deadlines.write_text("[settings]\nvisit_attempts = 2\n", encoding="utf-8")

    until(qtbot, lambda: section.form.rows["settings.visit_attempts"].value() == "2")
    settle(qtbot, window.desk)

    assert section.form.rows["settings.day_end"].value() == "17:00"
    assert section.term.values()["amount"] == "36"
    assert section.rules.rows[row][:2] == ("* 启用", "36 小时")


def test_a_rule_is_told_whole_below_the_table_and_the_page_fits_a_small_screen(window: MainWindow) -> None:
    section = open_deadlines(window)
    window.resize(911, 512)
    row = choose_rule(section, "咨询不能当即解答")
    QApplication.processEvents()

    assert window.width() == 911
    _, _, title, source = section.rules.rows[row]
    whole = next(label for label in section.findChildren(QLabel) if label.text() == f"{title}　依据：{source}")
    assert whole.height() >= whole.heightForWidth(whole.width())
    assert section.rules.horizontalScrollBar().maximum() == 0

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from desk_app.services import access
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import a_case
from tests.helpers.damage import zeroed

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from tests.cli.conftest import DeskApp, Ran

PIN = "2580"


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment, in which no secret stands yet."""
    for name in ("DESK_APP_PIN", "DESK_APP_NEW_PIN", "DESK_APP_CODE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def code(desk_app: DeskApp, secret: pytest.MonkeyPatch) -> str:
    """A shop whose manager has a PIN and is chosen in the settings; the recovery code that came with it."""
    desk_app("staff", "set", "小周", "receptionist")
    desk_app("staff", "set", "郑店长", "manager")
    secret.setenv("DESK_APP_NEW_PIN", PIN)
    made = desk_app("staff", "pin", "郑店长", "--as", "郑店长")
    assert made.code == 0, made.err
    assert "恢复码，只显示这一次" in made.err
    secret.delenv("DESK_APP_NEW_PIN")
    return made.lines[-1]


def test_a_command_acts_as_whom_it_says_by_their_pin(
    desk_app: DeskApp, code: str, secret: pytest.MonkeyPatch, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    secret.setenv("DESK_APP_PIN", PIN)

    ran = desk_app("register", "--as", "郑店长", stdin=json.dumps(a_case()).encode())
    assert ran.code == 0, ran.err
    events = desk_app("--as", "郑店长", "show", ran.lines[0], "--json").json["events"]
    assert [event["by"] for event in events] == ["郑店长"]
    ws = open_workspace(folder, clock, rules)
    assert ws.shop.operator == "前台", "a command changes nobody's place at the window"
    ws.close()


def test_a_pin_that_is_wrong_or_not_given_is_refused_and_the_pin_is_nowhere(
    desk_app: DeskApp, code: str, secret: pytest.MonkeyPatch
) -> None:
    nothing = desk_app("queue", "--as", "郑店长")
    assert (nothing.code, nothing.out) == (1, "")
    assert "DESK_APP_PIN" in nothing.err

    secret.setenv("DESK_APP_PIN", "canary")
    tries = [desk_app("queue", "--as", "郑店长") for _ in range(6)]

    assert [ran.err for ran in tries[:4]] == ["姓名或口令不对，请再试\n"] * 4
    assert tries[4].err.startswith("试错的次数多了，请等 1 分 0 秒再试")
    assert tries[5].err.startswith("试错的次数多了，请等 1 分 0 秒再试")
    assert all("canary" not in ran.out + ran.err for ran in tries)
    assert "郑店长  店长  有口令  还要等 1 分 0 秒" in desk_app("staff").lines


def test_a_command_is_not_signed_in_because_a_window_is(
    desk_app: DeskApp, code: str, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    window = open_workspace(folder, clock, rules)
    access.sign_in(window, "郑店长", PIN)

    ran = desk_app("queue")

    assert (ran.code, ran.out) == (1, "")
    assert "--as 姓名" in ran.err
    assert desk_app("queue", "--as", "小周").code == 0, "who has no PIN needs none"
    window.close()


def test_an_action_is_nobody_elses(desk_app: DeskApp, code: str, secret: pytest.MonkeyPatch) -> None:
    secret.setenv("DESK_APP_PIN", PIN)
    (number,) = desk_app("register", "--as", "小周", stdin=json.dumps(a_case()).encode()).lines

    def act(by: str, as_whom: str) -> Ran:
        said = json.dumps({"content": "致电", "by": by}).encode()
        return desk_app("act", number, "contact", "--as", as_whom, "--json-input", "-", stdin=said)

    assert act("小周", "小周").code == 0
    refused = act("郑店长", "小周")
    assert (refused.code, refused.out) == (1, "")
    assert "请由本人签到" in refused.err
    assert act("郑店长", "郑店长").code == 0


def test_a_lost_pin_is_set_anew_by_the_code_on_paper(desk_app: DeskApp, code: str, secret: pytest.MonkeyPatch) -> None:
    secret.setenv("DESK_APP_NEW_PIN", "8642")
    assert "DESK_APP_CODE" in desk_app("staff", "recover", "郑店长").err, "there is nobody to be asked for it"
    secret.setenv("DESK_APP_CODE", code.replace("-", "").lower())

    ran = desk_app("staff", "recover", "郑店长")

    assert ran.code == 0, ran.err
    assert ran.lines[0] == "郑店长 的口令设好了"
    assert ran.lines[1] not in ("", code)
    secret.setenv("DESK_APP_PIN", "8642")
    assert desk_app("queue", "--as", "郑店长").code == 0
    assert "已用过" in desk_app("staff", "recover", "郑店长").err


@pytest.mark.parametrize("table", ["credential", "setting", "journal", "ledger"])
def test_a_register_too_damaged_to_be_signed_in_to_is_restored_by_whoever_is_there(
    desk_app: DeskApp, code: str, secret: pytest.MonkeyPatch, folder: DataFolder, table: str
) -> None:
    secret.setenv("DESK_APP_PIN", PIN)
    backup = desk_app("backup", "--as", "郑店长").lines[0]
    zeroed(folder, table)

    ran = desk_app("restore", backup, "--as", "郑店长")

    (kept,) = folder.root.glob("desk-damaged-*.sqlite")
    assert (ran.code, ran.out) == (0, f"已恢复 0 件登记；原来的登记册保存在 {kept}\n"), ran.err
    assert desk_app("verify", "--as", "郑店长").code == 0
    assert desk_app("restore", backup).code == 1, "the one that was put back asks again who may"


def test_a_damaged_register_that_can_be_signed_in_to_says_who_may_restore(
    desk_app: DeskApp, code: str, secret: pytest.MonkeyPatch, folder: DataFolder
) -> None:
    secret.setenv("DESK_APP_PIN", PIN)
    backup = desk_app("backup", "--as", "郑店长").lines[0]
    zeroed(folder, "export_sha256")

    by_nobody = desk_app("restore", backup, "--as", "小周")
    secret.setenv("DESK_APP_PIN", "9999")
    by_a_guess = desk_app("restore", backup, "--as", "郑店长")
    assert list(folder.root.glob("desk-damaged-*")) == []
    secret.setenv("DESK_APP_PIN", PIN)
    by_the_manager = desk_app("restore", backup, "--as", "郑店长")

    assert (by_nobody.code, by_a_guess.code, by_the_manager.code) == (1, 1, 0), by_the_manager.err
    assert len(list(folder.root.glob("desk-damaged-*.sqlite"))) == 1


def test_the_staff_is_kept_by_who_may(desk_app: DeskApp, code: str, secret: pytest.MonkeyPatch) -> None:
    secret.setenv("DESK_APP_PIN", PIN)
    secret.setenv("DESK_APP_NEW_PIN", "7913")
    for refused in (
        ("pin", "郑店长"),
        ("unlock", "郑店长"),
        ("remove", "郑店长"),
        ("code",),
        ("set", "小周", "manager"),
    ):
        ran = desk_app("staff", *refused, "--as", "小周")
        assert (ran.code, ran.out) == (1, ""), refused
        assert "请由店长办理" in ran.err

    assert desk_app("staff", "pin", "小周", "--as", "郑店长").lines == ["小周 的口令设好了"]
    assert desk_app("staff", "unlock", "小周", "--as", "郑店长").code == 0
    assert desk_app("staff", "pin", "小周", "--off", "--as", "郑店长").code == 0
    assert desk_app("staff", "remove", "小周", "--as", "郑店长").lines == ["前台  不设", "郑店长  店长  有口令"]
    assert len(desk_app("staff", "code", "--as", "郑店长").lines[0]) == 24


def test_the_journal_is_listed_for_who_may_read_it(desk_app: DeskApp, code: str, secret: pytest.MonkeyPatch) -> None:
    secret.setenv("DESK_APP_PIN", "0000")
    desk_app("queue", "--as", "郑店长")
    secret.setenv("DESK_APP_PIN", PIN)

    listed = desk_app("journal", "--what", "sign_in_failed", "--what", "setting", "--as", "郑店长")
    assert listed.lines[0] == "2026-11-22 10:00  （不明）  口令不对  郑店长  连续第几次：1"
    assert listed.lines[1].startswith("2026-11-22 10:00  前台  改设置  权限  小周：前台 → 小周：前台、郑店长：店长")
    (entry,) = desk_app("journal", "--limit", "1", "--what", "pin", "--json", "--as", "郑店长").json
    assert (entry["by"], entry["what"], entry["subject"], entry["data"]) == ("郑店长", "pin", "郑店长", {"set": True})
    assert "请由店长办理" in desk_app("journal", "--as", "小周").err


def test_nobody_is_unknown_by_name_and_a_shop_without_pins_needs_no_name(desk_app: DeskApp) -> None:
    assert desk_app("queue", "--as", "没有这人").err == "姓名或口令不对，请再试\n"
    assert desk_app("queue").code == 0
    assert desk_app("queue", "--as", "前台").code == 0

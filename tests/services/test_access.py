from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from nacl.pwhash import argon2id

from desk_app.clock import SystemClock
from desk_app.domain import recovery_code
from desk_app.domain.finding import Sought
from desk_app.domain.journal import Noted
from desk_app.domain.queue import View
from desk_app.domain.shop_rules import Edit
from desk_app.domain.vocabulary import Role
from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.errors import KnownError
from desk_app.services import (
    access,
    calendar,
    customers,
    desk,
    handover,
    intake,
    logbook,
    rule_file,
    search,
    shop,
    upkeep,
)
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage import credentials, journal
from tests.helpers.builders import NOW, registered

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


def test_no_restart_of_program_or_machine_and_no_clock_shortens_a_wait(
    staffed: Workspace, again: Callable[[], Workspace], clock: FixedClock
) -> None:
    clock.uptime = 5_000
    for _ in range(5):
        refusal(lambda: access.sign_in(again(), "郑店长", "0000"))

    clock.moment += timedelta(days=400)
    assert refusal(lambda: access.sign_in(again(), "郑店长", PIN)).params["wait"] == 60, "the clock was set forward"
    clock.moment -= timedelta(days=800)
    assert refusal(lambda: access.sign_in(again(), "郑店长", PIN)).params["wait"] == 60, "and back"
    clock.uptime = 3
    assert refusal(lambda: access.sign_in(again(), "郑店长", PIN)).params["wait"] == 60, "the machine was restarted"
    clock.uptime = 62
    assert refusal(lambda: access.sign_in(again(), "郑店长", PIN)).params["wait"] == 1, "the wait began anew then"
    clock.uptime = 63
    assert access.sign_in(again(), "郑店长", PIN).shop.operator == "郑店长"


def test_a_thousand_wrong_pins_in_a_row_are_five_tries(staffed: Workspace) -> None:
    begun = time.perf_counter()
    codes = Counter(refusal(lambda n=n: access.sign_in(staffed, "郑店长", f"{n:04}")).code for n in range(1000))

    assert codes == {"sign_in_refused": 4, "sign_in_wait": 996}
    with staffed.store.reading() as conn:
        found = credentials.read(conn, "郑店长")
        failed = journal.page(conn, [Noted.SIGN_IN_FAILED])
    assert found is not None
    assert found.failures == 5
    assert [entry.data["misses"] for entry in failed] == [5, 4, 3, 2, 1]
    assert all(PIN not in str(entry) for entry in failed)
    assert time.perf_counter() - begun < 30, "while there is something to be waited, no hash is made"


def test_a_hundred_wrong_pins_with_all_the_waiting_are_two_days(staffed: Workspace, clock: FixedClock) -> None:
    with staffed.store.transaction() as conn:  # a hash that costs next to nothing
        credentials.write(conn, "郑店长", argon2id.str(b"9999", 1, 8192).decode(), clock.now())

    for n in range(100):
        clock.uptime += refusal(lambda n=n: access.sign_in(staffed, "郑店长", f"{n:04}")).params.get("wait", 0)

    assert clock.uptime > 1.9 * 86_400
    assert access.sign_in(staffed, "郑店长", "9999").shop.operator == "郑店长"


@pytest.mark.fault
@pytest.mark.parametrize("misses", [5])
def test_to_end_the_program_after_each_try_gains_nothing(
    staffed: Workspace, folder: DataFolder, rules: Rules, misses: int
) -> None:
    for _ in range(misses):
        command = [sys.executable, "-m", "tests.helpers.guessing", str(folder.root), "郑店长", "0000"]
        ran = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8")
        assert ran.returncode == -signal.SIGKILL
        assert ran.stdout.startswith("sign_in_"), ran.stderr

    with staffed.store.reading() as conn:
        found = credentials.read(conn, "郑店长")
    assert found is not None
    assert found.failures == misses
    with closing(open_workspace(folder, SystemClock(), rules)) as ws:
        assert refusal(lambda: access.sign_in(ws, "郑店长", PIN)).params["wait"] > 50


def test_no_answer_says_whether_the_name_or_the_pin_was_wrong(staffed: Workspace) -> None:
    wrong = [refusal(lambda name=name: access.sign_in(staffed, name, "0000")) for name in ("郑店长", "没有这人", "")]

    assert {(error.code, tuple(error.params)) for error in wrong} == {("sign_in_refused", ())}


@pytest.mark.parametrize("hostile", ["", "x" * 5000, "2580\x00", "\ud83d", "' OR 1=1 --", "２５８０\n1"])
def test_hostile_pins_are_only_wrong(staffed: Workspace, hostile: str) -> None:
    assert refusal(lambda: access.sign_in(staffed, "郑店长", hostile)).code == "sign_in_refused"
    assert refusal(lambda: access.sign_in(staffed, hostile, hostile)).code == "sign_in_refused"


def test_a_hash_that_somebody_spoilt_lets_nobody_in(staffed: Workspace, clock: FixedClock) -> None:
    for spoilt in ("", "2580", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA"):
        with staffed.store.transaction() as conn:
            credentials.write(conn, "郑店长", spoilt, clock.now())
        assert refusal(lambda: access.sign_in(staffed, "郑店长", PIN)).code == "sign_in_refused"


# ------------------------------------------------------------------------------------------- PINs, and who sets them


def test_ones_own_pin_is_changed_by_the_old_one_and_a_wrong_old_one_counts(staffed: Workspace) -> None:
    for _ in range(4):
        assert refusal(lambda: access.set_pin(staffed, "郑店长", "8642", "0000")).code == "sign_in_refused"
    assert refusal(lambda: access.set_pin(staffed, "郑店长", "8642")).code == "sign_in_wait"
    assert refusal(lambda: access.set_pin(staffed, "郑店长", "8642", PIN)).code == "sign_in_wait"


def test_a_manager_resets_the_pin_of_another_and_whoever_is_not_may_not(staffed: Workspace) -> None:
    access.set_pin(staffed, "小周", "7913")
    for _ in range(5):
        refusal(lambda: access.sign_in(staffed, "小周", "0000"))
    assert {who.name: who.wait for who in access.staff(staffed)} == {"郑店长": 0, "小周": 60, "小吴": 0}

    access.set_pin(staffed, "小周", "3197")
    assert access.sign_in(staffed, "小周", "3197").shop.operator == "小周"
    for use in (
        lambda: access.set_pin(staffed, "郑店长", "8642"),
        lambda: access.remove_pin(staffed, "郑店长"),
        lambda: access.unlock(staffed, "郑店长"),
        lambda: access.make_recovery_code(staffed),
    ):
        assert refusal(use).code == "not_allowed"


def test_somebody_who_is_unlocked_may_try_at_once(staffed: Workspace) -> None:
    access.set_pin(staffed, "小周", "7913")
    for _ in range(5):
        refusal(lambda: access.sign_in(staffed, "小周", "0000"))

    access.unlock(staffed, "小周")

    assert access.sign_in(staffed, "小周", "7913").shop.operator == "小周"


def test_a_pin_that_is_taken_away_leaves_a_name_that_everybody_may_choose(staffed: Workspace) -> None:
    access.remove_pin(staffed, "郑店长", PIN)

    assert staffed.operator == "郑店长"
    shop.choose_operator(staffed, "小周")
    assert shop.choose_operator(staffed, "郑店长").shop.operator == "郑店长"


def test_once_there_are_pins_a_new_name_is_added_only_by_who_may(staffed: Workspace) -> None:
    access.sign_out(staffed)
    assert refusal(lambda: shop.choose_operator(staffed, "路人")).code == "locked"
    access.sign_in(staffed, "小周")
    assert refusal(lambda: shop.choose_operator(staffed, "路人")).code == "not_allowed"
    access.sign_in(staffed, "郑店长", PIN)
    assert shop.choose_operator(staffed, "新同事").shop.operator == "新同事"


def test_what_is_open_though_there_are_pins_is_told(staffed: Workspace, workspace: Workspace) -> None:
    assert [(note.code, note.params) for note in access.notes_on_access(staffed)] == [
        ("pins_open", {"names": "小周、小吴"})
    ]
    shop.set_role(workspace, "郑店长", None)
    assert [note.code for note in access.notes_on_access(staffed)] == ["pins_open", "pins_without_roles"]


# ------------------------------------------------------------------------------------------------ the recovery code


def test_the_first_pin_of_who_may_reset_others_brings_the_recovery_code_once(workspace: Workspace) -> None:
    shop.set_up(workspace, "店", "general", "郑店长")
    shop.set_role(workspace, "小周", Role.RECEPTIONIST)
    shop.set_role(workspace, "郑店长", Role.MANAGER)

    assert access.set_pin(workspace, "小周", "7913").code == ""
    assert "recovery_missing" in [note.code for note in access.notes_on_access(workspace)]
    assert len(access.set_pin(workspace, "郑店长", PIN).code) == 24
    assert access.set_pin(workspace, "郑店长", "8642", PIN).code == ""


def test_a_recovery_code_sets_a_new_pin_once_and_makes_the_next(
    staffed: Workspace, again: Callable[[], Workspace]
) -> None:
    code = access.make_recovery_code(staffed)
    lost = again()

    signed = access.recover(lost, code.lower().replace("-", " "), "郑店长", "8642")

    assert lost.operator == signed.shop.operator == "郑店长"
    assert access.sign_in(again(), "郑店长", "8642").shop.operator == "郑店长"
    assert refusal(lambda: access.recover(again(), code, "郑店长", "7531")).code == "recovery_refused", "used up"
    assert access.recover(again(), signed.next_code, "郑店长", "7531").next_code != signed.next_code


def test_a_recovery_code_is_for_who_may_reset_others_and_a_slip_of_the_pen_costs_no_try(staffed: Workspace) -> None:
    code = access.make_recovery_code(staffed)
    slip = code[:-1] + ("0" if code[-1] != "0" else "1")

    for _ in range(10):
        assert refusal(lambda: access.recover(staffed, slip, "郑店长", "8642")).code == "recovery_mistyped"
    assert refusal(lambda: access.recover(staffed, code, "小周", "8642")).code == "recovery_not_for"
    assert refusal(lambda: access.recover(staffed, code, "郑店长", "1111")).code == "pin_worst"
    assert access.recover(staffed, code, "郑店长", "8642").shop.operator == "郑店长"


def test_wrong_recovery_codes_have_to_wait_as_wrong_pins_do(staffed: Workspace) -> None:
    code, other = access.make_recovery_code(staffed), recovery_code.encode(bytes(10))
    codes = [refusal(lambda: access.recover(staffed, other, "郑店长", "8642")).code for _ in range(5)]

    assert codes == ["recovery_refused"] * 4 + ["sign_in_wait"]
    assert refusal(lambda: access.recover(staffed, code, "郑店长", "8642")).code == "sign_in_wait"


def test_neither_a_pin_nor_a_code_is_in_the_register(staffed: Workspace, folder: DataFolder) -> None:
    access.set_pin(staffed, "小周", "canary-pin-7913")
    code = access.make_recovery_code(staffed)
    access.recover(staffed, code, "郑店长", "canary-pin-8642")
    raw = b"".join(path.read_bytes() for path in folder.root.rglob("*") if path.is_file())

    assert b"canary-pin" not in raw
    assert code.encode() not in raw
    secret = recovery_code.decode(code, 10)
    assert secret is not None
    assert secret.hex().encode() not in raw


# --------------------------------------------------------------------------------------------- while it is locked


def test_while_it_is_locked_nothing_of_a_case_is_shown_or_done(staffed: Workspace) -> None:
    number = registered(staffed).case.number
    access.sign_out(staffed)

    for use in (
        lambda: desk.case_file(staffed, number),
        lambda: desk.queue_page(staffed, View.ALL, NOW, 0, 10),
        lambda: desk.act(staffed, number, "contact", {"content": "致电"}, "do-1"),
        lambda: desk.act(staffed, number, "contact", {"content": "致电", "by": "小周"}, "do-1"),
        lambda: search.find(staffed, Sought("李女士")),
        lambda: customers.look_up(staffed, "customer_phone", "8000"),
        lambda: registered(staffed, "save-2"),
        lambda: handover.draft(staffed),
        lambda: shop.set_role(staffed, "小周", Role.MANAGER),
    ):
        assert refusal(use).code == "locked"


def test_while_it_is_locked_what_was_typed_is_kept_what_is_overdue_counted_and_a_backup_made(
    staffed: Workspace,
) -> None:
    registered(staffed)
    access.sign_out(staffed)

    intake.save_draft(staffed, "mine", {"content": "还没说完"})

    assert [draft.values["content"] for draft in intake.drafts(staffed)] == ["还没说完"]
    assert desk.queue_counts(staffed, NOW + timedelta(days=3)).overdue > 0
    assert upkeep.backup_of_the_day(staffed) is not None
    assert search.catch_up(staffed).left == 0


# -------------------------------------------------------------------------------------------- whose deed it is


def test_once_there_are_pins_a_deed_is_of_who_signed_in(staffed: Workspace) -> None:
    number = registered(staffed, receiver="小周").case.number

    assert (
        refusal(lambda: desk.act(staffed, number, "contact", {"content": "致电", "by": "小周"}, "do-1")).code
        == "not_yourself"
    )
    events = desk.act(staffed, number, "contact", {"content": "致电", "by": "郑店长"}, "do-2").file.events
    assert [event.by for event in events] == ["郑店长", "郑店长"], "though 小周 received it"


def test_nobody_takes_over_a_shift_in_anothers_name(staffed: Workspace) -> None:
    access.set_pin(staffed, "小周", "7913")
    values = {"incoming": "小周", "shift": "晚班", "settled": True}

    def sign(pin: str, outgoing: str = "郑店长") -> handover.HandedOver:
        signing = handover.Signing(outgoing=outgoing, drafted_at=NOW, seen=(), values=values, pin=pin)
        return handover.sign(staffed, signing, "sign-1")

    for _ in range(9):
        assert refusal(lambda: sign("")).code == "handover_pin", "that is no try"
    assert refusal(lambda: sign("0000")).code == "sign_in_refused"
    assert refusal(lambda: sign("7913", outgoing="小吴")).code == "not_yourself"
    assert (staffed.operator, handover.recent(staffed)) == ("郑店长", ())
    assert sign("7913").shop.operator == staffed.operator == "小周"
    assert sign("").shop.operator == "小周", "a retry signs nothing twice"


# ------------------------------------------------------------------------------------------------- who leaves


def test_who_still_owes_something_stays_on_the_list(staffed: Workspace) -> None:
    number = registered(staffed, receiver="小周").case.number

    for use in (
        lambda: shop.remove_operator(staffed, "小周"),
        lambda: shop.save_shop(staffed, "店", "general", ["郑店长", "小吴"]),
    ):
        error = refusal(use)
        assert (error.code, error.params["name"], error.params["numbers"]) == ("operator_owes", "小周", number)
        assert error.params["count"] == 1
    desk.act(staffed, number, "assign", {"department": "客房部", "person": "小吴"}, "do-1")
    shop.choose_operator(staffed, "小吴")
    desk.act(staffed, number, "accept", {}, "do-2")
    access.sign_in(staffed, "郑店长", PIN)

    assert shop.remove_operator(staffed, "小周").shop.operators == ("郑店长", "小吴")
    assert desk.case_file(staffed, number).case.receiver == "小周"


def test_a_name_that_is_taken_off_and_comes_back_has_no_pin_of_before(staffed: Workspace) -> None:
    access.set_pin(staffed, "小吴", "7913")
    shop.remove_operator(staffed, "小吴")
    shop.set_role(staffed, "小吴", Role.HANDLER)
    staffed.look_again()

    assert not staffed.has_pin("小吴")
    assert refusal(lambda: shop.remove_operator(staffed, "没有这人")).code == "operator_unknown"


def test_who_is_taken_off_elsewhere_is_signed_in_no_more(staffed: Workspace, again: Callable[[], Workspace]) -> None:
    access.set_pin(staffed, "小周", "7913")
    other = again()
    access.sign_in(other, "小周", "7913", stays=False)
    shop.remove_operator(staffed, "小周")

    other.look_again()

    assert other.session is None


def test_who_lost_a_role_elsewhere_cannot_give_it_back_to_themselves(
    staffed: Workspace, again: Callable[[], Workspace]
) -> None:
    other = again()
    access.sign_in(other, "郑店长", PIN, stays=False)
    shop.set_role(staffed, "小周", Role.MANAGER)
    access.sign_in(staffed, "小周")
    shop.set_role(staffed, "郑店长", Role.RECEPTIONIST)

    refused = refusal(lambda: shop.set_role(other, "郑店长", Role.MANAGER))

    staffed.look_again()
    assert (refused.code, staffed.shop.roles["郑店长"]) == ("not_allowed", Role.RECEPTIONIST)
    assert desk.has_changed(other) is not None, "the window still gets to know that something has changed"


def test_who_was_taken_off_elsewhere_does_nothing_more_not_even_once(
    staffed: Workspace, again: Callable[[], Workspace]
) -> None:
    access.set_pin(staffed, "小周", "7913")
    number = registered(staffed).case.number
    owed = desk.case_file(staffed, number).owed[0].id
    other = again()
    access.sign_in(other, "小周", "7913", stays=False)
    shop.remove_operator(staffed, "小周")
    before = desk.case_file(staffed, number)

    refused = refusal(lambda: desk.snooze(other, number, owed, NOW + timedelta(hours=1), "客户下午来", "snooze-1"))

    assert (refused.code, desk.case_file(staffed, number)) == ("locked", before)


# ---------------------------------------------------------------------------------------------------- the journal


def test_the_journal_tells_what_was_done_and_no_secret(staffed: Workspace) -> None:
    refusal(lambda: access.sign_in(staffed, "郑店长", "0000"))
    access.sign_in(staffed, "郑店长", PIN)
    shop.save_shop(staffed, "新店", "general", staffed.shop.operators, shop.Options(silent_after=30))
    access.sign_out(staffed)
    access.sign_in(staffed, "郑店长", PIN)
    told = [(entry.what, entry.by, entry.subject, dict(entry.data)) for entry in logbook.page(staffed, limit=6)]

    assert told == [
        (Noted.SIGN_IN, "郑店长", "郑店长", {"proved": True}),
        (Noted.SIGN_OUT, "郑店长", "郑店长", {}),
        (Noted.SETTING, "郑店长", "silent_after", {"old": 90, "new": 30}),
        (Noted.SETTING, "郑店长", "name", {"old": "店", "new": "新店"}),
        (Noted.SIGN_IN, "郑店长", "郑店长", {"proved": True}),
        (Noted.SIGN_IN_FAILED, "", "郑店长", {"misses": 1}),
    ]
    shop.choose_operator(staffed, "小周")
    assert refusal(lambda: logbook.page(staffed)).code == "not_allowed"


def test_a_changed_calendar_is_noted(staffed: Workspace) -> None:
    calendar.put_days(staffed, [CalendarDay(date(2026, 12, 24), DayKind.CLOSED, "盘点")])
    told = [(entry.subject, dict(entry.data)) for entry in logbook.page(staffed, [Noted.SETTING], limit=1)]

    assert told == [("calendar", {"old": [], "new": ["2026-12-24 closed 盘点"]})]


def test_changed_rules_are_noted_with_who_changed_them_where_that_is_known(
    staffed: Workspace, folder: DataFolder
) -> None:
    rule_file.save(staffed, [Edit("rule", "first_reply", "term", "48h")])
    by_hand = folder.deadlines.read_text(encoding="utf-8").replace("48h", "36h")
    folder.deadlines.write_text(by_hand, encoding="utf-8")
    desk.has_changed(staffed)
    found = logbook.page(staffed, [Noted.SETTING], limit=2)

    assert [(entry.subject, entry.by) for entry in found] == [("deadlines", ""), ("deadlines", "郑店长")]
    assert ["36h" in str(entry.data["new"]) for entry in found] == [True, False]


def test_the_desk_is_locked_even_where_that_cannot_be_noted(staffed: Workspace) -> None:
    staffed.store.conn.execute("PRAGMA busy_timeout=20")
    with closing(sqlite3.connect(staffed.folder.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert refusal(lambda: access.sign_out(staffed)).code == "database_busy"

    assert staffed.session is None

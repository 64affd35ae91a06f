"""Taking back one's own last action: what was, is again, and the history keeps both lines. On a real register."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain import snoozing, undoing
from desk_app.domain.standing import standing
from desk_app.domain.vocabulary import Action, FollowUpKind, Role, Status
from desk_app.domain.workflow import Outcome, allowed_actions, decide
from desk_app.errors import KnownError
from desk_app.services import desk
from tests.domain.test_workflow import OUTCOMES
from tests.helpers.builders import NOW, registered
from tests.helpers.deeds import ANGRY, BLAMELESS, CONTACT, DETERMINE, HAPPY, PROMISE, REPLY, UNDECIDED, Deed, live
from tests.helpers.records import acted_on, after, changes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from desk_app.clock import FixedClock
    from desk_app.domain.case import CaseFile
    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

MINUTE = timedelta(minutes=1)


@pytest.fixture
def policy(rules: Rules) -> Policy:
    return rules.policy


def lived(ws: Workspace, clock: FixedClock, deeds: Sequence[Deed], **case: object) -> str:
    """Register a case and do what is given, a minute apart; return its number."""
    number = registered(ws, **case).case.number
    for deed in deeds:
        clock.moment += MINUTE
        desk.act(ws, number, deed.action, {**deed.data, "by": deed.by}, f"{clock.moment}")
    return number


def the_same(before: CaseFile, again: CaseFile, policy: Policy) -> None:
    """What was, is again; what the action brought is withdrawn, and nothing of the history is gone."""
    assert again.case == before.case
    assert again.owed == before.owed
    assert again.follow_ups[: len(before.follow_ups)] == before.follow_ups
    assert all(f.done_at for f in again.follow_ups[len(before.follow_ups) :])
    assert again.deeds == before.deeds
    assert again.events[: len(before.events)] == before.events
    assert standing(again) == standing(before)
    assert allowed_actions(again, policy) == allowed_actions(before, policy)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_after_the_undoing_all_is_as_it_was(workspace: Workspace, clock: FixedClock, outcome: Outcome) -> None:
    deeds, deed = OUTCOMES[outcome][:2]
    if outcome is Outcome.PROPOSED_WITHIN_AUTHORITY:
        workspace.shop = replace(workspace.shop, roles=dict.fromkeys(("前台", "小周", "林主管"), Role.SUPERVISOR))
    external = {"route": "external", "external_body": "消协"} if outcome is Outcome.REPLIED_OUTSIDE else {}
    number = lived(workspace, clock, deeds, **external)
    before = desk.case_file(workspace, number)
    clock.moment += MINUTE
    done = desk.act(workspace, number, deed.action, deed.data, "the deed").file
    assert done.events[-1].action is deed.action

    again = desk.undo(workspace, number, "the undoing").file

    the_same(before, again, workspace.policy)
    undone, undoing_it = again.events[-2:]
    assert undone == done.events[-1]
    assert (undoing_it.action, undoing_it.undoes, undoing_it.by) == (Action.AMEND, undone.id, "前台")
    assert undoing_it.data["action"] == deed.action


def test_a_snooze_can_be_taken_back(workspace: Workspace, clock: FixedClock) -> None:
    number = lived(workspace, clock, [CONTACT])
    before = desk.case_file(workspace, number)
    owed = before.owed[0]
    snoozed = desk.snooze(workspace, number, owed.id, owed.due_at, "客户出差", "snooze").file
    assert snoozed.owed[0].snoozed_until == owed.due_at

    again = desk.undo(workspace, number, "undo").file

    the_same(before, again, workspace.policy)


def test_what_was_taken_back_can_be_done_again(workspace: Workspace, clock: FixedClock) -> None:
    number = lived(workspace, clock, [BLAMELESS, REPLY])
    desk.act(workspace, number, "return_visit", ANGRY.data, "1")
    desk.undo(workspace, number, "2")

    file = desk.act(workspace, number, "return_visit", HAPPY.data, "3").file

    assert (file.case.status, file.case.round) == (Status.IN_PROGRESS, 1)
    assert FollowUpKind.FEED_BACK in {f.kind for f in file.owed}
    desk.undo(workspace, number, "4")
    second = desk.act(workspace, number, "return_visit", ANGRY.data, "5").file
    assert second.case.round == 2
    assert [f.rule for f in second.owed if f.kind is FollowUpKind.REPLY] == ["next_reply"]


def test_what_was_undone_does_not_count_for_anything(workspace: Workspace, clock: FixedClock) -> None:
    number = lived(workspace, clock, [])
    desk.act(workspace, number, "determine", {"responsibility": "company"}, "1")
    desk.undo(workspace, number, "2")

    stands = standing(desk.case_file(workspace, number))

    assert stands.responsibility is None
    assert not stands.was_answered


# --------------------------------------------------------------------------------------------------------- its rules


def refusal(file: CaseFile, by: str, now: datetime) -> str:
    found = undoing.why_not(file, by, now)
    with pytest.raises(KnownError) as caught:
        undoing.undo(file, (), by, now)
    assert found is not None
    assert caught.value.code == found.code
    return found.code


def test_only_ones_own_last_action_within_the_minute_is_taken_back(policy: Policy) -> None:
    file = live(policy, CONTACT)
    done = file.events[-1].entered_at

    assert undoing.why_not(file, "小周", done) is None
    assert undoing.why_not(file, "小周", done + MINUTE) is None
    assert refusal(file, "小周", done + MINUTE + timedelta(seconds=1)) == "undo_too_late"
    assert refusal(file, "小周", done - timedelta(seconds=1)) == "undo_too_late", (
        "a clock that was set back proves nothing"
    )
    assert refusal(file, "小吴", done) == "undo_not_own"


def test_a_late_entry_counts_from_when_it_was_written(policy: Policy) -> None:
    late = acted_on(live(policy), policy, CONTACT.at(NOW - 5 * 60 * MINUTE, NOW))

    assert undoing.why_not(late, "小周", NOW + MINUTE) is None


def test_the_registration_stays_and_so_does_an_undoing(policy: Policy) -> None:
    new = live(policy)
    assert refusal(new, "小周", new.events[-1].entered_at) == "undo_nothing"
    acted = acted_on(new, policy, CONTACT.at(NOW))
    undone = after(acted, undoing.undo(acted, (), "小周", NOW))

    assert refusal(undone, "小周", NOW) == "undo_nothing"
    assert undone.deeds == new.events


def test_every_refusal_has_its_sentence(rules: Rules, policy: Policy) -> None:
    file = live(policy, CONTACT)
    for by, now in (("小吴", NOW), ("小周", NOW)):
        found = undoing.why_not(file, by, now)
        assert found is not None
        assert file.case.number in rules.sentences.error(found)


def test_a_finding_that_overtook_another_gives_it_back_when_it_is_undone(policy: Policy) -> None:
    before = live(policy, UNDECIDED, PROMISE)
    decided = DETERMINE.at(NOW)
    done = acted_on(before, policy, decided)

    again = after(done, undoing.undo(done, changes(before, decide(before, decided, policy)), "小周", NOW))

    the_same(before, again, policy)


def test_a_snooze_after_an_action_is_what_is_undone_first(policy: Policy) -> None:
    acted = acted_on(live(policy), policy, CONTACT.at(NOW))
    owed = acted.owed[0]
    decision = snoozing.snooze(acted, owed.id, owed.due_at, "明天再打", "小周", NOW)
    snoozed = after(acted, decision)

    again = after(snoozed, undoing.undo(snoozed, changes(acted, decision), "小周", NOW))

    the_same(acted, again, policy)

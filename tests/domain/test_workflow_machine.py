"""Every life a case can have, tried at random: what must hold in whatever state it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Route, Status
from desk_app.domain.workflow import allowed_actions, decide, why_not
from desk_app.errors import KnownError
from desk_app.services.rules import load_rules
from tests.helpers.builders import NOW
from tests.helpers.records import a_deed, a_record, after, opened

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile

RULES = load_rules()
DATA: dict[Action, st.SearchStrategy[dict[str, Any]]] = {
    Action.CONTACT: st.just({"content": "致电"}),
    Action.REPLY: st.fixed_dictionaries({"content": st.just("换新")}, optional={"accepted": st.booleans()}),
    Action.RETURN_VISIT: st.just({"reached": False})
    | st.fixed_dictionaries(
        {"reached": st.just(True), "satisfaction": st.sampled_from(["satisfied", "fair", "dissatisfied"])}
    ),
    Action.CLOSE: st.just({"result": "已换新"})
    | st.just({"result": "已尽力", "exception": True, "reason": "超出规定"}),
    Action.REOPEN: st.just({"reason": "又坏了"}),
    Action.VOID: st.just({"reason": "重复"}),
}
DEEDS = st.sampled_from(list(DATA)).flatmap(lambda action: st.tuples(st.just(action), DATA[action]))


class Lives(RuleBasedStateMachine):
    """One case, and any action at any time; a refused one changes nothing."""

    file: CaseFile
    rounds: list[int]

    @initialize(kind=st.sampled_from(Kind), route=st.sampled_from(Route), promised=st.none() | st.just(NOW))
    def register(self, kind: Kind, route: Route, promised: Any) -> None:
        self.file = opened(a_record(kind=kind, route=route, promised_at=promised), RULES.deadlines)
        self.rounds = [1]

    @rule(deed=DEEDS)
    def act(self, deed: tuple[Action, dict[str, Any]]) -> None:
        action, data = deed
        before = self.file
        at = NOW + timedelta(hours=len(before.events))
        try:
            decision = decide(before, a_deed(action, at, **data), RULES.deadlines)
        except KnownError:
            self.check_refusal(before, action, by_exception="exception" in data)
            return
        assert why_not(before, action, RULES.deadlines) is None
        assert {f.id for f in decision.settled} <= {f.id for f in before.owed}
        assert all(f.done_at == at for f in decision.settled)
        if action is Action.CLOSE:
            self.check_gate(before, by_exception="exception" in data)
        self.file = after(before, decision)
        self.rounds.append(self.file.case.round)

    def check_refusal(self, before: CaseFile, action: Action, *, by_exception: bool) -> None:
        """Only what the window shows as impossible is refused, or a close that needs an exception."""
        possible = action in allowed_actions(before, RULES.deadlines)
        assert not possible or (action is Action.CLOSE and not by_exception)

    def check_gate(self, before: CaseFile, *, by_exception: bool) -> None:
        """The customer was answered; unless by exception, in this round too, and asked, or tried three times."""
        deeds = [(e.action, e.data, e.round) for e in before.events]
        assert any(action is Action.REPLY for action, _, _ in deeds)
        if by_exception:
            return
        turn = before.case.round
        assert any(action is Action.REPLY and r == turn for action, _, r in deeds)
        visits = [d for action, d, r in deeds if action is Action.RETURN_VISIT and r == turn]
        reached = any(d["reached"] is True for d in visits)
        assert reached or len(visits) >= 3 or before.case.kind is Kind.PRAISE

    @invariant()
    def an_open_case_owes_and_a_case_that_is_over_does_not(self) -> None:
        assert bool(self.file.owed) is not self.file.case.status.is_over

    @invariant()
    def rounds_only_grow_by_one(self) -> None:
        assert all(0 <= later - former <= 1 for former, later in zip(self.rounds, self.rounds[1:], strict=False))

    @invariant()
    def no_kind_is_owed_twice_and_all_belongs_to_the_present_round(self) -> None:
        kinds = [f.kind for f in self.file.owed]
        assert len(kinds) == len(set(kinds))
        assert all(f.round == self.file.case.round for f in self.file.owed)

    @invariant()
    def the_status_says_what_is_owed(self) -> None:
        kinds = {f.kind for f in self.file.owed}
        if self.file.case.status is Status.REGISTERED:
            assert kinds == {FollowUpKind.REPLY}
            assert [e.action for e in self.file.events] == [Action.REGISTER]
        assert not {FollowUpKind.REPLY, FollowUpKind.RETURN_VISIT} <= kinds

    @invariant()
    def an_open_case_can_always_go_on(self) -> None:
        live = allowed_actions(self.file, RULES.deadlines)
        if not self.file.case.status.is_over:
            assert {Action.REPLY, Action.RETURN_VISIT, Action.CLOSE} & set(live)


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)

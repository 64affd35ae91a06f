"""Every life a case can have, tried at random: what must hold in whatever state it is.

A model beside the program keeps its own short account of what was done (what still holds, the rounds, the promises)
and says by itself when a case may be closed. More lives than a build tries: ``LIVES=1000 pytest`` this file.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desk_app.domain import undoing
from desk_app.domain.snoozing import snooze
from desk_app.domain.standing import standing
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Role, Route, Status
from desk_app.domain.workflow import allowed_actions, decide, latest, why_not
from desk_app.errors import KnownError
from desk_app.services.rules import load_rules
from tests.helpers import deeds as d
from tests.helpers.builders import NOW
from tests.helpers.ending import next_towards_the_end, settling
from tests.helpers.records import a_record, after, changes, opened

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Change
    from desk_app.domain.policy import Policy
    from desk_app.domain.workflow import Decision

RULES = load_rules()
IMPROVEMENT = {FollowUpKind.CORRECT, FollowUpKind.VERIFY}
ROLES = {"小王": Role.HANDLER, "林主管": Role.SUPERVISOR, "赵店长": Role.MANAGER}
MENDING = (Action.CORRECT, Action.VERIFY_CORRECTION, Action.DETERMINE, Action.VOID)
"""What alone settles a plan, a correction or its verification."""
PEOPLE = st.sampled_from(["小周", *ROLES, "店长"])
AT_MOST_ONE = (FollowUpKind.REPLY, FollowUpKind.RETURN_VISIT, FollowUpKind.APPROVE, FollowUpKind.EXTERNAL_REPLY)


def _with_visits(policy: Policy) -> Policy:
    """Return the rules of a shop that goes to the customer."""
    book = policy.deadlines
    on = tuple(replace(r, enabled=r.enabled or r.id in ("on_site_visit", "service_on_site")) for r in book.rules)
    return replace(policy, deadlines=replace(book, rules=on))


BOSS_ONLY = {"小王": Role.HANDLER, "赵店长": Role.MANAGER}
POLICIES = [
    RULES.policy,
    RULES.policy.of_shop(ROLES),
    _with_visits(RULES.policy),
    RULES.policy.of_shop(BOSS_ONLY),
]
DEPARTMENT: dict[str, object] = {"department": "客房部"}
YEAR = timedelta(days=367)
IDS = st.none() | st.integers(1, 12)

WAYS: dict[Action, st.SearchStrategy[d.Deed]] = {
    Action.CONTACT: st.sampled_from([d.CONTACT, d.WAIT, d.CAME_BACK, d.ON_SITE]),
    Action.ASSIGN: st.sampled_from(
        [d.ASSIGN, d.ASSIGN.given(person="小陈"), d.Deed(Action.ASSIGN, {"department": "客房部"})]
    ),
    Action.ACCEPT: st.just(d.ACCEPT),
    Action.INVESTIGATE: st.just(d.INVESTIGATE),
    Action.DETERMINE: st.sampled_from([d.DETERMINE, d.BLAMELESS, d.UNDECIDED, d.SUPPLIER]),
    Action.PROPOSE: st.sampled_from([d.PROPOSE, d.PROPOSE.given(amount="5000")]),
    Action.APPROVE: st.just(d.APPROVE),
    Action.REJECT: st.just(d.REJECT),
    Action.PROMISE: st.sampled_from([d.PROMISE, d.PROMISE, d.PROMISE.given(due_at="2062-11-23T10:00:00+08:00")]),
    Action.KEEP_PROMISE: IDS.map(lambda named: d.KEEP if named is None else d.KEEP.given(promise=named)),
    Action.REPLY: st.sampled_from([d.REPLY, d.REPLY, d.REFUSED, d.OUTSIDE, d.REPLY.given(adopted=True)]),
    Action.RETURN_VISIT: st.sampled_from([d.HAPPY, d.FAIR, d.ANGRY, d.NOBODY, d.NOBODY, d.PUT_OFF]),
    Action.CORRECT: st.just(d.CORRECT),
    Action.VERIFY_CORRECTION: st.builds(
        lambda deed, named: deed if named is None else deed.given(correction=named),
        st.sampled_from([d.VERIFY, d.IN_VAIN]),
        IDS,
    ),
    Action.FEED_BACK: st.sampled_from(
        [d.FEED_BACK, d.FEED_BACK.given(department="客房部"), d.FEED_BACK.given(department="采购部")]
    ),
    Action.ESCALATE: st.sampled_from([d.ESCALATE, d.ESCALATE.given(to="小陈"), d.ESCALATE.given(to="部门负责人")]),
    Action.CLOSE: st.sampled_from([d.CLOSE, d.CLOSE.given(adopted=True), d.BY_EXCEPTION]),
    Action.REOPEN: st.just(d.REOPEN),
}
ANY = st.sampled_from(list(WAYS)).flatmap(lambda action: WAYS[action])
TIMES = st.sampled_from([0, 0, 0, 30, 90])
PLACES = st.integers(0, 3)
ENDS = st.sampled_from(
    [
        d.REFUSED, d.ANGRY, d.REOPEN, d.CLOSE, d.BY_EXCEPTION.by_whom("赵店长"), d.BY_EXCEPTION, d.CLOSE, d.VOID,
        d.MERGED, d.REOPEN.by_whom("赵店长"),
    ]
)  # fmt: skip
FACTS = st.dictionaries(
    st.sampled_from(["customer_phone", "route", "safety", "promised_at"]), st.booleans(), min_size=1
)
"""What is put right, and which of two values it takes."""
STEPS = st.one_of(
    st.tuples(st.just("act"), st.tuples(st.lists(st.tuples(ANY, PEOPLE, TIMES), min_size=1, max_size=5))),
    st.tuples(st.just("do_what_is_owed"), st.tuples(st.lists(PLACES, min_size=1, max_size=6))),
    st.tuples(st.just("turn_a_round"), st.tuples(ENDS)),
    st.tuples(st.just("act_while_the_clock_is_wrong"), st.tuples(ANY)),
    st.tuples(st.just("put_right"), st.tuples(FACTS)),
    st.tuples(st.just("undo"), st.just(())),
    st.tuples(st.just("leave_aside"), st.tuples(PLACES, st.integers(1, 200))),
)

OF_THE_DEED = {
    "act_before_received", "act_before_last", "promise_unknown", "correction_unknown", "external_reply_not_owed",
    "already_replied", "reply_before_approval", "beyond_authority", "needs_role", "exception_needs_role",
    "reply_after_rejection", "nobody_above", "due_too_far", "office_is_no_person",
}  # fmt: skip
"""Why something may be refused that the window shows as possible: because of what exactly is done, by whom, when."""


class Line(NamedTuple):
    """One line of the model's account: what was done in which round, and how things stood before it."""

    deed: d.Deed | None  # None: something was left aside
    turn: int
    promises: frozenset[int]
    before: CaseFile
    changes: tuple[Change, ...]


class Lives(RuleBasedStateMachine):
    """One case, and any action at any time; a refused one changes nothing."""

    file: CaseFile
    policy: Policy
    now: datetime

    @initialize(
        kind=st.sampled_from(Kind),
        route=st.sampled_from(Route),
        safety=st.booleans(),
        phone=st.sampled_from(["", "13900001234"]),
        promised=st.none() | st.just(NOW),
        policy=st.sampled_from(POLICIES),
    )
    def register(
        self, *, kind: Kind, route: Route, safety: bool, phone: str, promised: datetime | None, policy: Policy
    ) -> None:
        said = {"kind": kind, "route": route, "safety": safety, "customer_phone": phone, "promised_at": promised}
        case = a_record(external_body="消协", **said)
        self.policy, self.now, self.file = policy, NOW, opened(case, policy)
        self.account: list[Line] = []
        self.turn = 1
        self.promises: frozenset[int] = frozenset()
        self.undone = False

    # ------------------------------------------------------------------------------------------- what can be done

    @rule(step=STEPS)
    def live(self, step: tuple[str, tuple[Any, ...]]) -> None:
        """One rule for all: rules of their own would be left out at random, and most lives come to nothing."""
        name, given = step
        getattr(self, name)(*given)

    def act(self, deeds: list[tuple[d.Deed, str, int]]) -> None:
        for deed, by, late in deeds:
            self.now += timedelta(hours=1)
            self.do(deed.by_whom(by), self.now - timedelta(minutes=late))

    def act_while_the_clock_is_wrong(self, deed: d.Deed) -> None:
        right, self.now = self.now, self.now + timedelta(days=9999)
        self.do(deed, self.now)
        self.now = right

    def do_what_is_owed(self, which: list[int]) -> None:
        """What people do most: so that lives get on, and many come to their end."""
        for place in which:
            if not self.file.owed:
                return
            self.now += timedelta(hours=1)
            owed = self.file.owed[place % len(self.file.owed)]
            self.do(settling(owed).by_who_may(self.policy), self.now)

    def turn_a_round(self, deed: d.Deed) -> None:
        """What a round ends or begins with."""
        self.now += timedelta(hours=1)
        self.do(deed.by_who_may(self.policy), self.now)

    def put_right(self, chosen: dict[str, bool]) -> None:
        """Facts that the rules hang on; another kind of case is tried in test_amending."""
        values: dict[str, tuple[object, object]] = {
            "customer_phone": ("", "13900001234"),
            "route": (Route.NORMAL, Route.EXTERNAL),
            "safety": (False, True),
            "promised_at": (None, NOW + timedelta(hours=30)),
        }
        facts = {key: values[key][which] for key, which in chosen.items()}
        event("put right")
        self.now += timedelta(minutes=1)
        if self.file.case.status.is_over:
            with contextlib.suppress(KnownError):
                decision = decide(self.file, d.AMEND.at(self.now), self.policy, facts)
                self.write(d.AMEND, decision, after(self.file, decision))
            return
        decision = decide(self.file, d.AMEND.at(self.now), self.policy, facts)
        assert decision.case.status is self.file.case.status or decision.case.status is Status.IN_PROGRESS
        self.write(d.AMEND, decision, after(self.file, decision))

    def undo(self) -> None:
        last = self.file.events[-1]
        if self.undone or not self.account:
            refusal = undoing.why_not(self.file, last.by, self.now)
            assert refusal is not None
            assert refusal.code == "undo_nothing"
            return
        line = self.account.pop()
        again = after(self.file, undoing.undo(self.file, line.changes, last.by, last.entered_at))
        assert again.case == line.before.case
        assert again.owed == line.before.owed
        assert again.deeds == line.before.deeds
        assert standing(again) == standing(line.before)
        self.grows(again)
        self.file, self.turn, self.promises, self.undone = again, line.turn, line.promises, True
        event(f"undone: {line.deed.action if line.deed else 'snooze'}")

    def leave_aside(self, which: int, hours: int) -> None:
        if not self.file.owed:
            return
        owed = self.file.owed[which % len(self.file.owed)]
        try:
            decision = snooze(self.file, owed.id, self.now + timedelta(hours=hours), "稍后", "小周", self.now)
        except KnownError:
            assert self.now + timedelta(hours=hours) > owed.due_at, "there is no other reason"
            return
        again = after(self.file, decision)
        assert [(f.id, f.due_at, f.owed_by) for f in again.owed] == [
            (f.id, f.due_at, f.owed_by) for f in self.file.owed
        ]
        self.write(None, decision, again)

    def do(self, deed: d.Deed, at: datetime) -> None:
        before, at = self.file, at if at < self.now else self.when()
        may_close = self.may_close(deed)
        try:
            decision = decide(before, deed.at(at, self.now), self.policy)
        except KnownError as error:
            self.check_refusal(deed, error, may_close=may_close)
            return
        assert why_not(before, deed.action, self.policy) is None
        if deed.action is Action.CLOSE:
            assert may_close
            event(f"closed in round {self.turn}{' by exception' if 'exception' in deed.data else ''}")
        assert {f.id for f in decision.changed} <= {f.id for f in before.owed}
        assert all(f.done_at in (None, at) for f in decision.changed)
        if deed.action not in MENDING:
            assert all(f.done_at is None for f in decision.changed if f.kind in IMPROVEMENT), "the shop mends itself"
        self.write(deed, decision, after(before, decision))

    def when(self) -> datetime:
        """When something happens that is done now: after what the case already has, whatever the clock said then."""
        return max(self.now, latest(self.file))

    def write(self, deed: d.Deed | None, decision: Decision, again: CaseFile) -> None:
        self.grows(again)
        before = self.file
        self.account.append(Line(deed, self.turn, self.promises, before, changes(before, decision)))
        self.file, self.undone = again, False
        if deed is None:
            return
        gone = deed.data.get("promise") or next(iter(self.promises), 0) if deed.action is Action.KEEP_PROMISE else 0
        self.promises -= {gone} if deed.action is not Action.VOID else self.promises
        if deed.action is Action.PROMISE:
            self.promises |= {f.id for f in again.owed if f.kind is FollowUpKind.PROMISE} - self.promises
        refused = deed.data.get("accepted") is False and deed.data.get("to") != "external"
        dissatisfied = deed.data.get("satisfaction") == "dissatisfied"
        self.turn += refused or dissatisfied or deed.action is Action.REOPEN

    # ----------------------------------------------------------------------------------------- what the model says

    def done(self, action: Action, *, in_this_round: bool = False, **data: object) -> list[d.Deed]:
        return [
            line.deed
            for line in self.account
            if line.deed is not None
            and line.deed.action is action
            and (line.turn == self.turn or not in_this_round)
            and all(line.deed.data.get(key) == value for key, value in data.items())
        ]

    def may_close(self, deed: d.Deed) -> bool:
        """Whether the case may be closed by this deed, by the trade's own words (domain.md parts 8, 11, 14, 20.4)."""
        case, by_exception = self.file.case, deed.data.get("exception") is True
        roles = self.policy.authority.roles
        if roles and roles.get(deed.by) not in (Role.SUPERVISOR, Role.MANAGER):
            return False
        if by_exception and not (
            self.done(Action.REPLY, to=None, accepted=False)
            or self.done(Action.RETURN_VISIT, satisfaction="dissatisfied")
        ):
            return False
        answers = self.done(Action.REPLY, to=None)
        answered_now = self.done(Action.REPLY, in_this_round=True, to=None)
        asked = self.done(Action.RETURN_VISIT, in_this_round=True, reached=True)
        tries = self.done(Action.RETURN_VISIT, in_this_round=True, reached=False, attempt=None)
        found = next((each.data["responsibility"] for each in reversed(self.done(Action.DETERMINE))), None)
        adoptions = [each for each in (*answers, deed) if "adopted" in each.data]
        judged = {"complaint", "return_request"}
        is_known = by_exception or bool(case.customer_phone) or bool(asked) or case.kind is Kind.PRAISE
        on_site = {"complaint", "service_request"} if self.policy is POLICIES[2] else set()
        return (
            not case.status.is_over
            and bool(answers)
            and (by_exception or bool(answered_now))
            and (by_exception or bool(asked) or len(tries) >= 3 or case.kind is Kind.PRAISE)
            and is_known
            and (case.kind not in judged or found not in (None, "undecided"))
            and (case.kind not in ("suggestion", "proposal") or bool(adoptions))
            and not self.promises
            and case.status is not Status.AWAITING_APPROVAL
            and (case.kind not in on_site or bool(self.done(Action.CONTACT, medium="on_site")))
            and (case.kind is not Kind.PROPOSAL or bool(self.done(Action.INVESTIGATE)))
            and (case.route is not Route.EXTERNAL or bool(self.done(Action.REPLY, to="external")))
            and (case.kind is Kind.INQUIRY or bool(self.done(Action.FEED_BACK, in_this_round=True)))
            and not self.purchaser_waits()
        )

    def purchaser_waits(self) -> bool:
        """Whether 采购 has still to be told in this round: whoever else was told, it was not told by that."""
        waits = was_told = False
        turn = 1
        for deed, of_turn in ((line.deed, line.turn) for line in self.account if line.deed is not None):
            if of_turn != turn:
                waits = was_told = False
                turn = of_turn
            if deed.action is Action.DETERMINE:
                is_found = deed.data["responsibility"] == "supplier"
                waits = is_found and (waits or not was_told)
            if deed.action is Action.FEED_BACK:
                was_told |= deed.data.get("department") != "客房部"
                waits = waits and deed.data.get("department") == "客房部"
        return waits and turn == self.turn

    def check_refusal(self, deed: d.Deed, error: KnownError, *, may_close: bool) -> None:
        """Only what the window shows as impossible is refused, or what the deed itself makes so; with a sentence."""
        assert RULES.sentences.error(error)
        if error.code in ("act_before_received", "act_before_last"):
            return
        if deed.action is Action.CLOSE:
            assert not may_close
            return
        assert deed.action not in allowed_actions(self.file, self.policy) or error.code in OF_THE_DEED

    def grows(self, again: CaseFile) -> None:
        """The history only grows, by one line; what was owed stays on file, and what is settled stays settled."""
        before = self.file
        assert again.events[:-1] == before.events
        assert [f.id for f in again.follow_ups[: len(before.follow_ups)]] == [f.id for f in before.follow_ups]
        if not again.events[-1].undoes:
            kept = zip(before.follow_ups, again.follow_ups, strict=False)
            assert all(new == old for old, new in kept if old.done_at)

    # ---------------------------------------------------------------------------------------- what must always hold

    @invariant()
    def an_open_case_owes_more_than_corrections_and_one_that_is_over_no_more_than_these(self) -> None:
        kinds = {f.kind for f in self.file.owed}
        match self.file.case.status:
            case Status.VOID:
                assert not kinds
            case Status.CLOSED:
                assert kinds <= IMPROVEMENT
            case _:
                assert kinds - IMPROVEMENT

    @invariant()
    def only_what_was_merged_comes_back_from_void(self) -> None:
        voids = self.done(Action.VOID)
        is_merged = self.file.case.status is Status.VOID and "into" in voids[-1].data
        assert bool(self.file.merged_into) is is_merged
        if self.file.case.status is Status.VOID:
            assert (Action.REOPEN in allowed_actions(self.file, self.policy)) is is_merged

    @invariant()
    def no_promise_is_lost(self) -> None:
        assert {f.id for f in self.file.owed if f.kind is FollowUpKind.PROMISE} == self.promises

    @invariant()
    def the_round_is_how_often_the_customer_was_not_served(self) -> None:
        assert self.file.case.round == self.turn
        rounds = [e.round for e in self.file.deeds]
        assert rounds == sorted(rounds)
        assert rounds[-1] <= self.turn

    @invariant()
    def the_customer_is_owed_one_thing_at_a_time(self) -> None:
        kinds = [f.kind for f in self.file.owed]
        assert all(kinds.count(kind) <= 1 for kind in AT_MOST_ONE)
        assert not {FollowUpKind.REPLY, FollowUpKind.RETURN_VISIT} <= set(kinds)
        assert all(f.round == self.turn for f in self.file.owed if f.kind in AT_MOST_ONE[:3])

    @invariant()
    def the_status_says_what_is_waited_for(self) -> None:
        kinds, status = {f.kind for f in self.file.owed}, self.file.case.status
        assert (status is Status.AWAITING_APPROVAL) is (FollowUpKind.APPROVE in kinds)
        assert status is not Status.AWAITING_REPLY or FollowUpKind.REPLY in kinds
        if status is Status.AWAITING_RETURN_VISIT:
            assert FollowUpKind.RETURN_VISIT in kinds
        if status is Status.REGISTERED:
            assert [e.action for e in self.file.deeds if e.action is not Action.AMEND] == [Action.REGISTER]

    @invariant()
    def no_term_begins_after_it_was_written_down(self) -> None:
        entered = {e.id: e.entered_at for e in self.file.events}
        assert all(f.start_at <= entered[f.event_id] and f.due_at < f.start_at + YEAR for f in self.file.owed)

    @invariant()
    def no_approval_keeps_the_answer_waiting_beyond_its_time(self) -> None:
        entered = {e.id: e.entered_at for e in self.file.events}
        replies = [f.due_at for f in self.file.owed if f.kind is FollowUpKind.REPLY]
        approvals = [f for f in self.file.owed if f.kind is FollowUpKind.APPROVE]
        assert all(f.due_at <= max(min(replies), entered[f.event_id]) for f in approvals)

    @invariant()
    def what_a_superior_is_asked_for_is_asked_of_somebody(self) -> None:
        asked = [f.owed_by for f in self.file.owed if f.kind is FollowUpKind.APPROVE or f.level]
        assert not set(asked) & set(self.policy.authority.vacant)

    @invariant()
    def somebody_owes_each_thing(self) -> None:
        assert all(f.owed_by and f.owed_to and f.rule for f in self.file.owed)

    def teardown(self) -> None:
        """From wherever it is, doing what is missing leads to the closing: there is no dead end."""
        event(f"left {self.file.case.status} in round {self.turn}")
        for _ in range(40):
            if self.file.case.status.is_over:
                return
            self.now += timedelta(hours=1)
            deed = next_towards_the_end(self.file, self.policy).by_who_may(self.policy)
            self.file = after(self.file, decide(self.file, deed.at(self.when(), self.now), self.policy))
        raise AssertionError(deed)


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=int(os.environ.get("LIVES", "100")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

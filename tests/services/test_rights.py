"""Every role against every right and every action, by the use case itself: refused, or done.

Who may what is written here a second time, independently of ``resources/deadlines.toml``: a slip in the file, or a use
case that forgot to ask, shows here.
"""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.periods import read_period
from desk_app.domain.rights import ALL, Granted, Right
from desk_app.domain.vocabulary import Action, Role
from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.errors import KnownError
from desk_app.services import (
    assessments,
    calendar,
    categories,
    customers,
    desk,
    export,
    intake,
    logbook,
    proof,
    rule_file,
    shop,
    survey,
    upkeep,
    volumes,
)
from desk_app.services.assessments import Assessor
from desk_app.services.sheets import Scope
from tests.helpers.asking import use_cases
from tests.helpers.builders import NOW, a_case, registered
from tests.helpers.working import TO_THE_END

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from desk_app.services.workspace import Workspace

PEOPLE = {
    Role.RECEPTIONIST: "前台甲",
    Role.HANDLER: "处理乙",
    Role.SUPERVISOR: "主管丙",
    Role.MANAGER: "店长丁",
}
EVERYBODY = frozenset(Role)
HANDLERS = EVERYBODY - {Role.RECEPTIONIST}
SUPERVISORS = HANDLERS - {Role.HANDLER}
MANAGERS = frozenset({Role.MANAGER})

WHO: Mapping[Granted, frozenset[Role]] = {
    Action.REGISTER: EVERYBODY,
    Action.AMEND: EVERYBODY,
    Action.CONTACT: EVERYBODY,
    Action.ACCEPT: EVERYBODY,
    Action.PROMISE: EVERYBODY,
    Action.KEEP_PROMISE: EVERYBODY,
    Action.REPLY: EVERYBODY,
    Action.RETURN_VISIT: EVERYBODY,
    Action.FEED_BACK: EVERYBODY,
    Action.ESCALATE: EVERYBODY - MANAGERS,  # nobody is above
    Action.INVESTIGATE: HANDLERS,
    Action.DETERMINE: HANDLERS,
    Action.PROPOSE: EVERYBODY,  # what is beyond their authority waits for approval
    Action.CORRECT: HANDLERS,
    Action.ASSIGN: SUPERVISORS,
    Action.APPROVE: SUPERVISORS,
    Action.REJECT: SUPERVISORS,
    Action.VERIFY_CORRECTION: SUPERVISORS,
    Action.CLOSE: SUPERVISORS,
    Action.VOID: SUPERVISORS,
    Action.REOPEN: MANAGERS,
    Right.EXCEPTION: SUPERVISORS,
    Right.VIEW_FULL: EVERYBODY,
    Right.EXPORT_CASE: EVERYBODY,
    Right.VERIFY: EVERYBODY,
    Right.MERGE: HANDLERS,
    Right.EXPORT: SUPERVISORS,
    Right.BACKUP: SUPERVISORS,
    Right.EXPORT_FULL: SUPERVISORS,
    Right.CONFIDENTIAL: SUPERVISORS,
    Right.CATEGORIES: SUPERVISORS,
    Right.TEMPLATES: SUPERVISORS,
    Right.LOCK_MONTH: SUPERVISORS,
    Right.VOLUMES: SUPERVISORS,
    Right.SURVEY: EVERYBODY,
    Right.ASSESS: SUPERVISORS,
    Right.PERSON: SUPERVISORS,
    Right.CALENDAR: MANAGERS,
    Right.DEADLINES: MANAGERS,
    Right.SETTINGS: MANAGERS,
    Right.STAFF: MANAGERS,
    Right.RESTORE: MANAGERS,
    Right.JOURNAL: MANAGERS,
    Right.ERASE: MANAGERS,
}

REFUSALS = frozenset({"not_allowed", "needs_role", "exception_needs_role", "beyond_authority", "nobody_above"})

BEFORE: Mapping[Granted, tuple[tuple[str, Mapping[str, object]], ...]] = {
    Action.ACCEPT: (("assign", {"department": "客房部", "person": "处理乙"}),),
    Action.APPROVE: (("propose", {"solution": "换新", "amount": "800"}),),
    Action.REJECT: (("propose", {"solution": "换新", "amount": "800"}),),
    Action.RETURN_VISIT: TO_THE_END[:1],
    Action.KEEP_PROMISE: (("promise", {"what": "送一张券"}),),
    Action.VERIFY_CORRECTION: (("correct", {"problem": "虚焊", "corrective": "返修", "department": "品管"}),),
    Action.CLOSE: TO_THE_END[:-1],
    Action.REOPEN: TO_THE_END,
    Right.EXCEPTION: (
        TO_THE_END[0],
        ("return_visit", {"satisfaction": "dissatisfied", "opinion": "不行"}),
        *TO_THE_END[2:4],
    ),
}
"""What has been done on a case, by who may, before the step that is tried."""

GIVEN: Mapping[Granted, Mapping[str, object]] = {
    Action.AMEND: {"place": "大堂"},
    Action.CONTACT: {"content": "致电"},
    Action.ACCEPT: {},
    Action.PROMISE: {"what": "送一张券"},
    Action.KEEP_PROMISE: {},
    Action.REPLY: {"content": "换新"},
    Action.RETURN_VISIT: {"reached": False},
    Action.FEED_BACK: {"content": "已通报", "department": "品管"},
    Action.ESCALATE: {"reason": "超出权限"},
    Action.INVESTIGATE: {"findings": "查看录像", "true_cause": "温控器虚焊"},
    Action.DETERMINE: {"responsibility": "company"},
    Action.PROPOSE: {"solution": "退款", "amount": "80"},
    Action.CORRECT: {"problem": "虚焊", "corrective": "返修", "department": "品管"},
    Action.ASSIGN: {"department": "客房部", "person": "处理乙"},
    Action.APPROVE: {},
    Action.REJECT: {"opinion": "再谈"},
    Action.VERIFY_CORRECTION: {"effect": "抽查无异常"},
    Action.CLOSE: {"result": "已换新"},
    Action.VOID: {"reason": "客户要求撤回"},
    Action.REOPEN: {"reason": "又坏了"},
    Right.EXCEPTION: {"result": "已尽力", "exception": True, "reason": "要求超出规定", "adopted": False},
}
MONTH = Scope(read_period("2026-11", NOW.date()))
numbers = count(1)


def a_new_case(ws: Workspace) -> str:
    serial = next(numbers)
    case = registered(ws, f"save-{serial}", customer_phone=f"1380013{serial:04}", customer_name=f"客{serial}")
    return case.case.number


def acts(what: Granted) -> Callable[[Workspace, Path], object]:
    """Do an action on a case that is ready for it."""

    def act(ws: Workspace, _out: Path) -> object:
        who, number = ws.operator, a_new_case(ws)
        shop.choose_operator(ws, PEOPLE[Role.MANAGER])
        for action, keys in BEFORE.get(what, ()):
            by = PEOPLE[Role.HANDLER] if action == "propose" else PEOPLE[Role.MANAGER]
            desk.act(ws, number, action, {**keys, "by": by}, f"do-{next(numbers)}")
        shop.choose_operator(ws, who)
        return desk.act(ws, number, "close" if what is Right.EXCEPTION else what, GIVEN[what], f"do-{next(numbers)}")

    return act


def exports(ws: Workspace, out: Path) -> object:
    return export.export(ws, export.Order(("register",), MONTH, out))


def exports_a_case(ws: Workspace, out: Path) -> object:
    return export.export(ws, export.Order(("record",), Scope(numbers=(a_new_case(ws),)), out))


def fills_a_template(ws: Workspace, out: Path) -> object:
    order = export.Order(("register",), MONTH, out, templates=(out / "none.xlsx",))
    try:
        return export.export(ws, order)
    except KnownError as error:
        if error.code != "file_missing":
            raise
        return None


def proves(ws: Workspace, out: Path) -> object:
    out.mkdir(exist_ok=True)
    (out / "some.xlsx").write_bytes(b"")
    return proof.prove(ws, out / "some.xlsx")


USES: Mapping[Granted, Callable[[Workspace, Path], object]] = {
    **{what: acts(what) for what in GIVEN},
    Action.REGISTER: lambda ws, _: intake.register(ws, a_case(), f"save-{next(numbers)}"),
    Right.EXPORT: exports,
    Right.EXPORT_CASE: exports_a_case,
    Right.TEMPLATES: fills_a_template,
    Right.MERGE: lambda ws, _: customers.merge(ws, a_new_case(ws), a_new_case(ws), f"do-{next(numbers)}"),
    Right.CATEGORIES: lambda ws, _: categories.add_category(ws, f"新类{next(numbers)}"),
    Right.CALENDAR: lambda ws, _: calendar.put_days(ws, [CalendarDay(date(2026, 12, 24), DayKind.CLOSED, "盘点")]),
    Right.DEADLINES: lambda ws, _: rule_file.save(ws, ()),
    Right.SETTINGS: lambda ws, _: shop.save_shop(ws, f"店{next(numbers)}", ws.shop.trade, ws.shop.operators),
    Right.STAFF: lambda ws, _: shop.set_role(ws, f"新人{next(numbers)}", Role.HANDLER),
    Right.VERIFY: proves,
    Right.BACKUP: upkeep.backup,
    Right.JOURNAL: lambda ws, _: logbook.page(ws),
    Right.ASSESS: lambda ws, _: assessments.note(ws, ws.operator, Assessor.SELF, 80, f"do-{next(numbers)}"),
    Right.SURVEY: lambda ws, _: survey.add(ws, 2026, {"产品质量": "满意"}, f"do-{next(numbers)}"),
    Right.VOLUMES: lambda ws, _: volumes.put(ws, "2026-10", {"served": next(numbers)}, f"do-{next(numbers)}"),
}

ASKED_ELSEWHERE: Mapping[Granted, str] = {
    Right.VIEW_FULL: "what a reader sees of a person",
    Right.CONFIDENTIAL: "what a reader sees of a person who wants secrecy",
    Right.EXPORT_FULL: "who has it not is given masked sheets, and refused nothing",
    Right.RESTORE: "tests of the restore",
    Right.LOCK_MONTH: "tests of the month's lock",
    Right.PERSON: "tests of what is on file of one person",
    Right.ERASE: "tests of the retention",
}
"""Rights whose use cases are tried where they are tested; here the asking itself is."""


@pytest.fixture
def staffed(workspace: Workspace) -> Workspace:
    """A shop with one person of each role."""
    shop.set_up(workspace, "店", "general", PEOPLE[Role.MANAGER])
    for role in reversed(Role):
        shop.set_role(workspace, PEOPLE[role], role)
    return workspace


def is_refused(use: Callable[[], object]) -> bool:
    try:
        use()
    except KnownError as error:
        if error.code not in REFUSALS:
            raise
        return True
    return False


def test_every_right_and_every_action_is_tried_here_or_has_its_reason() -> None:
    assert set(WHO) == set(ALL)
    assert set(USES) | set(ASKED_ELSEWHERE) == set(ALL)
    assert not set(USES) & set(ASKED_ELSEWHERE)


@pytest.mark.parametrize("right", USES)
def test_a_use_case_does_for_whom_it_may_and_refuses_all_others(
    staffed: Workspace, tmp_path: Path, right: Granted
) -> None:
    allowed = set()
    for role, name in PEOPLE.items():
        shop.choose_operator(staffed, name)
        if not is_refused(lambda: USES[right](staffed, tmp_path / "out")):
            allowed.add(role)

    assert allowed == WHO[right]


@pytest.mark.parametrize("right", ASKED_ELSEWHERE)
def test_who_has_a_right_is_as_it_is_written_here(staffed: Workspace, right: Granted) -> None:
    allowed = set()
    for role, name in PEOPLE.items():
        shop.choose_operator(staffed, name)
        if not is_refused(lambda: staffed.require(right)):
            allowed.add(role)

    assert allowed == WHO[right]


@pytest.mark.parametrize("right", [right for right in USES if right is not Action.ESCALATE])
def test_while_no_roles_are_given_everybody_may(workspace: Workspace, tmp_path: Path, right: Granted) -> None:
    for name in PEOPLE.values():
        shop.choose_operator(workspace, name)
    shop.choose_operator(workspace, PEOPLE[Role.RECEPTIONIST])

    assert not is_refused(lambda: USES[right](workspace, tmp_path / "out"))


# ------------------------------------------------------------------------------------ nobody acts who does not ask

_SIGNS_IN = "this is how one signs in or locks"
_OWN_DESK = "what was typed is never lost, locked or not"
_NO_CASE = "it tells of no case"
_COUNTS = "it counts, or tells what is due to a reminder that shows no name while locked"
_INNER = "a part of use cases that have asked"
_BY_ITSELF = "the program does it by itself, whoever is there"

OPEN_TO_ALL: Mapping[str, str] = {
    "access.notes_on_access": _NO_CASE,
    "access.prove": _SIGNS_IN,
    "access.recover": _SIGNS_IN,
    "access.sign_in": _SIGNS_IN,
    "access.sign_out": _SIGNS_IN,
    "access.staff": _SIGNS_IN,
    "anchoring.drop": _BY_ITSELF,
    "anchoring.fit": _NO_CASE,
    "anchoring.head": _NO_CASE,
    "attachments.ask_room": _INNER,
    "attachments.gone": _OWN_DESK,
    "attachments.keep": _INNER,
    "attachments.take_in": _OWN_DESK,
    "attachments.tidy": _BY_ITSELF,
    "attachments.without_place": _OWN_DESK,
    "backup_watch.check_next": _BY_ITSELF,
    "backup_watch.findings": _BY_ITSELF,
    "backup_watch.kept": _NO_CASE,
    "calendar.export_file": _NO_CASE,
    "calendar.provisional_years": _NO_CASE,
    "calendar.recount": _BY_ITSELF,
    "calendar.recount_all": _BY_ITSELF,
    "checking.check_in_steps": _BY_ITSELF,
    "checking.is_check_due": _BY_ITSELF,
    "checking.last_check": _NO_CASE,
    "checking.quick_check": _BY_ITSELF,
    "checking.verify": _BY_ITSELF,
    "desk.debtors": _NO_CASE,
    "desk.has_changed": _BY_ITSELF,
    "desk.queue_count": _COUNTS,
    "desk.queue_counts": _COUNTS,
    "drill.last_drill": _NO_CASE,
    "duties.standing": _NO_CASE,
    "export.month_scope": _NO_CASE,
    "figures.behind": _COUNTS,
    "figures.catch_up": _BY_ITSELF,
    "figures.forget": _BY_ITSELF,
    "guide.load_guide": _NO_CASE,
    "intake.drafts": _OWN_DESK,
    "intake.save_draft": _OWN_DESK,
    "looks.note_print": _INNER,
    "months.changed_numbers": _COUNTS,
    "months.lockable": _NO_CASE,
    "months.locks": _NO_CASE,
    "offers.of_period": _NO_CASE,
    "outside.put": _INNER,
    "package.remind": _NO_CASE,
    "package.unexported_month": _NO_CASE,
    "proof.narrowed": _INNER,
    "proof.on_page": _INNER,
    "proof.properties": _INNER,
    "recovery.offered": _NO_CASE,
    "reminders.falling_due": _COUNTS,
    "reminders.leave": _BY_ITSELF,
    "reminders.missed": _COUNTS,
    "retention.clear_away": _BY_ITSELF,
    "retention.copies": _NO_CASE,
    "salvaging.beyond": _NO_CASE,
    "saved_searches.saved_searches": _NO_CASE,
    "saved_views.saved_views": _NO_CASE,
    "sealing.is_on": _NO_CASE,
    "search.behind": _BY_ITSELF,
    "search.catch_up": _BY_ITSELF,
    "search.forget": _BY_ITSELF,
    "search.unread": _BY_ITSELF,
    "second_place.second_due": _NO_CASE,
    "set_aside.take_back": _OWN_DESK,
    "sheets.case_lines": _INNER,
    "sheets.catalogue": _NO_CASE,
    "sheets.find": _NO_CASE,
    "sheets.holds_any": _INNER,
    "surroundings.look": _NO_CASE,
    "templates.piece": _INNER,
    "upkeep.backup_of_the_day": _BY_ITSELF,
    "upkeep.files_of": _INNER,
    "warning_rules.in_force": _NO_CASE,
    "warnings.fault": _NO_CASE,
    "warnings.sentence": _INNER,
    "warnings.shown": _INNER,
}
"""Use cases that ask for nobody, each with its reason."""


def test_every_use_case_asks_who_acts_or_has_its_reason_why_not() -> None:
    assert {name for name, asks in use_cases().items() if not asks} == set(OPEN_TO_ALL)

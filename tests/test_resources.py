"""The files of facts and the code that reads them know the same names: neither has one the other lacks."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.actions import RESCHEDULED
from desk_app.domain.case import Case, Submission
from desk_app.domain.fields import FieldType
from desk_app.domain.metrics import METRICS
from desk_app.domain.suggesting import Dictionary, suggest
from desk_app.domain.vocabulary import (
    Action,
    FollowUpKind,
    Kind,
    Responsibility,
    Role,
    Route,
    Satisfaction,
    Severity,
    Status,
    Trigger,
    Unit,
)
from desk_app.domain.work_calendar import DayKind
from desk_app.domain.workflow import ALLOWED, EFFECTS
from desk_app.paths import resources_dir
from desk_app.services.overview import PARTS
from desk_app.services.rules import DEFAULT_TRADE
from desk_app.sheets.sheet import Group
from desk_app.storage.faults import KNOWN
from tests.helpers.sources import raised, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from desk_app.services.rules import Rules

# The keys of the register form and of the actions: a contract with every face of the program.
CASE_KEYS = """
    number kind received_at entered_at channel route external_body first_contact receiver customer_name
    customer_phone customer_address on_behalf_of anonymous occurred_at place parties target item category severity
    safety content demand demand_kind amount true_cause promised_at read_back confidential consent
"""
ACTION_KEYS = {
    Action.AMEND: (
        "kind received_at channel route external_body occurred_at place content category severity safety parties target"
        " item customer_name customer_phone anonymous customer_address on_behalf_of demand demand_kind amount"
        " true_cause promised_at read_back confidential consent reason"
    ),
    Action.CONTACT: "content medium direction awaiting",
    Action.ASSIGN: "department person due_at note",
    Action.ACCEPT: "",
    Action.INVESTIGATE: "findings true_cause",
    Action.DETERMINE: "responsibility note",
    Action.PROPOSE: "solution amount",
    Action.APPROVE: "opinion",
    Action.REJECT: "opinion",
    Action.PROMISE: "what due_at",
    Action.KEEP_PROMISE: "promise note",
    Action.REPLY: "content to medium adopted implement_at reaction accepted",
    Action.RETURN_VISIT: "reached satisfaction attempt due_at result_fair process_fair manner_fair opinion",
    Action.CORRECT: "problem cause corrective preventive department due_at",
    Action.VERIFY_CORRECTION: "correction effect effective",
    Action.FEED_BACK: "department content reason",
    Action.ESCALATE: "to reason",
    Action.CLOSE: "result adopted reward reward_amount exception reason",
    Action.REOPEN: "reason",
    Action.VOID: "reason into",
}
CHOICES = {
    "kind": "complaint suggestion inquiry proposal service_request return_request praise",
    "channel": "in_person phone letter fax email online suggestion_box survey visit external other",
    "route": "normal direct external",
    "severity": "minor normal serious critical",
    "demand_kind": "repair redo replace return refund top_up compensation apology explanation other",
}
PERIODS = ("shift", "week", "month", "quarter", "half_year", "year", "always")
OUTSIDE_THE_TABLE = (Trigger.REGISTERED, Trigger.NOTHING_LEFT)  # the beginning of a case, and its end
WANTED = {"to": "external", "medium": "on_site", "direction": "in", "attempt": RESCHEDULED}
TRADES = sorted(path.stem for path in (resources_dir() / "trades").glob("*.toml"))
REQUIRED = {"kind", "received_at", "channel", "route", "category", "severity", "content"}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def tables(rules: Rules) -> Mapping[str, Mapping[str, str]]:
    return {"errors": rules.sentences.errors, "problems": rules.sentences.problems, "steps": rules.sentences.steps}


def test_every_code_of_the_source_has_a_sentence_that_can_be_filled(rules: Rules) -> None:
    wrong = []
    for found in raised():
        sentence = tables(rules)[found.table].get(found.code)
        if sentence is None:
            wrong.append(f"{found.where}: {found.code} has no sentence")
        elif found.names is not None and not placeholders(sentence) <= found.names:
            wrong.append(f"{found.where}: {found.code} lacks {placeholders(sentence) - found.names}")
    assert wrong == []


def test_every_fault_of_the_disk_has_a_sentence_that_can_be_filled(rules: Rules) -> None:
    for code in KNOWN.values():
        assert placeholders(rules.sentences.errors[code]) <= {"path", "backups", "reason"}


def test_no_sentence_is_left_over(rules: Rules) -> None:
    used = words()

    assert [code for table in tables(rules).values() for code in table if code not in used] == []


@pytest.mark.parametrize("table", ["errors", "problems", "steps"])
def test_a_sentence_is_one_line_without_a_full_stop_at_its_end(rules: Rules, table: str) -> None:
    for code, sentence in tables(rules)[table].items():
        assert sentence == sentence.strip(), code
        assert "\n" not in sentence, code
        assert not sentence.endswith("。"), code


def test_the_register_has_the_keys_of_the_vocabulary_and_two_of_the_workflow(rules: Rules) -> None:
    keys = [fact.key for fact in rules.fields]

    assert sorted(keys) == sorted([*CASE_KEYS.split(), "status", "round"])
    assert set(keys) == set(Case.__dataclass_fields__)
    assert {f.key for f in rules.fields if not f.given} == set(Submission.__dataclass_fields__)
    assert {f.key for f in rules.fields if f.required} == REQUIRED


def test_every_action_that_is_built_has_its_form_with_the_keys_of_the_vocabulary(rules: Rules) -> None:
    assert {a: " ".join(f.key for f in form.fields) for a, form in rules.actions.items()} == ACTION_KEYS
    assert set(rules.actions) == set(ALLOWED)


@pytest.mark.parametrize("key", CHOICES)
def test_the_closed_lists_are_those_of_the_vocabulary(rules: Rules, key: str) -> None:
    assert [c.key for c in rules.fields[key].choices] == CHOICES[key].split()


@pytest.mark.parametrize(
    ("key", "enum"), [("kind", Kind), ("route", Route), ("severity", Severity)], ids=lambda v: getattr(v, "__name__", v)
)
def test_a_list_that_rules_hang_on_is_the_same_in_the_code(rules: Rules, key: str, enum: type[StrEnum]) -> None:
    assert [c.key for c in rules.fields[key].choices] == [member.value for member in enum]


@pytest.mark.parametrize(
    ("action", "key", "enum"),
    [(Action.RETURN_VISIT, "satisfaction", Satisfaction), (Action.DETERMINE, "responsibility", Responsibility)],
    ids=str,
)
def test_a_list_of_an_action_that_rules_hang_on_is_the_same_in_the_code(
    rules: Rules, action: Action, key: str, enum: type[StrEnum]
) -> None:
    fact = rules.actions[action][key]

    assert fact is not None
    assert [c.key for c in fact.choices] == [member.value for member in enum]


@pytest.mark.parametrize(
    ("action", "key"),
    [(Action.REPLY, "to"), (Action.CONTACT, "medium"), (Action.CONTACT, "direction"), (Action.RETURN_VISIT, "attempt")],
    ids=str,
)
def test_a_choice_that_the_workflow_asks_for_is_one(rules: Rules, action: Action, key: str) -> None:
    fact, wanted = rules.actions[action][key], WANTED

    assert fact is not None
    assert fact.has_choice(wanted[key])


@pytest.mark.parametrize(
    ("group", "enum", "beside"),
    [
        ("follow_up", FollowUpKind, set()),
        ("action", Action, set()),
        ("status", Status, set()),
        ("trigger", Trigger, set()),
        ("unit", Unit, set()),
        ("role", Role, {"none"}),
        ("day", DayKind, set()),
        ("sheet_group", Group, set()),
    ],
    ids=str,
)
def test_everything_that_people_see_has_a_label(
    rules: Rules, group: str, enum: type[StrEnum], beside: set[str]
) -> None:
    assert set(rules.sentences.labels[group]) == {member.value for member in enum} | beside
    assert all(label.strip() for label in rules.sentences.labels[group].values())


def test_every_rate_has_a_name_and_a_formula_and_every_part_a_name(rules: Rules) -> None:
    labels = rules.sentences.labels
    assert set(labels["metric"]) == set(labels["formula"]) == set(METRICS)
    assert all(labels["formula"][key].startswith(f"{name} ＝ ") for key, name in labels["metric"].items())
    assert set(labels["part"]) == set(PARTS)
    assert set(labels["undivided"]) <= {*METRICS, "nothing"}


def test_an_action_has_one_name_on_its_button_and_in_the_history(rules: Rules) -> None:
    assert {a: form.label for a, form in rules.actions.items()} == {
        a: rules.sentences.labels["action"][a] for a in rules.actions
    }


def test_a_choice_is_there_where_it_must_be_and_has_a_label_of_its_own(rules: Rules) -> None:
    facts = [*rules.fields, *(f for form in rules.actions.values() for f in form.fields)]
    for fact in facts:
        assert bool(fact.choices) is (fact.type in (FieldType.ENUM, FieldType.SET)), fact.key
        assert len({c.key for c in fact.choices}) == len({c.label for c in fact.choices}) == len(fact.choices)
        assert fact.label.strip()
        if fact.type is FieldType.ENUM and fact.default:
            assert fact.has_choice(fact.default), fact.key


def test_every_action_has_a_letter_of_its_own(rules: Rules) -> None:
    letters = [form.letter for form in rules.actions.values()]

    assert len(set(letters)) == len(letters)
    assert all(len(letter) == 1 and letter.isupper() for letter in letters)


def test_every_rule_has_a_name_of_its_own_and_says_where_it_comes_from(rules: Rules) -> None:
    book = rules.policy.deadlines
    for entries in (book.rules, book.limits, book.duties):
        ids = [entry.id for entry in entries]
        assert ids
        assert len(set(ids)) == len(ids)
        assert all(entry.source.strip() and entry.title.strip() for entry in entries)
    assert all(duty.every in PERIODS for duty in book.duties)


def test_every_deadline_of_the_trade_is_a_rule_a_limit_or_a_duty() -> None:
    """D1 to D31 of domain.md part 10, by the remark beside the source of each."""
    text = (resources_dir() / "deadlines.toml").read_text(encoding="utf-8")
    remarks = [line.partition('" #')[2] for line in text.splitlines() if line.startswith("source = ")]

    named = {int(number) for remark in remarks for number in re.findall(r"\bD(\d+)", remark)}

    assert named == set(range(1, 32))


@pytest.mark.parametrize("trigger", Trigger)
def test_something_happens_after_which_each_rule_speaks(rules: Rules, trigger: Trigger) -> None:
    assert any(rule.trigger is trigger and rule.enabled for rule in rules.policy.deadlines.rules)
    assert any(effect.trigger is trigger for effect in EFFECTS.values()) or trigger in OUTSIDE_THE_TABLE


def test_every_trade_has_a_name_and_the_general_one_comes_first(rules: Rules) -> None:
    assert set(rules.sentences.labels["trade"]) == set(rules.trades)
    assert next(iter(rules.sentences.labels["trade"])) == DEFAULT_TRADE
    assert len(rules.trades) == 9


@pytest.mark.parametrize("name", TRADES)
def test_a_trade_has_a_tree_of_two_levels_and_items_of_its_own(rules: Rules, name: str) -> None:
    trade = rules.trades[name]
    tops = {path for path in trade.categories if " > " not in path}

    assert len(set(trade.categories)) == len(trade.categories)
    assert all(path.partition(" > ")[0] in tops for path in trade.categories)
    assert len({item.key for item in trade.items}) == len({item.label for item in trade.items}) == len(trade.items)
    assert len(set(trade.departments)) == len(trade.departments) > 0


@pytest.mark.parametrize("name", TRADES)
def test_a_trade_has_plans_that_can_be_read_at_a_glance_and_say_where_they_come_from(rules: Rules, name: str) -> None:
    plans = rules.trades[name].plans

    assert len({plan.category for plan in plans}) == len(plans) >= 3
    for plan in plans:
        assert plan.title.strip(), plan
        assert plan.source.strip(), plan
        assert 2 <= len(plan.steps) <= 5, plan.title
        assert all(step.strip() and len(step) <= 40 for step in plan.steps), plan.title


@pytest.mark.parametrize("name", TRADES)
def test_each_word_of_a_trade_speaks_for_its_category(rules: Rules, name: str) -> None:
    words = rules.trades[name].words
    dictionary = Dictionary(words)

    assert {suggest(word, dictionary)[0].path == path for word, path in words.items()} == {True}


def test_the_general_trade_keeps_the_paths_that_cases_have(rules: Rules) -> None:
    paths = rules.trade("general").categories
    first = [path for path in paths if " > " not in path]

    assert first == ["工作或服务违规/失职", "一般工作失误、服务欠缺", "客户自身问题或误解", "商品问题"]
    assert {path.partition(" > ")[2] for path in paths if path.startswith("商品问题 > ")} >= {"质量", "缺货", "价格"}


def test_what_says_complaint_says_something_else_for_every_other_kind(rules: Rules) -> None:
    others = set(Kind) - {Kind.COMPLAINT}
    for field in rules.fields:
        assert {name.key for name in field.labels} == (others if "投诉" in field.label else set()), field.key
        assert all(field.label_for(Kind.COMPLAINT) == field.label != field.label_for(kind) for kind in others) or (
            not field.labels
        )
        assert not any("投诉" in field.label_for(kind) for kind in others), field.key

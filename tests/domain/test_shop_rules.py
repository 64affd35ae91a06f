from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain import rule_tables, shop_rules
from desk_app.domain.shop_rules import Edit
from desk_app.domain.terms import Term
from desk_app.domain.vocabulary import FollowUpKind, Kind, Role, Route
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

SHIPPED = tomllib.loads((resources_dir() / "deadlines.toml").read_text(encoding="utf-8"))


def refusal(rules: Rules, text: str) -> KnownError:
    with pytest.raises(KnownError) as caught:
        rules.bent(text)
    return caught.value


# ------------------------------------------------------------------------------------------------------- laid over


def test_an_empty_file_changes_nothing(rules: Rules) -> None:
    assert rules.bent("") == rules.policy
    assert rules.bent("# only a remark\n") == rules.policy


def test_what_is_shipped_may_be_said_again_and_changes_nothing(rules: Rules) -> None:
    said = {part: given for part, given in SHIPPED.items() if part not in ("by_the_shop", "choice")}

    again = rules.bent(shop_rules.written(said))

    assert again.authority == rules.policy.authority
    assert [(r.id, r.term, r.scope, r.owed_by) for r in again.deadlines.rules] == [
        (r.id, r.term, r.scope, r.owed_by) for r in rules.policy.deadlines.rules
    ]
    assert again.deadlines.limits == rules.policy.deadlines.limits
    assert again.deadlines.duties == rules.policy.deadlines.duties


def test_only_the_keys_that_are_given_take_the_place_of_the_shipped_ones(rules: Rules) -> None:
    bent = rules.bent(
        """
        [settings]
        visit_attempts = 5
        day_end = 17:30:00
        [closing]
        responsibility = []
        [authority]
        handler = 200
        supervisor = "all"
        [offices]
        manager = "总经理"
        """
    )

    book, authority = bent.deadlines, bent.authority
    assert (book.visit_attempts, book.day_end.isoformat(), book.manager) == (5, "17:30:00", "总经理")
    assert book.need_responsibility == frozenset()
    assert book.need_adoption == rules.policy.deadlines.need_adoption
    assert authority.limits == {Role.HANDLER: Decimal(200), Role.SUPERVISOR: None, Role.MANAGER: None}
    assert authority.offices == {Role.SUPERVISOR: "部门负责人", Role.MANAGER: "总经理"}
    assert book.rules == rules.policy.deadlines.rules


def test_a_bent_rule_no_longer_tells_the_term_and_the_source_it_was_shipped_with(rules: Rules) -> None:
    bent = rules.bent('[[rule]]\nid = "first_reply"\nterm = "48h"\n').deadlines["first_reply"]
    shipped = rules.policy.deadlines["first_reply"]

    assert bent is not None
    assert shipped is not None
    assert "24 小时" in shipped.title
    assert (bent.term, bent.title, bent.source) == (Term.parse("48h"), "首次答复", "本店规定")
    assert (bent.trigger, bent.owed_by, bent.told) == (shipped.trigger, shipped.owed_by, shipped.told)


def test_a_rule_that_is_only_switched_keeps_its_words(rules: Rules) -> None:
    bent = rules.bent('[[rule]]\nid = "on_site_visit"\nenabled = true\n').deadlines["on_site_visit"]
    shipped = rules.policy.deadlines["on_site_visit"]

    assert bent is not None
    assert shipped is not None
    assert (bent.enabled, shipped.enabled) == (True, False)
    assert (bent.title, bent.source) == (shipped.title, shipped.source)


def test_a_title_and_a_source_of_the_shops_own_are_taken(rules: Rules) -> None:
    own = '[[rule]]\nid = "first_reply"\nterm = "2h"\ntitle = "两小时内回话"\nsource = "店务会 3 月"\n'
    bent = rules.bent(own).deadlines["first_reply"]

    assert bent is not None
    assert (bent.title, bent.source) == ("两小时内回话", "店务会 3 月")


def test_a_new_rule_goes_before_the_shipped_ones_so_that_it_decides(rules: Rules) -> None:
    own = """
        [[rule]]
        id = "vip_letters"
        title = "退货：2 小时内答复"
        trigger = "registered"
        follow_up = "reply"
        kinds = ["return_request"]
        term = "2h"
        owed_by = "manager"
        owed_to = "客户"
    """
    book = rules.bent(own).deadlines

    due = book.reply_due(Kind.RETURN_REQUEST, Route.NORMAL, NOW)
    assert due is not None
    assert (due - NOW).total_seconds() == 2 * 3600
    assert book.rules[0].source == "本店规定"
    assert book.reply_due(Kind.COMPLAINT, Route.NORMAL, NOW) == rules.policy.deadlines.reply_due(
        Kind.COMPLAINT, Route.NORMAL, NOW
    )


def test_a_ladder_takes_the_place_of_the_whole_shipped_one(rules: Rules) -> None:
    bent = rules.bent('[[escalation]]\noffice = "店长"\nafter_hours = 0\n').authority

    assert [(rung.office, rung.after_hours) for rung in bent.ladder] == [("店长", 0)]


def test_limits_and_duties_are_bent_by_their_names_too(rules: Rules) -> None:
    own = '[[limit]]\nid = "no_reason_return"\nterm = "15d"\n[[duty]]\nid = "handover"\nowed_by = "值班经理"\n'
    book = rules.bent(own).deadlines

    assert {limit.id: str(limit.term) for limit in book.limits}["no_reason_return"] == "15d"
    assert {duty.id: duty.owed_by for duty in book.duties}["handover"] == "值班经理"
    assert len(book.limits) == len(rules.policy.deadlines.limits)


def test_the_choices_between_contradicting_sources_name_rules_there_are(rules: Rules) -> None:
    named = {name for choice in rules.choices for option in choice.rules for name in option}

    assert named <= {rule.id for rule in rules.policy.deadlines.rules}
    assert ("两周", "一个月") in [choice.labels for choice in rules.choices]
    assert all(len(choice.labels) == len(choice.rules) == len(set(choice.rules)) for choice in rules.choices)


# ---------------------------------------------------------------------------------------------------------- refused

BAD = {
    "a = " + "9" * 5000: ("deadlines_not_toml", {}),
    "a = " + "[" * 20_000: ("deadlines_not_toml", {}),
    "a = = 1": ("deadlines_not_toml", {"line": 1, "column": 5}),
    "[settings]\nvisit_attempts =": ("deadlines_not_toml", {"line": 2}),
    "[setings]\nvisit_attempts = 3": ("deadlines_part_unknown", {"part": "setings"}),
    "settings = 3": ("deadlines_part_bad", {"part": "settings", "wanted": "[settings]"}),
    "[rule]\nid = 'x'": ("deadlines_part_bad", {"part": "rule", "wanted": "[[rule]]"}),
    "rule = [3]": ("deadlines_part_bad", {"part": "rule"}),
    "[settings]\nvisits = 3": ("deadlines_key_unknown", {"part": "settings", "key": "visits"}),
    "[settings]\nvisit_attempts = 0": ("deadlines_value_bad", {"key": "visit_attempts", "value": "0"}),
    "[settings]\nvisit_attempts = true": ("deadlines_value_bad", {"key": "visit_attempts"}),
    "[settings]\nvisit_attempts = '3'": ("deadlines_value_bad", {"key": "visit_attempts"}),
    "[settings]\nday_end = '25:00'": ("deadlines_value_bad", {"key": "day_end", "value": "25:00"}),
    "[settings]\nday_end = '18:00+08:00'": ("deadlines_value_bad", {"key": "day_end"}),
    "[settings]\nday_end = 18": ("deadlines_value_bad", {"key": "day_end"}),
    "[settings]\nmanager = ''": ("deadlines_value_bad", {"key": "manager"}),
    '[settings]\nmanager = "a\\u0001"': ("deadlines_value_bad", {"key": "manager"}),
    "[closing]\nadoption = ['praises']": ("deadlines_value_bad", {"key": "adoption"}),
    "[closing]\nadoption = 'praise'": ("deadlines_value_bad", {"key": "adoption"}),
    "[authority]\nboss = 3": ("deadlines_key_unknown", {"key": "boss"}),
    "[authority]\nmanager = -1": ("deadlines_value_bad", {"part": "authority", "key": "manager"}),
    "[authority]\nmanager = nan": ("deadlines_value_bad", {"value": "nan"}),
    "[authority]\nmanager = inf": ("deadlines_value_bad", {"value": "inf"}),
    "[authority]\nmanager = 'some'": ("deadlines_value_bad", {"value": "some"}),
    "escalation = []": ("deadlines_ladder", {}),
    "[[escalation]]\noffice = 'a'": ("deadlines_key_missing", {"key": "after_hours"}),
    "[[escalation]]\noffice='a'\nafter_hours=9\n[[escalation]]\noffice='b'\nafter_hours=1": ("deadlines_ladder", {}),
    "[[escalation]]\noffice = 'a'\nafter_hours = -1": ("deadlines_value_bad", {"key": "after_hours"}),
    "[[rule]]\nterm = '24h'": ("deadlines_key_missing", {"part": "rule", "key": "id"}),
    "[[rule]]\nid = 3": ("deadlines_value_bad", {"part": "rule", "key": "id"}),
    "[[rule]]\nid = 'handle'\nterm = '2 days'": ("deadlines_value_bad", {"part": "rule handle", "key": "term"}),
    "[[rule]]\nid = 'handle'\nterm = 24": ("deadlines_value_bad", {"part": "rule handle", "key": "term"}),
    "[[rule]]\nid = 'handle'\nowed_by = 'nobody'": ("deadlines_value_bad", {"key": "owed_by", "value": "nobody"}),
    "[[rule]]\nid = 'handle'\ntold = 'yes'": ("deadlines_value_bad", {"key": "told"}),
    "[[rule]]\nid = 'verify'\nfrom_told = 1": ("deadlines_value_bad", {"key": "from_told"}),
    "[[rule]]\nid = 'handle'\ncolour = 1": ("deadlines_key_unknown", {"part": "rule handle", "key": "colour"}),
    "[[rule]]\nid = 'handle'\n[[rule]]\nid = 'handle'": ("deadlines_rule_twice", {"part": "rule handle"}),
    "[[rule]]\nid = 'mine'\nterm = '24h'": ("deadlines_key_missing", {"part": "rule mine", "key": "title"}),
    "[[rule]]\nid = 'verify'\nterm = 'given'": (
        "deadlines_value_bad",
        {"part": "rule verify", "wanted": "told = true"},
    ),
    "[[limit]]\nid = 'answer_5_days'\nvalid_from = '2017'": ("deadlines_value_bad", {"key": "valid_from"}),
    "[[limit]]\nid = 'answer_5_days'\nvalid_from = 2017-05-01T00:00:00": ("deadlines_value_bad", {}),
    "[[duty]]\nid = 'handover'\nevery = 'blue moon'": ("deadlines_value_bad", {"key": "every"}),
    "[[rule]]\nid = 'first_reply'\nenabled = false": ("deadlines_silent", {"trigger": "registered"}),
    "[[rule]]\nid = 'first_reply'\nterm = 'given'": ("deadlines_silent", {"trigger": "registered"}),
    "[[rule]]\nid = 'first_reply'\nkinds = ['praise']": ("deadlines_silent", {"trigger": "registered"}),
    "[[rule]]\nid = 'first_reply'\nresponsibilities = ['company']": ("deadlines_silent", {}),
    "[[rule]]\nid = 'next_reply'\nenabled = false": ("deadlines_silent", {"trigger": "next_round"}),
    "[[rule]]\nid = 'close_up'\nenabled = false": ("deadlines_silent", {"trigger": "nothing_left"}),
    "[[rule]]\nid = 'close_up'\nfollow_up = 'verify'": ("deadlines_silent", {"trigger": "nothing_left"}),
}


@pytest.mark.parametrize("text", BAD)
def test_a_file_that_cannot_be_is_refused_in_one_sentence_that_says_where(rules: Rules, text: str) -> None:
    code, params = BAD[text]

    error = refusal(rules, text)

    assert error.code == code
    assert {key: error.params[key] for key in params} == params
    sentence = rules.sentences.error(error)
    assert "\n" not in sentence
    for value in params.values():
        told = rules.sentences.label("trigger", value) if code == "deadlines_silent" else str(value)
        assert told in sentence


@given(st.text(max_size=80) | st.text("[]=\"'#\n .abcdrule0123", max_size=60))
def test_whatever_is_typed_is_rules_or_a_sentence(rules: Rules, text: str) -> None:
    try:
        rules.bent(text)
    except KnownError as error:
        assert rules.sentences.error(error)  # noqa: PT017 -- either is right, anything else is not


# --------------------------------------------------------------------------------------------------- edited, written

EDITS = st.lists(
    st.builds(
        Edit, st.just("rule"), st.sampled_from([r["id"] for r in SHIPPED["rule"]]), st.just("enabled"), st.booleans()
    )
    | st.builds(
        Edit,
        st.just("rule"),
        st.sampled_from([r["id"] for r in SHIPPED["rule"]]),
        st.just("term"),
        st.builds("{}{}".format, st.integers(1, 90), st.sampled_from(["h", "d", "wd", "bd", "w", "mo"])),
    )
    | st.builds(Edit, st.just("settings"), st.just(""), st.just("visit_attempts"), st.integers(1, 9))
    | st.builds(
        Edit, st.just("settings"), st.just(""), st.just("manager"), st.text('店长总“"\\ä', min_size=1).filter(str.strip)
    )
    | st.builds(Edit, st.just("authority"), st.just(""), st.sampled_from(Role), st.integers(0, 9999) | st.just("all")),
    max_size=12,
)


def value_of(data: Any, edit: Edit) -> object:
    """Return what merged tables say of what was edited."""
    if edit.part != "rule":
        return data[edit.part][edit.key]
    entry = next(e for e in data["rule"] if e["id"] == edit.entry)
    return entry.get(edit.key, True if edit.key == "enabled" else None)


@given(EDITS)
def test_what_was_set_is_what_is_read_back_from_the_file(edits: list[Edit]) -> None:
    own = shop_rules.edited(SHIPPED, {}, edits)

    text = shop_rules.written(own)

    assert rule_tables.parse(text) == own
    whole = shop_rules.merged(SHIPPED, rule_tables.parse(text))
    last = {(e.part, e.entry, e.key): e for e in edits}
    assert all(value_of(whole, edit) == edit.value for edit in last.values())


@given(EDITS)
def test_what_is_set_back_to_the_shipped_value_leaves_the_file(edits: list[Edit]) -> None:
    own = shop_rules.edited(SHIPPED, {}, edits)
    unsaid = {"enabled": True}

    def usual(edit: Edit) -> object:
        table = SHIPPED[edit.part]
        table = next(e for e in table if e["id"] == edit.entry) if edit.part == "rule" else table
        return table.get(edit.key, unsaid.get(edit.key))

    back = [Edit(e.part, e.entry, e.key, usual(e)) for e in edits]
    assert shop_rules.edited(SHIPPED, own, back) == {}


def test_what_a_person_wrote_beside_stays_when_something_is_edited() -> None:
    own = rule_tables.parse(
        '[[escalation]]\noffice = "店长"\nafter_hours = 1\n[[rule]]\nid = "handle"\nowed_by = "manager"\n'
        '[[limit]]\nid = "mine"\ntitle = "x"\nterm = "3d"\nvalid_from = 2026-01-01\n[settings]\nday_end = 17:00:00\n'
    )

    edited = shop_rules.edited(SHIPPED, own, [Edit("rule", "handle", "term", "3wd")])

    again = rule_tables.parse(shop_rules.written(edited))
    assert again == {**own, "rule": [{"id": "handle", "owed_by": "manager", "term": "3wd"}]}


def test_the_kinds_of_a_follow_up_are_told_where_one_is_wrong(rules: Rules) -> None:
    error = refusal(rules, '[[rule]]\nid = "handle"\nfollow_up = "answer"\n')

    assert all(kind in rules.sentences.error(error) for kind in FollowUpKind)


def test_the_example_of_the_manual_is_good(rules: Rules) -> None:
    manual = (resources_dir().parent / "docs" / "deadlines.md").read_text(encoding="utf-8")
    example = manual.split("```toml\n")[1].split("```")[0]

    book = rules.bent(example).deadlines

    assert book.rules[0].id == "room_repair"
    assert str(book["first_reply"].term if book["first_reply"] else "") == "12h"

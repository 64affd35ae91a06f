"""The handling guide: phrases as files of lines, what is offered at which stage, and the facts as they are shipped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.guide import BASE, SHOP, Guide, Phrase, Stage, read_guide, read_phrases, stage_of
from desk_app.domain.vocabulary import FollowUpKind, Status
from desk_app.services import desk
from desk_app.services.guide import load_guide
from tests.helpers.builders import acted, registered

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace

HEAD = "say\tavoid\tstage\tpromise\tcheck"


def read(text: str) -> tuple[Phrase, ...]:
    """Return the phrases of a file in which every line is as it should be."""
    phrases, broken = read_phrases(text.encode(), SHOP, "own.tsv")
    assert broken == ()
    return phrases


def said(phrases: tuple[Phrase, ...]) -> list[str]:
    return [phrase.say for phrase in phrases]


# -------------------------------------------------------------------------------------------- the files


def test_a_phrase_has_what_its_cells_say_whatever_the_order_of_the_columns() -> None:
    (phrase,) = read("id\tpromise\tnote\tsay\tstage\tavoid\nX1\t1\t慢慢说\t我来帮您查\treply, visit\t我不知道\n")

    assert phrase == Phrase(
        say="我来帮您查",
        pack=SHOP,
        stages=frozenset({Stage.REPLY, Stage.VISIT}),
        avoid="我不知道",
        note="慢慢说",
        promise=True,
        id="X1",
    )


def test_what_to_say_is_enough_and_holds_at_every_stage() -> None:
    assert read("say\n请稍等\n") == (Phrase(say="请稍等", pack=SHOP),)
    assert read("say\tstage\tpromise\n请稍等\tany\t0\n请坐\n") == (
        Phrase(say="请稍等", pack=SHOP),
        Phrase(say="请坐", pack=SHOP),
    )


def test_a_file_may_have_a_mark_windows_line_ends_comments_and_blank_lines() -> None:
    phrases = read("\ufeff# 本店的话\r\n\r\nsay\tavoid\r\n 您请坐 \t\r\n# 以后再用\r\n\t\r\n再见\t\r\n")

    assert said(phrases) == ["您请坐", "再见"]


@pytest.mark.parametrize(
    ("line", "code", "params"),
    [
        ("\t别这么说\treply", "phrase_says_nothing", {}),
        ("您好\t\tgreeting", "phrase_bad_stage", {"value": "greeting"}),
        ("您好\t\treply,", "phrase_bad_stage", {"value": ""}),
        ("您好\t\treply\t是", "phrase_bad_flag", {"column": "promise", "value": "是"}),
        ("您好\t\treply\t\ttrue", "phrase_bad_flag", {"column": "check", "value": "true"}),
        ("您好\t\treply\t1\t1\t多", "phrase_too_many_cells", {"count": 6, "limit": 5}),
        ("您好".encode("gbk"), "phrase_not_utf8", {}),
    ],
)
def test_a_broken_line_is_told_with_file_and_line_and_the_others_are_used(
    line: str | bytes, code: str, params: dict[str, object]
) -> None:
    raw = line if isinstance(line, bytes) else line.encode()

    phrases, broken = read_phrases(b"\n".join([HEAD.encode(), "一".encode(), raw, "二".encode()]), SHOP, "own.tsv")

    assert said(phrases) == ["一", "二"]
    (error,) = broken
    assert error.code == code
    assert error.params.items() >= {"file": "own.tsv", "line": 3, **params}.items()


@pytest.mark.parametrize("head", ["avoid\tstage", "say\tpromisse", "say\tsay", "您好"])
def test_without_names_of_columns_that_can_be_told_no_line_is_guessed_at(head: str) -> None:
    phrases, broken = read_phrases(f"{head}\n一\n二\n".encode(), SHOP, "own.tsv")

    assert phrases == ()
    assert [(e.code, e.params["line"]) for e in broken] == [("phrase_bad_head", 1)]


def test_a_file_of_another_encoding_is_told_once() -> None:
    phrases, broken = read_phrases("say\n一\n二\n".encode("utf-16"), SHOP, "own.tsv")

    assert phrases == ()
    assert [e.code for e in broken] == ["phrase_not_utf8"]


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=20).map(str.strip)
_PHRASES = st.builds(
    Phrase,
    say=_WORDS.filter(bool),
    pack=st.sampled_from([BASE, SHOP, "objection"]),
    stages=st.frozensets(st.sampled_from(Stage), min_size=1),
    avoid=_WORDS,
    promise=st.booleans(),
    check=st.booleans(),
)


@given(st.lists(_PHRASES))
def test_what_is_written_as_a_line_is_read_as_it_was(phrases: list[Phrase]) -> None:
    rows = [
        ["", ",".join(sorted(p.stages)), "1" if p.promise else "", "1" if p.check else "0", p.avoid, p.say]
        for p in phrases
    ]
    text = "\n".join("\t".join(row) for row in [["note", "stage", "promise", "check", "avoid", "say"], *rows])

    assert read(text) == tuple(replace(p, pack=SHOP) for p in phrases)


@given(st.lists(st.binary(max_size=30) | st.just(b"\xe4\xb8\x80\treply\t1")))
def test_every_line_of_any_file_is_a_phrase_or_told(lines: list[bytes]) -> None:
    body = b"\n".join(lines)
    counted = [line for line in body.splitlines() if line.strip() and not line.startswith(b"#")]

    phrases, broken = read_phrases(b"say\tstage\tpromise\n" + body, SHOP, "own.tsv")

    assert len(phrases) + len(broken) == len(counted)


# ---------------------------------------------------------------------------------------- what is offered


def a_guide(*phrases: Phrase) -> Guide:
    return Guide({}, phrases)


def a_phrase(say: str, *stages: Stage, **more: Any) -> Phrase:
    return Phrase(say=say, stages=frozenset(stages or Stage), **{"pack": BASE, **more})


def test_what_belongs_to_the_stage_comes_before_what_can_always_be_said() -> None:
    guide = a_guide(
        a_phrase("谢谢"),
        a_phrase("对不起", Stage.RECEIVE),
        a_phrase("已经修好", Stage.REPLY, Stage.VISIT),
        a_phrase("您满意吗", Stage.VISIT),
    )

    assert said(guide.phrases_for(Stage.VISIT, ())) == ["已经修好", "您满意吗", "谢谢"]
    assert said(guide.phrases_for(None, ())) == ["谢谢", "对不起", "已经修好", "您满意吗"]


def test_words_are_looked_for_in_both_columns_and_at_other_stages_too() -> None:
    guide = a_guide(
        a_phrase("我来查快递", Stage.RECEIVE, avoid="不知道"),
        a_phrase("请把 ID 给我", Stage.REPLY),
        a_phrase("让您着急了", Stage.REPLY, avoid="你的快递我不管"),
    )

    assert said(guide.phrases_for(Stage.REPLY, (), " 快递 ")) == ["让您着急了", "我来查快递"]
    assert said(guide.phrases_for(Stage.REPLY, (), "id")) == ["请把 ID 给我"]
    assert guide.phrases_for(Stage.REPLY, (), "退款") == ()


def test_hits_at_other_stages_come_stage_by_stage() -> None:
    guide = a_guide(
        a_phrase("您请讲"),
        a_phrase("您放心用", Stage.IMPROVE),
        a_phrase("您满意吗", Stage.VISIT),
        a_phrase("您久等了", Stage.RECEIVE),
        a_phrase("您还满意吗", Stage.VISIT),
        a_phrase("您看这样行吗", Stage.REPLY),
    )

    others = ["您久等了", "您满意吗", "您还满意吗", "您放心用"]
    assert said(guide.phrases_for(Stage.REPLY, (), "您")) == ["您看这样行吗", "您请讲", *others]
    assert said(guide.phrases_for(None, (), "您")) == ["您请讲", "您久等了", "您看这样行吗", *others[1:]]


def test_a_pack_is_offered_only_where_it_is_turned_on_but_for_the_two_that_every_shop_has() -> None:
    guide = a_guide(a_phrase("甲"), a_phrase("乙", pack=SHOP), a_phrase("丙", pack="objection"))

    assert said(guide.phrases_for(Stage.REPLY, ())) == ["甲", "乙"]
    assert said(guide.phrases_for(Stage.REPLY, ("objection",))) == ["甲", "乙", "丙"]
    assert guide.phrases_for(Stage.REPLY, ("gone",), "丙") == ()


@given(st.lists(_PHRASES), st.sampled_from(Stage), st.sampled_from([(), ("objection",)]), st.sampled_from("ae 我您"))
def test_a_search_leaves_out_nothing_that_has_the_words_and_nothing_else_comes(
    phrases: list[Phrase], stage: Stage, packs: tuple[str, ...], words: str
) -> None:
    guide = a_guide(*phrases)
    on = [p for p in phrases if p.pack != "objection" or packs]

    here, found = guide.phrases_for(stage, packs), guide.phrases_for(stage, packs, words)

    assert sorted(map(repr, here)) == sorted(repr(p) for p in on if stage in p.stages)
    if words.strip():
        assert sorted(map(repr, found)) == sorted(repr(p) for p in on if words in (p.say + "\n" + p.avoid).casefold())
        assert [stage in p.stages for p in found] == sorted((stage in p.stages for p in found), reverse=True)
    else:
        assert found == here


# ----------------------------------------------------------------------------------------------- the stage


def test_the_stage_of_a_case_follows_its_way_from_answer_to_improvement(workspace: Workspace) -> None:
    number = registered(workspace).case.number

    def stage() -> Stage | None:
        return stage_of(desk.case_file(workspace, number))

    seen = [stage()]
    acted(workspace, number, "reply", content="已换新壶")
    seen.append(stage())
    acted(workspace, number, "return_visit", reached=True, satisfaction="satisfied")
    seen.append(stage())
    acted(workspace, number, "determine", responsibility="customer")
    acted(workspace, number, "feed_back", content="已转告")
    seen.append(stage())  # the closing is left to handle
    acted(workspace, number, "close", result="换货")
    seen.append(stage())
    acted(workspace, number, "void", reason="重复登记")
    seen.append(stage())

    assert seen == [Stage.REPLY, Stage.VISIT, Stage.IMPROVE, Stage.IMPROVE, Stage.IMPROVE, None]


@pytest.mark.parametrize(
    "after",
    [
        ("determine", {"responsibility": "undecided"}),
        ("determine", {"responsibility": "company"}),
        ("correct", {"problem": "虚焊", "department": "采购部"}),
        ("assign", {"department": "小家电部", "person": "张工"}),
        ("promise", {"what": "送果盘"}),
        ("return_visit", {"reached": False}),
    ],
)
def test_who_was_answered_awaits_the_visit_whatever_else_becomes_owed(
    workspace: Workspace, after: tuple[str, dict[str, object]]
) -> None:
    number = registered(workspace, route="external", external_body="消协").case.number
    acted(workspace, number, "reply", content="已换新壶", to="customer")
    action, keys = after
    acted(workspace, number, action, **keys)

    file = desk.case_file(workspace, number)
    assert (file.case.status, stage_of(file)) == (Status.AWAITING_RETURN_VISIT, Stage.VISIT)


@pytest.mark.parametrize("kind", FollowUpKind)
def test_whatever_is_owed_has_a_stage(workspace: Workspace, kind: FollowUpKind) -> None:
    file = desk.case_file(workspace, registered(workspace).case.number)

    owing = replace(file, follow_ups=tuple(replace(f, kind=kind) for f in file.follow_ups))

    assert stage_of(owing) in set(Stage) - {Stage.RECEIVE}
    assert stage_of(replace(owing, case=replace(owing.case, status=Status.VOID))) is None


# ---------------------------------------------------------------------------------------- what is shipped


def test_every_stage_that_is_shipped_has_a_few_short_lines_with_their_source(workspace: Workspace) -> None:
    guide = load_guide(workspace)

    assert [guide.stages[stage].label for stage in Stage] == ["受理", "答复", "行动", "回访", "改进"]
    for stage in guide.stages.values():
        assert 2 <= len(stage.principles) <= 3
        assert 5 <= len(stage.steps) <= 6
        for advice in (*stage.principles, *stage.steps):
            assert 4 <= len(advice.text) <= 28
            assert not advice.text.endswith("。")
            assert advice.source.strip()


def test_the_guide_recommends_nothing_that_contradicts_the_trade(workspace: Workspace) -> None:
    """Parts 20.9 and 20.10 of domain.md: blaming the customer, keeping the price from them."""
    guide = load_guide(workspace)

    text = "".join(a.text for s in guide.stages.values() for a in (*s.principles, *s.steps))
    assert text
    assert not any(word in text for word in ("指责", "价格", "不予理睬"))


def test_the_phrases_that_are_shipped_are_the_137_of_the_trade_each_with_its_source(workspace: Workspace) -> None:
    guide = load_guide(workspace)

    assert guide.broken == ()
    assert sorted(p.id for p in guide.phrases) == [f"P{n:03}" for n in range(1, 138)]
    assert {p.id for p in guide.phrases if p.pack == "objection"} == {f"P{n:03}" for n in range(98, 138)}
    assert {p.pack for p in guide.phrases} == {BASE, "objection"}
    assert {p.source for p in guide.phrases} == {"S0", "S1", "S3", "S4"}
    assert all(p.group for p in guide.phrases)


def test_every_stage_has_phrases_of_its_own_and_the_objections_wait_to_be_turned_on(workspace: Workspace) -> None:
    guide = load_guide(workspace)

    for stage in Stage:
        assert any(p.distance(stage) == 0 for p in guide.phrases_for(stage, ()))
    assert guide.phrases_for(Stage.REPLY, (), "太贵了") == ()
    assert len(guide.phrases_for(Stage.REPLY, ("objection",), "太贵了")) >= 22


def test_what_promises_and_what_is_to_be_verified_is_marked(workspace: Workspace) -> None:
    by_id = {p.id: p for p in load_guide(workspace).phrases}

    assert by_id["P046"].promise  # 保证不再发生
    assert by_id["P046"].say.endswith("我保证不会有同样事情发生。")
    assert by_id["P024"].check  # 微小瑕疵不影响正常的使用
    assert not by_id["P042"].promise  # 对不起
    assert not by_id["P042"].check
    promising = {p.id for p in by_id.values() if any(w in p.say for w in ("保证不", "我们一定", "马上", "会及时"))}
    assert promising <= {p.id for p in by_id.values() if p.promise}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"sources": {}, "stages": {}},
        {"sources": [], "stages": {}},
        {"sources": {}, "stages": {s: {"label": "x", "principles": [["a", "S9"]], "steps": []} for s in Stage}},
        {"sources": {}, "stages": {s: {"label": "x", "principles": [["a"]], "steps": []} for s in Stage}},
    ],
)
def test_a_guide_that_does_not_say_what_it_must_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_guide(wrong)

"""The search beside a plain scan through everything that is written, wherever the index stands."""

from __future__ import annotations

import json
import random
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.clock import FixedClock
from desk_app.domain.attachments import as_draft
from desk_app.domain.finding import LONGEST_QUERY, Sought
from desk_app.domain.problems import RefusedError
from desk_app.domain.vocabulary import Kind, Status
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import attachments, desk, intake, search
from desk_app.services.workspace import Workspace, open_workspace
from tests.helpers.builders import NOW, a_case, acted, registered
from tests.helpers.scanning import Scan, all_files, all_texts
from tests.helpers.searching import NO_END, numbers, stands

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desk_app.domain.finding import Hit
    from desk_app.services.rules import Rules

# ----------------------------------------------------------------------------------------------- beside a scan

texts = st.text('退款不好了张張小山单曾aAbB１1223-_*"%(（．é\u0301ﬁß　 😀', min_size=1, max_size=12).map(
    lambda t: f"{t}。"
)
names = st.sampled_from(("", "张小山", "张小山先生", "单先生、曾小姐", "Mr Smith", "欧阳１", "退款"))
phones = st.sampled_from(("", "13800138000", "138-0013 8000", "0512-6612,+86 13800138001", "12"))
ACTS = ("contact", "reply", "investigate", "amend", "name", "anonymous", "undo", "index")


@dataclass(frozen=True)
class Step:
    """Something done to one of the cases, or the index brought further."""

    case: int
    act: str
    text: str


steps = st.lists(st.builds(Step, st.integers(0, 2), st.sampled_from(ACTS), texts), max_size=10)
people = st.lists(st.tuples(names, phones, texts), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Path:
    """A new register, to be copied."""
    folder = DataFolder(tmp_path_factory.mktemp("search") / "data")
    open_workspace(folder, FixedClock(NOW), rules).close()
    return folder.database


def live(ws: Workspace, some: Sequence[tuple[str, str, str]], doings: Sequence[Step]) -> Iterator[str]:
    """Put cases on file and do something on them; go through every text that was ever said."""
    put = []
    request = count()
    for name, phone, text in some:
        put.append(registered(ws, f"{next(request)}", customer_name=name or "某", customer_phone=phone, content=text))
        yield from (name, phone, text, put[-1].case.number)
    for step in doings:
        number = put[step.case % len(put)].case.number
        with suppress(KnownError, RefusedError):  # what the case does not allow was not said
            do(ws, number, step, f"{next(request)}")
            yield step.text


def do(ws: Workspace, number: str, step: Step, request_id: str) -> None:
    match step.act:
        case "index":
            search.catch_up(ws, 2)
        case "undo":
            desk.undo(ws, number, request_id)
        case "amend":
            desk.act(ws, number, "amend", {"content": step.text, "reason": step.text[::-1]}, request_id)
        case "name":
            desk.act(ws, number, "amend", {"customer_name": step.text}, request_id)
        case "anonymous":
            desk.act(ws, number, "amend", {"anonymous": True}, request_id)
        case "investigate":
            desk.act(ws, number, "investigate", {"findings": step.text, "true_cause": step.text[1:]}, request_id)
        case act:
            desk.act(ws, number, act, {"content": step.text, "medium": "phone"}, request_id)


def cut(data: st.DataObject, said: Sequence[str]) -> str:
    """Draw one to three words, each one to six characters of something that was said."""
    words = []
    for _ in range(data.draw(st.integers(1, 3))):
        text = data.draw(st.sampled_from([text for text in said if text.strip()]))
        start = data.draw(st.integers(0, len(text) - 1))
        words.append(text[start : start + data.draw(st.integers(1, 6))])
    return " ".join(words)


@given(some=people, doings=steps, data=st.data())
def test_the_hits_are_those_of_a_plain_scan_best_first_wherever_the_index_stands(
    empty: Path, rules: Rules, some: list[tuple[str, str, str]], doings: list[Step], data: st.DataObject
) -> None:
    with TemporaryDirectory() as scratch:
        folder = DataFolder(Path(scratch))
        shutil.copyfile(empty, folder.database)
        with closing(open_workspace(folder, FixedClock(NOW), rules)) as ws:
            said = list(live(ws, some, doings))
            queries = [cut(data, said) for _ in range(6)] + ["zxs", "sxs", "138"]
            plainly = Scan(ws)
            for _ in stands(ws):
                for query in queries:
                    plain = query.translate(rules.traditional)
                    assert numbers(ws, query) == (plainly.numbers(query) or plainly.numbers(plain)), query
                    assert search.count(ws, Sought(query), NO_END) == len(plainly.numbers(query))


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
def test_every_piece_of_the_real_month_is_found_where_it_is(real_data: Path, workspace: Workspace) -> None:
    put = [
        intake.register(workspace, case, f"real-{line}").case.number
        for line, case in enumerate(lines_of(real_data / "month_2026-10.jsonl"))
    ]
    search.catch_up(workspace, 200)
    for reply in lines_of(real_data / "month_2026-10_replies.jsonl"):
        acted(workspace, put[reply["line"] - 1], "reply", content=reply["content"])
    plainly, rng = Scan(workspace), random.Random(320)
    texts_said = [text for file in all_files(workspace) for text in all_texts(file) if text]
    for _ in range(400):
        text = rng.choice(texts_said)
        start, length = rng.randrange(len(text)), rng.randint(1, 6)
        query = text[start : start + length]
        assert numbers(workspace, query) == plainly.numbers(query), query


# ------------------------------------------------------------------------------------------- what is looked for


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("zxs", "张小山"),
        ("ZX", "张小山先生"),
        ("ｓｘ", "单小姐"),
        ("zs", "曾师傅"),
        ("yc", "尉迟明"),
        ("xm", "王先生、解敏"),
    ],
)
def test_a_name_is_found_by_the_beginning_of_its_initials_surnames_as_they_are_read(
    workspace: Workspace, query: str, name: str
) -> None:
    number = registered(workspace, "1", customer_name=name).case.number
    registered(workspace, "2", customer_name="李女士")
    registered(workspace, "3", customer_name=name, anonymous=True)

    for _ in stands(workspace):
        assert numbers(workspace, query) == [number]


def test_the_number_comes_first_then_name_and_phone_then_the_rest_each_newest_first(workspace: Workspace) -> None:
    def put(request: str, **values: object) -> str:
        return registered(workspace, request, **values).case.number

    number = put("0", content="无")
    others = [put(f"c{n}", content=f"打过 {number[-3:]} 号电话") for n in range(2)]
    phones_ = [put(f"p{n}", customer_phone=f"139{number[-3:]}00{n:03}", content="无") for n in range(2)]

    for _ in stands(workspace):
        assert numbers(workspace, number[-3:]) == [number, *reversed(phones_), *reversed(others)]
        assert numbers(workspace, f"139{number[-3:]}") == list(reversed(phones_))


@pytest.mark.parametrize(
    "query", ['"', "*", "AND", "NEAR(", "NOT x", "%", "_", "退*", "a:b", "\0", "\ud800", "😀", "^(", "{"]
)
def test_what_looks_like_a_query_language_is_text(workspace: Workspace, query: str) -> None:
    registered(workspace, "1", content="没有")
    said = query.replace("\0", "").replace("\ud800", "") or "没有"
    number = registered(workspace, "2", content=f"他说：{said}，就走了").case.number

    for _ in stands(workspace):
        assert number in numbers(workspace, f"{query} {said}")


def test_what_is_too_long_is_refused_with_its_length(workspace: Workspace) -> None:
    with pytest.raises(KnownError) as refused:
        search.find(workspace, Sought("退款" * 5_000))

    assert refused.value.code == "search_too_long"
    assert refused.value.params == {"limit": LONGEST_QUERY, "length": 10_000}


def test_a_long_text_pasted_whole_is_found(workspace: Workspace) -> None:
    text = "".join(chr(0x4E00 + n) for n in range(LONGEST_QUERY))
    number = registered(workspace, "1", content=text).case.number
    registered(workspace, "2", content=text[::-1])
    search.catch_up(workspace)

    assert numbers(workspace, text) == [number]


def test_nothing_sought_finds_nothing_and_filters_alone_find_all_they_let_through(workspace: Workspace) -> None:
    first, second = (registered(workspace, f"{n}").case.number for n in range(2))

    assert numbers(workspace, " 　") == []
    assert numbers(workspace, "", status=Status.REGISTERED) == [second, first]


def test_filters_narrow_what_is_found(workspace: Workspace) -> None:
    old = registered(workspace, "1", received_at="2026-10-31 23:59").case.number
    praise = registered(workspace, "2", received_at="2026-11-01 00:00", kind="praise", receiver="小吴").case.number
    told = registered(workspace, "3", category="商品问题 > 质量", target="采购部").case.number
    acted(workspace, told, "assign", department="客房部", person="小周")
    search.catch_up(workspace, 3)

    for _ in stands(workspace):
        assert numbers(workspace, "电水壶", last=date(2026, 10, 31)) == [old]
        assert numbers(workspace, "电水壶", first=date(2026, 11, 1), last=date(2026, 11, 1)) == [praise]
        assert numbers(workspace, "电水壶", kinds=(Kind.PRAISE, Kind.INQUIRY)) == [praise]
        assert numbers(workspace, "电水壶", operator="小吴") == [praise]
        assert numbers(workspace, "电水壶", category="商品问题 > 质量") == [told]
        assert numbers(workspace, "电水壶", category="商品问题") == [told, praise, old]
        assert numbers(workspace, "电水壶", department="客房") == [told]
        assert numbers(workspace, "电水壶", department="采购部") == [told]
        assert numbers(workspace, "电水壶", status=Status.IN_PROGRESS) == [told]


def test_the_files_that_lie_with_a_case_are_found_by_their_names_until_they_are_taken_away(
    workspace: Workspace,
) -> None:
    """Of two of one name one still lies there; one that came with a step that was taken back never did."""
    taken = [attachments.take_in(workspace, text, "收据.txt") for text in (b"199.90", b"399.90")]
    number = intake.register(workspace, {**a_case(), **as_draft(taken)}, "save-1").case.number
    lie = attachments.of_case(workspace, number)

    for left in (1, 0):
        for _ in stands(workspace):
            assert numbers(workspace, "收据.TXT") == [number]
        attachments.detach(workspace, number, lie[left].id, "放错了", f"detach-{left}")
    for _ in stands(workspace):
        assert numbers(workspace, "收据") == []
        assert numbers(workspace, "放错了") == [number]

    desk.undo(workspace, number, "undo")

    for _ in stands(workspace):
        assert numbers(workspace, "收据") == [number]


def test_only_so_many_are_returned_and_more_is_told(workspace: Workspace) -> None:
    put = [registered(workspace, f"{n}").case.number for n in range(4)]

    for _ in stands(workspace):
        found = search.find(workspace, Sought("电水壶"), limit=3)
        assert found is not None
        assert [hit.number for hit in found.hits] == put[:0:-1]
        assert found.more
        assert search.count(workspace, Sought("电水壶"), 2) == 2
        exact = search.find(workspace, Sought("电水壶"), limit=4)
        assert exact is not None
        assert not exact.more


def test_a_search_that_nobody_waits_for_any_more_ends(workspace: Workspace) -> None:
    for n in range(5):
        registered(workspace, f"{n}")
    asked = iter([True, True, False])

    assert search.find(workspace, Sought("电水壶"), wanted=lambda: next(asked, False)) is None


@pytest.mark.parametrize("begins_named", [False, True])
def test_a_case_whose_customer_is_renamed_meanwhile_is_found_once(workspace: Workspace, *, begins_named: bool) -> None:
    """Whichever question has been asked by then: a hit among the names becomes one among the rest, or the reverse."""
    number = registered(workspace, content="要退款", customer_name="李女士").case.number
    moments = count()
    for moment in range(8):
        desk.act(
            workspace,
            number,
            "amend",
            {"customer_name": f"退款{moment}" if begins_named else f"李{moment}"},
            f"a{moment}",
        )
        search.catch_up(workspace)
        asked, other = count(), f"李子{moment}" if begins_named else f"退款者{moment}"

        def renamed(now: int = moment, to: str = other, calls: Iterator[int] = asked) -> bool:
            if next(calls) == now:
                desk.act(workspace, number, "amend", {"customer_name": to}, f"b{next(moments)}")
            return True

        found = search.find(workspace, Sought("退款"), wanted=renamed)

        assert found is not None
        assert [hit.number for hit in found.hits] == [number], moment


# -------------------------------------------------------------------------------------------- what a hit shows


def test_a_snippet_shows_where_the_words_are_and_no_more_of_the_customer_than_the_queue(workspace: Workspace) -> None:
    said = "前面说了很多别的事情" * 9 + "张小山说ＷｉＦｉ连不上，电话 13800138000 打不通" + "后来又说了很多" * 9
    registered(
        workspace,
        "1",
        content=said,
        customer_name="张小山",
        customer_phone="13800138000",
        customer_address="和平路 8 号院",
    )

    def hit(query: str) -> Hit:
        found = search.find(workspace, Sought(query))
        assert found is not None
        return found.hits[0]

    shown = hit("wifi")
    assert (shown.where, shown.customer) == ("content", "张**")
    assert len(shown.snippet) == 60
    assert [shown.snippet[start:end] for start, end in shown.marks] == ["ＷｉＦｉ"]
    assert "张**说" in shown.snippet
    assert (hit("张小山").where, hit("张小山").snippet, hit("张小山").marks) == ("customer_name", "张**", ())
    for query in ("小山", "13800138000", "和平路", "wifi", "打不通", "zxs"):
        assert not {"小山", "0013", "和平路"} & {hit(query).snippet[n : n + k] for n in range(60) for k in (2, 3, 4)}


def test_a_text_that_was_only_said_of_an_anonymous_customer_is_not_known_by_their_name(workspace: Workspace) -> None:
    registered(workspace, "1", customer_name="张小山", customer_phone="13800138000", anonymous=True)

    for _ in stands(workspace):
        assert numbers(workspace, "张小山") == numbers(workspace, "13800138000") == numbers(workspace, "zxs") == []

"""The search beside a plain scan through everything that is written, wherever the index stands."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from itertools import count, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.clock import FixedClock
from desk_app.domain.finding import LONGEST_QUERY, Sought
from desk_app.domain.problems import RefusedError
from desk_app.domain.vocabulary import Kind, Status
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import desk, intake, search, upkeep
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage.search import State, make_index, open_index
from tests.helpers.builders import NOW, acted, registered
from tests.helpers.scanning import Scan, all_files, all_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desk_app.domain.finding import Hit
    from desk_app.services.rules import Rules

ROOT = Path(__file__).resolve().parents[2]
NO_END = 10**9
"""More hits than there are cases."""


def numbers(ws: Workspace, words: str, limit: int = NO_END, **filters: object) -> list[str]:
    """Search, and return the numbers in the order in which they are found."""
    found = search.find(ws, Sought(words, **filters), limit)  # type: ignore[arg-type]  # as the test names them
    assert found is not None
    assert found.waiting == 0
    return [hit.number for hit in found.hits]


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


def stands(ws: Workspace) -> Iterator[None]:
    """Stand where the index is, further, and at its end."""
    yield
    search.catch_up(ws, 3)
    yield
    while search.catch_up(ws, 3).done:
        pass
    yield


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


# ---------------------------------------------------------------------------------------- the index and its file


def index_goes_to(ws: Workspace) -> int:
    index = open_index(ws.folder.search)
    assert index is not None
    with closing(index):
        return index.state().event_id


def last_event(ws: Workspace) -> int:
    return int(ws.store.conn.execute("SELECT max(id) FROM event").fetchone()[0])


def test_a_search_writes_nothing(workspace: Workspace) -> None:
    registered(workspace)

    assert len(numbers(workspace, "电水壶")) == 1
    assert not workspace.folder.search.exists()
    assert search.behind(workspace) == 1
    assert search.catch_up(workspace) == (1, 0)
    assert search.behind(workspace) == 0


def test_a_register_that_was_restored_gets_an_index_of_its_own(workspace: Workspace, rules: Rules) -> None:
    kept = registered(workspace, "kept", content="留下来的").case.number
    backup = upkeep.backup(workspace).path
    registered(workspace, "lost", content="后来丢了的")
    search.catch_up(workspace)

    upkeep.restore(workspace.folder, workspace.clock, rules, backup)
    instead = registered(workspace, "instead", content="另外登记的").case.number

    assert numbers(workspace, "丢了") == []
    assert numbers(workspace, "的") == [instead, kept]
    assert search.catch_up(workspace) == (2, 0)
    assert numbers(workspace, "登记") == [instead]
    assert index_goes_to(workspace) == last_event(workspace)


@pytest.mark.fault
@pytest.mark.parametrize("where", [0, 30, 4096 * 2 + 10, 4096 * 3])
def test_a_damaged_index_is_done_without_and_made_anew(workspace: Workspace, rules: Rules, where: int) -> None:
    put = [registered(workspace, f"{n}", content=f"第{n}次漏水").case.number for n in range(30)]
    search.catch_up(workspace)
    search.find(workspace, Sought("漏水"))
    with workspace.folder.search.open("r+b") as file:
        file.seek(where)
        file.write(b"\xa5" * 4096)
    workspace.search = None  # another start of the program

    assert numbers(workspace, "漏水") == put[::-1]
    for _ in range(3):
        search.catch_up(workspace)
        assert numbers(workspace, "漏水") == put[::-1]
    assert index_goes_to(workspace) == last_event(workspace)


def test_an_index_of_other_rules_is_made_anew(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    search.catch_up(workspace)
    workspace.search = None
    with closing(sqlite3.connect(workspace.folder.search)) as conn:
        conn.execute("PRAGMA user_version=0")

    assert numbers(workspace, "电水壶") == [number]
    assert search.behind(workspace) == 1
    assert search.catch_up(workspace) == (1, 0)
    assert numbers(workspace, "电水壶") == [number]


def test_an_index_that_was_forgotten_is_begun_anew(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    search.catch_up(workspace)

    search.forget(workspace)

    assert not workspace.folder.search.exists()
    assert numbers(workspace, "电水壶") == [number]
    assert search.catch_up(workspace) == (1, 0)


@pytest.mark.fault
def test_a_locked_index_holds_up_no_save_and_no_search(workspace: Workspace) -> None:
    registered(workspace, "1")
    search.catch_up(workspace)
    assert len(numbers(workspace, "电水壶")) == 1
    with closing(sqlite3.connect(workspace.folder.search, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        number = registered(workspace, "2").case.number

        assert numbers(workspace, "电水壶")[0] == number
        assert search.catch_up(workspace).done == 0
    assert search.catch_up(workspace) == (1, 0)


@pytest.mark.slow
@pytest.mark.fault
def test_programs_that_index_at_once_or_are_killed_leave_a_whole_index(workspace: Workspace) -> None:
    put = [registered(workspace, f"{n}", content=f"第{n}次漏水").case.number for n in range(60)]
    program = [sys.executable, "-m", "tests.helpers.indexing", str(workspace.folder.root)]
    for turn in range(4):
        several = [subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for victim in several:
            assert victim.stdout is not None
            victim.stdout.readline()
        several[0].kill()
        for each in several:
            each.communicate(timeout=60)
        assert numbers(workspace, "漏水") == put[::-1]
        with closing(sqlite3.connect(workspace.folder.search, isolation_level=None)) as conn:
            conn.execute("INSERT INTO words (words) VALUES ('integrity-check')")
            assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert index_goes_to(workspace) == last_event(workspace)
        put += [registered(workspace, f"{turn}:{n}", content=f"又{n}次漏水").case.number for n in range(20)]


def test_the_same_case_put_in_again_is_the_union_of_both(tmp_path: Path) -> None:
    """What the growing of the index rests on: FTS5 says nothing of it for tables without content."""
    rng = random.Random(1)
    truth: dict[int, set[str]] = {}
    with closing(make_index(tmp_path / "search.sqlite")) as index:
        for step in range(300):
            some = {rng.randint(1, 80): rng.sample("退款不好了张小山漏水", 3) for _ in range(5)}
            for case_id, tokens in some.items():
                truth.setdefault(case_id, set()).update(tokens)
            with index.growing() as add:
                add(some.items(), State(step, "x"))
        for one, other in product("退款不好了张小山漏水", repeat=2):
            expected = sorted((case_id for case_id, tokens in truth.items() if {one, other} <= tokens), reverse=True)
            assert list(index.ids(f'"{one}" AND "{other}"')) == expected
        assert list(index.ids('"退"* OR "款"')) == sorted(
            (case_id for case_id, tokens in truth.items() if {"退", "款"} & tokens), reverse=True
        )

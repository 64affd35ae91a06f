"""``desk-app search``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.helpers.builders import registered

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace
    from tests.cli.conftest import DeskApp


def test_hits_come_as_json_with_the_total_of_all(desk_app: DeskApp, workspace: Workspace) -> None:
    put = [registered(workspace, f"{n}", content=f"第{n}次漏水").case for n in range(3)]

    ran = desk_app("search", "漏水", "--limit", "2", "--json")

    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {
        "total": 3,
        "hits": [
            {
                "number": case.number,
                "received_at": case.received_at.isoformat(),
                "customer": "李女士",
                "matter": case.content,
            }
            for case in (put[2], put[1])
        ],
    }


def test_nothing_found_is_no_failure(desk_app: DeskApp, workspace: Workspace) -> None:
    registered(workspace)

    assert desk_app("search", "龘靐", "--json").json == {"total": 0, "hits": []}
    ran = desk_app("search", "龘靐")
    assert (ran.code, ran.err) == (0, "")
    assert "没有找到" in ran.out


def test_words_are_given_one_by_one_as_in_the_window(desk_app: DeskApp, workspace: Workspace) -> None:
    both = registered(workspace, "a", content="水壶漏水").case.number
    registered(workspace, "b", content="水管漏水")

    for words in (("漏水", "水壶"), ("漏水 水壶",)):
        assert [hit["number"] for hit in desk_app("search", *words, "--json").json["hits"]] == [both]
    assert desk_app("search").code == 2


def test_people_get_a_line_a_case_and_the_number_of_all(desk_app: DeskApp, workspace: Workspace) -> None:
    number = registered(workspace, customer_name="张小山", anonymous=True, content="漏水\n很久了").case.number

    ran = desk_app("search", number[-3:])

    assert ran.lines == [f"{number}  2026-11-22 10:00  匿名  漏水 很久了", "共 1 件，列出 1 件"]


def test_simplified_characters_are_tried_and_told(desk_app: DeskApp, workspace: Workspace) -> None:
    registered(workspace, content="空调不制冷")

    ran = desk_app("search", "空調", "--json")

    assert ran.json["total"] == 1
    assert "空调" in ran.err


def test_a_search_that_finds_the_index_far_behind_brings_it_up_to_date(desk_app: DeskApp, workspace: Workspace) -> None:
    for n in range(302):
        registered(workspace, f"{n}")
    assert not workspace.folder.search.exists()

    assert desk_app("search", "电水壶", "--json").json["total"] == 302
    assert workspace.folder.search.exists()


def test_what_is_too_long_is_refused_in_one_sentence(desk_app: DeskApp) -> None:
    ran = desk_app("search", "退" * 10_000)

    assert ran.code == 1
    assert ran.err == "搜索内容太长（10000 个字），最多 200 个字，请只留下要找的几个词\n"

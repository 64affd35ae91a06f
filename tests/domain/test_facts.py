"""The files of facts: what they give, and that each mistake in one is told with the file's name."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.fields import FieldType, category_path, read_fields, read_trade
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.services.rules import Rules, load_rules

RULES = load_rules()

if TYPE_CHECKING:
    from pathlib import Path


def test_a_field_has_what_the_file_says_and_defaults_for_the_rest() -> None:
    book = read_fields(
        {
            "field": [
                {"key": "a", "label": "甲", "type": "enum", "required": True, "choices": [["x", "叉"], ["y", "勾"]]},
                {"key": "b", "label": "乙", "type": "long_text", "max_length": 9, "help": "多少都行"},
            ]
        }
    )

    assert [f.key for f in book] == ["a", "b"]
    assert book["a"].required
    assert book["a"].has_choice("y")
    assert not book["a"].has_choice("勾")
    assert book["a"].label_of("y") == "勾"
    assert book["a"].label_of("z") == "z"
    assert (book["b"].type, book["b"].max_length, book["b"].help) == (FieldType.LONG_TEXT, 9, "多少都行")
    assert not book["b"].required
    assert "a" in book
    assert "c" not in book
    assert (book.label("a"), book.label("c")) == ("甲", "c")


def test_a_field_may_be_called_otherwise_in_cases_of_certain_kinds() -> None:
    entry = {"key": "who", "label": "投诉人", "type": "text", "labels": {"praise": "表扬人"}}

    field = read_fields({"field": [entry]})["who"]

    assert field.label_for("praise") == "表扬人"
    assert field.label_for("complaint") == field.label_for("inquiry") == field.label == "投诉人"
    with pytest.raises(TypeError, match="labels"):
        read_fields({"field": [{**entry, "labels": ["praise"]}]})


def test_a_trade_writes_its_tree_as_paths_in_reading_order() -> None:
    trade = read_trade("hotel", {"items": [["room", "房号"]], "categories": {"客房": ["噪音", "卫生"], "其他": []}})

    assert trade.categories == ("客房", "客房 > 噪音", "客房 > 卫生", "其他")
    assert trade.has_category("客房 > 卫生")
    assert not trade.has_category("卫生")
    assert trade.items[0].label == "房号"


@pytest.mark.parametrize("typed", ["客房>噪音", "客房 > 噪音", " 客房  ＞噪音 "])
def test_a_path_may_be_typed_with_any_blanks(typed: str) -> None:
    assert category_path(typed) == "客房 > 噪音"


def test_what_is_shipped_can_be_read(rules: Rules) -> None:
    assert {"general", "hotel"} <= set(rules.trades)
    assert rules.trade("general").key == "general"
    assert rules.trade("gone").key == "general"
    assert rules.actions
    assert rules.policy.deadlines.rules
    assert rules.policy.authority.ladder


Edit = Callable[[str], str]


def _without(text: str) -> Edit:
    def edit(content: str) -> str:
        assert text in content
        return content.replace(text, "", 1)

    return edit


def _instead(old: str, new: str) -> Edit:
    def edit(content: str) -> str:
        assert old in content
        return content.replace(old, new, 1)

    return edit


MISTAKES: Mapping[str, tuple[str, Edit]] = {
    "no TOML": ("fields.toml", lambda _: "[[field]\nkey ="),
    "no UTF-8": ("fields.toml", lambda content: content + "\udcff"),
    "no fields": ("fields.toml", lambda _: ""),
    "fields are no list": ("fields.toml", lambda _: "field = 3"),
    "a field without a key": ("fields.toml", _without('key = "kind"')),
    "a field without a label": ("fields.toml", _without('label = "类别"')),
    "a type nobody knows": ("fields.toml", _instead('type = "category"', 'type = "colour"')),
    "a length that is no number": ("fields.toml", _instead("max_length = 60", 'max_length = "60"')),
    "choices that are no list": ("fields.toml", _instead('key = "safety"', 'key = "safety"\nchoices = "all"')),
    "a choice without a label": ("fields.toml", _instead('["minor", "轻微"]', '["minor"]')),
    "an action nobody knows": ("actions.toml", lambda content: content + '\n[shout]\nlabel = "喊"\n'),
    "an action without a label": ("actions.toml", _without('label = "作废"')),
    "an action that is no table": ("actions.toml", lambda content: "sing = 1\n" + content),
    "an action's field of no type": ("actions.toml", _instead('type = "score"', 'type = "stars"')),
    "no settings of deadlines": ("deadlines.toml", _without("[settings]")),
    "no number of visits": ("deadlines.toml", _without("visit_attempts = 3")),
    "a rule without a source": ("deadlines.toml", _instead("source =", "sauce =")),
    "a term that is words": ("deadlines.toml", _instead('term = "24h"', 'term = "a day"')),
    "a term that goes back": ("deadlines.toml", _instead('term = "24h"', 'term = "-24h"')),
    "a rule without a term": ("deadlines.toml", _without('term = "24h"')),
    "a hundred visits by words": ("deadlines.toml", _instead("visit_attempts = 3", 'visit_attempts = "3"')),
    "no visit at all": ("deadlines.toml", _instead("visit_attempts = 3", "visit_attempts = 0")),
    "a day that ends at 25": ("deadlines.toml", _instead('day_end = "18:00"', 'day_end = "25:00"')),
    "no closing gate": ("deadlines.toml", _without("[closing]")),
    "a closing gate for nobody's kind": ("deadlines.toml", _instead('adoption = ["sug', 'adoption = ["prayer", "sug')),
    "a limit of a role nobody has": ("deadlines.toml", _instead("supervisor = 1000", "emperor = 1000")),
    "a limit that is no sum": ("deadlines.toml", _instead("supervisor = 1000", 'supervisor = "much"')),
    "a limit of no end": ("deadlines.toml", _instead("supervisor = 1000", "supervisor = inf")),
    "a limit below nothing": ("deadlines.toml", _instead("supervisor = 1000", "supervisor = -1")),
    "no office at the top": (
        "deadlines.toml",
        _instead('supervisor = "部门负责人"\nmanager = "店长"', 'supervisor = "甲"'),
    ),
    "a ladder that is no list": (
        "deadlines.toml",
        lambda content: content.replace("[[escalation]]", "[escalation]", 1),
    ),
    "a ladder that goes down": ("deadlines.toml", _instead("after_hours = 4", "after_hours = 48")),
    "a ladder without rungs": (
        "deadlines.toml",
        lambda content: "escalation = []\n" + re.sub(r"\[\[escalation]]\n.+\n.+\n", "", content),
    ),
    "a rule of a responsibility nobody has": (
        "deadlines.toml",
        _instead('responsibilities = ["supplier"]', 'responsibilities = ["moon"]'),
    ),
    "a limit from no day": ("deadlines.toml", _instead("valid_from = 2026-04-15", 'valid_from = "spring"')),
    "a limit from a moment": (
        "deadlines.toml",
        _instead("valid_from = 2026-04-15", "valid_from = 2026-04-15T00:00:00"),
    ),
    "a limit without a source": ("deadlines.toml", _instead('source = "消费者权益保护法', 'sauce = "消费者权益保护法')),
    "a duty without a period": ("deadlines.toml", _instead('every = "week"', 'ever = "week"')),
    "nobody who answers": (
        "deadlines.toml",
        lambda content: content.replace('trigger = "registered"', 'trigger = "visited"'),
    ),
    "a trigger nobody knows": ("deadlines.toml", _instead('trigger = "visited"', 'trigger = "sneezed"')),
    "a debtor nobody knows": ("deadlines.toml", _instead('owed_by = "manager"', 'owed_by = "nobody"')),
    "a follow-up nobody knows": ("deadlines.toml", _instead('follow_up = "feed_back"', 'follow_up = "nap"')),
    "a kind nobody knows": ("deadlines.toml", _instead('kinds = ["praise"]', 'kinds = ["prayer"]')),
    "kinds that are no list": ("deadlines.toml", _instead('kinds = ["praise"]', 'kinds = "praise"')),
    "a route nobody knows": ("deadlines.toml", _instead('routes = ["external"]', 'routes = ["air"]')),
    "a plan for a category that is not there": ("trades/hotel.toml", _instead('for = "服务态度问题"', 'for = "天气"')),
    "a plan without steps": ("trades/hotel.toml", _instead("steps = [", "stops = [")),
    "a word for a category that is not there": (
        "trades/hotel.toml",
        _instead('"价格与消费问题 > 发票" = "发票', '"价格与消费问题 > 收据" = "发票'),
    ),
    "a word that speaks for two": ("trades/hotel.toml", _instead('= "押金 预授权', '= "押金 发票 预授权')),
    "departments that are no list": (
        "trades/hotel.toml",
        lambda content: re.sub(r"departments = .+", 'departments = "前厅部"', content),
    ),
    "a trade without categories": ("trades/hotel.toml", _instead("[categories]", "[kategories]")),
    "no sentences for errors": ("messages.toml", _instead("[errors]", "[erors]")),
    "labels that are no TOML": ("labels.toml", lambda _: "[word"),
}


def test_a_broken_trade_disturbs_only_the_shops_of_that_trade(tmp_path: Path) -> None:
    shutil.copytree(resources_dir(), tmp_path / "resources")
    (tmp_path / "resources" / "trades" / "hotel.toml").write_text("[categories", encoding="utf-8")
    rules = load_rules(tmp_path / "resources")

    assert rules.trade("general").categories
    with pytest.raises(KnownError, match="resource_broken"):
        rules.trade("hotel")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_file_is_told_with_its_name(mistake: str, tmp_path: Path) -> None:
    name, edit = MISTAKES[mistake]
    resources = tmp_path / "resources"
    shutil.copytree(resources_dir(), resources)
    file = resources / name
    load_rules(resources).read_all()

    file.write_bytes(edit(file.read_text(encoding="utf-8")).encode("utf-8", "surrogateescape"))

    with pytest.raises(KnownError, match="resource_broken") as caught:
        load_rules(resources).read_all()
    assert caught.value.params["file"] == file
    sentence = RULES.sentences.error(caught.value)
    told = sentence.removeprefix(f"资料文件 {file} 有错（").removesuffix("），请改正或重新安装")
    assert told
    assert "Error" not in told
    assert "not a valid" not in told


@pytest.mark.parametrize("name", ["deadlines.toml", "trades/general.toml"])
def test_a_file_that_is_gone_is_told_with_its_name(name: str, tmp_path: Path) -> None:
    shutil.copytree(resources_dir(), tmp_path / "resources")
    (tmp_path / "resources" / name).unlink()

    with pytest.raises(KnownError, match="resource_broken") as caught:
        load_rules(tmp_path / "resources").read_all()
    assert caught.value.params["file"] == tmp_path / "resources" / name

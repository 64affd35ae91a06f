"""The guide of one shop: its own file of phrases, files that cannot be read, and the packs that are turned on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.guide import BASE, SHOP, Stage
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.services import shop
from desk_app.services.guide import load_guide
from desk_app.services.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    """A copy of the files of facts that a test may spoil."""
    copy = tmp_path / "resources"
    shutil.copytree(resources_dir(), copy)
    return copy


def test_the_shops_own_phrases_join_those_that_are_shipped_and_come_first(workspace: Workspace) -> None:
    before = load_guide(workspace)
    workspace.folder.phrases.write_text("say\tstage\n云栖酒店为您服务\treply\n", encoding="utf-8")

    after = load_guide(workspace)

    assert after.phrases[1:] == before.phrases
    assert (after.phrases[0].say, after.phrases[0].pack) == ("云栖酒店为您服务", SHOP)
    assert after.phrases_for(Stage.REPLY, ())[0] == after.phrases[0]


def test_a_broken_line_of_the_shops_file_is_told_in_a_sentence_with_file_and_line(
    workspace: Workspace, rules: Rules
) -> None:
    workspace.folder.phrases.write_text("say\tstage\n一\tlunch\n二\t\n", encoding="utf-8")

    guide = load_guide(workspace)

    assert [p.say for p in guide.phrases if p.pack == SHOP] == ["二"]
    (error,) = guide.broken
    choices = "receive reply action visit improve any"
    assert rules.sentences.error(error) == (
        f"话术文件 {workspace.folder.phrases} 第 2 行的阶段“lunch”不认识，没有用上，可用：{choices}"
    )


@pytest.mark.fault
def test_a_file_that_cannot_be_read_is_told_and_the_others_are_used(workspace: Workspace, rules: Rules) -> None:
    workspace.folder.phrases.mkdir()  # root may read every file, but nobody a folder

    guide = load_guide(workspace)

    assert len([p for p in guide.phrases if p.pack == BASE]) == 97
    (error,) = guide.broken
    assert rules.sentences.error(error).startswith(f"读不了文件 {workspace.folder.phrases}（")


@pytest.mark.fault
def test_a_guide_that_is_broken_is_told_with_its_file(workspace: Workspace, resources: Path) -> None:
    (resources / "guide.toml").write_text("[sources]\n", encoding="utf-8")

    with pytest.raises(KnownError, match="resource_broken") as raised:
        load_guide(workspace, resources)

    assert raised.value.params["file"] == resources / "guide.toml"


def test_another_file_of_phrases_is_another_pack(workspace: Workspace, resources: Path) -> None:
    (resources / "phrases" / "hotel.tsv").write_text("say\n欢迎入住\n", encoding="utf-8")

    guide = load_guide(workspace, resources)

    assert guide.phrases_for(Stage.REPLY, (), "欢迎入住") == ()
    assert [p.pack for p in guide.phrases_for(Stage.REPLY, ("hotel",), "欢迎入住")] == ["hotel"]


def test_packs_are_off_until_they_are_turned_on_and_stay_so(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    shop.set_up(workspace, "店", "general", "小周")
    assert workspace.shop.phrase_packs == ()

    shop.save_shop(workspace, "店", "general", ["小周"], shop.Options(phrase_packs=("objection",)))
    saved = shop.save_shop(workspace, "新店", "general", ["小周"])  # says nothing of packs

    assert saved.shop.phrase_packs == ("objection",)
    other = open_workspace(folder, clock, rules)
    assert other.shop.phrase_packs == ("objection",)
    other.close()
    assert shop.save_shop(workspace, "新店", "general", ["小周"], shop.Options(phrase_packs=())).shop.phrase_packs == ()


def test_every_pack_that_can_be_turned_on_has_a_label_and_a_file(rules: Rules) -> None:
    files = {path.stem for path in (resources_dir() / "phrases").glob("*.tsv")}

    assert rules.sentences.labels["pack"].keys() == files - {BASE}

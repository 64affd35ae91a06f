"""Scores of the soothing skills: by three kinds of people, in five bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.errors import KnownError
from desk_app.services import assessments, shop
from desk_app.services.assessments import Assessor

if TYPE_CHECKING:
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace


@pytest.fixture
def staffed(workspace: Workspace) -> Workspace:
    shop.set_up(workspace, "店", "general", "小周")
    shop.save_shop(workspace, "店", "general", ["小周", "李主管"])
    return workspace


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ((81, 100), "很好"),
        ((61, 80), "好"),
        ((41, 60), "需要提高技巧"),
        ((21, 40), "需要向你的主管求助"),
        ((1, 20), "立刻开始学习本课程"),
    ],
)
def test_the_bands_are_those_of_the_source(rules: Rules, scores: tuple[int, ...], words: str) -> None:
    assert {assessments.band(rules, score) for score in scores} == {words}


def test_what_three_people_say_stands_beside_each_other_and_the_past_stays(staffed: Workspace) -> None:
    assessments.note(staffed, "小周", Assessor.SELF, "９０", "one")
    assessments.note(staffed, "小周", Assessor.SUPERVISOR, 55, "two")
    assessments.note(staffed, "小周", Assessor.SUPERVISOR, 55, "two")
    assessments.note(staffed, "李主管", Assessor.COLLEAGUE, 20, "three")
    assessments.note(staffed, "小周", Assessor.SUPERVISOR, 70, "four")

    assert [(each.assessor, each.score, each.band) for each in assessments.scores(staffed, "小周")] == [
        (Assessor.SELF, 90, "很好"),
        (Assessor.SUPERVISOR, 55, "需要提高技巧"),
        (Assessor.SUPERVISOR, 70, "好"),
    ]
    assert len(assessments.scores(staffed)) == 4


@pytest.mark.parametrize("score", [0, 101, -5, "很好", "", None, 50.5, True])
def test_what_is_no_score_is_refused(staffed: Workspace, rules: Rules, score: object) -> None:
    with pytest.raises(KnownError) as refused:
        assessments.note(staffed, "小周", Assessor.SELF, score, "one")

    assert refused.value.code == "assessment_score_bad"
    assert rules.sentences.error(refused.value)
    assert assessments.scores(staffed) == ()


def test_only_who_is_of_the_staff_has_a_score(staffed: Workspace) -> None:
    with pytest.raises(KnownError) as refused:
        assessments.note(staffed, "李女士", Assessor.SELF, 50, "one")

    assert refused.value.code == "operator_unknown"

"""The index is written when it is worth it, and what is not in it yet is found all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.finding import Sought
from desk_app.services import search
from tests.helpers.builders import registered

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace


def test_few_lines_of_history_wait_until_they_are_as_many_as_it_is_worth(workspace: Workspace) -> None:
    for place in range(4):
        registered(workspace, f"{place}", content="空调不制冷")

    before = search.catch_up(workspace, least=5)
    found_before = search.find(workspace, Sought("制冷"))
    registered(workspace, "the fifth", content="空调不制冷")
    after = search.catch_up(workspace, least=5)

    assert before == (0, 4)
    assert found_before is not None
    assert len(found_before.hits) == 4
    assert after == (5, 0)
    assert search.behind(workspace) == 0

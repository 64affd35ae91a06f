"""Searches that are kept under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.domain.finding import SavedSearch, Sought
from desk_app.domain.vocabulary import Kind, Status
from desk_app.errors import KnownError
from desk_app.services import saved_searches
from desk_app.services.named_list import MOST
from desk_app.services.workspace import open_workspace
from desk_app.storage import settings

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

ALL_OF_IT = Sought("漏水 三楼", None, None, (Kind.PRAISE,), "质量 > 做工", "工程部", Status.CLOSED, "小吴")


def test_a_saved_search_comes_back_as_it_was_and_goes(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    assert saved_searches.saved_searches(workspace) == ()

    saved_searches.save_search(workspace, " 三楼\n漏水 ", ALL_OF_IT, "month")
    saved_searches.save_search(workspace, "今天", Sought(), "day")

    other = open_workspace(folder, clock, rules)
    kept = SavedSearch("三楼 漏水", ALL_OF_IT, "month")
    assert saved_searches.saved_searches(other) == (kept, SavedSearch("今天", Sought(), "day"))
    other.close()
    assert saved_searches.save_search(workspace, "今天", Sought("退"), "day")[1].sought.words == "退"
    assert saved_searches.forget_search(workspace, "今天") == (kept,)
    assert saved_searches.forget_search(workspace, "今天") == (kept,)


def test_a_search_needs_a_name_and_there_are_at_most_twenty(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="saved_search_unnamed"):
        saved_searches.save_search(workspace, " \n", ALL_OF_IT, "")
    for n in range(MOST):
        saved_searches.save_search(workspace, f"{n}", ALL_OF_IT, "")

    with pytest.raises(KnownError, match="saved_searches_full"):
        saved_searches.save_search(workspace, "one more", ALL_OF_IT, "")

    assert len(saved_searches.saved_searches(workspace)) == MOST


@pytest.mark.parametrize("entry", [7, {}, {"name": "x"}, {"kinds": 7}, {"kinds": ["none"]}, {"status": "none"}])
def test_a_search_of_another_version_is_left_out_and_the_others_are_there(workspace: Workspace, entry: object) -> None:
    kept = saved_searches.save_search(workspace, "known", ALL_OF_IT, "")
    with workspace.store.transaction() as conn:
        (stored,) = settings.read_one(conn, "saved_searches")
        unknown = stored | entry if isinstance(entry, dict) and len(entry) == 1 and "name" not in entry else entry
        settings.write(conn, {"saved_searches": [unknown, stored]})

    assert saved_searches.saved_searches(workspace) == kept

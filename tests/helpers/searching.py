"""Searches as tests ask them, wherever the index stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.finding import Sought
from desk_app.services import search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.services.workspace import Workspace

NO_END = 10**9
"""More hits than there are cases."""


def numbers(ws: Workspace, words: str, limit: int = NO_END, **filters: object) -> list[str]:
    """Search, and return the numbers in the order in which they are found."""
    found = search.find(ws, Sought(words, **filters), limit)  # type: ignore[arg-type]  # as the test names them
    assert found is not None
    assert found.waiting == 0
    return [hit.number for hit in found.hits]


def stands(ws: Workspace) -> Iterator[None]:
    """Stand where the index is, further, and at its end."""
    yield
    search.catch_up(ws, 3)
    yield
    while search.catch_up(ws, 3).done:
        pass
    yield

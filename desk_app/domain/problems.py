"""What is wrong with what a person gave."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Problem(NamedTuple):
    """One thing wrong with one field. ``code`` names a sentence; ``field`` is empty for the record as a whole."""

    field: str
    code: str
    params: Mapping[str, object] = MappingProxyType({})


class RefusedError(Exception):
    """What was given cannot be accepted; ``problems`` lists all that is wrong, in the order of the form."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems."""
        super().__init__(", ".join(f"{p.field}: {p.code}" for p in problems))
        self.problems = problems

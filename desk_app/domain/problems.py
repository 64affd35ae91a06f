"""What is wrong with what a person gave."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field. ``code`` names a sentence; ``field`` is empty for the record as a whole."""

    field: str
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


class RefusedError(Exception):
    """What was given cannot be accepted; ``problems`` lists all that is wrong, in the order of the form."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems."""
        super().__init__(", ".join(f"{p.field}: {p.code}" for p in problems))
        self.problems = problems

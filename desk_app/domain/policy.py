"""The rules of the shop that an action is judged by, together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk_app.domain.authority import Authority, read_authority
from desk_app.domain.deadlines import DeadlineBook
from desk_app.domain.deadlines_file import read_deadlines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.domain.vocabulary import Role
    from desk_app.domain.work_calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Policy:
    """Who owes what by when, and who may decide."""

    deadlines: DeadlineBook
    authority: Authority

    def of_shop(self, roles: Mapping[str, Role]) -> Policy:
        """Return the same rules with the roles that a shop has given its people."""
        return replace(self, authority=replace(self.authority, roles=roles))

    def by_calendar(self, calendar: Callable[[], WorkCalendar]) -> Policy:
        """Return the same rules counted by another calendar."""
        return replace(self, deadlines=replace(self.deadlines, calendar=calendar))


def read_policy(data: Mapping[str, object], calendar: Callable[[], WorkCalendar]) -> Policy:
    """Build the rules from the parsed ``deadlines.toml``.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    deadlines, authority = read_deadlines(data, calendar), read_authority(data)
    manager = next((name for role, name in authority.offices.items() if role == deadlines.manager), deadlines.manager)
    return Policy(replace(deadlines, manager=manager), authority)

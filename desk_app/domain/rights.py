"""What each role may do: one table, ``[rights]`` of ``resources/deadlines.toml`` (domain.md part 7: Program roles).

A right is the doing of an action on a case (its name is the action's), or one of :class:`Right`. The table names the
least role that has it; who has more has it too. What a use case lets somebody do, it asks of this table alone.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from desk_app.domain.vocabulary import Action, Role

if TYPE_CHECKING:
    from collections.abc import Mapping


class Right(StrEnum):
    """What may be done beside the actions on a case."""

    EXCEPTION = "exception"  # close although the customer is not satisfied (part 20.4)
    VIEW_FULL = "view_full"  # see whole names, numbers and addresses on a case
    CONFIDENTIAL = "confidential"  # ... of a customer who asked for secrecy (客户保密)
    EXPORT = "export"  # sheets with masked names
    EXPORT_FULL = "export_full"  # sheets with whole names
    EXPORT_CASE = "export_case"  # the sheets of one case, for the customer and the file
    MERGE = "merge"  # say that two customers are one, or not, and of which class one is
    CATEGORIES = "categories"  # the shop's own categories and words
    TEMPLATES = "templates"  # the shop's own workbooks
    CALENDAR = "calendar"
    DEADLINES = "deadlines"
    SETTINGS = "settings"
    STAFF = "staff"  # operators, roles, PINs
    BACKUP = "backup"  # take a copy of all out of the house
    RESTORE = "restore"
    VERIFY = "verify"
    JOURNAL = "journal"  # read who did what
    LOCK_MONTH = "lock_month"
    VOLUMES = "volumes"  # say how many customers were served
    SURVEY = "survey"  # type in answered sheets of the satisfaction survey
    ASSESS = "assess"  # note and read the scores of the staff
    PERSON = "person"  # what is on file of one person, on their request; a consent withdrawn
    ERASE = "erase"  # make anonymous what was kept long enough, or what has to go


Granted: TypeAlias = "Right | Action"

ALL: tuple[Granted, ...] = (*Right, *(action for action in Action))


def read_rights(table: Mapping[str, object]) -> Mapping[Granted, Role]:
    """Build the table; every right must have its role.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    if set(table) - set(ALL):
        raise ValueError(f"{min(set(table) - set(ALL))}: rights")
    return {right: Role(str(table[right])) for right in ALL}

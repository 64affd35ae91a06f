"""The rules of early warning that are in force: those of the house, bent by the shop's own file where that is good."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain import rule_tables
from desk_app.domain.warning_file import read_rules
from desk_app.errors import KnownError
from desk_app.services import rule_file
from desk_app.services.results import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.domain.warning import Tested, WarningRules
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace


class InForce(NamedTuple):
    """The rules, what is wrong with the shop's file where they are not by it, and how the file stood when it was read.

    ``tested`` keeps what is counted once a month (``domain.warning.Watch``).
    """

    rules: WarningRules
    fault: Finding | None
    stamp: tuple[int, int] | None
    tested: Tested


def in_force(ws: Workspace) -> InForce:
    """Return the rules by which is warned now; a file that was changed holds at once.

    A file with a mistake is never half in force: the rules of the house go on, and ``fault`` says what is wrong.
    """
    path = ws.folder.warnings
    stamp = rule_file.stamp(path)
    if ws.warnings is None or ws.warnings.stamp != stamp:
        fault = None
        try:
            rules = check(ws.rules, path) if stamp else read_rules(ws.rules.warnings, {})
        except KnownError as error:
            rules = read_rules(ws.rules.warnings, {})
            fault = Finding("warnings_refused", {"file": path, "reason": error})
        ws.warnings = InForce(rules, fault, stamp, {})
    return ws.warnings


def check(rules: Rules, path: Path) -> WarningRules:
    """Return the rules by a file.

    Raises:
        KnownError: the file cannot be read, or ``deadlines_…``, saying where.
    """
    return read_rules(rules.warnings, rule_tables.parse(rule_file.read_text(path)))

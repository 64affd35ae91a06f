"""Use cases: one function, one transaction, one returned value that says what changed.

Every function takes an open :class:`~desk_app.services.workspace.Workspace` first and runs on the thread that opened
it. Both faces of the program, window and command line, call these and nothing below them.

``services.intake``, ``services.desk`` … are loaded when they are first asked for (PEP 562): the window paints and takes
keys before it needs any of them, and its storage thread is the first to ask.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from desk_app.services import (
        access,
        attachments,
        calendar,
        customers,
        desk,
        duties,
        export,
        figures,
        guide,
        handover,
        intake,
        offers,
        package,
        paper,
        person,
        recovery,
        reminders,
        results,
        retention,
        rule_file,
        saved_views,
        search,
        set_aside,
        shop,
        solutions,
        surroundings,
        upkeep,
        warnings,
        workspace,
    )

__all__ = [
    "access",
    "attachments",
    "calendar",
    "customers",
    "desk",
    "duties",
    "export",
    "figures",
    "guide",
    "handover",
    "intake",
    "offers",
    "package",
    "paper",
    "person",
    "recovery",
    "reminders",
    "results",
    "retention",
    "rule_file",
    "saved_views",
    "search",
    "set_aside",
    "shop",
    "solutions",
    "surroundings",
    "upkeep",
    "warnings",
    "workspace",
]


def __getattr__(name: str) -> "ModuleType":
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(name)

"""The shop's own rules: a file that a person writes, and the last good one, which stays in force when it is not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.domain import rule_tables, shop_rules
from desk_app.domain.calendar_csv import decode
from desk_app.domain.journal import JournalEntry, Noted
from desk_app.domain.rights import Right
from desk_app.errors import KnownError
from desk_app.services.files import read_bytes
from desk_app.services.results import Changes, Finding, Shop
from desk_app.storage import calendar, journal, settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from desk_app.domain.shop_rules import Edit
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Store, Transaction

GOOD = "deadlines_good"
"""The setting that keeps the text of the last good file."""

_SUBJECT = "deadlines"
_HEAD = "# Written by the settings page; what is not here is as it was shipped. Format: docs/deadlines.md\n\n"


@dataclass(frozen=True, slots=True)
class RulesSaved:
    """The rules after a change in the window; ``kept`` is the copy of a file that a person had written.

    ``as_told`` counts the open follow-ups that a changed rule leaves due when they were; 0 where no rule changed.
    """

    shop: Shop
    changes: Changes
    kept: Path | None
    as_told: int = 0


def check(rules: Rules, path: Path) -> None:
    """Look whether a file could be the shop's rules.

    Raises:
        KnownError: the file cannot be read, or ``deadlines_…``, saying where.
    """
    rules.bent(read_text(path))


def stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes when the file does; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def renewed(store: Store, rules: Rules, path: Path, stored: Shop, now: datetime) -> Shop:
    """Return the shop with the rules that are in force; a file that is good is kept as the last good one.

    ``stored`` carries the last good text of the register. Where the day's end has changed, the counted due dates are
    to be reckoned anew (``services.calendar.recount``). Who wrote the file nobody knows, and the journal names nobody.
    """
    text, fault = _in_force(rules, path, stored.deadlines)
    if fault is None and text != stored.deadlines:
        with suppress(KnownError), store.transaction() as conn:  # busy or read-only: it is in force, and kept next time
            _keep(conn, rules, text, stored, JournalEntry(at=now, by="", what=Noted.SETTING, subject=_SUBJECT))
    return replace(stored, deadlines=text, rules_fault=fault)


def save(ws: Workspace, edits: Sequence[Edit]) -> RulesSaved:
    """Set some values and write the file anew: whole or not at all; then one transaction for the last good one.

    What is as shipped is left out. A file that a person wrote is kept beside it under the present time, for its
    comments cannot be carried over.

    Raises:
        KnownError: ``deadlines_…`` where these would be no rules, or the file cannot be written; nothing is changed.
    """
    ws.require(Right.DEADLINES)
    from desk_app.sheets import target  # noqa: PLC0415 -- no opening waits for what only a save needs

    ws.look_again()  # the file may have been changed since the person looked
    before = ws.policy.deadlines.rules
    path = ws.folder.deadlines
    own = shop_rules.edited(ws.rules.deadlines, rule_tables.parse(ws.shop.deadlines), edits)
    text = _HEAD + shop_rules.written(own)
    ws.rules.bent(text)
    target.make_folder(path.parent)
    kept = None
    if path.exists() and not _is_ours(path):
        kept = path.with_name(f"{path.stem}.{ws.clock.now():%Y%m%d-%H%M%S}{path.suffix}")
        kept = target.free_name(kept) if kept.exists() else kept
        target.replace_file(kept, read_bytes(path))
    target.replace_file(path, text.encode())
    if text != ws.shop.deadlines:
        with suppress(KnownError), ws.store.transaction() as conn:  # as in renewed, but that it is known who did it
            entry = JournalEntry(at=ws.clock.now(), by=ws.operator, what=Noted.SETTING, subject=_SUBJECT)
            _keep(conn, ws.rules, text, ws.shop, entry)
    ws.look_again()
    as_told = _open_follow_ups(ws.store) if ws.policy.deadlines.rules != before else 0
    return RulesSaved(ws.shop, Changes(queue=True, shop=True), kept, as_told)


def _keep(conn: Transaction, rules: Rules, text: str, before: Shop, entry: JournalEntry) -> None:
    """Keep a text as the last good one; where the day ends otherwise by it, what is counted is reckoned anew."""
    settings.write(conn, {GOOD: text})
    journal.add(conn, replace(entry, data={"old": before.deadlines, "new": text}))
    if _day_end(rules, text) != _day_end(rules, before.deadlines):
        calendar.ask_for_recount(conn, before.operator)


def _open_follow_ups(store: Store) -> int:
    from desk_app.domain.queue import Span  # noqa: PLC0415 -- no opening waits for what only a save needs
    from desk_app.storage import queue  # noqa: PLC0415

    with store.reading() as conn:
        return queue.counts(conn, {Span()})[Span()]


def _in_force(rules: Rules, path: Path, good: str) -> tuple[str, Finding | None]:
    """Return the text to go by, and what is wrong with the file where that is not the file's.

    A file that is gone is no wish to have none: the register may have been brought here by itself.
    """
    try:
        text = read_text(path)
        rules.bent(text)
    except KnownError as error:
        is_gone = error.code == "file_missing"
        if is_gone and not good:
            return "", None
        fault = Finding("deadlines_missing" if is_gone else "deadlines_refused", {"file": path, "reason": error})
        return (good if _day_end(rules, good) else ""), fault
    return text, None


def _day_end(rules: Rules, text: str) -> object:
    """Return when a counted day ends by some rules; None where they are none (kept by another version, say)."""
    try:
        return rules.bent(text).deadlines.day_end
    except KnownError:
        return None


def _is_ours(path: Path) -> bool:
    """Whether a file is just what :func:`save` writes, so that nothing is lost with it."""
    try:
        text = read_text(path)
        return text == _HEAD + shop_rules.written(rule_tables.parse(text))
    except KnownError:
        return False


def read_text(path: Path) -> str:
    """Return what stands in a file of rules; raises ``deadlines_not_text``, or that it cannot be read."""
    try:
        return decode(read_bytes(path))
    except KnownError as error:
        if error.code == "calendar_not_text":
            raise KnownError("deadlines_not_text") from error
        raise

"""Backups in words: for the page of a lost register, and for the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.sentences import short_time
from desk_app.services.recovery import State
from desk_app.services.second_place import SecondState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desk_app.errors import KnownError
    from desk_app.sentences import Sentences
    from desk_app.services.drill import Drilled
    from desk_app.services.recovery import Offered, Survey
    from desk_app.services.restoring import Restored
    from desk_app.services.salvaging import Beyond, Salvaged
    from desk_app.services.second_place import SecondPlace

_WRONG = {
    "database_damaged": "lost_damaged",
    "database_missing": "lost_missing",
    "database_foreign": "lost_foreign",
    "database_newer": "lost_newer",
}
_SECOND = {
    SecondState.OFF: "second_none_yet",
    SecondState.NEVER: "second_never",
    SecondState.FRESH: "second_fresh",
    SecondState.DUE: "second_due",
}
_MEGA = 1_000_000
_FINDINGS, _NUMBERS = 20, 100


def wrong(sentences: Sentences, error: KnownError | None, *, is_new: bool) -> str:
    """Return what is wrong with a register that is lost, and that nothing was done to its file; or that it is sound."""
    if error is None:
        return sentences.say("recovery_new" if is_new else "recovery_sound", {})
    return sentences.say(_WRONG[error.code], error.params)


def found(sentences: Sentences, survey: Survey, *, is_lost: bool) -> Sequence[str]:
    """Return which backup is the best, and what would be missing after it."""
    say, best, lacking = sentences.say, survey.best, survey.lacking
    if best is None:
        return (say("recovery_none", {}),)
    told = [say("recovery_best", {"made_at": best.made_at, "cases": survey.cases})]
    if lacking is None:
        told.append(say("recovery_lacks_unknown", {"made_at": best.made_at}))
    elif lacking.cases or lacking.events:
        code = "recovery_lacks" if is_lost else "recovery_lacks_then"
        told.append(say(code, {"cases": lacking.cases, "events": lacking.events}))
    else:
        told.append(say("recovery_lacks_nothing", {}))
    return told


def restored(sentences: Sentences, found: Restored, *, is_all: bool) -> Sequence[str]:
    """Return what came of a restore; ``is_all``: nothing came after the backup that a damaged file might still hold."""
    say = sentences.say
    told = [say("recovery_done", {"cases": found.cases})]
    if found.kept is not None:
        told.append(say("recovery_kept", {"path": found.kept}))
    if found.missing:
        told.append(say("recovery_files_missing", {"count": found.missing, "numbers": "、".join(found.numbers)}))
    if not is_all:
        told.append(say("recovery_then_salvage", {}))
    return told


def salvaged(sentences: Sentences, found: Salvaged, out: Path, beyond: Beyond | None) -> str:
    """Return what could be read of a damaged file, and what to do with it.

    ``beyond`` is what the present register lacks of it; None where none has taken its place yet. A part of a register
    is never offered in the place of a whole one.
    """
    say = sentences.say
    told = [say("recovery_salvaged", {"cases": found.cases, "events": found.events, "path": out})]
    if beyond is None:
        if found.missing:
            told.append(say("recovery_unread", _numbers(found.missing)))
    elif beyond.read or beyond.lost:
        if beyond.read:
            told.append(say("recovery_enter_again", _numbers(beyond.read)))
        if beyond.lost:
            told.append(say("recovery_lost", _numbers(beyond.lost)))
    else:
        told.append(say("recovery_nothing_beyond", {}))
    if not found.missing and not found.unreadable:
        told.append(say("recovery_salvaged_next", {}))
    return "\n".join(told)


def _numbers(numbers: Sequence[str]) -> dict[str, object]:
    more = "……" if len(numbers) > _NUMBERS else ""
    return {"count": len(numbers), "numbers": "、".join(numbers[:_NUMBERS]) + more}


def line(sentences: Sentences, offered: Offered) -> tuple[str, str, str, str, str]:
    """Return a backup as a row: when, state, where, size, name."""
    label = sentences.label
    state = label("backup", offered.state)
    if offered.state is State.SOUND and offered.checked_at is not None:
        state = f"{state}（{short_time(offered.checked_at)}）"
    return (
        short_time(offered.made_at),
        state,
        label("backup", "elsewhere" if offered.is_elsewhere else "here"),
        f"{max(0.1, offered.size / _MEGA):.1f} MB",
        offered.path.name,
    )


def second(sentences: Sentences, place: SecondPlace) -> str:
    """Return how it stands with the second place."""
    params = {"path": place.path, "last": place.last, "days": place.days}
    told = sentences.say(_SECOND[place.state], params)
    if place.state is SecondState.OFF or place.is_there:
        return told
    return f"{told}；{sentences.say('second_not_in', {})}"


def second_reminder(sentences: Sentences, place: SecondPlace) -> str:
    """Return the line of the standing bar; empty where nothing is due."""
    if place.state not in (SecondState.NEVER, SecondState.DUE):
        return ""
    return f"{second(sentences, place)}。{sentences.say('second_key', {})}"


def drilled(sentences: Sentences, found: Drilled) -> Sequence[str]:
    """Return what a drill did and found."""
    say = sentences.say
    if not found.ok:
        failed = say("drill_failed", {"path": found.path, "count": len(found.findings)})
        return (failed, *(say(each.code, each.params) for each in found.findings[:_FINDINGS]))
    params = {
        "path": found.path,
        "cases": found.cases,
        "rows": found.rows,
        "files": found.files,
        "seconds": f"{found.seconds:.1f}",
    }
    told = [say("drill_ok", params)]
    if found.lost_cases or found.lost_events:
        told.append(say("drill_lost", {"cases": found.lost_cases, "events": found.lost_events}))
    return told

"""Backups in words: for the page of a lost register, and for the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.sentences import short_time
from desk_app.services.recovery import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_app.errors import KnownError
    from desk_app.sentences import Sentences
    from desk_app.services.recovery import Offered, Survey

_WRONG = {
    "database_damaged": "recovery_damaged",
    "database_missing": "recovery_missing",
    "database_foreign": "recovery_foreign",
    "database_newer": "recovery_newer",
}
_MEGA = 1_000_000


def wrong(sentences: Sentences, error: KnownError) -> str:
    """Return what is wrong with a register that is lost, and that nothing was done to its file."""
    return sentences.say(_WRONG[error.code], error.params)


def found(sentences: Sentences, survey: Survey) -> Sequence[str]:
    """Return which backup is the best, and what would be missing after it."""
    say, best, lacking = sentences.say, survey.best, survey.lacking
    if best is None:
        return (say("recovery_none", {}),)
    told = [say("recovery_best", {"made_at": best.made_at, "cases": survey.cases})]
    if lacking is None:
        told.append(say("recovery_lacks_unknown", {"made_at": best.made_at}))
    elif lacking.cases or lacking.events:
        told.append(say("recovery_lacks", {"cases": lacking.cases, "events": lacking.events}))
    else:
        told.append(say("recovery_lacks_nothing", {}))
    return told


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

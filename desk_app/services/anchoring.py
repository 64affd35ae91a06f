"""Use cases of the anchors: heads of the ledger that are written down outside of the register."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from desk_app.storage import anchors, ledger
from desk_app.storage.anchors import Anchor
from desk_app.storage.ledger import Head

if TYPE_CHECKING:
    from desk_app.domain.sealed import Fit, Occasion
    from desk_app.services.workspace import Workspace

_SHOWN = 6  # characters of a MAC that stand on paper


def head(ws: Workspace) -> Head:
    """Return the end of the ledger as of now."""
    with ws.store.reading() as conn:
        return ledger.head(conn)


def drop(ws: Workspace, what: Occasion) -> None:
    """Write the end of the ledger down in the data folder; where the disk refuses, the register is none the worse."""
    with suppress(OSError):
        anchors.drop(ws.folder.anchors, Anchor(ws.clock.now(), what, head(ws)))


def fit(ws: Workspace, told: Head) -> Fit:
    """Say whether the ledger has the line that something tells of."""
    with ws.store.reading() as conn:
        return anchors.fit(conn, told)


def on_paper(told: Head) -> str:
    """Return a head as it stands at the foot of a sheet: ``1234·9f3ac2``."""
    return f"{told.id}·{told.mac[:_SHOWN]}"


def written(told: Head) -> str:
    """Return a head as it stands in the properties of a file."""
    return f"{told.id}:{told.mac}"


def read_head(text: str) -> Head | None:
    """Return the head that stands in the properties of a file, or None where none does."""
    number, _, mac = text.partition(":")
    return Head(int(number), mac) if number.isdecimal() and mac.isalnum() else None

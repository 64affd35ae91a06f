"""Half-typed forms that the register cannot take at present: kept in a file beside it until it can.

The file holds what customers said, as the register does, and is as private (0600). It is written anew as a whole under
another name and renamed, so that it is never half written.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from desk_app.services import intake
from desk_app.services.results import Changes, Draft

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace


_UNREADABLE = ".unreadable"


def keep(folder: DataFolder, forms: Mapping[str, Mapping[str, object]]) -> bool:
    """Keep these forms, by the request id that each save will carry, and return whether the disk took them.

    What was kept before stays, but for a form that is kept anew, and one that holds nothing any more; where none is
    left the file goes. A file that cannot be read is moved aside, never written over.
    """
    part = folder.unsaved.with_suffix(".part")
    try:
        known = _read(folder)
        if known is None:
            folder.unsaved.replace(folder.unsaved.with_suffix(_UNREADABLE))
        worth = {draft_id: values for draft_id, values in {**(known or {}), **forms}.items() if values}
        if not worth:
            folder.unsaved.unlink(missing_ok=True)
            return True
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            json.dump(worth, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder.unsaved)
    except OSError:
        return False
    return True


def kept(folder: DataFolder, now: datetime) -> tuple[Draft, ...]:
    """Return the forms that are kept beside the register."""
    return tuple(Draft(draft_id, values, now) for draft_id, values in (_read(folder) or {}).items())


def take_back(ws: Workspace) -> Changes | None:
    """Make drafts of the forms that were kept beside the register, and return what changed; None where none were.

    Each draft is stored before the file goes. A file that cannot be read is left where it is.
    """
    forms = _read(ws.folder)
    if not forms:
        return None
    for draft_id, values in forms.items():
        intake.save_draft(ws, draft_id, values)
    with suppress(OSError):
        ws.folder.unsaved.unlink()
    return Changes(drafts=True)


def _read(folder: DataFolder) -> Mapping[str, Mapping[str, object]] | None:
    """Return the forms in the file, none where there is no file, None where it is not one of ours."""
    try:
        forms = json.loads(folder.unsaved.read_text(encoding="ascii"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return None
    is_ours = isinstance(forms, dict) and all(isinstance(values, dict) for values in forms.values())
    return forms if is_ours else None

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
from desk_app.services.results import Changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace


def keep(folder: DataFolder, forms: Mapping[str, Mapping[str, object]]) -> bool:
    """Keep these forms, by the request id that each save will carry, and return whether the disk took them.

    Forms that hold nothing are left out; where none is left the file goes.
    """
    worth = {draft_id: values for draft_id, values in forms.items() if values}
    part = folder.unsaved.with_suffix(".part")
    try:
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


def take_back(ws: Workspace) -> Changes | None:
    """Make drafts of the forms that were kept beside the register, and return what changed; None where none were.

    Each draft is stored before the file goes. A file that cannot be read is left where it is.
    """
    try:
        forms = json.loads(ws.folder.unsaved.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    for draft_id, values in forms.items():
        intake.save_draft(ws, draft_id, values)
    with suppress(OSError):
        ws.folder.unsaved.unlink()
    return Changes(drafts=True)

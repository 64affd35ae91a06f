"""The handling guide of one shop: what is shipped, and what the shop has written itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.guide import SHOP, Guide, read_guide, read_phrases
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.services.rules import read_toml

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.domain.guide import Phrase
    from desk_app.services.workspace import Workspace


def load_guide(ws: Workspace, resources: Path | None = None) -> Guide:
    """Read the guide and every pack of phrases from their files; the register is not asked.

    A pack is called what its file is called; the shop's own comes first. A file or a line of phrases that cannot be
    used is told in ``broken``.

    Raises:
        KnownError: ``resource_broken``: the guide itself cannot be read.
    """
    root = resources or resources_dir()
    own = [(ws.folder.phrases, SHOP)] if ws.folder.phrases.exists() else []
    phrases: list[Phrase] = []
    broken: list[KnownError] = []
    for path, pack in [*own, *((path, path.stem) for path in sorted((root / "phrases").glob("*.tsv")))]:
        try:
            read, wrong = read_phrases(path.read_bytes(), pack, str(path))
        except OSError as error:
            broken.append(KnownError("file_unreadable", path=path, reason=error.strerror))
        else:
            phrases += read
            broken += wrong
    return Guide(read_toml(root / "guide.toml", read_guide), tuple(phrases), tuple(broken))

"""The shop's own workbooks with placeholders (docs/templates.md): checked, and filled with cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.domain.register_line import LINE_KEYS
from desk_app.errors import KnownError
from desk_app.services import sheets

if TYPE_CHECKING:
    from desk_app.services.sheets import Scope
    from desk_app.services.workspace import Workspace

HEAD_KEYS = frozenset({"shop", "first", "last", "count", "by", "at", "privacy"})
"""What a placeholder may say of the whole file."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file that is about to be written: what it is called and holds, and who writes it (path, properties).

    Writing returns what somebody has to be told of the file. ``narrowed`` says in words which cases it is of beside the
    period; empty: all of them.
    """

    title: str
    sheets: str
    rows: int
    masked: bool
    suffix: str
    write: Callable[[Path, Mapping[str, str]], tuple[KnownError, ...]]
    narrowed: str = ""


def check(path: Path) -> tuple[KnownError, ...]:
    """Return everything that hinders the filling of a template; nothing: it can be filled."""
    from desk_app.sheets.template import Keys, check_template  # noqa: PLC0415 -- only when one is wanted

    return check_template(path, Keys(HEAD_KEYS, LINE_KEYS))


def piece(ws: Workspace, path: Path, scope: Scope, *, by: str) -> Piece:
    """Return a template filled with the cases of a scope, ready to be written.

    Raises:
        KnownError: ``template_…``, what is wrong with the template; ``case_unknown``.
    """
    from desk_app.sheets.template import Keys, fill_template, read_template  # noqa: PLC0415 -- only when one is wanted

    template = read_template(path, Keys(HEAD_KEYS, LINE_KEYS))
    head, lines, masked = sheets.case_lines(ws, template.keys, scope, by=by)
    return Piece(
        title=path.stem,
        sheets=path.name,
        rows=len(lines),
        masked=masked,
        suffix=".xlsx",
        write=lambda target, properties: fill_template(template, head, lines, target, properties).notes,
    )

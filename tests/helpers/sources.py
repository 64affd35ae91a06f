"""What the program's own source says of codes: read from its syntax, so that no code is forgotten."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Raised:
    """A code in the source, with the names that will fill its sentence; None where they are only known at run time."""

    table: str
    code: str
    names: frozenset[str] | None
    where: str


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Go through the syntax of every file of the program."""
    for package in ("desk_app", "ui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield f"{path.relative_to(ROOT)}", ast.parse(path.read_text(encoding="utf-8"))


def words() -> set[str]:
    """Return every string constant of the program that is a single word."""
    return {
        node.value
        for _, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier()
    }


def raised() -> list[Raised]:
    """Return every code that is raised, returned or said by name."""
    found: list[Raised] = []
    for file, module in modules():
        for node in ast.walk(module):
            where = f"{file}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call):
                found += _of_call(node, where)
            elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[1], ast.Dict):
                code, params = node.elts
                found += [Raised("errors", c, _keys(params), where) for c in _constants(code)]
    return found


def _of_call(call: ast.Call, where: str) -> list[Raised]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    match name, call.args:
        case ("KnownError" | "BadValueError" | "say" | "_tell", [code]) if call.keywords or name != "_tell":
            table = "problems" if name == "BadValueError" else "errors"
            return [Raised(table, c, _keywords(call), where) for c in _constants(code)]
        case ("say" | "Finding", [code, params]):
            return [Raised("errors", c, _keys(params), where) for c in _constants(code)]
        case ("Step", [code, params]):
            return [Raised("steps", c, _keys(params), where) for c in _constants(code)]
        case ("Problem", [_, code, *params]):
            names = _keys(params[0]) if params else frozenset[str]()
            return [Raised("problems", c, names, where) for c in _constants(code)]
        case _:
            return []


def _constants(node: ast.expr) -> list[str]:
    """Return the codes an expression may be: one, or one of two."""
    match node:
        case ast.Constant(value=str(code)):
            return [code]
        case ast.IfExp(body=body, orelse=other):
            return [*_constants(body), *_constants(other)]
        case _:
            return []


def _keywords(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


def _keys(node: ast.expr) -> frozenset[str] | None:
    if not isinstance(node, ast.Dict):
        return None
    return frozenset(key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))

"""Which use cases ask who acts: read from the source, so that a new one that forgot to is found."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SERVICES = Path(__file__).resolve().parents[2] / "desk_app" / "services"
_ASKS = frozenset({"require", "require_person", "operator", "context", "note"})
"""What of a workspace raises ``locked`` where nobody is signed in."""


def use_cases() -> Mapping[str, bool]:
    """Return the public functions of services that take a workspace (``desk.act``), each with whether it asks who acts.

    It asks by itself, or by another function of services that it calls.
    """
    functions = dict(_functions())
    return {
        name: _asks(name, functions, frozenset())
        for name, node in sorted(functions.items())
        if node.args.args and node.args.args[0].arg == "ws" and not node.name.startswith("_")
    }


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in _SERVICES.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield f"{path.stem}.{node.name}", node


def _asks(name: str, functions: Mapping[str, ast.FunctionDef], seen: frozenset[str]) -> bool:
    if name in seen or name not in functions:
        return False
    nodes = list(ast.walk(functions[name]))
    return any(map(_is_question, nodes)) or any(
        _asks(called, functions, seen | {name})
        for node in nodes
        for called in _called_by(node, name.partition(".")[0], functions)
    )


def _is_question(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="ws"), attr=attr):
            return attr in _ASKS
    return False


def _called_by(node: ast.AST, module: str, functions: Mapping[str, ast.FunctionDef]) -> Iterator[str]:
    """Go through what a call may call: a function of its module, one that was imported by name, or by its module."""
    match node:
        case ast.Call(func=ast.Name(id=own)):
            yield f"{module}.{own}"
            if not own.startswith("_"):
                yield from (each for each in functions if each.endswith(f".{own}"))
        case ast.Call(func=ast.Attribute(value=ast.Name(id=other), attr=attr)):
            yield f"{other}.{attr}"

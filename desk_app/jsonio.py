"""JSON in and out: the shapes of vocabulary.md ("JSON that goes in and comes out")."""

from __future__ import annotations

import json
import uuid
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from desk_app.domain.case import Case, CaseFile
from desk_app.errors import KnownError
from desk_app.services.intake import InputLine
from desk_app.services.results import LineProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desk_app.domain.deadlines import DeadlineBook
    from desk_app.domain.finding import Hit
    from desk_app.domain.queue import QueueRow
    from desk_app.sentences import Sentences

_KEY_SHOWN = 40
_BOM = b"\xef\xbb\xbf"


def read_lines(stream: BinaryIO) -> Iterator[InputLine]:
    """Read JSON lines: one object a line, UTF-8 (a BOM is passed over), blank lines skipped.

    A line that is no JSON object comes out with its problem, so that every bad line of a file can be told at once.
    """
    for number, data in enumerate(stream, start=1):
        text = data.removeprefix(_BOM) if number == 1 else data
        if not text.strip():
            continue
        request_id = str(uuid.uuid4())
        try:
            yield InputLine(number, _object(text), request_id)
        except KnownError as error:
            params = {**error.params, "line": number}
            yield InputLine(number, None, request_id, LineProblem(number, error.code, params))


def read_object(data: bytes) -> Mapping[str, object]:
    """Read one JSON object (an action's input).

    Raises:
        KnownError: ``bad_json``, ``not_an_object`` or ``not_utf8``.
    """
    return _object(data.removeprefix(_BOM))


def case_out(file: CaseFile, sentences: Sentences, deadlines: DeadlineBook) -> dict[str, object]:
    """Return a case, what is owed on it and its history, as ``show --json`` gives them."""
    return {
        "case": {f.name: _plain(getattr(file.case, f.name)) for f in fields(Case)},
        "follow_ups": [
            {
                "id": f.id,
                "kind": f.kind,
                "owed_by": f.owed_by,
                "owed_to": f.owed_to,
                "due_at": _plain(f.due_at),
                "rule": f.rule,
                "explanation": sentences.explain(f, deadlines),
                "done_at": _plain(f.done_at),
            }
            for f in file.follow_ups
        ],
        "events": [
            {
                "at": _plain(e.at),
                "by": e.by,
                "action": e.action,
                "data": e.data,
            }
            for e in file.events
        ],
    }


def queue_out(row: QueueRow, sentences: Sentences) -> dict[str, object]:
    """Return one line of the queue, as ``queue --json`` gives it."""
    return {
        "number": row.number,
        "kind": row.kind,
        "due_at": _plain(row.due_at),
        "overdue": row.overdue,
        "owed_by": row.owed_by,
        "owed_to": row.owed_to,
        "customer": sentences.who(row.customer),
        "matter": row.matter,
        "status": row.status,
    }


def hit_out(hit: Hit, sentences: Sentences) -> dict[str, object]:
    """Return one case that was found, as ``search --json`` gives it."""
    return {
        "number": hit.number,
        "received_at": _plain(hit.received_at),
        "customer": sentences.who(hit.customer),
        "matter": hit.matter,
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if value == round(value, 2) else str(value)
    return list(value) if isinstance(value, tuple) else value


def _object(data: bytes) -> Mapping[str, object]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise KnownError("not_utf8", line=1) from error
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        raise KnownError("bad_json", line=error.lineno, column=error.colno) from error
    except (ValueError, ArithmeticError, RecursionError) as error:  # NaN, an endless number, brackets nested too deep
        raise KnownError("bad_json", line=1, column=1) from error
    if not isinstance(value, dict):
        raise KnownError("not_an_object", line=1)
    return value


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Build an object; of a key that is given twice nobody could say which value was meant."""
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise KnownError("key_twice", line=1, key=twice[:_KEY_SHOWN])
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)

"""The real month as cases with their history, for what is drawn or written from them."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING

from desk_app.domain.case import Case, CaseFile
from desk_app.domain.validation import read_submission
from desk_app.domain.vocabulary import Action, Status
from tests.helpers.builders import NOW
from tests.helpers.records import a_context, a_deed, acted_on, opened

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.services.rules import Rules


def read_month(real_data: Path, rules: Rules) -> list[CaseFile]:
    """Return the 320 real cases, 200 of them answered."""
    context = a_context(rules, now=NOW)
    replies = {reply["line"]: reply for reply in _lines(real_data / "month_2026-10_replies.jsonl")}
    files = []
    for line, raw in enumerate(_lines(real_data / "month_2026-10.jsonl"), 1):
        given = read_submission(raw, context)
        values = {f.name: getattr(given, f.name) for f in fields(given)}
        case = Case(**values, number=f"TS-202610-{line:03}", entered_at=NOW, status=Status.REGISTERED)
        file = opened(case, rules.policy)
        if line in replies:
            deed = a_deed(Action.REPLY, case.received_at + timedelta(hours=1), NOW, content=replies[line]["content"])
            file = acted_on(file, rules.policy, deed)
        files.append(file)
    return files


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

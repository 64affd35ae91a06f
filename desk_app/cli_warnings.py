"""The command that tells what is warned of early (预警)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk_app.face import Face, tell
from desk_app.services import warning_rules
from desk_app.services import warnings as early
from desk_app.services.export import month_of

if TYPE_CHECKING:
    from desk_app.domain.heeding import EarlyWarning
    from desk_app.services.workspace import Workspace

_NUMBERS = 5


@click.command()
@click.option("--month", default="", help="哪个月（2026-10，或 last；默认：本月）")
@click.option("--check", type=click.Path(path_type=Path, dir_okay=False), help="只看一份预警规则文件对不对")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def warnings(face: Face, month: str, check: Path | None, *, as_json: bool) -> None:
    """预警：哪些事这个月、这一季、这一年一再发生，哪些比平常多。"""
    if check is not None:
        warning_rules.check(face.rules, check)
        click.echo(face.say("warnings_sound", file=check))
        return
    with face.workspace() as ws:
        today = ws.clock.now().date()
        period = month_of(month or today.isoformat()[:7], today)
        found = early.of_period(ws, period, today)
        told = [_out(ws, each) if as_json else _line(face, ws, each) for each in found]
        fault = early.fault(ws)
    if fault is not None:
        tell(face.say(fault.code, **fault.params))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo("\n".join(map(str, told)) or face.say("warnings_none", month=period.name))


def _out(ws: Workspace, warning: EarlyWarning) -> dict[str, object]:
    heed = warning.heed
    return {
        "period": warning.period,
        "rule": warning.rule,
        "part": warning.part,
        "item": warning.item,
        "level": warning.level,
        "rising": warning.rising,
        **warning.times._asdict(),
        "since": warning.since.isoformat(),
        "numbers": early.numbers(ws, warning),
        "is_heeded": warning.is_heeded,
        "heed": {"at": heed.at.isoformat(), "by": heed.by, "level": heed.level, "measure": heed.measure}
        | {"cause": heed.cause, "number": heed.number}
        if heed
        else None,
    }


def _line(face: Face, ws: Workspace, warning: EarlyWarning) -> str:
    """Return one for people: what, how often in quarter and year, since when, by which cases, and whether heeded."""
    times = face.say("warning_times", quarter=warning.times.quarter, year=warning.times.year, since=warning.since)
    numbers = "、".join(early.numbers(ws, warning, _NUMBERS)) + "…" * (warning.times.month > _NUMBERS)
    heeded = face.rules.sentences.label("figures", "heeded") if warning.is_heeded else ""
    return "  ".join(filter(None, (early.sentence(ws, warning), times, numbers, heeded)))

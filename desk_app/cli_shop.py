"""The commands about the shop itself: its calendar, its rules. ``cli`` gives each its ``--data``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk_app.face import Face, tell
from desk_app.sentences import short_day, short_time
from desk_app.services import calendar as calendars
from desk_app.services import rule_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk_app.services.calendar import CalendarSaved, Moved
    from desk_app.services.workspace import Workspace

_FILE = click.Path(path_type=Path)
_FIRST_YEAR, _LAST_YEAR = 1950, 2999


@click.group()
def calendar() -> None:
    """工作日历：官方放假调休之外，本店自己的 休、班、停业、营业。"""


@calendar.command()
@click.argument("year", type=click.IntRange(_FIRST_YEAR, _LAST_YEAR))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(face: Face, year: int, as_json: bool) -> None:
    """查看：一年里与星期不同的日子，官方的和本店的。"""
    with face.workspace() as ws:
        days, label = ws.policy.deadlines.calendar(), face.rules.sentences.label
    is_provisional, listed = days.is_provisional(year), days.listed(year)
    if as_json:
        told = [
            {"date": e.day.isoformat(), "kind": e.kind, "name": e.name, "source": e.source, "own": is_own}
            for e, is_own in listed
        ]
        click.echo(json.dumps({"year": year, "provisional": is_provisional, "days": told}, ensure_ascii=False))
        return
    if is_provisional:
        tell(face.say("calendar_provisional", year=year))
    for entry, is_own in listed:
        owner = label("word", "own" if is_own else "official")
        words = (short_day(entry.day), label("day", entry.kind), entry.name, owner, entry.source)
        click.echo("  ".join((entry.day.isoformat(), *words)).rstrip())


@calendar.command(name="import")
@click.argument("file", type=_FILE)
@click.pass_obj
def import_command(face: Face, file: Path) -> None:
    """读入：CSV 文件（日期,类别,名称,来源）；有一行不对就一行也不读。印出因此改期的事项。"""
    with face.workspace() as ws:
        saved = calendars.import_file(ws, file)
        _tell_saved(face, ws, saved)


@calendar.command(name="export")
@click.argument("file", type=_FILE)
@click.option("--year", type=click.IntRange(_FIRST_YEAR, _LAST_YEAR), help="这一年的全部，连官方的（默认：只有本店的）")
@click.pass_obj
def export_command(face: Face, file: Path, year: int | None) -> None:
    """写出：CSV 文件，可在 Excel 里改了再读入。"""
    with face.workspace() as ws:
        count = calendars.export_file(ws, file, year)
    click.echo(face.say("calendar_written", count=count, path=file))


@click.command()
@click.option("--check", is_flag=True, help="只看 FILE（默认：数据文件夹里的 deadlines.toml）对不对")
@click.argument("file", type=_FILE, required=False)
@click.pass_obj
def rules(face: Face, check: bool, file: Path | None) -> None:
    """时限规则：列出现行的规则，或检查一份时限文件。"""
    path = file or face.data.deadlines
    if check:
        rule_file.check(face.rules, path)
        click.echo(face.say("deadlines_sound", file=path))
        return
    if file is not None:
        raise click.UsageError(face.say("deadlines_check_only"))
    with face.workspace() as ws:
        book, sentences = ws.policy.deadlines, face.rules.sentences
    for rule in book.rules:
        state = sentences.label("word", "in_force" if rule.enabled else "not_in_force")
        click.echo("  ".join((rule.id, state, str(rule.term), sentences.term(rule.term), rule.title)))


def _tell_saved(face: Face, ws: Workspace, saved: CalendarSaved) -> None:
    click.echo(face.say("calendar_saved", added=saved.added, replaced=saved.replaced))
    moved = calendars.recount_all(ws)
    click.echo(face.say("calendar_moved" if moved else "calendar_moved_none", count=len(moved)))
    _print_moved(face, moved)
    for year in calendars.provisional_years(ws):
        tell(face.say("calendar_provisional", year=year))


def _print_moved(face: Face, moved: Iterable[Moved]) -> None:
    for each in moved:
        kind = face.rules.sentences.label("follow_up", each.kind)
        click.echo(f"{each.number}  {kind}  {short_time(each.old)} → {short_time(each.new)}")

"""The commands about the figures of the shop: how many it served, its survey, the scores of its people."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from desk_app.domain.figures import share
from desk_app.domain.volumes import kind_of, read_month
from desk_app.errors import KnownError
from desk_app.face import Face, tell
from desk_app.sentences import short_time
from desk_app.services import assessments, solutions
from desk_app.services import survey as surveys
from desk_app.services import volumes as served

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.services.volumes import VolumesSaved
    from desk_app.services.workspace import Workspace


_SOLUTIONS = 20
"""How many of what helped before are listed."""


@click.group(invoke_without_command=True)
@click.option("--month", default="", help="哪个月（2026-10；默认：今年各月）")
@click.option("--set", "given", multiple=True, metavar="名称=数量", help="填这个月的数量；数量空着就是不知道")
@click.option("--yes", "is_sure", is_flag=True, help="比当月的投诉还少也存")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def volumes(context: click.Context, /, *, month: str, given: tuple[str, ...], is_sure: bool, as_json: bool) -> None:
    """接待量：算各种“率”的分母，一个月填一次；什么都不说时只列出来。"""
    if context.invoked_subcommand is not None:
        return
    face: Face = context.obj
    if given and not month:
        raise click.UsageError(face.say("volumes_set_alone"))
    with face.workspace() as ws:
        months = [read_month(month, ws.clock.now().date())] if month else []
        if given:
            counts = _given(face, ws, given)
            _store(face, lambda: served.put(ws, months[0], counts, str(uuid4()), is_sure=is_sure))
        if not months:
            months = [line.month for line in served.year(ws, ws.clock.now().year)]
        known = served.volumes(ws, months[0], months[-1])
        _tell(face, ws, {each: known.get(each, {}) for each in months}, as_json=as_json)


@volumes.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="只试读，不存")
@click.option("--yes", "is_sure", is_flag=True, help="比当月的投诉还少也存")
@click.pass_obj
def import_volumes(face: Face, /, file: Path, *, dry_run: bool, is_sure: bool) -> None:
    """从表格（.xlsx、CSV）读入接待量：列名是“月份”和各项名称，全部读入或一个也不读。"""
    with face.workspace() as ws:
        if dry_run:
            found = served.read_file(ws, file)
            _tell(
                face, ws, {month: {k: n for k, n in found[month].items() if n is not None} for month in sorted(found)}
            )
            click.echo(face.say("volumes_would_save", count=len(found)))
            return
        saved = _store(face, lambda: served.import_file(ws, file, str(uuid4()), is_sure=is_sure))
        click.echo(face.say("volumes_saved", count=len(saved.months)) if saved.months else face.say("volumes_same"))


def _given(face: Face, ws: Workspace, given: tuple[str, ...]) -> dict[str, object]:
    """Return what ``--set 接待量=3200`` says, by the keys of the kinds; the numbers as they are written."""
    kinds = served.kinds(ws.rules, ws.shop.trade)
    counts: dict[str, object] = {}
    for text in given:
        name, equals, number = unicodedata.normalize("NFKC", text).partition("=")
        if not equals:
            raise click.UsageError(face.say("volumes_set_bad", text=text))
        counts[kind_of(name, kinds) or name] = number
    return counts


def _store(face: Face, store: Callable[[], VolumesSaved]) -> VolumesSaved:
    """Store something; where fewer were served than complained, say how that is stored all the same."""
    try:
        return store()
    except KnownError as error:
        if error.code != "volume_below":
            raise
        tell(face.rules.sentences.error(error) + face.say("volumes_sure"))
        raise click.exceptions.Exit(1) from error


def _tell(face: Face, ws: Workspace, months: Mapping[str, Mapping[str, int]], *, as_json: bool = False) -> None:
    """Print a line a month: of each kind its name and number, — where nobody knows."""
    kinds = served.kinds(ws.rules, ws.shop.trade)
    if as_json:
        click.echo(json.dumps(months, ensure_ascii=False))
        return
    for month, known in months.items():
        told = (f"{label} {known.get(key, '—')}" for key, label in kinds.items())
        click.echo("  ".join((month, *told)))


@click.command()
@click.option("--year", type=int, default=None, help="哪一年（默认：今年）")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def survey(face: Face, /, *, year: int | None, as_json: bool) -> None:
    """顾客满意度调查：看一年录入的调查表的结果（在窗口里录入）。"""
    with face.workspace() as ws:
        year = ws.clock.now().year if year is None else year
        result = surveys.result(ws, year)
    if as_json:
        items = {each.item.label: {**each.counts, "share": each.share, "mean": each.mean} for each in result.items}
        told = {"year": year, "sheets": result.count, "items": items, "quality": result.quality.share}
        click.echo(json.dumps({**told, "complaints": result.complaints.share}, ensure_ascii=False))
        return
    click.echo(face.say("survey_counted", year=year, count=result.count))
    for each in result.items:
        counts = "  ".join(f"{answer} {count}" for answer, count in each.counts.items())
        click.echo(f"{each.item.label}  {counts}  {share(each.good, each.said)}")


@click.command()
@click.argument("person", default="")
@click.option("--self", "assessor", flag_value="self", help="本人评")
@click.option("--supervisor", "assessor", flag_value="supervisor", help="主管评")
@click.option("--colleague", "assessor", flag_value="colleague", help="同事评")
@click.option("--score", default="", help="1–100")
@click.pass_obj
def assess(face: Face, /, person: str, *, assessor: str | None, score: str) -> None:
    """安抚客户技巧测评：记下一个人的得分，或列出各人的。"""
    if bool(assessor) != bool(score) or (score and not person):
        raise click.UsageError(face.say("assessment_how"))
    with face.workspace() as ws:
        if assessor:
            assessments.note(ws, person, assessments.Assessor(assessor), score, str(uuid4()))
        for each in assessments.scores(ws, person):
            who = face.rules.sentences.label("assessor", each.assessor)
            click.echo("  ".join((short_time(each.at), each.person, who, str(each.score), each.band)))


@click.command(name="solutions")
@click.argument("category")
@click.option("--add", "text", default="", help="写下这一类怎么处理（店里自己的处理办法）")
@click.option("--take-back", "entry", type=int, default=0, help="不再提供哪一条（行首的号）")
@click.pass_obj
def solutions_of(face: Face, /, category: str, *, text: str, entry: int) -> None:
    """处理方案库：一类投诉以前怎么办好的；写下店里自己的办法。"""
    with face.workspace() as ws:
        if text:
            solutions.add(ws, category, text, str(uuid4()))
        if entry:
            solutions.take_back(ws, category, entry, str(uuid4()))
        for each in solutions.offered(ws, category, _SOLUTIONS):
            click.echo("  ".join((each.number or str(each.id), short_time(each.at), each.text.replace("\n", " "))))

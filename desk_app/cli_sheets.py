"""The commands about the standard sheets: what there is, files of them, and their proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk_app.errors import KnownError
from desk_app.face import Face, tell
from desk_app.services import export as exports
from desk_app.services import months, proof
from desk_app.services import package as packages
from desk_app.services import sheets as catalogue
from desk_app.services import templates as own
from desk_app.services.sheets import Scope

if TYPE_CHECKING:
    from desk_app.domain.periods import Period
    from desk_app.services.workspace import Workspace

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--month", default="", help="如 2026-10，或 last（上个月）、this（本月）")
@click.option("--period", default="", help="如 2026、2026-H2、2026-Q4、2026-W41、2026-10-01..2026-10-15、last-week")
@click.option("--case", "numbers", multiple=True, help="只导出这一件，可多次给出")
@click.option("--sheet", "sheet_ids", multiple=True, help="表的名称（desk-app sheets 列出），可多次给出")
@click.option("--template", "templates", multiple=True, type=_FILE, help="填好这个有占位符的 .xlsx，可多次给出")
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.option("--format", "file_format", type=click.Choice([each.value for each in exports.Format]), default="xlsx")
@click.option("--together", is_flag=True, help="各张表放在一个文件里")
@click.option("--package", is_flag=True, help="这个期间的整套表，放进新建的“店名_期间”文件夹；先说还缺什么")
@click.option("--strict", is_flag=True, help="整套表：还有缺的就不导出")
@click.option("--lock", is_flag=True, help="导出后锁定这个月")
@click.option("--masked/--full", default=None, help="客户信息脱敏/不脱敏（默认：按表的规定）")
@click.pass_obj
def export(  # noqa: PLR0913 -- a parameter for each option
    face: Face,
    /,
    month: str,
    period: str,
    numbers: tuple[str, ...],
    *,
    sheet_ids: tuple[str, ...],
    templates: tuple[Path, ...],
    out: Path,
    file_format: str,
    together: bool,
    package: bool,
    strict: bool,
    lock: bool,
    masked: bool | None,
) -> None:
    """导出：标准表格写成文件，印出文件路径；不说哪张表时是登记表和反馈表（单件是记录单）。"""
    if sum(map(bool, (month, period, numbers))) != 1:
        raise click.UsageError(face.say("export_what"))
    if package and (numbers or sheet_ids or templates):
        raise click.UsageError(face.say("package_alone"))
    if (strict and not package) or (lock and not month):
        raise click.UsageError(face.say("strict_of_package" if strict and not package else "lock_of_month"))
    today = face.clock.now().date()
    covered = None if numbers else exports.month_of(month, today) if month else exports.period_of(period, today)
    with face.workspace() as ws:
        order = exports.Order(
            sheets=sheet_ids or ((exports.OF_A_CASE,) if numbers and not templates else ()),
            scope=Scope(covered, numbers, masked),
            out=out,
            format=exports.Format(file_format),
            together=together,
            pdf=face.pdf,
            templates=templates,
        )
        if lock:
            months.ask(ws, month)
        if package:
            _tell_incomplete(face, ws, covered, is_strict=strict)
        result = packages.export_package(ws, order) if package else exports.export(ws, order)
        for file in result.files:
            click.echo(str(file.path))
        for note in dict.fromkeys(face.rules.sentences.error(note) for file in result.files for note in file.notes):
            tell(note)
        if lock:
            locked = months.lock_month(ws, month)
            tell(face.say("month_locked", month=locked.month, at=locked.at, by=locked.by))


def _tell_incomplete(face: Face, ws: Workspace, period: Period | None, *, is_strict: bool) -> None:
    """Say what a period is without; raises ``package_incomplete`` where nothing is to be exported so."""
    lacking = packages.incomplete(ws, period) if period is not None else ()
    for each in lacking:
        code, params = packages.told(face.rules.sentences, each)
        tell(face.say(code, **params))
    if lacking and is_strict and period is not None:
        raise KnownError("package_incomplete", period=period.name)


@click.command()
@click.option("--check", "file", type=_FILE, help="只检查这个文件（.toml 或有占位符的 .xlsx）")
@click.pass_obj
def sheets(face: Face, file: Path | None) -> None:
    """标准表格：列出可用的表，或检查一个表格文件。"""
    if file is not None and file.suffix.lower() != ".toml":
        faults = own.check(file)
        for fault in faults:
            tell(face.rules.sentences.error(fault))
        if faults:
            raise click.exceptions.Exit(1)
        click.echo(file.name)
        return
    if file is not None:
        sheet = catalogue.check(face.rules, file)
        click.echo(f"{sheet.id}  {sheet.title}")
        return
    with face.workspace() as ws:
        found, faults = catalogue.catalogue(ws)
    for sheet in found.values():
        click.echo(f"{sheet.id}  {sheet.title}")
    for fault in faults:
        tell(face.rules.sentences.error(fault))
    if faults:
        raise click.exceptions.Exit(1)


@click.command(name="lock-month")
@click.argument("month")
@click.pass_obj
def lock_month(face: Face, month: str) -> None:
    """锁定：MONTH（如 2026-10，或 last）的登记表已交出，以后的改动都看得出来。"""
    with face.workspace() as ws:
        locked = months.lock_month(ws, month)
    click.echo(face.say("month_locked", month=locked.month, at=locked.at, by=locked.by))


@click.command(name="verify-export")
@click.argument("file", type=_FILE)
@click.pass_obj
def verify_export(face: Face, file: Path) -> None:
    """核对：一个导出的文件是否还是导出时的样子。"""
    with face.workspace() as ws:
        proved = proof.prove(ws, file)
    code, params = proof.told(face.rules.sentences, file, proved)
    if not proved.is_sound:
        raise KnownError(code, **params)
    click.echo(face.say(code, **params))

"""The commands of backups: make one, put one back, try one out, keep them elsewhere and sealed, salvage a register."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from desk_app import jsonio
from desk_app.errors import KnownError
from desk_app.face import Face, is_at_terminal, tell
from desk_app.sentences import short_time
from desk_app.services import drill as drills
from desk_app.services import restoring, salvaging, sealing, second_place, upkeep
from desk_app.services.recovery import RESTORABLE
from desk_app.services.second_place import SecondState

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.clock import Clock
    from desk_app.paths import DataFolder
    from desk_app.services.restoring import Restored
    from desk_app.services.rules import Rules

_T = TypeVar("_T")
_TOLD = 20  # numbers that are told one by one
_LONGEST = 4096  # bytes of a line with a secret
_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_secret_option = click.option(
    "--secret-file", "secret", default="", help="口令或恢复码所在的文件（第一行），- 为标准输入；不给则询问"
)


@click.command()
@click.option("--to", "target", type=_FOLDER, help="再写一份到这个文件夹，带上附件")
@click.option("--second", is_flag=True, help="再写一份到设定的第二处（见 second-place）")
@click.option("--encrypt", is_flag=True, help="与 --to 同用：用口令加密（先用 passphrase set 设口令）")
@click.pass_obj
def backup(face: Face, target: Path | None, second: bool, encrypt: bool) -> None:
    """备份：写一份核对过的副本。"""
    if (encrypt and target is None) or (second and target is not None):
        raise click.UsageError("--encrypt 要与 --to 同用；--second 与 --to 只能用一个")
    with face.workspace() as ws:
        if second:
            copied = second_place.copy_to_second(ws)
            click.echo(face.say("second_copied", path=copied.path, files=copied.files))
        else:
            click.echo(str(upkeep.backup(ws, target, sealed=encrypt).path))


@click.command()
@click.argument("file", type=_FILE, required=False)
@click.option("--drill", is_flag=True, help="只演练：恢复到空文件夹，逐行核对，不动现在的登记册（默认用最新的备份）")
@_secret_option
@click.pass_obj
def restore(face: Face, file: Path | None, drill: bool, secret: str) -> None:
    """恢复：用一份备份代替现在的登记册（现在的先另存）。"""
    if drill:
        _drill(face, file, secret)
        return
    if file is None:
        raise click.UsageError("请给出备份文件")
    source, road = file, _road(face)
    result = _with_secret(face, secret, lambda typed: road(face.data, face.clock, face.rules, source, typed))
    code = "restored" if result.kept else "restored_new"
    click.echo(face.say(code, cases=result.cases, kept=result.kept))
    if result.missing:
        tell(face.say("restored_without_files", missing=result.missing, numbers="、".join(result.numbers)))


def _road(face: Face) -> Callable[[DataFolder, Clock, Rules, Path, str], Restored]:
    """Return how to restore: the present register says who may, unless it is too damaged to be signed in to."""
    if not face.data.database.exists():
        return restoring.restore_lost
    try:
        with face.workspace() as ws:
            return partial(restoring.restore, session=ws.session)
    except KnownError as error:
        if error.code not in RESTORABLE:
            raise
        return restoring.restore_lost


def _drill(face: Face, file: Path | None, secret: str) -> None:
    with face.workspace() as ws:
        done = _with_secret(face, secret, lambda typed: drills.drill(ws, file, typed))
    for finding in done.findings[:_TOLD]:
        tell(face.say(finding.code, **finding.params))
    told = {"path": done.path, "cases": done.cases, "rows": done.rows, "files": done.files}
    if not done.ok:
        tell(face.say("drill_failed", path=done.path, count=len(done.findings)))
        raise click.exceptions.Exit(1)
    click.echo(face.say("drill_ok", seconds=f"{done.seconds:.1f}", **told))
    if done.lost_events:
        click.echo(face.say("drill_lost", cases=done.lost_cases, events=done.lost_events))


@click.command()
@click.argument("file", type=_FILE)
@click.option("--out", required=True, type=_FOLDER, help="新的文件夹")
@click.pass_obj
def salvage(face: Face, file: Path, out: Path) -> None:
    """抢救：从损坏的登记册里读出还能读的，写成新的登记册、表格和每件一行的 JSON。"""
    found = salvaging.salvage(file, out, face.clock, face.rules)
    with (out / "cases.jsonl").open("w", encoding="utf-8") as lines:
        for case in salvaging.files(out, face.clock, face.rules):
            told = jsonio.case_out(case, face.rules.sentences, face.rules.policy.deadlines)
            lines.write(json.dumps(told, ensure_ascii=False) + "\n")
    click.echo(face.say("salvaged", cases=found.cases, events=found.events, path=out))
    if found.missing:
        numbers = "、".join(found.missing[:_TOLD]) + ("……" if len(found.missing) > _TOLD else "")
        click.echo(face.say("salvaged_missing", count=len(found.missing), numbers=numbers))
    if found.unreadable:
        click.echo(face.say("salvaged_unreadable", tables="、".join(found.unreadable)))


@click.command(name="second-place")
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--days", type=int, default=7, show_default=True, help="几天没有备份到那里就提醒")
@click.option("--off", is_flag=True, help="不再有第二处")
@click.pass_obj
def second(face: Face, folder: Path | None, days: int, off: bool) -> None:
    """第二处：备份还要放到哪里（U 盘或另一块磁盘）；不给 FOLDER 则印出现状。"""
    with face.workspace() as ws:
        if off or folder is not None:
            second_place.choose(ws, None if off else folder, days)
        now = second_place.second_due(ws)
    if now.state is SecondState.OFF:
        click.echo(face.say("second_none"))
        return
    code = {SecondState.NEVER: "second_never", SecondState.FRESH: "second_fresh", SecondState.DUE: "second_due"}
    last = short_time(now.last) if now.last else ""
    click.echo(face.say(code[now.state], path=now.path, days=now.days, last=last))
    if not now.is_there:
        tell(face.say("second_missing", path=now.path))


@click.group()
def passphrase() -> None:
    """口令：给带走的备份加密。"""


@passphrase.command(name="set")
@click.option("--new-file", default="", help="新口令所在的文件（第一行），- 为标准输入；不给则询问")
@click.pass_obj
def set_up(face: Face, new_file: str) -> None:
    """设口令，印出恢复码（只印这一次）。"""
    new = _new(new_file)
    with face.workspace() as ws:
        made = sealing.set_up(ws, new)
    click.echo(made.recovery_code)
    tell(face.say("seal_on"))
    tell(face.say("seal_code_told"))


@passphrase.command()
@_secret_option
@click.option("--new-file", default="", help="新口令所在的文件（第一行）；不给则询问")
@click.pass_obj
def change(face: Face, secret: str, new_file: str) -> None:
    """改口令；旧口令或恢复码都可以。"""
    with face.workspace() as ws:
        _with_secret(face, secret, lambda typed: sealing.change_passphrase(ws, typed, _new(new_file)))
    click.echo(face.say("seal_changed"))


@passphrase.command()
@_secret_option
@click.pass_obj
def off(face: Face, secret: str) -> None:
    """不再加密。"""
    with face.workspace() as ws:
        _with_secret(face, secret, lambda typed: sealing.turn_off(ws, typed))
    click.echo(face.say("seal_off_now"))


def _with_secret(face: Face, file: str, work: Callable[[str], _T]) -> _T:
    """Do what may want a secret: that of a file, else what a person at a terminal types, not shown."""
    try:
        return work(_first_line(file) if file else "")
    except KnownError as error:
        if error.code != "sealed_needs_secret" or file or not is_at_terminal():
            raise
        return work(click.prompt(face.say("sealed_needs_secret"), hide_input=True, err=True))


def _new(file: str) -> str:
    if file:
        return _first_line(file)
    if not is_at_terminal():
        raise KnownError("sealed_needs_secret")
    return str(click.prompt("口令", hide_input=True, confirmation_prompt="再输一次", err=True))


def _first_line(file: str) -> str:
    try:
        if file == "-":
            text = sys.stdin.buffer.readline(_LONGEST)
        else:
            with Path(file).open("rb") as opened:
                text = opened.readline(_LONGEST)
    except FileNotFoundError as error:
        raise KnownError("file_missing", path=file) from error
    except OSError as error:
        raise KnownError("file_unreadable", path=file, reason=error.strerror) from error
    try:
        return text.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise KnownError("not_utf8", line=1) from error

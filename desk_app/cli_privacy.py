"""The commands about customers' data: how long it is kept, and what one person may ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from desk_app.face import Face, tell
from desk_app.services import person as rights
from desk_app.services import retention as keeping
from desk_app.services.export import Format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.errors import KnownError
    from desk_app.services.retention import Copies

_FORMATS = (Format.XLSX.value, Format.PDF.value)


@click.command()
@click.option("--years", type=int, help="改成办结后保存几年")
@click.option("--on/--off", "is_on", default=None, help="启用/停用到期匿名")
@click.option("--run", is_flag=True, help="把到期的匿名（默认只看有哪些）")
@click.option("--keep", default="", help="这一件暂不匿名（诉讼、争议），要写 --reason")
@click.option("--release", default="", help="这一件可以匿名了，要写 --reason")
@click.option("--reason", default="", help="为什么暂不匿名，或为什么可以了")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def retention(  # noqa: PLR0913 -- a parameter for each option
    face: Face,
    /,
    *,
    years: int | None,
    is_on: bool | None,
    run: bool,
    keep: str,
    release: str,
    reason: str,
    as_json: bool,
) -> None:
    """保存期限：看哪些登记到期了，或把它们匿名；统计数字不变。"""
    with face.workspace() as ws:
        for number, kept in ((keep, True), (release, False)):
            if number:
                keeping.keep(ws, number, reason, str(uuid4()), kept=kept)
        if years is not None or is_on is not None:
            shop = ws.shop
            wanted = shop.retention_years if years is None else years
            keeping.save(ws, wanted, is_on=shop.retention_on if is_on is None else is_on)
        due = keeping.preview(ws)
        done = keeping.anonymise(ws, due.numbers) if run else None
        shop = ws.shop
    told = {
        "years": shop.retention_years,
        "on": shop.retention_on,
        "due": list(due.numbers),
        "files": due.files,
        **({} if done is None else {"anonymised": list(done.numbers), "left": _told(face, done.left)}),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    state = face.rules.sentences.label("word", "in_force" if shop.retention_on else "not_in_force")
    click.echo(face.say("retention_state", years=shop.retention_years, state=state))
    if done is None:
        click.echo("\n".join((face.say("retention_due", count=len(due.numbers), files=due.files), *due.numbers)))
    else:
        _tell_done(face, done.numbers, done.left)
    if due.numbers:  # else nothing goes that a copy could still hold
        _tell_copies(face, due.copies)


@click.command()
@click.option("--phone", default="", help="客户的电话")
@click.option("--case", "number", default="", help="客户的任意一件登记")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="导出给本人的表放在哪里")
@click.option("--format", "file_format", type=click.Choice(_FORMATS), default=_FORMATS[0])
@click.option("--erase", is_flag=True, help="应本人要求，把办结了的匿名")
@click.option("--withdraw", default=None, help="客户撤回同意：写谁、怎么说的（与 --case 一起用）")
@click.pass_obj
def person(  # noqa: PLR0913 -- a parameter for each option
    face: Face,
    /,
    phone: str,
    number: str,
    *,
    out: Path | None,
    file_format: str,
    erase: bool,
    withdraw: str | None,
) -> None:
    """客户个人信息：应本人要求提供一份、撤回同意、匿名；什么都不说时只列出编号。"""
    if bool(phone) == bool(number) or (withdraw is not None and not number):
        raise click.UsageError(face.say("person_who"))
    with face.workspace() as ws:
        if withdraw is not None:
            rights.withdraw(ws, number, withdraw, str(uuid4()))
        numbers = rights.cases_of(ws, phone=phone, number=number)
        if out is not None:
            for file in rights.sheet(ws, numbers, out, Format(file_format), face.pdf).files:
                click.echo(str(file.path))
        if erase:
            copies = keeping.copies(ws)
            done = rights.erase(ws, numbers)
            _tell_done(face, done.numbers, done.left)
            if done.numbers:
                _tell_copies(face, copies)
    if out is None and not erase:
        click.echo("\n".join(numbers))


def _told(face: Face, left: Mapping[str, KnownError]) -> dict[str, str]:
    return {number: face.rules.sentences.error(error) for number, error in left.items()}


def _tell_done(face: Face, numbers: tuple[str, ...], left: Mapping[str, KnownError]) -> None:
    click.echo("\n".join((face.say("anonymised", count=len(numbers)), *numbers)))
    for sentence in _told(face, left).values():
        tell(sentence)


def _tell_copies(face: Face, copies: Copies) -> None:
    if copies.count:
        tell(face.say("erase_copies", count=copies.count, until=copies.until.isoformat()))
    if copies.staying:
        tell(face.say("erase_copies_stay", count=copies.staying))

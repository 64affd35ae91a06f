"""The commands about who acts: the staff, their roles and PINs, and the journal. ``cli`` gives each its ``--data``.

A PIN is never an argument, which every program on the machine could read: it is asked at the terminal without an echo,
or taken from the environment (``DESK_APP_PIN``; a new one from ``DESK_APP_NEW_PIN``, a recovery code from
``DESK_APP_CODE``).
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

from desk_app.domain.journal import Noted
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.face import Face, ask_pin, is_at_terminal, tell
from desk_app.sentences import short_time
from desk_app.services import access, logbook
from desk_app.services import shop as shops

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk_app.services.results import Finding
    from desk_app.services.workspace import Workspace

_NEW_PIN, _CODE = "DESK_APP_NEW_PIN", "DESK_APP_CODE"


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def staff(context: click.Context, as_json: bool) -> None:
    """操作员、权限和口令；权限一个也不设时，人人都可决定一切。"""
    if context.invoked_subcommand is None:
        face: Face = context.obj
        with face.workspace() as ws:
            if as_json:
                people = [
                    {"name": who.name, "role": who.role, "pin": who.has_pin, "wait": who.wait}
                    for who in access.staff(ws)
                ]
                click.echo(json.dumps(people, ensure_ascii=False))
            else:
                _print_staff(face, ws, shops.notes_on_staff(ws.policy.authority))


@staff.command(name="set")
@click.argument("name")
@click.argument("role", type=click.Choice([*(role.value for role in Role), "none"]))
@click.pass_obj
def set_command(face: Face, name: str, role: str) -> None:
    """设定一人的权限：receptionist 前台、handler 处理人、supervisor 主管、manager 店长，none 取消。"""
    with face.workspace() as ws:
        saved = shops.set_role(ws, name, None if role == "none" else Role(role))
        _print_staff(face, ws, saved.notes or shops.notes_on_staff(ws.policy.authority))


@staff.command()
@click.argument("name")
@click.option("--off", is_flag=True, help="取消口令：谁都可以选这个姓名")
@click.pass_obj
def pin(face: Face, name: str, *, off: bool) -> None:
    """设、改或取消一人的口令：本人凭原来的口令，别人的由店长办。第一次给店长设口令时印出恢复码，只印一次。

    不在终端里用时，原口令取自环境变量 DESK_APP_PIN，新口令取自 DESK_APP_NEW_PIN。
    """
    with face.workspace() as ws:
        is_own_and_set = name == ws.operator and ws.has_pin(name)
        old = ask_pin(face.say("cli_old_pin", name=name)) if is_own_and_set else ""
        if off:
            saved = access.remove_pin(ws, name, old)
            click.echo(face.say("cli_pin_off", name=name))
        else:
            saved = access.set_pin(ws, name, _new_pin(face, name), old)
            click.echo(face.say("cli_pin_set", name=name))
            _print_code(face, saved.code)
        for note in access.notes_on_access(ws):
            tell(face.say(note.code, **note.params))


@staff.command()
@click.argument("name")
@click.pass_obj
def unlock(face: Face, name: str) -> None:
    """让试错次数多了的人马上可以再试。"""
    with face.workspace() as ws:
        access.unlock(ws, name)
        _print_staff(face, ws, ())


@staff.command()
@click.pass_obj
def code(face: Face) -> None:
    """做一个新的恢复码，请打印收好；原来的从此作废。"""
    with face.workspace() as ws:
        _print_code(face, access.make_recovery_code(ws))


@staff.command()
@click.argument("name")
@click.pass_obj
def recover(face: Face, name: str) -> None:
    """店长忘了口令：凭恢复码（或环境变量 DESK_APP_CODE）设新口令，并印出下一个恢复码。"""
    with face.workspace(is_visit=True) as ws:
        typed = os.environ.get(_CODE) or _asked(face, "cli_code", hidden=False)
        signed = access.recover(ws, typed, name, _new_pin(face, name))
    click.echo(face.say("cli_pin_set", name=name))
    _print_code(face, signed.next_code)


@staff.command()
@click.argument("name")
@click.pass_obj
def remove(face: Face, name: str) -> None:
    """从名单里删去一人，连同权限和口令；还有跟进没做完的不能删。做过的事留在经过里。"""
    with face.workspace() as ws:
        saved = shops.remove_operator(ws, name)
        _print_staff(face, ws, saved.notes or shops.notes_on_staff(ws.policy.authority))


@click.command()
@click.option(
    "--what", type=click.Choice([noted.value for noted in Noted]), multiple=True, help="只看这一类，可多次给出"
)
@click.option("--limit", type=click.IntRange(min=1), default=100, help="最多列出多少条（默认 100），新的在前")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def journal(face: Face, what: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """日志：谁在什么时候签到、看了完整信息、导出、改了设置。"""
    with face.workspace() as ws:
        entries = logbook.page(ws, tuple(map(Noted, what)) or tuple(Noted), limit=limit)
    if as_json:
        told = [
            {"id": e.id, "at": e.at.isoformat(), "by": e.by, "what": e.what, "subject": e.subject, "data": e.data}
            for e in entries
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for entry in entries:
        click.echo("  ".join((short_time(face.clock.local(entry.at)), *face.rules.sentences.noted(entry))).rstrip())


def _print_staff(face: Face, ws: Workspace, notes: Iterable[Finding]) -> None:
    label = face.rules.sentences.label
    for who in access.staff(ws):
        words = [who.name, label("role", who.role or "none")]
        if who.has_pin:
            words.append(label("word", "pin"))
        if who.wait:
            words.append(face.say("cli_waits", minutes=who.wait // 60, seconds=who.wait % 60))
        click.echo("  ".join(words))
    for note in notes:
        tell(face.say(note.code, **note.params))


def _print_code(face: Face, made: str) -> None:
    if made:
        click.echo(made)
        tell(face.say("cli_code_keep"))


def _new_pin(face: Face, name: str) -> str:
    given = os.environ.get(_NEW_PIN)
    return given if given is not None else _asked(face, "cli_new_pin", name=name)


def _asked(face: Face, sentence: str, *, hidden: bool = True, **params: object) -> str:
    """Ask at the terminal, twice where nothing is seen; raises ``pin_not_given`` where there is none."""
    if not is_at_terminal():
        raise KnownError("pin_not_given", variable=_NEW_PIN if hidden else _CODE)
    return str(click.prompt(face.say(sentence, **params), hide_input=hidden, confirmation_prompt=hidden, err=True))

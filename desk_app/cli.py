"""The command line: the second face of the same core (vocabulary: "Command line").

Results go to standard output, sentences about what went wrong to standard error. Exit 0: done; 1: refused, with a
sentence; 2: wrong usage. Every command takes ``--data DIR`` and ``--as NAME``, before or after its name.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from desk_app import (
    __version__,
    cli_backup,
    cli_figures,
    cli_privacy,
    cli_search,
    cli_sheets,
    cli_shop,
    cli_staff,
    cli_warnings,
    jsonio,
    telling,
)
from desk_app.crash import write_report
from desk_app.domain.problems import RefusedError
from desk_app.domain.queue import View
from desk_app.domain.validation import read_moment
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.face import Face
from desk_app.face import tell as _tell
from desk_app.paths import DataFolder
from desk_app.sentences import short_time
from desk_app.services import checking, desk, intake, upkeep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.services.results import LineProblem
    from desk_app.services.workspace import Workspace

_TOLD = 20  # lines of a refused file that are told one by one


def _common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    def keep(context: click.Context, _param: click.Parameter, value: Path | None) -> None:
        if value is not None:
            context.find_root().obj.folder = DataFolder(value)

    def act_as(context: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value is not None:
            context.find_root().obj.acting = value

    who = click.option(
        "--as",
        metavar="姓名",
        expose_value=False,
        callback=act_as,
        help="以谁的名义（默认：窗口里选着的人）；有口令的在终端里问，或取自环境变量 DESK_APP_PIN",
    )
    folder = click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        expose_value=False,
        callback=keep,
        help="数据文件夹（默认：系统为本程序安排的位置）",
    )
    return folder(who(command))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="desk-app")
@_common_options
def cli() -> None:
    """前台投诉登记。不带命令则打开窗口。"""


@cli.command()
@_common_options
@click.argument("file", default="-")
@click.option("--keep-going", is_flag=True, help="跳过有问题的行，存入其余的行")
@click.pass_obj
def register(face: Face, file: str, keep_going: bool) -> None:
    """登记：FILE（或 -）每行一个 JSON 对象，印出每件的编号。"""
    with _reading(file) as stream:
        lines = list(jsonio.read_lines(stream))
    with face.workspace() as ws:
        result = intake.register_many(ws, lines, keep_going=keep_going)
        told = result.left_out if keep_going else result.left_out[:_TOLD]
        for problem in told:
            _tell(_line_sentence(face, problem))
        if len(told) < len(result.left_out):
            _tell(face.say("more_lines", count=len(result.left_out) - len(told)))
        for number in result.numbers:
            click.echo(number)
        if result.left_out and not keep_going:
            _refuse(face.say("none_stored", count=len(result.left_out)))
        if result.left_out:
            _tell(face.say("left_out", count=len(result.left_out)))
        _backup_of_the_day(face, ws)


@cli.command()
@_common_options
@click.option("--at", default="", help="以这个时间为“现在”（默认：此刻）")
@click.option("--view", type=click.Choice([v.value for v in View]), default=View.ALL.value)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def queue(face: Face, at: str, view: str, as_json: bool) -> None:
    r"""跟进：要跟进的事项，逾期的在前。

    \b
    overdue 逾期      today 今天         week 本周             all 全部
    mine 我的         approve 待审批     return_visit 待回访   correct 待整改   promise 承诺
    unrecorded 未登记完   unhandled 未处理   unchecked 未复查   unreported 未反映
    silent 沉默的老客户（时间是最后一次联系）
    """
    moment = read_moment("at", at, face.clock.local) or face.clock.now()
    with face.workspace() as ws:
        rows = desk.queue_listing(ws, View(view), moment)
    if as_json:
        _print_json([jsonio.queue_out(row, face.rules.sentences) for row in rows])
        return
    if not rows:
        click.echo(face.say("queue_empty"))
    for row in rows:
        sentences = face.rules.sentences
        late = sentences.label("word", "overdue") if row.overdue else ""
        kind = sentences.label("follow_up" if row.follow_up_id else "word", row.kind)
        customer = sentences.who(row.customer, confidential=row.is_confidential == 1)
        who = f"{row.owed_by}→{row.owed_to}" if row.owed_by else ""
        due = short_time(face.clock.local(row.due_at))
        click.echo("  ".join((due, late, kind, who, row.number, customer, row.matter)))


@cli.command()
@_common_options
@click.argument("number")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(face: Face, number: str, as_json: bool) -> None:
    """查看：一件登记、它的跟进事项和经过。"""
    with face.workspace() as ws:
        file, deadlines, trade = desk.open_case(ws, number), ws.policy.deadlines, ws.trade
    if as_json:
        _print_json(jsonio.case_out(file, face.rules.sentences, deadlines))
    else:
        click.echo("\n".join(telling.case_lines(file, face.rules, trade, deadlines)))


@cli.command()
@_common_options
@click.argument("number")
@click.argument("action")
@click.option("--json-input", "source", default="", help="操作内容：一个 JSON 对象的文件，或 -")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def act(face: Face, number: str, action: str, source: str, as_json: bool) -> None:
    """跟进操作：受理 → 答复 → 行动 → 回访 → 改进，每一步一个动作。

    \b
    assign 交办       accept 签收        investigate 调查      determine 责任判定
    propose 方案      approve 批准       reject 退回           contact 联系记录
    promise 承诺      keep_promise 兑现  reply 答复            return_visit 回访
    correct 纠正措施  verify_correction 措施验证               feed_back 反映到部门
    escalate 请示上级 close 结案         reopen 重新打开       void 作废
    amend 补充更正：登记的各项都可以改，如 {"place": "大堂"}；历史里留着改前的内容
    void  同一件事登记了两次：{"reason": "重复登记", "into": "留下的编号"}，两个编号都查得到
    """  # noqa: D301 -- click wants the character itself
    raw = {}
    if source:
        with _reading(source) as stream:
            raw = dict(jsonio.read_object(stream.read()))
    with face.workspace() as ws:
        try:
            file = desk.act(ws, number, action, raw, str(uuid.uuid4())).file
        except RefusedError as refused:
            form = face.rules.actions.get(Action(action)) if action in set(Action) else None
            labels = {f.key: f.label for f in form.fields} if form else {}
            _refuse("；".join(face.rules.sentences.problem_at(p, face.rules.fields, labels) for p in refused.problems))
        _backup_of_the_day(face, ws)
        deadlines = ws.policy.deadlines
    if as_json:
        _print_json(jsonio.case_out(file, face.rules.sentences, deadlines))
        return
    click.echo(face.say("acted", number=file.case.number, action=Action(action), status=file.case.status))
    if file.merged_into:
        click.echo("\n".join(telling.partners(file, face.rules).values()))
    for owed in file.owed:
        click.echo(telling.owed_line(owed, face.rules))


@cli.command()
@_common_options
@click.option("--json", "as_json", is_flag=True)
@click.option("--vouch", is_flag=True, help="密钥找不回来了：记下是谁确认的，那一段以后不再报，再被改动照样查得出")
@click.pass_obj
def verify(face: Face, as_json: bool, vouch: bool) -> None:
    """检查登记册是否完好。"""
    if not (face.data.database.exists() or face.data.backups.exists()):
        raise KnownError("database_none", path=face.data.root)  # a new one, which is whole, would answer for another
    with face.workspace() as ws:
        if vouch:
            checking.vouch(ws)
        result = upkeep.verify(ws)
    problems = [face.say(f.code, **f.params) for f in result.findings]
    if as_json:
        _print_json({"ok": result.ok, "problems": problems})
    else:
        notes = [face.say(note.code, **note.params) for note in result.notes]
        click.echo("\n".join((*(problems or [face.say("verified")]), *notes)))
    if problems:
        raise click.exceptions.Exit(1)


@cli.command()
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def demo(face: Face, out: Path) -> None:
    """演示：不用屏幕，通过真正的窗口走一遍主要工作，留下图片和表格。"""
    for path in face.run_demo(out):
        click.echo(str(path))


@cli.command(name="self-test")
@click.pass_obj
def self_test(face: Face) -> None:
    """自检：打开临时的登记册和窗口再关上。"""
    face.run_self_test()
    click.echo("ok")


def _add(group: click.Group, command: click.Command) -> None:
    """Add a command of another module, it and all below it with ``--data`` and ``--as``."""
    _common_options(command)
    group.add_command(command)
    if isinstance(command, click.Group):
        for below in tuple(command.commands.values()):
            _add(command, below)


for _command in (
    cli_backup.backup,
    cli_backup.passphrase,
    cli_backup.restore,
    cli_backup.salvage,
    cli_backup.second,
    cli_figures.assess,
    cli_figures.solutions_of,
    cli_figures.survey,
    cli_figures.volumes,
    cli_privacy.retention,
    cli_privacy.person,
    cli_shop.calendar,
    cli_shop.rules,
    cli_staff.staff,
    cli_staff.journal,
    cli_warnings.warnings,
    cli_search.search,
    cli_sheets.export,
    cli_sheets.lock_month,
    cli_sheets.sheets,
    cli_sheets.verify_export,
):
    _add(cli, _command)


def main(arguments: list[str], face: Face) -> int:
    """Run one command and return its exit code; never a traceback for bad input."""
    try:
        code = cli.main(arguments, prog_name="desk-app", standalone_mode=False, obj=face)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        return 1
    except BrokenPipeError:  # the reader of our output has left (| head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # the last stop
        _tell(_why(face, error))
        return 1
    return code if isinstance(code, int) else 0


def _why(face: Face, error: Exception) -> str:
    """Return the sentence of an error; one that nobody expected is logged first."""
    sentences = face.rules.sentences
    if isinstance(error, KnownError):
        return sentences.error(error)
    if isinstance(error, RefusedError):
        return "；".join(sentences.problem_at(p, face.rules.fields) for p in error.problems)
    kind, log = type(error).__name__, face.data.log
    try:
        write_report(log, error, face.clock.now())
    except OSError:
        return face.say("crashed_unlogged", kind=kind, log=log)
    return face.say("crashed", kind=kind, log=log)


@contextmanager
def _reading(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    path = Path(file)
    try:
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise KnownError("file_missing", path=path) from error
    except OSError as error:
        raise KnownError("file_unreadable", path=path, reason=error.strerror) from error
    with stream:
        yield stream


def _backup_of_the_day(face: Face, ws: Workspace) -> None:
    """Back up after the change is stored; a backup that fails is told, and does not undo what was done."""
    try:
        upkeep.backup_of_the_day(ws)
    except KnownError as error:
        _tell(face.say("backup_warning", **error.params))


def _line_sentence(face: Face, problem: LineProblem) -> str:
    if problem.code:
        return face.say(problem.code, **problem.params)
    told = "；".join(face.rules.sentences.problem_at(p, face.rules.fields) for p in problem.problems)
    return face.say("line_refused", line=problem.line, problems=told)


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=None))


def _refuse(sentence: str) -> NoReturn:
    _tell(sentence)
    raise click.exceptions.Exit(1)

"""The command that finds cases by any words in them."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from desk_app import jsonio
from desk_app.domain.finding import Sought
from desk_app.face import Face, tell
from desk_app.sentences import short_time
from desk_app.services import search as searching

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace

_BEHIND = 300  # lines of history that a search looks at faster than an index is written
_AT_ONCE = 2_000
_LONG = 2.0  # seconds without a word
_NO_END = 2**31


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=0), default=50, help="最多列出多少件（默认 50）")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def search(face: Face, words: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """搜索：编号、姓名、电话、内容、答复、备注、明细里的任何词，几个词用空格隔开；姓名可用拼音首字母。"""
    text = " ".join(words)
    sought = Sought(text)
    with face.workspace() as ws:
        _catch_up(face, ws)
        found = searching.find(ws, sought, limit)
        if found is None:
            raise AssertionError  # it was wanted all the time
        counted = replace(sought, words=found.instead or text)
        total = searching.count(ws, counted, _NO_END) if found.more else len(found.hits)
    if found.instead:
        tell(face.say("search_instead", words=found.instead))
    if found.waiting:
        tell(face.say("search_incomplete", count=found.waiting))
    if as_json:
        hits = [jsonio.hit_out(hit, face.rules.sentences) for hit in found.hits]
        click.echo(json.dumps({"total": total, "hits": hits}, ensure_ascii=False))
        return
    for hit in found.hits:
        customer = face.rules.sentences.who(hit.customer, confidential=hit.is_confidential)
        click.echo("  ".join((hit.number, short_time(hit.received_at), customer, hit.matter)))
    click.echo(face.say("search_total" if total else "search_nothing", total=total, shown=len(found.hits)))


def _catch_up(face: Face, ws: Workspace) -> None:
    """Bring the index up to date where a search would have much to look at itself; say so when it takes long."""
    begun = time.monotonic()
    left = searching.behind(ws)
    while left > _BEHIND:
        step = searching.catch_up(ws, _AT_ONCE)
        if not step.done:
            return
        left = step.left
        if left and time.monotonic() - begun > _LONG:
            tell(face.say("search_indexing", left=left))
            begun = time.monotonic()

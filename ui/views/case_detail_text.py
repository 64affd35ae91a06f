"""The readable part of a case's detail, as one rich text: it scrolls, can be selected, and is read out as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from PySide6.QtCore import QCoreApplication

from desk_app.domain.case import CaseFile
from desk_app.domain.fields import Trade
from desk_app.services.rules import Rules
from ui import theme
from ui.models import case_story
from ui.models.time_left import Urgency
from ui.theme import Token

_INK = {Urgency.OVERDUE: Token.DANGER, Urgency.SOON: Token.WARNING, Urgency.LATER: Token.TEXT}
_SIGN = {Urgency.OVERDUE: "▲ ", Urgency.SOON: "● ", Urgency.LATER: ""}


def case_text(file: CaseFile, rules: Rules, trade: Trade, now: datetime) -> str:
    """Return the case as rich text, in the colours of the present scheme; every text of a person is escaped."""
    case = file.case
    parts = [
        *_owed(case_story.owed(file, rules, now)),
        _heading(rules.fields.label("content")),
        f'<p style="margin-top:0; white-space:pre-wrap">{escape(case.content)}</p>',
        _table((_muted(label), escape(text)) for label, text in case_story.facts(case, rules, trade)),
        _heading(_tr("经过")),
        _history(case_story.history(file, rules), case.round),
    ]
    return "".join(parts)


def _owed(lines: Iterable[case_story.Owed]) -> Iterable[str]:
    why = _tr("为什么是这个时间")
    for line in lines:
        yield (
            f'<p style="margin-top:0; margin-bottom:{theme.space(2)}px">'
            f'<b><font color="{_colour(_INK[line.urgency])}">{_SIGN[line.urgency]}{escape(line.time_left)}</font></b>'
            f"　<b>{escape(line.kind)}</b>　{escape(line.who)}<br>"
            f"<small>{_muted(f'{why}：{line.explanation}')}</small></p>"
        )


def _history(lines: Iterable[case_story.Happening], rounds: int) -> str:
    rows = []
    for line in lines:
        round_ = "　" + _tr("第 {0} 轮").format(line.round) if rounds > 1 else ""
        late = "　" + _tr("补录于 {0}").format(line.entered_at) if line.entered_at else ""
        text = "".join(f'<br><span style="white-space:pre-wrap">{escape(t)}</span>' for t in line.lines)
        head = f"<b>{escape(line.action)}</b>　{escape(line.by)}{_muted(round_ + late)}"
        rows.append((_muted(line.at), head + text))
    return _table(rows)


def _table(rows: Iterable[tuple[str, str]]) -> str:
    gap = theme.space(3)
    cells = "".join(
        f'<tr><td style="padding-right:{gap}px; padding-bottom:{theme.space()}px; white-space:nowrap">{left}</td>'
        f'<td style="padding-bottom:{theme.space()}px; white-space:pre-wrap">{right}</td></tr>'
        for left, right in rows
    )
    return f'<table cellspacing="0" cellpadding="0">{cells}</table>'


def _heading(text: str) -> str:
    space = f"margin-top:{theme.space(2)}px; margin-bottom:{theme.space()}px"
    return f'<p style="{space}"><b>{escape(text)}</b></p>'


def _muted(text: str) -> str:
    return f'<font color="{_colour(Token.MUTED)}">{escape(text)}</font>'


def _colour(name: Token) -> str:
    return theme.token(name).name()


def _tr(text: str) -> str:
    return QCoreApplication.translate("CaseText", text)

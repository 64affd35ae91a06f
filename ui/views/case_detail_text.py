"""The readable part of a case's detail, as one rich text: it scrolls, can be selected, and is read out as a whole."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from desk_app.telling import history
from ui import theme
from ui.models import case_story
from ui.models.time_left import Urgency
from ui.theme import Token

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from desk_app.domain.case import CaseFile
    from desk_app.domain.fields import Trade
    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules
    from desk_app.telling import Happening

WHY_KEY = "W"
"""The key of 「为什么是这个时间」, of no action; and its link."""
_INK = {Urgency.OVERDUE: Token.DANGER, Urgency.SOON: Token.WARNING, Urgency.LATER: Token.TEXT}
_SHORT = 16  # characters of a value that leave room for a second one beside it
_SIGN = {Urgency.OVERDUE: "▲ ", Urgency.SOON: "● ", Urgency.LATER: ""}


class ReadingPane(QTextEdit):
    """Text to read and to select; its frame has the accent while it has the focus. ``link_pressed`` names a link."""

    link_pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(theme.space(2))
        self.setFrameStyle(QFrame.Shape.Box | QFrame.Shadow.Plain)
        self.setForegroundRole(QPalette.ColorRole.Mid)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Follow a link, unless text is being selected."""
        super().mouseReleaseEvent(event)
        link = self.anchorAt(event.position().toPoint())
        if link and not self.textCursor().hasSelection():
            self.link_pressed.emit(link)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the accent."""
        super().focusInEvent(event)
        theme.ink(self, Token.ACCENT)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the accent away."""
        super().focusOutEvent(event)
        self.setForegroundRole(QPalette.ColorRole.Mid)


def case_text(file: CaseFile, rules: Rules, policy: Policy, trade: Trade, now: datetime, *, explains: bool) -> str:
    """Return the case as rich text, in the colours of the present scheme; every text of a person is escaped.

    With ``explains`` every due time has the steps of its reckoning below it.
    """
    case = file.case
    parts = [
        *_owed(case_story.owed(file, rules, policy, now), explains=explains),
        _pairs(case_story.stands(file, rules)),
        _limits(case_story.limits(case, policy, now), explains=explains),
        _heading(rules.fields["content"].label_for(case.kind)),
        f'<p style="margin-top:0; white-space:pre-wrap">{escape(case.content)}</p>',
        _facts(case_story.facts(case, rules, trade)),
        _heading(_tr("经过")),
        _history(history(file, rules), case.round),
    ]
    return "".join(parts)


def _owed(lines: Iterable[case_story.Owed], *, explains: bool) -> Iterable[str]:
    """Tell what is owed, and once below it the way to the reckoning of every time."""
    line = None
    for line in lines:
        late = f"{line.time_left}　{line.climbed}" if line.climbed else line.time_left
        subject = f"　{escape(line.subject)}" if line.subject else ""
        head = (
            f'<b><font color="{_colour(_INK[line.urgency])}">{_SIGN[line.urgency]}{escape(late)}</font>'
            f"　{escape(line.kind)}</b>　{escape(line.who)}{subject}"
        )
        reckoned = (line.rule, *(f"　　{step}" for step in line.steps)) if explains else (line.rule,)
        below = (*((line.snoozed,) if line.snoozed else ()), *reckoned)
        yield _paragraph(head + "<small>" + "".join(f"<br>{_muted(text)}" for text in below) + "</small>")
    if line is not None:
        words = _tr("{0} 为什么是这个时间  {1}").format("▾" if explains else "▸", WHY_KEY)
        link = f'<a href="{WHY_KEY}" style="text-decoration:none; color:{_colour(Token.ACCENT)}">{escape(words)}</a>'
        yield _paragraph(f"<small>{link}</small>")


def _limits(lines: Iterable[case_story.OutsideLimit], *, explains: bool) -> str:
    """Return the limits from outside, small: they are not what the shop works by."""
    rows = [
        f"{_muted(_tr('法定时限') + '　' + line.time_left)}　{escape(line.title)}"
        + (f"<br>{_muted('　　' + line.source)}" if explains else "")
        for line in lines
    ]
    return _paragraph(f"<small>{'<br>'.join(rows)}</small>") if rows else ""


def _paragraph(content: str) -> str:
    return f'<p style="margin-top:0; margin-bottom:{theme.space(2)}px; white-space:pre-wrap">{content}</p>'


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """Return label and value, one to a line."""
    return _table(_cell(_muted(label), breaks=False) + _cell(escape(text)) for label, text in pairs)


def _facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return label and value, two short ones to a line."""
    rows, half = [], ""
    for label, text in pairs:
        is_short = len(text) <= _SHORT and "\n" not in text
        breaks = not (is_short and text.replace("\N{NO-BREAK SPACE}", "").isascii())  # a number, a time: whole
        cells = _cell(_muted(label), breaks=False) + _cell(escape(text), span=1 if is_short else 3, breaks=breaks)
        if half and is_short:
            rows.append(half + cells)
            half = ""
        elif is_short:
            half = cells
        else:
            rows += [half, cells]
            half = ""
    return _table([*rows, half])


def _history(lines: Iterable[Happening], rounds: int) -> str:
    rows = []
    for line in lines:
        round_ = "　" + _tr("第 {0} 轮").format(line.round) if rounds > 1 else ""
        late = "　" + _tr("补录于 {0}").format(line.entered_at) if line.entered_at else ""
        undone = "　" + _tr("已撤销") if line.is_undone else ""
        head = f"{_struck(f'<b>{escape(line.action)}</b>', line)}　{escape(line.by)}{_muted(round_ + late + undone)}"
        text = "".join(f"<br>{_struck(escape(t), line)}" for t in line.lines)
        rows.append(
            _cell(_muted(line.at), breaks=False)
            + _cell(f'<font color="{_colour(Token.BORDER if line.is_undone else Token.ACCENT)}">●</font>')
            + _cell(head + text)
        )
    return _table(rows)


def _struck(content: str, line: Happening) -> str:
    return f'<s><font color="{_colour(Token.MUTED)}">{content}</font></s>' if line.is_undone else content


def _table(rows: Iterable[str]) -> str:
    body = "".join(f"<tr>{row}</tr>" for row in rows if row)
    return f'<table cellspacing="0" cellpadding="0" style="margin-top:{theme.space(2)}px">{body}</table>'


def _cell(content: str, *, span: int = 1, breaks: bool = True) -> str:
    space = f"padding-right:{theme.space(3)}px; padding-bottom:{theme.space()}px"
    return f'<td colspan="{span}" style="{space}; white-space:{"pre-wrap" if breaks else "pre"}">{content}</td>'


def _heading(text: str) -> str:
    space = f"margin-top:{theme.space(2)}px; margin-bottom:{theme.space()}px"
    return f'<p style="{space}"><b>{escape(text)}</b></p>'


def _muted(text: str) -> str:
    return f'<font color="{_colour(Token.MUTED)}">{escape(text)}</font>'


def _colour(name: Token) -> str:
    return theme.token(name).name()


def _tr(text: str) -> str:
    return QCoreApplication.translate("CaseText", text)

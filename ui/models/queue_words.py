"""What the queue says: the names of its views, what an empty one tells, and the text of each cell of a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desk_app.domain.queue import ALL_OF_IT, MOST_SILENT, QueueRow, View
from ui.models.time_left import Urgency, moment, silence, time_left, urgency
from ui.widgets.view_bar import KEYS

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.authority import Authority
    from desk_app.domain.queue import Sieve
    from desk_app.sentences import Sentences

_SIGNS = {Urgency.OVERDUE: "▲ ", Urgency.SOON: "● ", Urgency.LATER: ""}


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One line of a view, ready to be painted: the text of each column, and how much it presses."""

    row: QueueRow
    cells: tuple[str, ...]
    urgency: Urgency


def titles() -> tuple[str, ...]:
    """Return the titles of the columns."""
    return tuple(_tr("时间 事项 谁欠谁 编号 客户 状态 事由").split())


def prepare(row: QueueRow, sentences: Sentences, authority: Authority, now: datetime) -> QueueLine:
    """Return a line in words."""
    is_silent = not row.follow_up_id
    pressing = Urgency.LATER if is_silent else urgency(row.due_at, now)
    cells = (
        silence(row.due_at, now) if is_silent else _SIGNS[pressing] + time_left(row.due_at, now),
        sentences.label("word" if is_silent else "follow_up", row.kind),
        f"{row.owed_by} → {row.owed_to}" if row.owed_by else "",
        row.number,
        sentences.who(row.customer, confidential=row.is_confidential == 1),
        _standing(row, authority, sentences, now) or sentences.label("status", row.status),
        _tr("「{0}」{1}").format(row.subject, row.matter) if row.subject else row.matter,
    )
    return QueueLine(row, cells, pressing)


def _standing(row: QueueRow, authority: Authority, sentences: Sentences, now: datetime) -> str:
    """Return what says more than the status of the case: what it lacks, until when it waits, how far it has climbed."""
    if row.lacks:
        return _tr("缺 {0}").format(sentences.facts(row.lacks))
    if row.snoozed_until is not None and row.snoozed_until > now:
        return _tr("缓到 {0}").format(moment(row.snoozed_until, now))
    rung = authority.rung(row.due_at, now) if row.overdue else None
    return _tr("已升级：{0}").format(rung.office) if rung else ""


def count_words(view: View, count: int) -> str:
    """Return how many lines a view holds, as it is written beside its name."""
    return f"{count - 1}+" if view is View.SILENT and count >= MOST_SILENT else str(count)


def view_name(view: View) -> str:
    """Return what a view is called."""
    return {
        View.OVERDUE: _tr("逾期"),
        View.TODAY: _tr("今天"),
        View.WEEK: _tr("本周"),
        View.ALL: _tr("全部"),
        View.MINE: _tr("我的"),
        View.APPROVE: _tr("待审批"),
        View.RETURN_VISIT: _tr("待回访"),
        View.CORRECT: _tr("待整改"),
        View.PROMISE: _tr("承诺"),
        View.UNRECORDED: _tr("未登记完"),
        View.UNHANDLED: _tr("未处理"),
        View.UNCHECKED: _tr("未复查"),
        View.UNREPORTED: _tr("未反映"),
        View.SILENT: _tr("沉默客户"),
    }[view]


def about(view: View) -> str:
    """Return what a view shows, in a sentence."""
    return {
        View.OVERDUE: _tr("过了期限还没有办的，谁的都算"),
        View.TODAY: _tr("今天结束前到期的，连同逾期的"),
        View.WEEK: _tr("周日结束前到期的，连同逾期的"),
        View.ALL: _tr("所有没有办完的"),
        View.MINE: _tr("该由我（我的岗位）办的，和逾期后升级到我这里的"),
        View.APPROVE: _tr("等人批准的方案"),
        View.RETURN_VISIT: _tr("答复过、还要问问客户是否满意的"),
        View.CORRECT: _tr("要整改的，和要验证整改效果的"),
        View.PROMISE: _tr("答应了客户的事"),
        View.UNRECORDED: _tr("四不漏之一：没结案、缺时间、地点或联系方式的登记"),
        View.UNHANDLED: _tr("四不漏之二：还没有答复、处理、上门、审批或分析的"),
        View.UNCHECKED: _tr("四不漏之三：还没有回访，或没有验证整改的"),
        View.UNREPORTED: _tr("四不漏之四：结果还没有反映到部门的"),
        View.SILENT: _tr("投诉过、很久没有再联系的客户：不抱怨不等于满意"),
    }[view]


def empty_words(view: View, sieve: Sieve, all_: int) -> str:
    """Return what stands in place of lines: calmly what is not there, and where the other ``all_`` open ones are."""
    if not all_ and view is not View.SILENT:
        return _tr(
            "没有待跟进的事项。\n\n登记之后，该答复、该回访的会列在这里：\n还剩多少时间，谁欠谁。\n\n按 Ctrl+1 去登记。"
        )
    if sieve != ALL_OF_IT:
        return _tr("没有这样的事项。\n\n按 Ctrl+L 再按 Esc，不再筛选。")
    key = KEYS[tuple(View).index(View.ALL)]
    rest = "\n\n" + _tr("全部 {0} 项，按 {1} 查看。").format(all_, key) if all_ else ""
    return nothing_in(view) + rest


def nothing_in(view: View) -> str:
    """Return what stands in a view that is empty."""
    return {
        View.OVERDUE: _tr("没有逾期的事项。"),
        View.TODAY: _tr("今天没有要到期的事项。"),
        View.WEEK: _tr("本周没有要到期的事项。"),
        View.ALL: _tr("没有待跟进的事项。"),
        View.MINE: _tr("没有该由您办的事项。"),
        View.APPROVE: _tr("没有等人批准的方案。"),
        View.RETURN_VISIT: _tr("没有要回访的客户。"),
        View.CORRECT: _tr("没有要整改或验证的。"),
        View.PROMISE: _tr("答应客户的都已兑现。"),
        View.UNRECORDED: _tr("每件登记都有时间、地点和联系方式。"),
        View.UNHANDLED: _tr("没有还没处理的。"),
        View.UNCHECKED: _tr("没有还没复查的。"),
        View.UNREPORTED: _tr("结果都已反映到部门。"),
        View.SILENT: _tr("没有沉默的老客户。"),
    }[view]


def _tr(text: str) -> str:
    return QCoreApplication.translate("QueueWords", text)

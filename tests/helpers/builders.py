"""Builders of what people give: complete, believable, and each different where the test says so."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from desk_app.domain.validation import read_submission
from desk_app.services import desk, intake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.case import Submission
    from desk_app.services.results import Registered
    from desk_app.services.workspace import Workspace

SHANGHAI = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)
"""A Sunday: the moment at which the tests' clock stands."""

_CASE: Mapping[str, object] = {
    "kind": "complaint",
    "channel": "phone",
    "customer_name": "李女士",
    "customer_phone": "138-0013 8000",
    "category": "商品问题",
    "content": "昨天买的电水壶通电后不加热，按说明书试了三次都一样。",
    "demand": "要求换一个新的",
    "demand_kind": ["replace"],
}


def a_case(**changes: object) -> dict[str, object]:
    """Return the raw values of a complaint as the form or a line of JSON gives them.

    A change to None leaves the key out. Absent times are the clock's now.
    """
    return {key: value for key, value in {**_CASE, **changes}.items() if value is not None}


def a_full_case(**changes: object) -> dict[str, object]:
    """Return raw values with every key of the form that a person can fill."""
    return a_case(
        **{
            "received_at": "2026-11-22 09:12:30",
            "route": "external",
            "external_body": "消费者协会",
            "occurred_at": "上周二晚上",
            "place": "二楼小家电",
            "parties": "导购小陈",
            "target": "小家电部",
            "item": {"name": "电水壶", "model": "SX-1500"},
            "severity": "serious",
            "safety": True,
            "anonymous": False,
            "customer_address": "和平路 8 号",
            "on_behalf_of": "王大爷（父亲）",
            "amount": "199.90",
            "true_cause": "温控器虚焊",
            "promised_at": "2026-11-22 18:00",
            "read_back": True,
            "confidential": False,
            "consent": True,
            "receiver": "小周",
            "first_contact": "小吴",
            **changes,
        }
    )


def a_submission(workspace: Workspace, **changes: object) -> Submission:
    """Return what the check makes of :func:`a_case`."""
    return read_submission(a_case(**changes), workspace.context(workspace.clock.now()))


def registered(workspace: Workspace, request_id: str = "save-1", **changes: object) -> Registered:
    """Put :func:`a_case` on file; one ``request_id`` a case."""
    return intake.register(workspace, a_case(**changes), request_id)


def acted(workspace: Workspace, number: str, action: str, **keys: object) -> None:
    """Do one action, under a request id of its own."""
    made = len(desk.case_file(workspace, number).events)
    desk.act(workspace, number, action, keys, f"{number}:{made}")

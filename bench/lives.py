"""What becomes of a case: the patterns that a made-up register repeats, each lived through the use cases.

Of every twenty cases nineteen were answered, asked, fed back and closed. The twentieth is open: it has come as far as
one of ten stages, which owe twenty follow-ups together, of many kinds and by many people.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from bench import texts
from desk_app.services import desk, intake

if TYPE_CHECKING:
    import random

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace

PATTERNS = 200
_OPEN_EVERY = 20
_HOUR = timedelta(hours=1)

Deed = tuple[str, Mapping[str, object]]

_REPLY: Deed = ("reply", {"content": "", "medium": "phone"})
_SATISFIED: Deed = ("return_visit", {"satisfaction": "satisfied", "opinion": "处理得还可以"})
_ASSIGN: Deed = ("assign", {"department": "客房部", "person": "王强"})
_PROMISE: Deed = ("promise", {"what": "周末前回电"})
_CORRECT: Deed = ("correct", {"problem": "无人值守", "corrective": "加一班", "department": "前厅部"})
_CLOSED: tuple[Deed, ...] = (
    _REPLY,
    _SATISFIED,
    ("determine", {"responsibility": "misunderstanding"}),
    ("feed_back", {"content": "已说明，客户满意"}),
    ("close", {"result": "客户满意，已反映到部门"}),
)
_STAGES: tuple[tuple[Deed, ...], ...] = (
    (),  # a reply
    (_REPLY,),  # a return visit
    (_ASSIGN, ("accept", {"by": "王强"})),  # a reply and the handling, by whom it was assigned to
    (("propose", {"solution": "退一晚房费", "amount": "500"}),),  # a reply, an approval by an office
    (_PROMISE,),  # a reply, a promise
    (("contact", {"content": "转来机构来电", "medium": "phone"}),),  # external: two replies, by the manager
    (_REPLY, _SATISFIED, ("determine", {"responsibility": "company"})),  # telling the department, a plan
    (_CORRECT,),  # a reply, a correction, its verification
    (("determine", {"responsibility": "supplier"}), _PROMISE),  # a reply, telling the buyers, a promise
    (_ASSIGN,),  # a reply, the handling: left aside for an hour
)
_EXTERNAL, _LEFT_ASIDE = 5, 9


def live(ws: Workspace, clock: FixedClock, rng: random.Random, place: int) -> None:
    """Register the case of one pattern now, and take it as far as it goes, an action an hour."""
    stage = place // _OPEN_EVERY if place % _OPEN_EVERY == 0 else None
    raw = {**texts.complaint(rng), "received_at": clock.now()}
    if stage == _EXTERNAL:
        raw |= {"route": "external", "external_body": "消费者协会"}
    number = intake.register(ws, raw, request_id(rng)).case.number
    for action, data in _CLOSED if stage is None else _STAGES[stage]:
        clock.moment += _HOUR
        keys = {**data, "content": texts.reply(rng)} if action == "reply" else data
        desk.act(ws, number, action, keys, request_id(rng))
    if stage == _LEFT_ASIDE:
        owed = desk.case_file(ws, number).owed[0]
        desk.snooze(ws, number, owed.id, clock.now() + _HOUR, "等客户回电", request_id(rng))


def request_id(rng: random.Random) -> str:
    """Return a random id, as the window makes one for each save."""
    return uuid.UUID(int=rng.getrandbits(128), version=4).hex

"""A register in which there is something to count: cases of several kinds, days and hours, worked at or not."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.helpers.builders import NOW, acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace

CATEGORIES = ("商品问题", "一般工作失误、服务欠缺", "客户自身问题或误解")
CASES = 36


def fill(ws: Workspace, clock: FixedClock) -> None:
    """Put :data:`CASES` cases of the last forty days on file; the clock stands two days after :data:`NOW` then."""
    rng = random.Random(7)
    for n in range(CASES):
        clock.moment = NOW - timedelta(days=rng.randint(0, 40), hours=rng.randint(0, 23))
        kind = rng.choice(["complaint", "complaint", "inquiry"])
        number = registered(ws, f"case-{n}", kind=kind, category=CATEGORIES[n % 3]).case.number
        clock.moment += timedelta(hours=rng.randint(1, 90))
        if n % 3 == 0:
            acted(ws, number, "assign", department=rng.choice(["客房部", "餐饮部"]), person="李娜")
        if n % 4 == 0 and kind == "complaint":
            closed(ws, number)
    clock.moment = NOW + timedelta(days=2)

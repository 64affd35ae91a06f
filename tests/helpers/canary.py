"""A customer whom nobody is to find once they are forgotten: their words, and a case that is full of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from desk_app.domain.attachments import as_draft
from desk_app.domain.fields import FieldType
from desk_app.domain.vocabulary import Action
from desk_app.services import attachments, desk, intake
from tests.helpers.builders import a_case

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.domain.case import CaseFile
    from desk_app.services.workspace import Workspace

NAME, PHONE, ADDRESS, FILE = "金丝雀鸢", "13971826354", "鹮鹳巷七十七弄", "朱鹮照.txt"
WORDS = (NAME, PHONE, "139-7182-6354", "139 7182 6354", "金丝雀", "鹮鹳巷", "朱鹮照", "鸱鸮", "MK-77431")
"""What is looked for: the customer's words, a word that is in everything said, and the number of their card."""
SAID = f"鸱鸮 {NAME} 139 7182 6354 {ADDRESS}"
_TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT})

_LIFE = (
    (Action.CONTACT, {"medium": "phone"}),
    (Action.ASSIGN, {"department": "小家电部", "person": "小王"}),
    (Action.INVESTIGATE, {}),
    (Action.DETERMINE, {"responsibility": "company"}),
    (Action.PROPOSE, {"amount": "80"}),
    (Action.APPROVE, {}),
    (Action.PROMISE, {}),
    (Action.KEEP_PROMISE, {}),
    (Action.CORRECT, {"department": "品管"}),
    (Action.VERIFY_CORRECTION, {"effective": True}),
    (Action.REPLY, {"accepted": True}),
    (Action.RETURN_VISIT, {"reached": True, "satisfaction": "satisfied"}),
    (Action.FEED_BACK, {"department": "小家电部"}),
    (Action.CLOSE, {}),
)


def a_life(ws: Workspace, tmp_path: Path, request_id: str = "canary", **changes: object) -> CaseFile:
    """Put a case of theirs on file with their words in every text of every step, and close it, all owed done."""
    source = tmp_path / FILE
    source.write_text(f"{request_id} {SAID}", encoding="utf-8")
    given = a_case(
        customer_name=NAME,
        customer_phone="139 7182 6354",
        customer_address=ADDRESS,
        on_behalf_of=f"{NAME}之父",
        parties=SAID,
        target="小家电部",
        item={"member_no": "MK-77431", "model": "SX-1500"},
        content=SAID,
        demand=SAID,
        true_cause=SAID,
        **{"consent": True, "place": f"{ADDRESS}门口", **changes},
    )
    taken = attachments.take_in(ws, source, FILE)
    number = intake.register(ws, {**given, **as_draft([taken])}, request_id).case.number
    said = {"customer_name": f"{NAME}儿", "content": f"{SAID}。", "reason": SAID}
    desk.act(ws, number, Action.AMEND, said, f"{request_id}:amend")
    for action, keys in _LIFE:
        form = ws.rules.actions[action]
        texts = {fact.key: SAID for fact in form.fields if fact.type in _TEXTS and fact.key != "department"}
        desk.act(ws, number, action, {**texts, **keys}, f"{request_id}:{action}")
    return desk.case_file(ws, number)


def time_goes_by(ws: Workspace, clock: FixedClock, until: datetime) -> None:
    """Move the clock, in a shop that was at work until the day before."""
    clock.moment = until - timedelta(days=1)
    raw = a_case(customer_name="路人甲", customer_phone="13300009999")
    intake.register(ws, raw, f"the day before {until}")
    clock.moment = until


def hits(root: Path, *, but: tuple[str, ...] = ()) -> list[str]:
    """Return where below a folder a word of theirs stands, in a name or in the raw bytes; ``but`` are left out."""
    found = []
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        place = path.relative_to(root).as_posix()
        if not place.startswith(but or ("\0",)):
            bytes_ = path.read_bytes()
            said = [w for w in WORDS if any(w.encode(code) in bytes_ for code in _CODES) or _escaped(w) in bytes_]
            found += [f"{place}: {w}" for w in (*said, *(w for w in WORDS if w in path.name))]
    return found


_CODES = ("utf-8", "utf-16-le", "gb18030")


def _escaped(word: str) -> bytes:
    """Return a word as JSON in ASCII has it; a word that is ASCII anyhow as it is."""
    return word.encode("ascii", "backslashreplace")

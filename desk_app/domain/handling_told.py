"""What was done on a case, told on paper: the handling, every answer to the customer, the corrections; a note a line.

Only what holds is told: what was undone is in the program's own history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from desk_app.domain.amending import is_correction
from desk_app.domain.event import INTO_KEY
from desk_app.domain.fields import FieldType
from desk_app.domain.history import is_outside
from desk_app.domain.month_lock import changed_since
from desk_app.domain.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.fields import Field
    from desk_app.domain.wording import Value, Wording


def handling(file: CaseFile, wording: Wording) -> Value:
    """Write what was done, one note a line: contacts as they are, the rest with its name.

    The answer to the customer, the return visit and the result have columns of their own.
    """
    return "\n".join(filter(None, (_note(event, file, wording) for event in file.deeds))) or None


def _note(event: Event, file: CaseFile, wording: Wording) -> str:
    if event.action is Action.REPLY and not is_outside(event):
        return ""
    said = "；".join(_words_of(event, file, wording))
    if not said and event.action not in _SAY_ENOUGH:
        return ""
    name = "" if event.action is Action.CONTACT else f"【{wording.actions[event.action]}】"
    return f"{event.at:%Y-%m-%d %H:%M} {event.by}：{name}{said}"


def _words_of(event: Event, file: CaseFile, wording: Wording) -> Iterator[str]:
    """Go through what an event says, as people read it."""
    if event.action is Action.REPLY:
        yield file.case.external_body
    for key in _NOTES.get(event.action, ()):
        value = event.data.get(key)
        if value is None or value == "":
            continue
        match key:
            case "responsibility":
                yield wording.label(key, str(value))
            case "amount":
                yield f"{value} 元"
            case "due_at":
                yield f"{datetime.fromisoformat(str(value)):%Y-%m-%d %H:%M} 前"
            case _ if key == INTO_KEY:
                yield f"并入 {value}"
            case "promise" | "correction":
                yield from (f.subject for f in file.follow_ups if f.id == value)
            case _:
                yield str(value)


_NOTES: Mapping[Action, tuple[str, ...]] = {
    Action.CONTACT: ("content",),
    Action.ASSIGN: ("department", "person", "due_at", "note"),
    Action.ACCEPT: (),
    Action.INVESTIGATE: ("findings",),
    Action.DETERMINE: ("responsibility", "note"),
    Action.PROPOSE: ("solution", "amount"),
    Action.APPROVE: ("opinion",),
    Action.REJECT: ("opinion",),
    Action.PROMISE: ("what", "due_at"),
    Action.KEEP_PROMISE: ("promise", "note"),
    Action.REPLY: ("content",),
    Action.CORRECT: ("problem", "corrective", "preventive"),
    Action.VERIFY_CORRECTION: ("correction", "effect"),
    Action.FEED_BACK: ("department", "content"),
    Action.ESCALATE: ("to", "reason"),
    Action.CLOSE: ("reason",),
    Action.REOPEN: ("reason",),
    Action.VOID: ("reason", INTO_KEY),
}
"""What is noted of each action; what the true cause or the customer said is in columns of its own."""
_SAY_ENOUGH = frozenset({Action.ACCEPT, Action.APPROVE})


def corrections(file: CaseFile, _wording: Wording) -> Value:
    """Write the corrective and preventive measures, one correction a line."""
    made = (e for e in file.deeds if e.action is Action.CORRECT)
    lines = ("；".join(str(e.data[key]) for key in _NOTES[Action.CORRECT] if e.data.get(key)) for e in made)
    return "\n".join(lines) or None


def amendments(file: CaseFile, wording: Wording) -> Value:
    """Write each amendment that shows (``amending.is_correction``), and what else changed since the month was locked.

    Where the customer is not to be known, what says who they are is told without its values.
    """
    shown = {e.id: e for e in file.events if is_correction(file, e, wording.locks)}
    if shown:
        shown = {n: e for n, e in shown.items() if n not in {other.undoes for other in file.events}}
    since = {e.id: e for e in changed_since(file, wording.locks)}
    return "\n".join(_change(file, (shown | since)[n], wording, n in since) for n in sorted(shown | since)) or None


def _change(file: CaseFile, event: Event, wording: Wording, is_since: bool) -> str:
    """Write a change of the register: 11-22 更正：地点 大厅→大堂（王芳）."""
    facts = {key: wording.facts.get((Action.AMEND, key)) for key in event.was}
    hidden = _WHO if wording.hides(file.case) else frozenset()
    told = (
        fact.label
        if key in hidden
        else f"{fact.label} {_short(fact, event.was[key])}→{_short(fact, event.data.get(key))}"
        for key, fact in facts.items()
        if fact is not None
    )
    name = _CORRECTED if event.was else wording.actions[event.action]
    words = "，".join(told)
    since = _SINCE if is_since else ""
    return f"{event.entered_at:%m-%d} {since}{name}{'：' if words else ''}{words}（{event.by}）"


def _short(fact: Field, value: object) -> str:
    """Return a value in few words."""
    if value in (None, "", [], {}):
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact.type is FieldType.DATETIME:
        return f"{datetime.fromisoformat(str(value)):%m-%d %H:%M}"
    each = value if isinstance(value, list) else value.values() if isinstance(value, Mapping) else [value]
    text = "、".join(fact.label_of(str(part)) for part in each).replace("\n", " ")
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


_WHO = frozenset({"customer_name", "customer_phone", "customer_address", "on_behalf_of", "parties"})
_CORRECTED, _SINCE, _SHORT = "更正", "锁定后", 16


def replies(file: CaseFile, wording: Wording) -> Value:
    """Write what the customer was answered, until satisfied (domain.md part 4 F5: 再次提出，直到客户满意为止).

    A single answer of a single round is told as it is. Else each has its round, when, by whom, how and how it was
    taken; so has a visit that found the customer dissatisfied, and a round without an answer is told too.
    """
    told = [e for e in file.deeds if _is_said_to_customer(e)]
    answered = {e.round for e in told if e.action is Action.REPLY}
    if file.case.round == 1 and len(told) <= 1:
        return next((str(e.data["content"]) for e in told if e.action is Action.REPLY), None)
    lines = [_round_note(e, wording) for e in told]
    if file.case.round not in answered:
        lines.append(f"第{file.case.round}轮：{_UNANSWERED}")
    return "\n".join(lines)


def _is_said_to_customer(event: Event) -> bool:
    if event.action is Action.RETURN_VISIT:
        return event.data.get("satisfaction") == "dissatisfied"
    return event.action is Action.REPLY and not is_outside(event)


def _round_note(event: Event, wording: Wording) -> str:
    data = event.data
    if event.action is Action.RETURN_VISIT:
        how = [wording.actions[event.action], wording.label("visit_satisfaction", str(data["satisfaction"]))]
        said = str(data.get("opinion") or "")
    else:
        how = [wording.label("reply_medium", str(medium))] if (medium := data.get("medium")) else []
        said = f"{data['content']}{_as_taken(event)}"
    return " ".join((f"第{event.round}轮 {event.at:%m-%d %H:%M}", event.by, *how)) + f"：{said}"


def _as_taken(reply: Event) -> str:
    """Return how the customer took an answer, as far as it is known."""
    accepted = reply.data.get("accepted")
    word = "" if accepted is None else _ACCEPTED if accepted else _REFUSED
    taken = "；".join(filter(None, (str(reply.data.get("reaction") or ""), word)))
    return f"（客户：{taken}）" if taken else ""


_ACCEPTED, _REFUSED, _UNANSWERED = "接受", "不接受", "（尚未答复）"

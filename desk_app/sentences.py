"""From codes to the sentences people read: one catalogue for the window and the command line.

The core raises and returns codes; only its two faces call this module. The sentences are data
(``resources/messages.toml``), each saying what happened, where, and what to do now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.fields import FieldType
from desk_app.domain.journal import JournalEntry, Noted
from desk_app.domain.rights import Right
from desk_app.domain.sealed import Occasion, Sealed
from desk_app.domain.toml_faults import TomlFault
from desk_app.domain.vocabulary import Action, FollowUpKind, Role, Status, Trigger, Unit
from desk_app.errors import BugError, KnownError

if TYPE_CHECKING:
    from desk_app.domain.case import Lack
    from desk_app.domain.deadlines import DeadlineBook
    from desk_app.domain.event import Event
    from desk_app.domain.fields import Field, FieldBook
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.problems import Problem
    from desk_app.domain.terms import Step, Term


_CODED = {"change": "sealing", "why": "erased"}  # of what the journal keeps as codes, where their words are
_LONGEST_KEY = 40  # characters shown of a key that nobody knows


class Sentences(NamedTuple):
    """The catalogue of one language: of errors, of problems, of the steps of a reckoning; labels of closed lists."""

    errors: Mapping[str, str]
    problems: Mapping[str, str]
    steps: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]

    def error(self, error: KnownError) -> str:
        """Return the sentence of a known error.

        Raises:
            BugError: the catalogue lacks the code (a test asks for every code there is).
        """
        return self._fill(self.errors, error.code, error.params)

    def say(self, code: str, params: Mapping[str, object]) -> str:
        """Return the sentence of a code that is no error (a finding, a notice); raises like :meth:`error`."""
        return self._fill(self.errors, code, params)

    def problem(self, problem: Problem) -> str:
        """Return what is wrong with one field, without naming the field (for under the field itself)."""
        return self._fill(self.problems, problem.code, problem.params)

    def step(self, step: Step) -> str:
        """Return one line of how a due date was reckoned (``terms.steps``); raises like :meth:`error`."""
        return self._fill(self.steps, step.code, step.params)

    def problem_at(self, problem: Problem, fields: FieldBook, labels: Mapping[str, str] | None = None) -> str:
        """Return what is wrong, beginning with the field's label and key: for the command line."""
        label = fields.label(problem.field) if labels is None else labels.get(problem.field, problem.field)
        name = f"{label}（{problem.field}）" if label != problem.field else label[:_LONGEST_KEY]
        return f"{name}：{self.problem(problem)}"

    def label(self, group: str, key: str) -> str:
        """Return what people see for a value of a closed list (``follow_up``, ``action``, ``word``)."""
        return self.labels.get(group, {}).get(key, key)

    def who(self, customer: str, *, confidential: bool = False) -> str:
        """Return how a list names a customer, who is masked already: who asked for secrecy has a mark."""
        mark = self.label("word", "confidential") if confidential else ""
        return (customer or self.label("word", "anonymous")) + mark

    def datum(self, fact: Field, value: object) -> str:
        """Return one datum of an event, a JSON value, as people read it; what is empty too."""
        if value in (None, "", [], {}):
            return self.label("word", "nothing")
        if isinstance(value, bool):
            return self.label("word", "yes" if value else "no")
        if isinstance(value, (list, Mapping)):
            return "、".join(fact.label_of(str(v)) for v in (value.values() if isinstance(value, Mapping) else value))
        if fact.type is FieldType.DATETIME:
            return short_time(datetime.fromisoformat(str(value)))
        unit = (
            f" {fact.help}" if fact.type is FieldType.AMOUNT and fact.help else ""
        )  # the help of an amount is its unit
        return fact.label_of(str(value)) + unit

    def amended(self, event: Event, fields: FieldBook) -> tuple[str, ...]:
        """Return each fact that an ``amend`` put right: its label, what was there, what is there since."""
        return tuple(
            f"{fact.label}：{self.datum(fact, event.was[fact.key])} → {self.datum(fact, event.data[fact.key])}"
            for fact in fields
            if fact.key in event.was
        )

    def noted(self, entry: JournalEntry) -> tuple[str, str, str, str]:
        """Return an entry of the journal in words: who, what, to what, and what else is known of it."""
        data = {key: value for key, value in entry.data.items() if key not in ("old", "new")}
        more = [
            f"{self.label('noted', key)}{self._plain(self._noted_value(key, value))}" for key, value in data.items()
        ]
        if "old" in entry.data:
            more.append(f"{self._plain(entry.data['old'])} → {self._plain(entry.data.get('new'))}")
        by = entry.by or self.label("word", "nobody")
        return by, self.label("journal", entry.what), self.label("setting", entry.subject), "；".join(more)

    def facts(self, lacks: Lack) -> str:
        """Return the names of basic facts: 时间、联系方式."""
        return "、".join(self.label("lack", str(each.name).lower()) for each in lacks)

    def term(self, term: Term) -> str:
        """Return a term in words: 24 小时, 2 个工作日, 当即."""
        unit = self.label("unit", term.unit)
        if term.unit is Unit.GIVEN:
            return unit
        return f"{term.amount} {unit}" if term.amount else self.label("word", "at_once")

    def explain(self, owed: FollowUp, deadlines: DeadlineBook) -> str:
        """Return why a follow-up is due when it is: the rule, the steps of the reckoning, its source."""
        rule = deadlines[owed.rule]
        steps = deadlines.steps(owed)
        told = {"due": owed.due_at, "steps": "；".join(map(self.step, steps))}
        if rule is None:
            return self._fill(self.errors, "why_unknown", {"rule": owed.rule, **told})
        code = "why_reckoned" if steps else "why_with_reply" if owed.kind is FollowUpKind.APPROVE else "why_told"
        return self._fill(self.errors, code, {"title": rule.title, "source": rule.source, **told})

    def _fill(self, table: Mapping[str, str], code: str, params: Mapping[str, object]) -> str:
        if code not in table:
            raise BugError(f"no sentence for {code!r}")
        return table[code].format(**{k: self._word(v) for k, v in params.items()})

    def _noted_value(self, key: str, value: object) -> object:
        """Return what a word is called that the journal keeps as a code; any other value as it is."""
        return self.label(_CODED[key], str(value)) if key in _CODED else value

    def _plain(self, value: object) -> str:
        """Return a JSON value of the journal, on one line and not too long."""
        if value in (None, "", [], {}):
            return self.label("word", "nothing")
        if isinstance(value, bool):
            return self.label("word", "yes" if value else "no")
        if isinstance(value, Mapping):
            value = [f"{key}：{self.label('role', str(each))}" for key, each in value.items()]
        text = "、".join(map(str, value)) if isinstance(value, list) else " ".join(str(value).split())
        return text if len(text) <= _LONGEST_KEY else f"{text[:_LONGEST_KEY]}…"

    def _word(self, value: object) -> object:
        if isinstance(value, datetime):
            return short_time(value)
        if isinstance(value, date):
            return short_day(value)
        if isinstance(value, time):
            return value.strftime("%H:%M")
        if isinstance(value, tuple):  # a pair
            return _span(*value)
        if isinstance(value, KnownError):
            return self.error(value)
        return self._name(value)

    def _name(self, value: object) -> object:
        """Return what a value of a closed list is called; anything else as it is."""
        from desk_app.domain.case import Lack  # noqa: PLC0415 -- no form waits for it

        if isinstance(value, Lack):
            return self.facts(value)
        group = _GROUPS.get(type(value))
        return self.label(group, str(value)) if group else value


_GROUPS: Mapping[type, str] = {
    Action: "action",
    Status: "status",
    FollowUpKind: "follow_up",
    Trigger: "trigger",
    TomlFault: "toml",
    Right: "right",
    Noted: "journal",
    Role: "role",
    Sealed: "sealed",
    Occasion: "anchor",
}


def short_time(moment: datetime) -> str:
    """Write a moment to the minute, as people read it: 2026-10-01 07:59."""
    return moment.strftime("%Y-%m-%d %H:%M")


def short_day(day: date) -> str:
    """Write a day as people say it: 2月13日周五."""
    return f"{day.month}月{day.day}日周{'一二三四五六日'[day.weekday()]}"


def _span(first: object, last: object) -> str:
    """Write a range of numbers or days: 2–5, 2月15–23日, 2月28日–3月1日; of a single one, what it is."""
    if first == last:
        return short_day(first) if isinstance(first, date) else f"{first}"
    if not isinstance(first, date) or not isinstance(last, date):
        return f"{first}–{last}"
    to = "–" if (first.year, first.month) == (last.year, last.month) else f"日–{last.month}月"
    return f"{first.month}月{first.day}{to}{last.day}日"

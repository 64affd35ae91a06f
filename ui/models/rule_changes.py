"""What a person has changed of the deadline rules and not saved yet. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.shop_rules import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.domain.deadlines import DeadlineBook, DeadlineRule, OpenChoice


class RuleChanges:
    """Terms and switches over those of ``book``, the rules that are in force; what is as in force is no change."""

    def __init__(self, book: DeadlineBook) -> None:
        """Begin with no change."""
        self.book = book
        self._changed: dict[tuple[str, str], object] = {}

    def clear(self) -> None:
        """Forget every change: it is saved."""
        self._changed.clear()

    def has(self, rule: DeadlineRule) -> bool:
        """Whether a rule is changed."""
        return (rule.id, "term") in self._changed or (rule.id, "enabled") in self._changed

    def term(self, rule: DeadlineRule) -> str:
        """Return the term of a rule as a text, which may be none: it is being typed."""
        return str(self._changed.get((rule.id, "term"), rule.term))

    def is_on(self, rule: DeadlineRule) -> bool:
        """Whether a rule is to be in force."""
        return bool(self._changed.get((rule.id, "enabled"), rule.enabled))

    def set_term(self, rule: DeadlineRule, term: str) -> None:
        """Let a rule have another term."""
        self._set(rule, "term", term, str(rule.term))

    def set_on(self, rule: DeadlineRule, *, on: bool) -> None:
        """Let a rule be in force, or not."""
        self._set(rule, "enabled", on, rule.enabled)

    def take(self, choice: OpenChoice, option: int) -> None:
        """Take one option of a contradiction: its rules are in force, those of the others not."""
        for rule in self._concerned(choice):
            self.set_on(rule, on=rule.id in choice.rules[option])

    def taken(self, choice: OpenChoice) -> int | None:
        """Return which option of a contradiction is taken; None where the rules are as none of them says."""
        on = {rule.id for rule in self._concerned(choice) if self.is_on(rule)}
        return next((place for place, rules in enumerate(choice.rules) if on == rules), None)

    def edits(self) -> list[Edit]:
        """Return every change, as it is saved."""
        return [Edit("rule", rule, key, value) for (rule, key), value in self._changed.items()]

    def _concerned(self, choice: OpenChoice) -> Iterator[DeadlineRule]:
        names = frozenset().union(*choice.rules)
        return (rule for rule in self.book.rules if rule.id in names)

    def _set(self, rule: DeadlineRule, key: str, value: object, in_force: object) -> None:
        self._changed[rule.id, key] = value
        if value == in_force:
            del self._changed[rule.id, key]

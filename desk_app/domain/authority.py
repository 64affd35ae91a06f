"""Who may decide what: roles, the amounts they may grant, and to whom a matter goes next (domain.md part 7).

``resources/deadlines.toml`` holds the limits and the offices; which person has which role is a setting of the shop.
Where the shop has given no roles at all, everybody may decide everything, and the history says who did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from desk_app.domain.vocabulary import Role

_ORDER = tuple(Role)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: what is late by ``after_hours`` is the matter of ``office``."""

    office: str
    after_hours: int


@dataclass(frozen=True, slots=True)
class Authority:
    """The limits of each role in yuan (None: without limit), the offices, the ladder, and the roles of the staff."""

    limits: Mapping[Role, Decimal | None]
    offices: Mapping[Role, str]
    ladder: tuple[Rung, ...]
    roles: Mapping[str, Role] = field(default_factory=dict)

    @property
    def is_on(self) -> bool:
        """Whether the shop has given any roles."""
        return bool(self.roles)

    @property
    def has_head(self) -> bool:
        """Whether somebody has the last word; without roles everybody has."""
        return not self.is_on or Role.MANAGER in self.roles.values()

    def role_of(self, person: str) -> Role:
        """Return a person's role: of one nobody has named, the least; of an office that acts itself, its own."""
        by_office = {office: role for role, office in self.offices.items()}
        return self.roles.get(person) or by_office.get(person, Role.RECEPTIONIST)

    def offices_of(self, person: str) -> tuple[str, ...]:
        """Return the offices a person answers for: that of their role; while there are no roles, everybody for all."""
        if not self.is_on:
            return tuple(self.offices.values())
        office = self.offices.get(self.role_of(person))
        return () if office is None else (office,)

    def may(self, person: str, least: Role) -> bool:
        """Whether a person has at least a role."""
        return not self.is_on or _ORDER.index(self.role_of(person)) >= _ORDER.index(least)

    def is_below(self, person: str, other: str) -> bool:
        """Whether a person or an office has a lesser role than another."""
        return _ORDER.index(self.role_of(person)) < _ORDER.index(self.role_of(other))

    def is_above(self, other: str, person: str) -> bool:
        """Whether another can be asked by a person: somebody named, and with a greater role where there are roles."""
        return bool(other) and other != person and (not self.is_on or self.is_below(person, other))

    def may_grant(self, person: str, amount: Decimal | None) -> bool:
        """Whether a person may approve a proposal of that amount."""
        return not self.is_on or self._covers(self.role_of(person), amount)

    def is_own_matter(self, person: str, amount: Decimal | None) -> bool:
        """Whether a person's own proposal needs nobody's approval: only where roles say so."""
        return self.is_on and self._covers(self.role_of(person), amount)

    def approver(self, amount: Decimal | None) -> str:
        """Return the lowest office that may approve that amount; where none may, the manager's."""
        able = (role for role in _ORDER if role in self.offices and self._covers(role, amount))
        return self.offices[next(able, Role.MANAGER)]

    def next_office(self, person: str) -> str | None:
        """Return whom a person or an office asks next, or None where nobody is above them."""
        offices = [rung.office for rung in self.ladder]
        own = self.offices.get(self.role_of(person), person) if self.is_on else person
        place = offices.index(own) + 1 if own in offices else 0
        return offices[place] if place < len(offices) else None

    def rung(self, due_at: datetime, now: datetime) -> Rung | None:
        """Return how far what is late has climbed by itself, or None: worked out whenever it is looked at."""
        late = [r for r in self.ladder if now >= due_at + timedelta(hours=r.after_hours)]
        return late[-1] if late else None

    def _covers(self, role: Role, amount: Decimal | None) -> bool:
        if role not in self.limits:
            return False
        limit = self.limits[role]
        return limit is None or amount is None or amount <= limit


def read_authority(data: Mapping[str, object]) -> Authority:
    """Build the authority from the ``authority``, ``offices`` and ``escalation`` parts of ``deadlines.toml``.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    limits, offices, ladder = data["authority"], data["offices"], data["escalation"]
    if not isinstance(limits, Mapping) or not isinstance(offices, Mapping) or not isinstance(ladder, list):
        raise TypeError("authority, offices, escalation")
    rungs = tuple(Rung(str(offices.get(r["office"], r["office"])), int(r["after_hours"])) for r in ladder)
    if not rungs or list(rungs) != sorted(rungs, key=lambda r: r.after_hours):
        raise ValueError("escalation")
    if Role.MANAGER not in offices:
        raise KeyError("offices: manager")
    return Authority(
        limits={Role(k): None if v == "all" else _sum(v) for k, v in limits.items()},
        offices={Role(k): str(v) for k, v in offices.items()},
        ladder=rungs,
    )


def _sum(value: object) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"authority: {value}") from error
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"authority: {value}")
    return amount

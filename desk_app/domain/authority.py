"""Who may decide what: roles, their rights, the amounts they may grant, and to whom a matter goes next (part 7).

``resources/deadlines.toml`` holds the rights, the limits and the offices; which person has which role is a
setting of the shop. Where the shop has given no roles at all, everybody may decide everything, and the history says who
did. Where it has given some, what is an office's that nobody holds is the matter of the next office above that somebody
does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from desk_app.domain.rights import Granted, Right, read_rights
from desk_app.domain.vocabulary import Role

_ORDER = tuple(Role)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: what is late by ``after_hours`` is the matter of ``office``."""

    office: str
    after_hours: int


@dataclass(frozen=True, slots=True)
class Authority:
    """The least role of each right, the limits of each role in yuan (None: without), offices, ladder, the staff."""

    rights: Mapping[Granted, Role]
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

    @property
    def vacant(self) -> tuple[str, ...]:
        """The offices that nobody holds, the lowest first; while there are no roles, none."""
        return tuple(self.offices[role] for role in _ORDER if role in self.offices and not self._is_held(role))

    def acting(self, office: str) -> str:
        """Return the office that does what is an office's: itself, or the next above it that somebody holds.

        Where nobody above holds one either, and for a person's name, itself.
        """
        if office in self.roles or office not in self.offices.values():
            return office
        rank = _ORDER.index(self.role_of(office))
        return next((self.offices[r] for r in _ORDER[rank:] if r in self.offices and self._is_held(r)), office)

    def role_of(self, name: str) -> Role:
        """Return the role of a person (of one nobody has named, the least) or of an office, its own."""
        by_office = {office: role for role, office in self.offices.items()}
        return self.roles.get(name) or by_office.get(name, Role.RECEPTIONIST)

    def is_office_word(self, name: str) -> bool:
        """Whether a name is an office's and, where there are roles, no person's: who decides is a person."""
        return self.is_on and name in self.offices.values() and name not in self.roles

    def offices_of(self, person: str) -> tuple[str, ...]:
        """Return the offices a person answers for: their role's, and the vacant ones that it does the work of.

        While there are no roles, everybody answers for all.
        """
        if not self.is_on:
            return tuple(self.offices.values())
        own = self.offices.get(self._held_by(person))
        return tuple(office for office in self.offices.values() if self.acting(office) == own)

    def may(self, person: str, right: Granted) -> bool:
        """Whether a person has a right; the name of an office has none but the least.

        While nobody has a role that may give roles, everybody may: else nobody ever could.
        """
        if not self.is_on or (right is Right.STAFF and not any(self._has(role, right) for role in self.roles.values())):
            return True
        return self._has(self._held_by(person), right)

    def office_of(self, right: Granted) -> str:
        """Return the office that is to be asked for what one may not do oneself: the lowest that has the right."""
        able = _ORDER[_ORDER.index(self.rights[right]) :]
        return self.acting(next(self.offices[role] for role in (*able, Role.MANAGER) if role in self.offices))

    def is_below(self, person: str, other: str) -> bool:
        """Whether a person or an office has a lesser role than another."""
        return _ORDER.index(self.role_of(person)) < _ORDER.index(self.role_of(other))

    def is_above(self, other: str, person: str) -> bool:
        """Whether another can be asked by a person: somebody named, and with a greater role where there are roles."""
        return bool(other) and other != person and (not self.is_on or self.is_below(person, other))

    def may_grant(self, person: str, amount: Decimal | None) -> bool:
        """Whether a person may approve a proposal of that amount."""
        return not self.is_on or self._covers(self._held_by(person), amount)

    def is_own_matter(self, person: str, amount: Decimal | None) -> bool:
        """Whether a person's own proposal needs nobody's approval: only where roles say so."""
        return self.is_on and self._covers(self._held_by(person), amount)

    def approver(self, amount: Decimal | None) -> str:
        """Return the lowest office that may approve that amount and that somebody holds, else the manager's."""
        able = (role for role in _ORDER if role in self.offices and self._covers(role, amount))
        return self.acting(self.offices[next(able, Role.MANAGER)])

    def next_office(self, person: str) -> str | None:
        """Return whom a person or an office asks next, or None where nobody is above them."""
        offices = [rung.office for rung in self.ladder]
        own = self.offices.get(self.role_of(person), person) if self.is_on else person
        place = offices.index(own) + 1 if own in offices else 0
        return self.acting(offices[place]) if place < len(offices) else None

    def rung(self, due_at: datetime, now: datetime) -> Rung | None:
        """Return how far what is late has climbed by itself, or None: worked out whenever it is looked at."""
        late = [r for r in self.ladder if now >= due_at + timedelta(hours=r.after_hours)]
        return replace(late[-1], office=self.acting(late[-1].office)) if late else None

    def _has(self, role: Role, right: Granted) -> bool:
        return _ORDER.index(role) >= _ORDER.index(self.rights[right])

    def _held_by(self, person: str) -> Role:
        return self.roles.get(person, Role.RECEPTIONIST)

    def _is_held(self, role: Role) -> bool:
        return not self.is_on or role in self.roles.values() or self.offices[role] in self.roles

    def _covers(self, role: Role, amount: Decimal | None) -> bool:
        if role not in self.limits:
            return False
        limit = self.limits[role]
        return limit is None or amount is None or amount <= limit


def read_authority(data: Mapping[str, object]) -> Authority:
    """Build the authority from the ``rights``, ``authority``, ``offices`` and ``escalation`` of ``deadlines.toml``.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    limits, offices, ladder = data["authority"], data["offices"], data["escalation"]
    if not isinstance(limits, Mapping) or not isinstance(offices, Mapping) or not isinstance(ladder, list):
        raise TypeError("authority, offices, escalation")
    if not isinstance(data["rights"], Mapping):
        raise TypeError("rights")
    rungs = tuple(Rung(str(offices.get(r["office"], r["office"])), int(r["after_hours"])) for r in ladder)
    if not rungs or list(rungs) != sorted(rungs, key=lambda r: r.after_hours):
        raise ValueError("escalation")
    if Role.MANAGER not in offices:
        raise KeyError("offices: manager")
    return Authority(
        rights=read_rights(data["rights"]),
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

"""The shop's own settings: its name, its trade, and who receives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.domain.rights import Right
from desk_app.domain.text import first_words, strip_unstorable
from desk_app.domain.validation import read_operator
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.services import access
from desk_app.services.results import Changes, Finding, Shop
from desk_app.services.workspace import UNNAMED_OPERATOR, Workspace, as_stored
from desk_app.storage import credentials, queue, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk_app.domain.authority import Authority
    from desk_app.storage.connection import Transaction

_NAME_LENGTH = 60
_NO_SETTINGS = frozenset({"operator", "told_open"})  # a sign-in is noted as one; what was told, not at all
_TOLD = 3
"""Of the cases on which somebody still owes something, how many are named."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a shop may have as it likes; None leaves it as it is. The names are those of :class:`Shop`."""

    phrase_packs: tuple[str, ...] | None = None
    reminders: bool | None = None
    strip_place: bool | None = None
    silent_after: int | None = None
    duplicate_days: int | None = None
    lock_after: int | None = None


@dataclass(frozen=True, slots=True)
class ShopSaved:
    """The shop's settings after a change; ``notes`` are what should be known of it at once."""

    shop: Shop
    changes: Changes
    notes: tuple[Finding, ...] = ()


def set_up(ws: Workspace, name: str, trade: str, operator: str) -> ShopSaved:
    """Answer the three questions of the first start; one transaction.

    Raises:
        KnownError: ``locked``, ``not_allowed``, ``pin_needed``, ``operator_missing``, ``operator_owes``.
    """
    ws.require(Right.SETTINGS)
    who = _operator(operator)
    if ws.has_pin(who) and who != ws.operator:
        raise KnownError("pin_needed", name=who)

    def answered(shop: Shop) -> Shop:
        others = tuple(o for o in shop.operators if o not in (who, UNNAMED_OPERATOR))
        shop = replace(shop, operator=who, operators=(who, *others), is_set_up=True, told_open=True)
        return replace(shop, name=_line(name), trade=trade)

    return change_shop(ws, answered)


def choose_operator(ws: Workspace, name: str) -> ShopSaved:
    """Say who receives from now on: somebody without a PIN. A new name joins the list first; a transaction each.

    Raises:
        KnownError: ``operator_missing``; ``pin_needed``: they sign in (``access.sign_in``); for a new name, ``locked``
            or ``not_allowed``.
    """
    who = _operator(name)
    if ws.is_behind():
        ws.look_again()
    if ws.has_pin(who):
        raise KnownError("pin_needed", name=who)
    if who not in ws.shop.operators:
        ws.require(Right.STAFF)
        change_shop(ws, lambda shop: replace(shop, operators=_joined(shop.operators, who)))
    signed = access.sign_in(ws, who)
    return ShopSaved(signed.shop, signed.changes)


def save_shop(
    ws: Workspace,
    name: str,
    trade: str,
    operators: Sequence[str],
    options: Options | None = None,
    seen: Shop | None = None,
) -> ShopSaved:
    """Change the settings; one transaction.

    ``seen`` is the shop that the person had before them (default: as the workspace knows it). Only what they changed is
    changed: what another window has set in the meantime stays. Whoever is no longer on the list has no role and no PIN
    either; who still owes something stays on it.

    Raises:
        KnownError: ``operator_missing``, where no name is left; ``operator_owes``; ``locked``, ``not_allowed``.
    """
    names = tuple(dict.fromkeys(_operator(o) for o in operators if o.strip()))
    if not names:
        raise KnownError("operator_missing")
    seen = seen or ws.shop
    given = {"name": _line(name), "trade": trade, **asdict(options or Options())}
    wanted = {key: v for key, v in given.items() if v is not None and v != getattr(seen, key)}
    ws.require_person()
    if names != seen.operators:
        ws.require(Right.STAFF)
    if wanted:
        ws.require(Right.SETTINGS)
    return change_shop(ws, lambda shop: replace(_with_operators(shop, names, seen.operators), **wanted))


def set_role(ws: Workspace, name: str, role: Role | None) -> ShopSaved:
    """Say what a person may decide (None: nothing is said of them); a new name joins the list. One transaction.

    Raises:
        KnownError: ``operator_missing``; ``operator_unknown``, where a role is taken from a name nobody has;
            ``locked``, ``not_allowed``.
    """
    who = _operator(name)
    ws.require(Right.STAFF)

    def given(shop: Shop) -> Shop:
        if role is None and who not in shop.operators:
            raise KnownError("operator_unknown", name=who, known="、".join(shop.operators))
        others = {each: held for each, held in shop.roles.items() if each != who}
        roles = {**others, who: role} if role else others
        return replace(shop, operators=_joined(shop.operators, who), roles=roles)

    return change_shop(ws, given)


def remove_operator(ws: Workspace, name: str) -> ShopSaved:
    """Take a person off the list, with their role and their PIN; what they did stays in the history. One transaction.

    Raises:
        KnownError: ``operator_unknown``; ``operator_owes``: what they owe is to be handed over first;
            ``operator_missing``: nobody would be left; ``locked``, ``not_allowed``.
    """
    ws.require(Right.STAFF)

    def without(shop: Shop) -> Shop:
        if name not in shop.operators:
            raise KnownError("operator_unknown", name=name[:40], known="、".join(shop.operators))
        if shop.operators == (name,):
            raise KnownError("operator_missing")
        return _with_operators(shop, tuple(each for each in shop.operators if each != name), shop.operators)

    return change_shop(ws, without)


def tell_open(ws: Workspace) -> Finding | None:
    """Return, once in the life of a shop, what it means that it has neither PINs nor roles; one transaction.

    A new shop is told at its first three questions.
    """
    shop = ws.shop
    if not shop.is_set_up or shop.told_open or shop.roles or ws.has_pins:
        return None
    change_shop(ws, lambda shop: replace(shop, told_open=True))
    return Finding("pins_off", {})


def notes_on_staff(authority: Authority) -> tuple[Finding, ...]:
    """Return what is to be known of the roles as they are: that there are none, or which offices nobody holds."""
    if not authority.is_on:
        return (Finding("roles_off", {}),)
    found = [] if authority.has_head else [Finding("roles_without_head", {})]
    manager = authority.offices[Role.MANAGER]
    for office in (o for o in authority.vacant if o != manager):
        instead = authority.acting(office)
        code = "office_vacant_alone" if instead == office else "office_vacant"
        found.append(Finding(code, {"office": office, "instead": instead}))
    return tuple(found)


def _joined(operators: tuple[str, ...], who: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*operators, who)))


def _with_operators(shop: Shop, names: tuple[str, ...], seen: tuple[str, ...]) -> Shop:
    """Return the shop with the names of a list that a person has edited, and those that came in elsewhere since."""
    came = tuple(o for o in shop.operators if o not in seen)
    left = tuple(o for o in names if o in shop.operators or o not in seen) or names
    operators = tuple(dict.fromkeys((*left, *came)))
    current = shop.operator if shop.operator in operators else operators[0]
    roles = {who: role for who, role in shop.roles.items() if who in operators}
    return replace(shop, operators=operators, operator=current, roles=roles)


def _line(name: str) -> str:
    """Return the shop's name as it can stand in the head of a sheet: one line, nothing that a file cannot carry."""
    return first_words(strip_unstorable(name), _NAME_LENGTH)


def _operator(name: str) -> str:
    who = read_operator(name.strip())
    if who is None:
        raise KnownError("operator_missing")
    return who


def change_shop(ws: Workspace, change: Callable[[Shop], Shop]) -> ShopSaved:
    """Change the shop as it is stored at this moment, whoever wrote it, and write what has become different.

    One transaction, with a line of the journal for each setting; what ``change`` raises leaves everything as it was.

    Raises:
        KnownError: ``operator_owes``: a person who owes something would be taken off the list; ``locked``.
    """
    with ws.store.transaction() as conn:
        before = as_stored(settings.read(conn))
        shop = change(before)
        old = {f.name: getattr(before, f.name) for f in fields(Shop)}
        new = {key: value for key in old if (value := getattr(shop, key)) != old[key]}
        settings.write(conn, new)
        for key, value in new.items():
            if key not in _NO_SETTINGS:
                ws.note(conn, Noted.SETTING, key, old=old[key], new=value)
        _let_go(conn, [name for name in before.operators if name not in shop.operators])
    ws.shop = replace(shop, days=ws.shop.days, deadlines=ws.shop.deadlines, rules_fault=ws.shop.rules_fault)
    return ShopSaved(ws.shop, Changes(shop=True), _notes_on_loss(before, shop))


def _let_go(conn: Transaction, names: Sequence[str]) -> None:
    """Take the PINs of people who are taken off the list; nobody goes who owes something: it would be forgotten."""
    for name in names:
        owed = queue.owed_by(conn, name) if name != UNNAMED_OPERATOR else ()
        if owed:
            numbers = "、".join(tuple(dict.fromkeys(owed))[:_TOLD])
            raise KnownError("operator_owes", name=name, count=len(owed), numbers=numbers)
        credentials.remove(conn, name)


def _notes_on_loss(before: Shop, after: Shop) -> tuple[Finding, ...]:
    """Return what is to be told at once where the last role, or the last manager, has gone."""
    if before.roles and not after.roles:
        return (Finding("roles_gone", {}),)
    had_head = Role.MANAGER in before.roles.values()
    return (Finding("roles_without_head", {}),) if had_head and Role.MANAGER not in after.roles.values() else ()

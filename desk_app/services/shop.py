"""The shop's own settings: its name, its trade, and who receives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from desk_app.domain.text import first_words, strip_unstorable
from desk_app.domain.validation import read_operator
from desk_app.errors import KnownError
from desk_app.services.results import Changes, Shop
from desk_app.services.workspace import UNNAMED_OPERATOR, Workspace
from desk_app.storage import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_app.domain.vocabulary import Role

_NAME_LENGTH = 60
_KEPT_ELSEWHERE = frozenset({"days", "deadlines", "rules_fault"})


@dataclass(frozen=True, slots=True)
class Options:
    """What a shop may have as it likes; None leaves it as it is. The names are those of :class:`Shop`."""

    phrase_packs: tuple[str, ...] | None = None
    reminders: bool | None = None
    silent_after: int | None = None


@dataclass(frozen=True, slots=True)
class ShopSaved:
    """The shop's settings after a change."""

    shop: Shop
    changes: Changes


def set_up(ws: Workspace, name: str, trade: str, operator: str) -> ShopSaved:
    """Answer the three questions of the first start; one transaction."""
    who = _operator(operator)
    others = tuple(o for o in ws.shop.operators if o not in (who, UNNAMED_OPERATOR))
    return _save(
        ws,
        replace(ws.shop, name=_line(name), trade=trade, operator=who, operators=(who, *others), is_set_up=True),
    )


def choose_operator(ws: Workspace, name: str) -> ShopSaved:
    """Say who receives from now on; a new name joins the list. One transaction."""
    who = _operator(name)
    operators = ws.shop.operators if who in ws.shop.operators else (*ws.shop.operators, who)
    return _save(ws, replace(ws.shop, operator=who, operators=operators))


def save_shop(
    ws: Workspace, name: str, trade: str, operators: Sequence[str], options: Options | None = None
) -> ShopSaved:
    """Change the settings; one transaction.

    Whoever is no longer on the list has no role either.

    Raises:
        KnownError: ``operator_missing``, where no name is left.
    """
    names = tuple(dict.fromkeys(_operator(o) for o in operators if o.strip()))
    if not names:
        raise KnownError("operator_missing")
    current = ws.shop.operator if ws.shop.operator in names else names[0]
    chosen = {key: value for key, value in asdict(options or Options()).items() if value is not None}
    roles = {who: role for who, role in ws.shop.roles.items() if who in names}
    shop = replace(ws.shop, name=_line(name), trade=trade, operators=names, operator=current)
    return _save(ws, replace(shop, roles=roles, **chosen))


def set_role(ws: Workspace, name: str, role: Role | None) -> ShopSaved:
    """Say what a person may decide (None: nothing is said of them); a new name joins the list. One transaction.

    Raises:
        KnownError: ``operator_missing``; ``operator_unknown``, where a role is taken from a name nobody has.
    """
    who = _operator(name)
    if role is None and who not in ws.shop.operators:
        raise KnownError("operator_unknown", name=who, known="、".join(ws.shop.operators))
    operators = tuple(dict.fromkeys((*ws.shop.operators, who)))
    others = {each: held for each, held in ws.shop.roles.items() if each != who}
    return _save(ws, replace(ws.shop, operators=operators, roles={**others, who: role} if role else others))


def _line(name: str) -> str:
    """Return the shop's name as it can stand in the head of a sheet: one line, nothing that a file cannot carry."""
    return first_words(strip_unstorable(name), _NAME_LENGTH)


def _operator(name: str) -> str:
    who = read_operator(name.strip())
    if who is None:
        raise KnownError("operator_missing")
    return who


def _save(ws: Workspace, shop: Shop) -> ShopSaved:
    with ws.store.transaction() as conn:
        settings.write(conn, {key: value for key, value in asdict(shop).items() if key not in _KEPT_ELSEWHERE})
    ws.shop = shop
    return ShopSaved(shop, Changes(shop=True))

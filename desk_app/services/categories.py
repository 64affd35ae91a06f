"""The shop's own categories and words, laid over those of its trade (domain.md part 6.1).

A case keeps the category it was given: what is hidden or taken away here is only not offered any more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desk_app.domain import own_trade
from desk_app.domain.fields import LEVEL, category_path, top_of
from desk_app.domain.rights import Right
from desk_app.domain.suggesting import plain
from desk_app.domain.text import find_unstorable
from desk_app.errors import KnownError
from desk_app.services.shop import change_shop

if TYPE_CHECKING:
    from desk_app.services.results import Shop
    from desk_app.services.shop import ShopSaved
    from desk_app.services.workspace import Workspace

LONGEST_NAME = 30
"""Code points of one level of a category, and of a word."""
_LEVELS = 2


def put_word(ws: Workspace, word: str, path: str) -> ShopSaved:
    """Let a word speak for a category, whatever it spoke for before, in any width and case; one transaction.

    Raises:
        KnownError: ``word_bad``; ``category_not_offered``.
    """
    ws.require(Right.CATEGORIES)
    said, meant = word.strip(), category_path(path)
    if not _is_name(said) or any(sign.isspace() for sign in said):
        raise KnownError("word_bad", limit=LONGEST_NAME)

    def put(shop: Shop) -> Shop:
        if not ws.rules.trade_of(shop).has_category(meant):
            raise KnownError("category_not_offered", path=meant[:LONGEST_NAME])
        shipped = ws.rules.trade(shop.trade).words
        others = {each: to for each, to in shop.own_words.items() if plain(each) != plain(said)}
        word = next((each for each in shipped if plain(each) == plain(said)), said)
        return replace(shop, own_words=others if shipped.get(word) == meant else {**others, word: meant})

    return change_shop(ws, put)


def remove_word(ws: Workspace, word: str) -> ShopSaved:
    """Take back what the shop says of a word; where it says nothing, silence the trade's. One transaction.

    So the same twice leaves a word of the trade as it was.
    """
    ws.require(Right.CATEGORIES)

    def removed(shop: Shop) -> Shop:
        others = {each: to for each, to in shop.own_words.items() if each != word}
        is_shipped = word in ws.rules.trade(shop.trade).words
        return replace(shop, own_words={**others, word: ""} if is_shipped and others == shop.own_words else others)

    return change_shop(ws, removed)


def add_category(ws: Workspace, typed: str) -> ShopSaved:
    """Add a category of the shop's own, ``一级`` or ``一级 > 二级``; one that was hidden is offered again.

    One transaction.

    Raises:
        KnownError: ``category_bad``; ``category_known``: it is offered already.
    """
    ws.require(Right.CATEGORIES)
    path = category_path(typed)
    parts = path.split(LEVEL)
    if len(parts) > _LEVELS or not all(map(_is_name, parts)):
        raise KnownError("category_bad", limit=LONGEST_NAME)

    def added(shop: Shop) -> Shop:
        if ws.rules.trade_of(shop).has_category(path):
            raise KnownError("category_known", path=path)
        hidden = tuple(each for each in shop.hidden_categories if each not in (path, top_of(path)))
        known = own_trade.tree(ws.rules.trade(shop.trade), shop.own_categories)
        own = shop.own_categories if path in known else (*shop.own_categories, path)
        return replace(shop, own_categories=own, hidden_categories=hidden)

    return change_shop(ws, added)


def remove_category(ws: Workspace, path: str) -> ShopSaved:
    """Take away a category of the shop's own, with its own ones below it; hide one of the trade. One transaction.

    Raises:
        KnownError: ``category_last``: there would be none left to choose.
    """
    ws.require(Right.CATEGORIES)

    def removed(shop: Shop) -> Shop:
        if ws.rules.trade(shop.trade).has_category(path):
            return replace(shop, hidden_categories=tuple(dict.fromkeys((*shop.hidden_categories, path))))
        own = tuple(each for each in shop.own_categories if path not in (each, top_of(each)))
        return replace(shop, own_categories=own)

    return change_shop(ws, lambda shop: _with_some_left(ws, removed(shop)))


def toggle_category(ws: Workspace, path: str) -> ShopSaved:
    """Hide a category, with what is below it, or offer it again; one transaction.

    Raises:
        KnownError: ``category_last``: there would be none left to choose.
    """
    ws.require(Right.CATEGORIES)

    def toggled(shop: Shop) -> Shop:
        others = tuple(each for each in shop.hidden_categories if each != path)
        is_hidden = others != shop.hidden_categories
        return replace(shop, hidden_categories=others if is_hidden else (*others, path))

    return change_shop(ws, lambda shop: _with_some_left(ws, toggled(shop)))


def _with_some_left(ws: Workspace, shop: Shop) -> Shop:
    if not ws.rules.trade_of(shop).categories:
        raise KnownError("category_last")
    return shop


def _is_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and find_unstorable(text, one_line=True) is None

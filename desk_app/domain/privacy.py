"""What a list shows of a person (PIPL 51; domain.md part 14): enough to recognise, not enough to misuse."""

from __future__ import annotations

import re

_TITLES = ("先生", "女士", "小姐", "太太", "老师", "经理", "师傅", "阿姨", "大爷", "同志")
_COMPOUND_SURNAMES = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "司徒",
        "司空",
        "夏侯",
        "宇文",
        "长孙",
        "端木",
        "南宫",
        "独孤",
        "百里",
        "呼延",
    )
)
_LONG_NUMBER = re.compile(r"\d(?:[-－\s.]?\d){6,}")  # with whatever was typed between the digits
_MOBILE_DIGITS = 11


def mask_name(name: str) -> str:
    """Keep the surname and a form of address: 张小山 → 张**, 李女士 stays, 欧阳锋 → 欧阳*."""
    name = name.strip()
    for title in _TITLES:
        stem = name.removesuffix(title)
        if stem != name and stem:
            return _surname(stem) + title
    surname = _surname(name)
    return surname + "*" * (len(name) - len(surname))


def mask_phone(phone: str) -> str:
    """Keep the ends of each long number: 138****8000, 138-****-8000; a shorter one keeps two digits each: 66****56."""
    return _LONG_NUMBER.sub(_hide_the_middle, phone)


def mask_customer(name: str, phone: str) -> str:
    """Return what a list shows for a customer: the masked name, else the masked phone, else nothing."""
    return mask_name(name) if name.strip() else mask_phone(phone)


def _hide_the_middle(number: re.Match[str]) -> str:
    digits = [i for i, c in enumerate(number[0]) if c.isdigit()]
    first, last = (3, 4) if len(digits) >= _MOBILE_DIGITS else (2, 2)
    hidden = frozenset(digits[first:-last])
    return "".join("*" if i in hidden else c for i, c in enumerate(number[0]))


def _surname(name: str) -> str:
    return name[:2] if name[:2] in _COMPOUND_SURNAMES else name[:1]

"""What a list shows of a person (PIPL 51; domain.md part 14): enough to recognise, not enough to misuse."""

from __future__ import annotations

import re

_TITLES = (
    *("先生", "女士", "小姐", "太太", "夫人", "老师", "经理", "师傅", "阿姨", "大爷", "大妈", "叔叔", "同志"),
    *("主任", "医生", "教授", "老板"),
)
# Patterns as text: nothing is compiled before a list is shown.
_TITLE_BEFORE = r"(?i)(?:mr|mrs|ms|miss|dr|prof)\b\.?\s+"
_ORGANISATIONS = "公司 集团 银行 酒店 宾馆 学校 大学 医院 事务所 协会 委员会 管理处 中心"
_ORGANISATION = rf"(?i).{{2,}}(?:{_ORGANISATIONS.replace(' ', '|')}|\b(?:ltd|inc|llc|gmbh)\b)\.?\s*"
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
    """Keep the surname (of a foreign name the initial) and the form of address, and hide every letter of the rest.

    张小山先生 → 张**先生, 李女士 stays, 欧阳修 → 欧阳*, 阿里木·买买提 → 阿**·***, Mr Smith → Mr S****. An organisation
    is no person: its name stays, that of somebody named after it does not.
    """
    name = name.strip()
    for pattern in (_ORGANISATION, _TITLE_BEFORE):
        if before := re.match(pattern, name):
            return before[0] + mask_name(name[before.end() :])
    title = next((t for t in _TITLES if name.endswith(t) and name != t), "")
    stem = name.removesuffix(title)
    surname = _surname(stem)
    return surname + "".join("*" if c.isalnum() else c for c in stem[len(surname) :]) + title


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

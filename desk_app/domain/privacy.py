"""What a list shows of a person (PIPL 51; domain.md part 14): enough to recognise, not enough to misuse."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BLOTTED = "（已匿名）"
"""What stands in the register where something was that told of a person; the register outlives it."""

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
_BETWEEN_DIGITS = r"[-－\s.]?"
_MOBILE = rf"(?<!\d)1[3-9]\d(?:{_BETWEEN_DIGITS}\d){{8}}(?!\d)"
_LANDLINE = r"(?<!\d)0\d{2,3}[-－ ]?[2-9]\d{6,7}(?!\d)"
_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_NO_PHONE = "订单 单号 编号 流水 运单 工单 合同 发票 票号 序列号 条码 批号 货号 案号 保单 取件码 券码"
_TOLD_BEFORE = rf"(?:{_NO_PHONE.replace(' ', '|')})[号码数是为：:#№（(“「\s]{{0,6}}\Z"
"""What stands before a number that is no phone, card or identity, though it looks like one; else it is hidden."""
_FARTHEST_BEFORE = 12
_BORN = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = rf"(?<![\dA-Za-z])[1-9]\d{{5}}[ -]?{_BORN}[ -]?\d{{3}}[\dXx](?![\dA-Za-z])"
_CARD = r"(?<![\dA-Za-z])(?:\d{16,19}|\d{4}(?P<gap>[ -])(?:\d{4}(?P=gap)){2}\d{4}(?:(?P=gap)\d{1,3})?)(?![\dA-Za-z])"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = rf"(?i)([{_PROVINCES}][A-HJ-NP-Z])([·•. ]?)([A-HJ-NP-Z0-9]{{4,5}}[A-Z0-9挂学警港澳])(?![A-Z0-9])"
_BETWEEN_NAMES = r"[、;；/]"
_AFTER_A_NAME = r"[,，（(]"  # what they are to each other
_SHORTEST_ADDRESS, _SHORTEST_LOCAL = 4, 7


def mask_name(name: str) -> str:
    """Keep the surname (of a foreign name the initial) and the form of address, and hide every letter of the rest.

    张小山先生 → 张**先生, 李女士 stays, 欧阳修 → 欧阳*, 阿里木·买买提 → 阿**·***, Mr Smith → Mr S****. An organisation
    is no person: its name stays, that of somebody named after it does not.
    """
    if name == BLOTTED:
        return name
    before, stem, title = _parts(name.strip())
    surname = _surname(stem)
    return before + surname + "".join("*" if c.isalnum() else c for c in stem[len(surname) :]) + title


def without_title(name: str) -> str:
    """Return a name without the form of address after it: 张小山先生 → 张小山, 李女士 → 李; of 女士 alone nothing."""
    before, stem, _title = _parts(name.strip())
    return "" if stem in _TITLES else before + stem


def is_surname(name: str) -> bool:
    """Whether a name is no more than a Chinese surname: one character, or a compound of two."""
    return len(name) == 1 or name in _COMPOUND_SURNAMES


def mask_phone(phone: str) -> str:
    """Keep the ends of each long number: 138****8000, 138-****-8000; a shorter one keeps two digits each: 66****56."""
    return _LONG_NUMBER.sub(_hide_the_middle, phone)


def mask_customer(name: str, phone: str) -> str:
    """Return what a list shows for a customer: the masked name, else the masked phone, else nothing."""
    return mask_name(name) if name.strip() else mask_phone(phone)


def mask_said(text: str, names: str, phones: str, address: str) -> str:
    """Hide in what was said whose matter it is: the name, number and address on file, and every number of a person.

    That is every mobile number, identity number (its first three and last four digits stay) and bank card (its last
    four), but for what the word before it calls something else (订单号, 投诉编号 …): who is not told is hidden.
    Blanks do not tell texts apart (和平路8号), nor do full-width digits. The rule is as simple as that: whom else a
    text tells of, and what else a customer can be known by, nobody can see without reading it. Names and numbers stay
    as far as :func:`mask_name` and :func:`mask_phone` leave them.
    """
    if len(address.strip()) >= _SHORTEST_ADDRESS:
        text = _hide(text, address, lambda _: "***")
    for name in re.split(_BETWEEN_NAMES, names):
        stem = _parts(re.split(_AFTER_A_NAME, name)[0].strip())[1].strip()
        if len(stem) > 1:
            text = _hide_name(text, stem)
    return _hide_numbers(text, phones) if _LONG_NUMBER.search(text) else text


def holds_number(text: str) -> bool:
    """Whether a text holds a number by which a person is reached or known; a case's number or a date is none."""
    return mask_said(text, "", "", "") != text or re.search(_LANDLINE, text) is not None


def mask_plates(text: str) -> str:
    """Hide of each number plate what follows the province and its letter: 浙A·12345 → 浙A·*****."""
    return re.sub(_PLATE, lambda found: found[1] + found[2] + "*" * len(found[3]), text)


def _hide_name(text: str, name: str) -> str:
    if not name.isascii():
        return _hide(text, name, mask_name)
    word = rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])"
    return re.sub(word, lambda found: mask_name(found[0]), text, flags=re.IGNORECASE)


def _hide(text: str, words: str, masked: Callable[[str], str]) -> str:
    """Put something else in the place of some words, whatever blanks stand in them here and there."""
    closed = "".join(words.split())
    if closed not in "".join(text.split()):
        return text
    return re.sub(r"[^\S\n]*".join(map(re.escape, closed)), lambda found: masked(found[0]), text)


def _hide_numbers(text: str, own: str) -> str:
    """Hide some numbers, however their digits are grouped and without the area code too, and every mobile number."""
    plain = text.translate(_WIDE_DIGITS)
    hidden = _hide_plain_numbers(plain, own.translate(_WIDE_DIGITS))
    return "".join(typed if shown == digit else shown for typed, digit, shown in zip(text, plain, hidden, strict=True))


def _hide_plain_numbers(text: str, own: str) -> str:
    for number in _LONG_NUMBER.findall(own):
        local = max(re.findall(r"\d+", number), key=len)
        for digits in (re.sub(r"\D", "", number), *([local] if len(local) >= _SHORTEST_LOCAL else [])):
            text = re.sub(_BETWEEN_DIGITS.join(digits), lambda found: mask_phone(found[0]), text)
    for pattern, first, last in ((_IDENTITY, 3, 4), (_CARD, 0, 4), (_MOBILE, 3, 4)):
        text = re.sub(pattern, partial(_hide_unknown, first, last), text)
    return text


def _hide_unknown(first: int, last: int, number: re.Match[str]) -> str:
    """Hide a number but for its ends, unless the word before it says that it is no person's."""
    start = number.start()
    if re.search(_TOLD_BEFORE, number.string[max(0, start - _FARTHEST_BEFORE) : start]):
        return number[0]
    return _hide_between(number[0], first, last)


def _parts(name: str) -> tuple[str, str, str]:
    """Return what stands before a name (a body, Mr), the name itself, and the form of address after it."""
    for pattern in (_ORGANISATION, _TITLE_BEFORE):
        if before := re.match(pattern, name):
            more, stem, title = _parts(name[before.end() :].strip())
            return before[0] + more, stem, title
    title = next((t for t in _TITLES if name.endswith(t) and name != t), "")
    return "", name.removesuffix(title), title


def _hide_the_middle(number: re.Match[str]) -> str:
    count = sum(c.isdigit() for c in number[0])
    return _hide_between(number[0], *((3, 4) if count >= _MOBILE_DIGITS else (2, 2)))


def _hide_between(number: str, first: int, last: int) -> str:
    places = [i for i, c in enumerate(number) if c.isalnum()]  # the last of an identity number may be an X
    hidden = frozenset(places[first:-last])
    return "".join("*" if i in hidden else c for i, c in enumerate(number))


def _surname(name: str) -> str:
    return name[:2] if name[:2] in _COMPOUND_SURNAMES else name[:1]

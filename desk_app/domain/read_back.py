"""The record in one spoken sentence, for the customer to say yes to (复述确认; domain.md part 4 F1).

The words are data (``resources/read_back.toml``); what is put into them is only tidied: one line, no punctuation twice,
no empty brackets, and the digits of a mobile number in the groups in which they are said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from desk_app.domain.text import phones

_REACHED: Final = ("phone", "reach")  # a number to call, or anything else that was left
_FACTS: Final = ("when", "place", "content", "demand", "amount", "due", *_REACHED)
_STOPS: Final = "，。、；：！？…,;:!?．."
_ENDS: Final = r"[。！？；!?;\n\r]+"
_RUN: Final = rf"\s*[{_STOPS}](?:\s*[{_STOPS}])+\s*"
_BRACKETS: Final = rf"（[\s{_STOPS}]*）|\([\s{_STOPS}]*\)|【[\s{_STOPS}]*】|《[\s{_STOPS}]*》|“[\s{_STOPS}]*”"
_MOBILE: Final = r"(?<!\d)(1[3-9]\d)[-\s]?(\d{4})[-\s]?(\d{4})(?!\d)"
_CALLED: Final = r"[\d\s+()\-]*\d{3}[\d\s+()\-]*"
_DIGIT_OR_LATIN: Final = re.compile(r"[0-9A-Za-z.]")


@dataclass(frozen=True, slots=True)
class Said:
    """What is read back, each in words; empty where nothing was said. ``when`` and ``due`` are as people say moments.

    ``phone`` is as it was typed, with whatever else reaches the customer.
    """

    kind: str
    name: str = ""
    when: str = ""
    place: str = ""
    content: str = ""
    demand: str = ""
    amount: str = ""
    due: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the sentence: whose fact, the words around it (one for each kind, or one for all), how it is cut."""

    fact: str
    words: Mapping[str, str] | str
    instead_of: tuple[str, ...] = ()
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """The sentence as data."""

    opening: str
    closing: str
    and_so_on: str
    parts: tuple[Part, ...]


def read_template(data: Mapping[str, object]) -> Template:
    """Build the template from the parsed ``read_back.toml``.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    parts = data["part"]
    if not isinstance(parts, list):
        raise TypeError("part")
    return Template(
        opening=str(data["opening"]),
        closing=str(data["closing"]),
        and_so_on=str(data["and_so_on"]),
        parts=tuple(_read_part(entry) for entry in parts),
    )


def sentence(said: Said, template: Template) -> str:
    """Return the sentence; empty where neither when, where, what nor what for was said."""
    reached = spoken_phone(said.phone)
    is_number = all(re.fullmatch(_CALLED, number) for number in reached.split("、"))
    facts = {key: spoken(getattr(said, key)) for key in _FACTS if key not in _REACHED}
    facts |= {"phone": reached if is_number else "", "reach": "" if is_number else reached}
    if not any(facts[key] for key in ("when", "place", "content", "demand")):
        return ""
    name = f"{spoken(said.name)}，" if spoken(said.name) else ""
    parts = (_words(part, facts[part.fact], said.kind, template.and_so_on) for part in template.parts)
    return _tidy(name + template.opening + "，".join(filter(None, parts)) + template.closing)


def spoken(text: str) -> str:
    """Return a text on one line as it is spoken: clauses joined by commas, nothing at its ends but words."""
    line = re.sub(_ENDS, "，", text)
    line = _tidy(" ".join(line.split()))
    return line.strip(_STOPS + " ")


def spoken_phone(typed: str) -> str:
    """Return every number as it is said: 138 0013 8000; what stands beside a number stays, full-width digits count."""
    numbers = (re.sub(_MOBILE, r"\1 \2 \3", unicodedata.normalize("NFKC", number)) for number in phones(typed))
    return "、".join(filter(None, map(spoken, numbers)))


def _shortened(line: str, longest: int, and_so_on: str) -> str:
    """Return what is spoken, cut at the end of a clause; where none ends in time, not within a number or a word."""
    if len(line) <= longest:
        return line
    end = max(line.rfind(stop, 0, longest) for stop in "，；。,;")
    if end < longest // 3:
        end = longest
        while end > 1 and _DIGIT_OR_LATIN.match(line[end]) and _DIGIT_OR_LATIN.match(line[end - 1]):
            end -= 1
    return spoken(_closed(line[:end])) + and_so_on


def _closed(text: str) -> str:
    """Leave out what begins with a bracket that does not end: the rest of it was cut away."""
    for opening, closing in ("（）", "()", "【】", "《》", "“”"):
        if text.count(opening) > text.count(closing) and text.rfind(opening) > 0:
            text = text[: text.rfind(opening)]
    return text


def _words(part: Part, fact: str, kind: str, and_so_on: str) -> str:
    if not fact:
        return ""
    words = part.words if isinstance(part.words, str) else part.words.get(kind) or next(iter(part.words.values()))
    rests = (fact.removeprefix(beginning).strip(_STOPS + " ") for beginning in part.instead_of)
    fact = next((rest for rest in rests if rest not in ("", fact)), fact)
    return words.format(_shortened(fact, part.longest, and_so_on) if part.longest else fact)


def _tidy(line: str) -> str:
    """Leave of several stops in a row the first that is more than a pause in a list, and no bracket around nothing."""
    before = ""
    while before != line:
        before = line
        line = re.sub(_RUN, lambda run: run[0].strip()[0], re.sub(_BRACKETS, "", line))
    return line


def _read_part(entry: Mapping[str, object]) -> Part:
    words, longest, begun = entry["words"], entry.get("longest", 0), entry.get("instead_of", [])
    fact = str(entry["fact"])
    if fact not in _FACTS:
        raise ValueError(fact)
    if not isinstance(longest, int) or not isinstance(begun, list):
        raise TypeError(fact)
    for each in words.values() if isinstance(words, Mapping) else (words,):
        if str(each).count("{}") != 1 or str(each).format("") == each:
            raise ValueError(str(each))
    told = {str(k): str(v) for k, v in words.items()} if isinstance(words, Mapping) else str(words)
    return Part(fact, told, tuple(map(str, begun)), longest)

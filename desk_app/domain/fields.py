"""Facts of the fields: what each is called, what it takes, what may be chosen. The facts themselves are data.

``resources/fields.toml`` is parsed into a :class:`FieldBook` once; the form, the validation, the sheets and the command
line all ask it, and none knows a label by heart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

LEVEL = " > "
"""What stands between the levels of a category."""


class FieldType(StrEnum):
    """What kind of value a field takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    ENUM = "enum"
    SET = "set"
    BOOL = "bool"
    DATETIME = "datetime"
    WHEN = "when"  # a moment, a day, or words (上周二晚上)
    AMOUNT = "amount"
    CATEGORY = "category"
    OPERATOR = "operator"
    ITEM = "item"
    NUMBER = "number"
    SCORE = "score"  # 1 (worst) to 5 (best)
    OWED = "owed"  # the id of something that is owed on the case


class Personal(StrEnum):
    """What of a field goes when a case is made anonymous (PIPL 4, 73: nobody can be told from what is left)."""

    ALWAYS = "always"
    PERHAPS = "perhaps"  # only where it says whose matter it was (domain.blotting)
    NEVER = "never"


_PERSONAL_BY_TYPE = {
    FieldType.TEXT: Personal.ALWAYS,
    FieldType.LONG_TEXT: Personal.ALWAYS,
    FieldType.ITEM: Personal.ALWAYS,
    FieldType.WHEN: Personal.PERHAPS,
}


class Choice(NamedTuple):
    """One value of a closed list, and what people see for it."""

    key: str
    label: str


class Field(NamedTuple):
    """The facts of one field.

    ``given`` fields are filled by the program and refused from outside; ``fixed`` ones are said once, when the case is
    put on file. ``default`` is a value, or ``"now"``, or empty. ``max_length`` counts code points. ``labels`` says
    what the field is called in cases of certain kinds. ``personal`` is what goes when a case is made anonymous: what
    was typed freely, unless the file says otherwise; of an item each key that is not in ``impersonal``.
    """

    key: str
    label: str
    type: FieldType
    required: bool = False
    given: bool = False
    fixed: bool = False
    default: str = ""
    max_length: int = 200
    help: str = ""
    choices: tuple[Choice, ...] = ()
    labels: tuple[Choice, ...] = ()
    personal: Personal = Personal.NEVER
    impersonal: tuple[str, ...] = ()

    def label_for(self, kind: str) -> str:
        """Return what the field is called in a case of this kind."""
        return next((c.label for c in self.labels if c.key == kind), self.label)

    def has_choice(self, value: str) -> bool:
        """Whether ``value`` is one of the closed list."""
        return any(c.key == value for c in self.choices)

    def label_of(self, value: str) -> str:
        """Return what people see for a value; a value the list does not know is shown as it is."""
        return next((c.label for c in self.choices if c.key == value), value)


class FieldBook:
    """Every field of the register, in the order of the file, which is the order of the conversation."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        """Keep the facts by key."""
        self.fields = fields

    def __getitem__(self, key: str) -> Field:
        """Return the facts of one field."""
        return self.fields[key]

    def __contains__(self, key: object) -> bool:
        """Whether the register has such a field."""
        return key in self.fields

    def __iter__(self) -> Iterator[Field]:
        """Go through the fields in order."""
        return iter(self.fields.values())

    def label(self, key: str) -> str:
        """Return a field's label; a key without facts is shown as it is."""
        return self.fields[key].label if key in self.fields else key


class Plan(NamedTuple):
    """A handling plan (预案, domain.md part 9.10): what to do, one after the other, about a category of a trade.

    ``source`` is the document that it follows.
    """

    category: str
    title: str
    steps: tuple[str, ...]
    source: str = ""


class Trade(NamedTuple):
    """A trade preset (domain.md part 6.1): the category tree, the fields of the item complained of, and what helps.

    ``categories`` are paths in reading order, each written ``一级 > 二级``. ``words`` says for which of them a phrase
    speaks that a customer may say; ``departments`` are those that a shop of the trade may have.
    """

    key: str
    categories: tuple[str, ...]
    items: tuple[Choice, ...]
    departments: tuple[str, ...] = ()
    plans: tuple[Plan, ...] = ()
    words: Mapping[str, str] = MappingProxyType({})

    def has_category(self, path: str) -> bool:
        """Whether the tree has this node, at whatever level."""
        return path in self.categories

    def with_category(self, path: str) -> Trade:
        """Return the trade with one category more, where it lacks it."""
        return self if self.has_category(path) else self._replace(categories=(*self.categories, path))

    def plan_for(self, path: str) -> Plan | None:
        """Return what is to be done about a category: the plan for itself, else that for all of its first level."""
        plans = {plan.category: plan for plan in self.plans}
        return plans.get(path) or plans.get(top_of(path))


def read_fields(data: Mapping[str, object]) -> FieldBook:
    """Build the field book from the parsed ``fields.toml`` (its ``field`` list).

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    return FieldBook({f.key: f for f in read_field_list(data["field"])})


def read_field_list(entries: object) -> tuple[Field, ...]:
    """Build the facts of a list of fields, in its order; raises like :func:`read_fields`."""
    if not isinstance(entries, list):
        raise TypeError("field")
    return tuple(_read_field(e) for e in entries)


def read_trade(key: str, data: Mapping[str, object]) -> Trade:
    """Build a trade preset from its parsed file.

    ``items`` (key, label), ``categories`` (name = [names]), ``departments``, ``plan`` (for, title, steps, source) and
    ``suggest`` (path = words with a blank between two).

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must, or speaks of a category that it has not.
    """
    tree = data["categories"]
    if not isinstance(tree, Mapping):
        raise TypeError("categories")
    paths: list[str] = []
    for top, children in tree.items():
        paths.append(top)
        paths += [f"{top}{LEVEL}{child}" for child in children]
    departments, plans = data.get("departments", []), data.get("plan", [])
    if not isinstance(departments, list) or not isinstance(plans, list):
        raise TypeError("departments, plan")
    return Trade(
        key,
        tuple(paths),
        _read_choices(data.get("items", [])),
        tuple(map(str, departments)),
        tuple(_read_plan(plan, paths) for plan in plans),
        _read_words(data.get("suggest", {}), paths),
    )


def _read_plan(entry: Mapping[str, object], paths: Sequence[str]) -> Plan:
    steps = entry["steps"]
    if not isinstance(steps, list) or not steps:
        raise TypeError("steps")
    category = str(entry["for"])
    if category not in paths:
        raise ValueError(category)
    return Plan(category, str(entry["title"]), tuple(map(str, steps)), str(entry.get("source", "")))


def _read_words(table: object, paths: Sequence[str]) -> Mapping[str, str]:
    if not isinstance(table, Mapping):
        raise TypeError("suggest")
    words: dict[str, str] = {}
    for path, listed in table.items():
        if path not in paths:
            raise ValueError(path)
        for word in listed.split():
            if word in words:
                raise ValueError(word)
            words[word] = path
    return words


def category_path(text: str) -> str:
    """Return a path with one blank on each side of ``>``, as the tree writes it (full-width ＞ counts)."""
    return LEVEL.join(part.strip() for part in text.replace("＞", ">").split(">"))


def top_of(path: str) -> str:
    """Return the first level of a path."""
    return path.partition(LEVEL)[0]


def _read_field(entry: Mapping[str, object]) -> Field:
    max_length = entry.get("max_length", 200)
    if not isinstance(max_length, int):
        raise TypeError("max_length")
    impersonal = entry.get("impersonal", [])
    if not isinstance(impersonal, list):
        raise TypeError("impersonal")
    sort, given = FieldType(str(entry["type"])), bool(entry.get("given", False))
    personal = Personal.NEVER if given else _PERSONAL_BY_TYPE.get(sort, Personal.NEVER)
    return Field(
        key=str(entry["key"]),
        label=str(entry["label"]),
        type=sort,
        required=bool(entry.get("required", False)),
        given=given,
        fixed=bool(entry.get("fixed", False)),
        default=str(entry.get("default", "")),
        max_length=max_length,
        help=str(entry.get("help", "")),
        choices=_read_choices(entry.get("choices", [])),
        labels=_read_labels(entry.get("labels", {})),
        personal=Personal(str(entry.get("personal", personal))),
        impersonal=tuple(map(str, impersonal)),
    )


def _read_choices(pairs: object) -> tuple[Choice, ...]:
    if not isinstance(pairs, Sequence) or isinstance(pairs, str):
        raise TypeError("choices")
    return tuple(Choice(str(key), str(label)) for key, label in pairs)


def _read_labels(by_kind: object) -> tuple[Choice, ...]:
    if not isinstance(by_kind, Mapping):
        raise TypeError("labels")
    return tuple(Choice(str(kind), str(label)) for kind, label in by_kind.items())

"""The XML of a part: a tree that gives back what it read, with its prefixes and declarations.

``minidom`` and not ``ElementTree``: the latter renames prefixes and drops those that no element uses, but a worksheet
names such prefixes in ``mc:Ignorable``, and Excel takes a file that does so without declaring them for broken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.dom.minidom import Document, Element, Text, parseString
from xml.parsers.expat import ExpatError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ESCAPED = re.compile(rb"&#(?:x0*([9ADad])|0*(9|10|13));")
_STANDS_IN = {9: "\U0010ff09", 10: "\U0010ff0a", 13: "\U0010ff0d"}
"""A line break in an attribute must stay escaped or it is read as a blank; before Python 3.13 minidom forgets that."""
_BACK = str.maketrans({stands: f"&#{code};" for code, stands in _STANDS_IN.items()})
_PLAIN = str.maketrans({stands: chr(code) for code, stands in _STANDS_IN.items()})


def parse(data: bytes) -> Element:
    """Return the root of a part.

    Raises:
        ValueError: it is no XML, or has a document type (which no Office file has, and which can be made to explode).
    """
    if b"<!DOCTYPE" in data:
        raise ValueError("document type")
    try:
        document: Document = parseString(_ESCAPED.sub(_stand_in, data))  # noqa: S318 -- no document type, see above
    except ExpatError as error:
        raise ValueError(str(error)) from error
    root = document.documentElement
    if root is None:
        raise ValueError("empty")
    return root


def _stand_in(match: re.Match[bytes]) -> bytes:
    return _STANDS_IN[int(match[1], 16) if match[1] else int(match[2])].encode()


def xml_of(node: Element) -> str:
    """Return an element as XML."""
    return str(node.toxml()).translate(_BACK)


def serialise(root: Element) -> bytes:
    """Return the part whose root this is."""
    return (_HEAD + xml_of(root)).encode()


def unprefix(root: Element) -> None:
    """Write the main namespace as the default one, as Excel does; some writers give it a prefix (``x:row``)."""
    prefix, namespace = root.prefix, root.namespaceURI
    if not prefix or not namespace or root.hasAttribute("xmlns"):
        return
    for node in [root, *descend(root)]:
        if node.prefix == prefix:
            node.tagName = node.nodeName = node.localName
            node.prefix = None
    root.removeAttribute(f"xmlns:{prefix}")
    root.setAttribute("xmlns", namespace)


def elements(node: Element) -> list[Element]:
    """Return the elements directly below."""
    return [below for below in node.childNodes if isinstance(below, Element)]


def children(node: Element, name: str) -> list[Element]:
    """Return the elements of that name directly below, whatever their prefix."""
    return [below for below in elements(node) if below.localName == name]


def child(node: Element, name: str) -> Element | None:
    """Return the first element of that name directly below."""
    return next(iter(children(node, name)), None)


def descend(node: Element, skip: str = "") -> Iterator[Element]:
    """Go through all elements below; those called ``skip`` are left out with what is in them."""
    for below in elements(node):
        if below.localName != skip:
            yield below
            yield from descend(below, skip)


def clone(node: Element) -> Element:
    """Return an element like this one, with all that is in it, which stands nowhere yet."""
    copy = node.cloneNode(deep=True)
    assert copy is not None  # noqa: S101 -- for the type checker: only a document type can give none
    return copy


def document_of(node: Element) -> Document:
    """Return the document that an element is part of."""
    document = node.ownerDocument
    assert document is not None  # noqa: S101 -- for the type checker: every element has one
    return document


def new(node: Element, name: str) -> Element:
    """Return an empty element for the part of ``node``, with its prefix."""
    return document_of(node).createElement(f"{node.prefix}:{name}" if node.prefix else name)


def insert(parent: Element, node: Element, before: Element | None) -> None:
    """Put an element before one of those in ``parent``; None: at the end."""
    parent.insertBefore(node, before)


def empty(node: Element) -> None:
    """Take out all that is in an element."""
    for part in list(node.childNodes):
        node.removeChild(part)


def text_of(node: Element) -> str:
    """Return the text directly in an element."""
    return "".join(part.data for part in node.childNodes if isinstance(part, Text)).translate(_PLAIN)


def set_text(node: Element, text: str) -> None:
    """Make a text all that is in an element."""
    empty(node)
    node.appendChild(document_of(node).createTextNode(text))

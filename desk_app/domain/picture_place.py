"""Where a picture was taken, out of the picture: JPEG, PNG and WebP, without decoding it.

Only what tells the place is changed: the GPS part of the EXIF data (EXIF 2.32, 4.6.6) and the ``exif:GPS…`` properties
of the XMP data. Every other byte stays where it is, so the pixels, the time and the camera are as they were. Bytes in,
bytes out; what cannot be understood is left as it is.

A picture that holds further pictures (a preview, a second lens) has several EXIF parts: all of them are looked through,
wherever they stand in the file.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import NamedTuple

_TIFF = re.compile(rb"(?:II\*\x00|MM\x00\*)")
_JPEG_EXIF = re.compile(rb"Exif\x00\x00(?=II\*\x00|MM\x00\*)")
_XMP_GPS = re.compile(
    rb"\bexif:GPS\w+\s*=\s*(?:\"[^\"]{0,2000}\"|'[^']{0,2000}')"
    rb"|<exif:GPS(\w+)(?:\s[^>]{0,2000})?>.{0,2000}?</exif:GPS\1\s*>",
    re.DOTALL,
)
_GPS_POINTER = 0x8825
_ENTRY = 12  # bytes of an IFD entry
_INLINE = 4  # bytes of a value that stand in the entry itself
_SHORT = 2
_SIZES = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8)  # bytes of one value of each type
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_TEXTS = (b"tEXt", b"zTXt", b"iTXt")


class _Entry(NamedTuple):
    """One entry of an IFD: ``at`` is where it begins."""

    tag: int
    type: int
    values: int
    at: int


def without_place(data: bytes) -> bytes:
    """Return a picture that does not say where it was taken; the same bytes where it never did."""
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith(b"\xff\xd8"):
        parts = [(found.end(), _segment_end(data, found.start())) for found in _JPEG_EXIF.finditer(data)]
    elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        parts = _webp_exif(data)
    else:
        return data
    picture = bytearray(data)
    for start, end in parts:
        picture[start:end] = _cleared(data[start:end])
    return _blank(bytes(picture))


def _segment_end(data: bytes, start: int) -> int:
    """Return where the JPEG segment ends whose content begins at ``start``: its length stands before it."""
    return min(start - 2 + int.from_bytes(data[start - 2 : start], "big"), len(data))


def _webp_exif(data: bytes) -> list[tuple[int, int]]:
    """Return where the EXIF parts of a WebP file begin (some write ``Exif`` before them) and end."""
    found, at = [], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"EXIF" and (begin := _TIFF.search(data, at + 8, at + 24)):
            found.append((begin.start(), min(at + 8 + size, len(data))))
        at += 8 + size + size % 2
    return found


def _png(data: bytes) -> bytes:
    """Go through the chunks, each of which has a checksum of its own."""
    parts, at = [_PNG], len(_PNG)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        name, body, whole = data[at + 4 : at + 8], data[at + 8 : at + 8 + size], data[at : at + 12 + size]
        if len(whole) < 12 + size:
            break
        at += len(whole)
        after = _png_body(name, body)
        if after is None:
            continue
        same = after == body
        parts.append(whole if same else _chunk(name, after))
    return b"".join((*parts, data[at:]))


def _png_body(name: bytes, body: bytes) -> bytes | None:
    """Return what a chunk holds without the place; None for a packed text that tells it, which goes as a whole."""
    if name == b"eXIf":
        return _cleared(body)
    if name not in _PNG_TEXTS:
        return body
    keyword = body.partition(b"\x00")[0]
    if keyword.startswith(b"Raw profile type"):  # EXIF as hexadecimal digits, a habit of ImageMagick
        return None if _hides_place(_unpacked(body)) else body
    if name == b"iTXt" and keyword == b"XML:com.adobe.xmp":
        plain = _blank(body)
        return None if plain == body and _XMP_GPS.search(_unpacked(body)) else plain
    return body


def _hides_place(profile: bytes) -> bool:
    """Tell whether a profile in hexadecimal digits holds an EXIF part that tells the place."""
    digits = re.sub(rb"[^0-9a-fA-F]", b"", profile.partition(b"\n")[2].partition(b"\n")[2])
    exif = bytes.fromhex(digits[len(digits) % 2 :].decode("ascii"))
    found = _TIFF.search(exif)
    return found is not None and _cleared(exif[found.start() :]) != exif[found.start() :]


def _unpacked(body: bytes) -> bytes:
    """Return the text of a chunk that may be packed; empty where it is not (at most some megabytes of it)."""
    found = body.find(b"x")
    while 0 <= found < len(body):
        try:
            return zlib.decompressobj().decompress(body[found:], 8_000_000)
        except zlib.error:
            found = body.find(b"x", found + 1)
    return body.partition(b"\x00")[2]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _blank(data: bytes) -> bytes:
    """Write blanks over the XMP properties that tell the place."""
    return _XMP_GPS.sub(lambda found: b" " * len(found[0]), data)


def _cleared(exif: bytes) -> bytes:
    """Return EXIF data (a TIFF file) with its GPS part empty, as long as before.

    The values become zeros and the pointer to them leaves the list of IFD0, whose other entries move up; nothing that
    an entry points to moves.
    """
    data, order = bytearray(exif), ">" if exif.startswith(b"MM") else "<"
    try:
        first = _number(data, 4, order, 4)
        entries = _entries(data, first, order)
        gps = next((entry for entry in entries if entry.tag == _GPS_POINTER), None)
        if gps is None:
            return exif
        _empty(data, _number(data, gps.at + 8, order, 4), order)
    except struct.error:
        return exif  # cut off or made up: nobody can read a place from it either
    end = first + 2 + len(entries) * _ENTRY + 4  # with the pointer to the next list
    data[gps.at : end] = (data[gps.at + _ENTRY : end] + bytes(_ENTRY))[: end - gps.at]
    struct.pack_into(f"{order}H", data, first, len(entries) - 1)
    return bytes(data[: len(exif)])


def _empty(data: bytearray, part: int, order: str) -> None:
    """Write zeros over the GPS part and over the values that it points to."""
    entries = _entries(data, part, order)
    for entry in entries:
        size = (_SIZES[entry.type] if entry.type < len(_SIZES) else 0) * entry.values
        if size > _INLINE:
            value = _number(data, entry.at + 8, order, 4)
            end = min(value + size, len(data))
            data[value:end] = bytes(max(0, end - value))
    length = 2 + len(entries) * _ENTRY
    data[part : part + length] = bytes(length)


def _entries(data: bytearray, ifd: int, order: str) -> list[_Entry]:
    """Return the entries of an IFD; a ``struct.error`` says that there is none."""
    count = _number(data, ifd, order, 2)
    if ifd + 2 + count * _ENTRY > len(data):
        raise struct.error
    places = (ifd + 2 + n * _ENTRY for n in range(count))
    found = ((*struct.unpack_from(f"{order}HHI", data, at), at) for at in places)
    return [_Entry(tag, type_, values, at) for tag, type_, values, at in found]


def _number(data: bytearray, at: int, order: str, size: int) -> int:
    return int(struct.unpack_from(f"{order}{'H' if size == _SHORT else 'I'}", data, at)[0])

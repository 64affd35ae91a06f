"""Pictures as telephones make them: small, real, with or without the place where they were taken."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, PngImagePlugin

if TYPE_CHECKING:
    from collections.abc import Mapping

MAKE, ORIENTATION, EXIF_PART, GPS_PART, TAKEN_AT = 0x010F, 0x0112, 0x8769, 0x8825, 0x9003
GPS: Mapping[int, object] = {
    1: "N",
    2: (30.0, 15.0, 12.5),
    3: "E",
    4: (120.0, 9.0, 33.25),
    5: b"\x00",
    29: "2026:11:21",
}
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="30,15.2N"'
    b' exif:Contrast="0"><exif:GPSLongitude>120,9.5E</exif:GPSLongitude></rdf:Description></rdf:RDF></x:xmpmeta>'
)


def photo(
    form: str = "JPEG", *, place: bool = True, xmp: bytes = b"", size: tuple[int, int] = (60, 40), colour: int = 0
) -> bytes:
    """Return a picture in a format of Pillow's; with ``place`` its EXIF part tells where and when it was taken."""
    image = Image.new("RGB", size, (200, 30, colour))
    image.paste((20, 120, 250), (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[MAKE] = "PhoneMaker"
    exif[ORIENTATION] = 6
    exif.get_ifd(EXIF_PART)[TAKEN_AT] = "2026:11:21 19:30:00"
    if place:
        exif.get_ifd(GPS_PART).update(GPS)
    made = io.BytesIO()
    more: dict[str, object] = {"xmp": xmp} if xmp and form != "PNG" else {}
    if xmp and form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", xmp.decode("ascii"), zip=False)
        more["pnginfo"] = text
    image.save(made, form, exif=exif, **more)
    return made.getvalue()


def told_of(picture: bytes) -> tuple[dict[int, object], dict[int, object], dict[int, object]]:
    """Return what an independent reader finds: the main EXIF entries, those of the taking, those of the place."""
    with Image.open(io.BytesIO(picture)) as image:
        exif = image.getexif()
        main = {key: value for key, value in exif.items() if key not in (EXIF_PART, GPS_PART)}
        return main, dict(exif.get_ifd(EXIF_PART)), dict(exif.get_ifd(GPS_PART))


def pixels(picture: bytes) -> bytes:
    """Return the decoded pixels."""
    with Image.open(io.BytesIO(picture)) as image:
        return image.convert("RGBA").tobytes()

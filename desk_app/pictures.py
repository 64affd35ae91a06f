"""The only code that knows Pillow: whether a picture is one, and what it looks like small.

Pillow is loaded when a picture is first asked for: neither the start nor a save without pictures waits for it.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")  # no reader of any other format is loaded, or sees the file
_MILLION = 1_000_000
_CHECKED_SIDE = 512  # pixels: a JPEG can be decoded at a fraction of its size


def check(path: Path, name: str, most_pixels: int) -> None:
    """Decode a picture, so that what is kept can be shown.

    Raises:
        KnownError: ``picture_broken``, ``picture_too_large`` (more pixels than ``most_pixels``, asked before they are
            decoded), each with ``name``.
    """
    try:
        with _opened(path) as image:
            pixels = image.width * image.height
            if pixels <= most_pixels:
                image.draft(None, (_CHECKED_SIDE, _CHECKED_SIDE))
                image.load()
    except Exception as error:  # made-up pictures bring a decoder to raise nearly anything; none of it is ours
        raise KnownError("picture_broken", name=name) from error
    if pixels > most_pixels:
        raise KnownError("picture_too_large", name=name, pixels=pixels // _MILLION, limit=most_pixels // _MILLION)


def small(path: Path, side: int) -> bytes:
    """Return a picture as PNG, upright as it was taken, at most ``side`` pixels wide and high; never enlarged.

    Raises:
        KnownError: ``picture_broken``.
    """
    from PIL import ImageOps  # noqa: PLC0415 -- see the module

    try:
        with _opened(path) as image:
            image.draft(None, (side, side))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((side, side))
            shown = upright if upright.mode in ("RGB", "RGBA", "L") else upright.convert("RGBA")
            made = io.BytesIO()
            shown.save(made, "PNG", compress_level=1)  # for the screen: soon rather than small
            return made.getvalue()
    except Exception as error:  # as in `check`: it was whole when it was taken in, and is not any more
        raise KnownError("picture_broken", name=path.name) from error


def _opened(path: Path) -> Image:
    from PIL import Image, ImageFile  # noqa: PLC0415 -- see the module
    from PIL import WebPImagePlugin as _  # noqa: F401, PLC0415 -- else Pillow loads all 45 readers to find it

    Image.MAX_IMAGE_PIXELS = None  # `check` has its own limit, told in words
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return Image.open(path, formats=_FORMATS)

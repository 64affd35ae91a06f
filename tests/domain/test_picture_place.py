"""The place where a picture was taken is taken out of it, and nothing else is."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from desk_app.domain.picture_place import without_place
from tests.helpers.photos import GPS_PART, MAKE, XMP, photo, pixels, told_of

FORMATS = ("JPEG", "PNG", "WEBP")


@pytest.mark.parametrize("form", FORMATS)
def test_the_place_goes_and_all_else_stays(form: str) -> None:
    before = photo(form)
    main, taking, place = told_of(before)
    assert main[MAKE] == "PhoneMaker"
    assert place

    after = without_place(before)

    assert told_of(after) == (main, taking, {})
    assert GPS_PART not in Image.open(io.BytesIO(after)).getexif()
    assert pixels(after) == pixels(before)
    assert len(after) == len(before)
    assert b"2026:11:21\x00" not in after  # the day of the place; the time of the taking goes on: "2026:11:21 19:30:00"


@pytest.mark.parametrize("form", FORMATS)
def test_a_picture_without_a_place_stays_byte_for_byte(form: str) -> None:
    picture = photo(form, place=False)

    assert without_place(picture) == picture


@pytest.mark.parametrize("form", FORMATS)
def test_taking_the_place_out_twice_is_taking_it_out_once(form: str) -> None:
    once = without_place(photo(form, xmp=XMP))

    assert without_place(once) == once


@pytest.mark.parametrize("form", FORMATS)
def test_xmp_tells_the_place_no_more_either(form: str) -> None:
    before = photo(form, place=False, xmp=XMP)
    assert b"exif:GPSLatitude" in before

    after = without_place(before)

    assert b"GPSL" not in after
    assert b'exif:Contrast="0"' in after
    assert pixels(after) == pixels(before)


def test_a_second_picture_in_the_file_tells_it_no_more() -> None:
    before = photo() + photo(colour=9)  # as telephones append a preview

    after = without_place(before)

    second = after[len(photo()) :]
    assert told_of(second)[2] == {}
    assert told_of(second)[0][MAKE] == "PhoneMaker"


@pytest.mark.parametrize("order", [b"II", b"MM"])
def test_either_order_of_bytes_is_read(order: bytes) -> None:
    exif = Image.Exif()
    exif.endian = "<" if order == b"II" else ">"
    exif[MAKE] = "PhoneMaker"
    exif.get_ifd(GPS_PART).update({1: "S", 2: (33.0, 52.0, 4.0)})
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "JPEG", exif=exif)
    assert b"Exif\x00\x00" + order in made.getvalue()

    after = without_place(made.getvalue())

    assert told_of(after) == ({MAKE: "PhoneMaker"}, {}, {})


def test_packed_texts_of_a_png_that_tell_the_place_go() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    text.add_itxt("Comment", "柜台的水壶", zip=True)
    exif = io.BytesIO(photo())
    profile = Image.open(exif).info["exif"]
    digits = f"\nexif\n{len(profile):8}\n{profile.hex()}\n"
    text.add_text("Raw profile type exif", digits, zip=True)
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG", pnginfo=text)

    after = without_place(made.getvalue())

    with Image.open(io.BytesIO(after)) as image:
        image.load()
        assert set(image.info) == {"Comment"}


def test_what_is_no_picture_stays_as_it_is() -> None:
    for data in (b"", b"\xff\xd8", b"RIFF", b"plain words exif:GPSLatitude='1'", b"\x89PNG\r\n\x1a\n" + b"\xff" * 30):
        assert without_place(data) == data


@given(st.data(), st.sampled_from(FORMATS))
def test_a_broken_picture_brings_nothing_down_and_grows_by_nothing(data: st.DataObject, form: str) -> None:
    picture = bytearray(photo(form, xmp=XMP))
    for _ in range(data.draw(st.integers(1, 6))):
        picture[data.draw(st.integers(0, len(picture) - 1))] = data.draw(st.integers(0, 255))

    assert len(without_place(bytes(picture[: data.draw(st.integers(0, len(picture)))]))) <= len(picture)


def test_a_value_that_points_out_of_its_part_harms_no_pixel() -> None:
    """An EXIF part that says its place stands in the middle of the picture."""
    entry = struct.pack("<HHII", 0x8825, 4, 1, 26) + struct.pack("<I", 0)
    gps = struct.pack("<H", 1) + struct.pack("<HHII", 2, 5, 100_000, 40) + struct.pack("<I", 0)
    exif = b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + gps
    plain = io.BytesIO()
    Image.new("RGB", (64, 64), (1, 2, 3)).save(plain, "JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\x00\x00" + exif
    before = plain.getvalue()[:2] + segment + plain.getvalue()[2:]

    after = without_place(before)

    assert after != before
    assert after.endswith(plain.getvalue()[2:])


def test_every_checksum_of_a_png_is_right() -> None:
    after, at = without_place(photo("PNG", xmp=XMP)), 8

    while at < len(after):
        size = int.from_bytes(after[at : at + 4], "big")
        body, checksum = after[at + 4 : at + 8 + size], after[at + 8 + size : at + 12 + size]
        assert zlib.crc32(body) == int.from_bytes(checksum, "big")
        at += 12 + size

"""Pictures are made small enough, and broken ones are told."""

import os
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from conduit_tui.attachments import pictures
from conduit_tui.attachments.pictures import MOST_BYTES, MOST_PIXELS_A_SIDE, as_png, fitted
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.image_size import image_size
from conduit_tui.core.message import Attachment

ORIENTATION = 0x0112


def picture(
    kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any
) -> bytes:
    into = BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(into, kind, **options)
    return into.getvalue()


def noise(size: tuple[int, int], kind: str = "PNG") -> bytes:
    into = BytesIO()
    Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)).save(into, kind, quality=95)
    return into.getvalue()


def attached(data: bytes, media_type: str = "image/png") -> Attachment:
    return Attachment(media_type, data, "photo")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_fits_stays_to_the_byte(kind: str) -> None:
    part = attached(picture(kind), f"image/{kind.lower()}")
    assert fitted(part) == (part, "")


@pytest.mark.parametrize(
    "part", [attached(b"%PDF-1.7", "application/pdf"), attached(b"x", "text/plain")]
)
def test_what_is_no_picture_is_left_alone(part: Attachment) -> None:
    assert fitted(part) == (part, "")


def test_too_many_pixels_a_side_are_scaled_and_told() -> None:
    part, words = fitted(attached(picture("PNG", (10_000, 50))))
    assert image_size(part.data) == (MOST_PIXELS_A_SIDE, 40)
    assert "'photo' was scaled from 10,000×50 pixels" in words
    assert "0.0 MB" not in words
    assert "to 8,000×40 pixels" in words


def test_too_many_bytes_are_scaled_until_they_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 50_000)
    part, words = fitted(attached(noise((300, 200))))
    assert len(part.data) <= 50_000
    size = image_size(part.data)
    assert size is not None
    assert size[0] / size[1] == pytest.approx(1.5, abs=0.03)
    assert "scaled" in words
    assert part.media_type == "image/png"


def test_a_scaled_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    part, _ = fitted(attached(picture("JPEG", (9_000, 90), exif=exif), "image/jpeg"))
    assert image_size(part.data) == (80, MOST_PIXELS_A_SIDE)
    with Image.open(BytesIO(part.data)) as opened:
        assert opened.getexif().get(ORIENTATION, 1) == 1


def test_transparency_survives() -> None:
    part, _ = fitted(attached(picture("PNG", (9_000, 9), "RGBA")))
    with Image.open(BytesIO(part.data)) as opened:
        assert opened.mode == "RGBA"


def test_what_moves_stays_and_that_is_told() -> None:
    into = BytesIO()
    frames = [Image.new("RGB", (9_000, 2), colour) for colour in ("red", "blue")]
    frames[0].save(into, "GIF", save_all=True, append_images=frames[1:])
    part = attached(into.getvalue(), "image/gif")
    same, words = fitted(part)
    assert same == part
    assert "moves" in words


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n" + bytes(20), picture("PNG")[:60], picture("JPEG", (400, 400))[:700]],
)
def test_a_broken_picture_is_told_and_left_as_it_is(data: bytes) -> None:
    part = attached(data)
    assert fitted(part) == (part, "'photo' seems to be broken; it is sent as it is.")


def test_a_picture_that_would_unfold_without_end_is_refused() -> None:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    bomb = data + struct.pack(">I", zlib.crc32(chunk))
    with pytest.raises(ConduitError, match="60,000×60,000"):
        fitted(attached(bomb))


def test_other_kinds_of_pictures_become_png() -> None:
    part = as_png(picture("BMP"), "clipboard")
    assert (part.media_type, image_size(part.data)) == ("image/png", (40, 30))
    jpeg = picture("JPEG")
    assert as_png(jpeg, "x").data == jpeg
    with pytest.raises(ConduitError, match="no picture"):
        as_png(b"not at all", "x")


def test_the_limit_is_what_base64_makes_five_megabytes_of() -> None:
    assert MOST_BYTES * 4 // 3 == 5 * 1024 * 1024

"""Pixels are read from the first bytes."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from conduit_tui.core.image_size import image_size

STARTS = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b""]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True, "comment": b"c" * 500}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}),
    ],
)
def test_the_size_is_that_of_the_picture(kind: str, options: dict[str, Any]) -> None:
    into = BytesIO()
    Image.new("RGB", (321, 54)).save(into, kind, **options)
    assert image_size(into.getvalue()) == (321, 54)


@given(st.sampled_from(STARTS), st.binary(max_size=60))
def test_anything_may_follow_the_first_bytes(start: bytes, rest: bytes) -> None:
    size = image_size(start + rest)
    assert size is None or all(size)


def test_a_large_webp_says_its_size_in_a_head_of_its_own() -> None:
    head = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4)
    assert image_size(head + b"\x2b\x01\x00\xc7\x00\x00") == (300, 200)

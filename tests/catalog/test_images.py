"""Sizes of images from their heads, and what vendors charge for them."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from conduit_tui.catalog.images import document_tokens, image_size, image_tokens


def picture(kind: str, width: int, height: int, **options: object) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height)).save(data, kind, **options)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        picture("PNG", 300, 200),
        picture("GIF", 300, 200),
        picture("JPEG", 300, 200),
        picture("JPEG", 300, 200, progressive=True),
        picture("WEBP", 300, 200),
        picture("WEBP", 300, 200, lossless=True),
        b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + b"\x2b\x01\x00\xc7\x00\x00",
    ],
)
def test_the_size_stands_in_the_head(data: bytes) -> None:
    assert image_size(data) == (300, 200)


@given(st.binary(max_size=80), st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a"]))
def test_no_bytes_break_the_reading(data: bytes, head: bytes) -> None:
    size = image_size(head + data)
    assert size is None or min(size) > 0


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", width, height)


@pytest.mark.parametrize(
    ("wire", "width", "height", "tokens"),
    [
        ("openai-chat", 1024, 1024, 765),  # OpenAI's own example
        ("openai-responses", 2048, 4096, 1105),  # and the second
        ("openai-chat", 100, 100, 255),
        ("anthropic", 1000, 1000, 1334),  # Anthropic's own example
        ("anthropic", 200, 200, 54),
        ("anthropic", 8000, 8000, 1600),
        ("google", 300, 300, 258),
        ("google", 1536, 768, 516),
    ],
)
def test_an_image_costs_what_its_vendor_says(wire: str, width: int, height: int, tokens: int):
    assert image_tokens(png(width, height), wire) == tokens


@pytest.mark.parametrize("wire", ["openai-chat", "anthropic", "google", "ollama"])
def test_an_image_of_unknown_size_costs_what_is_usual(wire: str) -> None:
    assert 200 < image_tokens(b"????", wire) < 2000


def test_a_document_costs_by_its_pages() -> None:
    one = b"%PDF <</Type /Pages>> <</Type /Page /Parent 1 0 R>>"
    assert document_tokens(one + b" <</Type/Page>>", "google") == 2 * document_tokens(one, "google")
    assert document_tokens(b"%PDF", "anthropic") > 0

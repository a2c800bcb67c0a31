"""What vendors charge for images and documents."""

import struct

import pytest

from conduit_tui.catalog.images import document_tokens, image_tokens


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)


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

"""Bytes of unknown kind become an image, text, or words."""

import pytest

from conduit_tui.core.attaching import attachment_from
from conduit_tui.core.errors import ConduitError


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n rest", "image/png"),
        (b"\xff\xd8\xff\xe0 rest", "image/jpeg"),
        (b"GIF89a rest", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n\xff", "application/pdf"),
        (b"\n\n%PDF-1.7\n\xff", "application/pdf"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"ID3\x04\x00\xff", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
    ],
)
def test_media_are_known_by_their_first_bytes(data: bytes, media_type: str) -> None:
    attachment = attachment_from("photo.txt", data)
    assert (attachment.media_type, attachment.data) == (media_type, data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_becomes_utf8_without_a_byte_order_mark(encoding: str) -> None:
    attachment = attachment_from("a.md", "Grüße\r\n".encode(encoding))
    assert (attachment.media_type, attachment.data) == ("text/plain", "Grüße\r\n".encode())


@pytest.mark.parametrize("data", [b"\x7fELF\x02\x00\xff", b"caf\xe9", b"RIFF....AVI \xff"])
def test_other_bytes_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(ConduitError, match=r"'a\.bin' is neither text"):
        attachment_from("a.bin", data)


def test_a_guess_keeps_text_with_a_few_wrong_bytes_but_no_binary() -> None:
    assert attachment_from("stdin", b"+caf\xe9\n", guess=True).as_text() == "+caf\ufffd\n"
    with pytest.raises(ConduitError, match="neither text"):
        attachment_from("stdin", b"\x7fELF\x00\xff", guess=True)


def test_nul_in_valid_text_stays() -> None:
    assert attachment_from("names", b"one\0two").data == b"one\0two"


def test_an_undecodable_name_becomes_one_that_can_be_stored() -> None:
    assert attachment_from("a\udcff.txt", b"x").name == "a\ufffd.txt"

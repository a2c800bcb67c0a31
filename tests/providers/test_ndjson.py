"""Lines of JSON out of bytes, however they are cut."""

import json
from typing import Any

import pytest

from conduit_tui.providers import ndjson
from conduit_tui.providers.chunks import ErrorFrame, NotAStream
from conduit_tui.providers.ndjson import LineDecoder
from conduit_tui.providers.sse import FrameTooLong

LINES: list[Any] = [{"a": "né 🧭"}, {"b": [1, "\n"]}, {"c": None}]
BYTES = "\n".join(json.dumps(each, ensure_ascii=False) for each in LINES).encode() + b"\n"


def decoded(*pieces: bytes) -> list[Any]:
    decoder = LineDecoder()
    found = [each for piece in pieces for each in decoder.feed(piece)]
    return [*found, *decoder.finish()]


def test_lines_cut_after_any_byte_are_the_same_lines() -> None:
    for cut in range(len(BYTES) + 1):
        assert decoded(BYTES[:cut], BYTES[cut:]) == LINES
    assert decoded(*(BYTES[i : i + 1] for i in range(len(BYTES)))) == LINES


@pytest.mark.parametrize("ends", [b"\r\n", b"\n\n", b" \n"])
def test_other_line_ends_and_blank_lines_are_read(ends: bytes) -> None:
    assert decoded(BYTES.replace(b"\n", ends)) == LINES


def test_a_last_line_without_its_break_counts() -> None:
    assert decoded(BYTES.rstrip()) == LINES


def test_a_line_is_given_as_soon_as_its_break_has_come() -> None:
    decoder = LineDecoder()
    assert list(decoder.feed(b'{"a": 1')) == []
    assert list(decoder.feed(b'}\n{"b"')) == [{"a": 1}]


def test_what_is_not_utf8_is_replaced_and_a_byte_order_mark_is_no_content() -> None:
    assert decoded(b'\xef\xbb\xbf{"a": "x\xff"}\n') == [{"a": "x\ufffd"}]


@pytest.mark.parametrize("broken", [b'{"a": \n', b"7\n", b"[]\n", b"nonsense\n", b'{"a": 1'])
def test_a_broken_line_after_a_good_one_is_an_error(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decoded(b'{"good": 1}\n' + broken)


def test_what_comes_before_the_first_object_makes_it_an_error() -> None:
    with pytest.raises(ValueError, match="before the first object"):
        decoded(b'oops\n{"a": 1}\n')


@pytest.mark.parametrize("body", [b"", b"\n\n", b"<html>\n<title>x</title>\n</html>", b"404 page"])
def test_a_body_without_any_object_is_no_stream(body: bytes) -> None:
    with pytest.raises(NotAStream) as caught:
        decoded(body)
    assert caught.value.body == body.decode().strip()


def test_one_object_over_many_lines_is_read_whole() -> None:
    assert decoded(json.dumps({"a": 1, "b": 2}, indent=2).encode()) == [{"a": 1, "b": 2}]
    with pytest.raises(ErrorFrame):
        decoded(json.dumps({"error": "no"}, indent=2).encode())


def test_neither_a_line_without_end_nor_rubbish_without_end_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ndjson, "MOST_FRAME_BYTES", 100)
    monkeypatch.setattr(ndjson, "_MOST_STRAY_BYTES", 100)
    with pytest.raises(FrameTooLong):
        decoded(*[b"x" * 10] * 11)
    with pytest.raises(NotAStream):
        list(LineDecoder().feed(b"rubbish\n" * 20))

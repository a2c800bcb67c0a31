from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.providers import sse
from conduit_tui.providers.sse import Frame, FrameDecoder


def decoded(*pieces: bytes) -> list[Frame]:
    decoder = FrameDecoder()
    frames = [frame for piece in pieces for frame in decoder.feed(piece)]
    return [*frames, *decoder.finish()]


def data_of(*pieces: bytes) -> list[str]:
    return [frame.data for frame in decoded(*pieces)]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_of_the_format_ends_a_line(line_end: bytes) -> None:
    stream = line_end.join([b"data: one", b"", b"event: x", b"data: two", b"", b""])

    assert decoded(stream) == [Frame("", "one"), Frame("x", "two")]


def test_comments_and_unknown_fields_make_no_event() -> None:
    assert decoded(b": keep-alive\n\nid: 7\nretry: 10\n\nwhatever\n\n") == []


def test_data_lines_of_one_event_are_joined() -> None:
    assert data_of(b"data: a\ndata:b\ndata\n\n") == ["a\nb\n"]


def test_a_byte_order_mark_is_no_part_of_the_first_field() -> None:
    assert data_of(b"\xef\xbb\xbfdata: one\n\n") == ["one"]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_the_last_event_counts_without_its_blank_line(end: bytes) -> None:
    assert data_of(b"data: one\n\ndata: [DONE]" + end) == ["one", "[DONE]"]


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    assert data_of(b"data: a\xffb\n\n") == ["a\ufffdb"]


def test_line_separators_of_unicode_end_no_line() -> None:
    assert data_of("data: a\u2028b\x85c\n\n".encode()) == ["a\u2028b\x85c"]


def test_an_object_in_a_field_named_error_is_an_event_of_that_name() -> None:
    decoder = FrameDecoder()

    assert [*decoder.feed(b'error: {"code": 500}\n\nerror: a word\n')] == [
        Frame("error", '{"code": 500}')
    ]
    assert decoder.stray == "error: a word"


def test_lines_that_are_no_field_are_kept_apart() -> None:
    decoder = FrameDecoder()

    frames = [*decoder.feed(b'{\n  "choices": []\n}'), *decoder.finish()]

    assert frames == []
    assert decoder.stray == '{\n  "choices": []\n}'


def test_a_line_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "MOST_FRAME_BYTES", 100)
    decoder = FrameDecoder()
    assert list(decoder.feed(b"data: " + b"x" * 94)) == []

    with pytest.raises(sse.FrameTooLong):
        list(decoder.feed(b"x"))


def test_an_event_of_endless_lines_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "MOST_FRAME_BYTES", 100)
    decoder = FrameDecoder()

    assert list(decoder.feed(b"data: x\n" * 100)) == []

    with pytest.raises(sse.FrameTooLong):
        list(decoder.feed(b"data: x\n"))


STREAM = (
    'event: a\r\ndata: {"grüße": "🧭"}\r\n\r\n: hm\ndata: two\ndata: lines\n\n\rdata:x\r\r'.encode()
)


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_where_the_bytes_are_cut_makes_no_difference(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[start:end] for start, end in pairwise(edges)]

    assert decoded(*pieces) == decoded(STREAM)


def test_one_byte_at_a_time_makes_no_difference() -> None:
    whole = [Frame("a", '{"grüße": "🧭"}'), Frame("", "two\nlines"), Frame("", "x")]

    assert decoded(*(bytes([byte]) for byte in STREAM)) == whole

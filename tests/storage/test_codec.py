"""Parts, params and usage survive the way into JSON and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.message import (
    Attachment,
    Citation,
    Part,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.core.params import Params
from conduit_tui.core.schema import Schema
from conduit_tui.core.usage import Usage
from conduit_tui.storage.codec import (
    decode_params,
    decode_parts,
    decode_usage,
    encode_params,
    encode_parts,
    encode_usage,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
kinds = st.sampled_from(["text", "thinking", "unknown", "video", "tool_call", ""])
odd_parts = st.fixed_dictionaries({"kind": kinds | jsons}, optional={"raw": jsons, "length": jsons})
parts = st.lists(
    st.one_of(
        st.builds(Text, words, jsons),
        st.builds(Thinking, words, jsons),
        st.builds(ToolCall, words, words, words, jsons),
        st.builds(ToolResult, words, words, st.booleans(), jsons),
        st.builds(Attachment, words, st.binary(max_size=40), words, jsons),
        st.builds(Citation, words, words, jsons),
        st.builds(Structured, words, jsons, jsons),
        st.builds(Unknown, jsons | odd_parts, jsons),
    ),
    max_size=6,
)
usages = st.builds(
    Usage,
    *[st.integers(min_value=0, max_value=10**9)] * 5,
    cost_usd=st.none() | st.decimals(0, 1000, places=6),
    is_estimated=st.booleans(),
    apart=st.dictionaries(words, st.integers(0, 10**9), max_size=2).map(
        lambda each: (*each.items(),)
    ),
)
optional_words = st.none() | words
params = st.builds(
    Params,
    system_prompt=optional_words,
    temperature=st.none() | st.floats(0, 2),
    top_p=st.none() | st.floats(0, 1),
    max_tokens=st.none() | st.integers(1, 10**6),
    stop=st.lists(words, max_size=3).map(tuple),
    thinking_tokens=st.none() | st.integers(1, 10**6),
    schema=st.none() | st.builds(Schema, words, st.dictionaries(words, jsons, max_size=3)),
    search=st.booleans(),
    seed=st.none() | st.integers(),
    effort=optional_words,
    tools=st.lists(words, max_size=3).map(tuple),
    extra=st.dictionaries(words, jsons, max_size=3),
)


def round_trip(given_parts: tuple[Part, ...]) -> tuple[Part, ...]:
    kept: dict[str, bytes] = {}

    def keep(data: bytes) -> str:
        kept[data.hex()] = data
        return data.hex()

    text, encoded = encode_parts(given_parts, keep)
    json.loads(encoded)
    text.encode()
    return decode_parts(text, encoded, kept.__getitem__)


@given(parts)
def test_every_part_comes_back_equal(given_parts: list[Part]) -> None:
    assert round_trip(tuple(given_parts)) == tuple(given_parts)


@given(params)
def test_params_come_back_equal(given_params: Params) -> None:
    assert decode_params(encode_params(given_params)) == given_params


@given(usages)
def test_usage_comes_back_equal(usage: Usage) -> None:
    assert decode_usage(encode_usage(usage)) == usage


def test_usual_params_take_no_room() -> None:
    assert encode_params(Params()) is None


def test_words_are_stored_once_and_bytes_elsewhere() -> None:
    text, encoded = encode_parts(
        (Text("one "), Thinking("hm"), Text("two"), Attachment("image/png", b"\x89PNG", "a.png")),
        lambda data: "where",
    )
    assert text == "one two"
    assert "one" not in encoded
    assert "PNG" not in encoded
    assert json.loads(encoded)[3]["blob"] == "where"


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("a\ud83d", "a\ufffd"),
        ("\ude00b", "\ufffdb"),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ufeff\ud800\ufeff", "\ufeff\ufffd\ufeff"),
        ("nul \x00 stays", "nul \x00 stays"),
    ],
)
def test_lone_surrogates_are_replaced_and_nothing_else_is(raw: str, stored: str) -> None:
    before = (Text(raw), Text("|"), Thinking(raw), ToolResult(raw, raw), Unknown({"kind": raw}))
    assert round_trip(before) == (
        Text(stored),
        Text("|"),
        Thinking(stored),
        ToolResult(stored, stored),
        Unknown({"kind": stored}),
    )


def test_a_part_of_a_later_version_is_written_as_it_was_read() -> None:
    raw = {"kind": "video", "seconds": 3, "provider_data": {"a": 1}}
    (part,) = decode_parts("", json.dumps([raw], separators=(",", ":")), _nothing)
    assert part == Unknown(raw)
    _, encoded = encode_parts((part,), lambda data: "")
    assert json.loads(encoded) == [raw]


@pytest.mark.parametrize(
    "raw",
    [
        {"kind": "tool_call", "name": "half"},
        {"kind": "thinking", "text": 5},
        {"kind": "text", "length": "long"},
        {"kind": "attachment", "media_type": "a/b", "name": "n", "blob": "gone"},
        {"kind": "structured", "schema_name": "s"},
        {"kind": "citation", "url": None},
        ["no", "object"],
        17,
    ],
)
def test_a_broken_part_comes_back_whole_as_unknown_beside_the_others(raw: object) -> None:
    encoded = json.dumps([raw, {"kind": "text", "length": 2}], separators=(",", ":"))
    assert decode_parts("hi", encoded, _nothing) == (Unknown(raw), Text("hi"))  # pyright: ignore
    assert round_trip((Unknown(raw),)) == (Unknown(raw),)  # pyright: ignore


def test_words_beside_unreadable_parts_are_not_lost() -> None:
    assert decode_parts("hello", "[{", _nothing) == (Text("hello"), Unknown("[{"))


def _nothing(name: str) -> bytes:
    raise KeyError(name)

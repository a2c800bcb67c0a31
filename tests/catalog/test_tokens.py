"""Estimates: near the truth, never shrinking, and of everything that is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.catalog.tokens import (
    LONGEST_COUNTED,
    Tokenizer,
    estimate_text,
    estimate_usage,
    sampled,
    whole,
)
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from tests.providers.asking import CLOCK, message, request, user

# What o200k_base makes of these texts.
COUNTED = {
    "The quick brown fox jumps over the lazy dog. It was never seen again in these parts.": 19,
    "def add(a: int, b: int) -> int:\n    return a + b\n": 19,
    '{"name": "Ann", "age": 30, "tags": ["a", "b"]}': 22,
    "Der schnelle braune Fuchs springt über den faulen Hund.": 14,
    "机器学习是人工智能的一个分支，它使计算机能够从数据中学习。": 19,
    "Быстрая коричневая лиса прыгает через ленивую собаку.": 20,
}


@pytest.mark.parametrize("text", COUNTED)
def test_an_estimate_is_within_a_third_of_what_an_encoding_makes_of_a_line(text: str) -> None:
    assert 0.67 < estimate_text(text) / COUNTED[text] < 1.5


@given(st.text(max_size=200), st.text(max_size=50))
def test_a_longer_text_never_has_fewer_tokens(text: str, more: str) -> None:
    assert estimate_text(text) <= estimate_text(text + more) + 1e-9


@given(st.text(max_size=200))
def test_an_estimate_is_no_more_than_a_few_tokens_a_character(text: str) -> None:
    assert 0 <= estimate_text(text) <= 2 * len(text)


@given(st.lists(st.text(max_size=40), max_size=6))
def test_a_message_is_the_sum_of_its_parts(texts: list[str]) -> None:
    tokenizer = Tokenizer()
    parts = [Text(text) for text in texts]
    apart = sum(map(tokenizer.part, parts))
    assert tokenizer.message(user(*parts)) == pytest.approx(tokenizer.message(user()) + apart)


def test_lone_surrogates_are_counted_and_break_nothing() -> None:
    assert estimate_text("\ud800") > 0


def test_what_is_not_sent_back_costs_nothing() -> None:
    tokenizer = Tokenizer()
    for part in (Thinking("long thoughts"), Citation("https://x"), Unknown({"a": "b"})):
        assert tokenizer.part(part) == 0
    for part in (ToolCall("1", "f", "{}"), ToolResult("1", "out"), Structured("s", {"a": 1})):
        assert tokenizer.part(part) > 0


def test_an_attached_text_counts_its_words_and_its_name() -> None:
    tokenizer = Tokenizer()
    short = Attachment("text/plain", b"hello", "a.txt")
    long = Attachment("text/plain", b"hello " * 100, "a.txt")
    assert tokenizer.part(long) > 10 * tokenizer.part(short) / 2 > 0


def test_tools_cost_their_schemas_and_what_the_vendor_adds() -> None:
    assert Tokenizer().tools(()) == Tokenizer(wire="anthropic").tools(()) == 0
    assert 10 < Tokenizer().tools((CLOCK,)) < Tokenizer(wire="anthropic").tools((CLOCK,))


def test_a_very_long_text_is_counted_by_samples_spread_over_it() -> None:
    looked_at = 0

    def count(text: str) -> float:
        nonlocal looked_at
        looked_at += len(text)
        return len(text) / 4

    assert sampled(count)("x" * 10_000_000) == pytest.approx(2_500_000)
    assert looked_at <= LONGEST_COUNTED
    assert sampled(count)("x" * 100) == 25


def test_estimated_usage_covers_prompt_tools_answer_and_thinking() -> None:
    plain = estimate_usage(Tokenizer(), request(user("hello")), "answer", "")
    rich = estimate_usage(
        Tokenizer(),
        request(
            user("hello"), message("assistant", "hi"), tools=(CLOCK,), system_prompt="Be kind."
        ),
        "answer",
        "some thoughts",
    )
    assert plain.is_estimated
    assert rich.is_estimated
    assert plain.reasoning_tokens == 0 < rich.reasoning_tokens
    assert rich.input_tokens > plain.input_tokens > 0
    assert rich.output_tokens == plain.output_tokens + rich.reasoning_tokens


def test_whatever_is_there_is_at_least_one_token() -> None:
    assert (whole(0.0), whole(0.1), whole(2.0)) == (0, 1, 2)

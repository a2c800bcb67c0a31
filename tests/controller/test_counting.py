"""What would be sent next: as the server counted it, else estimated and corrected."""

import asyncio
from typing import Any

import pytest

from conduit_tui.catalog.tokens import Tokenizer
from conduit_tui.controller.counting import LEAST_LOOKED_AT, MOST_LOOKED_AT, Counting, Sending
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.message import Attachment, Message, Thinking, ToolCall
from conduit_tui.core.params import Params
from conduit_tui.core.usage import Usage
from tests.conftest import MakeMessage
from tests.providers.asking import CLOCK

MODEL = "office/m"
ENDPOINTS = {"office": Endpoint("office", "openai-chat"), "claude": Endpoint("claude", "anthropic")}
LONG = "This sentence has a dozen words or so, and stands for a question. " * 10


@pytest.fixture
def counting() -> Counting:
    return Counting(ENDPOINTS, lambda names: (CLOCK,) if names else ())


def sending(*line: Message, **fields: Any) -> Sending:
    given = {"model": MODEL, "system_prompt": None, "tools": ()} | fields
    return Sending(line, **given)


def answered(make: MakeMessage, usage: Usage | None, **fields: Any) -> tuple[Message, Message]:
    """A question and its reply by the model."""
    asked = make("user", LONG)
    by = {"provider": "office", "model": "m", "usage": usage} | fields
    return asked, make("assistant", "answer", after=asked, **by)


def tokens(counting: Counting, sent: Sending) -> float:
    count = counting.before(sent)
    assert count is not None
    return count.tokens


def test_right_after_a_reply_the_count_is_its_servers(counting: Counting, make_message) -> None:
    count = counting.before(sending(*answered(make_message, Usage(100, 50))))
    assert count is not None
    assert (count.whole, count.is_exact) == (150, True)


def test_what_follows_the_reply_is_estimated_on_top(counting: Counting, make_message) -> None:
    asked, reply = answered(make_message, Usage(100, 50))
    more = make_message("user", LONG, after=reply)
    count = counting.before(sending(asked, reply, more))
    assert count is not None
    assert count.tokens > 150
    assert not count.is_exact


def test_a_typed_message_makes_the_count_an_estimate(counting: Counting, make_message) -> None:
    count = counting.before(sending(*answered(make_message, Usage(100, 50))))
    assert count is not None
    typed = counting.message(MODEL, "hello", ())
    assert typed > 0
    assert not (count + typed).is_exact
    assert (count + counting.message(MODEL, "  ", ())).is_exact


def test_reasoning_is_not_sent_back(counting: Counting, make_message) -> None:
    usage = Usage(100, 50, reasoning_tokens=40)
    count = counting.before(sending(*answered(make_message, usage)))
    assert count is not None
    assert (count.tokens, count.is_exact) == (110, False)


@pytest.mark.parametrize(
    "fields", [{"status": "interrupted"}, {"usage": Usage(100, 50, is_estimated=True)}]
)
def test_what_no_server_counted_to_its_end_is_no_base(
    counting: Counting, make_message: MakeMessage, fields: dict[str, Any]
) -> None:
    usage = fields.pop("usage", Usage(100, 50))
    line = answered(make_message, usage, **fields)
    count = counting.before(sending(*line))
    assert count is not None
    assert not count.is_exact
    assert count.tokens != 150


def test_the_count_of_another_model_is_a_base_but_not_exact(
    counting: Counting, make_message: MakeMessage
) -> None:
    count = counting.before(sending(*answered(make_message, Usage(100, 50), model="other")))
    assert count is not None
    assert (count.tokens, count.is_exact) == (150, False)
    assert counting.ratio(MODEL) == 1.0


def test_without_any_reply_everything_is_estimated(counting: Counting, make_message) -> None:
    asked = make_message("user", LONG)
    bare = tokens(counting, sending(asked))
    assert 100 < bare < 250
    framed = tokens(counting, sending(asked, system_prompt="Be kind.", tools=(CLOCK,)))
    assert framed > bare + 10


def test_a_system_prompt_or_tools_changed_since_are_counted(
    counting: Counting, make_message: MakeMessage
) -> None:
    params = Params(system_prompt=LONG, tools=("current_time",))
    line = answered(make_message, Usage(100, 50), params=params)
    same = counting.before(sending(*line, system_prompt=LONG, tools=(CLOCK,)))
    assert same is not None
    assert same.is_exact
    assert tokens(counting, sending(*line, system_prompt="Short.", tools=(CLOCK,))) < 150
    assert tokens(counting, sending(*line, system_prompt=LONG * 2, tools=(CLOCK,))) > 150


def test_calls_that_are_not_sent_are_not_counted(counting: Counting, make_message) -> None:
    asked = make_message("user", "hi")
    parts = (Thinking("hm"), ToolCall("c", "f", LONG))
    cut = make_message("assistant", *parts, after=asked, status="interrupted")
    again = make_message("user", "so?", after=cut)
    assert tokens(counting, sending(asked, cut, again)) < 30


def test_the_ratio_of_the_last_real_usage_corrects_estimates(
    counting: Counting, make_message: MakeMessage
) -> None:
    typed = counting.message(MODEL, LONG, ())
    guessed = tokens(counting, sending(make_message("user", LONG)))
    counting.before(sending(*answered(make_message, Usage(round(2 * guessed), 5))))
    assert counting.ratio(MODEL) == pytest.approx(2, abs=0.05)
    assert counting.message(MODEL, LONG, ()) == pytest.approx(2 * typed, rel=0.05)
    assert counting.ratio("office/other") == 1.0


def test_a_strange_report_does_not_run_away_with_the_estimates(
    counting: Counting, make_message: MakeMessage
) -> None:
    counting.before(sending(*answered(make_message, Usage(10_000_000, 5))))
    assert counting.ratio(MODEL) <= 4


def test_vendors_begin_with_a_ratio_of_their_own(counting: Counting) -> None:
    assert counting.message("claude/x", LONG, ()) > counting.message(MODEL, LONG, ())
    assert counting.message("gone/x", LONG, ()) > 0


def test_an_image_counts_by_its_wire(counting: Counting) -> None:
    image = Attachment("image/png", b"\x89PNG\r\n\x1a\n" + bytes(8) + b"\0\0\4\0\0\0\4\0", "a.png")
    assert 765 < counting.message(MODEL, "look", (image,)) < 790


def test_a_long_line_is_counted_in_slices(counting: Counting, make_message: MakeMessage) -> None:
    line: list[Message] = []
    for _ in range(40):
        line.append(make_message("user", LONG * 10, after=line[-1] if line else None))
    sent, calls = sending(*line), 0
    while counting.before(sent, seconds=0) is None:
        calls += 1
    assert calls == 40 // LEAST_LOOKED_AT - 1
    assert counting.before(sent, seconds=0) is not None  # what was counted once is kept


def test_far_above_plain_text_goes_by_its_length(make_message: MakeMessage) -> None:
    looked_at: list[str] = []

    def count(text: str) -> float:
        looked_at.append(text)
        return len(text) / 4

    counting = Counting(ENDPOINTS, lambda _: (), lambda *_: None)
    counting._tokenizers[MODEL] = Tokenizer(count)
    line: list[Message] = []
    for number in range(MOST_LOOKED_AT + 100):
        words = f"é{number}" if number == 7 else f"plain {number}"
        line.append(make_message("user", words, after=line[-1] if line else None))
    counted = tokens(counting, sending(*line))
    assert len(looked_at) == MOST_LOOKED_AT + 1  # and the one that is not plain
    characters = sum(len(each.text) for each in line)
    assert counted == pytest.approx(4 * len(line) + characters / 4)


async def test_a_tokenizer_that_is_found_takes_the_place_of_the_estimate(
    make_message: MakeMessage,
) -> None:
    asked: list[tuple[str, str]] = []

    def load(endpoint: Endpoint, model: str) -> Tokenizer:
        asked.append((endpoint.name, model))
        return Tokenizer(lambda text: 1000.0, endpoint.kind, "big_base")

    counting = Counting(ENDPOINTS, lambda _: (), load)
    before = tokens(counting, sending(make_message("user", LONG)))
    assert await counting.prepare(MODEL)
    assert not await counting.prepare(MODEL)
    assert asked == [("office", "m")]
    assert counting.tokenizer(MODEL).name == "big_base"
    assert tokens(counting, sending(make_message("user", LONG))) > 1000 > before


async def test_without_a_tokenizer_the_estimate_stays(counting: Counting) -> None:
    assert not await counting.prepare(MODEL)
    assert not await counting.prepare("gone/x")
    assert counting.tokenizer(MODEL).name == ""


async def test_two_who_prepare_at_once_load_once(counting: Counting) -> None:
    loaded: list[str] = []

    def load(_: Endpoint, model: str) -> None:
        loaded.append(model)

    counting = Counting(ENDPOINTS, lambda _: (), load)
    await asyncio.gather(counting.prepare(MODEL), counting.prepare(MODEL))
    assert loaded == ["m"]

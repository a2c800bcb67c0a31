"""Every fault on every wire: the same words, the same retries, and nothing lost.

What one wire alone does is tested beside its adapter; here stands what must hold for all.
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from conduit_tui.core.endpoint import Secret
from conduit_tui.core.errors import (
    AuthenticationFailed,
    BadResponse,
    ConnectionLost,
    ContextTooLong,
    ModelNotFound,
    Overloaded,
    ProviderError,
    RateLimited,
    StreamInterrupted,
)
from conduit_tui.core.events import ProviderEvent, RetryScheduled
from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.engine.draft import Draft
from conduit_tui.providers import openai_wire
from conduit_tui.providers.adapters import google_generate
from conduit_tui.providers.base import Provider
from conduit_tui.providers.registry import build
from conduit_tui.providers.retry import Retrying
from tests.providers.asking import KEY, NOW, request
from tests.servers.http import Cut, Reply, Stall, Step
from tests.servers.wires import WIRES, Wire

TEXT = "half ☃ \0 é 😀 of it"
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"

pytestmark = pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES.keys())


class Outcome:
    """What a stream came to: a draft, the retries and the error."""

    def __init__(self) -> None:
        self.draft = Draft("m" * 32, "s", "p", "local", "test-model", Params(), NOW)
        self.retries: list[RetryScheduled] = []
        self.error: ProviderError | None = None
        self.asked = 0

    def take(self, event: ProviderEvent) -> None:
        """Take in an event."""
        if isinstance(event, RetryScheduled):
            self.retries.append(event)
        else:
            self.draft.feed(event)

    @property
    def message(self) -> Message:
        """The message so far."""
        return self.draft.seal("interrupted", NOW)

    @property
    def words(self) -> str:
        """The words of the error."""
        return str(self.error)


async def no_sleep(_seconds: float) -> None:
    """Wait for nothing."""


def built(wire: Wire, url: str, **fields: Any) -> Provider:
    """The provider of the registry, which waits for nothing between attempts."""
    provider = build(wire.endpoint(url, **fields))
    assert isinstance(provider, Retrying)
    return Retrying(provider.provider, sleep=no_sleep)


async def outcome_of(provider: Provider) -> Outcome:
    """Ask once, to the end."""
    outcome = Outcome()
    try:
        async with aclosing(provider.stream(request())) as stream:
            async for event in stream:
                outcome.take(event)
    except ProviderError as error:
        outcome.error = error
    finally:
        await provider.aclose()
    return outcome


async def played(wire: Wire, *replies: Reply, **fields: Any) -> Outcome:
    """Ask a server that answers so."""
    async with wire.server(*replies) as server:
        outcome = await outcome_of(built(wire, server.url, **fields))
        outcome.asked = len(wire.answers(server.exchanges))
    return outcome


def data(wire: Wire, json: bytes) -> bytes:
    """Bytes as one frame of the wire."""
    return json + b"\n" if wire.kind == "ollama" else b"data: " + json + b"\n\n"


REFUSALS = [
    (401, "No, {key} is bad", AuthenticationFailed, "check LOCAL_API_KEY", 1),
    (403, "Not for {key}", AuthenticationFailed, "the key from LOCAL_API_KEY", 1),
    (404, "The model `test-model` does not exist", ModelNotFound, "/models", 1),
    (400, "prompt is too long: 210000 tokens > 200000 maximum", ContextTooLong, "larger", 1),
    (400, "No such field", BadResponse, "Change what is sent, or choose another model.", 1),
    (413, "Too large", BadResponse, "Send less", 1),
    (500, "Oh", Overloaded, "Try again, or choose another model.", 4),
    (502, "Oh", Overloaded, "Try again, or choose another model.", 4),
    (503, "Oh", Overloaded, "Try again, or choose another model.", 4),
    (504, "Oh", Overloaded, "Try again, or choose another model.", 1),
    (529, "Oh", Overloaded, "Try again, or choose another model.", 4),
]


@pytest.mark.parametrize(("status", "said", "kind", "step", "asked"), REFUSALS)
async def test_a_refusal_is_told_with_a_next_step(
    wire: Wire, status: int, said: str, kind: type[ProviderError], step: str, asked: int
) -> None:
    outcome = await played(wire, wire.refused(status, said.format(key=KEY)))

    assert type(outcome.error) is kind
    assert step in outcome.words or (wire.kind == "ollama" and "/pull test-model" in outcome.words)
    assert "'local'" in outcome.words or kind is ContextTooLong
    assert KEY not in outcome.words
    assert outcome.error.status == status
    assert len(outcome.retries) == asked - 1
    if kind is not ContextTooLong:  # Ollama is first asked for a larger one
        assert outcome.asked == asked
    assert outcome.message.parts == ()
    assert not outcome.draft.is_complete


async def test_what_does_not_fit_is_told_in_numbers(wire: Wire) -> None:
    words = "prompt is too long: 210000 tokens > 200000 maximum"
    outcome = await played(wire, wire.refused(400, words))

    assert isinstance(outcome.error, ContextTooLong)
    assert (outcome.error.tokens, outcome.error.window) == (210_000, 200_000)
    assert "it has 210,000 tokens, 200,000 fit" in outcome.words


async def test_a_web_page_is_no_error_of_the_servers(wire: Wire) -> None:
    refused = await played(wire, Reply([PAGE], 502, "text/html"))
    instead = await played(wire, Reply([PAGE], 200, "text/html"))

    assert isinstance(refused.error, Overloaded)
    assert isinstance(instead.error, BadResponse)
    assert "base_url" in instead.words
    for outcome in (refused, instead):
        assert "a web page titled '502 Bad Gateway'" in outcome.words


class TestTooManyRequests:
    """429: waited for as the server asks, unless that is too long."""

    async def test_without_a_time_it_is_tried_again_soon(self, wire: Wire) -> None:
        outcome = await played(wire, wire.refused(429, "Slow down"), wire.whole("hi"))

        assert outcome.message.text == "hi"
        assert [0.3 < one.seconds < 0.7 for one in outcome.retries] == [True]
        assert isinstance(outcome.retries[0].error, RateLimited)

    async def test_seconds_are_waited_for(self, wire: Wire) -> None:
        busy = wire.refused(429, "Slow down", **{"retry-after": "7"})
        outcome = await played(wire, busy, wire.whole("hi"))

        assert outcome.message.text == "hi"
        assert [one.seconds for one in outcome.retries] == [7]

    async def test_a_date_is_waited_for(self, wire: Wire) -> None:
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
        busy = wire.refused(429, "Slow down", **{"retry-after": date})
        outcome = await played(wire, busy, wire.whole("hi"))

        assert outcome.message.text == "hi"
        assert [30 < one.seconds <= 60 for one in outcome.retries] == [True]

    async def test_ten_minutes_are_not_waited_for(self, wire: Wire) -> None:
        outcome = await played(wire, wire.refused(429, "Later", **{"retry-after": "600"}))

        assert type(outcome.error) is RateLimited
        assert "It asks to wait 10 min; try again then." in outcome.words
        assert (outcome.asked, outcome.retries) == (1, [])


Breaking = Callable[[Wire], list[Step]]

BREAKS: list[tuple[str, Breaking, str]] = [
    ("reset", lambda _: [Cut], "closed the connection in mid-reply"),
    ("stall", lambda _: [Stall], "sent nothing for 0.05 s in mid-reply"),
    ("error", lambda wire: [wire.fault(f"on fire {KEY}")], "with an error: on fire ***."),
    ("garbage", lambda wire: [data(wire, b'{"x": [no')], "sent broken data in mid-reply"),
    ("number", lambda wire: [data(wire, b"17")], "sent broken data in mid-reply"),
    (
        "deep",
        lambda wire: [data(wire, b'{"x":' + b"[" * 99_999 + b"]" * 99_999 + b"}")],
        "sent broken data in mid-reply",
    ),
]


@pytest.mark.parametrize(
    ("broken", "words"), [one[1:] for one in BREAKS], ids=[one[0] for one in BREAKS]
)
async def test_what_came_before_a_break_is_kept_to_the_byte(
    wire: Wire, broken: Breaking, words: str
) -> None:
    steps = [*wire.begun(*TEXT), *broken(wire)]
    outcome = await played(wire, wire.reply(*steps), idle_seconds=0.05)

    assert type(outcome.error) is StreamInterrupted
    assert words in outcome.words
    assert "'local'" in outcome.words
    assert "What had arrived is kept; try again." in outcome.words
    assert KEY not in outcome.words
    assert outcome.message.text.encode() == TEXT.encode()
    assert not outcome.draft.is_complete
    assert (outcome.asked, outcome.retries) == (1, [])


async def test_a_clean_end_without_the_end_marker_is_none(wire: Wire) -> None:
    outcome = await played(wire, wire.reply(*wire.begun(*TEXT)))

    assert outcome.error is None
    assert outcome.message.text == TEXT
    assert not outcome.draft.is_complete


async def test_a_stream_cut_after_any_byte_gives_a_beginning(wire: Wire) -> None:
    """Only what has the end marker is complete, and no byte makes the text another."""
    steps = [*wire.begun("ab", "☃😀c"), *wire.ending()]
    body = b"".join(step for step in steps if isinstance(step, bytes))
    places = range(0, len(body), max(len(body) // 120, 1))
    async with wire.server(*(Reply([body[:end]]) for end in places)) as server:
        provider = built(wire, server.url)
        lengths: list[int] = []
        for _ in places:
            outcome = Outcome()
            try:
                async with aclosing(provider.stream(request())) as stream:
                    async for event in stream:
                        outcome.take(event)
            except ProviderError:
                pass
            text = outcome.message.text
            assert "ab☃😀c".startswith(text)
            assert text == "ab☃😀c" or not outcome.draft.is_complete
            lengths.append(len(text))
        await provider.aclose()

    assert lengths == sorted(lengths)
    assert {0, 2, 5} <= set(lengths)


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 7])
async def test_characters_may_be_cut_anywhere(wire: Wire, piece_bytes: int) -> None:
    outcome = await played(wire, wire.whole("☃😀", "é\0", piece_bytes=piece_bytes))

    assert outcome.message.text == "☃😀é\0"
    assert outcome.draft.is_complete


class TestTheWayThere:
    """What happens before a server answers."""

    async def test_nothing_listens(self, wire: Wire) -> None:
        async with wire.server() as server:
            gone = server.url
        outcome = await outcome_of(built(wire, gone))

        assert type(outcome.error) is ConnectionLost
        assert f"Nothing listens at 127.0.0.1:{server.port} for 'local'." in outcome.words
        assert len(outcome.retries) == 3

    async def test_a_name_without_an_address(self, wire: Wire) -> None:
        outcome = await outcome_of(built(wire, wire.url("http://nowhere.invalid")))

        assert type(outcome.error) is ConnectionLost
        assert "nowhere.invalid cannot be found. Check the network" in outcome.words
        assert "[providers.local]" in outcome.words
        assert outcome.retries == []

    async def test_tls_where_there_is_none(self, wire: Wire) -> None:
        async with wire.server(wire.whole("x")) as server:
            outcome = await outcome_of(built(wire, server.url.replace("http:", "https:")))

        assert type(outcome.error) is ConnectionLost
        assert "cannot be reached safely" in outcome.words
        assert outcome.retries == []

    @pytest.mark.parametrize("scheme", ["http", "https"])
    async def test_a_proxy_that_is_away(
        self, wire: Wire, scheme: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        variable = f"{scheme.upper()}_PROXY"
        monkeypatch.setenv(variable.lower(), "http://127.0.0.1:9")
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
        outcome = await outcome_of(built(wire, wire.url(f"{scheme}://api.example.com")))

        assert type(outcome.error) is ConnectionLost
        assert f"The proxy 127.0.0.1:9 of {variable} cannot be reached" in outcome.words
        assert f"unset {variable}" in outcome.words

    async def test_a_redirect_is_not_followed(self, wire: Wire) -> None:
        async with wire.server(wire.whole("stolen")) as other:
            there = {"location": f"{other.url}/there"}
            outcome = await played(wire, Reply(status=307, headers=there))

        assert type(outcome.error) is BadResponse
        assert f"sends requests on to {other.url}/there (307)" in outcome.words
        assert other.exchanges == []

    async def test_a_connection_closed_before_an_answer_is_tried_again(self, wire: Wire) -> None:
        outcome = await played(wire, Reply(sends_head=False), wire.whole("hi"))

        assert outcome.message.text == "hi"
        (retry,) = outcome.retries
        assert "closed the connection before 'local' replied" in str(retry.error)

    async def test_silence(self, wire: Wire) -> None:
        outcome = await played(wire, wire.reply(Stall), idle_seconds=0.05)

        assert type(outcome.error) is ConnectionLost
        assert "Try again, or allow more with idle_seconds under [providers.local]" in outcome.words
        assert outcome.retries == []

    @pytest.mark.parametrize(
        "key",
        [" padded-key", "newline-key\n", "in\r\nX-Evil: yes", "schlüssel", "nul\0key", "\ud83d"],
    )
    async def test_a_key_that_no_header_can_hold_is_not_sent(self, wire: Wire, key: str) -> None:
        async with wire.server(wire.whole("x")) as server:
            outcome = await outcome_of(built(wire, server.url, api_key=Secret(key)))

        assert type(outcome.error) is AuthenticationFailed
        assert "The key for 'local' cannot be sent" in outcome.words
        assert "Set LOCAL_API_KEY again." in outcome.words
        assert key not in outcome.words
        assert server.exchanges == []


class Silent(Reply):
    """Not even a head."""

    def head(self) -> bytes:
        """Nothing."""
        return b""


LEAVING: list[tuple[str, Callable[[Wire], Reply]]] = [
    ("before the head", lambda _: Silent([Stall])),
    ("behind the head", lambda wire: wire.reply(Stall)),
    ("in mid-reply", lambda wire: wire.reply(*wire.begun("half"), Stall)),
]


@pytest.mark.parametrize("reply", [one[1] for one in LEAVING], ids=[one[0] for one in LEAVING])
async def test_cancelling_closes_the_socket_at_once(
    wire: Wire, reply: Callable[[Wire], Reply]
) -> None:
    waits: list[float] = []
    async with wire.server(reply(wire)) as server:
        for attempt in range(3):  # the quickest counts: the machine may be busy
            task = asyncio.create_task(outcome_of(built(wire, server.url)))
            while len(wire.answers(server.exchanges)) <= attempt:
                await server.arrived(len(server.exchanges) + 1)
            exchange = wire.answers(server.exchanges)[attempt]
            left_at = asyncio.get_running_loop().time()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert task.cancelled()
            await exchange.left.wait()
            assert exchange.left_at is not None
            waits.append(exchange.left_at - left_at)

    assert min(waits) < 0.2


async def test_closing_the_generator_closes_the_socket_at_once(wire: Wire) -> None:
    async with wire.server(wire.reply(*wire.begun("half"), Stall)) as server:
        provider = built(wire, server.url)
        stream = provider.stream(request())
        await anext(stream)
        left_at = asyncio.get_running_loop().time()
        await stream.aclose()
        exchange = wire.answers(server.exchanges)[0]
        await exchange.left.wait()
        await provider.aclose()

    assert exchange.left_at is not None
    assert exchange.left_at - left_at < 0.2


class TestOddAnswers:
    """What is no fault, or is none of ours, and is read as far as it goes."""

    async def test_nothing_instead_of_an_answer(self, wire: Wire) -> None:
        for reply in (wire.reply(), Reply(status=204), wire.reply(b"null"), wire.reply(b"[]")):
            outcome = await played(wire, reply)
            assert type(outcome.error) is BadResponse
            assert "answered with nothing at all where a reply should be" in outcome.words

    @pytest.mark.parametrize("content_type", ["text/html", "image/png", "text/plain; charset=x"])
    async def test_the_type_of_the_content_is_not_believed(
        self, wire: Wire, content_type: str
    ) -> None:
        steps = [*wire.begun("☃"), *wire.ending()]
        outcome = await played(wire, Reply(steps, content_type=content_type))

        assert (outcome.message.text, outcome.error) == ("☃", None)

    async def test_a_byte_order_mark_and_carriage_returns(self, wire: Wire) -> None:
        steps = [step for step in (*wire.begun("☃"), *wire.ending()) if isinstance(step, bytes)]
        lines = [step.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for step in steps]
        outcome = await played(wire, wire.reply(b"\xef\xbb\xbf", *lines))

        assert (outcome.message.text, outcome.error) == ("☃", None)

    async def test_the_halves_of_a_character_in_two_deltas(self, wire: Wire) -> None:
        steps = [step for step in wire.begun("x@1@", "@2@y") if isinstance(step, bytes)]
        halves = [s.replace(b"@1@", b"\\ud83d").replace(b"@2@", b"\\ude00") for s in steps]
        outcome = await played(wire, wire.reply(*halves, *wire.ending()))

        assert outcome.message.text == "x😀y"

    async def test_bytes_that_are_no_utf8(self, wire: Wire) -> None:
        steps = [step for step in wire.begun("x@y") if isinstance(step, bytes)]
        bad = [step.replace(b"@", b"\xff\xfe") for step in steps]
        outcome = await played(wire, wire.reply(*bad, *wire.ending()))

        assert (outcome.message.text, outcome.draft.is_complete) == ("x��y", True)

    async def test_what_comes_after_the_end_marker_changes_no_end(
        self, wire: Wire, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(openai_wire, "LINGER_SECONDS", 0.05)
        monkeypatch.setattr(google_generate, "LINGER_SECONDS", 0.05)
        for after in (wire.ending(), [Cut], [Stall], [data(wire, b"{broken")], [wire.fault("no")]):
            steps = [*wire.begun("whole"), *wire.ending(), *after]
            outcome = await played(wire, wire.reply(*steps))
            assert (outcome.message.text, outcome.draft.stop) == ("whole", "end_turn")
            assert outcome.error is None

    @pytest.mark.parametrize("value", [b"null", b'"many"', b"-3", b"1e999", b"[]", b"true", b"{}"])
    async def test_counts_that_are_none_break_nothing(self, wire: Wire, value: bytes) -> None:
        ending = [step for step in wire.ending() if isinstance(step, bytes)]
        names = (b"_tokens", b"Count", b"_count", b"_details", b"Details")
        spoilt = [_with_values(step, names, value) for step in ending]
        outcome = await played(wire, wire.reply(*wire.begun("x"), *spoilt))

        assert (outcome.message.text, outcome.draft.stop) == ("x", "end_turn")
        assert outcome.error is None
        assert outcome.draft.usage is None or outcome.draft.usage.output_tokens in {0, 1}

    async def test_a_delta_of_a_megabyte_and_many_tiny_ones(self, wire: Wire) -> None:
        outcome = await played(wire, wire.whole("x" * 1_000_000, *["y"] * 5_000))

        assert outcome.message.text == "x" * 1_000_000 + "y" * 5_000

    async def test_a_call_that_breaks_off_is_no_whole_call(self, wire: Wire) -> None:
        steps = [*wire.begun("x"), *wire.called("f", '{"a": [1, '), Cut]
        outcome = await played(wire, wire.reply(*steps))

        assert isinstance(outcome.error, StreamInterrupted)
        assert [call.name for call in outcome.message.tool_calls] == ["f"]
        assert not outcome.draft.is_complete


def _with_values(step: bytes, names: tuple[bytes, ...], value: bytes) -> bytes:
    """An event whose counts are something else."""
    count = rb'("\w*(?:%s)": ?)(?:\d+|\{[^{}]*\}|\[[^]]*\])' % b"|".join(names)
    return re.sub(count, rb"\g<1>" + value, step)

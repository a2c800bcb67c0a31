"""A provider whose replies are kept: what is given again, and what never is."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from conduit_tui.core.errors import Overloaded, StorageError
from conduit_tui.core.events import (
    CitationsReceived,
    GenerationStopped,
    ReplayStarted,
    RetryScheduled,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.kept_reply import KeptReply
from conduit_tui.core.message import Citation, Unknown
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.usage import Usage
from conduit_tui.providers.cached import Cached
from conduit_tui.providers.retry import Retrying
from conduit_tui.providers.scripted import ScriptedProvider, reply
from tests.providers.asking import assistant, endpoint, events_of, events_until_error, request, user

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
USED = UsageReported(Usage(5, 2))
END = GenerationStopped("end_turn")


class Replies:
    """A store in memory that can be switched off and break."""

    def __init__(self) -> None:
        self.is_on = True
        self.is_broken = False
        self.kept: dict[str, KeptReply] = {}

    async def find(self, key: str) -> KeptReply | None:
        self._check()
        return self.kept.get(key)

    async def keep(self, key: str, reply: KeptReply) -> None:
        self._check()
        self.kept[key] = reply

    def _check(self) -> None:
        if self.is_broken:
            raise StorageError("There is no room on the disk.")


def cached(*scripts: Any) -> tuple[Cached, ScriptedProvider, Replies]:
    inner, replies = ScriptedProvider("local", scripts), Replies()
    return Cached(inner, endpoint(), replies, now=lambda: AT), inner, replies


async def test_the_same_question_is_asked_once_and_the_replay_says_so_first() -> None:
    provider, inner, _ = cached((USED, *reply("Hi ", "there.")))
    assert await events_of(provider) == [USED, TextDelta("Hi "), TextDelta("there."), END]
    assert await events_of(provider) == [ReplayStarted(AT), TextDelta("Hi there."), END]
    assert len(inner.requests) == 1


async def test_every_part_of_a_reply_is_given_again_in_its_order() -> None:
    script = [
        ThinkingDelta("h"),
        ThinkingDelta("m"),
        ThinkingDelta("", {"anthropic": {"signature": "s"}}),
        TextDelta("a"),
        TextDelta("b"),
        ToolCallDelta(0, "c1", "current_time", "{"),
        ToolCallDelta(0, "", "", "}"),
        TextDelta("c"),
        CitationsReceived((Citation("https://e.org"),)),
        USED,
        GenerationStopped("tool_calls"),
    ]
    provider, _, _ = cached(script)
    await events_of(provider)
    assert await events_of(provider) == [
        ReplayStarted(AT),
        ThinkingDelta("hm"),
        script[2],
        TextDelta("ab"),
        *script[5:9],
        script[10],
    ]


async def test_another_question_is_asked() -> None:
    provider, inner, _ = cached(reply("one"), reply("two"))
    await events_of(provider)
    assert (await events_of(provider, request(user("other"))))[0] == TextDelta("two")
    assert len(inner.requests) == 2


async def test_switched_off_it_neither_keeps_nor_gives() -> None:
    provider, inner, replies = cached(reply("one"), reply("two"), reply("three"))
    replies.is_on = False
    await events_of(provider)
    assert replies.kept == {}
    replies.is_on = True
    await events_of(provider)
    replies.is_on = False
    assert (await events_of(provider))[0] == TextDelta("three")
    assert len(inner.requests) == 3


async def test_regenerating_asks_again_and_replaces_what_was_kept() -> None:
    provider, inner, _ = cached(reply("one"), reply("two"))
    await events_of(provider)
    again = replace(request(), may_reuse=False)
    assert await events_of(provider, again) == [TextDelta("two"), END]
    assert await events_of(provider) == [ReplayStarted(AT), TextDelta("two"), END]
    assert len(inner.requests) == 2


@pytest.mark.parametrize(
    "script",
    [
        [TextDelta("half")],
        [TextDelta("half"), Overloaded("down")],
        [USED, END],
        [],
    ],
    ids=["no end", "an error", "nothing said", "nothing at all"],
)
async def test_what_broke_off_or_said_nothing_is_not_kept(script) -> None:
    provider, _, replies = cached(script)
    await events_until_error(provider)
    assert replies.kept == {}


async def test_a_reply_that_was_left_is_not_kept() -> None:
    provider, inner, replies = cached([TextDelta("a"), asyncio.Event(), END])
    async with aclosing(provider.stream(request())) as stream:
        await anext(stream)
    assert replies.kept == {}
    assert inner.closed_early == 1


async def test_retries_are_told_and_not_kept() -> None:
    down = Overloaded("down", can_retry=True)
    inner, replies = ScriptedProvider("local", [[down], reply("hi")]), Replies()

    async def at_once(_: float) -> None:
        return

    provider = Cached(Retrying(inner, sleep=at_once), endpoint(), replies, now=lambda: AT)
    first = await events_of(provider)
    assert isinstance(first[0], RetryScheduled)
    assert await events_of(provider) == [ReplayStarted(AT), TextDelta("hi"), END]


async def test_a_store_that_fails_does_not_break_the_reply() -> None:
    provider, _, replies = cached(reply("one"), reply("two"))
    replies.is_broken = True
    assert await events_of(provider) == [TextDelta("one"), END]
    assert await events_of(provider) == [TextDelta("two"), END]


async def test_what_is_nested_too_deeply_is_asked_and_not_kept() -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    provider, _, replies = cached(reply("one"), reply("two"))
    asked = request(user("hi"), assistant(Unknown(deep)), user("and?"))
    assert await events_of(provider, asked) == [TextDelta("one"), END]
    assert await events_of(provider, asked) == [TextDelta("two"), END]
    assert replies.kept == {}


async def test_everything_else_is_the_provider_insides() -> None:
    inner = ScriptedProvider("local", (), ("a",))
    provider = Cached(inner, endpoint(), Replies())
    assert provider.name == "local"
    assert await provider.list_models() == (ModelFacts("a"),)
    assert await provider.count_tokens(request()) is None
    await provider.aclose()

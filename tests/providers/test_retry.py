import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import pytest

from conduit_tui.core.errors import (
    AuthenticationFailed,
    Overloaded,
    ProviderError,
    RateLimited,
    StreamInterrupted,
)
from conduit_tui.core.events import GenerationStopped, RetryScheduled, TextDelta
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.retry import Retrying, in_words
from conduit_tui.providers.scripted import ScriptedProvider, reply
from tests.providers.asking import events_of, events_until_error, request

DOWN = Overloaded("down", status=503, can_retry=True)
ANSWER = [TextDelta("hi"), GenerationStopped("end_turn")]


class Clock:
    """Sleeps in no time and remembers for how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def retrying(*scripts: Sequence[Any], **options: Any) -> tuple[Retrying, ScriptedProvider, Clock]:
    inner, clock = ScriptedProvider("local", scripts), Clock()
    return Retrying(inner, sleep=clock.sleep, chance=lambda: 0.5, **options), inner, clock


async def test_each_wait_is_announced_before_it_and_doubles() -> None:
    provider, inner, clock = retrying([DOWN], [DOWN], [DOWN], reply("hi"))

    assert await events_of(provider) == [
        RetryScheduled(DOWN, 0.5, 1),
        RetryScheduled(DOWN, 1.0, 2),
        RetryScheduled(DOWN, 2.0, 3),
        *ANSWER,
    ]
    assert clock.slept == [0.5, 1.0, 2.0]
    assert len(inner.requests) == 4


async def test_waits_differ_by_chance() -> None:
    inner = ScriptedProvider("local", [[DOWN], [DOWN], reply("hi")])
    clock, chances = Clock(), iter((0.0, 1.0))

    await events_of(Retrying(inner, sleep=clock.sleep, chance=lambda: next(chances)))

    assert clock.slept == [0.375, 1.25]


async def test_the_servers_own_wait_is_kept_to() -> None:
    busy = RateLimited("busy", status=429, retry_after_seconds=120, can_retry=True)
    provider, _, clock = retrying([busy], reply("hi"))

    assert (await events_of(provider))[0] == RetryScheduled(busy, 120, 1)
    assert clock.slept == [120]


async def test_a_longer_wait_is_told_and_not_waited_for() -> None:
    busy = RateLimited("Busy.", status=429, retry_after_seconds=7200, can_retry=True)
    provider, inner, clock = retrying([busy], reply("hi"))

    (error,) = await events_until_error(provider)

    assert type(error) is RateLimited
    assert str(error) == "Busy. It asks to wait 2 h; try again then."
    assert error.status == 429
    assert not error.can_retry
    assert clock.slept == []
    assert len(inner.requests) == 1


async def test_after_the_last_attempt_the_error_is_raised() -> None:
    provider, inner, _ = retrying(*([DOWN] for _ in range(9)), attempts=3)

    events = await events_until_error(provider)

    assert events[-1] is DOWN
    assert len(inner.requests) == 3


@pytest.mark.parametrize("error", [AuthenticationFailed("no"), StreamInterrupted("cut")])
async def test_what_cannot_be_retried_is_not(error: ProviderError) -> None:
    provider, inner, _ = retrying([error], reply("hi"))

    assert await events_until_error(provider) == [error]
    assert len(inner.requests) == 1


async def test_nothing_is_retried_once_an_event_came() -> None:
    provider, inner, _ = retrying([TextDelta("h"), DOWN], reply("hi"))

    assert await events_until_error(provider) == [TextDelta("h"), DOWN]
    assert len(inner.requests) == 1


async def test_leaving_while_it_waits_starts_no_further_attempt() -> None:
    inner = ScriptedProvider("local", [[DOWN], reply("hi")])
    waiting = asyncio.Event()

    async def sleep(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(events_of(Retrying(inner, sleep=sleep)))
    await waiting.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert len(inner.requests) == 1


async def test_closing_it_closes_the_stream_inside() -> None:
    provider, inner, _ = retrying(["a", "b"])

    async with aclosing(provider.stream(request())) as stream:
        await anext(stream)

    assert inner.closed_early == 1


async def test_names_and_models_are_those_of_the_provider_inside() -> None:
    provider = Retrying(ScriptedProvider("local", [], models=("a", "b")))

    assert provider.name == "local"
    assert await provider.list_models() == (ModelFacts("a"), ModelFacts("b"))
    await provider.aclose()


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h")]
)
def test_waits_as_a_person_says_them(seconds: float, words: str) -> None:
    assert in_words(seconds) == words

"""Usage of servers that report none is estimated; what is reported stands."""

from decimal import Decimal

import pytest

from conduit_tui.core.errors import ConnectionLost
from conduit_tui.core.events import (
    GenerationStopped,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.request import Request
from conduit_tui.core.usage import Usage
from conduit_tui.providers.estimated import Estimated
from conduit_tui.providers.scripted import Script, ScriptedProvider, reply
from tests.providers.asking import events_of, events_until_error, request


def by_letters(asked: Request, answer: str, thinking: str) -> Usage:
    """An estimate that shows what it was asked about."""
    thought = len(thinking)
    return Usage(len(asked.messages), len(answer) + thought, reasoning_tokens=thought)


def estimated(*script: object) -> Estimated:
    scripts: list[Script] = [script]  # type: ignore[list-item]
    return Estimated(ScriptedProvider("demo", scripts, ("guide",)), by_letters)


async def test_a_complete_reply_without_usage_gets_an_estimate_as_its_last_event() -> None:
    call = ToolCallDelta(0, "c", "now", "{}")
    events = await events_of(estimated(ThinkingDelta("hm"), *reply("one ", "two"), call))
    usage = Usage(1, 7 + 2 + 5, reasoning_tokens=2, is_estimated=True)
    assert events[-1] == UsageReported(usage)
    assert events[:-1] == [
        ThinkingDelta("hm"),
        TextDelta("one "),
        TextDelta("two"),
        GenerationStopped("end_turn"),
        call,
    ]


@pytest.mark.parametrize("is_after_the_end", [True, False])
async def test_what_is_reported_is_not_estimated(is_after_the_end: bool) -> None:
    end = [GenerationStopped("end_turn"), UsageReported(Usage(3, 4))]
    events = await events_of(estimated("hi", *(end if is_after_the_end else reversed(end))))
    assert [each.usage for each in events if isinstance(each, UsageReported)] == [Usage(3, 4)]


async def test_a_report_of_no_tokens_counts_as_none_but_its_cost_is_kept() -> None:
    empty = UsageReported(Usage(cost_usd=Decimal("0.1")))
    events = await events_of(estimated("hi", empty, GenerationStopped("end_turn")))
    assert events[-1] == UsageReported(Usage(1, 2, cost_usd=Decimal("0.1"), is_estimated=True))


async def test_a_reply_that_broke_off_is_not_estimated() -> None:
    assert await events_of(estimated("half")) == [TextDelta("half")]


async def test_a_connection_that_breaks_after_the_end_takes_no_estimate_away() -> None:
    lost = ConnectionLost("gone")
    events = await events_until_error(estimated(*reply("hi"), lost))
    assert events[-1] is lost
    assert isinstance(events[-2], UsageReported)


async def test_everything_else_goes_through() -> None:
    provider = estimated(*reply("hi"))
    assert provider.name == "demo"
    assert [facts.name for facts in await provider.list_models()] == ["guide"]
    assert await provider.count_tokens(request()) is None
    await provider.aclose()

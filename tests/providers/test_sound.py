"""What servers send is made fit to be shown and stored."""

from typing import Any

import pytest

from conduit_tui.core.errors import StreamInterrupted
from conduit_tui.core.events import (
    AttachmentReceived,
    GenerationStopped,
    ProviderEvent,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Attachment, ToolCall, Unknown
from conduit_tui.core.usage import Usage
from conduit_tui.providers.scripted import ScriptedProvider
from conduit_tui.providers.sound import Mending, Sound
from tests.providers.asking import events_until_error

HIGH, LOW = "\ud83d", "\ude00"
STOP = GenerationStopped("end_turn")


def mended(*events: ProviderEvent) -> list[ProviderEvent]:
    mending = Mending()
    return [*(one for event in events for one in mending.feed(event)), *mending.finish()]


def deep(levels: int) -> Json:
    value: Json = "bottom"
    for _ in range(levels):
        value = {"in": value}
    return value


def test_whole_texts_pass_as_they_are() -> None:
    events = [TextDelta("a😀"), ThinkingDelta("b"), ToolCallDelta(0, "id", "name", "{}"), STOP]

    assert all(one is other for one, other in zip(mended(*events), events, strict=True))


@pytest.mark.parametrize("between", [(), (UsageReported(Usage(1, 1)),), (TextDelta(""),)])
def test_halves_of_a_character_in_two_deltas_are_put_together(between: tuple[Any, ...]) -> None:
    found = mended(TextDelta(f"x{HIGH}"), *between, TextDelta(f"{LOW}y"), STOP)

    assert "".join(one.text for one in found if isinstance(one, TextDelta)) == "x😀y"
    assert found[-1] == STOP


def test_deltas_of_halves_alone_are_put_together() -> None:
    found = mended(*map(ThinkingDelta, (HIGH, LOW, HIGH, LOW)))

    assert "".join(one.text for one in found if isinstance(one, ThinkingDelta)) == "😀😀"


def test_halves_in_the_arguments_of_a_call_are_put_together() -> None:
    found = mended(
        ToolCallDelta(0, "id", "name", f'{{"a": "{HIGH}'), ToolCallDelta(0, "", "", f'{LOW}"}}')
    )

    assert [one.arguments for one in found if isinstance(one, ToolCallDelta)] == ['{"a": "', '😀"}']
    assert found[0] == ToolCallDelta(0, "id", "name", '{"a": "')


@pytest.mark.parametrize(
    "other", [TextDelta("y"), ThinkingDelta(LOW), ToolCallDelta(0, "", "", LOW), STOP]
)
def test_a_half_without_its_other_half_stays_in_its_place(other: ProviderEvent) -> None:
    found = mended(TextDelta(f"x{HIGH}"), other)

    texts = "".join(one.text for one in found if isinstance(one, TextDelta))
    assert texts.startswith(f"x{HIGH}")
    assert found[-1] == other or texts == f"x{HIGH}y"


async def test_a_half_before_a_break_is_kept() -> None:
    broken = StreamInterrupted("cut")
    provider = Sound(ScriptedProvider("local", [[TextDelta(f"x{HIGH}"), broken]]))

    events = await events_until_error(provider)

    assert "".join(one.text for one in events[:-1]) == f"x{HIGH}"
    assert events[-1] is broken


def test_data_nested_too_deeply_to_be_written_is_left_out() -> None:
    data = deep(900)
    found = mended(
        TextDelta("text", data),
        ThinkingDelta("thinking", {"anthropic": {"signature": "s"}}),
        UnknownReceived(Unknown(data)),
        UnknownReceived(Unknown({"type": "odd"})),
        AttachmentReceived(Attachment("image/png", b"x", "x.png", data)),
    )

    assert found == [
        TextDelta("text"),
        ThinkingDelta("thinking", {"anthropic": {"signature": "s"}}),
        UnknownReceived(Unknown({"type": "odd"})),
        AttachmentReceived(Attachment("image/png", b"x", "x.png")),
    ]


def test_arguments_nested_too_deeply_are_no_object() -> None:
    assert ToolCall("id", "name", '{"a":' * 900 + "1" + "}" * 900).arguments_object() is None

import asyncio
import json
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from conduit_tui.core.errors import InvalidAnswer, RateLimited
from conduit_tui.core.events import (
    GenerationStopped,
    RetryScheduled,
    StructuredReceived,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Structured
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.core.schema import Schema
from conduit_tui.core.schema_line import schema_of_line
from conduit_tui.core.usage import Usage
from conduit_tui.providers.answer_reading import SHORTEST_GAP_SECONDS
from conduit_tui.providers.scripted import ScriptedProvider, reply
from conduit_tui.providers.structured import StructuredAnswers
from tests.providers.asking import CLOCK, events_of, events_until_error, request, user

PERSON = schema_of_line("name, age int")
ADA: Json = {"name": "Ada", "age": 36}
CALLS = ModelFacts("test-model", has=frozenset({"tools"}))


class Clock:
    """A time that passes only when it is looked at."""

    def __init__(self, step: float = SHORTEST_GAP_SECONDS) -> None:
        self.now = 0.0
        self.step = step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def asking(
    *scripts: Sequence[Any], step: float = SHORTEST_GAP_SECONDS, takes_tools: bool = True
) -> tuple[StructuredAnswers, ScriptedProvider]:
    inner = ScriptedProvider("local", scripts)
    return StructuredAnswers(inner, takes_tools=takes_tools, clock=Clock(step)), inner


def asked(schema: Schema = PERSON, *, can_call: bool = False, **fields: Any) -> Request:
    plain = request(user("Who?"), schema=schema, **fields)
    return replace(plain, facts=CALLS) if can_call else plain


def finals(events: Sequence[Any]) -> list[Json]:
    return [e.part.value for e in events if isinstance(e, StructuredReceived) and e.is_final]


def glimpses(events: Sequence[Any]) -> list[Json]:
    return [e.part.value for e in events if isinstance(e, StructuredReceived) and not e.is_final]


def text(events: Sequence[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def called(arguments: str, name: str = "answer", index: int = 0) -> list[ToolCallDelta]:
    """A call whose arguments come in pieces of four characters."""
    pieces = [arguments[at : at + 4] for at in range(0, len(arguments), 4)]
    return [
        ToolCallDelta(index, "call_1", name, ""),
        *(ToolCallDelta(index, "", "", piece) for piece in pieces),
    ]


async def test_without_a_schema_everything_passes_as_it_is() -> None:
    provider, inner = asking(reply("{", "}"))
    plain = request()
    assert await events_of(provider, plain) == [
        *map(TextDelta, "{}"),
        GenerationStopped("end_turn"),
    ]
    assert inner.requests == [plain]


async def test_a_value_is_shown_as_it_grows_and_ends_whole() -> None:
    provider, _ = asking(reply('{"name": "A', 'da", ', '"age": 36}'))
    events = await events_of(provider, asked())

    assert events == [
        TextDelta('{"name": "A'),
        StructuredReceived(Structured("answer", {"name": "A"}), is_final=False),
        TextDelta('da", '),
        StructuredReceived(Structured("answer", {"name": "Ada"}), is_final=False),
        TextDelta('"age": 36}'),
        StructuredReceived(Structured("answer", ADA), is_final=False),
        StructuredReceived(Structured("answer", ADA)),
        GenerationStopped("end_turn"),
    ]


async def test_the_schema_stands_in_the_instructions_behind_the_persons_own() -> None:
    provider, inner = asking(reply(json.dumps(ADA)))
    await events_of(provider, asked(system_prompt="Be brief."))

    sent = inner.requests[0]
    assert sent.params.system_prompt is not None
    assert sent.params.system_prompt.startswith("Be brief.\n\n")
    assert '"age"' in sent.params.system_prompt
    assert sent.tools == ()


async def test_a_model_that_calls_functions_is_offered_one_that_takes_the_value() -> None:
    provider, inner = asking(
        [*called('{"name": "Ada", "age": 36}'), GenerationStopped("tool_calls")]
    )
    events = await events_of(provider, asked(can_call=True))

    (tool,) = inner.requests[0].tools
    assert tool.name == "answer"
    assert tool.schema["properties"] == PERSON.shape["properties"]
    assert "`answer`" in (inner.requests[0].params.system_prompt or "")
    assert finals(events) == [ADA]
    assert text(events) == '{"name": "Ada", "age": 36}'
    assert events[-1] == GenerationStopped("end_turn")
    assert not [event for event in events if isinstance(event, ToolCallDelta)]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"can_call": False}, id="nobody knows whether it can"),
        pytest.param({"can_call": True, "search": True}, id="searching excludes functions"),
        pytest.param({"can_call": True, "schema": Schema("list", {"type": "array"})}, id="a list"),
    ],
)
async def test_otherwise_it_is_asked_in_words(fields: dict[str, Any]) -> None:
    provider, inner = asking(reply("[]"), reply("[]"))
    await events_until_error(provider, asked(**fields))
    assert inner.requests[0].tools == ()


async def test_a_wire_without_tools_is_asked_in_words() -> None:
    provider, inner = asking(reply(json.dumps(ADA)), takes_tools=False)
    assert finals(await events_of(provider, asked(can_call=True))) == [ADA]
    assert inner.requests[0].tools == ()


async def test_a_function_offered_in_vain_may_be_answered_in_words() -> None:
    provider, _ = asking(reply('Here: {"name": "Ada", "age": 36}'))
    assert finals(await events_of(provider, asked(can_call=True))) == [ADA]


async def test_a_call_is_an_answer_also_where_none_was_asked_for() -> None:
    provider, _ = asking([*called(json.dumps(ADA), name="person"), GenerationStopped("tool_calls")])
    assert finals(await events_of(provider, asked())) == [ADA]


@pytest.mark.parametrize(
    "answer",
    [
        '```json\n{"name": "Ada", "age": 36}\n```',
        'Sure! Here is {the value}:\n\n```\n{"name": "Ada", "age": 36}\n```\nAnything else?',
        '{"name": "Ada", "age": 36} [1]',
        'The shape is {"type": "object"}, so:\n{"name": "Ada", "age": 36}',
        '\ufeff \n{"name": "Ada", "age": 36}\n\n',
    ],
)
async def test_chatter_and_fences_around_the_value_are_passed_over(answer: str) -> None:
    provider, _ = asking(reply(*answer))
    events = await events_of(provider, asked())
    assert finals(events) == [ADA]
    assert text(events) == answer


async def test_an_answer_that_does_not_fit_is_told_its_mistakes_and_asked_once_more() -> None:
    bad = '{"name": "Ada", "age": "old"}'
    provider, inner = asking(reply(bad), reply(json.dumps(ADA)))
    events = await events_of(provider, asked())

    (retry,) = [event for event in events if isinstance(event, RetryScheduled)]
    assert isinstance(retry.error, InvalidAnswer)
    assert 'age: Input should be a valid integer, not "old"' in str(retry.error)
    assert (retry.seconds, retry.attempt) == (0, 1)
    assert finals(events) == [ADA]

    first, second = inner.requests
    assert second.messages[: len(first.messages)] == first.messages
    said, told = second.messages[len(first.messages) :]
    assert (said.role, said.text) == ("assistant", bad)
    assert told.role == "user"
    assert "age: Input should be a valid integer" in told.text


async def test_a_call_that_does_not_fit_is_corrected_in_words_that_every_wire_takes() -> None:
    bad = [*called('{"name": 1}'), GenerationStopped("tool_calls")]
    provider, inner = asking(bad, [*called(json.dumps(ADA)), GenerationStopped("tool_calls")])
    assert finals(await events_of(provider, asked(can_call=True))) == [ADA]
    assert not any(message.tool_calls for message in inner.requests[1].messages)
    assert inner.requests[1].messages[-2].text == '{"name": 1}'


async def test_twice_wrong_is_an_error_that_names_the_fields_and_keeps_what_came() -> None:
    provider, inner = asking(reply('{"name": "Ada"}'), reply('{"age": 1}'), reply("never"))
    *events, error = await events_until_error(provider, asked())

    assert isinstance(error, InvalidAnswer)
    assert "'answer'" in str(error)
    assert "name: Field required" in str(error)
    assert text(events) == '{"name": "Ada"}\n\n{"age": 1}'
    assert finals(events) == []
    assert not [event for event in events if isinstance(event, GenerationStopped)]
    assert len(inner.requests) == 2


async def test_words_instead_of_a_value_are_quoted() -> None:
    provider, _ = asking(reply("I would rather not."), reply("No."))
    *_, error = await events_until_error(provider, asked())
    assert "words and no JSON: No." in str(error)


async def test_of_a_long_text_instead_of_a_value_the_error_has_one_line() -> None:
    said = "Once upon a time\n\nthere was " + "a very long tale " * 20
    provider, _ = asking(reply(said), reply(said))
    *_, error = await events_until_error(provider, asked())
    assert "words and no JSON: Once upon a time there was a very long" in str(error)
    assert "\n" not in str(error)
    assert str(error).count("tale") < 5


async def test_an_empty_answer_is_asked_for_again() -> None:
    provider, inner = asking(reply(), reply(json.dumps(ADA)))
    assert finals(await events_of(provider, asked())) == [ADA]
    assert [message.role for message in inner.requests[1].messages] == ["user", "user"]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("refusal", "refused to answer: I cannot"),
        ("content_filter", "content filter"),
        ("max_tokens", "token limit"),
    ],
)
async def test_what_asking_again_cannot_mend_is_not_asked_again(reason: str, words: str) -> None:
    provider, inner = asking(reply("I cannot", reason=reason), reply(json.dumps(ADA)))
    *events, error = await events_until_error(provider, asked())
    assert isinstance(error, InvalidAnswer)
    assert words in str(error)
    assert text(events) == "I cannot"
    assert len(inner.requests) == 1


async def test_a_value_cut_by_the_token_limit_is_none() -> None:
    cut = '{"name": "Ada", "age": 3'
    provider, _ = asking([*called(cut), GenerationStopped("max_tokens")])
    *events, error = await events_until_error(provider, asked(can_call=True))
    assert isinstance(error, InvalidAnswer)
    assert finals(events) == []


async def test_a_value_that_is_whole_at_the_token_limit_is_kept() -> None:
    provider, _ = asking(reply(json.dumps(ADA), reason="max_tokens"))
    events = await events_of(provider, asked())
    assert finals(events) == [ADA]
    assert events[-1] == GenerationStopped("max_tokens")


async def test_an_answer_that_broke_off_is_left_as_text_and_not_asked_again() -> None:
    provider, inner = asking([TextDelta('{"name": "Ada", "age": 36}')], reply("never"))
    events = await events_of(provider, asked())
    assert finals(events) == []
    assert text(events) == '{"name": "Ada", "age": 36}'
    assert len(inner.requests) == 1


async def test_usage_is_the_sum_of_both_answers() -> None:
    first, second = Usage(10, 5), Usage(20, 7, reasoning_tokens=2)
    provider, _ = asking(
        ["{}", UsageReported(Usage(10, 1)), UsageReported(first), GenerationStopped("end_turn")],
        [json.dumps(ADA), UsageReported(second), GenerationStopped("end_turn")],
    )
    reports = [e.usage for e in await events_of(provider, asked()) if isinstance(e, UsageReported)]
    assert reports == [Usage(10, 1), first, Usage(30, 12, reasoning_tokens=2)]


async def test_what_a_server_charges_is_kept() -> None:
    first, second = Usage(10, 5, cost_usd=Decimal("0.1")), Usage(20, 7, cost_usd=Decimal("0.2"))
    provider, _ = asking(
        ["{}", UsageReported(first), GenerationStopped("end_turn")],
        [json.dumps(ADA), UsageReported(second), GenerationStopped("end_turn")],
    )
    reports = [e.usage for e in await events_of(provider, asked()) if isinstance(e, UsageReported)]
    assert [each.cost_usd for each in reports] == [Decimal("0.1"), Decimal("0.3")]


async def test_a_failure_of_the_second_answer_goes_on_as_it_is() -> None:
    limited = RateLimited("Slow down.", status=429)
    provider, _ = asking(reply("{}"), [limited])
    *events, error = await events_until_error(provider, asked())
    assert error is limited
    assert text(events) == "{}\n\n"


async def test_calls_of_other_tools_go_on_to_be_run() -> None:
    call = ToolCallDelta(0, "call_1", "current_time", "{}")
    provider, inner = asking([TextDelta("Let me see."), call, GenerationStopped("tool_calls")])
    events = await events_of(provider, replace(asked(can_call=True), tools=(CLOCK,)))
    assert events == [TextDelta("Let me see."), call, GenerationStopped("tool_calls")]
    assert [tool.name for tool in inner.requests[0].tools] == ["current_time", "answer"]


async def test_a_value_may_come_beside_other_tools() -> None:
    script = [*called(json.dumps(ADA), index=1), GenerationStopped("tool_calls")]
    provider, _ = asking(script)
    events = await events_of(provider, replace(asked(can_call=True), tools=(CLOCK,)))
    assert finals(events) == [ADA]


async def test_a_long_value_is_looked_at_less_often_the_longer_it_is() -> None:
    pieces = ['{"name": "', *["x" * 1000] * 2000, '", "age": 1}']
    provider, _ = asking(reply(*pieces), step=0.01)
    events = await events_of(provider, asked())
    # 20 s pass; ten looks a second would be 200, at one megabyte there is one in two seconds
    assert 5 < len(glimpses(events)) < 60
    assert len(finals(events)) == 1


async def test_leaving_early_closes_the_stream_inside() -> None:
    provider, inner = asking([*'{"name"', asyncio.Event()])
    async with aclosing(provider.stream(asked())) as stream:
        await anext(stream)
    assert inner.closed_early == 1


async def test_a_schema_that_cannot_be_used_is_said_in_words() -> None:
    provider, inner = asking(reply("{}"))
    error = (await events_until_error(provider, asked(Schema("x", {"type": "strin"}))))[-1]
    assert isinstance(error, InvalidAnswer)
    assert "'strin'" in str(error)
    assert inner.requests == []

import re
from typing import Any

import pytest

from conduit_tui.core.events import (
    GenerationStopped,
    RetryScheduled,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.message import Attachment, Message, ToolCall, ToolResult
from conduit_tui.core.request import ToolSpec
from conduit_tui.providers.guide import Guide
from conduit_tui.providers.retry import Retrying
from conduit_tui.providers.scripted import ScriptedProvider
from tests.providers.asking import CLOCK, assistant, events_of, message, request, user


async def no_time(_: float) -> None:
    """A clock that stands still."""


def guide() -> Retrying:
    """The guide, wrapped as the registry wraps it, without its delays."""
    inner = ScriptedProvider("demo", Guide(), ("guide",), sleep=no_time)
    return Retrying(inner, sleep=no_time)


def text_of(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def said(*messages: Message, **options: Any) -> str:
    return text_of(await events_of(guide(), request(*messages, **options)))


TOPICS = [
    *("hello", "code please", "a table", "think", "a long one", "error", "time", "help"),
    *("tools", "write a file", "skills"),
]


@pytest.mark.parametrize("question", TOPICS)
async def test_every_answer_says_that_a_script_gave_it(question: str) -> None:
    text = await said(user(question))

    assert re.search(r"\bscript\b", text)
    assert re.search(r"no AI|not an AI|no model was asked", text)


@pytest.mark.parametrize("question", TOPICS)
async def test_asking_again_gives_another_answer_and_then_the_first_again(question: str) -> None:
    provider, asked = guide(), request(user(question))

    answers = [text_of(await events_of(provider, asked)) for _ in range(3)]

    assert answers[0] != answers[1]
    assert answers[0] == answers[2]


@pytest.mark.parametrize("question", TOPICS)
async def test_answers_come_in_small_pieces_and_end(question: str) -> None:
    events = await events_of(guide(), request(user(question)))

    texts = [event.text for event in events if isinstance(event, TextDelta)]
    assert len(texts) > 15
    assert max(map(len, texts)) <= 40
    assert events[-1] == GenerationStopped("end_turn")
    assert not any(isinstance(event, UsageReported) for event in events)


@pytest.mark.parametrize(
    ("question", "sign"),
    [
        ("Show me some code", "```python"),
        ("Draw a TABLE", "| planet |"),
        ("something long to scroll", "120. divided by"),
        ("what can you do?", "| type | and see |"),
    ],
)
async def test_the_words_of_the_question_choose_the_answer(question: str, sign: str) -> None:
    assert sign in await said(user(question))


async def test_the_last_question_counts_and_its_first_topic() -> None:
    asked = (user("a table"), assistant("There."), user("now code, no table"))

    assert "```python" in await said(*asked)


async def test_thinking_comes_before_its_answer() -> None:
    kinds = [type(event) for event in await events_of(guide(), request(user("think")))]

    assert kinds == sorted(kinds, key=[ThinkingDelta, TextDelta, GenerationStopped].index)
    assert kinds.count(ThinkingDelta) > 10


async def test_an_error_is_shown_twice_with_its_retries_and_then_answered() -> None:
    provider, asked = guide(), request(user("show an error"))

    for _ in range(2):
        events = await events_of(provider, asked)
        assert [type(event) for event in events[:3]] == [RetryScheduled, RetryScheduled, TextDelta]
        assert "not real" in str(events[0].error)


async def test_the_time_takes_a_tool_and_a_second_step_that_uses_its_result() -> None:
    question = user("What time is it?")
    provider = guide()

    events = await events_of(provider, request(question, tools=(CLOCK,)))

    calls = [event for event in events if isinstance(event, ToolCallDelta)]
    arguments = "".join(call.arguments for call in calls)
    call = ToolCall(calls[0].call_id, calls[0].name, arguments)
    assert call.name == "current_time"
    assert call.arguments_object() == {"timezone": "Europe/Oslo"}
    assert events[-1] == GenerationStopped("tool_calls")

    results = message("tool", ToolResult(call.call_id, "2026-11-22T12:00:00+01:00"))
    asked = request(question, assistant(call), results, tools=(CLOCK,))
    assert "\n2026-11-22T12:00:00+01:00\n" in text_of(await events_of(provider, asked))


@pytest.mark.parametrize("question", ["What time is it?", "tools", "write a file"])
async def test_without_the_tool_no_call_is_made_and_how_to_get_it_is_told(question: str) -> None:
    events = await events_of(guide(), request(user(question)))

    assert "not offered to me here. `/tools on " in text_of(events)
    assert not any(isinstance(event, ToolCallDelta) for event in events)


def offered(tool: str, **fields: Json) -> ToolSpec:
    return ToolSpec(tool, "", {"type": "object", "properties": fields})


LS, READ, WRITE = (offered(name) for name in ("ls", "file_read", "file_write"))
SKILL = offered("enable_skill", name={"enum": ["review", "letters"]})


async def called(*messages: Message, tools: tuple[ToolSpec, ...]) -> ToolCall:
    """The call that the guide makes."""
    events = await events_of(guide(), request(*messages, tools=tools))
    calls = [event for event in events if isinstance(event, ToolCallDelta)]
    assert events[-1] == GenerationStopped("tool_calls")
    return ToolCall(calls[0].call_id, calls[0].name, "".join(each.arguments for each in calls))


def answered(call: ToolCall, output: str, *, is_error: bool = False) -> tuple[Message, Message]:
    return assistant(call), message("tool", ToolResult(call.call_id, output, is_error))


async def test_it_looks_into_the_directory_reads_a_file_of_it_and_tells_both() -> None:
    asked, tools = user("show me the tools"), (LS, READ)
    ls = await called(asked, tools=tools)
    assert (ls.name, ls.arguments_object()) == ("ls", {"path": "."})
    line = (asked, *answered(ls, "src/\n.env\na.py  1 KB\nREADME.md  2 KB"))
    read = await called(*line, tools=tools)
    assert read.name == "file_read"
    assert read.arguments_object() == {"path": "README.md", "first_line": 1, "last_line": 12}
    assert read.call_id != ls.call_id
    told = await said(*line, *answered(read, "# Words\n```\nof the file"), tools=tools)
    assert "a.py  1 KB" in told
    assert "````\n# Words\n```\nof the file\n````" in told


async def test_where_no_file_looks_like_text_only_the_listing_is_told() -> None:
    asked = user("tools")
    ls = await called(asked, tools=(LS, READ))
    line = (asked, *answered(ls, "photo.jpg\nsrc.md/\n.env"))
    assert "photo.jpg" in await said(*line, tools=(LS, READ))


async def test_it_asks_to_write_a_file_and_says_so_before() -> None:
    events = await events_of(guide(), request(user("write a file"), tools=(WRITE,)))
    call = await called(user("write a file"), tools=(WRITE,))
    assert "Nothing is written before you say yes." in text_of(events)
    arguments = call.arguments_object()
    assert arguments is not None
    assert arguments["path"] == "conduit-note.md"
    assert "demo/guide" in str(arguments["content"])


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("The person said no: not here. It was not done.", "You said no, so it was not done."),
        ("The disk is full.", "It did not work."),
    ],
)
async def test_what_was_denied_or_failed_is_told_plainly(output: str, words: str) -> None:
    asked = user("write a file")
    call = await called(asked, tools=(WRITE,))
    told = await said(asked, *answered(call, output, is_error=True), tools=(WRITE,))
    assert words in told
    assert output in told


async def test_only_the_same_question_asked_before_brings_other_words() -> None:
    first, other, again = user("tools"), user("skills"), user("fetch a skill")
    call = await called(other, tools=(SKILL,))
    line = (first, assistant("No."), other, *answered(call, "Read twice."))
    assert "A skill is a page of instructions" in await said(*line, tools=(SKILL,))
    line = (*line, assistant("Yes."), again, *answered(call, "Read twice."))
    assert "Here are the instructions again" in await said(*line, tools=(SKILL,))


async def test_it_fetches_a_skill_that_is_offered() -> None:
    asked = user("skills")
    call = await called(asked, tools=(SKILL,))
    assert call.arguments_object() == {"name": "review"}
    assert "Read twice." in await said(asked, *answered(call, "Read twice."), tools=(SKILL,))
    assert "`/skills` lists" in await said(asked)


async def test_a_long_result_is_cut_where_it_is_told() -> None:
    asked = user("skills")
    call = await called(asked, tools=(SKILL,))
    output = "\n".join(f"line {at}" for at in range(99))
    told = await said(asked, *answered(call, output), tools=(SKILL,))
    assert "line 13\n…\n" in told
    assert "line 14" not in told


async def test_to_write_code_is_no_wish_for_a_file() -> None:
    assert "```python" in await said(user("write a python program"))


async def test_a_conversation_without_a_question_gets_the_tour() -> None:
    assert "Welcome" in await said(message("system", "x"))


async def test_it_says_what_came_with_a_message() -> None:
    size = (30).to_bytes(4, "big") + (20).to_bytes(4, "big")
    image = Attachment("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size, "a.png")
    events = await events_of(guide(), request(user("look", image)))
    told = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert told.startswith(
        "This came with your message:\n\n- `a.png`: image/png, 30 by 20 pixels, 24"
    )

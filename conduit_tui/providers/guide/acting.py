"""What the guide does with tools: which it calls next, and what it says of their results."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from conduit_tui.core.clean import clean_line
from conduit_tui.core.json import Json
from conduit_tui.core.message import Message, ToolCall, ToolResult
from conduit_tui.core.request import Request
from conduit_tui.providers.shapes import as_list, as_object

NOTE = "conduit-note.md"
"""The file that is written where one is asked for."""
FIRST_LINES = 12
MOST_SHOWN_LINES = 14
MOST_SHOWN_CHARACTERS = 1_500

_PLACES = ("Europe/Oslo", "Asia/Tokyo", "America/New_York")
_READABLE = re.compile(r"(?<![\w./-])(\w[\w-]*\.(?:md|txt|toml|py|json|cfg|ini|rst))\b(?!/)")


@dataclass(frozen=True, slots=True)
class Acting:
    """A call to make, after some words."""

    words: str
    tool: str
    arguments: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Telling:
    """The text of a topic to say, with what stands for the names in its braces."""

    topic: str
    fields: dict[str, str]


def next_step(topic: str, request: Request, asked: int) -> Acting | Telling:
    """What to do next for a topic that takes tools; `asked` counts how often it was asked for."""
    done = _done(request.messages)
    if done and (failed := next((each for each in done if each[1].is_error), None)):
        return _refused(*failed)
    match topic, len(done):
        case "time", 0:
            place = _PLACES[(asked - 1) % len(_PLACES)]
            acting = Acting("I will look at the clock.\n", "current_time", {"timezone": place})
        case "tools", 0:
            acting = Acting("First I look at what is here.\n", "ls", {"path": "."})
        case "tools", 1 if name := _readable(done[0][1].output):
            words = f"I will read the first lines of `{name}`.\n"
            lines: dict[str, Json] = {"path": name, "first_line": 1, "last_line": FIRST_LINES}
            acting = Acting(words, "file_read", lines)
        case "write", 0:
            words = f"I ask to write `{NOTE}`. Nothing is written before you say yes.\n"
            acting = Acting(words, "file_write", {"path": NOTE, "content": _note(request)})
        case "skills", 0:
            names = _skills(request)
            words = "I fetch the instructions of a skill.\n"
            acting = Acting(words, "enable_skill", {"name": names[0] if names else "none"})
        case _:
            return Telling(topic, {"result": _quoted(done)})
    if not any(tool.name == acting.tool for tool in request.tools):
        return _without(topic, acting.tool, done)
    return acting


def _done(messages: Sequence[Message]) -> list[tuple[ToolCall, ToolResult]]:
    """What was called since the last question, with its results."""
    asked_at = max((at for at, one in enumerate(messages) if one.role == "user"), default=-1)
    since = messages[asked_at + 1 :]
    calls = [call for one in since for call in one.tool_calls]
    results = [result for one in since for result in one.tool_results]
    return list(zip(calls, results, strict=False))


def _without(topic: str, tool: str, done: list[tuple[ToolCall, ToolResult]]) -> Telling:
    """What is said where a tool is not offered: what is known so far, or how to get it."""
    if done:
        return Telling(topic, {"result": _quoted(done)})
    return Telling("no_skills" if topic == "skills" else "no_tool", {"tool": tool})


def _refused(call: ToolCall, result: ToolResult) -> Telling:
    said_no = "said no" in result.output[:200]
    what = "You said no, so it was not done." if said_no else "It did not work."
    fields = {"tool": call.name, "what": what, "result": _block(result.output)}
    return Telling("refused", fields)


def _readable(listing: str) -> str:
    """A file of a listing that is likely to be short text: a README if there is one."""
    names = _READABLE.findall(listing[:20_000])
    return next((name for name in names if name.lower().startswith("readme")), (*names, "")[0])


def _skills(request: Request) -> list[str]:
    """The skills that may be enabled."""
    tool = next((each for each in request.tools if each.name == "enable_skill"), None)
    fields = as_object(tool.schema.get("properties")) if tool else {}
    names = as_list(as_object(fields.get("name")).get("enum"))
    return [name for name in names if isinstance(name, str)]


def _note(request: Request) -> str:
    """Another one for each question: what a file holds already is not written, nor asked about."""
    question = next((each.id for each in reversed(request.messages) if each.role == "user"), "")
    return (
        f"# Note {question[-6:]}\n\n"
        "The script `demo/guide` of conduit-tui wrote this, because you\n"
        "asked it to write a file and said yes.\n"
    )


def _quoted(done: list[tuple[ToolCall, ToolResult]]) -> str:
    return "\n\n".join(f"`{call.name}` said:\n\n{_block(result.output)}" for call, result in done)


def _block(output: str) -> str:
    """The beginning of an output as a block of code that it cannot end."""
    lines = output[:MOST_SHOWN_CHARACTERS].splitlines()
    shown = [clean_line(line) for line in lines[:MOST_SHOWN_LINES]]
    if len(lines) > len(shown) or len(output) > MOST_SHOWN_CHARACTERS:
        shown.append("…")
    text = "\n".join(shown) or "(nothing)"
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"

"""Ready-made answers of the protocol server, for trying the program by hand.

Every script but `lines` looks for `fault NAME` in the last user message and does that instead;
`fault` alone lists the names.
"""

import json
import re
from collections.abc import Callable, Iterable
from email.utils import formatdate
from time import time
from typing import Any

from tests.servers.http import Cut, Exchange, Reply, Sleep, Stall, Step
from tests.servers.openai_server import (
    DONE,
    call_piece,
    chunk,
    error,
    frame,
    refused,
    said,
    usage,
)

HALF: list[Step] = [chunk({"content": "Half of an "}), chunk({"content": "answer"})]
_PAGE = "<html><head><title>500 Oops</title></head><body><h1>nginx</h1></body></html>"

FAULTS: dict[str, Callable[[], Reply]] = {
    "401": lambda: refused(401, error("Incorrect API key provided: sk-abcd1234efgh.", "invalid")),
    "404": lambda: refused(404, error("The model `nope` does not exist", "model_not_found")),
    "413": lambda: refused(413, error("Request too large")),
    "429": lambda: refused(429, error("Slow down", kind="rate_limit"), **{"retry-after": "3"}),
    "429date": lambda: refused(
        429, error("Slow down"), **{"retry-after": formatdate(time() + 5, usegmt=True)}
    ),
    "429long": lambda: refused(429, error("Tomorrow"), **{"retry-after": "7200"}),
    "quota": lambda: refused(429, error("You exceeded your quota", "insufficient_quota")),
    "context": lambda: refused(400, error("Too long", "context_length_exceeded")),
    "notools": lambda: refused(400, error("this model does not support tools")),
    "500": lambda: refused(500, _PAGE),
    "503": lambda: refused(503, {"error": "loading the model"}),
    "529": lambda: refused(529, error("Overloaded", kind="overloaded_error")),
    "cut": lambda: Reply([*HALF, Cut]),
    "cutfirst": lambda: Reply(sends_head=False),
    "end": lambda: Reply(HALF),
    "empty": lambda: Reply([]),
    "garbage": lambda: Reply([*HALF, b'data: {"choices": [{"del\n\n']),
    "error": lambda: Reply([*HALF, frame(error("The engine caught fire"))]),
    "event": lambda: Reply([*HALF, b'event: error\ndata: {"message": "no memory left"}\n\n']),
    "stall": lambda: Reply([*HALF, Stall]),
    "silence": lambda: Reply([Stall]),
    "page": lambda: Reply([_PAGE.encode()], content_type="text/html"),
    "redirect": lambda: Reply(status=307, headers={"location": "http://127.0.0.1:9/v1"}),
    "json": lambda: whole("One JSON body, though a stream was asked for."),
    "escape": lambda: Reply(said("red \x1b[31m, title \x1b]0;gotcha\x07, \u202eturned, \x00 nul")),
    "markup": lambda: Reply(said("[bold]not markup[/bold] [link=http://x]nor a link[/link]")),
    "flood": lambda: Reply(said("x" * 200_000)),
}


def whole(text: str) -> Reply:
    """An answer in one piece, from a server that ignores `stream`."""
    message = {"role": "assistant", "content": text}
    body: dict[str, Any] = {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 4},
    }
    return Reply([json.dumps(body).encode()], content_type="application/json")


def last_words(exchange: Exchange) -> str:
    """The text of the last user message."""
    contents = [one["content"] for one in exchange.body["messages"] if one["role"] == "user"]
    content = contents[-1] if contents else ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "(an image)") for part in content)


def echo(rate: float) -> Callable[[Exchange], Reply]:
    """Say the question back as Markdown, with thinking or a tool call if it names them."""

    def answer(exchange: Exchange) -> Reply:
        words = last_words(exchange)
        if found := re.search(r"\bfault(?: (\w+))?", words):
            return _fault(found[1] or "")
        result = exchange.body["messages"][-1]
        if result["role"] == "tool":
            return Reply(_slowly(f"The tool said:\n\n> {result['content']}\n", rate))
        if "tool" in words and exchange.body.get("tools"):
            return Reply(_tool_call(exchange.body["tools"][0]["function"]["name"]))
        thinking = "Let me think about that for a moment. " if "think" in words else ""
        quoted = "\n".join(f"> {line}" for line in words.splitlines())
        count = len(exchange.body["messages"])
        text = f"You said, in a conversation of **{count}** messages:\n\n{quoted}\n"
        return Reply(_slowly(text, rate, thinking))

    return answer


def slow(rate: float) -> Callable[[Exchange], Reply]:
    """A reply of 2,000 words at the given rate, of all that Markdown has."""

    def answer(exchange: Exchange) -> Reply:
        if found := re.search(r"\bfault(?: (\w+))?", last_words(exchange)):
            return _fault(found[1] or "")
        section = (
            "## Part {0}\n\nSome *words* with `code`, **weight** and a [link](https://e.org/{0}).\n"
            "\n```python\nfor n in range({0}):\n    print(n ** 2)\n```\n\n"
            "| a | b |\n| - | -: |\n| {0} | 1 |\n\n- one\n- two\n\n"
        )
        text = "".join(section.format(part) for part in range(1, 60))
        return Reply(_slowly(text, rate))

    return answer


def lines(rate: float) -> Callable[[Exchange], Reply]:
    """Numbered lines, so that a test can tell exactly how far a reply came."""

    def answer(exchange: Exchange) -> Reply:
        return Reply(_slowly("".join(f"line {number}\n" for number in range(1, 1001)), rate))

    return answer


SCRIPTS: dict[str, Callable[[float], Callable[[Exchange], Reply]]] = {
    "echo": echo,
    "slow": slow,
    "lines": lines,
}


def _fault(name: str) -> Reply:
    if name in FAULTS:
        return FAULTS[name]()
    return Reply(said("Faults: " + ", ".join(f"`fault {known}`" for known in FAULTS)))


def _slowly(text: str, rate: float, thinking: str = "") -> Iterable[Step]:
    yield chunk({"role": "assistant", "content": ""})
    for word in re.findall(r"\S+\s*", thinking):
        yield chunk({"reasoning_content": word})
        yield Sleep(1 / rate)
    words = re.findall(r"\s*\S+\s*", text)
    for word in words:
        yield chunk({"content": word})
        yield Sleep(1 / rate)
    yield chunk(finish="stop")
    yield usage(completion=len(words))
    yield DONE


def _tool_call(name: str) -> Iterable[Step]:
    yield call_piece(0, "", "call_1", name)
    yield call_piece(0, '{"timezone": ')
    yield call_piece(0, '"Europe/Oslo"}')
    yield chunk(finish="tool_calls")
    yield usage()
    yield DONE

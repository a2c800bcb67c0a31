"""Ready-made answers of the server of the messages wire, for trying the program by hand.

The script looks for `fault NAME` in the last user message and does that instead; `fault` alone
lists the names. `tool`, `think` and `search` do what they say. It refuses what Anthropic refuses.
"""

import re
from collections.abc import Callable, Iterable
from email.utils import formatdate
from time import time
from typing import Any

from tests.servers.anthropic_server import (
    delta,
    error,
    event,
    message_delta,
    message_start,
    message_stop,
    refused,
    said,
    start,
    stop,
    text,
    thinking,
    tool_use,
    whole,
)
from tests.servers.http import Cut, Exchange, Reply, Sleep, Stall, Step

HALF: list[Step] = [
    message_start(),
    start(0, type="text", text=""),
    delta(0, "text_delta", text="Half of an "),
    delta(0, "text_delta", text="answer"),
]
SIGNATURE = "RXFRQkNrZ0lCeEFCR0FJcVFM"
SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search"}
FOUND = {
    "type": "web_search_result",
    "url": "https://example.org/oslo",
    "title": "Oslo",
    "encrypted_content": "ZW5jcnlwdGVk",
    "page_age": None,
}
CITED = {
    "type": "web_search_result_location",
    "url": "https://example.org/oslo",
    "title": "Oslo",
    "encrypted_index": "aW5kZXg=",
    "cited_text": "Oslo is in Norway.",
}
_PAGE = "<html><head><title>500 Oops</title></head><body><h1>nginx</h1></body></html>"
_TOO_LONG = "prompt is too long: 210000 tokens > 200000 maximum"

FAULTS: dict[str, Callable[[], Reply]] = {
    "401": lambda: refused(401, error("invalid x-api-key", "authentication_error")),
    "403": lambda: refused(403, error("Not for you", "permission_error")),
    "404": lambda: refused(404, error("model: claude-nope", "not_found_error")),
    "413": lambda: refused(413, error("Request exceeds the maximum size", "request_too_large")),
    "429": lambda: refused(429, error("Rate limited", "rate_limit_error"), **{"retry-after": "3"}),
    "429date": lambda: refused(
        429,
        error("Rate limited", "rate_limit_error"),
        **{"retry-after": formatdate(time() + 5, usegmt=True)},
    ),
    "429long": lambda: refused(
        429, error("Rate limited", "rate_limit_error"), **{"retry-after": "600"}
    ),
    "credit": lambda: refused(400, error("Your credit balance is too low to use this API.")),
    "context": lambda: refused(400, error(_TOO_LONG)),
    "500": lambda: refused(500, error("Internal server error", "api_error")),
    "502": lambda: refused(502, _PAGE),
    "529": lambda: refused(529, error("Overloaded", "overloaded_error")),
    "cut": lambda: Reply([*HALF, Cut]),
    "cutfirst": lambda: Reply(sends_head=False),
    "end": lambda: Reply(HALF),
    "unmarked": lambda: Reply([*HALF, stop(0), message_delta()]),
    "empty": lambda: Reply([]),
    "garbage": lambda: Reply([*HALF, b"event: content_block_delta\ndata: {nonsense\n\n"]),
    "error": lambda: Reply([*HALF, event("error", error=error("Overloaded", "overloaded_error"))]),
    "stall": lambda: Reply([*HALF, Stall]),
    "silence": lambda: Reply([Stall]),
    "page": lambda: Reply([_PAGE.encode()], content_type="text/html"),
    "redirect": lambda: Reply(status=307, headers={"location": "http://127.0.0.1:9/v1/messages"}),
    "json": lambda: whole({"type": "text", "text": "One JSON body."}),
    "refusal": lambda: Reply([message_start(), message_delta("refusal"), message_stop()]),
    "limit": lambda: Reply(said("Cut at", reason="max_tokens")),
    "window": lambda: Reply(said("Full", reason="model_context_window_exceeded")),
    "escape": lambda: Reply(said("red \x1b[31m, title \x1b]0;gotcha\x07, \u202eturned, \x00 nul")),
}


def last_words(body: Any) -> str:
    """The text of the last user message."""
    blocks = body["messages"][-1]["content"]
    return "\n".join(block.get("text", "") for block in blocks)


def echo(rate: float) -> Callable[[Exchange], Reply]:
    """Say the question back as Markdown; with thinking, a call or a search if it names them."""

    def answer(exchange: Exchange) -> Reply:
        body = exchange.body
        if words := complaint(body):
            return refused(400, error(words))
        words = last_words(body)
        if found := re.search(r"\bfault(?: (\w+))?", words):
            return _fault(found[1] or "")
        result = body["messages"][-1]["content"][0]
        if result["type"] == "tool_result":
            return Reply(_slowly(f"The tool said:\n\n> {result.get('content')}\n", rate))
        if "search" in words and any("web_search" in one["name"] for one in body.get("tools", [])):
            return Reply(searched())
        if "tool" in words and body.get("tools"):
            return Reply(called(body["tools"][0]["name"]))
        count = len(body["messages"])
        quoted = "\n".join(f"> {line}" for line in words.splitlines())
        said_back = f"You said, in a conversation of **{count}** messages:\n\n{quoted}\n"
        return Reply(_slowly(said_back, rate, thinks="think" in words))

    return answer


SCRIPTS: dict[str, Callable[[float], Callable[[Exchange], Reply]]] = {"echo": echo}


def complaint(body: Any) -> str:
    """What Anthropic would refuse in a request; nothing if it is in order."""
    messages = body["messages"]
    if not isinstance(body.get("max_tokens"), int):
        return "max_tokens: Field required"
    if messages[0]["role"] != "user" or messages[-1]["role"] != "user":
        return "This model does not support assistant message prefill."
    asked: set[str] = set()
    for number, message in enumerate(messages):
        blocks = message["content"]
        if number and messages[number - 1]["role"] == message["role"]:
            return "roles must alternate"
        given = {one["tool_use_id"] for one in blocks if one["type"] == "tool_result"}
        if given != asked:
            return f"tool_use ids {sorted(asked ^ given)} without tool_result blocks"
        asked = {one["id"] for one in blocks if one["type"] == "tool_use"}
        for block in blocks:
            if block["type"] == "text" and not block["text"].strip():
                return "text content blocks must contain non-whitespace text"
            if block["type"] == "thinking" and block["signature"] != SIGNATURE:
                return f"messages.{number}: Invalid `signature` in `thinking` block."
    marks = str(body).count("cache_control")
    return f"A maximum of 4 blocks with cache_control, found {marks}" if marks > 4 else ""


def called(name: str) -> list[Step]:
    """Signed thinking, words, and a call."""
    return [
        message_start(),
        *thinking(0, "I need ", "the time.", signature=SIGNATURE),
        *text(1, "Let me look."),
        *tool_use(2, "toolu_01A09q90qw90lq917835lq9", name, '{"timezone": ', '"Europe/Oslo"}'),
        message_delta("tool_use"),
        message_stop(),
    ]


def searched() -> list[Step]:
    """A search by the server itself, and an answer that cites what was found."""
    return [
        message_start(),
        *text(0, "I will look. "),
        start(1, **SEARCH, input={}),
        delta(1, "input_json_delta", partial_json=""),
        delta(1, "input_json_delta", partial_json='{"query": "Oslo"}'),
        stop(1),
        start(2, type="web_search_tool_result", tool_use_id="srvtoolu_1", content=[FOUND]),
        stop(2),
        *text(3, "As it stands, "),
        start(4, type="text", text="", citations=[]),
        delta(4, "citations_delta", citation=CITED),
        delta(4, "text_delta", text="Oslo is in Norway"),
        stop(4),
        *text(5, ", and cold."),
        message_delta(input_tokens=90, server_tool_use={"web_search_requests": 1}),
        message_stop(),
    ]


def _fault(name: str) -> Reply:
    if name in FAULTS:
        return FAULTS[name]()
    return Reply(said("Faults: " + ", ".join(f"`fault {known}`" for known in FAULTS)))


def _slowly(words: str, rate: float, *, thinks: bool = False) -> Iterable[Step]:
    yield message_start()
    if thinks:
        yield from thinking(0, "Let me think ", "about that.", signature=SIGNATURE)
    index = int(thinks)
    yield start(index, type="text", text="")
    for word in re.findall(r"\s*\S+\s*", words):
        yield delta(index, "text_delta", text=word)
        yield Sleep(1 / rate)
    yield stop(index)
    yield message_delta(output_tokens=len(words.split()))
    yield message_stop()

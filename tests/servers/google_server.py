"""A server of Gemini's generateContent, byte for byte as its documentation has it.

In a test:

    async with GoogleServer(streamed("Hello", " there")) as server:
        ... server.url ... server.exchanges[0].body ...

By hand, with GOOGLE_GEMINI_BASE_URL set to what it prints:

    python -m tests.servers.google_server --port 0
"""

import argparse
import asyncio
import base64
import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.http import Cut, Exchange, LoopbackServer, Reply, Sleep, Stall, Step

MODEL = "gemini-3.5-flash"
METHOD = re.compile(r"/(v1(?:beta)?)/((?:tunedM|m)odels/[^:]+):(\w+)")
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def frame(value: Any) -> bytes:
    """One event with a JSON value; Google ends its lines with CR LF."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\r\n\r\n".encode()


def content(
    *parts: Any, finish: str | None = None, candidate: Any = None, **more: Any
) -> dict[str, Any]:
    """One chunk with one candidate; strings are text parts."""
    whole = [{"text": part} if isinstance(part, str) else part for part in parts]
    one: dict[str, Any] = {"content": {"parts": whole, "role": "model"}, "index": 0}
    if finish:
        one["finishReason"] = finish
    return {
        "candidates": [one | (candidate or {})],
        "modelVersion": MODEL,
        "responseId": "test",
        **more,
    }


def chunk(*parts: Any, **more: Any) -> bytes:
    """One chunk as an event; see content."""
    return frame(content(*parts, **more))


def usage(prompt: int = 10, output: int = 5, thoughts: int = 0, **more: Any) -> dict[str, Any]:
    """`usageMetadata` as Google counts: the output without its thoughts."""
    counts = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": output,
        "totalTokenCount": prompt + output + thoughts,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": prompt}],
    }
    return counts | ({"thoughtsTokenCount": thoughts} if thoughts else {}) | more


def called(name: str, arguments: Any, signature: str = "", call_id: str = "") -> dict[str, Any]:
    """A part that calls a function."""
    call = {"name": name, "args": arguments} | ({"id": call_id} if call_id else {})
    return {"functionCall": call} | ({"thoughtSignature": signature} if signature else {})


def said(*pieces: Any, finish: str = "STOP") -> list[Step]:
    """The steps of an ordinary answer: parts one by one, counts that grow, the end in the last."""
    steps: list[Step] = [
        chunk(piece, usageMetadata=usage(10, place)) for place, piece in enumerate(pieces[:-1])
    ]
    return [*steps, chunk(*pieces[-1:], finish=finish, usageMetadata=usage())]


def streamed(*pieces: Any, **options: Any) -> Reply:
    """An ordinary answer in pieces."""
    return Reply(said(*pieces), content_type="text/event-stream", **options)


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    """An answer of plain JSON, printed as Google prints it."""
    body = json.dumps(value, indent=2, ensure_ascii=False).encode()
    return Reply([body], status, "application/json; charset=UTF-8", headers)


def error(status: int, message: str, word: str, *details: Any) -> dict[str, Any]:
    """An error body: https://cloud.google.com/apis/design/errors."""
    body: dict[str, Any] = {"code": status, "message": message, "status": word}
    return {"error": body | ({"details": [*details]} if details else {})}


def refused(status: int, message: str, word: str, *details: Any, **headers: str) -> Reply:
    """A refused request."""
    return as_json(error(status, message, word, *details), status, **headers)


def quota(quota_id: str, delay: str) -> list[Any]:
    """The details of a 429: which quota it was, and how long to wait."""
    kind = "type.googleapis.com/google.rpc."
    violation = {"quotaMetric": "x/generate_requests", "quotaId": quota_id, "quotaValue": "5"}
    return [
        {"@type": f"{kind}QuotaFailure", "violations": [violation]},
        {"@type": f"{kind}RetryInfo", "retryDelay": delay},
    ]


def listed(name: str, *methods: str, **more: Any) -> dict[str, Any]:
    """A model of the list."""
    return {
        "name": f"models/{name}",
        "displayName": name.title(),
        "inputTokenLimit": 1048576,
        "outputTokenLimit": 65536,
        "supportedGenerationMethods": [*(methods or ("generateContent", "countTokens"))],
        **more,
    }


class GoogleServer(LoopbackServer):
    """Answers each streamGenerateContent with the next reply, the last one for ever after.

    A reply may be a function of the exchange. `models` is listed `page_size` at a time, or is a
    Reply. countTokens counts the characters of the request, or answers `counted`.
    """

    def __init__(
        self,
        *replies: Reply | Callable[[Exchange], Reply],
        models: Iterable[Any] | Reply = (),
        counted: Reply | None = None,
        page_size: int = 2,
        port: int = 0,
    ) -> None:
        super().__init__(self._reply, port)
        self._replies = list(replies)
        self._models = models or (listed(MODEL, thinking=True),)
        self._counted = counted
        self._page_size = page_size

    @property
    def url(self) -> str:
        """The base URL for an endpoint, without the version."""
        return f"http://127.0.0.1:{self.port}"

    def _reply(self, exchange: Exchange) -> Reply:
        path = urlsplit(exchange.path)
        if path.path in {"/v1beta/models", "/v1/models"} and exchange.method.upper() == "GET":
            return self._list(parse_qs(path.query))
        found = METHOD.fullmatch(path.path)
        if found and found[3] == "countTokens":
            return self._counted or as_json({"totalTokens": len(exchange.raw_body)})
        if not found or found[3] != "streamGenerateContent" or not self._replies:
            return refused(404, f"{path.path} is not here", "NOT_FOUND")
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        return reply if isinstance(reply, Reply) else reply(exchange)

    def _list(self, query: dict[str, list[str]]) -> Reply:
        if isinstance(self._models, Reply):
            return self._models
        every = list(self._models)
        start = int(query.get("pageToken", ["0"])[0].removesuffix("="))
        page: dict[str, Any] = {"models": every[start : start + self._page_size]}
        if start + self._page_size < len(every):
            page["nextPageToken"] = f"{start + self._page_size}="
        return as_json(page)


HALF: list[Step] = [chunk("Half of an "), chunk("answer")]
_MINUTE = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"
_DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
_OVER = "You exceeded your current quota, please check your plan and billing details."

FAULTS: dict[str, Callable[[], Reply]] = {
    "key": lambda: refused(400, "API key not valid. Pass a valid API key.", "INVALID_ARGUMENT"),
    "404": lambda: refused(
        404, "models/nope is not found for API version v1beta, or is not supported.", "NOT_FOUND"
    ),
    "context": lambda: refused(
        400,
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        "INVALID_ARGUMENT",
    ),
    "429": lambda: refused(429, _OVER, "RESOURCE_EXHAUSTED", *quota(_MINUTE, "3.5s")),
    "429day": lambda: refused(429, _OVER, "RESOURCE_EXHAUSTED", *quota(_DAY, "34.07s")),
    "503": lambda: refused(503, "The model is overloaded.", "UNAVAILABLE"),
    "cut": lambda: Reply([*HALF, Cut]),
    "end": lambda: Reply(HALF),
    "garbage": lambda: Reply([*HALF, b'data: {"candidates": [{"con\r\n\r\n']),
    "error": lambda: Reply([*HALF, frame(error(503, "The model is overloaded", "UNAVAILABLE"))]),
    "stall": lambda: Reply([*HALF, Stall]),
    "blocked": lambda: Reply([frame({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})]),
    "safety": lambda: Reply([*HALF, chunk(finish="SAFETY")]),
    "empty": lambda: Reply([chunk(finish="SAFETY")]),
    "malformed": lambda: Reply(
        [chunk(finish="MALFORMED_FUNCTION_CALL", candidate={"finishMessage": "print(f(1)"})]
    ),
}


def echo(rate: float) -> Callable[[Exchange], Reply]:
    """Say the question back; `tool` calls one, `think`, `image` and `search` do what they say."""

    def answer(exchange: Exchange) -> Reply:
        body = exchange.body
        words = _last_words(body)
        if found := re.search(r"\bfault (\w+)", words):
            return FAULTS[found[1]]()
        answers = [part for part in body["contents"][-1]["parts"] if "functionResponse" in part]
        if answers:
            outputs = [part["functionResponse"]["response"] for part in answers]
            signed = json.dumps(body["contents"]).count("thoughtSignature")
            return Reply(_slowly(f"The tools said {outputs}, {signed} signature(s) back.", rate))
        tools = [
            tool for one in body.get("tools", []) for tool in one.get("functionDeclarations", [])
        ]
        if "tool" in words and tools:
            name = tools[0]["name"]
            parts = [called(name, {}, "c2lnbmF0dXJl", "first"), called(name, {}, "", "second")]
            return Reply([chunk(parts[0]), chunk(parts[1]), chunk("", finish="STOP")])
        extra: list[Step] = []
        if "think" in words:
            extra.append(chunk({"text": "Let me think about that. ", "thought": True}))
        if "image" in words:
            data = base64.b64encode(PIXEL).decode()
            extra.append(chunk({"inlineData": {"mimeType": "image/png", "data": data}}))
        return Reply([*extra, *_slowly(f"You said **{words}**.", rate, search="search" in words)])

    return answer


def _last_words(body: Any) -> str:
    parts = [part for one in body["contents"] if one["role"] == "user" for part in one["parts"]]
    return next((part["text"] for part in reversed(parts) if "text" in part), "")


def _slowly(text: str, rate: float, *, search: bool = False) -> list[Step]:
    steps: list[Step] = []
    for count, word in enumerate(re.findall(r"\S+\s*", text)):
        steps += [chunk(word, usageMetadata=usage(20, count)), Sleep(1 / rate)]
    found = {"groundingChunks": [{"web": {"uri": "https://example.org/a", "title": "example.org"}}]}
    last = {"text": "", "thoughtSignature": "bGFzdA=="}
    grounding = {"groundingMetadata": found} if search else {}
    return [*steps, chunk(last, finish="STOP", candidate=grounding, usageMetadata=usage(20, 9, 30))]


async def _serve(port: int, rate: float) -> None:
    async with GoogleServer(echo(rate), port=port) as server:
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted, after printing the base URL."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--rate", type=float, default=50.0, help="words a second")
    arguments = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments.port, arguments.rate))


if __name__ == "__main__":
    main()

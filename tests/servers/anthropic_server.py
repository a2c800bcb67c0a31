"""A server of the messages wire, byte for byte as Anthropic documents it.

https://platform.claude.com/docs/en/build-with-claude/streaming. In a test:

    async with AnthropicServer(streamed("Hello", " there")) as server:
        ... server.url ... server.exchanges[0].body ...

By hand, then with `ANTHROPIC_BASE_URL` set to what it prints and any `ANTHROPIC_API_KEY`:

    python -m tests.servers.anthropic_server --port 0 --script echo
"""

import argparse
import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.http import Exchange, LoopbackServer, Reply, Step

PING = b'event: ping\ndata: {"type": "ping"}\n\n'


def event(kind: str, **fields: Any) -> bytes:
    """One event by its name, with the name in its data as well."""
    data = json.dumps({"type": kind, **fields}, ensure_ascii=False)
    return f"event: {kind}\ndata: {data}\n\n".encode()


def message_start(**usage: Any) -> bytes:
    """The first event, with the counts of the input."""
    message = {
        "id": "msg_test",
        "type": "message",
        "role": "assistant",
        "model": "claude-test",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1, **usage},
    }
    return event("message_start", message=message)


def start(index: int, **block: Any) -> bytes:
    """A block begins."""
    return event("content_block_start", index=index, content_block=block)


def delta(index: int, kind: str, **fields: Any) -> bytes:
    """A block grows."""
    return event("content_block_delta", index=index, delta={"type": kind, **fields})


def stop(index: int) -> bytes:
    """A block ends."""
    return event("content_block_stop", index=index)


def message_delta(reason: str | None = "end_turn", **usage: Any) -> bytes:
    """Why it ended, and the counts as they are now."""
    return event(
        "message_delta",
        delta={"stop_reason": reason, "stop_sequence": None},
        usage={"output_tokens": 5, **usage},
    )


def message_stop() -> bytes:
    """The end marker."""
    return event("message_stop")


def text(index: int, *pieces: str) -> list[Step]:
    """A block of text."""
    deltas = [delta(index, "text_delta", text=piece) for piece in pieces]
    return [start(index, type="text", text=""), *deltas, stop(index)]


def thinking(index: int, *pieces: str, signature: str = "c2lnbmVk") -> list[Step]:
    """A block of thinking; its signature comes last."""
    deltas = [delta(index, "thinking_delta", thinking=piece) for piece in pieces]
    signed = delta(index, "signature_delta", signature=signature)
    return [start(index, type="thinking", thinking="", signature=""), *deltas, signed, stop(index)]


def tool_use(index: int, call_id: str, name: str, *pieces: str) -> list[Step]:
    """A call of a tool; the first piece of its arguments is empty."""
    deltas = [delta(index, "input_json_delta", partial_json=piece) for piece in ("", *pieces)]
    return [start(index, type="tool_use", id=call_id, name=name, input={}), *deltas, stop(index)]


def said(*pieces: str, reason: str = "end_turn") -> list[Step]:
    """The steps of an ordinary answer."""
    return [message_start(), PING, *text(0, *pieces), message_delta(reason), message_stop()]


def streamed(*pieces: str, **options: Any) -> Reply:
    """An ordinary answer in text pieces."""
    return Reply(said(*pieces), **options)


def whole(*blocks: dict[str, Any], reason: str = "end_turn") -> Reply:
    """An answer in one piece, as without `stream`."""
    body = {
        "id": "msg_test",
        "type": "message",
        "role": "assistant",
        "content": list(blocks),
        "stop_reason": reason,
        "usage": {"input_tokens": 3, "output_tokens": 4},
    }
    return Reply([json.dumps(body).encode()], content_type="application/json")


def error(message: str, kind: str = "invalid_request_error") -> Any:
    """An error body."""
    return {
        "type": "error",
        "error": {"type": kind, "message": message},
        "request_id": "req_test",
    }


def refused(status: int, body: Any, **headers: str) -> Reply:
    """An error: a dict as JSON, text as a page."""
    if isinstance(body, str):
        return Reply([body.encode()], status, "text/html", headers)
    return Reply([json.dumps(body).encode()], status, "application/json", headers)


class AnthropicServer(LoopbackServer):
    """Answers each request for a message with the next reply, the last one for ever after.

    A reply may be a function of the exchange. `/v1/models` lists `models` (names, or whole
    entries) in pages of `page_size`, or is a Reply; `counted` is what count_tokens answers.
    """

    def __init__(
        self,
        *replies: Reply | Callable[[Exchange], Reply],
        models: Iterable[Any] | Reply = ("claude-test",),
        page_size: int = 1000,
        counted: Reply | int = 42,
        port: int = 0,
    ) -> None:
        super().__init__(self._reply, port)
        self._replies = list(replies)
        self._models = models
        self._page_size = page_size
        self._counted = counted

    @property
    def url(self) -> str:
        """The base URL for an endpoint."""
        return f"http://127.0.0.1:{self.port}"

    def _reply(self, exchange: Exchange) -> Reply:
        parts = urlsplit(exchange.path)
        if parts.path == "/v1/models":
            return self._model_list(parse_qs(parts.query))
        if parts.path == "/v1/messages/count_tokens":
            counted = self._counted
            return counted if isinstance(counted, Reply) else _json({"input_tokens": counted})
        if parts.path != "/v1/messages" or not self._replies:
            return refused(404, error("Not Found", "not_found_error"))
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        return reply if isinstance(reply, Reply) else reply(exchange)

    def _model_list(self, query: dict[str, list[str]]) -> Reply:
        if isinstance(self._models, Reply):
            return self._models
        entries = [
            {"id": one, "type": "model", "display_name": one} if isinstance(one, str) else one
            for one in self._models
        ]
        names = [entry["id"] for entry in entries]
        first = names.index(query["after_id"][0]) + 1 if "after_id" in query else 0
        page = entries[first : first + self._page_size]
        return _json(
            {
                "data": page,
                "has_more": first + self._page_size < len(entries),
                "first_id": page[0]["id"] if page else None,
                "last_id": page[-1]["id"] if page else None,
            }
        )


def _json(value: Any) -> Reply:
    return Reply([json.dumps(value).encode()], content_type="application/json")


async def _serve(port: int, script: str, rate: float) -> None:
    from tests.servers.anthropic_scripts import SCRIPTS

    names = ("claude-echo-4-5", "claude-echo-5-5")
    async with AnthropicServer(SCRIPTS[script](rate), port=port, models=names) as server:
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted, after printing the base URL."""
    from tests.servers.anthropic_scripts import SCRIPTS

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--script", choices=sorted(SCRIPTS), default="echo")
    parser.add_argument("--rate", type=float, default=50.0, help="words a second")
    arguments = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments.port, arguments.script, arguments.rate))


if __name__ == "__main__":
    main()

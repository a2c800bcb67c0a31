"""A server of the chat completions wire, byte for byte.

In a test:

    async with OpenAIServer(streamed("Hello", " there")) as server:
        ... server.url ... server.exchanges[0].body ...

By hand, with an endpoint of the settings that points at what it prints:

    python -m tests.servers.openai_server --port 0 --script echo
"""

import argparse
import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from tests.servers.http import Exchange, LoopbackServer, Reply, Step

DONE = b"data: [DONE]\n\n"
ID = "chatcmpl-test"


def frame(value: Any) -> bytes:
    """One event with a JSON value."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **more: Any) -> bytes:
    """One chunk with one choice."""
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return frame({"id": ID, "object": "chat.completion.chunk", "choices": [choice], **more})


def usage(prompt: int = 10, completion: int = 5, **more: Any) -> bytes:
    """The chunk that comes after the finish reason."""
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, **more}
    return frame({"id": ID, "object": "chat.completion.chunk", "choices": [], "usage": counts})


def call_piece(index: int, arguments: str, call_id: str = "", name: str = "") -> bytes:
    """A fragment of a tool call; id and name belong to its first one."""
    piece: dict[str, Any] = {"index": index, "function": {"arguments": arguments}}
    if call_id:
        piece |= {"id": call_id, "type": "function"}
        piece["function"]["name"] = name
    return chunk({"tool_calls": [piece]})


def said(*pieces: str, finish: str = "stop") -> list[Step]:
    """The steps of an ordinary answer: role, text, finish reason, usage, mark."""
    texts = [chunk({"content": piece}) for piece in pieces]
    return [
        chunk({"role": "assistant", "content": ""}),
        *texts,
        chunk(finish=finish),
        usage(),
        DONE,
    ]


def streamed(*pieces: str, **options: Any) -> Reply:
    """An ordinary answer in text pieces."""
    return Reply(said(*pieces), **options)


def refused(status: int, body: Any, **headers: str) -> Reply:
    """An error: a dict or list as JSON, text as a page."""
    if isinstance(body, str):
        return Reply([body.encode()], status, "text/html", headers)
    return Reply([json.dumps(body).encode()], status, "application/json", headers)


def error(message: str, code: str | None = None, kind: str = "invalid_request_error") -> Any:
    """An error body as OpenAI writes it."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


class OpenAIServer(LoopbackServer):
    """Answers each chat request with the next reply, the last one for ever after.

    A reply may be a function of the exchange. `/v1/models` lists `models`, or is a Reply.
    """

    def __init__(
        self,
        *replies: Reply | Callable[[Exchange], Reply],
        models: Iterable[str] | Reply = ("test-model",),
        port: int = 0,
    ) -> None:
        super().__init__(self._reply, port)
        self._replies = list(replies)
        self._models = models

    @property
    def url(self) -> str:
        """The base URL for an endpoint."""
        return f"http://127.0.0.1:{self.port}/v1"

    def _reply(self, exchange: Exchange) -> Reply:
        if exchange.path == "/v1/models":
            return self._model_list()
        if exchange.path != "/v1/chat/completions" or not self._replies:
            return refused(404, {"detail": "Not Found"})
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        return reply if isinstance(reply, Reply) else reply(exchange)

    def _model_list(self) -> Reply:
        if isinstance(self._models, Reply):
            return self._models
        listed = [{"id": name, "object": "model"} for name in self._models]
        body = json.dumps({"object": "list", "data": listed}).encode()
        return Reply([body], content_type="application/json")


async def _serve(port: int, script: str, rate: float) -> None:
    from tests.servers.scripts import SCRIPTS

    async with OpenAIServer(SCRIPTS[script](rate), port=port, models=("echo", "slow")) as server:
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted, after printing the base URL."""
    from tests.servers.scripts import SCRIPTS

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--script", choices=sorted(SCRIPTS), default="echo")
    parser.add_argument("--rate", type=float, default=50.0, help="words a second")
    arguments = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments.port, arguments.script, arguments.rate))


if __name__ == "__main__":
    main()

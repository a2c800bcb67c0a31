"""Perplexity's own manner of the chat completions wire, byte for byte.

Written from https://docs.perplexity.ai/api-reference/chat-completions-post: every chunk repeats
sources and cumulative usage, and holds the whole message so far beside its delta; the last is of
another object, and there is no `[DONE]`. By hand:

    PERPLEXITY_BASE_URL=http://127.0.0.1:8082 ... -m perplexity/sonar
"""

import argparse
import asyncio
from contextlib import suppress
from typing import Any

from tests.servers.http import Exchange, LoopbackServer, Reply, Step
from tests.servers.openai_server import frame, refused

URLS = ["https://raft.github.io/", "https://en.wikipedia.org/wiki/Raft_(algorithm)"]
RESULTS: list[dict[str, Any]] = [
    {"title": "The Raft Consensus Algorithm", "url": URLS[0], "date": None, "snippet": "Raft is"},
    {"title": "Raft (algorithm)", "url": URLS[1], "date": "2026-03-01", "last_updated": None},
]


def said(*pieces: str) -> list[Step]:
    """The steps of an answer in pieces."""
    steps: list[Step] = []
    text = ""
    for count, piece in enumerate((*pieces, ""), 1):
        is_last = count > len(pieces)
        text += piece
        choice = {
            "index": 0,
            "finish_reason": "stop" if is_last else None,
            "message": {"role": "assistant", "content": text},
            "delta": {"role": "assistant", "content": piece},
        }
        usage: dict[str, Any] = {
            "prompt_tokens": 9,
            "completion_tokens": count,
            "total_tokens": 9 + count,
            "search_context_size": "low",
        }
        if is_last:
            usage["cost"] = {
                "input_tokens_cost": 0.00001,
                "output_tokens_cost": 0.00012,
                "request_cost": 0.005,
                "total_cost": 0.00513,
            }
        steps.append(
            frame(
                {
                    "id": "27e1d5ae-7d3c-4f0e-9d2f-5f5f0a3c5b7d",
                    "model": "sonar",
                    "created": 1764000000,
                    "usage": usage,
                    "citations": URLS,
                    "search_results": RESULTS,
                    "object": "chat.completion.done" if is_last else "chat.completion.chunk",
                    "choices": [choice],
                }
            )
        )
    return steps


class PerplexityServer(LoopbackServer):
    """Answers every chat request with the same pieces. It has no list of models."""

    def __init__(self, *pieces: str, port: int = 0) -> None:
        super().__init__(self._reply, port)
        self._pieces = pieces

    @property
    def url(self) -> str:
        """The base URL for an endpoint: there is no /v1 in it."""
        return f"http://127.0.0.1:{self.port}"

    def _reply(self, exchange: Exchange) -> Reply:
        if exchange.path != "/chat/completions":
            return refused(404, "<html><body>404 Not Found</body></html>")
        return Reply(said(*self._pieces))


async def _serve(port: int) -> None:
    pieces = ("<think>Look it", " up.</think>\n\nRaft agrees on ", "one log [1][2].")
    async with PerplexityServer(*pieces, port=port) as server:
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted, after printing the base URL."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args().port))


if __name__ == "__main__":
    main()

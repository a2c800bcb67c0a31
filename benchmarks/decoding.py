"""What a delta costs from the bytes of a response to our event, beside the SDK's own way."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Iterator
from typing import Any

DELTAS = 100_000
BAR_MICROSECONDS = 10.0
_PIECE_BYTES = 16_384

Row = tuple[str, str, str, bool]


def measure() -> Iterator[Row]:
    """The cost of a delta above the SDK's own, on both wires of the `openai` SDK."""
    from tests.servers.openai_server import DONE, chunk, usage
    from tests.servers.responses_server import Script

    chat = [chunk({"content": f"word{n} "}) for n in range(DELTAS)]
    yield _row("chat", "/chat/completions", [*chat, chunk(finish="stop"), usage(), DONE])
    script = Script()
    responses = script.message(*(f"word{n} " for n in range(DELTAS)))
    steps = [one for one in (*responses, *script.end()) if isinstance(one, bytes)]
    yield _row("responses", "/responses", steps)


def _row(wire: str, path: str, events: list[bytes]) -> Row:
    body = b"".join(events)
    ours = min(asyncio.run(_ours(wire, body)) for _ in range(3))
    theirs = min(asyncio.run(_theirs(path, body)) for _ in range(2))
    figure = f"{ours:.1f} us, by the SDK's own objects {theirs:.1f} us"
    bar = f"{BAR_MICROSECONDS:g} us above the SDK"
    return f"decoding a delta, {wire}", figure, bar, ours - theirs <= BAR_MICROSECONDS


async def _ours(wire: str, body: bytes) -> float:
    from conduit_tui.providers.adapters import openai_chat, openai_responses
    from conduit_tui.providers.chunks import chunk_of, read_frames
    from conduit_tui.providers.sse import FrameDecoder

    decoder = openai_chat.Decoder() if wire == "chat" else openai_responses.Decoder()
    count = 0
    began = time.process_time()
    async for frame in read_frames(_pieces(body), FrameDecoder(), lambda: None):
        if not frame.data.startswith("[DONE]"):
            count += sum(1 for _ in decoder.feed(chunk_of(frame)))
    spent = time.process_time() - began
    assert count >= DELTAS
    return spent / DELTAS * 1e6


async def _theirs(path: str, body: bytes) -> float:
    import httpx2
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    class Recorded(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            assert request.url.path.endswith(path)
            headers = {"content-type": "text/event-stream"}
            return httpx2.Response(200, headers=headers, content=_pieces(body))

    http = DefaultAsyncHttpxClient(transport=Recorded())
    async with AsyncOpenAI(api_key="none", base_url="http://x.example", http_client=http) as client:
        asked: Any = json.loads('{"model": "m", "stream": true}')
        count = 0
        if path == "/responses":
            stream: Any = await client.responses.create(**asked, input="x")
        else:
            stream = await client.chat.completions.create(**asked, messages=[])
        began = time.process_time()
        async for _ in stream:
            count += 1
        spent = time.process_time() - began
    assert count >= DELTAS
    return spent / DELTAS * 1e6


async def _pieces(body: bytes) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(body), _PIECE_BYTES):
        yield body[start : start + _PIECE_BYTES]

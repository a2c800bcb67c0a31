"""From the bytes of a response to the JSON objects of a stream, and what else may come instead."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from typing import cast

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_object, as_text
from conduit_tui.providers.sse import Frame, FrameDecoder

_FINE: tuple[Json, ...] = (None, "", 0, "0", 200, "200")
"""Codes that stand for no error."""


class ErrorFrame(Exception):
    """A server sent an error where it should send the answer. `body` is what it sent."""

    def __init__(self, body: Json) -> None:
        super().__init__()
        self.body = body


class NotAStream(Exception):
    """A server answered 200 with something that is no answer. `body` is its text."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.body = body


async def read_frames(
    pieces: AsyncGenerator[bytes, None],
    frames: FrameDecoder,
    patience: Callable[[], float | None],
) -> AsyncGenerator[Frame, None]:
    """Decode pieces as they come; the next one is waited for as long as `patience()` says.

    Raises TimeoutError when patience ends, and whatever `pieces` raises.
    """
    async with aclosing(pieces):
        while True:
            async with asyncio.timeout(patience()):
                piece = await anext(pieces, None)
            if piece is None:
                break
            for frame in frames.feed(piece):
                for one in _apart(frame):
                    yield one
        for frame in frames.finish():
            for one in _apart(frame):
                yield one


def chunk_of(frame: Frame) -> dict[str, Json]:
    """Return the object in a frame, an empty one where the frame says nothing.

    Raises ErrorFrame for an error, ValueError for no object.
    """
    data = frame.data.strip()
    if frame.event == "error":
        raise ErrorFrame(cast("Json", json.loads(data)) if _is_json(data) else data)
    is_word = bool(frame.event) and not data.startswith(("{", "["))  # `event: ping`, `data: ping`
    if data in {"", "null"} or is_word:
        return {}
    chunk = cast("Json", json.loads(data))
    if not isinstance(chunk, dict):
        raise ValueError("a frame without an object")
    if says_no(chunk):
        raise ErrorFrame(chunk)
    return chunk


def whole_body(text: str) -> dict[str, Json]:
    """Return the JSON object that came instead of a stream; raises NotAStream or ErrorFrame."""
    try:
        body = cast("Json", json.loads(text))
    except ValueError as error:
        raise NotAStream(text) from error
    if not body:
        raise NotAStream("")
    if not isinstance(body, dict) or says_no(body):
        raise ErrorFrame(body)
    return body


def says_no(body: dict[str, Json]) -> bool:
    """Whether an object tells why there is no answer, in one of the ways of servers and gateways.

    OpenAI's is `error`; vLLM says `"object": "error"`, Cloudflare `errors`, Baidu `error_msg`,
    MiniMax `base_resp`, and many a code beside a `message` or `msg`, with status 200.
    """
    if body.get("error") or "error" in (body.get("type"), body.get("object")):
        return True
    if body.get("choices"):
        return False
    if any(body.get(name) for name in ("errors", "error_msg", "error_message")):
        return True
    if as_object(body.get("base_resp")).get("status_code"):
        return True
    has_words = any(as_text(body.get(name)) for name in ("message", "msg"))
    codes = (body.get(name) for name in ("code", "status_code", "statusCode"))
    return has_words and (body.get("success") is False or any(one not in _FINE for one in codes))


def _apart(frame: Frame) -> Iterable[Frame]:
    """Some servers leave out the blank line between events; each of their lines is one."""
    lines = frame.data.split("\n")
    if len(lines) == 1 or _is_json(frame.data):
        return (frame,)
    return [Frame(frame.event, line) for line in lines]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True

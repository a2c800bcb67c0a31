"""From the bytes of a response to the JSON objects of a stream, and what else may come instead."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from typing import cast

from conduit_tui.core.json import Json
from conduit_tui.providers.sse import Frame, FrameDecoder


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
    """Return the object in a frame; raises ErrorFrame for an error, ValueError for no object."""
    if not frame.data.strip():
        return {}
    if frame.event == "error" and not _is_json(frame.data):
        raise ErrorFrame(frame.data)
    chunk = cast("Json", json.loads(frame.data))
    if frame.event == "error":
        raise ErrorFrame(chunk)
    if not isinstance(chunk, dict):
        raise ValueError("a frame without an object")
    if chunk.get("error") or "error" in (chunk.get("type"), chunk.get("object")):
        raise ErrorFrame(chunk)
    if "choices" not in chunk and (words := chunk.get("error_message")):  # vLLM behind a gateway
        raise ErrorFrame({"message": words, "type": chunk.get("error_type")})
    return chunk


def whole_body(text: str) -> dict[str, Json]:
    """Return the JSON object that came instead of a stream; raises NotAStream or ErrorFrame."""
    try:
        body = cast("Json", json.loads(text))
    except ValueError as error:
        raise NotAStream(text) from error
    if not isinstance(body, dict) or body.get("error"):
        raise ErrorFrame(body)
    return body


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

"""The network side that the wires of OpenAI's SDK share: one streamed POST, and a list of models.

The stream is read from the SDK's raw response and decoded by us: the SDK's own iterator keeps
`[DONE]` to itself, and only that tells a finished answer from one whose server closed the
connection early without a finish reason; and building its objects costs ten times the CPU (4.3
against 0.4 s for 20,000 chunks).
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from http import HTTPStatus
from typing import ClassVar, Protocol

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.events import (
    CONTENT,
    StreamEvent,
)
from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.chunks import (
    ErrorFrame,
    NotAStream,
    chunk_of,
    read_frames,
    says_no,
)
from conduit_tui.providers.failures import Failures
from conduit_tui.providers.model_list import listed_models
from conduit_tui.providers.openai_client import OpenAIConnection, get_json, post_for_stream
from conduit_tui.providers.sdk_client import LINGER_SECONDS, LIST_SECONDS
from conduit_tui.providers.shapes import as_list, as_object
from conduit_tui.providers.sse import FrameDecoder
from conduit_tui.providers.unframed import unframed

_AROUND_THE_MARK = ' "'


class StreamDecoder(Protocol):
    """What makes events out of the objects of one stream."""

    @property
    def has_begun(self) -> bool:
        """Whether anything of an answer came, be it an empty one."""
        ...

    @property
    def is_finished(self) -> bool:
        """Whether the answer is whole: what breaks afterwards did not break the answer."""
        ...

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is worth waiting for, not even usage."""
        ...

    def feed(self, chunk: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what a chunk says; raises ErrorFrame for an error."""
        ...

    def feed_whole(self, body: dict[str, Json]) -> Iterator[StreamEvent]:
        """Return what an answer in one piece says: a server may ignore `stream`."""
        ...

    def reports(self, chunk: dict[str, Json], /) -> Iterator[StreamEvent]:
        """Return what a chunk says besides the answer: its usage."""
        ...

    def finish(self, *, marked: bool) -> Iterator[StreamEvent]:
        """Return what was held back, and the end if there was one; `marked` after `[DONE]`."""
        ...


class OpenAIWire(ABC):
    """A server that the `openai` SDK reaches. A wire adds its path, its body and its decoder."""

    path: ClassVar[str]
    """Where requests are posted, below the base URL."""

    whole_field: ClassVar[str]
    """The list that an answer in one piece has."""

    def __init__(self, endpoint: Endpoint, connection: OpenAIConnection | None = None) -> None:
        self._endpoint = endpoint
        self._connection = connection or OpenAIConnection(endpoint)

    @property
    def name(self) -> str:
        """The name before the slash of a model's name."""
        return self._endpoint.name

    @abstractmethod
    def body_of(self, request: Request) -> dict[str, Json]:
        """The body of a request."""

    @abstractmethod
    def new_decoder(self) -> StreamDecoder:
        """A decoder for one stream."""

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Generate one message; see Provider.stream."""
        failures = Failures(self._endpoint, request.model)
        failures.require_key()
        body = self.body_of(request)
        decoder = self.new_decoder()
        begun = False
        try:
            async with aclosing(self._events(body, decoder)) as events:
                async for event in events:
                    begun = begun or isinstance(event, CONTENT)
                    yield event
        except Exception as error:
            if begun and isinstance(error, ErrorFrame):  # what was broken off is paid for, too
                for event in decoder.reports(as_object(error.body)):
                    yield event
            for event in decoder.finish(marked=False):
                begun = begun or isinstance(event, CONTENT)
                yield event
            # the finish reason has come: what broke afterwards was not the answer
            if not decoder.is_finished:
                raise failures.translate(error, begun=begun) from error

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The models the server offers, in its own order; none if it is known to have no list.

        Raises ProviderError.
        """
        failures = Failures(replace(self._endpoint, idle_seconds=LIST_SECONDS))
        failures.require_key()
        try:
            client = await self._connection.open()
            listed = await get_json(client, self._endpoint, "/models", LIST_SECONDS)
            if says_no(as_object(listed)):
                raise ErrorFrame(listed)
        except Exception as error:
            failure = failures.translate(error, begun=False)
            if failure.status == HTTPStatus.NOT_FOUND and self._endpoint.quirks.get("no_list"):
                return ()
            raise failure from error
        return await asyncio.to_thread(listed_models, listed)  # 1 s for 20,000 models

    async def count_tokens(self, _request: Request, /) -> int | None:
        """These wires have no such service."""
        return None

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._connection.aclose()

    async def _events(
        self, body: dict[str, Json], decoder: StreamDecoder
    ) -> AsyncGenerator[StreamEvent, None]:
        client = await self._connection.open()
        async with post_for_stream(client, self._endpoint, self.path, body) as pieces:
            frames = FrameDecoder()
            framed, odd = False, ""
            linger = LINGER_SECONDS
            async with aclosing(
                read_frames(pieces, frames, lambda: linger if decoder.is_finished else None)
            ) as incoming:
                async for frame in incoming:
                    framed = True
                    is_mark = frame.data.strip(_AROUND_THE_MARK).startswith("[DONE]")
                    if not is_mark:
                        for event in decoder.feed(chunk_of(frame)):
                            yield event
                        odd = odd if decoder.has_begun else frame.data
                    if is_mark or decoder.is_closed:
                        for event in _ending(decoder, odd, marked=is_mark):
                            yield event
                        return
            if framed:
                ending = _ending(decoder, odd, marked=False)
            else:
                ending = self._unframed(frames.stray, decoder)
            for event in ending:
                yield event

    def _unframed(self, text: str, decoder: StreamDecoder) -> Iterator[StreamEvent]:
        """The answer of a server that sends no events: one object, or its chunks in a row."""
        chunks = [*unframed(text, (self.whole_field,))]
        if len(chunks) == 1 and as_list(chunks[0].get(self.whole_field)):
            yield from decoder.feed_whole(chunks[0])
            return
        for chunk in chunks:
            yield from decoder.feed(chunk)
        yield from _ending(decoder, text, marked=False)


def _ending(decoder: StreamDecoder, odd: str, *, marked: bool) -> Iterator[StreamEvent]:
    """The end. Raises NotAStream if nothing came but what is no part of an answer, as `odd` is."""
    if not decoder.has_begun:
        raise NotAStream(odd)
    return decoder.finish(marked=marked)

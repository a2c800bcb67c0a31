"""Gives a complete reply again where the same is asked: a provider around a provider."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.events import (
    GenerationStopped,
    ProviderEvent,
    ReplayStarted,
    RetryScheduled,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    UsageReported,
)
from conduit_tui.core.kept_reply import KeptReply
from conduit_tui.core.request import Request
from conduit_tui.providers.base import Provider
from conduit_tui.providers.request_key import request_key
from conduit_tui.providers.wrapper import Wrapper

log = logging.getLogger(__name__)


class KeepsReplies(Protocol):
    """Where replies are kept. Both methods may raise ConduitError; the reply goes on then."""

    @property
    def is_on(self) -> bool:
        """Whether replies are kept and given again now."""
        ...

    async def find(self, key: str) -> KeptReply | None:
        """The reply to a request, if one is kept."""
        ...

    async def keep(self, key: str, reply: KeptReply) -> None:
        """Keep the reply to a request, in place of an earlier one."""
        ...


class Cached(Wrapper):
    """A provider whose complete replies are kept while `replies` is on.

    A replay begins with ReplayStarted and reports no usage: nothing was used. What broke off, or
    said nothing, is never kept. A request without `may_reuse` is always sent; its reply takes
    the place of the kept one.
    """

    def __init__(
        self,
        provider: Provider,
        endpoint: Endpoint,
        replies: KeepsReplies,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(provider)
        self._endpoint = endpoint
        self._replies = replies
        self._now = now

    async def stream(self, request: Request) -> AsyncGenerator[ProviderEvent, None]:
        """Give the kept reply, else generate one and keep it; see Provider.stream."""
        key = await self._key(request) if self._replies.is_on else ""
        if key and request.may_reuse and (kept := await self._find(key)):
            yield ReplayStarted(kept.recorded_at)
            for event in kept.events:
                if not isinstance(event, UsageReported):
                    yield event
            return
        events: list[StreamEvent] = []
        async with aclosing(self.provider.stream(request)) as stream:
            async for event in stream:
                if key and not isinstance(event, RetryScheduled):
                    events.append(event)
                yield event
        if key and _is_worth_keeping(events):
            await self._keep(key, request.model, events)

    async def _key(self, request: Request) -> str:
        """The key, made in a thread, as attachments may be large; "" for what cannot have one."""
        try:
            return await asyncio.to_thread(request_key, request, self._endpoint)
        except RecursionError:  # a vendor's own data may be nested as deep as JSON can be read
            log.warning("a request is nested too deeply to be looked up")
            return ""

    async def _find(self, key: str) -> KeptReply | None:
        try:
            return await self._replies.find(key)
        except ConduitError as error:
            log.warning("no reply could be looked up: %s", error)
            return None

    async def _keep(self, key: str, model: str, events: Sequence[StreamEvent]) -> None:
        reply = KeptReply(self.name, model, self._now(), tuple(_gathered(events)))
        try:
            await self._replies.keep(key, reply)
        except ConduitError as error:
            log.warning("a reply could not be kept: %s", error)


def _is_worth_keeping(events: Sequence[StreamEvent]) -> bool:
    has_ended = any(isinstance(event, GenerationStopped) for event in events)
    silent = (GenerationStopped, UsageReported)
    return has_ended and any(not isinstance(event, silent) for event in events)


def _gathered(events: Sequence[StreamEvent]) -> Iterator[StreamEvent]:
    """The same reply in fewer events: pieces of one text become one, a tenth of the bytes."""
    waiting: list[TextDelta | ThinkingDelta] = []
    for event in events:
        piece = _piece(event)
        if waiting and type(piece) is not type(waiting[0]):
            yield _joined(waiting)
            waiting = []
        if piece is None:
            yield event
        else:
            waiting.append(piece)
    if waiting:
        yield _joined(waiting)


def _piece(event: StreamEvent) -> TextDelta | ThinkingDelta | None:
    """The event, if it is one of those that may be joined."""
    is_text = isinstance(event, TextDelta | ThinkingDelta)
    return event if is_text and event.provider_data is None else None


def _joined(pieces: list[TextDelta | ThinkingDelta]) -> TextDelta | ThinkingDelta:
    return replace(pieces[0], text="".join(piece.text for piece in pieces))

"""Makes what servers send fit to be shown, stored and sent back, whatever it is.

Some cut a text between the two halves of a character that UTF-16 writes in two, and put each half
into a delta of its own: in JSON `"\\ud83d"` and `"\\ude00"` are strings, but neither has bytes. And
what is kept to be sent back unchanged may be nested so deep that it can be read but not written.
"""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import replace

from conduit_tui.core.errors import ProviderError
from conduit_tui.core.events import (
    AttachmentReceived,
    ProviderEvent,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.json import is_shallow
from conduit_tui.core.request import Request
from conduit_tui.providers.wrapper import Wrapper

_Delta = TextDelta | ThinkingDelta | ToolCallDelta


class Sound(Wrapper):
    """A provider whose texts are of whole characters, and whose data can be written down."""

    async def stream(self, request: Request) -> AsyncGenerator[ProviderEvent, None]:
        """Generate one message; see Provider.stream."""
        mending = Mending()
        try:
            async with aclosing(self.provider.stream(request)) as stream:
                async for event in stream:
                    for one in mending.feed(event):
                        yield one
        except ProviderError:
            for one in mending.finish():
                yield one
            raise
        for one in mending.finish():
            yield one


class Mending:
    """Events in by `feed`, sound ones out; `finish` gives what was held back."""

    def __init__(self) -> None:
        self._held: _Delta | None = None

    def feed(self, event: ProviderEvent) -> Iterable[ProviderEvent]:
        """Return what an event comes to: itself, nothing yet, or itself behind a half held back."""
        match event:
            case TextDelta() | ThinkingDelta() | ToolCallDelta():
                return self._delta(event)
            case UsageReported():  # comes in the middle of texts
                return (event,)
            case UnknownReceived(part):
                fits = is_shallow(part.raw) and is_shallow(part.provider_data)
                return (*self.finish(), *((event,) if fits else ()))
            case AttachmentReceived(part) if not is_shallow(part.provider_data):
                return (*self.finish(), AttachmentReceived(replace(part, provider_data=None)))
            case _:
                return (*self.finish(), event)

    def finish(self) -> Iterable[ProviderEvent]:
        """Return the half whose other half never came."""
        held, self._held = self._held, None
        return () if held is None else (held,)

    def _delta(self, event: _Delta) -> Iterable[ProviderEvent]:
        if event.provider_data is not None and not is_shallow(event.provider_data):
            event = replace(event, provider_data=None)
        text = _text(event)
        before: Iterable[ProviderEvent] = ()
        if self._held is not None:
            if _is_next(self._held, event):
                text = _whole(_text(self._held) + text)
                event = _with_text(event, text)
                self._held = None
            else:
                before = self.finish()
        if not text or not "\ud800" <= text[-1] <= "\udbff" or event.provider_data is not None:
            return (*before, event) if before else (event,)
        self._held = _with_text(event, text[-1])
        return (*before, _with_text(event, text[:-1]))


def _is_next(held: _Delta, event: _Delta) -> bool:
    if isinstance(held, ToolCallDelta):
        return isinstance(event, ToolCallDelta) and event.index == held.index
    return type(held) is type(event)


def _text(delta: _Delta) -> str:
    return delta.arguments if isinstance(delta, ToolCallDelta) else delta.text


def _with_text(delta: _Delta, text: str) -> _Delta:
    if isinstance(delta, ToolCallDelta):
        return replace(delta, arguments=text)
    return replace(delta, text=text)


def _whole(text: str) -> str:
    """The text with pairs of halves as their character; a half alone stays what it is."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")

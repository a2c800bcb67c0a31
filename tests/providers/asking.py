"""Requests, endpoints and messages for provider tests, in as few words as possible."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from conduit_tui.core.endpoint import Endpoint, Secret
from conduit_tui.core.message import Message, Part, Role, Text, new_id
from conduit_tui.core.params import Params
from conduit_tui.core.request import Request, ToolSpec
from conduit_tui.providers.base import Provider

KEY = "sk-test-0123456789abcdef"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
CLOCK = ToolSpec("current_time", "The time.", {"type": "object", "properties": {}})


def message(role: Role, *parts: Part | str, **fields: Any) -> Message:
    """A message of some parts; strings are text."""
    whole = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    return Message(new_id(), "session", None, role, whole, NOW, **fields)


def user(*parts: Part | str) -> Message:
    """A message of the person's."""
    return message("user", *parts)


def assistant(*parts: Part | str, provider: str = "local") -> Message:
    """A message of a model's."""
    return message("assistant", *parts, provider=provider)


def request(*messages: Message, tools: tuple[ToolSpec, ...] = (), **params: Any) -> Request:
    """A request for the model `test-model`; without messages it says hello."""
    return Request("test-model", messages or (user("hello"),), Params(**params), tools)


def endpoint(base_url: str = "http://127.0.0.1:9/v1", **fields: Any) -> Endpoint:
    """An endpoint named `local` with a key."""
    given = {
        "kind": "openai-chat",
        "api_key": Secret(KEY),
        "api_key_env": ("LOCAL_API_KEY",),
        "idle_seconds": 30.0,
    }
    return Endpoint("local", base_url=base_url, **(given | fields))


async def events_of(provider: Provider, asked: Request | None = None) -> list[Any]:
    """Every event of one stream, which is closed afterwards."""
    async with aclosing(provider.stream(asked or request())) as stream:
        return [event async for event in stream]


async def events_until_error(provider: Provider, asked: Request | None = None) -> list[Any]:
    """Every event of a stream, and the error it ended with as the last of them."""
    events: list[Any] = []
    try:
        async for event in _closing(provider, asked or request()):
            events.append(event)  # noqa: PERF401 - a comprehension loses them at the error
    except Exception as error:
        events.append(error)
    return events


async def _closing(provider: Provider, asked: Request) -> AsyncIterator[Any]:
    async with aclosing(provider.stream(asked)) as stream:
        async for event in stream:
            yield event

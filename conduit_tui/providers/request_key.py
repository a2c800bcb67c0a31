"""Names a request by everything that changes what is sent for it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.message import REPLAY_OF, Message
from conduit_tui.core.request import Request
from conduit_tui.core.sight import is_left_out

_VERSION = 1
"""Greater when a decoder makes other events of the same bytes: what was kept no longer counts."""

_OF_THE_CALLER = {"facts", "may_reuse"}
"""Fields of a request that are not asked for. Params were fitted to the facts before, and what of
its files the model is not sent counts with each message."""
_OF_THE_ACCESS = {"api_key", "api_key_env", "key_optional", "models", "idle_seconds"}
"""Fields of an endpoint that say how it is reached, not what it is sent."""


def request_key(request: Request, endpoint: Endpoint) -> str:
    """Return a SHA-256 in hex: of the server, the wire, the model, messages, params and tools.

    Bytes of attachments count; ids, times and counts of messages do not, so that the same
    conversation in another session has the same key. The API key does not count either.
    """
    asked: Json = [
        _VERSION,
        _fields(endpoint, _OF_THE_ACCESS),
        {
            **_fields(request, {*_OF_THE_CALLER, "messages"}),
            "messages": _messages(request, endpoint),
        },
    ]
    # ASCII, because a lone surrogate has no UTF-8
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _messages(request: Request, endpoint: Endpoint) -> list[Json]:
    return [_message(message, request, endpoint) for message in request.messages]


def _message(message: Message, request: Request, endpoint: Endpoint) -> Json:
    data = message.provider_data
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if name != REPLAY_OF} or None
    left_out: list[Json] = [
        is_left_out(part, request.known, endpoint) for part in message.attachments
    ]
    return [message.role, message.provider, message.model, data, _plain(message.parts), left_out]


def _fields(value: Any, left_out: set[str]) -> dict[str, Json]:
    # every field counts that is not named: one that is added later changes keys, never answers
    return {
        field.name: _plain(getattr(value, field.name))
        for field in fields(value)
        if field.name not in left_out
    }


def _plain(value: object) -> Json:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return hashlib.sha256(value).hexdigest()
        case Mapping():
            items = cast("Mapping[object, object]", value).items()
            return {str(name): _plain(item) for name, item in items}
        case set() | frozenset():
            return [*sorted(map(str, cast("set[object]", value)))]
        case list() | tuple():
            return [_plain(item) for item in cast("list[object]", value)]
        case _ if is_dataclass(value):
            return {"": type(value).__name__, **_fields(value, set())}
        case _:
            return str(value)

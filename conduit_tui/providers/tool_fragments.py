"""Puts the pieces of tool calls where they belong, whatever a server does to index and id.

The wire as meant: the first piece of a call has its id and name, all pieces have its index.
Seen in use: the index missing, a text or 0 for all, the id empty, repeated in each piece or
arriving late, the name in each piece, whole calls in one piece, arguments as an object instead of
text.
"""

import json
from dataclasses import dataclass

from conduit_tui.core.events import ToolCallDelta
from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_object, as_text


@dataclass(slots=True)
class _Call:
    position: int
    call_id: str = ""
    name: str = ""
    arguments: str = ""
    is_named_again: bool = False
    named_before: str = ""


class ToolFragments:
    """Numbers the calls of one generation from 0 in the order they open."""

    def __init__(self) -> None:
        self._by_index: dict[int, _Call] = {}
        self._by_id: dict[str, _Call] = {}
        self._last: _Call | None = None
        self._count = 0

    @property
    def any(self) -> bool:
        """Whether there was a call."""
        return self._count > 0

    def place(self, fragment: dict[str, Json]) -> ToolCallDelta:
        """Return the piece as an event, with the position of the call it belongs to."""
        function = as_object(fragment.get("function"))
        call_id, name = as_text(fragment.get("id")), as_text(function.get("name"))
        arguments = _arguments(function.get("arguments"))
        call = self._call(_index(fragment.get("index")), call_id, name, arguments)
        call.call_id = call_id or call.call_id
        self._by_id[call.call_id] = call
        name = name or call.named_before
        call.name, call.named_before = name or call.name, ""
        call.arguments += arguments
        extra = fragment.get("extra_content")
        provider_data: Json = None if extra is None else {"extra_content": extra}
        return ToolCallDelta(call.position, call_id, name, arguments, provider_data)

    def _call(self, index: int | None, call_id: str, name: str, arguments: str) -> _Call:
        if index is None:
            call = self._by_id.get(call_id) if call_id else self._last
            call = call or self._last
        else:
            call = self._by_index.get(index)
        if call is None or _is_another(call, call_id, name, arguments):
            is_same = call is not None and call.is_named_again and not call_id
            call = _Call(self._count, named_before=call.name if call and is_same else "")
            self._count += 1
        elif name == call.name and not call_id and not arguments:
            call.is_named_again = _is_whole_object(call.arguments)
        if index is not None:
            self._by_index[index] = call
        self._last = call
        return call


def _index(value: Json) -> int | None:
    """The position of a call; some servers write it as text."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) else None


def _is_another(call: _Call, call_id: str, name: str, arguments: str) -> bool:
    """Whether a piece with this id and name begins a call of its own.

    A name that comes again behind whole arguments may begin another call or end this one; what
    follows it tells.
    """
    if call_id and call.call_id:
        return call_id != call.call_id
    if call.is_named_again and arguments:
        return True
    if not name or not call.name:
        return False
    return name != call.name or (bool(arguments) and _is_whole_object(call.arguments))


def _arguments(value: Json) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return as_text(value)


def _is_whole_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False

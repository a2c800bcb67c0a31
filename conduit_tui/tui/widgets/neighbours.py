"""What a message is shown with from the messages before and after it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from conduit_tui.core.message import Message, ToolCall, ToolResult
from conduit_tui.tui.widgets.entry import Entry


@dataclass(frozen=True, slots=True)
class Around:
    """Results by the index of the part that called, and names of what each result came from.

    A reply `is_past` once another has come: if it is very long, it then folds by itself.
    """

    results: Mapping[int, ToolResult] = field(default_factory=dict[int, ToolResult])
    names: tuple[str, ...] = ()
    is_past: bool = False


def around(entries: Sequence[Entry], at: int, *, is_past: bool) -> Around:
    """Return what is around a message of a path."""
    message = entries[at].message
    if message.role == "tool":
        return Around(names=tuple(_names(entries, at)))
    if message.role == "assistant" and at + 1 < len(entries):
        following = (entries[below].message for below in range(at + 1, len(entries)))
        answers = takewhile(lambda each: each.role == "tool", following)
        results = [result for answer in answers for result in answer.tool_results]
        if results:
            return Around(results=dict(matched(message, results)), is_past=is_past)
    return _PAST if is_past else _ALONE


def matched(asking: Message, results: Sequence[ToolResult]) -> Iterator[tuple[int, ToolResult]]:
    """Yield each call that is answered, by the index of its part, with its result.

    They go by their order, since a server may give several calls one id; where the order is
    another, as in what was imported, by their ids.
    """
    calls = [(at, part) for at, part in enumerate(asking.parts) if isinstance(part, ToolCall)]
    ids = [result.call_id for result in results]
    if ids == [call.call_id for _, call in calls]:
        yield from ((at, result) for (at, _), result in zip(calls, results, strict=True))
        return
    by_id = dict(zip(ids, results, strict=True))
    for at, call in calls:
        if call.call_id in by_id:
            yield at, by_id[call.call_id]


def _names(entries: Sequence[Entry], at: int) -> Iterator[str]:
    above = at - 1
    while above >= 0 and entries[above].message.role == "tool":
        above -= 1
    calls = entries[above].message.tool_calls if above >= 0 else ()
    results = entries[at].message.tool_results
    if [call.call_id for call in calls] == [result.call_id for result in results]:
        yield from (call.name for call in calls)
        return
    by_id = {call.call_id: call.name for call in calls}
    yield from (by_id.get(result.call_id, "") for result in results)


_ALONE = Around()
_PAST = Around(is_past=True)

"""What a message is shown with from the messages before and after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conduit_tui.core.message import ToolResult
from conduit_tui.tui.widgets.entry import Entry


@dataclass(frozen=True, slots=True)
class Around:
    """Results by call id, and names of tools by call id.

    A reply `is_past` once another has come: if it is very long, it then folds by itself.
    """

    results: Mapping[str, ToolResult] = field(default_factory=dict[str, ToolResult])
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    is_past: bool = False


def around(entries: Sequence[Entry], at: int, *, is_past: bool) -> Around:
    """Return what is around a message of a path."""
    message = entries[at].message
    if message.role == "tool" and at:
        calls = entries[at - 1].message.tool_calls
        return Around(names={call.call_id: call.name for call in calls})
    if message.role == "assistant" and at + 1 < len(entries):
        following = entries[at + 1].message
        if following.role == "tool":
            results = {result.call_id: result for result in following.tool_results}
            return Around(results=results, is_past=is_past)
    return _PAST if is_past else _ALONE


_ALONE = Around()
_PAST = Around(is_past=True)

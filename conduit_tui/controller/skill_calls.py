"""Which skills a model has enabled on a line: told by the calls that were answered there."""

from collections.abc import Iterable
from itertools import takewhile

from conduit_tui.core.message import Message, ToolCall
from conduit_tui.skills.telling import is_body

ENABLE_SKILL = "enable_skill"


def enabled_on(line: Iterable[Message]) -> tuple[str, ...]:
    """The names of the skills whose bodies calls on a line brought, the first one first.

    A result may say instead that a body stands elsewhere, where it no longer does later on. Results
    stand in the order of their calls, as ids of calls may be given twice.
    """
    names: dict[str, None] = {}
    calls: tuple[ToolCall, ...] = ()
    for message in line:
        if message.role == "tool":
            for call, result in zip(calls, message.tool_results, strict=False):
                if call.name == ENABLE_SKILL and not result.is_error:
                    found = (name for name in _name_in(call) if is_body(result.output, name))
                    names |= dict.fromkeys(found)
        calls = message.tool_calls
    return tuple(names)


def is_asked_before(call: ToolCall, calls: Iterable[ToolCall]) -> bool:
    """Whether among the calls of a message one before this one is for the same skill."""
    names = _name_in(call)
    before = takewhile(lambda each: each is not call, calls)
    return any(each.name == ENABLE_SKILL and _name_in(each) == names for each in before)


def _name_in(call: ToolCall) -> tuple[str, ...]:
    name = (call.arguments_object() or {}).get("name")
    return (name,) if isinstance(name, str) else ()

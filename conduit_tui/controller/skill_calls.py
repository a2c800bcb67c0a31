"""Which skills a model has enabled on a line: told by the calls that were answered there."""

from collections.abc import Iterable

from conduit_tui.core.message import Message, ToolCall

ENABLE_SKILL = "enable_skill"


def enabled_on(line: Iterable[Message]) -> tuple[str, ...]:
    """The names of the skills that calls on a line enabled, the first one first.

    Results stand in the order of their calls, as ids of calls may be given twice.
    """
    names: dict[str, None] = {}
    calls: tuple[ToolCall, ...] = ()
    for message in line:
        if message.role == "tool":
            for call, result in zip(calls, message.tool_results, strict=False):
                if call.name == ENABLE_SKILL and not result.is_error:
                    names |= dict.fromkeys(_name_in(call))
        calls = message.tool_calls
    return tuple(names)


def _name_in(call: ToolCall) -> tuple[str, ...]:
    name = (call.arguments_object() or {}).get("name")
    return (name,) if isinstance(name, str) else ()

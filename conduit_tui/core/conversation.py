"""The line of messages that leads to one leaf: what a model is sent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from conduit_tui.core.message import CUT_STOPS, Message, ToolCall, ToolResult

NO_RESULT = (
    "No result was kept of this call. It may have been carried out, in part or whole, or not at "
    "all: look before doing it again."
)
"""What a model reads of a call that was under way when the program was killed."""

Fate: TypeAlias = Literal["", "lost", "never_ran"]
"""What became of calls that nothing answers; of those that are answered: nothing to tell."""


def fate_of_calls(message: Message, after: Message | None) -> Fate:
    """Tell what became of a message's calls, given what follows it on its line.

    Calls of a message that was cut short never ran. Where nothing answers those of a whole one,
    the program ended while they ran, or the line turns off there.
    """
    if not message.tool_calls or (after is not None and after.role == "tool"):
        return ""
    is_whole = message.status == "complete" and message.stop not in CUT_STOPS
    return "lost" if is_whole else "never_ran"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The line from the root to one leaf: what a model is sent."""

    messages: tuple[Message, ...]

    def for_model(self) -> tuple[Message, ...]:
        """The messages worth sending: no empty failures, and no tool call without its answer.

        Every wire refuses an unanswered call. Calls that never ran are left out; those that were
        lost are answered by words that say so.
        """
        following = (*self.messages, None)[1:]
        kept = (
            one
            for message, after in zip(self.messages, following, strict=True)
            for one in _answered(message, after)
        )
        return tuple(message for message in kept if message.parts)


def _answered(message: Message, after: Message | None) -> Iterator[Message]:
    if after is not None and fate_of_calls(message, after) == "lost":
        yield message
        yield _no_results(message)
    else:
        yield _without_unanswered(message, after)


def _no_results(message: Message) -> Message:
    return Message(
        id=f"{message.id}-none",
        session_id=message.session_id,
        predecessor_id=message.id,
        role="tool",
        parts=tuple(
            ToolResult(call.call_id, NO_RESULT, is_error=True) for call in message.tool_calls
        ),
        created_at=message.created_at,
    )


def _without_unanswered(message: Message, after: Message | None) -> Message:
    answered = {result.call_id for result in after.tool_results} if after else set[str]()
    if all(call.call_id in answered for call in message.tool_calls):
        return message
    parts = tuple(
        part for part in message.parts if not isinstance(part, ToolCall) or part.call_id in answered
    )
    return replace(message, parts=parts)

"""The line of messages that leads to one leaf: what a model is sent."""

from dataclasses import dataclass, replace

from conduit_tui.core.message import Message, ToolCall


@dataclass(frozen=True, slots=True)
class Conversation:
    """The line from the root to one leaf: what a model is sent."""

    messages: tuple[Message, ...]

    def for_model(self) -> tuple[Message, ...]:
        """The messages worth sending: no empty failures, and no tool call without its answer.

        Calls of an interrupted message never ran, and every wire refuses an unanswered call.
        """
        following = (*self.messages, None)[1:]
        kept = (
            _without_unanswered(message, after)
            for message, after in zip(self.messages, following, strict=True)
        )
        return tuple(message for message in kept if message.parts)


def _without_unanswered(message: Message, after: Message | None) -> Message:
    answered = {result.call_id for result in after.tool_results} if after else set[str]()
    if all(call.call_id in answered for call in message.tool_calls):
        return message
    parts = tuple(
        part for part in message.parts if not isinstance(part, ToolCall) or part.call_id in answered
    )
    return replace(message, parts=parts)

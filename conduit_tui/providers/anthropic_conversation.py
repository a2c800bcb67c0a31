"""A conversation as the messages wire wants it: system apart, users and assistants in turns."""

from collections.abc import Iterator

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.json import Json
from conduit_tui.core.message import PAUSED, Message
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.anthropic_blocks import (
    Block,
    assistant_blocks,
    result_blocks,
    results_in_words,
    server_results,
    user_blocks,
)
from conduit_tui.providers.call_names import CallIds
from conduit_tui.providers.claude import version_of

_BEGIN = "(The conversation begins with the assistant's words.)"
_GO_ON = "Continue."
_THOUGHTS = {"thinking", "redacted_thinking"}


class Turn:
    """A message of the wire: a role, and the blocks of all our messages in a row that have it."""

    __slots__ = ("blocks", "role")

    def __init__(self, role: str, blocks: list[Block]) -> None:
        self.role = role
        self.blocks = blocks

    def encoded(self) -> dict[str, Json]:
        """The message as it is sent."""
        return {"role": self.role, "content": [*self.blocks]}


def system_text(request: Request) -> str:
    """The system prompt, and the system messages that an imported conversation brought along."""
    texts = [request.params.system_prompt or ""]
    texts += [message.text for message in request.messages if message.role == "system"]
    return "\n\n".join(text for text in texts if text.strip())


def turns(request: Request, endpoint: Endpoint, facts: ModelFacts) -> list[Turn]:
    """Return the turns of a request; the first and the last are the user's.

    A conversation that ends with the assistant's words would be gone on with in the middle of
    them, which models since 4.6 refuse. Only a paused message goes back as it is.
    """
    found: list[Turn] = []
    for role, blocks in _messages(request, endpoint, facts):
        if not blocks:
            continue
        if found and found[-1].role == role:
            found[-1].blocks.extend(blocks)
        else:
            found.append(Turn(role, blocks))
    if found and found[0].role == "assistant":
        found.insert(0, _user(_BEGIN))
    if not found or (found[-1].role == "assistant" and request.messages[-1].stop != PAUSED):
        found.append(_user(_GO_ON))
    return found


def has_calls(found: list[Turn]) -> bool:
    """Whether there is a tool call among the turns."""
    return any(block.get("type") == "tool_use" for turn in found for block in turn.blocks)


def may_think(found: list[Turn]) -> bool:
    """Whether a budget for thinking is allowed here.

    With one, an assistant's turn whose calls are being answered must begin with its thinking;
    another vendor's has none that could be sent.
    """
    if len(found) < 2 or not any(block.get("type") == "tool_result" for block in found[-1].blocks):
        return True
    first = found[-2].blocks[0] if found[-2].blocks else {}
    return first.get("type") in _THOUGHTS


def mark_for_cache(found: list[Turn]) -> None:
    """Put cache marks on the last block of the last two user turns.

    The first was the last of the request before, on this branch or on the one it was forked from:
    what was written to the cache up to there is read again.
    """
    users = [turn for turn in found if turn.role == "user"]
    for turn in users[-2:]:
        mark_last(turn.blocks)


def mark_last(blocks: list[Block]) -> None:
    """Put a cache mark on the last of some blocks, if there is one."""
    if blocks:
        blocks[-1] = {**blocks[-1], "cache_control": {"type": "ephemeral"}}


def _messages(
    request: Request, endpoint: Endpoint, facts: ModelFacts
) -> Iterator[tuple[str, list[Block]]]:
    ids = CallIds()
    names = {call.call_id: call.name for one in request.messages for call in one.tool_calls}
    results = server_results(request.messages)
    asked = max((n for n, one in enumerate(request.messages) if one.role == "user"), default=-1)
    for number, message in enumerate(request.messages):
        match message.role:
            case "system":
                pass
            case "user":
                yield "user", [*user_blocks(message, facts, endpoint)]
            case "assistant":
                blocks = assistant_blocks(
                    message,
                    ids if endpoint.takes_tools else None,
                    is_own=message.provider == endpoint.name,
                    with_thoughts=_fits(message, request),
                    results=None if number > asked and _goes_on(message) else results,
                )
                is_paused = message.stop == PAUSED
                yield "assistant", [*blocks] if is_paused else _without_last_thoughts([*blocks])
            case "tool" if endpoint.takes_tools:
                yield "user", [*result_blocks(message, ids)]
            case "tool":
                yield "user", [*results_in_words(message, names)]


def _without_last_thoughts(blocks: list[Block]) -> list[Block]:
    """Blocks up to the last that is no thinking: a message may not end with it.

    One whose calls were cut off would.
    """
    while blocks and blocks[-1].get("type") in _THOUGHTS:
        blocks = blocks[:-1]
    return blocks


def _goes_on(message: Message) -> bool:
    """Whether the server still has calls of its own tools to answer."""
    return message.status == "complete" and message.stop in {PAUSED, "tool_calls"}


def _fits(message: Message, request: Request) -> bool:
    """Whether the thinking of a message is valid here.

    Newer Claudes bind it to themselves and to all that stood before it:
    https://platform.claude.com/docs/en/build-with-claude/thinking. Above a message of this line
    only what is a parameter can have changed since. The models of others that speak this wire bind
    nothing, and some of them refuse a call whose thinking does not come back.
    """
    if version_of(request.model) is None and version_of(message.model or "") is None:
        return True
    then, now = message.params, request.params
    return (
        message.model == request.model
        and (then.system_prompt or "") == (now.system_prompt or "")
        and (then.tools, then.search) == (now.tools, now.search)
    )


def _user(text: str) -> Turn:
    return Turn("user", [{"type": "text", "text": text}])

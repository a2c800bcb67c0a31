"""What a turn came to, gathered from its events, and as one JSON object."""

import json
import time
from decimal import Decimal

from conduit_tui.commands.question import UsageMistake
from conduit_tui.core.errors import (
    AuthenticationFailed,
    ConduitError,
    ProviderError,
    UnknownAddress,
    UnknownModel,
)
from conduit_tui.core.events import Event, MessageCommitted, TurnEnded
from conduit_tui.core.json import Json, without_surrogates
from conduit_tui.core.message import Message, ToolCall
from conduit_tui.core.usage import Usage

OK, FAILED, USAGE, PROVIDER_FAILED, NO_KEY = 0, 1, 2, 3, 4
SIGNAL_BASE = 128


class Reply:
    """Grows by `take`. A turn with tool runs has several generations.

    `text`, `stop_reason`, `status`, `model`, `provider` and `message_id` are those of the last
    message; thinking, tool calls and citations are of all of them; usage and cost are sums.
    """

    def __init__(self) -> None:
        self.error: ConduitError | None = None
        self.signal_number: int | None = None
        self.is_saved = False
        self._messages: list[Message] = []
        self._began = time.monotonic()

    def take(self, event: Event) -> None:
        """Take in what counts of an event."""
        match event:
            case MessageCommitted(message) if message.role == "assistant":
                self._messages.append(message)
            case TurnEnded(_, error):
                self.error = error
            case _:
                pass

    @property
    def last(self) -> Message | None:
        """The last message of the model's, however far it came."""
        return self._messages[-1] if self._messages else None

    @property
    def exit_code(self) -> int:
        """0 ok, 1 a failure of this machine, 2 usage, 3 provider, 4 key, 128 + a signal."""
        if self.signal_number is not None:
            return SIGNAL_BASE + self.signal_number
        if self.error is None:
            is_cut = self.last is not None and self.last.status != "complete"
            return PROVIDER_FAILED if is_cut else OK
        return exit_code_of(self.error)

    @property
    def words(self) -> str | None:
        """What went wrong, or None."""
        if self.signal_number is not None:
            return "Interrupted; what had arrived is kept." if self.is_saved else "Interrupted."
        return None if self.error is None else str(self.error)

    def as_json(self) -> str:
        """Return the object that `--json` prints, as ASCII: strings are escaped, not cleaned."""
        return json.dumps(without_surrogates(self._object()), allow_nan=False)

    def _object(self) -> dict[str, Json]:
        last = self.last
        return {
            "text": last.text if last else "",
            "thinking": "\n\n".join(filter(None, (message.thinking for message in self._messages))),
            "tool_calls": [_call(call) for each in self._messages for call in each.tool_calls],
            "citations": self._citations(),
            "structured": last.structured[0].value if last and last.structured else None,
            "usage": self._usage(),
            "model": last.model if last else None,
            "provider": last.provider if last else None,
            "stop_reason": last.stop if last else None,
            "status": self._status(),
            "cached": bool(self._messages) and all(each.replay_of for each in self._messages),
            "cost_usd": self._cost(),
            "session_id": last.session_id if last and self.is_saved else None,
            "message_id": last.id if last and self.is_saved else None,
            "duration_seconds": round(time.monotonic() - self._began, 3),
            "error": self.words,
        }

    def _status(self) -> str:
        if self.signal_number is not None:
            return "interrupted"
        return self.last.status if self.last else "error"

    def _citations(self) -> list[Json]:
        found = {each.url: each for message in self._messages for each in message.citations}
        return [{"url": each.url, "title": each.title} for each in found.values()]

    def _usage(self) -> dict[str, Json]:
        total = sum((each.usage for each in self._messages if each.usage), Usage())
        counts: dict[str, Json] = {
            "input_tokens": total.input_tokens,
            "output_tokens": total.output_tokens,
            "cache_read_tokens": total.cache_read_tokens,
            "cache_write_tokens": total.cache_write_tokens,
            "reasoning_tokens": total.reasoning_tokens,
        }
        return counts | ({"is_estimated": True} if total.is_estimated else {})

    def _cost(self) -> float | None:
        costs = [message.cost_usd for message in self._messages]
        known = [cost for cost in costs if cost is not None]
        return float(sum(known, Decimal(0))) if known and len(known) == len(costs) else None


def exit_code_of(error: ConduitError) -> int:
    """Return the exit code that an error stands for."""
    match error:
        case AuthenticationFailed():
            return NO_KEY
        case ProviderError():
            return PROVIDER_FAILED
        case UsageMistake() | UnknownModel() | UnknownAddress():
            return USAGE
        case _:
            return FAILED


def _call(call: ToolCall) -> Json:
    """The arguments as an object where they are one that JSON can say, else as they were sent."""
    arguments: Json = call.arguments_object()
    try:
        if arguments is not None:
            json.dumps(without_surrogates(arguments), allow_nan=False)
    except (ValueError, RecursionError):
        arguments = None
    return {"name": call.name, "arguments": call.arguments if arguments is None else arguments}

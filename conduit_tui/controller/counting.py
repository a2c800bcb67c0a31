"""Counts what would be sent next: by the last reply's own usage, else by an estimate."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from conduit_tui.catalog.tokens import PER_MESSAGE, Tokenizer, sampled, whole
from conduit_tui.core.conversation import Conversation
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.message import Attachment, Message, Text
from conduit_tui.core.request import ToolSpec

LoadTokenizer: TypeAlias = Callable[[Endpoint, str], Tokenizer | None]
"""Gets the tokenizer of an endpoint's model, where there is one; slow, for a thread."""

MOST_LEARNED_FROM = 400
"""Messages of a request from whose usage the ratio of a model is still worked out."""
LEAST_LOOKED_AT = 8
"""Messages that are counted however little time there is, so that every call gets on."""
MOST_LOOKED_AT = 500
"""Messages at the end of a line that are looked at; longer ago, plain text goes by its length."""
CHARACTERS_PER_TOKEN = 4
MOST_ATTACHMENTS = 32
"""Attachments of unsent messages whose counts are kept."""
_LEAST_RATIO, _MOST_RATIO = 0.3, 4.0


@dataclass(frozen=True, slots=True)
class Count:
    """A number of tokens, and whether a server counted all of it."""

    tokens: float
    is_exact: bool

    def __add__(self, more: float) -> "Count":
        return Count(self.tokens + more, self.is_exact and not more)

    @property
    def whole(self) -> int:
        """The tokens as a whole number."""
        return whole(self.tokens)


@dataclass(frozen=True, slots=True)
class Sending:
    """Everything but the next message of what a model would be sent; `model` is a full name."""

    line: tuple[Message, ...]
    model: str
    system_prompt: str | None
    tools: tuple[ToolSpec, ...]


class Counting:
    """Counts for models by full name. Each message is looked at once.

    `ratios` says by how much real counts of a model differ from estimates; each reply that
    reports usage corrects it.
    """

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        offer: Callable[[Sequence[str]], tuple[ToolSpec, ...]],
        load: LoadTokenizer = lambda _endpoint, _model: None,
        guided_by: Callable[[Sequence[str], Sequence[str]], str] = lambda _skills, _tools: "",
    ) -> None:
        self.ratios: dict[str, float] = {}
        self._endpoints = endpoints
        self._offer = offer
        self._load = load
        self._guided_by = guided_by
        self._tokenizers: dict[str, Tokenizer] = {}
        self._messages: dict[tuple[str, str], dict[str, float | None]] = {}
        self._attachments: dict[tuple[str, str, str, bytes], float] = {}
        self._learned: set[str] = set()

    async def prepare(self, model: str) -> bool:
        """Look for the model's own tokenizer, once; return whether counts are others now."""
        if model in self._tokenizers:
            return False
        provider, _, name = model.partition("/")
        endpoint = self._endpoints.get(provider)
        self._tokenizers[model] = self.tokenizer(model)
        found = endpoint and await asyncio.to_thread(self._load, endpoint, name)
        if found:
            self._tokenizers[model] = found
        return bool(found)

    def tokenizer(self, model: str) -> Tokenizer:
        """What counts for a model, as far as it is loaded."""
        if model in self._tokenizers:
            return self._tokenizers[model]
        endpoint = self._endpoints.get(model.partition("/")[0])
        return Tokenizer(wire=endpoint.kind if endpoint else "")

    def ratio(self, model: str) -> float:
        """By how much to correct what is counted here for a model."""
        tokenizer = self.tokenizer(model)
        return self.ratios.get(_ratio_key(model, tokenizer), tokenizer.factor)

    def message(self, model: str, text: str, attachments: Sequence[Attachment]) -> float:
        """The tokens of a message that is being written; of nothing at all, none."""
        if not text.strip() and not attachments:
            return 0.0
        tokenizer = _quick(self.tokenizer(model))
        tokens = tokenizer.message_of(text)
        tokens += sum(self._attachment(tokenizer, part) for part in attachments)
        return tokens * self.ratio(model)

    def before(self, sending: Sending, seconds: float = float("inf")) -> Count | None:
        """The tokens a model would be sent before the next message.

        None when that was not all counted within the time; the next call goes on from there.
        """
        deadline = time.perf_counter() + seconds
        found = _last_report(sending)
        if found is None:
            return self._estimate(sending, deadline)
        at, reply = found
        is_own = f"{reply.provider}/{reply.model}" == sending.model
        if is_own:
            self._learn(sending, at, deadline)
        after = Conversation(sending.line[at:]).for_model()[1:]
        rest = self._sum(after, sending.model, deadline)
        if rest is None or reply.usage is None:
            return None
        if is_own:  # by another model the frame was sent too, in its own way
            rest += self._frame(sending) - self._frame_of(reply, sending.model)
        kept = reply.usage.total_tokens - reply.usage.reasoning_tokens  # reasoning is not sent back
        known = Count(kept, is_own and not reply.usage.reasoning_tokens)
        return known + rest * self.ratio(sending.model)

    def _attachment(self, tokenizer: Tokenizer, part: Attachment) -> float:
        key = (tokenizer.name, tokenizer.wire, f"{part.media_type} {len(part.data)}", part.data)
        if key not in self._attachments:
            if len(self._attachments) >= MOST_ATTACHMENTS:
                self._attachments.clear()
            self._attachments[key] = tokenizer.attachment(part)
        return self._attachments[key]

    def _estimate(self, sending: Sending, deadline: float) -> Count | None:
        messages = Conversation(sending.line).for_model()
        tokens = self._sum(messages, sending.model, deadline)
        if tokens is None:
            return None
        ratio = self.ratio(sending.model)
        return Count((tokens + self._frame(sending)) * ratio, is_exact=False)

    def _learn(self, sending: Sending, at: int, deadline: float) -> None:
        """Compare what a reply's server counted with what would have been estimated."""
        reply = sending.line[at]
        if reply.id in self._learned or at > MOST_LEARNED_FROM or reply.usage is None:
            return
        messages = Conversation(sending.line[:at]).for_model()
        estimate = self._sum(messages, sending.model, deadline)
        if not estimate:
            return
        self._learned.add(reply.id)
        estimate += self._frame_of(reply, sending.model)
        ratio = min(max(reply.usage.input_tokens / estimate, _LEAST_RATIO), _MOST_RATIO)
        self.ratios[_ratio_key(sending.model, self.tokenizer(sending.model))] = round(ratio, 3)

    def _frame(self, sending: Sending) -> float:
        tokenizer = self.tokenizer(sending.model)
        return tokenizer.system_prompt(sending.system_prompt) + tokenizer.tools(sending.tools)

    def _frame_of(self, reply: Message, model: str) -> float:
        """The system prompt, what stood below it, and the tools of a reply's request."""
        tokenizer, params = self.tokenizer(model), reply.params
        tools = self._offer(params.tools)
        guidance = self._guided_by(params.skills, params.tools)
        words = "\n\n".join(filter(None, (params.system_prompt, guidance)))
        return tokenizer.system_prompt(words or None) + tokenizer.tools(tools)

    def _sum(self, messages: Sequence[Message], model: str, deadline: float) -> float | None:
        tokenizer = _quick(self.tokenizer(model))
        known = self._messages.setdefault((tokenizer.name, tokenizer.wire), {})
        total, looked_at, far = 0.0, 0, len(messages) - MOST_LOOKED_AT
        for at, message in enumerate(messages):
            tokens = known.get(message.id)
            if tokens is None and at < far:
                tokens = known[message.id] = _by_length(message)
            if tokens is None:
                if looked_at >= LEAST_LOOKED_AT and time.perf_counter() > deadline:
                    return None
                looked_at += 1
                tokens = known[message.id] = tokenizer.message(message)
            total += tokens
        return total


def _last_report(sending: Sending) -> tuple[int, Message] | None:
    """The last complete reply whose server counted, and its place; what follows is not counted."""
    for at in range(len(sending.line) - 1, -1, -1):
        each = sending.line[at]
        usage = each.usage
        if (
            usage is not None
            and usage.input_tokens
            and not usage.is_estimated
            and each.status == "complete"
        ):
            return at, each
    return None


def _by_length(message: Message) -> float | None:
    """The tokens of a message that is nothing but plain text, roughly; None for another."""
    length = 0
    for part in message.parts:
        if not isinstance(part, Text) or not part.text.isascii():
            return None
        length += len(part.text)
    return PER_MESSAGE + length / CHARACTERS_PER_TOKEN


def _ratio_key(model: str, tokenizer: Tokenizer) -> str:
    return f"{model} {tokenizer.name}".rstrip()


def _quick(tokenizer: Tokenizer) -> Tokenizer:
    return Tokenizer(sampled(tokenizer.count_text), tokenizer.wire, tokenizer.name)

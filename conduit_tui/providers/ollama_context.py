"""How much context to ask of Ollama, whose default cuts the history without a word.

Left alone, a server on most machines gives a model 4,096 tokens and drops the oldest messages
beyond them. Another size than the one in memory means that the model is loaded again, so it grows
in few and large steps.
"""

from collections.abc import Mapping

from conduit_tui.core.errors import ContextTooLong
from conduit_tui.core.json import Json
from conduit_tui.core.request import Request
from conduit_tui.providers.ollama_models import Shown, same_model
from conduit_tui.providers.shapes import as_list, as_object, as_text

ANSWER_TOKENS = 2048
THINKING_TOKENS = 1024
"""Room for an answer whose length nobody has limited, and for the thinking before it. Together
with a short question they leave a model at its default, which may be larger than ours."""

IMAGE_TOKENS = 1536
MESSAGE_TOKENS = 8
_BYTES_PER_TOKEN = 3  # few, so that code and digits are not underrated


def num_ctx_for(
    request: Request, body: Mapping[str, Json], shown: Shown, chosen: Mapping[str, int], least: int
) -> int | None:
    """Return the `num_ctx` of a request with this body, None to leave it to the server.

    `chosen` is what the settings say by model, `""` for all others; it is sent as it is. Else the
    conversation is estimated, and the smallest power of two taken that holds it and an answer, at
    least `least` (what was asked the last time) and at most what the model has.
    """
    if size := chosen_num_ctx(request.model, chosen):
        return size
    window = shown.facts.context_window
    if window is None:
        return None
    thinking = THINKING_TOKENS if body.get("think") else 0
    room = (request.params.max_tokens or ANSWER_TOKENS) + thinking
    needed = max(estimated_tokens(body) + room, least)
    if needed <= shown.num_ctx:
        return None
    return _step(needed, window)


def chosen_num_ctx(model: str, chosen: Mapping[str, int]) -> int | None:
    """Return what the settings say for a model, None if they say nothing."""
    named = (size for name, size in chosen.items() if name and same_model(name, model))
    return next(named, chosen.get(""))


def grown_num_ctx(asked: int, failure: ContextTooLong, window: int | None) -> int | None:
    """Return what to ask for after a refusal of `asked`; None where the model has no more.

    Newer servers say how many tokens they counted.
    """
    if window is None or asked >= window:
        return None
    needed = failure.tokens + ANSWER_TOKENS if failure.tokens else 0
    return _step(max(needed, asked + 1), window)


def estimated_tokens(body: Mapping[str, Json]) -> int:
    """About how many tokens a request takes, rather too many than too few."""
    tokens = len(repr(body.get("tools") or "")) // _BYTES_PER_TOKEN
    for message in map(as_object, as_list(body.get("messages"))):
        words = as_text(message.get("content")) + as_text(message.get("thinking"))
        calls = repr(message.get("tool_calls") or "")
        tokens += (
            len(words.encode("utf-8", "surrogatepass")) + len(calls)
        ) // _BYTES_PER_TOKEN + MESSAGE_TOKENS
        tokens += IMAGE_TOKENS * len(as_list(message.get("images")))
    return tokens


def _step(needed: int, window: int) -> int:
    return min(1 << (needed - 1).bit_length(), window)

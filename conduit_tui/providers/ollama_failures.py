"""The errors of an Ollama server in words that name its own next steps."""

import json
import re
from dataclasses import replace
from typing import cast

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import (
    BadResponse,
    ConnectionLost,
    ContextTooLong,
    ModelNotFound,
    Overloaded,
    ProviderError,
)
from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import Ability
from conduit_tui.providers.addresses import host_and_port
from conduit_tui.providers.chunks import ErrorFrame
from conduit_tui.providers.failures import Failures
from conduit_tui.providers.ollama_client import AnswerRefused
from conduit_tui.providers.refused import OTHERWISE
from conduit_tui.providers.shapes import as_object, as_text

START = "Is Ollama running? Start it with `ollama serve`"
_NO_THINKING = re.compile(r"(?:not|n't) support thinking", re.IGNORECASE)
_NO_MEMORY = re.compile(r"more system memory|out of memory|insufficient memory", re.IGNORECASE)
_NO_SIGHT = re.compile(
    r"support multimodal|required for image input|(?:not|n't) support (?:images|vision)",
    re.IGNORECASE,
)
_NO_TOOLS = re.compile(r"(?:not|n't) support tools", re.IGNORECASE)


class OllamaFailures:
    """Words for what goes wrong in one request.

    `waited_seconds` is the silence it may end in; with `may_grow`, a larger context can be set.
    """

    def __init__(
        self, endpoint: Endpoint, model: str, waited_seconds: float, *, may_grow: bool = False
    ) -> None:
        self._endpoint = endpoint
        self._model = model
        self._may_grow = may_grow
        self._shared = Failures(replace(endpoint, idle_seconds=waited_seconds), model)

    def translate(self, error: Exception, *, begun: bool) -> ProviderError:
        """Return our error for a foreign one; raises the error itself when it is a bug."""
        failure = self._shared.translate(_unwrapped(error), begun=begun)
        words, status = str(failure), failure.status
        name, place = repr(self._endpoint.name), host_and_port(self._endpoint.base_url)
        match failure:
            case ModelNotFound():
                return ModelNotFound(
                    f"{name} has no model {self._model!r}. Pull it with /pull {self._model}, or "
                    "see what is there with /models.",
                    status=status,
                )
            case ConnectionLost() if words.startswith("Nothing listens"):
                nothing = f"Nothing listens at {place} for {name}."
                return ConnectionLost(f"{nothing} {START}.", can_retry=True)
            case ContextTooLong(tokens=tokens, window=window) if self._may_grow:
                advice = f"Or set a larger num_ctx under [providers.{self._endpoint.name}]."
                return ContextTooLong(
                    f"{words} {advice}", status=status, tokens=tokens, window=window
                )
            case Overloaded() if _NO_MEMORY.search(words):
                step = "Choose a smaller model, or set a smaller num_ctx under"
                words = words.replace("Try again, or choose another model.", "").rstrip()
                place = f"[providers.{self._endpoint.name}]"
                return Overloaded(f"{words} {step} {place}.", status=status)
            case BadResponse() if _NO_THINKING.search(words):
                step = "Take the effort back, or choose a model that thinks."
                return BadResponse(words.replace(OTHERWISE, step), status=status)
            case BadResponse():
                return BadResponse(words.replace("; many end in /v1.", "."), status=status)
            case _:
                return failure


def lacking(failure: ProviderError) -> Ability | None:
    """The ability for whose use a request was refused, if that was why."""
    if not isinstance(failure, BadResponse):
        return None
    if _NO_TOOLS.search(str(failure)):
        return "tools"
    if _NO_THINKING.search(str(failure)):
        return "reasoning"
    return "vision" if _NO_SIGHT.search(str(failure)) else None


def unwrapped(body: Json) -> Json:
    """An error body, without the second one around it.

    Servers from 0.30 on pass on what the program inside says, as JSON within a string of JSON.
    """
    if isinstance(body, str):
        return _parsed(body) or body
    inner = _parsed(as_text(as_object(body).get("error")))
    return inner or body


def _parsed(text: str) -> Json:
    """The object that a text is, without another around it; None for any other text."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = cast("Json", json.loads(text))
    except (ValueError, RecursionError):
        return None
    return unwrapped(value) if isinstance(value, dict) else None


def _unwrapped(error: Exception) -> Exception:
    if isinstance(error, ErrorFrame):
        return ErrorFrame(unwrapped(error.body))
    if isinstance(error, AnswerRefused):
        body = unwrapped(error.response.text)
        text = body if isinstance(body, str) else json.dumps(body)
        return AnswerRefused(replace(error.response, text=text))
    return error

"""The Responses wire of OpenAI: https://platform.openai.com/docs/api-reference/responses-streaming

Requests go through the official `openai` SDK; `openai_wire.py` says how. There is no `[DONE]`:
the end is `response.completed` or `response.incomplete`. Nothing is stored at the server.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import BadResponse
from conduit_tui.core.events import StreamEvent
from conduit_tui.core.json import Json, without_surrogates
from conduit_tui.core.message import Message
from conduit_tui.core.request import Request
from conduit_tui.providers.openai_client import OpenAIConnection
from conduit_tui.providers.openai_models import may_reason, refused_params
from conduit_tui.providers.openai_wire import OpenAIWire
from conduit_tui.providers.response_decoder import Decoder
from conduit_tui.providers.response_items import input_items
from conduit_tui.providers.shapes import as_object, given

_NO_SUMMARY = re.compile(r"reasoning.summar")
_NO_ITEM = re.compile(
    r"encrypted.content|items are not persisted|without its required"
    r"|item with id .{0,80} not found",
    re.IGNORECASE,
)


def encode(request: Request, endpoint: Endpoint, *, summary: bool = True) -> dict[str, Json]:
    """Return the body of a request. The wire has no `stop` and no `seed`.

    Without `summary` no words of the reasoning are asked for.
    """
    params = request.params
    refused = refused_params(request, endpoint)
    is_reasoning = may_reason(request, endpoint)
    effort = None if "effort" in refused else params.effort
    reasoning: dict[str, Json] = {"effort": effort, "summary": "auto" if summary else None}
    body: dict[str, Json] = {
        "model": request.model,
        "instructions": params.system_prompt or None,
        "input": input_items(request, endpoint),
        "stream": True,
        "store": False,
        "include": ["reasoning.encrypted_content"] if is_reasoning else None,
        "reasoning": given(reasoning) or None if is_reasoning else None,
        "max_output_tokens": params.max_tokens,
        "temperature": None if "temperature" in refused else params.temperature,
        "top_p": None if "top_p" in refused else params.top_p,
        "tools": _tools(request, endpoint) or None,
    }
    return as_object(without_surrogates(given(body) | params.extra))


def _tools(request: Request, endpoint: Endpoint) -> list[Json]:
    functions: list[Json] = [
        {
            "type": "function",
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.schema,
            "strict": False,
        }
        for tool in (request.tools if endpoint.takes_tools else ())
    ]
    return [*functions, {"type": "web_search"}] if request.params.search else functions


class OpenAIResponses(OpenAIWire):
    """A server of the Responses wire."""

    path = "/responses"
    whole_field = "output"

    def __init__(self, endpoint: Endpoint, connection: OpenAIConnection | None = None) -> None:
        super().__init__(endpoint, connection)
        self._may_summarize = True

    def body_of(self, request: Request) -> dict[str, Json]:
        """The body of a request."""
        return encode(request, self._endpoint, summary=self._may_summarize)

    def new_decoder(self) -> Decoder:
        """A decoder for one stream."""
        return Decoder()

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Generate one message; see Provider.stream.

        Two refusals are no end. An organization that OpenAI has not verified gets no summaries of
        reasoning, and an error for asking: it is asked again without. Reasoning that cannot be
        read any more, as with a key of another organization, is left out.
        """
        while True:
            try:
                async with aclosing(super().stream(request)) as events:
                    async for event in events:
                        yield event
                return
            except BadResponse as error:
                words = str(error)
                if self._may_summarize and _NO_SUMMARY.search(words):
                    self._may_summarize = False
                elif _NO_ITEM.search(words) and _has_own(request, self.name):
                    request = replace(request, messages=tuple(map(_plain, request.messages)))
                else:
                    raise


def _has_own(request: Request, name: str) -> bool:
    return any(message.provider == name for message in request.messages)


def _plain(message: Message) -> Message:
    """A reply as if another provider had made it: its words and calls."""
    return replace(message, provider=None)

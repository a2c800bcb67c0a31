"""OpenAI itself: two wires at one server, and the one place where one of them is chosen."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import BadResponse, ModelNotFound, ProviderError
from conduit_tui.core.events import StreamEvent
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.adapters.openai_chat import OpenAIChat
from conduit_tui.providers.adapters.openai_responses import OpenAIResponses
from conduit_tui.providers.openai_client import OpenAIConnection
from conduit_tui.providers.openai_models import has_reasoning_name, wants_responses

_NAMES_RESPONSES = re.compile(r"\bv1/responses\b|\bresponses (?:api|endpoint)\b", re.IGNORECASE)


class OpenAI:
    """Asks reasoning models by the Responses wire, everything else by chat completions.

    `wants_responses` decides, request by request. Where a server answers that a model, or all of
    it, is to be had by responses alone, that wire is used from then on. Both wires send histories
    of the other.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._connection = OpenAIConnection(endpoint)
        self._chat = OpenAIChat(endpoint, self._connection)
        self._responses = OpenAIResponses(endpoint, self._connection)
        self._by_responses: set[str] = set()

    @property
    def name(self) -> str:
        """The name before the slash of a model's name."""
        return self._endpoint.name

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Generate one message; see Provider.stream."""
        refusal: ProviderError | None = None
        if not self._goes_by_responses(request):
            try:
                async with aclosing(self._chat.stream(request)) as events:
                    async for event in events:
                        yield event
                return
            except (BadResponse, ModelNotFound) as error:
                if not _points_to_responses(error, request):
                    raise
                refusal = error
        try:
            async with aclosing(self._responses.stream(request)) as events:
                async for event in events:
                    self._by_responses.add(request.model)
                    yield event
        except ProviderError:
            if refusal is not None and not self._goes_by_responses(request):
                raise refusal from None  # neither wire: what was said first is nearer
            raise

    def _goes_by_responses(self, request: Request) -> bool:
        return wants_responses(request.known, self._endpoint) or request.model in self._by_responses

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The models the server offers. Raises ProviderError."""
        return await self._chat.list_models()

    async def count_tokens(self, request: Request, /) -> int | None:
        """Not counted at the server."""
        return await self._chat.count_tokens(request)

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._connection.aclose()


def _points_to_responses(error: ProviderError, request: Request) -> bool:
    """Whether a refusal names the other wire, or a model of it finds nothing at this one."""
    if _NAMES_RESPONSES.search(str(error)):
        return True
    is_missing = isinstance(error, BadResponse) and error.status in {404, 405}
    return is_missing and has_reasoning_name(request.model)

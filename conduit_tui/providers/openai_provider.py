"""OpenAI itself: two wires at one server, and the one place where one of them is chosen."""

from collections.abc import AsyncGenerator

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.events import StreamEvent
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.adapters.openai_chat import OpenAIChat
from conduit_tui.providers.adapters.openai_responses import OpenAIResponses
from conduit_tui.providers.openai_client import Connection
from conduit_tui.providers.openai_models import wants_responses


class OpenAI:
    """Asks reasoning models by the Responses wire, everything else by chat completions.

    `wants_responses` decides, request by request. Both wires send histories of the other.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._connection = Connection(endpoint)
        self._chat = OpenAIChat(endpoint, self._connection)
        self._responses = OpenAIResponses(endpoint, self._connection)

    @property
    def name(self) -> str:
        """The name before the slash of a model's name."""
        return self._endpoint.name

    def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Generate one message; see Provider.stream."""
        if wants_responses(request, self._endpoint):
            return self._responses.stream(request)
        return self._chat.stream(request)

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The models the server offers. Raises ProviderError."""
        return await self._chat.list_models()

    async def count_tokens(self, request: Request, /) -> int | None:
        """Not counted at the server."""
        return await self._chat.count_tokens(request)

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._connection.aclose()

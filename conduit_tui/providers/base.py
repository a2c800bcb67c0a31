"""What every provider is to the engine."""

from collections.abc import AsyncGenerator
from typing import Protocol

from conduit_tui.core.events import ProviderEvent
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request


class Provider(Protocol):
    """A server of models, or a wrapper around one (retry, cache, recorder)."""

    @property
    def name(self) -> str:
        """The name before the slash of a model's name."""
        ...

    def stream(self, request: Request) -> AsyncGenerator[ProviderEvent, None]:
        """Generate one message.

        Ends after `GenerationStopped` when the wire's own end marker came; ending without it
        means the answer broke off. Raises ProviderError. Closing the generator, or cancelling
        the task that reads it, closes the socket at once.
        """
        ...

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The models the server offers, in its own order, with what it says of each.

        Raises ProviderError.
        """
        ...

    async def count_tokens(self, request: Request, /) -> int | None:
        """The tokens the server counts in a request; None where it has no such service.

        Raises ProviderError.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections. The provider can be used again afterwards."""
        ...

"""A provider around a provider: everything passes through but what a wrapper is there for."""

from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.base import Provider


class Wrapper:
    """What wrappers share. Each has a `stream` of its own around that of `provider`."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    @property
    def name(self) -> str:
        """The name of the provider inside."""
        return self.provider.name

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """The models the server offers. Raises ProviderError."""
        return await self.provider.list_models()

    async def count_tokens(self, request: Request, /) -> int | None:
        """The server's own count. Raises ProviderError."""
        return await self.provider.count_tokens(request)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self.provider.aclose()

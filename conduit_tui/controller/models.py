"""Finds the provider behind a model's name, and builds it when it is first needed."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

from conduit_tui.catalog.catalog import resolve
from conduit_tui.core.endpoint import Endpoint, Secret
from conduit_tui.core.errors import UnknownModel
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.pulling import PullProgress
from conduit_tui.providers.base import Provider

GUIDE = "demo/guide"


class HostsModels(Protocol):
    """A server on whose disk models are kept; see OllamaHost."""

    async def version(self) -> str:
        """The server's version; nothing if it does not say."""
        ...

    def pull(self, model: str) -> AsyncGenerator[PullProgress, None]:
        """Fetch a model. Raises ProviderError."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


def _no_host(_: Endpoint) -> None:
    return None


class Models:
    """The endpoints there are, by name, and the providers built from them so far."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        build: Callable[[Endpoint], Provider],
        host: Callable[[Endpoint], HostsModels | None] = _no_host,
    ) -> None:
        self._endpoints = dict(endpoints)
        self._build = build
        self._host = host
        self._providers: dict[str, Provider] = {}
        self._listed: dict[str, tuple[ModelFacts, ...]] = {}

    @property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """All endpoints by name."""
        return self._endpoints

    def known(self) -> dict[str, tuple[str, ...]]:
        """Model names by provider: what its server listed, else what the catalog suggests."""
        return {
            name: tuple(facts.name for facts in self._listed[name])
            if name in self._listed
            else endpoint.models
            for name, endpoint in self._endpoints.items()
        }

    def facts(self, provider: str, model: str) -> ModelFacts:
        """What is known of a model of a provider, by the vendor's own name."""
        listed = self._listed.get(provider, ())
        return next((facts for facts in listed if facts.name == model), ModelFacts(model))

    def full_name(self, name: str) -> str:
        """Complete an alias or a part of a name to `provider/model`. Raises UnknownModel."""
        provider, model = resolve(name, self._endpoints, self.known())
        return f"{provider}/{model}"

    def find(self, name: str) -> tuple[Endpoint, Provider, str]:
        """The endpoint, its provider, and the vendor's own name. Raises UnknownModel."""
        provider, model = resolve(name, self._endpoints, self.known())
        return self._endpoints[provider], self._provider(provider), model

    def is_usable(self, name: str) -> bool:
        """Whether a name is known and its provider has the key it needs."""
        try:
            provider, _ = resolve(name, self._endpoints, self.known())
        except UnknownModel:
            return False
        return self._endpoints[provider].is_usable

    def default(self) -> str:
        """A model that can be used at once: of the first provider with a key, else the guide."""
        for name, endpoint in self._endpoints.items():
            if endpoint.api_key and endpoint.models:
                return f"{name}/{endpoint.models[0]}"
        return GUIDE

    async def list_models(self, provider: str) -> tuple[ModelFacts, ...]:
        """Ask a provider's server for its models and remember them. Raises ProviderError."""
        self._listed[provider] = await self._provider(provider).list_models()
        return self._listed[provider]

    async def version(self, provider: str) -> str:
        """The version of a server that hosts models; nothing for others."""
        if (host := self._host(self._endpoints[provider])) is None:
            return ""
        try:
            return await host.version()
        finally:
            await host.aclose()

    async def pull(self, provider: str, model: str) -> AsyncGenerator[PullProgress, None]:
        """Have a server fetch a model; the last value says that it is done.

        Raises ProviderError, and ValueError for a provider that fetches none.
        """
        if (host := self._host(self._endpoints[provider])) is None:
            raise ValueError(f"{provider!r} fetches no models")
        try:
            async with aclosing(host.pull(model)) as progress:
                async for each in progress:
                    yield each
        finally:
            await host.aclose()

    async def set_key(self, provider: str, key: Secret) -> None:
        """Use a key from now on."""
        self._endpoints[provider] = replace(self._endpoints[provider], api_key=key)
        if built := self._providers.pop(provider, None):
            await built.aclose()

    async def aclose(self) -> None:
        """Close every provider."""
        while self._providers:
            _, provider = self._providers.popitem()
            await provider.aclose()

    def _provider(self, name: str) -> Provider:
        if name not in self._providers:
            self._providers[name] = self._build(self._endpoints[name])
        return self._providers[name]

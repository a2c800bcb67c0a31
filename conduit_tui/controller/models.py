"""Finds the provider behind a model's name, and builds it when it is first needed."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from conduit_tui.catalog.catalog import (
    NO_ALIASES,
    full_pair,
    is_listening,
    is_this_machine,
    resolve,
)
from conduit_tui.catalog.facts import joined
from conduit_tui.catalog.listings import Listing, Listings
from conduit_tui.catalog.prices import load_prices
from conduit_tui.core.endpoint import Endpoint, Secret
from conduit_tui.core.errors import ConduitError, UnknownModel
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.pulling import PullProgress
from conduit_tui.providers.base import Provider

log = logging.getLogger(__name__)

GUIDE = "demo/guide"
REFRESH_SECONDS = 15.0
MOST_AT_ONCE = 4


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
    """The endpoints there are, by name, and the providers built from them so far.

    `lists` keeps on disk what servers list; `aliases` are short names, in small letters.
    """

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        build: Callable[[Endpoint], Provider],
        host: Callable[[Endpoint], HostsModels | None] = _no_host,
        *,
        lists: Listings | None = None,
        aliases: Mapping[str, str] = NO_ALIASES,
    ) -> None:
        self.aliases = aliases
        self._endpoints = dict(endpoints)
        self._build = build
        self._host = host
        self._lists = lists
        self._providers: dict[str, Provider] = {}
        self._listed: dict[str, Listing | None] = {}
        self._asked: set[str] = set()

    @property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """All endpoints by name."""
        return self._endpoints

    def listing(self, provider: str) -> Listing | None:
        """What a provider's server listed, in this run or, as kept on disk, in one before."""
        endpoint = self._endpoints[provider]
        if self._lists is None or endpoint.kind == "scripted":
            return self._listed.get(provider)
        if provider not in self._listed:
            # what a server answers meanwhile, read on a thread as this is, goes before
            self._listed.setdefault(provider, self._lists.read(endpoint))
        return self._listed[provider]

    def is_fresh(self, provider: str) -> bool:
        """Whether a provider listed its models within the last day."""
        listing = self.listing(provider)
        return listing is not None and not listing.is_stale(datetime.now(UTC))

    def known(self) -> dict[str, tuple[str, ...]]:
        """Model names by provider: what its server listed, else what the catalog suggests."""
        return {
            name: tuple(facts.name for facts in listing.models) or endpoint.models
            if (listing := self.listing(name)) is not None
            else endpoint.models
            for name, endpoint in self._endpoints.items()
        }

    def facts(self, provider: str, model: str) -> ModelFacts:
        """What is known of a model of a provider, by the vendor's own name.

        Joined from the server's list, the tables of prices (once `load` brought them in) and the
        table of abilities.
        """
        listing = self.listing(provider)
        listed = listing.by_name.get(model) if listing else None
        return joined(self._endpoints[provider], listed or ModelFacts(model))

    def full_name(self, name: str) -> str:
        """Complete an alias or a part of a name to `provider/model`. Raises UnknownModel."""
        return "/".join(self._resolve(name))

    def find(self, name: str) -> tuple[Endpoint, Provider, str]:
        """The endpoint, its provider, and the vendor's own name.

        Raises UnknownModel, and SettingsError for a provider that cannot be built.
        """
        provider, model = self._resolve(name)
        return self._endpoints[provider], self._provider(provider), model

    def is_usable(self, name: str) -> bool:
        """Whether a name is known and its provider has the key it needs."""
        try:
            provider, _ = self._resolve(name)
        except UnknownModel:
            return False
        return self._endpoints[provider].is_usable

    def aliases_of(self, full_name: str) -> tuple[str, ...]:
        """The aliases that stand for a model."""
        return tuple(alias for alias, full in self.alias_targets().items() if full == full_name)

    def alias_targets(self) -> dict[str, str]:
        """Every alias that stands for a model, with the model's full name."""
        found: dict[str, str] = {}
        for alias in self.aliases:
            try:
                found[alias] = self.full_name(alias)
            except UnknownModel:
                continue
        return found

    def default(self) -> str:
        """A model that can be used at once: of the first provider with a key, else the guide."""
        for name, endpoint in self._endpoints.items():
            if endpoint.api_key and endpoint.models:
                return f"{name}/{endpoint.models[0]}"
        return GUIDE

    async def load(self) -> None:
        """Bring in, on a thread, the kept lists and the tables of prices and windows."""
        await asyncio.to_thread(load_prices)
        await asyncio.to_thread(self.known)

    async def list_models(self, provider: str) -> tuple[ModelFacts, ...]:
        """Ask a provider's server for its models, and remember and keep them.

        Raises ProviderError, and SettingsError for a provider that cannot be built.
        """
        endpoint = self._endpoints[provider]
        self._asked.add(provider)
        listing = Listing(await self._provider(provider).list_models(), datetime.now(UTC))
        self._listed[provider] = listing
        if self._lists is not None and endpoint.kind != "scripted":
            await asyncio.to_thread(self._lists.write, endpoint, listing)
        return listing.models

    async def may_answer(self, provider: str) -> bool:
        """Whether it is worth asking: for a server of one's own that is off, no SDK is imported."""
        base_url = self._endpoints[provider].base_url
        return not is_this_machine(base_url) or await is_listening(base_url)

    async def refresh(self) -> None:
        """Ask those that can be used and have not listed their models for a day, in the background.

        Each at most once in a run. A failure is a line in the log.
        """
        limit = asyncio.Semaphore(MOST_AT_ONCE)
        stale = [name for name in self._endpoints if self._is_stale(name)]
        await asyncio.gather(*(self._refresh(name, limit) for name in stale))

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

    def _resolve(self, name: str) -> tuple[str, str]:
        full = full_pair(name, self._endpoints)  # without a look at the lists on disk
        return full or resolve(name, self._endpoints, self.known(), self.aliases)

    def _is_stale(self, provider: str) -> bool:
        endpoint = self._endpoints[provider]
        if not endpoint.is_usable or endpoint.kind == "scripted" or provider in self._asked:
            return False
        return not self.is_fresh(provider)

    async def _refresh(self, provider: str, limit: asyncio.Semaphore) -> None:
        self._asked.add(provider)
        try:
            async with limit, asyncio.timeout(REFRESH_SECONDS):
                if await self.may_answer(provider):
                    await self.list_models(provider)
        except (ConduitError, TimeoutError) as error:
            log.info("models of %s not listed: %s", provider, type(error).__name__)

    def _provider(self, name: str) -> Provider:
        if name not in self._providers:
            self._providers[name] = self._build(self._endpoints[name])
        return self._providers[name]

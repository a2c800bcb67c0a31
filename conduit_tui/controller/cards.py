"""The cards of models: what the catalog knows, brought together for one or for many."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from conduit_tui.catalog.cards import ModelCard, Source
from conduit_tui.catalog.prices import per_million
from conduit_tui.controller.models import Models
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.providers.addresses import shown


def model_card(models: Models, full_name: str, at: datetime) -> ModelCard:
    """The card of one model; `at` is when its prices are to hold."""
    provider, _, model = full_name.partition("/")
    return _card(models, provider, ModelFacts(model), models.alias_targets(), at)


def provider_cards(
    models: Models, provider: str, aliases: Mapping[str, str], at: datetime
) -> Iterator[ModelCard]:
    """The cards of all models of a provider that are known, in its server's order.

    `aliases` are those of `Models.alias_targets`, which cost too much for each model anew.
    """
    listing = models.listing(provider)
    suggested = map(ModelFacts, models.endpoints[provider].models)
    for facts in (listing.models if listing else ()) or suggested:
        yield _card(models, provider, facts, aliases, at)


def _card(
    models: Models, provider: str, facts: ModelFacts, aliases: Mapping[str, str], at: datetime
) -> ModelCard:
    endpoint, listing = models.endpoints[provider], models.listing(provider)
    full_name = f"{provider}/{facts.name}"
    source: Source = "suggested" if facts.name in endpoint.models else "unlisted"
    if listing and facts.name in listing.by_name:
        source = "server"
    return ModelCard(
        provider=provider,
        facts=models.facts(provider, facts.name),
        prices=per_million(endpoint, facts.name, at),
        aliases=tuple(alias for alias, target in aliases.items() if target == full_name),
        source=source,
        listed_at=listing.fetched_at if listing and source == "server" else None,
        server=shown(endpoint.base_url) if endpoint.base_url else "",
    )

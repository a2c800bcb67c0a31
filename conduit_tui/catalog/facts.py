"""What is known of a model, from all that is known, the best source first."""

from dataclasses import replace

from conduit_tui.catalog.abilities import known_abilities
from conduit_tui.catalog.prices import are_prices_loaded, listed_window
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.model_facts import ModelFacts


def joined(endpoint: Endpoint, listed: ModelFacts) -> ModelFacts:
    """Complete what a server says of a model by the tables of prices and of abilities.

    The tables of prices know many context windows. They count only once they are loaded: that
    takes 0.1 s, and a request does not need it.
    """
    facts = listed
    if are_prices_loaded() and not facts.context_window:
        facts = replace(facts, context_window=listed_window(endpoint, listed.name))
    facts = facts.or_else(known_abilities(endpoint.name, listed.name))
    # the server names efforts of a model that our older table has none for
    return replace(facts, refuses=facts.refuses - {"effort"}) if listed.efforts else facts

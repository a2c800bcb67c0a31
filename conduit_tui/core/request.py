"""What a provider is asked to generate from."""

from dataclasses import dataclass

from conduit_tui.core.json import Json
from conduit_tui.core.message import Message
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model sees it; `schema` is the JSON Schema of its arguments (an object)."""

    name: str
    description: str
    schema: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Request:
    """One generation: `model` is the vendor's own name for it, without the provider.

    `facts` is what is known of the model. A reply made without `may_reuse` is always a new one:
    regenerating never reads a cache.
    """

    model: str
    messages: tuple[Message, ...]
    params: Params
    tools: tuple[ToolSpec, ...] = ()
    facts: ModelFacts | None = None
    may_reuse: bool = True

    @property
    def known(self) -> ModelFacts:
        """What is known of the model, maybe nothing."""
        return self.facts or ModelFacts(self.model)

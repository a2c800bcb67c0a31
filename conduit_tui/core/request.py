"""What a provider is asked to generate from."""

from dataclasses import dataclass

from conduit_tui.core.json import Json
from conduit_tui.core.message import Message
from conduit_tui.core.params import Params


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model sees it; `schema` is the JSON Schema of its arguments (an object)."""

    name: str
    description: str
    schema: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Request:
    """One generation: `model` is the vendor's own name for it, without the provider."""

    model: str
    messages: tuple[Message, ...]
    params: Params
    tools: tuple[ToolSpec, ...] = ()

"""What a generation was asked with, besides its messages."""

from dataclasses import dataclass, field

from conduit_tui.core.json import Json
from conduit_tui.core.schema import Schema


@dataclass(frozen=True, slots=True)
class Params:
    """Sampling settings, system prompt and offered tools of one generation.

    Stored with every generated message, so that siblings can be told apart by what changed.
    `None` means the provider's default; nothing is sent for it. `effort` is a word such as `low`,
    `thinking_tokens` the most to be spent on reasoning; `search` lets the provider look things up
    on the web, where it can. `schema` is the shape the answer must have.
    """

    system_prompt: str | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    effort: str | None = None
    thinking_tokens: int | None = None
    search: bool = False
    tools: tuple[str, ...] = ()
    extra: dict[str, Json] = field(default_factory=dict[str, Json])
    schema: Schema | None = None

"""What a generation was asked with, besides its messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias, cast

from conduit_tui.core.json import Json
from conduit_tui.core.schema import Schema

ParamValue: TypeAlias = float | str | bool | tuple[str, ...] | None
"""A value of one sampling setting; None, () and False leave it to the provider."""

ParamChanges: TypeAlias = Mapping[str, ParamValue]
"""New values by name, for the names in `SAMPLING`."""

NO_CHANGES: ParamChanges = MappingProxyType({})

SAMPLING = (
    *("temperature", "top_p", "max_tokens", "stop"),
    *("effort", "thinking_tokens", "seed", "search"),
)
"""The fields of Params that a person sets, in the order they are listed."""


@dataclass(frozen=True, slots=True)
class Params:
    """Sampling settings, system prompt and offered tools of one generation.

    Stored with every generated message, so that siblings can be told apart by what changed.
    `None` means the provider's default; nothing is sent for it. `effort` is a word such as `low`,
    `thinking_tokens` the most to be spent on reasoning; `search` lets the provider look things up
    on the web, where it can. `schema` is the shape the answer must have. `skills` are those whose
    instructions stood below the system prompt, by name.
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
    skills: tuple[str, ...] = ()

    def changed(self, changes: ParamChanges) -> "Params":
        """These params with new values."""
        return replace(self, **changes)

    def sampling(self) -> dict[str, ParamValue]:
        """The sampling settings that are not left to the provider, by name."""
        values = {name: cast("ParamValue", getattr(self, name)) for name in SAMPLING}
        return {name: value for name, value in values.items() if not _is_left(value)}


def _is_left(value: ParamValue) -> bool:
    return value is None or value is False or value == ()

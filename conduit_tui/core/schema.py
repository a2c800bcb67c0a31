"""The shape of a value that a model is asked for."""

from dataclasses import dataclass

from conduit_tui.core.json import Json


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON Schema under a name of letters, digits, `_` and `-`, at most 64 of them."""

    name: str
    shape: dict[str, Json]

"""The type of a JSON value, for data that is kept as its vendor sent it."""

from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

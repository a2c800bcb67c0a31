"""JSON values, as servers and people write them."""

from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def is_shallow(value: Json, most: int = 50) -> bool:
    """Whether JSON is nested at most so deep; what is deeper could not be shown or stored."""
    level: list[Json] = [value]
    for _ in range(most):
        inside: list[Json] = []
        for one in level:
            if isinstance(one, dict):
                inside += one.values()
            elif isinstance(one, list):
                inside += one
        if not inside:
            return True
        level = inside
    return False

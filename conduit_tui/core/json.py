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


def without_surrogates(value: Json) -> Json:
    """Return the value with lone surrogates as U+FFFD: UTF-8, and so any wire, has none."""
    match value:
        case str():
            return sound_text(value)
        case dict():
            return {sound_text(key): without_surrogates(item) for key, item in value.items()}
        case list():
            return [without_surrogates(item) for item in value]
        case _:
            return value


def sound_text(text: str) -> str:
    """Return a text with lone surrogates as U+FFFD, and those in pairs as their character."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

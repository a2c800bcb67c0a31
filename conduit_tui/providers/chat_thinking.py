"""Where servers of the chat wire put their reasoning in a delta."""

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_object


def thinking_in(delta: dict[str, Json]) -> str:
    """Reasoning, in whichever field a server puts it; two of them hold the same."""
    for name in ("reasoning_content", "reasoning", "reasoning_text", "thinking"):
        if (value := delta.get(name)) and (words := words_in(value)):
            return words
    return ""


def is_thought(delta: dict[str, Json]) -> bool:
    """Whether the content is no answer: so Google marks its thoughts, if they are asked for.

    https://ai.google.dev/gemini-api/docs/openai#thinking
    """
    extra = as_object(delta.get("extra_content"))
    return any(as_object(one).get("thought") is True for one in extra.values())


def words_in(value: Json) -> str:
    """Text, or the text in an object or in a list of them."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(words_in, value))
    fields = as_object(value)
    named = (fields.get(name) for name in ("text", "content", "summary", "thinking"))
    return next((one for one in named if isinstance(one, str)), "")

"""What of its files a model does not get to see, and how a person is told before it is asked.

This is the one rule: the wires send by it, and words about it come from it.
"""

from collections.abc import Iterable

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.media import IMAGES, PDF, is_words, kind_name
from conduit_tui.core.message import Attachment
from conduit_tui.core.model_facts import Ability, ModelFacts

_KINDS: tuple[tuple[str, Ability, str], ...] = (
    ("image/", "vision", "images"),
    (PDF, "files", "PDFs"),
    ("audio/", "audio", "sound"),
    ("video/", "vision", "video"),
)
_FIELDS: dict[str, tuple[str, ...]] = {
    "openai-chat": (*IMAGES, PDF, "audio/wav", "audio/mpeg"),
    "openai-responses": (*IMAGES, PDF),
    "openai": (*IMAGES, PDF, "audio/wav", "audio/mpeg"),
    "anthropic": (*IMAGES, PDF),
    "google": (
        *("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"),
        *(PDF, "audio/", "video/"),
    ),
    "ollama": ("image/png", "image/jpeg", "image/webp"),
}
"""What there is a field for, by wire. A wire that is not known here may have one for anything."""

_CHAT_KINDS = {"openai-chat", "openai"}


def is_left_out(part: Attachment, facts: ModelFacts, endpoint: Endpoint) -> bool:
    """Whether a file is not sent: the wire has no field for it, or the model does not take it."""
    return bool(what_is_left_out(part, facts, endpoint))


def what_is_left_out(
    part: Attachment, facts: ModelFacts, endpoint: Endpoint, wire: str = ""
) -> str:
    """What a file is that is not sent, such as `images`; nothing for one that is.

    Of the chat completions wire only OpenAI's own servers, and those whose quirks say so, are taken
    to read PDFs while nobody knows, and none to hear: others answer with an error. Images are sent
    unless it is known better. `wire` is the one that is spoken, where a provider has several.
    """
    wire = wire or endpoint.kind
    if is_words(part):
        return ""
    found = (each for each in _KINDS if part.media_type.startswith(each[0]))
    _, ability, words = next(found, ("", None, "such files"))
    fields = _FIELDS.get(wire)
    if fields is not None and not part.media_type.startswith(fields):
        takes_others = words == "images" and facts.can("vision") is not False
        return f"{kind_name(part) or part.media_type} images" if takes_others else words
    if ability is None:
        return ""
    return "" if _is_taken(ability, facts, endpoint, wire) else words


def left_out_words(
    attachments: Iterable[Attachment], facts: ModelFacts, endpoint: Endpoint, way_out: str
) -> str:
    """Words about files that are not sent, with a way out; nothing if all are."""
    left_out = [what_is_left_out(part, facts, endpoint) for part in attachments]
    kinds = list(dict.fromkeys(filter(None, left_out)))
    if not kinds:
        return ""
    count = sum(map(bool, left_out))
    names = "the file's name" if count == 1 else f"the names of {count} files"
    return f"{facts.name!r} takes no {' and no '.join(kinds)}; it gets {names} only. {way_out}"


def _is_taken(ability: Ability, facts: ModelFacts, endpoint: Endpoint, wire: str) -> bool:
    can = facts.can(ability)
    if can is None and wire in _CHAT_KINDS:
        reads = endpoint.name == "openai" or bool(endpoint.quirks.get("takes_files"))
        return ability == "vision" or (ability == "files" and reads)
    return can is not False

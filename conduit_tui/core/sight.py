"""What of its files a model does not get to see, and how a person is told before it is asked."""

from collections.abc import Iterable

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.media import PDF
from conduit_tui.core.message import Attachment
from conduit_tui.core.model_facts import Ability, ModelFacts

_KINDS: tuple[tuple[str, Ability, str], ...] = (
    ("image/", "vision", "images"),
    (PDF, "files", "PDFs"),
    ("audio/", "audio", "sound"),
)

_CHAT_KINDS = {"openai-chat", "openai"}


def is_left_out(part: Attachment, facts: ModelFacts, endpoint: Endpoint) -> bool:
    """Whether a file is not sent: the model is known not to take it.

    Of the chat completions wire only OpenAI's own servers, and those whose quirks say so, are taken
    to read PDFs while nobody knows, and none to hear: others answer with an error. Images are sent
    unless it is known better.
    """
    ability: Ability | None = next((each for start, each, _ in _KINDS if _is(part, start)), None)
    if ability is None:
        return False
    can = facts.can(ability)
    if can is None and endpoint.kind in _CHAT_KINDS:
        reads = endpoint.name == "openai" or bool(endpoint.quirks.get("takes_files"))
        return ability == "audio" or (ability == "files" and not reads)
    return can is False


def left_out_words(
    attachments: Iterable[Attachment], facts: ModelFacts, endpoint: Endpoint, way_out: str
) -> str:
    """Words about files that are not sent, with a way out; nothing if all are."""
    left_out = [part for part in attachments if is_left_out(part, facts, endpoint)]
    if not left_out:
        return ""
    kinds = [words for start, _, words in _KINDS if any(_is(part, start) for part in left_out)]
    names = "the file's name" if len(left_out) == 1 else f"the names of {len(left_out)} files"
    return f"{facts.name!r} takes no {' and no '.join(kinds)}; it gets {names} only. {way_out}"


def _is(part: Attachment, start: str) -> bool:
    return part.media_type.startswith(start)

"""What goes as words on every wire: text files, files that are not taken, values, results."""

import json
import re
from pathlib import PurePath

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.media import is_words
from conduit_tui.core.message import Attachment, Message, Structured, ToolResult
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.sight import what_is_left_out


def file_as_words(part: Attachment, facts: ModelFacts, endpoint: Endpoint, wire: str) -> str | None:
    """Return what stands for a file in a message of a wire; None for one that goes as it is.

    A text file stands under its name, in a fence that its own fences cannot close. Of a file that
    the model does not take there is its name, so that the model knows there was one.
    """
    if is_words(part):
        return _fenced(part)
    if kind := what_is_left_out(part, facts, endpoint, wire):
        return (
            f"(The file {part.name!r}, {part.media_type}, was left out: "
            f"{facts.name} takes no {kind}.)"
        )
    return None


def made_here(part: Attachment) -> str:
    """What stands for a file that a model made, where it cannot be sent back."""
    return f"(The file {part.name!r}, {part.media_type}, was made here and is not sent again.)"


def value_as_words(part: Structured) -> str:
    """A validated value, as the JSON it is."""
    return json.dumps(part.value, ensure_ascii=False)


def reply_as_words(message: Message) -> str:
    """The words of a reply: its text and value, and what stands for files that it made."""
    said = message.text + "".join(map(value_as_words, message.structured))
    return "\n\n".join(filter(None, (said, *map(made_here, message.attachments))))


def output_of(result: ToolResult) -> str:
    """What a tool said, on wires that have no field for a failure."""
    return f"Error: {result.output}" if result.is_error else result.output


def result_as_words(result: ToolResult, name: str) -> str:
    """The answer of the tool of this name, for a model or a server without tools."""
    return f"Result of {name or 'a tool'}:\n{output_of(result)}"


def _fenced(part: Attachment) -> str:
    text = part.as_text()
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{part.name}:\n{fence}{PurePath(part.name).suffix[1:]}\n{text.rstrip()}\n{fence}"

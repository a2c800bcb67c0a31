"""What a message is called on one line: by its first words."""

from conduit_tui.core.clean import clean_line
from conduit_tui.core.first_words import LONGEST_WORDS, first_words
from conduit_tui.core.json_text import compact
from conduit_tui.core.message import Message


def row_words(message: Message) -> str:
    """The first words of a message on one clean line, or what stands for them."""
    words = first_words(message.text, is_markdown=message.role == "assistant")
    if words:
        return words
    if message.structured:
        return first_words(compact(message.structured[0].value)[:LONGEST_WORDS])
    if message.tool_calls:
        return "→ " + clean_line(
            ", ".join(call.name for call in message.tool_calls)[:LONGEST_WORDS]
        )
    if message.attachments:
        return clean_line(", ".join(part.name for part in message.attachments)[:LONGEST_WORDS])
    if message.error:
        return first_words(message.error)
    if message.status == "interrupted":
        return "(interrupted)"
    return "(thinking only)" if message.thinking else "(empty)"


def quoted(message: Message, most: int = 32) -> str:
    """The first words of a message in quotes, for the journal and for notices."""
    words = row_words(message)
    return f'"{words}"' if len(words) <= most else f'"{words[: most - 1].rstrip()}…"'

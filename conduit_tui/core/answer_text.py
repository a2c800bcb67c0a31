"""A message as text that leaves the chat: its words, the value it holds, its sources."""

from collections.abc import Sequence

from conduit_tui.core.clean import clean_line
from conduit_tui.core.json_text import indented
from conduit_tui.core.message import Citation, Message


def answer_text(message: Message) -> str:
    """The words of a message as Markdown with its sources, or the value it holds as JSON."""
    words = words_of(message)
    listed = sources_list(message.citations) if message.text else ""
    return f"{words.rstrip()}\n\n{listed}" if listed else words


def tools_text(message: Message) -> str:
    """What tools a message calls and with what, or what they gave back, as it was."""
    calls = [f"{call.name}({call.arguments})" for call in message.tool_calls]
    return "\n\n".join((*calls, *(result.output for result in message.tool_results)))


def words_of(message: Message) -> str:
    """The words of a message as they were written, or the value it holds as JSON."""
    return message.text or "\n".join(indented(part.value) for part in message.structured)


def sources_list(citations: Sequence[Citation]) -> str:
    """Sources as a Markdown list, numbered as a text names them: `[1]` is the first."""
    return "\n".join(
        f"{number}. {_source(citation)}" for number, citation in enumerate(citations, 1)
    )


def _source(citation: Citation) -> str:
    title, url = clean_line(citation.title).strip(), clean_line(citation.url).strip()
    return f"{title} <{url}>" if title and title != url else f"<{url}>"

"""A whole path as one Markdown text, to copy or to keep in a file."""

from collections.abc import Iterator, Mapping, Sequence

from conduit_tui.core.answer_text import sources_list
from conduit_tui.core.clean import clean_line
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Message,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.tui.markdown.code_blocks import open_fence
from conduit_tui.tui.widgets.message_header import early_end
from conduit_tui.tui.widgets.message_parts import value_text

_LONGEST_CALL = 400


def path_markdown(messages: Sequence[Message]) -> str:
    """Return the messages in their order below headings that say whose they are.

    Their text is their Markdown source; a fence that was never closed is, so that it does not
    swallow what follows. Thinking is left out, and a tool call is one line with what came of it.
    """
    results = {result.call_id: result for each in messages for result in each.tool_results}
    sections = [_section(each, results) for each in messages if each.role != "tool"]
    return "\n\n".join(section for section in sections if section) + "\n"


def _section(message: Message, results: Mapping[str, ToolResult]) -> str:
    blocks = [block for block in _blocks(message, results) if block]
    return "\n\n".join([f"## {_heading(message)}", *blocks]) if blocks else ""


def _heading(message: Message) -> str:
    role = message.role.capitalize()
    return f"{role} ({clean_line(message.model)})" if message.model else role


def _blocks(message: Message, results: Mapping[str, ToolResult]) -> Iterator[str]:
    written = ""  # text parts that follow each other are one text
    for part in message.parts:
        match part:
            case Text(text):
                written += text
            case Thinking() | ToolResult():
                pass
            case Unknown(provider_data=data) if data is not None:
                pass  # what a vendor keeps here for itself: nothing to read
            case Citation():
                pass
            case Attachment() | Structured() | ToolCall() | Unknown():
                yield _closed(written)
                written = ""
                yield _line(part, results)
    yield _closed(written)
    yield sources_list(message.citations)
    if word := early_end(message):
        yield f"*{word}{': ' + clean_line(message.error) if message.error else ''}*"


def _closed(source: str) -> str:
    source = source.strip("\n")
    signs = open_fence(source)
    return f"{source}\n{signs}" if signs else source


def _line(
    part: Attachment | Structured | ToolCall | Unknown,
    results: Mapping[str, ToolResult],
) -> str:
    match part:
        case ToolCall():
            return f"> {_code(_call(part))}{_outcome(results.get(part.call_id))}"
        case Attachment():
            return f"> attached: {_code(clean_line(part.name) or part.media_type)}"
        case Structured() | Unknown():
            return f"```json\n{value_text(part)}\n```"


def _call(call: ToolCall) -> str:
    arguments = clean_line(call.arguments.strip())
    shown = arguments if len(arguments) <= _LONGEST_CALL else f"{arguments[:_LONGEST_CALL]}…"
    return f"{clean_line(call.name)}({shown})"


def _outcome(result: ToolResult | None) -> str:
    if result is None:
        return ""
    first = clean_line(result.output.strip().split("\n", 1)[0])
    shown = first if len(first) <= _LONGEST_CALL else f"{first[:_LONGEST_CALL]}…"
    return f" → {_code(shown)}" if shown else ""


def _code(text: str) -> str:
    signs = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{signs}{space}{text}{space}{signs}"

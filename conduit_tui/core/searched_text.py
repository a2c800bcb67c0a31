"""All words of a message that a search looks at."""

import json
from collections.abc import Iterable, Iterator
from typing import assert_never

from conduit_tui.core.message import (
    Attachment,
    Citation,
    Part,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)


def searched(parts: Iterable[Part]) -> str:
    """Return what is written in a message, then what was thought, called, answered and attached.

    Of a tool call that is its name and its arguments, of a file its name, of a source its title
    and address.
    """
    text: list[str] = []
    more: list[str] = []
    for part in parts:
        if isinstance(part, Text):
            text.append(part.text)
        else:
            more.extend(_words(part))
    return "\n".join((("".join(text)), *more)) if more else "".join(text)


def _words(part: Part) -> Iterator[str]:
    match part:
        case Text(text) | Thinking(text):
            yield text
        case ToolCall(name=name, arguments=arguments):
            yield f"{name} {arguments}"
        case ToolResult(output=output):
            yield output
        case Attachment(name=name):
            yield name
        case Citation(url, title):
            yield f"{title} {url}"
        case Structured(value=value):
            yield json.dumps(value, ensure_ascii=False)
        case Unknown():
            pass
        case _:
            assert_never(part)

"""The blocks of code of a message, byte by byte as they were written."""

import re
from collections.abc import Iterator

from markdown_it.token import Token

from conduit_tui.commands.markdown_blocks import parse_blocks
from conduit_tui.core.json_text import indented
from conduit_tui.core.message import Attachment, Message, Structured, Text

_CODE = ("fence", "code_block")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def code_of(message: Message) -> list[str]:
    """The bare code of each block, in order; attached texts and a value are blocks too.

    What a person typed is Markdown only where there is a fence in it.
    """
    found: list[str] = []
    for part in message.parts:
        match part:
            case Text(text):
                if message.role != "user" or has_fence(text):
                    found += _code_in(text)
            case Structured():
                found.append(f"{indented(part.value)}\n")
            case Attachment() if part.is_text:
                found.append(part.as_text())
            case _:
                pass
    return found


def has_fence(source: str) -> bool:
    """Whether there are signs of a fence: what makes a person's words Markdown."""
    return "```" in source or "~~~" in source


def _code_in(source: str) -> Iterator[str]:
    lines = [match[0] for match in _LINE.finditer(source)]
    for token in parse_blocks(source):
        if token.type in _CODE and token.map is not None:
            yield _as_written(token, lines[token.map[0] + (token.type == "fence") :])


def _as_written(token: Token, lines: list[str]) -> str:
    """Code with its own line ends: the parser makes one of all of them, and replaces NUL."""
    code = token.content
    parsed = code.removesuffix("\n").split("\n") if code else []
    written = [_line_as_written(*each) for each in zip(parsed, lines, strict=False)]
    if written and not code.endswith("\n"):
        written[-1] = written[-1].rstrip("\r\n")
    return "".join(written)


def _line_as_written(parsed: str, source: str) -> str:
    body = source.rstrip("\r\n")
    end = source[len(body) :] or "\n"
    own = body[len(body) - len(parsed) :]
    return (own if own.replace("\0", "\ufffd") == parsed else parsed) + end

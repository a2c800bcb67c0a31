"""Texts that leave the chat, copied, written or opened outside, and names for their files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from conduit_tui.core.answer_text import answer_text
from conduit_tui.core.clean import clean_line
from conduit_tui.core.message import Message
from conduit_tui.tui.markdown.code_blocks import CodeBlock
from conduit_tui.tui.markdown.code_suffix import PLAIN, suffix_of
from conduit_tui.tui.path_markdown import path_markdown

_MARKDOWN = ".md"
_JSON = ".json"
_LONGEST_STEM = 50
_SUFFIX = re.compile(r"\.[\w+-]{1,16}")


@dataclass(frozen=True, slots=True)
class Extract:
    """A text with words for what it is: "the message", "block 2".

    `stem` is a name for its file without the extension, which `suffix` gives if it is known; else
    it follows from the `language` of the code.
    """

    title: str
    text: str
    stem: str
    suffix: str = ""
    language: str = ""
    is_code: bool = False


def of_message(message: Message, session_title: str) -> Extract:
    """A message as its Markdown source, or its value as JSON, named after its session."""
    suffix = _MARKDOWN if message.text else _JSON
    stem = slug(session_title) or "message"
    return Extract("the message", answer_text(message), stem, suffix, is_code=not message.text)


def of_path(messages: Sequence[Message], session_title: str) -> Extract:
    """All messages of a path as one Markdown text, named after their session."""
    stem = slug(session_title) or "conversation"
    return Extract("the whole path", path_markdown(messages), stem, _MARKDOWN)


def of_block(block: CodeBlock, number: int) -> Extract:
    """A block of code as it is, counted from 1; a file keeps its own name."""
    title = f"block {number}"
    name = PurePath(clean_line(block.name).replace("/", " ").strip(" ."))
    if not block.name or not name.stem:
        return Extract(title, block.code, f"block-{number}", "", block.language, is_code=True)
    suffix = name.suffix if _SUFFIX.fullmatch(name.suffix) else PLAIN
    return Extract(title, block.code, name.stem, suffix, is_code=True)


def file_suffix(extract: Extract) -> str:
    """The extension for the file of a text. May import pygments: call it in a thread."""
    return extract.suffix or suffix_of(extract.language)


def slug(title: str) -> str:
    """A title as a file's name: lower case, words joined by hyphens, cut between words."""
    words = re.findall(r"\w+", title.casefold().replace("'", ""))
    while len(words) > 1 and len("-".join(words)) > _LONGEST_STEM:
        words.pop()
    return "-".join(words)[:_LONGEST_STEM]

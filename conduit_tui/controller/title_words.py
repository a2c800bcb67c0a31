"""The words of generated titles: what a model is asked, and what of its answer can be a title."""

import re
from collections.abc import Sequence

from conduit_tui.core.answer_text import answer_text
from conduit_tui.core.clean import clean_line
from conduit_tui.core.json import Json
from conduit_tui.core.message import Message
from conduit_tui.core.schema import Schema

FEWEST_WORDS, MOST_WORDS = 3, 7
FEWEST_CHARACTERS, MOST_CHARACTERS = 4, 30
"""Of a title in a language that writes no blanks between words."""

LONGEST_TITLE = 80
LONGEST_EXCERPT = 1500
"""Of each of the two messages, so that a title costs little however long they are."""

TITLE = Schema(
    "title",
    {
        "type": "object",
        "properties": {
            "title": {
                "type": "string",
                "description": (
                    f"What the conversation is about in {FEWEST_WORDS} to {MOST_WORDS} words, in "
                    "its own language, without quotes and without a full stop."
                ),
            }
        },
        "required": ["title"],
    },
)
"""The shape of the answer."""

INSTRUCTIONS = (
    "You name conversations for a list that a person looks through. You are shown the beginning of "
    f"a conversation. Do not answer it: name its subject in {FEWEST_WORDS} to {MOST_WORDS} words, "
    "in the language of the person."
)

_WITHOUT_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_QUOTES = "\"'`*_#“”„‟«»‹›‘’‚「」『』《》〈〉"
_STOPS = ".。．｡"
_LABEL = re.compile(r"(?i)^(?:title|titel|titre|título|标题|タイトル)\s*[:：]\s*")


def question(path: Sequence[Message]) -> str:
    """The first question and its answer as text, each cut at a length."""
    asked, answered = first_exchange(path)
    parts = [f"The person wrote:\n\n{_excerpt(_asked_words(asked))}"] if asked else []
    if answered:
        parts.append(f"The answer was:\n\n{_excerpt(answer_text(answered))}")
    return "\n\n".join(parts)


def first_exchange(path: Sequence[Message]) -> tuple[Message | None, Message | None]:
    """The first message of the person's on a path, and the last answer before the next one."""
    own = [at for at, message in enumerate(path) if message.role == "user"]
    if not own:
        return None, None
    until = own[1] if len(own) > 1 else len(path)
    answers = [message for message in path[own[0] : until] if message.role == "assistant"]
    return path[own[0]], answers[-1] if answers else None


def title_of(value: Json) -> str | None:
    """The title in an answer, tidied; None for what is none: too short, too long, no words."""
    title = value.get("title") if isinstance(value, dict) else None
    if not isinstance(title, str):
        return None
    lines = [line for line in title[: 10 * LONGEST_TITLE].splitlines() if line.strip()]
    tidied = _tidied(lines[0]) if len(lines) == 1 else ""
    return tidied if _is_title(tidied) else None


def _tidied(line: str) -> str:
    """Without what models put around a title: quotes, a label, a full stop."""
    line = " ".join(clean_line(line).split())
    while (bare := _LABEL.sub("", line.strip(_QUOTES + _STOPS + " "))) != line:
        line = bare
    return line


def _is_title(title: str) -> bool:
    if not title or len(title) > LONGEST_TITLE or not any(map(str.isalnum, title)):
        return False
    words = len(title.split())
    if FEWEST_WORDS <= words <= MOST_WORDS:
        return True
    is_dense = len(_WITHOUT_BLANKS.findall(title)) * 2 >= len(title.replace(" ", ""))
    return is_dense and FEWEST_CHARACTERS <= len(title) <= MOST_CHARACTERS


def _asked_words(message: Message) -> str:
    names = ", ".join(part.name for part in message.attachments)
    return "\n\n".join(filter(None, (message.text, f"(with {names})" if names else "")))


def _excerpt(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT].rstrip()} …"

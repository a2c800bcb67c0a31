"""Parses TOML that may have mistakes: what is well formed counts, each mistake is told."""

import re
import tomllib
from dataclasses import dataclass

from conduit_tui.core.json import Json
from conduit_tui.settings.toml_lines import Statement, statements

MOST_MISTAKES = 5

_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_WORDS = {
    "Invalid value": 'this is no value; text goes in quotes, as in model = "openai/gpt-5"',
    "Invalid statement": 'this is no setting; write key = "value" or [table]',
    "Illegal character '\\n'": "a quote is not closed",
    "Unterminated string": "a quote is not closed",
    "Unclosed array": "a list is not closed with ]",
    "Cannot overwrite a value": "this is already set above",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong on a line, counted from 1."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The values that could be read, the text they were read from, and what could not be read."""

    values: dict[str, Json]
    text: str
    mistakes: tuple[Mistake, ...]


def parse(text: str) -> Parsed:
    """Parse, leaving out each statement that is malformed, and nothing else.

    A malformed table header takes its table along: its keys would land in the table above. After
    `MOST_MISTAKES` nothing counts.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    mistakes: list[Mistake] = []
    while len(mistakes) < MOST_MISTAKES:
        source = "\n".join(lines)
        try:
            return Parsed(tomllib.loads(source), source, tuple(mistakes))
        except RecursionError:
            mistakes.append(Mistake(1, "lists or tables are nested too deeply"))
            break
        except ValueError as error:
            first, last, words = _locate(source, error)
            mistakes.append(Mistake(first, words))
            lines[first - 1 : last] = [""] * (last - first + 1)
    return Parsed({}, "", tuple(mistakes))


def _locate(source: str, error: ValueError) -> tuple[int, int, str]:
    """Return the first and last line to leave out, and what is wrong there."""
    position = _POSITION.search(str(error))
    everything = list(statements(source))
    if not everything or position is None:  # an integer of thousands of digits has no position
        return 1, source.count("\n") + 1, "a number is too long"
    words = _in_words(_POSITION.sub("", str(error)))
    line = int(position[1]) if position[1] else source.count("\n") + 1
    broken = _statement_at(everything, line)
    if broken.is_header:
        return broken.first_line, _end_of_table(everything, broken, source), words
    if broken.first_line < line <= broken.last_line and position[1]:
        return broken.first_line, line - 1, words
    return broken.first_line, max(broken.first_line, min(broken.last_line, line)), words


def _statement_at(everything: list[Statement], line: int) -> Statement:
    before = [statement for statement in everything if statement.first_line <= line]
    return before[-1] if before else everything[0]


def _end_of_table(everything: list[Statement], header: Statement, source: str) -> int:
    for statement in everything:
        if statement.is_header and statement.first_line > header.first_line:
            return statement.first_line - 1
    return source.count("\n") + 1


def _in_words(message: str) -> str:
    if message.startswith("Cannot declare"):
        return "this table is already there above"
    return _WORDS.get(message) or message[:1].lower() + message[1:]

"""Regular expressions of RE2, in time proportional to the text, whoever wrote them.

Python's own would hold the interpreter for as long as a pattern likes.
"""

from collections.abc import Sequence
from typing import Any, Protocol, cast

import re2 as _untyped

re2: Any = _untyped  # the package has no types
MOST_MEMORY_BYTES = 8 * 1024 * 1024
"""What an expression may take; one that needs more is refused."""


MOST_STEPS = 30_000
"""What an expression may come to, written out: time goes by it. 100,000 took 2 s for 1 MB."""


class BadPattern(ValueError):
    """A pattern that cannot be used, in words that say what to do instead."""


class Found(Protocol):
    """Where an expression matches, in bytes."""

    def start(self) -> int:
        """The place of its first byte."""
        ...

    def end(self) -> int:
        """The place behind its last byte."""
        ...


class Expression(Protocol):
    """An expression to be looked for in bytes of UTF-8."""

    @property
    def programsize(self) -> int:
        """How much work it is, in RE2's own steps."""
        ...

    def search(
        self, text: bytes, pos: int | None = None, endpos: int | None = None
    ) -> Found | None:
        """The first match between two places."""
        ...


class Several:
    """Several expressions looked for at once."""

    def __init__(self, expressions: Sequence[str]) -> None:
        """Raises BadPattern where one cannot be used, or all are too large together."""
        made = re2.Set.SearchSet(_options(MOST_MEMORY_BYTES * 4))
        try:
            for each in expressions:
                made.Add(each)
            made.Compile()
        except re2.error as error:
            raise BadPattern(str(error)) from error
        self._match = made.Match

    def matching(self, text: bytes) -> list[int]:
        """The places of those that match, in the order they were given."""
        return sorted(cast("list[int] | None", self._match(text)) or ())

    def is_in(self, text: bytes) -> bool:
        """Whether any of them matches."""
        return bool(self._match(text))


def compiled(expression: str, ignore_case: bool = False, one_line: bool = False) -> Expression:
    """Compile an expression; with `one_line` it never matches across the end of a line.

    Raises BadPattern with RE2's words.
    """
    options = _options(MOST_MEMORY_BYTES)
    options.case_sensitive = not ignore_case
    options.never_nl = one_line
    try:
        made = cast("Expression", re2.compile(expression, options))
    except re2.error as error:
        words: object = error.args[0] if error.args else ""
        said = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
        raise BadPattern(said) from error
    if made.programsize > MOST_STEPS:
        raise BadPattern("pattern too large")
    return made


def check_whole(pattern: str) -> None:
    """Raise BadPattern for one with half a character in it, which no text has."""
    try:
        pattern.encode()
    except UnicodeEncodeError as error:
        raise BadPattern("The pattern has half a character in it (a lone surrogate).") from error


def escaped(text: str) -> str:
    """An expression that matches a text to the letter."""
    return cast("str", re2.escape(text))


def _options(memory_bytes: int) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = memory_bytes
    return options

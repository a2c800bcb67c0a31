"""What a model writes as a regular expression: RE2's dialect, also where ripgrep looks.

RE2 knows the ASCII letters alone in `\\w`, `\\d`, `\\s` and `\\b`, and takes a brace as it is where
that can mean nothing else. ripgrep is given the same meaning in its own dialect.
"""

import re

from conduit_tui.tools.search.expressions import (
    BadPattern,
    Expression,
    check_whole,
    compiled,
    escaped,
)

MOST_CHARACTERS = 10_000

_LOOKAROUND = ("(?=", "(?!", "(?<=", "(?<!")
_HINT = "With `literal` the text is looked for as it is."
_OUTSIDE = {
    "w": "[0-9A-Za-z_]",
    "W": "[^0-9A-Za-z_]",
    "d": "[0-9]",
    "D": "[^0-9]",
    "s": r"[\t\n\f\r ]",
    "S": r"[^\t\n\f\r ]",
    "b": r"(?-u:\b)",
    "B": r"(?-u:\B)",
}
_IN_CLASS = {
    "w": "[:word:]",
    "W": "[:^word:]",
    "d": "[:digit:]",
    "D": "[:^digit:]",
    "s": r"\t\n\f\r\x20",
    "S": r"[^\t\n\f\r\x20]",
}
_SIGNS_TO_ESCAPE = frozenset("\\.+*?()|[]{}^$#&-~")
_COUNT = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_BRACED = re.compile(r"\\[xpP]\{[0-9A-Za-z_^]+\}")
_POSIX = re.compile(r"\[:\^?[a-z]+:\]")


def read(pattern: str, ignore_case: bool, is_literal: bool) -> tuple[str, Expression]:
    """The expression a pattern means, and ready to be looked for in lines.

    Raises BadPattern, in words for a model.
    """
    if not pattern:
        raise BadPattern("The pattern is empty; every line would match.")
    if len(pattern) > MOST_CHARACTERS:
        raise BadPattern(
            f"The pattern has {len(pattern):,} characters; at most {MOST_CHARACTERS:,} are taken."
        )
    if "\n" in pattern:
        raise BadPattern("The pattern has a line break in it; lines are searched one by one.")
    check_whole(pattern)
    expression = escaped(pattern) if is_literal else pattern
    try:
        return expression, compiled(f"(?m){expression}", ignore_case, one_line=True)
    except BadPattern as error:
        raise BadPattern(_words(str(error), pattern)) from error


def for_ripgrep(expression: str) -> str | None:
    """The same expression in ripgrep's dialect; None if it cannot be said there."""
    if "\0" in expression:
        return None
    made: list[str] = []
    at = 0
    while at < len(expression):
        character = expression[at]
        piece, length = character, 1
        if character == "\\":
            escape = expression[at + 1 : at + 2]
            if escape in "QEC" or escape.isdigit():
                return None
            braced = _BRACED.match(expression, at)
            piece = braced[0] if braced else _escape(escape, _OUTSIDE)
            length = len(piece) if braced else 2
        elif character == "[":
            found = _class(expression, at)
            if found is None:
                return None
            piece, length = found
        elif character == "{":
            count = _COUNT.match(expression, at)
            piece, length = (count[0], len(count[0])) if count else ("\\{", 1)
        made.append(piece)
        at += length
    return "".join(made)


def _escape(escape: str, meanings: dict[str, str]) -> str:
    if escape in meanings:
        return meanings[escape]
    if escape.isalnum() or escape in _SIGNS_TO_ESCAPE:
        return f"\\{escape}"
    return escape  # a sign that ripgrep would not take with a backslash, or differently


def _class(expression: str, start: int) -> tuple[str, int] | None:
    """A class that begins at `start`, and how long it was; None if it cannot be said."""
    made = ["["]
    at = start + 1
    if expression[at : at + 1] == "^":
        made.append("^")
        at += 1
    first = at
    while at < len(expression):
        character = expression[at]
        if character == "]" and at > first:
            return "".join([*made, "]"]), at + 1 - start
        posix = _POSIX.match(expression, at)
        if posix:
            made.append(posix[0])
            at += len(posix[0])
        elif character == "\\":
            made.append(_escape(expression[at + 1 : at + 2], _IN_CLASS))
            at += 2
        elif expression.startswith("--", at):
            return None
        else:
            made.append(f"\\{character}" if character in "[]&~" else character)
            at += 1
    return None


def _words(said: str, pattern: str) -> str:
    """RE2's complaint, with what to do instead."""
    shown = pattern if len(pattern) <= 200 else f"{pattern[:200]}…"
    if any(each in said for each in _LOOKAROUND):
        words = (
            "Lookahead and lookbehind are not available: the expressions are RE2's. Look for what "
            "must be there, and leave out lines of the result yourself."
        )
    elif re.search(r"escape sequence: \\[1-9k]", said) or "(?P=" in pattern:
        words = (
            "Back-references are not available: the expressions are RE2's. Write out what may "
            "repeat, as in `(?:aa|bb)`."
        )
    elif r"escape sequence: \Z" in said:
        words = "`\\Z` is not known; `$` is the end of a line."
    elif "(?>" in said or "++" in said:
        words = (
            "Atomic groups and possessive repetitions are not known, nor needed: leave them out."
        )
    elif "bad repetition operator" in said:
        words = f"{_tail(said)}: put what is repeated into `(?:…)` before it is repeated again."
    elif "repetition size" in said:
        words = f"{_tail(said)}: at most 1000 repetitions, also of nested ones together."
    elif "too large" in said:
        words = "The expression is too large when it is written out. Ask for less at once."
    else:
        words = f"{_tail(said)}. {_HINT}"
    return f"The pattern {shown!r} cannot be used. {words}"


def _tail(said: str) -> str:
    said = said[:200]
    return said[:1].upper() + said[1:]

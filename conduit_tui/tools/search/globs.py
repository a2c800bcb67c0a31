"""Globs as expressions: `**`, `*`, `?`, `[a-z]`, `[!a]`, `{a,b}`.

`*` stays within a folder, `**` goes below; hidden names are names like any other.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from conduit_tui.tools.search.expressions import BadPattern, Several, check_whole, escaped

MOST_CHARACTERS = 2_000
MOST_ALTERNATIVES = 500
"""What the braces of a pattern may add up to."""

_LEAST_NAME = "[^/]"
_END = re.compile(r"(?:\*\*/)+\*([A-Za-z0-9_.-]+)")


def path_filter(pattern: str, loose: bool = False) -> Callable[[bytes], bool]:
    """Return what tells whether a path below the folder fits.

    With `loose`, a pattern without a slash is held against the name alone, at any depth. Raises
    BadPattern.
    """
    if len(pattern) > MOST_CHARACTERS:
        raise BadPattern(
            f"The glob has {len(pattern):,} characters; at most {MOST_CHARACTERS:,} are taken."
        )
    check_whole(pattern)
    if "\0" in pattern:
        raise BadPattern("The glob has a NUL character in it, which no file name has.")
    each = [_normal(alternative, loose) for alternative in _alternatives(pattern)]
    found = Several([f"^{_expression(alternative)}$" for alternative in each])

    def fits(path: bytes) -> bool:
        return found.is_in(path) or (not path.isascii() and found.is_in(_readable(path)))

    ends = _ends(each)
    if ends is None:
        return fits
    return lambda path: path.endswith(ends) if path.isascii() else fits(path)


def _ends(patterns: list[str]) -> tuple[bytes, ...] | None:
    """What paths end with that fit `**/*.py` and its like; None where a pattern says more.

    Such patterns are the most frequent ones, and an end is found in a tenth of the time.
    """
    found = [_END.fullmatch(pattern) for pattern in patterns]
    ends = [match[1].encode() for match in found if match is not None]
    return tuple(ends) if len(ends) == len(patterns) else None


def _readable(path: bytes) -> bytes:
    """The path with a sign for each byte that is no UTF-8, which a wildcard can stand for."""
    return path.decode(errors="replace").encode()


def _normal(pattern: str, loose: bool) -> str:
    """A pattern that is relative to the folder, without empty parts."""
    if pattern.startswith("/"):
        raise BadPattern(
            f"The glob {pattern[:200]!r} begins with a slash. Globs are relative: name the folder "
            "as `path`, and what is below it in the glob."
        )
    if loose and "/" not in pattern:
        return f"**/{pattern}"
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise BadPattern(
            f"The glob {pattern[:200]!r} goes up with '..'. Name the folder to look in as `path`."
        )
    if not parts:
        raise BadPattern("The glob is empty. '**' stands for all files, '**/*.py' for some.")
    return "/".join([*parts, "**"] if pattern.endswith("/") else parts)


def _alternatives(pattern: str) -> list[str]:
    """The patterns without braces that one with braces stands for."""
    done: list[str] = []
    waiting = [pattern]
    while waiting:
        now = waiting.pop()
        opening = _first_group(now)
        if opening is None:
            done.append(now)
        else:
            before, choices, behind = opening
            waiting.extend(f"{before}{choice}{behind}" for choice in reversed(choices))
        if len(done) + len(waiting) > MOST_ALTERNATIVES:
            raise BadPattern(
                f"The braces of the glob add up to more than {MOST_ALTERNATIVES} patterns. "
                "Ask for fewer at once."
            )
    return done


def _first_group(pattern: str) -> tuple[str, list[str], str] | None:
    """What stands before the first complete braces, what is in them, and what stands behind."""
    depth, start, commas = 0, -1, list[int]()
    at = 0
    while at < len(pattern):
        match pattern[at]:
            case "\\":
                at += 1
            case "[":
                at = _end_of_class(pattern, at) or at
            case "{":
                if depth == 0:
                    start, commas = at, []
                depth += 1
            case "," if depth == 1:
                commas.append(at)
            case "}" if depth:
                depth -= 1
                if depth == 0 and commas:
                    bounds = [start, *commas, at]
                    choices = [pattern[one + 1 : other] for one, other in pairwise(bounds)]
                    return pattern[:start], choices, pattern[at + 1 :]
            case _:
                pass
        at += 1
    return None


def _end_of_class(pattern: str, start: int) -> int | None:
    """Where a class that begins at `start` ends; None if it does not end."""
    at = start + 1
    if pattern[at : at + 1] in ("!", "^"):
        at += 1
    end = pattern.find("]", at + 1)  # a bracket that comes first is one of the class
    return end if end > 0 and "/" not in pattern[start:end] else None


def _expression(pattern: str) -> str:
    """One pattern without braces, as an expression."""
    parts = pattern.split("/")
    made: list[str] = []
    for at, part in enumerate(parts):
        is_last = at == len(parts) - 1
        if part == "**":
            made.append("(?s:.+)" if is_last else "(?:[^/]+/)*")
        else:
            made.append(_name(part) + ("" if is_last else "/"))
    return "".join(made)


def _name(part: str) -> str:
    """The expression of one part between slashes."""
    made: list[str] = []
    at = 0
    while at < len(part):
        character = part[at]
        end = _end_of_class(part, at) if character == "[" else None
        if character == "*":
            if part[at - 1 : at] != "*":
                made.append("[^/]*")
        elif character == "?":
            made.append(_LEAST_NAME)
        elif end is not None:
            made.append(_class(part[at + 1 : end]))
            at = end
        elif character == "\\" and at + 1 < len(part):
            at += 1
            made.append(escaped(part[at]))
        else:
            made.append(escaped(character))
        at += 1
    return "".join(made)


def _class(inside: str) -> str:
    """The expression of what stands in brackets."""
    sign = "^/" if inside[0] in "!^" else ""
    letters = inside[1:] if sign else inside
    members: list[str] = []
    at = 0
    while at < len(letters):
        first = letters[at]
        if letters[at + 1 : at + 2] == "-" and at + 2 < len(letters):
            last = letters[at + 2]
            if first > last:
                raise BadPattern(f"The range {first}-{last} of the glob goes backwards.")
            members.append(f"{_member(first)}-{_member(last)}")
            at += 3
        else:
            members.append(_member(first))
            at += 1
    return f"[{sign}{''.join(members)}]"


def _member(character: str) -> str:
    return f"\\x{{{ord(character):x}}}"

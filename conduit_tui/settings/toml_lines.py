"""Finds the lines of a TOML text: where each statement begins, and where each key is set.

`tomllib` gives no positions for values, so mistakes in them could not be placed otherwise.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from conduit_tui.core.json import Json

KeyPath: TypeAlias = tuple[str | int, ...]

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)'  # an unclosed one runs to the end
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}=\n]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A table header, or a key with its value; lines count from 1, `last_line` is included."""

    first_line: int
    last_line: int
    key: str
    is_header: bool


def statements(text: str) -> Iterator[Statement]:
    """Split a text, valid or not, in time linear in its length. A header ends with its line."""
    line = first_line = 1
    depth, begin, equals = 0, 0, -1
    is_header = False
    for token in _TOKEN.finditer(text + "\n"):
        found = token[0]
        if found == "\n" and (depth == 0 or is_header):
            if statement := _statement(text[begin : token.start()], equals, first_line, line):
                yield statement
            depth, begin, equals = 0, token.end(), -1
            first_line, is_header = line + 1, False
        elif found in "[{":
            is_header = is_header or (depth == 0 and equals < 0)
            depth += 1
        elif found in "]}":
            depth = max(0, depth - 1)
        elif found == "=" and depth == 0 and equals < 0:
            equals = token.start() - begin
        line += found.count("\n")
    # What is not closed runs to the end; the line break added above counts as one line too many.
    if statement := _statement(text[begin:], equals, first_line, max(first_line, line - 1)):
        yield statement


def line_of(text: str, path: KeyPath) -> int:
    """Return the line on which a key of a valid text is set, or its nearest table; else 1."""
    best, best_length = 1, 0
    table: KeyPath = ()
    for statement in statements(text):
        key = _key_path(statement)
        if statement.is_header:
            table = key
        full = table if statement.is_header else (*table, *key)
        length = _common_length(full, path)
        if length == min(len(full), len(path)) and length > best_length:
            best, best_length = statement.first_line, length
    return best


def _statement(source: str, equals: int, first_line: int, last_line: int) -> Statement | None:
    stripped = source.lstrip()
    if not stripped or stripped.startswith("#"):
        return None
    is_header = stripped.startswith("[")
    key = stripped if is_header or equals < 0 else source[:equals]
    return Statement(first_line, last_line, key, is_header)


def _key_path(statement: Statement) -> KeyPath:
    source = statement.key if statement.is_header else f"{statement.key} = 0"
    try:
        value: Json = tomllib.loads(source)
    except ValueError:
        return ()
    path: list[str | int] = []
    while isinstance(value, dict | list) and value:
        if isinstance(value, dict):
            key, value = next(iter(value.items()))
            path.append(key)
        else:
            value = value[0]
    return tuple(path)


def _common_length(left: KeyPath, right: KeyPath) -> int:
    length = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        length += 1
    return length

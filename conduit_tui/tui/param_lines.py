r"""Reads lines with sampling settings: what follows `/set`, `/with` and `/retry`.

Texts may stand in quotes; in double quotes, and without any, `\n` and `\t` mean what they do in
code.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from conduit_tui.core.errors import SettingsError
from conduit_tui.core.param_words import (
    OFF,
    PARAMETERS,
    in_words,
    nearest,
    parameter,
    quoted,
    read_stops,
    read_value,
    unset,
)
from conduit_tui.core.params import SAMPLING, ParamChanges, ParamValue

_WORD = r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'][^\s]*)"""
_WORDS = re.compile(rf"\s*({_WORD})(?=\s|\Z)")
_PAIR = re.compile(rf"([A-Za-z][\w-]*)=({_WORD}?)(?:\s+|\Z)", re.ASCII)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class SetRequest:
    """What `/set` is asked for: a list, one setting shown, all as usual, or new values."""

    what: Literal["list", "show", "reset", "change"]
    name: str = ""
    changes: ParamChanges | None = None


def read_set(argument: str, efforts: Collection[str] = ()) -> SetRequest:
    """Read what follows `/set`. Raises SettingsError, in words."""
    argument = argument.strip()
    if not argument:
        return SetRequest("list")
    if argument.lower() == "reset":
        return SetRequest("reset")
    if _PAIR.match(argument):
        return SetRequest("change", changes=read_pairs(argument, efforts))
    name, _, rest = argument.partition(" ")
    name = parameter(name).name
    if not rest.strip():
        return SetRequest("show", name)
    words = _split(rest, name)
    if name == "stop":
        is_off = [word.lower() for word in words] in [[off] for off in OFF]
        value: ParamValue = () if is_off else read_stops(map(_plain, words))
        return SetRequest("change", name, {name: value})
    if len(words) > 1:
        raise SettingsError(f"{name} takes one value: /set {name} {words[0]}")
    name, value = read_value(name, _plain(words[0]), efforts)
    return SetRequest("change", name, {name: value})


def read_pairs(argument: str, efforts: Collection[str] = ()) -> ParamChanges:
    """Read `NAME=VALUE ...` and nothing else. Raises SettingsError."""
    changes, rest = read_with(argument, efforts)
    if rest:
        raise SettingsError(f"{rest[:40]!r} is no NAME=VALUE, such as temperature=0.9.")
    return changes


def read_with(argument: str, efforts: Collection[str] = ()) -> tuple[ParamChanges, str]:
    """Read `NAME=VALUE ... TEXT`: the values, and the text as it stands.

    A word with `=` that is no setting begins the text, unless it is spelt nearly like one; `--`
    ends the values by itself. Raises SettingsError.
    """
    changes: dict[str, ParamValue] = {}
    rest = argument.lstrip()
    while found := _PAIR.match(rest):
        written, word = found.groups()
        try:
            name = parameter(written).name
        except SettingsError:
            if changes and not nearest(written):
                break
            raise
        changes |= _read_pair(name, word, changes, efforts)
        rest = rest[found.end() :]
    _refuse_open_quote(rest)
    if rest == "--" or rest.startswith(("-- ", "--\n")):
        rest = rest[2:]
    return changes, rest.lstrip()


def with_line(changes: ParamChanges, text: str) -> str:
    """The line that `read_with` reads as these values and this text, with its `/with`."""
    if not changes:
        return text
    pairs = [pair for name, value in changes.items() for pair in _pairs(name, value)]
    needs_end = _PAIR.match(text) or text.startswith("--")
    return " ".join(["/with", *pairs, *(["--"] if needs_end else []), text])


def offer_set(partial: str, efforts: Sequence[str] = ()) -> list[str]:
    """What `/set` may go on with."""
    name, space, _ = partial.partition(" ")
    if "=" in name:
        return offer_with(partial, efforts)
    if space:
        return [f"{name} {value}" for value in _values(name, efforts)]
    return [*(each.name for each in PARAMETERS), "reset"]


def offer_with(partial: str, efforts: Sequence[str] = ()) -> list[str]:
    """What `/with` may go on with; nothing once the text has begun."""
    at = 0
    while found := _PAIR.match(partial, at):
        if found.end() == len(partial) and not partial[-1].isspace():
            break
        at = found.end()
    before, last = partial[:at], partial[at:]
    name, equals, _ = last.partition("=")
    if equals:
        return [f"{before}{name}={value}" for value in _values(name, efforts)]
    taken = {found[1] for found in _PAIR.finditer(before)}
    return [f"{before}{each.name}=" for each in PARAMETERS if each.name not in taken]


def _refuse_open_quote(rest: str) -> None:
    name, equals, value = rest.partition("=")
    if equals and value[:1] in ("'", '"') and name in SAMPLING:
        raise SettingsError(f"A quote is not closed in the value of {name}.")


def _read_pair(
    name: str, word: str, so_far: ParamChanges, efforts: Collection[str]
) -> dict[str, ParamValue]:
    if not word:
        raise SettingsError(f"{name} needs a value: {name}={parameter(name).examples[0]}")
    if name != "stop" or word.lower() in OFF:
        name, value = read_value(name, _plain(word), efforts)
        return {name: value}
    before = so_far.get(name)
    return {name: read_stops([*(before if isinstance(before, tuple) else ()), _plain(word)])}


def _pairs(name: str, value: ParamValue) -> list[str]:
    if isinstance(value, tuple) and value:
        return [f"{name}={quoted(text)}" for text in value]
    return [f"{name}={in_words(value)}"]


def _values(name: str, efforts: Sequence[str]) -> list[str]:
    try:
        known = parameter(name)
    except SettingsError:
        return []
    own = efforts if known.name == "effort" and efforts else known.examples
    is_switch = unset(known.name) is False
    return [*own] if is_switch else [*own, "off"]


def _split(text: str, name: str) -> list[str]:
    words: list[str] = []
    at = 0
    text = text.strip()
    while at < len(text):
        found = _WORDS.match(text, at)
        if found is None:
            raise SettingsError(f"A quote is not closed in the value of {name}.")
        words.append(found[1])
        at = found.end()
    return words


def _plain(word: str) -> str:
    """A word without its quotes."""
    if len(word) > 1 and word[0] == word[-1] == "'":
        return word[1:-1]
    if len(word) > 1 and word[0] == word[-1] == '"':
        word = word[1:-1]
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), word)

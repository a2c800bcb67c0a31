"""Reads sampling settings as a person writes them, and says them back."""

import math
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import cast

from conduit_tui.core.errors import SettingsError
from conduit_tui.core.params import SAMPLING, Params, ParamValue

HOTTEST = 2.0
MOST_TOKENS = 10_000_000
MOST_STOPS = 16
LARGEST_SEED = 2**63 - 1

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""What vendors call their efforts, weakest first; a model may know words of its own."""

OFF = ("off", "default")
"""Words that leave a setting to the provider."""

_ALIASES = {
    "temp": "temperature",
    "max": "max_tokens",
    "reasoning_effort": "effort",
    "reasoning": "effort",
    "budget": "thinking_tokens",
    "thinking": "thinking_tokens",
}
_SPELT = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"))
_COUNT = re.compile(r"(\d[\d_,]*)([kKmM]?)", re.ASCII)
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
_LONGEST_NUMBER = 24
_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Parameter:
    """One sampling setting.

    `takes` completes the sentence "NAME must be ...". `short` names it where there is little
    room; `examples` are values to offer.
    """

    name: str
    short: str
    takes: str
    examples: tuple[str, ...]
    read: Callable[[str], ParamValue]
    """Reads a value; raises ValueError."""


def parameter(name: str) -> Parameter:
    """Find a setting by its name or a usual other one. Raises SettingsError with the nearest."""
    plain = name.strip().lower().replace("-", "_")
    found = _BY_NAME.get(_ALIASES.get(plain, plain))
    if found is None:
        near = nearest(plain)
        hint = f"Did you mean {near}?" if near else f"There are {', '.join(SAMPLING)}."
        raise SettingsError(f"{name[:_MOST_SHOWN]!r} is no parameter. {hint}")
    return found


def nearest(name: str) -> str:
    """The name of the setting that is spelt most like this, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), [*SAMPLING, *_ALIASES], 1, 0.7)
    return _ALIASES.get(near[0], near[0]) if near else ""


def read_value(name: str, text: str, efforts: Collection[str] = ()) -> tuple[str, ParamValue]:
    """Return the full name of a setting and its value.

    `off` and `default` leave it to the provider. `efforts` are words of the model's own.
    Raises SettingsError, in words, for what is not allowed.
    """
    known, text = parameter(name), text.strip()
    if known.name == "effort" and text.lower() in {each.lower() for each in efforts}:
        return known.name, text.lower()
    if text.lower() in OFF:
        return known.name, unset(known.name)
    try:
        return known.name, known.read(text)
    except ValueError:
        shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
        raise SettingsError(f"{known.name} must be {known.takes}, not {shown!r}.") from None


def unset(name: str) -> ParamValue:
    """The value that leaves a setting to the provider."""
    return cast("ParamValue", getattr(Params(), name))


def in_words(value: ParamValue) -> str:
    """A value as a person would write it, on one line."""
    match value:
        case None | ():
            return "off"
        case bool():
            return "on" if value else "off"
        case tuple():
            return " ".join(quoted(text) for text in value)
        case float():
            return f"{value:.10g}"
        case _:
            return str(value)


def read_stops(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts that end a reply, each once. Raises SettingsError."""
    stops = tuple(dict.fromkeys(texts))
    if "" in stops:
        raise SettingsError("stop must be a text of at least one character.")
    if len(stops) > MOST_STOPS:
        raise SettingsError(f"stop takes at most {MOST_STOPS} texts.")
    return stops


def quoted(text: str) -> str:
    """A text in quotes, its line breaks and tabs spelt out."""
    for plain, spelt in _SPELT:
        text = text.replace(plain, spelt)
    return f'"{text}"'


def short_words(params: Params) -> tuple[str, ...]:
    """What is set, each in a word or two: `temp 0.2`, `effort high`, `search`."""
    return tuple(
        _BY_NAME[name].short if value is True else f"{_BY_NAME[name].short} {in_words(value)}"
        for name, value in params.sampling().items()
    )


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text) if len(text) <= _LONGEST_NUMBER else math.nan
        if not least <= value <= most:
            raise ValueError("out of range")
        return value

    return read


def _count(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        found = _COUNT.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
        if found is None:
            raise ValueError("no whole number")
        count = int(re.sub("[_,]", "", found[1])) * _UNITS[found[2].lower()]
        if not least <= count <= MOST_TOKENS:
            raise ValueError("out of range")
        return count

    return read


def _seed(text: str) -> int:
    if len(text) > _LONGEST_NUMBER or abs(seed := int(text)) > LARGEST_SEED:
        raise ValueError("out of range")
    return seed


def _effort(text: str) -> str:
    if text.lower() not in EFFORTS:
        raise ValueError("no effort")
    return text.lower()


def _stop(text: str) -> tuple[str, ...]:
    if not text:
        raise ValueError("empty")
    return (text,)


def _switch(text: str) -> bool:
    match text.lower():
        case "on" | "true" | "yes":
            return True
        case "false" | "no":
            return False
        case _:
            raise ValueError("neither")


_TOKENS = f"a whole number from {{}} to {MOST_TOKENS:,}, such as {{}}"

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "temperature",
        "temp",
        f"a number from 0 to {HOTTEST:g}",
        ("0", "0.3", "0.7", "1"),
        _number(0, HOTTEST),
    ),
    Parameter("top_p", "top_p", "a number from 0 to 1", ("0.9", "0.95", "1"), _number(0, 1)),
    Parameter("max_tokens", "max", _TOKENS.format(1, "4096 or 4k"), ("1k", "4k", "16k"), _count(1)),
    Parameter("stop", "stop", 'text in quotes, such as "END" "###"', ('"###"', '"\\n\\n"'), _stop),
    Parameter("effort", "effort", f"{', '.join(EFFORTS[:-1])} or {EFFORTS[-1]}", EFFORTS, _effort),
    Parameter(
        "thinking_tokens",
        "think",
        _TOKENS.format(0, "8000 or 8k"),
        ("2k", "8k", "32k"),
        _count(0),
    ),
    Parameter("seed", "seed", "a whole number such as 42", ("42",), _seed),
    Parameter("search", "search", "on or off", ("on", "off"), _switch),
)
"""Every sampling setting, in the order of `SAMPLING`."""

_BY_NAME = {each.name: each for each in PARAMETERS}

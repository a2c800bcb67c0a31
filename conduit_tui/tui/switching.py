"""`on NAME...` and `off [NAME...]` behind a command: read, completed, and checked for names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.slash import Mistake

SWITCHES = ("on", "off")
MOST_NAMES = 50


@dataclass(frozen=True, slots=True)
class Switching:
    """What is to be switched on or off; without names everything."""

    is_on: bool
    names: tuple[str, ...] = ()


def read_switching(argument: str) -> Switching | None:
    """Read `on NAME...`, `off` or `off NAME...`, names with commas or spaces between; else None."""
    word, _, rest = argument.partition(" ")
    if word.lower() not in SWITCHES:
        return None
    return Switching(word.lower() == "on", tuple(rest.replace(",", " ").split()[:MOST_NAMES]))


def known(
    typed: Sequence[str], names: Sequence[str], what: Literal["tool", "skill"]
) -> list[str] | Mistake:
    """The names as they are written, typed in any case; a mistake tells the first unknown one."""
    by_name = {name.lower(): name for name in reversed(names)} | {name: name for name in names}
    found: list[str] = []
    for each in typed:
        name = by_name.get(each) or by_name.get(each.lower())
        if name is None:
            return Mistake(_unknown(each, names, what))
        found.append(name)
    return found


def offer_switching(partial: str, on: Iterable[str], off: Iterable[str]) -> Iterator[str]:
    """What may follow: a switch, then names that are not there yet; of each, the whole argument.

    `on` are the names that can be switched off, `off` those that can be switched on.
    """
    word, space, rest = partial.partition(" ")
    if not space or word not in SWITCHES:
        yield from ("on ", "off")
        return
    there, _, _ = rest.rpartition(" ")
    for name in off if word == "on" else on:
        if name not in there.split():
            yield " ".join(filter(None, (word, there, name)))


def _unknown(typed: str, names: Sequence[str], what: str) -> str:
    near = get_close_matches(typed.lower(), [name.lower() for name in names], 3, 0.5)
    advice = f"Near it: {', '.join(near)}." if near else f"/{what}s lists them."
    return f"There is no {what} named {clean_line(typed[:60])!r}. {advice}"

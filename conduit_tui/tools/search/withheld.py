"""Files below the folder of a search that the person's rules keep from it."""

import os
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from conduit_tui.tools.search.expressions import BadPattern, compiled, escaped
from conduit_tui.tools.search.job import Kind

if TYPE_CHECKING:  # the process of a search has only patterns
    from conduit_tui.core.consent import Act
    from conduit_tui.core.rule import Rule

_HELD_AGAINST: dict[Kind, tuple[str, ...]] = {
    "grep": ("grep_files", "file_read", "*"),
    "glob": ("glob_files", "ls", "*"),
}
"""The tools whose rules count for what a search shows: lines are read, names are listed."""

_TOKEN = re.compile(r"\\[\\*]|\*+|[^*]", re.DOTALL)


def withheld(kind: Kind, rules: "Iterable[Rule]", act: "Act") -> tuple[str, ...]:
    """The patterns of the rules by which files are left out of a search that `act` stands for.

    What speaks of a whole tool, or of the folder itself, was held against the search as such.
    """
    tools = _HELD_AGAINST[kind]
    return tuple(
        rule.pattern
        for rule in rules
        if rule.verdict != "allow"
        and rule.tool in tools
        and not rule.is_of_whole_tool
        and not rule.fits(act)
    )


class Withheld:
    """Tells which paths are kept from a search, by the patterns of rules."""

    def __init__(self, patterns: Sequence[str], real_path: str) -> None:
        """Raises BadPattern if they are too much to be held against each path."""
        self._start = b"" if real_path == "/" else os.fsencode(real_path)
        self._expression = None
        if not patterns:
            return
        try:
            whole = "|".join(map(_expression, patterns))
            self._expression = compiled(f"(?s)^(?:{whole})$")
        except BadPattern as error:
            words = "The person's rules about paths are too many for a search; it was not done."
            raise BadPattern(words) from error

    def has(self, path: bytes) -> bool:
        """Whether a path below the folder of the search is kept from it; "" is that itself."""
        if self._expression is None:
            return False
        whole = self._start + b"/" + path if path else self._start
        text = whole.decode("utf-8", "backslashreplace")  # as in the subject of an act
        return self._expression.search(text.encode()) is not None


def _expression(pattern: str) -> str:
    return "".join(map(_piece, _TOKEN.findall(pattern)))


def _piece(token: str) -> str:
    if token == "*":
        return "[^/]*"
    return ".*" if token.startswith("*") else escaped(token[-1])

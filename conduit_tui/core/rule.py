"""Rules about what tools may do: deny before ask before allow.

    file_read                     everything this tool does
    file_read(/home/ann/notes/**) what it does below a directory
    run_shell(git status)         one command, exactly
    run_shell(git log*)           commands that begin so
    fetch_url(https://docs.python.org/**)

`*` stands for any characters but a slash, `**` for any characters, line breaks too; of what runs
a program both mean any characters, as a slash divides nothing in a command. `\\*` is a star and
`\\\\` a backslash; before anything else a backslash is one. What stands between the first and the
last parenthesis is the pattern, as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:  # settings are read with rules, before there are messages
    from conduit_tui.core.consent import Act

Verdict: TypeAlias = Literal["deny", "ask", "allow"]

Whence: TypeAlias = Literal["settings", "flag", "always", "session"]
"""Where a rule comes from: settings.toml, the command line, or a person's answer."""

MOST_PATTERN = 4_000
"""Characters that the text of a rule may have."""
LONGEST_MATCHED = 100_000
"""Characters of a subject up to which wildcards are looked at."""

_RULE = re.compile(r"([A-Za-z0-9_-]{1,64}|\*)(?:\((.+)\))?", re.DOTALL)
_TOKEN = re.compile(r"\\[\\*]|\*+|[^*]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is said of a tool's acts whose subject fits `pattern`; `*` as tool means every tool."""

    verdict: Verdict
    tool: str
    pattern: str = "**"
    whence: Whence = "settings"

    def __str__(self) -> str:
        return self.tool if self.pattern == "**" else f"{self.tool}({self.pattern})"

    def fits(self, act: Act) -> bool:
        """Whether the rule speaks of this act.

        What is too long to be looked at is denied or asked for by any pattern, and allowed by none.
        """
        if self.tool not in ("*", act.tool):
            return False
        if self.verdict == "allow" and act.always_asks:
            return False
        if self.is_of_whole_tool:
            return True
        if not has_wildcards(self.pattern):
            return unescaped(self.pattern) == act.subject
        if self.verdict == "allow" and act.literal:
            return False
        if len(act.subject) > LONGEST_MATCHED:
            return self.verdict != "allow"
        return fits(self.pattern, act.subject, crosses_slashes=act.effect == "run")

    @property
    def is_of_whole_tool(self) -> bool:
        """Whether it speaks of everything a tool does."""
        return len(self.pattern) > 1 and set(self.pattern) == {"*"}


def parse_rule(text: str, verdict: Verdict, whence: Whence = "settings") -> Rule | None:
    """Read `tool` or `tool(pattern)`; None for anything else."""
    match = _RULE.fullmatch(text.strip())
    if match is None or len(text) > MOST_PATTERN:
        return None
    return Rule(verdict, match[1], match[2] or "**", whence)


def verdict(rules: Iterable[Rule], act: Act) -> Verdict:
    """What the rules say of an act, the strictest first; without one, what is usual.

    Usual is to allow what touches nothing, what reads below the working directory and what follows
    something permitted, and to ask for everything else.
    """
    said = {rule.verdict for rule in rules if rule.fits(act)}
    if "deny" in said:
        return "deny"
    if "ask" in said or act.always_asks:
        return "ask"
    is_usual = act.effect == "none" or act.follows or (act.effect == "read" and act.is_inside)
    return "allow" if "allow" in said or is_usual else "ask"


def literal(text: str) -> str:
    """Return the pattern that only this text fits: what a tool makes patterns of paths with."""
    return text.replace("\\", "\\\\").replace("*", "\\*")


def unescaped(pattern: str) -> str:
    """Return the one text that a pattern without wildcards speaks of."""
    return "".join(token[-1] for token in _TOKEN.findall(pattern))


def has_wildcards(pattern: str) -> bool:
    """Whether a pattern speaks of more than one text."""
    return any(token.startswith("*") for token in _TOKEN.findall(pattern))


def fits(pattern: str, subject: str, *, crosses_slashes: bool = False) -> bool:
    """Whether a subject fits a pattern, whose `*` may stand for slashes too.

    All places in the pattern that the subject may have come to are the bits of one number, so a
    character costs the same whatever the pattern is: 20 ms for the longest of both.
    """
    letters: dict[str, int] = {}
    anything = no_slash = 0
    end = 1
    for token in _TOKEN.findall(pattern):
        if token == "*":
            no_slash |= end
        elif token.startswith("*"):
            anything |= end
        else:
            letter = token[-1]
            letters[letter] = letters.get(letter, 0) | end
            end <<= 1
    reached = 1
    for character in subject:
        is_divided = character == "/" and not crosses_slashes
        stays = anything if is_divided else anything | no_slash
        reached = (reached & letters.get(character, 0)) << 1 | (reached & stays)
        if not reached:
            return False
    return bool(reached & end)

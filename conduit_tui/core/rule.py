"""Rules about what tools may do: deny before ask before allow.

    file_read                     everything this tool does
    file_read(/home/ann/notes/**) what it does below a directory
    run_shell(git status)         one command, exactly
    fetch_url(https://docs.python.org/**)

`*` stands for any characters but a slash, `**` for any characters.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conduit_tui.core.consent import Act

Verdict: TypeAlias = Literal["deny", "ask", "allow"]

Whence: TypeAlias = Literal["settings", "flag", "always", "session"]
"""Where a rule comes from: settings.toml, the command line, or a person's answer."""

MOST_PATTERN = 4_000
"""Characters that a pattern may have."""
LONGEST_MATCHED = 20_000
"""Characters of a subject up to which wildcards are looked at; a longer one must be equal."""

_RULE = re.compile(r"([A-Za-z0-9_-]{1,64}|\*)(?:\((.*)\))?", re.DOTALL)


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
        """Whether the rule speaks of this act."""
        if self.tool not in ("*", act.tool):
            return False
        if self.verdict == "allow" and act.always_asks:
            return False
        if self.pattern in ("**", act.subject):
            return True
        if self.verdict == "allow" and act.literal:
            return False
        return fits(self.pattern, act.subject)

    @property
    def is_of_whole_tool(self) -> bool:
        """Whether it speaks of everything a tool does."""
        return self.pattern == "**"


def parse_rule(text: str, verdict: Verdict, whence: Whence = "settings") -> Rule | None:
    """Read `tool` or `tool(pattern)`; None for anything else."""
    match = _RULE.fullmatch(text.strip())
    if match is None or len(text) > MOST_PATTERN:
        return None
    return Rule(verdict, match[1], match[2] or "**", whence)


def verdict(rules: Iterable[Rule], act: Act) -> Verdict:
    """What the rules say of an act, the strictest first; without one, what is usual.

    Usual is to allow what touches nothing and what reads below the working directory, and to ask
    for everything else.
    """
    said = {rule.verdict for rule in rules if rule.fits(act)}
    if "deny" in said:
        return "deny"
    if "ask" in said or act.always_asks:
        return "ask"
    is_usual = act.effect == "none" or (act.effect == "read" and act.is_inside)
    return "allow" if "allow" in said or is_usual else "ask"


def fits(pattern: str, subject: str) -> bool:
    """Whether a subject fits a pattern, in time proportional to both."""
    if len(subject) > LONGEST_MATCHED:
        return subject == pattern
    tokens = re.findall(r"\*\*|\*|[^*]", pattern, re.DOTALL)
    states = _spread(tokens, {0})
    for character in subject:
        moved = set[int]()
        for at in states:
            token = tokens[at] if at < len(tokens) else ""
            if token == "**" or (token == "*" and character != "/"):
                moved.add(at)
            elif token == character:
                moved.add(at + 1)
        states = _spread(tokens, moved)
        if not states:
            return False
    return len(tokens) in states


def _spread(tokens: list[str], states: set[int]) -> set[int]:
    """The places in a pattern that can be reached from some without taking a character."""
    reached = set[int]()
    for state in states:
        at = state
        while at not in reached:
            reached.add(at)
            if at < len(tokens) and tokens[at].startswith("*"):
                at += 1
    return reached

"""What a person is asked before a tool acts, as text: who wants what, and the answers."""

from collections.abc import Iterator
from typing import NamedTuple

from conduit_tui.core.asked import heading, makes_file
from conduit_tui.core.clean import clean_line
from conduit_tui.core.consent import Act, Choice, Effect
from conduit_tui.core.laid_bare import laid_bare
from conduit_tui.core.rule import has_wildcards, unescaped

_WANTS: dict[Effect, str] = {
    "none": "wants to run",
    "read": "wants to read",
    "write": "wants to write",
    "run": "wants to run",
    "network": "wants to use the network",
}
_THIS: dict[Effect, str] = {
    "none": "this very call",
    "read": "this very path",
    "write": "this very file",
    "run": "this very command",
    "network": "this very address",
}
LONGEST_PATTERN = 60
"""Characters of a subject that is repeated in a notice; a longer one is named."""


class Answer(NamedTuple):
    """One answer: its key, what it does, and what it is; None goes there, or leaves it open."""

    key: str
    words: str
    choice: Choice | None


def title_of(act: Act) -> tuple[str, str]:
    """The tool, and what it wants."""
    wants = _WANTS[act.effect]
    if act.effect == "write" and heading(act):
        wants = "wants to make a file" if makes_file(act) else "wants to change a file"
    elif act.effect == "run" and act.shown_as == "shell":
        wants = "wants to run a command"
    return clean_line(act.tool), wants


def may_last(act: Act) -> bool:
    """Whether an answer may hold for longer than this once."""
    return not act.always_asks


def pattern_words(act: Act) -> str:
    """The rule that an answer which lasts makes."""
    pattern = act.wider or act.subject
    if pattern == "**":
        return f"everything {clean_line(act.tool)} does"
    if pattern == act.subject and ("\n" in pattern or len(pattern) > LONGEST_PATTERN):
        return f"{clean_line(act.tool)}, exactly as asked"
    return f"{clean_line(act.tool)}({laid_bare(pattern).replace(chr(10), '⏎')})"


def allowed_words(act: Act) -> str:
    """What an answer that lasts would allow, as a person would say it."""
    tool, pattern = clean_line(act.tool), act.wider or act.subject
    if pattern == "**":
        return f"whatever {tool} does"
    if not has_wildcards(pattern):
        return _THIS[act.effect]
    base = pattern.removesuffix("**")
    if base == pattern or has_wildcards(base):
        return pattern_words(act)
    where = "on" if act.effect == "network" else "below"
    return f"every {tool} {where} {laid_bare(unescaped(base)).replace(chr(10), '⏎')}"


def answers_to(act: Act) -> Iterator[Answer]:
    """The answers there are, in the order they are offered."""
    yield Answer("y", "yes, once", "once")
    if may_last(act):
        yield Answer("s", f"yes, in this session: {allowed_words(act)}", "session")
        yield Answer("a", "yes, always: the same, in every session", "always")
    yield Answer("n", "no, and why if you like", "no")

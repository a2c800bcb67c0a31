"""What a person is asked before a tool acts, as text: who wants what, and the answers."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from conduit_tui.core.clean import clean_line
from conduit_tui.core.consent import Act, Choice, Effect
from conduit_tui.core.json import Json
from conduit_tui.core.laid_bare import hosts_told, laid_bare, lookalikes
from conduit_tui.core.message import ToolCall
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

_INDENT = "  "
_ABOVE = "↑"
_SIGNS = ("", "+", "-", " ", "@", "\\")


class Answer(NamedTuple):
    """One answer: its key, what it does, and what it is; None goes there, or leaves it open."""

    key: str
    words: str
    choice: Choice | None


def title_of(act: Act) -> tuple[str, str]:
    """The tool, and what it wants."""
    wants = _WANTS[act.effect]
    if act.effect == "write" and _heading(act):
        wants = "wants to make a file" if _makes(act) else "wants to change a file"
    elif act.effect == "run" and act.shown_as == "shell":
        wants = "wants to run a command"
    return clean_line(act.tool), wants


def subject_of(act: Act, call: ToolCall) -> str:
    """What it is done to, in full, unless that is the arguments, which are shown anyway."""
    try:
        is_arguments = json.loads(act.subject) == call.arguments_object()
    except (ValueError, RecursionError):
        is_arguments = False
    return "" if is_arguments else laid_bare(act.subject)


def warnings_of(act: Act) -> Iterator[str]:
    """What is unusual about it, as the tool says and as the words themselves show."""
    yield from (laid_bare(each) for each in act.warnings)
    yield from lookalikes(act.subject)
    if act.effect == "network":
        yield from hosts_told(act.subject)


def preview_of(act: Act) -> str:
    """What would come of it, unless it is the subject again; a diff without its heading."""
    if act.preview.strip() == act.subject.strip():
        return ""
    preview = act.preview.removesuffix("\n")
    if act.shown_as != "diff":
        return laid_bare(preview)
    lines = preview.split("\n")[len(_heading(act)) :]
    return _bare_diff(lines[1:] if _makes(act) else lines)


def arguments_of(act: Act, call: ToolCall) -> str:
    """All arguments of the call, those in full that are not in full above; nothing if all are.

    A line that begins with no blank is a name, as values of several lines are set in; one that is
    shown above has no colon, so that no value looks like it.
    """
    arguments = call.arguments_object()
    if arguments is None:
        return laid_bare(call.arguments)
    shown = _Above(act)
    if all(shown.has(value) for value in arguments.values()):
        return ""
    return "\n".join(_argument(name, value, shown) for name, value in arguments.items())


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


class _Above:
    """What of a call stands above its arguments: its subject, and the lines of a diff."""

    def __init__(self, act: Act) -> None:
        self._act = act
        self._sides = _sides(act) if act.shown_as == "diff" else ()

    def has(self, value: Json) -> bool:
        """Whether every character of a value is shown there."""
        if not isinstance(value, str) or not value.strip():
            return False
        is_file = self._act.effect in ("read", "write")
        if value == self._act.subject or (is_file and self._act.subject.endswith(f"/{value}")):
            return True
        lines = value.removesuffix("\n")
        return any(f"\n{lines}\n" in side for side in self._sides)


def _argument(name: str, value: Json, above: _Above) -> str:
    shown = laid_bare(name).replace("\n", "⏎")
    if above.has(value):
        return f"{shown} {_ABOVE} as above"
    if not isinstance(value, str):
        return f"{shown}: {laid_bare(json.dumps(value, ensure_ascii=False))}"
    lines = laid_bare(value).split("\n")
    if len(lines) == 1:
        return f"{shown}: {lines[0]}"
    return "\n".join((f"{shown}:", *(_INDENT + line for line in lines)))


def _heading(act: Act) -> list[str]:
    """The two lines a diff begins with, if they say no more than the subject does."""
    lines = act.preview.split("\n", 2)[:2] if act.shown_as == "diff" else []
    before = ("--- /dev/null", f"--- {act.subject}")
    is_heading = len(lines) == 2 and lines[0] in before and lines[1] == f"+++ {act.subject}"
    return lines if is_heading else []


def _makes(act: Act) -> bool:
    """Whether a diff is of a new file, all of whose lines are added."""
    return _heading(act)[:1] == ["--- /dev/null"]


def _bare_diff(lines: list[str]) -> str:
    """A diff laid bare but for the sign before each line, which may be a blank."""
    if not all(line[:1] in _SIGNS for line in lines):
        return laid_bare("\n".join(lines))
    bare = laid_bare("\n".join(line[1:] for line in lines)).split("\n")
    return "\n".join(line[:1] + rest for line, rest in zip(lines, bare, strict=True))


def _sides(act: Act) -> tuple[str, ...]:
    """What the hunks of a diff show of the text before and after, each between line breaks."""
    found: list[tuple[list[str], list[str]]] = []
    for line in act.preview.split("\n")[len(_heading(act)) :]:
        if line.startswith("@@") or not found:
            found.append(([], []))
        before, after = found[-1]
        if line[:1] in ("-", " "):
            before.append(line[1:])
        if line[:1] in ("+", " "):
            after.append(line[1:])
    return tuple(f"\n{chr(10).join(side)}\n" for hunk in found for side in hunk)

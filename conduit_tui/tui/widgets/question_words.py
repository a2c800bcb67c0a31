"""What a person is asked before a tool acts, as text: who wants what, and the answers."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from conduit_tui.core.clean import clean_line
from conduit_tui.core.consent import Act, Choice, Effect
from conduit_tui.core.json import Json
from conduit_tui.core.laid_bare import hosts_told, laid_bare, lookalikes
from conduit_tui.core.message import ToolCall

_WANTS: dict[Effect, str] = {
    "none": "wants to run",
    "read": "wants to read",
    "write": "wants to write",
    "run": "wants to run",
    "network": "wants to use the network",
}
LONGEST_PATTERN = 60
"""Characters of a subject that is repeated behind an answer; a longer one is named."""

_INDENT = "  "
_ABOVE = "↑"
_SIGNS = ("", "+", "-", " ", "@", "\\")


class Answer(NamedTuple):
    """One answer: its key, what it does, and what it is; None leaves the question open."""

    key: str
    words: str
    choice: Choice | None


def title_of(act: Act) -> tuple[str, str]:
    """The tool, and what it wants."""
    return clean_line(act.tool), _WANTS[act.effect]


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
    """What would come of it, unless it is the subject again."""
    if act.preview.strip() == act.subject.strip():
        return ""
    preview = act.preview.removesuffix("\n")
    return _bare_diff(preview) if act.shown_as == "diff" else laid_bare(preview)


def arguments_of(act: Act, call: ToolCall) -> str:
    """All arguments of the call, those in full that are not in full above.

    A line that begins with no blank is a name, as values of several lines are set in; one that is
    shown above has no colon, so that no value looks like it.
    """
    arguments = call.arguments_object()
    if arguments is None:
        return laid_bare(call.arguments)
    return "\n".join(_argument(name, value, act) for name, value in arguments.items())


def may_last(act: Act) -> bool:
    """Whether an answer may hold for longer than this once."""
    return not act.always_asks


def pattern_words(act: Act) -> str:
    """What an answer that lasts would allow."""
    pattern = act.wider or act.subject
    if pattern == "**":
        return f"everything {clean_line(act.tool)} does"
    if pattern == act.subject and ("\n" in pattern or len(pattern) > LONGEST_PATTERN):
        return f"{clean_line(act.tool)}, exactly as above"
    return f"{clean_line(act.tool)}({laid_bare(pattern).replace(chr(10), '⏎')})"


def answers_to(act: Act) -> Iterator[Answer]:
    """The answers there are, in the order they are offered."""
    yield Answer("y", "yes, once", "once")
    if may_last(act):
        yield Answer("s", f"for this session: {pattern_words(act)}", "session")
        yield Answer("a", "always", "always")
    yield Answer("n", "no", "no")
    yield Answer("Esc", "later", None)


def _argument(name: str, value: Json, act: Act) -> str:
    shown = laid_bare(name).replace("\n", "⏎")
    if not isinstance(value, str):
        return f"{shown}: {laid_bare(json.dumps(value, ensure_ascii=False))}"
    if value == act.subject:
        return f"{shown} {_ABOVE} as above"
    if act.shown_as == "diff" and "\n" in value and _adds(act.preview, value):
        return f"{shown} {_ABOVE} the lines of the diff"
    lines = laid_bare(value).split("\n")
    if len(lines) == 1:
        return f"{shown}: {lines[0]}"
    return "\n".join((f"{shown}:", *(_INDENT + line for line in lines)))


def _bare_diff(diff: str) -> str:
    """A diff laid bare but for the sign before each line, which may be a blank."""
    lines = diff.split("\n")
    if not all(line[:1] in _SIGNS for line in lines):
        return laid_bare(diff)
    bare = laid_bare("\n".join(line[1:] for line in lines)).split("\n")
    return "\n".join(line[:1] + rest for line, rest in zip(lines, bare, strict=True))


def _adds(diff: str, text: str) -> bool:
    """Whether a diff shows all of a text, line by line, so that it need not be shown twice."""
    heads = ("+++", "---", "@@", "\\")
    lines = [line for line in diff.split("\n") if line and not line.startswith(heads)]
    after = [line[1:] for line in lines if line[0] in "+ "]
    return after == text.removesuffix("\n").split("\n")

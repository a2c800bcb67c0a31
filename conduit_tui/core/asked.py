"""What a person decides on, laid bare: what is done to what, what would come of it, all arguments.

Of a megabyte that takes seconds: it is made on a thread, before anybody is asked.
"""

import json
from collections.abc import Iterator

from conduit_tui.core.consent import Act, Asked
from conduit_tui.core.json import Json
from conduit_tui.core.laid_bare import hosts_told, laid_bare, lookalikes
from conduit_tui.core.message import ToolCall

_INDENT = "  "
_ABOVE = "↑"
_SIGNS = ("", "+", "-", " ", "@", "\\")


def asked_of(act: Act, call: ToolCall) -> Asked:
    """Lay bare what a call is about to do."""
    return Asked(
        _subject_of(act, call),
        tuple(_warnings_of(act)),
        _preview_of(act),
        _arguments_of(act, call),
    )


def heading(act: Act) -> list[str]:
    """The two lines a diff begins with, if they say no more than the subject does."""
    lines = act.preview.split("\n", 2)[:2] if act.shown_as == "diff" else []
    before = ("--- /dev/null", f"--- {act.subject}")
    is_heading = len(lines) == 2 and lines[0] in before and lines[1] == f"+++ {act.subject}"
    return lines if is_heading else []


def makes_file(act: Act) -> bool:
    """Whether a diff is of a new file, all of whose lines are added."""
    return heading(act)[:1] == ["--- /dev/null"]


def _subject_of(act: Act, call: ToolCall) -> str:
    """What it is done to, in full, unless that is the arguments, which are shown anyway."""
    try:
        is_arguments = json.loads(act.subject) == call.arguments_object()
    except (ValueError, RecursionError):
        is_arguments = False
    return "" if is_arguments else laid_bare(act.subject)


def _warnings_of(act: Act) -> Iterator[str]:
    """What is unusual about it, as the tool says and as the words themselves show."""
    yield from (laid_bare(each) for each in act.warnings)
    yield from lookalikes(act.subject)
    if act.effect == "network":
        yield from hosts_told(act.subject)


def _preview_of(act: Act) -> str:
    """What would come of it, unless it is the subject again; a diff without its heading."""
    if act.preview.strip() == act.subject.strip():
        return ""
    preview = act.preview.removesuffix("\n")
    if act.shown_as != "diff":
        return laid_bare(preview)
    lines = preview.split("\n")[len(heading(act)) :]
    return _bare_diff(lines[1:] if makes_file(act) else lines)


def _arguments_of(act: Act, call: ToolCall) -> str:
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


def _bare_diff(lines: list[str]) -> str:
    """A diff laid bare but for the sign before each line, which may be a blank."""
    if not all(line[:1] in _SIGNS for line in lines):
        return laid_bare("\n".join(lines))
    bare = laid_bare("\n".join(line[1:] for line in lines)).split("\n")
    return "\n".join(line[:1] + rest for line, rest in zip(lines, bare, strict=True))


def _sides(act: Act) -> tuple[str, ...]:
    """What the hunks of a diff show of the text before and after, each between line breaks."""
    found: list[tuple[list[str], list[str]]] = []
    for line in act.preview.split("\n")[len(heading(act)) :]:
        if line.startswith("@@") or not found:
            found.append(([], []))
        before, after = found[-1]
        if line[:1] in ("-", " "):
            before.append(line[1:])
        if line[:1] in ("+", " "):
            after.append(line[1:])
    return tuple(f"\n{chr(10).join(side)}\n" for hunk in found for side in hunk)

"""What is said of a tool: what it does, when it asks, which rules speak of it."""

import json
import re
from collections.abc import Sequence

from conduit_tui.core.clean import clean_line
from conduit_tui.core.consent import Effect
from conduit_tui.core.rule import Rule, Whence
from conduit_tui.tools.tool import Tool

EFFECTS: dict[Effect, str] = {
    "none": "",
    "read": "reads",
    "write": "writes",
    "run": "runs",
    "network": "network",
}
"""What a tool does to the world, in a word; one that does nothing to it has none."""

_WHENCE: dict[Whence, str] = {
    "settings": "settings.toml",
    "flag": "--allow",
    "always": "always",
    "session": "this session",
}
_USUALLY: dict[Effect, str] = {
    "none": "It touches nothing, so it never asks.",
    "read": "Below the working directory it reads without a question, elsewhere it asks.",
    "write": "It shows what it would change and asks, unless a rule allows it.",
    "run": "It shows the whole command and asks, unless a rule allows it.",
    "network": "It shows the whole address and asks, unless a rule allows it.",
}
_AFTER_READING = "Files were read or attached, so it asks every time, whatever rules allow."
_NO_RULES = "No rule speaks of it."


def effect_word(tool: Tool) -> str:
    """What a tool does, in a word."""
    return EFFECTS[tool.effect]


def summary(tool: Tool) -> str:
    """The first sentence of a tool's description."""
    words = " ".join(clean_line(tool.spec.description[:400]).split())
    return re.split(r"(?<=[.!?;]) ", words, maxsplit=1)[0].rstrip(".;")


def why_not(tool: Tool, *, is_denied: bool) -> str:
    """Why a model is not told of a tool that is on, in a few words; nothing if it is."""
    return tool.lacks or ("a rule denies it" if is_denied else "")


def standing(tool: Tool, *, is_denied: bool, has_read_files: bool) -> tuple[str, ...]:
    """When it asks, in sentences."""
    if is_denied:
        return ("A rule denies all it does; /permissions lists the rules.",)
    if tool.effect == "network" and has_read_files:
        return (_AFTER_READING,)
    return (_USUALLY[tool.effect],)


def details(tool: Tool, rules: Sequence[Rule]) -> str:
    """Description, rules and JSON Schema of a tool, as Markdown."""
    schema = json.dumps(tool.spec.schema, indent=2, ensure_ascii=False)
    spoken = [rule for rule in rules if rule.tool in (tool.spec.name, "*")]
    lines = "\n".join(f"{each.verdict:<5}  {each}  ({_WHENCE[each.whence]})" for each in spoken)
    said = _fenced("", lines) if lines else _NO_RULES
    description = re.sub(r"(?<!\n)\n(?!\n|- )", " ", tool.spec.description.strip())
    return f"{description}\n\n**Rules**\n\n{said}\n\n**Arguments**\n\n{_fenced('json', schema)}"


def _fenced(language: str, text: str) -> str:
    """A block of code that its text cannot end."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"

"""What a model is told of skills: which there are, and the body of one, wrapped by its type.

The words of a skill come from outside. They stand between tags that they cannot close.
"""

import re
from collections.abc import Sequence

from conduit_tui.core.clean import clean_line
from conduit_tui.core.skill import Skill, SkillType

MOST_BODY_CHARACTERS = 80_000
MOST_LISTED_CHARACTERS = 16_000
LONGEST_LISTED_DESCRIPTION = 1024
_MOST_PATH_CHARACTERS = 8_000

# Blanks and what cannot be seen may stand within a tag that a model would still take for one.
_TAG = re.compile(r"<(?=[^\w<>]{0,40}(?:available_)?skills?\b)", re.IGNORECASE)
_MEANINGS: dict[SkillType, str] = {
    "skill": "This documents an ability. Use it where it helps with what is asked.",
    "context": "This is ground truth. Rely on it where what you know says otherwise.",
    "prompt": "These are instructions. Follow them from here on.",
}


def wrapped(skill: Skill) -> str:
    """The body of a skill, named, with what it is to the model and the files beside it."""
    lines = [f'<skill name="{skill.name}" type="{skill.type}">', _MEANINGS[skill.type]]
    if files := _listed_files(skill):
        lines += ["", f"Relative paths in it are below {_path(skill.directory)}. Its files:"]
        lines += files
    return "\n".join([*lines, "", body_within(_untagged(skill.body)), "</skill>"])


def is_body(text: str, name: str) -> bool:
    """Whether a text is the wrapped body of a skill of this name."""
    return text.startswith(f'<skill name="{name}" type="')


def gone(name: str) -> str:
    """What stands in the place of a skill that is switched on but no longer there."""
    return f'<skill name="{_line(name)}">\nIt cannot be found any more.\n</skill>'


def listed(skills: Sequence[Skill]) -> str:
    """The names and descriptions of skills, as far as there is room; of none, nothing."""
    if not skills:
        return ""
    lines = [
        "<available_skills>",
        "Instructions for particular tasks. When one of them fits what is asked, call "
        "enable_skill with its name before you begin.",
    ]
    return "\n".join([*lines, *listed_lines(skills), "</available_skills>"])


def listed_lines(skills: Sequence[Skill]) -> list[str]:
    """A line for each skill, as far as there is room."""
    lines: list[str] = []
    left = MOST_LISTED_CHARACTERS
    for at, skill in enumerate(skills):
        line = f"- {skill.name}: {_line(skill.description)[:LONGEST_LISTED_DESCRIPTION]}"
        left -= len(line)
        if left < 0:
            return [*lines, f"- and {len(skills) - at} more, whose names enable_skill knows"]
        lines.append(line)
    return lines


def body_within(body: str) -> str:
    """As much of a body as a model is given, with a word where it was cut."""
    if len(body) <= MOST_BODY_CHARACTERS:
        return body
    return f"{body[:MOST_BODY_CHARACTERS]}\n[Cut here; the rest is in its SKILL.md.]"


def _listed_files(skill: Skill) -> list[str]:
    lines: list[str] = []
    left = _MOST_PATH_CHARACTERS
    for at, path in enumerate(skill.files):
        left -= len(path)
        if left < 0:
            return [*lines, f"- and {len(skill.files) - at} more"]
        lines.append(f"- {_path(path)}")
    return lines


def _line(text: str) -> str:
    return _untagged(clean_line(" ".join(text.split())))


def _path(path: str) -> str:
    return _untagged(clean_line(path))


def _untagged(text: str) -> str:
    return _TAG.sub("&lt;", text)

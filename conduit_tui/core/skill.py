"""A skill: instructions that a model reads when it needs them, or when a person says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

SkillType: TypeAlias = Literal["skill", "context", "prompt"]
"""What a body is: an ability that is described, ground truth, or instructions to follow."""

SkillSource: TypeAlias = Literal["shipped", "user", "project"]
"""Whose a skill is: it came with the program, or is the person's, or a trusted project's."""


@dataclass(frozen=True, slots=True)
class Skill:
    """What stands in `directory`/SKILL.md, raw: `description` and `body` are cleaned when shown.

    `directory` is a real path, `files` are the paths below it of what else is there. Nothing is
    granted by `allowed_tools`. Format: https://agentskills.io/specification
    """

    name: str
    description: str
    type: SkillType
    body: str
    directory: str
    source: SkillSource
    files: tuple[str, ...] = ()
    license: str = ""
    compatibility: str = ""
    allowed_tools: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class SkillNote:
    """What is odd about the skill at a path, in words; or why it `is_left_out`.

    `skill` is the name of the one it is about, where that one is used.
    """

    path: str
    words: str
    is_left_out: bool = False
    skill: str = ""

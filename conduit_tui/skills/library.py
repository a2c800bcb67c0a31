"""All skills there are: looked for in several places, the first one of a name wins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from conduit_tui.core.skill import Skill, SkillNote


@dataclass(frozen=True, slots=True)
class Library:
    """The skills in the order they were found, and what is odd about some."""

    skills: tuple[Skill, ...] = ()
    notes: tuple[SkillNote, ...] = ()


FindSkills: TypeAlias = Callable[[], Library]
"""Looks for skills, for a thread; whatever is wrong becomes a note."""

"""Holds folders against the standard, strictly: https://agentskills.io/specification"""

import os
from dataclasses import dataclass
from pathlib import Path

from conduit_tui.core.errors import SkillError
from conduit_tui.skills.folders import (
    FILE_NAMES,
    MOST_ENTRIES,
    is_skipped,
    names_in,
    opened,
    read_skill_file,
    skill_file,
    what_instead,
)
from conduit_tui.skills.front_matter import read_front_matter
from conduit_tui.skills.lenient import TYPE_KEY, TYPES
from conduit_tui.skills.standard import problems


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder, and what in it is against the standard; nothing if it is right."""

    path: str
    problems: tuple[str, ...]


def validate(path: Path) -> tuple[Checked, ...]:
    """Check a skill's folder, which its SKILL.md may stand for, or all in a folder of them."""
    if path.name in FILE_NAMES and not path.is_dir():
        path = path.parent
    try:
        with opened(path) as descriptor:
            if skill_file(descriptor) is not None:
                return (_check(descriptor, path),)
            instead = what_instead(descriptor)
            found = tuple(
                checked
                for name in names_in(descriptor, MOST_ENTRIES)
                if not is_skipped(name) and (checked := _check_below(descriptor, path / name))
            )
    except FileNotFoundError:
        return (Checked(str(path), ("it does not exist.",)),)
    except NotADirectoryError:
        return (Checked(str(path), ("it is not a directory.",)),)
    except OSError as error:
        return (Checked(str(path), (f"it cannot be read: {error.strerror}.",)),)
    return found or (Checked(str(path), (instead or "there is no SKILL.md in it.",)),)


def _check_below(within: int, path: Path) -> Checked | None:
    try:
        with opened(path.name, within=within) as descriptor:
            if skill_file(descriptor) is not None:
                return _check(descriptor, path)
            instead = what_instead(descriptor)
            return Checked(str(path), (instead,)) if instead else None
    except NotADirectoryError:
        return None
    except OSError as error:
        return Checked(str(path), (f"it cannot be read: {error.strerror}.",))


def _check(descriptor: int, path: Path) -> Checked:
    try:
        content = read_skill_file(descriptor, skill_file(descriptor) or "SKILL.md")
        front = read_front_matter(content, is_lenient=False)
    except SkillError as error:
        return Checked(str(path), (str(error),))
    found = [*front.mistakes, *problems(front.fields, Path(os.path.realpath(path)).name)]
    metadata = front.fields.get("metadata")
    kind = metadata.get(TYPE_KEY) if isinstance(metadata, dict) else None
    if isinstance(kind, str) and kind not in TYPES:
        found.append(f"'metadata: {TYPE_KEY}' must be one of {', '.join(TYPES)}.")
    return Checked(str(path), tuple(found))

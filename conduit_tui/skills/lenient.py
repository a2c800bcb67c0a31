"""Makes a skill of front matter that may be odd: what can be used is, and the rest is noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import SkillError
from conduit_tui.core.skill import Skill, SkillSource, SkillType
from conduit_tui.skills.front_matter import FrontMatter
from conduit_tui.skills.standard import (
    LONGEST_COMPATIBILITY,
    LONGEST_DESCRIPTION,
    composed,
    scripts_in,
)
from conduit_tui.skills.standard import name_problems as problems_of_name
from conduit_tui.skills.yaml_strings import Yaml

TYPE_KEY = "conduit-type"
LONGEST_USABLE_NAME = 128
TYPES: tuple[str, ...] = get_args(SkillType)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a skill was found."""

    name: str
    directory: str
    source: SkillSource
    files: tuple[str, ...] = ()


def make_skill(front: FrontMatter, folder: Folder) -> tuple[Skill, tuple[str, ...]]:
    """Return the skill and what is odd about it. Raises SkillError if it cannot be used."""
    notes = [*front.mistakes]
    description = _text(front.fields, "description", notes)
    if not description.strip():
        raise SkillError("it has no description, so a model cannot know when it is of use.")
    _note_length("description", description, LONGEST_DESCRIPTION, notes)
    compatibility = _text(front.fields, "compatibility", notes)
    _note_length("compatibility", compatibility, LONGEST_COMPATIBILITY, notes)
    metadata = _metadata(front.fields.get("metadata", {}), notes)
    skill = Skill(
        name=_name(front.fields, folder.name, notes),
        description=description.strip(),
        type=_type(front.fields, metadata, notes),
        body=front.body,
        directory=folder.directory,
        source=folder.source,
        files=folder.files,
        license=_text(front.fields, "license", notes),
        compatibility=compatibility,
        allowed_tools=_allowed_tools(front.fields.get("allowed-tools", ""), notes),
        metadata=metadata,
    )
    return skill, tuple(notes)


def _name(fields: Mapping[str, Yaml], folder: str, notes: list[str]) -> str:
    written = composed(_text(fields, "name", notes))
    named = composed(folder)
    if not written:
        notes.append("it has no name; it goes by its folder's.")
    elif not _is_usable(written):
        notes.append(f"its name {written[:80]!r} cannot be used; it goes by its folder's.")
    else:
        notes.extend(problems_of_name(written))
        if len(scripts := scripts_in(written)) > 1:
            mixed = " and ".join(scripts)
            notes.append(f"its name {written!r} mixes letters of {mixed}: it may imitate another.")
        if written != named:
            notes.append(f"its name {written!r} is not that of its folder, {folder!r}.")
        return written
    if not _is_usable(named):
        raise SkillError("neither its name nor its folder's can be used as a name.")
    return named


def _is_usable(name: str) -> bool:
    """Whether a name can be typed, listed and sent: one word of letters, digits and `-_.:`.

    Some letters cannot be seen, such as fillers of Hangul; with one a name looks like another.
    """
    return (
        len(name) <= LONGEST_USABLE_NAME
        and clean_line(name) == name
        and any(letter.isalnum() for letter in name)
        and all(letter.isalnum() or letter in "-_.:" for letter in name)
    )


def _type(fields: Mapping[str, Yaml], metadata: Mapping[str, str], notes: list[str]) -> SkillType:
    written = metadata.get(TYPE_KEY) or _text(fields, "type", notes)
    kind = written.strip().lower()
    if kind in TYPES:
        return cast("SkillType", kind)
    if kind:
        notes.append(f"its type {written[:80]!r} is none of {', '.join(TYPES)}; it is a skill.")
    return "skill"


def _text(fields: Mapping[str, Yaml], key: str, notes: list[str]) -> str:
    value = fields.get(key, "")
    if isinstance(value, str):
        return value
    notes.append(f"{key!r} must be text; it is left out.")
    return ""


def _metadata(value: Yaml, notes: list[str]) -> dict[str, str]:
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if isinstance(each, str)}
        if len(kept) < len(value):
            notes.append("values of 'metadata' that are not text are left out.")
        return kept
    if value:
        notes.append("'metadata' must hold keys with values; it is left out.")
    return {}


def _allowed_tools(value: Yaml, notes: list[str]) -> str:
    if isinstance(value, str):
        return value
    notes.append("'allowed-tools' must be text, its tools apart by blanks.")
    return " ".join(each for each in value if isinstance(each, str))


def _note_length(key: str, value: str, longest: int, notes: list[str]) -> None:
    if len(value) > longest:
        notes.append(f"its {key} has {len(value):,} characters; the standard allows {longest:,}.")

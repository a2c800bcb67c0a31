"""All skills there are: looked for in several places, the first one of a name wins."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from conduit_tui.core.errors import SkillError
from conduit_tui.core.skill import Skill, SkillNote
from conduit_tui.skills.folders import (
    FILE_NAMES,
    files_in,
    is_skipped,
    names_in,
    opened,
    read_skill_file,
    skill_file,
    what_instead,
)
from conduit_tui.skills.front_matter import read_front_matter
from conduit_tui.skills.lenient import Folder, make_skill
from conduit_tui.skills.places import Place

MOST_SKILLS = 500
MOST_FOLDERS = 2_000
MOST_NOTES = 200
LONGEST_NOTE = 400
_NOT_THERE = -1


@dataclass(frozen=True, slots=True)
class Library:
    """The skills in the order they were found, and what is odd about some.

    `seen` holds when each file and directory that was looked at had last changed (in ns).
    """

    skills: tuple[Skill, ...] = ()
    notes: tuple[SkillNote, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict[str, int])

    def is_current(self) -> bool:
        """Whether nothing that was looked at has changed since; for a thread."""
        return all(_changed_at(path) == at for path, at in self.seen.items())


FindSkills: TypeAlias = Callable[[], Library]
"""Looks for skills, for a thread; whatever is wrong becomes a note."""


def read_library(
    places: Iterable[Place], home: Path | None = None, also_seen: Iterable[Path] = ()
) -> Library:
    """Read the skills in all places. A skill whose name was found before is noted, not used.

    A link to the `home` directory or to one above it is not taken for a skill. The library is not
    current any more either when one of the paths in `also_seen` changes.
    """
    reading = _Reading(home)
    reading.seen |= {str(path): _changed_at(str(path)) for path in also_seen}
    for place in places:
        reading.read(place)
    return Library(tuple(reading.skills.values()), tuple(reading.notes), reading.seen)


class _Reading:
    def __init__(self, home: Path | None) -> None:
        self._home = None if home is None else Path(os.path.realpath(home))
        self.skills: dict[str, Skill] = {}
        self.notes: list[SkillNote] = []
        self.seen: dict[str, int] = {}
        self._directories: set[str] = set()
        self._is_full = False

    def read(self, place: Place) -> None:
        path = str(place.path)
        self.seen[path] = _changed_at(path)
        try:
            with opened(place.base, place.parts, may_link=place.may_link) as descriptor:
                names = [name for name in names_in(descriptor) if not is_skipped(name)]
                if len(names) > MOST_FOLDERS:
                    words = f"it holds {len(names):,} entries; the first {MOST_FOLDERS:,} are read."
                    self._note(path, words)
                for name in names[:MOST_FOLDERS]:
                    self._read_folder(place, descriptor, name)
        except FileNotFoundError:
            return
        except OSError as error:
            if place.path.is_symlink() or place.path.parent.is_symlink():
                self._leave_out(path, "it is a symbolic link; in a project none is followed.")
            else:
                self._leave_out(path, f"it cannot be read: {error.strerror}.")

    def _read_folder(self, place: Place, within: int, name: str) -> None:
        path = place.path / name
        try:
            with opened(name, within=within, may_link=place.may_link) as descriptor:
                self._read_skill(place, descriptor, path)
        except NotADirectoryError:
            if name in FILE_NAMES:
                self._leave_out(path, "it stands in no folder of its own, which names the skill.")
            elif path.is_symlink() and path.is_dir():
                self._leave_out(path, "it is a symbolic link; in a project none is followed.")
        except SkillError as error:
            self._leave_out(path, str(error))
        except OSError as error:
            self._leave_out(path, f"it cannot be read: {error.strerror}.")

    def _read_skill(self, place: Place, descriptor: int, path: Path) -> None:
        self.seen[str(path)] = _changed_at(str(path))
        file = skill_file(descriptor)
        if file is None:
            if words := what_instead(descriptor):
                self._leave_out(path, words)
            return
        directory = _real(path, descriptor, self._home)
        if directory in self._directories:  # found by another way already
            return
        self.seen[str(path / file)] = _changed_at(str(path / file))
        front = read_front_matter(read_skill_file(descriptor, file), is_lenient=True)
        files = tuple(str(Path(directory) / each) for each in files_in(descriptor))
        skill, notes = make_skill(front, Folder(path.name, directory, place.source, files))
        self._directories.add(directory)
        self._add(skill, path)
        is_used = self.skills.get(skill.name) is skill
        for words in notes:
            self._note(path, words, skill=skill.name if is_used else "")

    def _add(self, skill: Skill, path: Path) -> None:
        if (first := self.skills.get(skill.name)) is not None:
            self._leave_out(path, f"{skill.name!r} is also at {first.directory}; that one is used.")
        elif len(self.skills) >= MOST_SKILLS:
            if not self._is_full:
                self._is_full = True
                words = f"there are more than {MOST_SKILLS} skills; this one and more do not count."
                self._leave_out(path, words)
        else:
            self.skills[skill.name] = skill

    def _leave_out(self, path: Path | str, words: str) -> None:
        self._note(path, words, is_left_out=True)

    def _note(
        self, path: Path | str, words: str, *, is_left_out: bool = False, skill: str = ""
    ) -> None:
        if len(self.notes) < MOST_NOTES:
            short = words if len(words) <= LONGEST_NOTE else f"{words[: LONGEST_NOTE - 1]}…"
            self.notes.append(SkillNote(str(path), short, is_left_out, skill))
        elif len(self.notes) == MOST_NOTES:
            self.notes.append(SkillNote(str(path), "there are more notes than are kept."))


def _real(path: Path, descriptor: int, home: Path | None) -> str:
    """The real path of a skill's directory, all below which may be read when it is in use.

    It must be the one that is open: a link may have been put in its place meanwhile.
    """
    real = Path(os.path.realpath(path))
    if not os.path.samestat(real.stat(), os.fstat(descriptor)):
        raise SkillError("it was replaced while it was read.")
    if real == Path("/") or (home is not None and (real == home or real in home.parents)):
        raise SkillError("it is a link to a directory that holds more than a skill.")
    try:
        str(real).encode()
    except UnicodeEncodeError as error:
        raise SkillError("its path is not UTF-8 text.") from error
    return str(real)


def _changed_at(path: str) -> int:
    """When content, name or mode last changed; unlike `st_mtime`, nobody can set this back."""
    try:
        return Path(path).stat().st_ctime_ns
    except OSError:
        return _NOT_THERE

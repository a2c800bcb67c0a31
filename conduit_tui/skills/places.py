"""Where skills are looked for, the first place first."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from conduit_tui.core.skill import SkillSource

IN_HOME = (".agents", ".claude")
IN_PROJECT = (".conduit", ".agents", ".claude")
SKILLS = "skills"


@dataclass(frozen=True, slots=True)
class Place:
    """A directory of skills: `parts` below `base`. Links in it count only if they may."""

    base: Path
    parts: tuple[str, ...]
    source: SkillSource
    may_link: bool

    @property
    def path(self) -> Path:
        """The directory."""
        return self.base.joinpath(*self.parts)


def user_places(config: Path, home: Path | None) -> Iterator[Place]:
    """A person's own: `skills` in the config directory, then what other programs read too."""
    yield Place(config, (SKILLS,), "user", may_link=True)
    if home is not None:
        for name in IN_HOME:
            yield Place(home, (name, SKILLS), "user", may_link=True)


def project_places(directory: Path, root: Path) -> Iterator[Place]:
    """Those of a project: in every directory from the working directory up to its root."""
    for above in (directory, *directory.parents):
        for name in IN_PROJECT:
            yield Place(above, (name, SKILLS), "project", may_link=False)
        if above == root:
            return


def shipped_place() -> Place:
    """Those that come with the program."""
    base = Path(str(files("conduit_tui.skills")))
    return Place(base, ("shipped",), "shipped", may_link=False)

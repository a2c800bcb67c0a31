"""The skills of a session: what a model is told of them, and which are on."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from conduit_tui.controller.enable_skill import enable_skill, enable_skill_spec
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.skill_calls import enabled_on
from conduit_tui.core.errors import SkillError
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.session import Session
from conduit_tui.core.skill import Skill, SkillNote
from conduit_tui.skills import telling
from conduit_tui.skills.library import FindSkills, Library
from conduit_tui.tools.tool import Tool


class Skills:
    """Finds skills when they are first needed, not at the start.

    `session.skills` are those a person switched on: their bodies stand below the system prompt.
    Those a model enabled stand in the tree, as results of its calls.
    """

    def __init__(self, ledger: Ledger, find: FindSkills = Library) -> None:
        self._ledger = ledger
        self._find = find
        self._library: Library | None = None
        self._loading = asyncio.Lock()
        self._by_name: dict[str, Skill] = {}
        self._spec: ToolSpec | None = None
        self._guidance: tuple[tuple[str, ...], bool, str] | None = None
        self._said_missing: set[tuple[str, str]] = set()

    @property
    def all(self) -> tuple[Skill, ...]:
        """The skills there are; none before `load`."""
        return () if self._library is None else self._library.skills

    @property
    def notes(self) -> tuple[SkillNote, ...]:
        """What is odd about some of them, or why they are left out."""
        return () if self._library is None else self._library.notes

    def get(self, name: str) -> Skill | None:
        """The skill of a name, if it is there."""
        return self._by_name.get(name)

    async def load(self, again: bool = False) -> None:
        """Find the skills there are, if that was not done yet or their files have changed.

        With `again` they are read in any case.
        """
        async with self._loading:
            library = self._library
            if library is None or again or not await asyncio.to_thread(library.is_current):
                self._take(await asyncio.to_thread(self._find))

    def is_on(self, session: Session, name: str) -> bool:
        """Whether a person switched a skill on, so that its body goes along with every request."""
        return name in session.skills

    def enabled_by_model(self, session: Session, leaf_id: str | None) -> tuple[str, ...]:
        """The skills whose bodies a model fetched on the line that ends at a message."""
        return enabled_on(session.path(leaf_id))

    def missing(self, session: Session) -> tuple[str, ...]:
        """The skills that are switched on but are not there any more."""
        if self._library is None:
            return ()
        return tuple(name for name in session.skills if name not in self._by_name)

    async def switch(self, session: Session, name: str, on: bool) -> None:
        """Switch a skill on or off in a session.

        Raises SkillError for one to be switched on that is not there, and StorageError; what was
        switched holds in this run then.
        """
        if on and self.get(name) is None:
            raise SkillError(f"There is no skill named {name!r}; /skills lists those there are.")
        others = tuple(each for each in session.skills if each != name)
        session.skills = (*others, name) if on else others
        await self._ledger.ensure_stored(session)
        await self._ledger.sessions.set_skills(session.id, session.skills)

    def wrapped(self, skill: Skill) -> str:
        """The body of a skill as a model is given it: named, with its files."""
        return telling.wrapped(skill)

    def check(self, session: Session) -> None:
        """Tell the person, once, of skills that are switched on but not there any more."""
        for name in self.missing(session):
            if (session.id, name) not in self._said_missing:
                self._said_missing.add((session.id, name))
                self._ledger.notify(
                    f"The skill {name!r} is switched on here but cannot be found any more; "
                    f"/skills says why."
                )

    def guidance(self, on: Sequence[str], *, lists: bool) -> str:
        """What a model reads below the system prompt: the bodies of those `on`, or nothing.

        `lists` puts the names and descriptions of the others before them, but of those shipped,
        which the tool itself describes.
        """
        key = (tuple(on), lists)
        if self._guidance is None or self._guidance[:2] != key:
            self._guidance = (*key, self._guide(*key))
        return self._guidance[2]

    def tools(self, session: Session, leaf_id: str | None) -> tuple[Tool, ...]:
        """The tool that fetches a skill's body, where there are skills."""
        if self._spec is None:
            return ()
        line = session.path(leaf_id)
        calls = line[-1].tool_calls if line else ()
        return (enable_skill(self._spec, self._by_name, session.skills, enabled_on(line), calls),)

    def readable(self, session: Session, leaf_id: str | None) -> tuple[Path, ...]:
        """The directories of skills in use on a line, where reading needs no question."""
        used = {*session.skills, *self.enabled_by_model(session, leaf_id)}
        return tuple(Path(skill.directory) for skill in self.all if skill.name in used)

    @property
    def spec(self) -> ToolSpec | None:
        """What a model is told of the tool, where there are skills."""
        return self._spec

    def _take(self, library: Library) -> None:
        self._library = library
        self._by_name = {skill.name: skill for skill in library.skills}
        self._spec = enable_skill_spec(library.skills) if self._by_name else None
        self._guidance = None

    def _guide(self, on: Sequence[str], lists: bool) -> str:
        if self._library is None:
            return ""
        others = [each for each in self.all if each.name not in on and each.source != "shipped"]
        bodies = (
            telling.gone(name) if (skill := self.get(name)) is None else telling.wrapped(skill)
            for name in on
        )
        return "\n\n".join(filter(None, (telling.listed(others if lists else ()), *bodies)))

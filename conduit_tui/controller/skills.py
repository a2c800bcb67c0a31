"""The skills of a session: what a model is told of them, and which are on."""

import asyncio
from pathlib import Path

from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.skill_calls import enabled_on
from conduit_tui.core.errors import SkillError
from conduit_tui.core.session import Session
from conduit_tui.core.skill import Skill, SkillNote
from conduit_tui.skills.library import FindSkills, Library
from conduit_tui.tools.tool import Tool


class Skills:
    """Finds skills when they are first needed. `session.skills` are those a person switched on."""

    def __init__(self, ledger: Ledger, find: FindSkills = Library) -> None:
        self._ledger = ledger
        self._find = find
        self._library: Library | None = None
        self._loading = asyncio.Lock()

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
        return next((skill for skill in self.all if skill.name == name), None)

    async def load(self, again: bool = False) -> None:
        """Find the skills there are: once, or `again`."""
        async with self._loading:
            if self._library is None or again:
                self._library = await asyncio.to_thread(self._find)

    def is_on(self, session: Session, name: str) -> bool:
        """Whether a person switched a skill on, so that its body goes along with every request."""
        return name in session.skills

    def enabled_by_model(self, session: Session, leaf_id: str | None) -> tuple[str, ...]:
        """The skills whose bodies a model fetched on the line that ends at a message."""
        return enabled_on(session.path(leaf_id))

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
        return f'<{skill.type} name="{skill.name}">\n{skill.body}\n</{skill.type}>'

    def guidance(self, session: Session) -> str:
        """What a model reads below the system prompt, or nothing."""
        found = (self.get(name) for name in session.skills)
        return "\n\n".join(self.wrapped(skill) for skill in found if skill is not None)

    def tools(self, session: Session) -> tuple[Tool, ...]:  # noqa: ARG002
        """The tool that fetches a skill's body, where there are skills."""
        return ()

    def readable(self, session: Session) -> tuple[Path, ...]:
        """The directories of skills that are in use, where reading needs no question."""
        used = {*session.skills, *self.enabled_by_model(session, session.leaf_id)}
        return tuple(Path(skill.directory) for skill in self.all if skill.name in used)

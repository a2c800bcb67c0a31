"""`/skills` and `/skill`: what a model may learn in this session."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import SkillError
from conduit_tui.core.skill import Skill
from conduit_tui.skills.telling import body_within
from conduit_tui.tui.slash import Mistake
from conduit_tui.tui.switching import known, offer_switching, read_switching
from conduit_tui.tui.widgets.completion import Offer

if TYPE_CHECKING:
    from conduit_tui.controller.skills import Skills
    from conduit_tui.tui.screens.chat import ChatScreen
    from conduit_tui.tui.screens.skills import SkillLine, SkillsView

HOW = "Write /skills, /skills on NAME... or /skills off [NAME...]."
GONE = "It cannot be found any more. Put its folder back and press r, or switch it off."
IN_PROJECTS = ".conduit/skills, .agents/skills and .claude/skills of a project you trust"


class SkillCommands:
    """`command_skills` and `command_skill`, and what completes them."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def command_skills(self, argument: str) -> None:
        """List skills on a screen, or switch them for this session."""
        await self._skills.load()
        switching = read_switching(argument)
        if not argument:
            self._show()
        elif switching is not None and (switching.names or not switching.is_on):
            on = self._screen.session.skills
            names = self._names if switching.is_on else (*self._names, *on)
            match known(switching.names, names, "skill"):
                case Mistake(words):
                    self._screen.say_problem(words)
                case found:
                    await self._switch(*(found or on), is_on=switching.is_on)
                    which = ", ".join(found) or "All skills"
                    state = "on" if switching.is_on else "off"
                    self._screen.say(f"{which} {state} in this session.")
        else:
            self._screen.say_problem(HOW)

    async def command_skill(self, argument: str) -> None:
        """Switch a skill on, and send what follows its name as a message."""
        screen, session = self._screen, self._screen.session
        await self._skills.load()
        name, _, rest = argument.partition(" ")
        if not name:
            self._show()
            return
        match known([name], self._names, "skill"):
            case Mistake(words):
                if not screen.prompt.text:
                    screen.prompt.load(f"/skill {argument}", tuple(screen.prompt.attachments))
                screen.say_problem(words)
            case found:
                await self._switch(*found, is_on=True)
                screen.say(f"{found[0]} on in this session; /skills off {found[0]} ends that.")
                if rest.strip() and session is screen.session:
                    screen.composer.send_with_chips(rest.strip())

    def offer_skill(self, partial: str) -> Iterator[Offer]:
        """The skills that what is typed after `/skill` may name."""
        self._load_soon()
        typed = partial.lower()
        for skill in self._skills.all:
            if typed in skill.name.lower() and not partial.endswith(" "):
                yield Offer(skill.name, skill.name, clean_line(skill.description[:200]))

    def offer_skills(self, partial: str) -> Iterator[str]:
        """What may be typed after `/skills`."""
        self._load_soon()
        on = self._screen.session.skills
        yield from offer_switching(partial, on, (name for name in self._names if name not in on))

    def _load_soon(self) -> None:
        if not self._skills.all:  # a moment later they are there
            self._screen.run_worker(self._skills.load, group="skills", exclusive=True)

    def _show(self) -> None:
        from conduit_tui.tui.screens.skills import SkillsScreen

        opened = SkillsScreen(self._view(), self._switch_soon, self._look)
        self._screen.application.push_screen(opened)

    async def _look(self) -> "SkillsView":
        await self._skills.load(again=True)
        self._screen.refresh_status()
        return self._view()

    def _switch_soon(self, name: str, is_on: bool) -> None:
        self._screen.run_worker(self._switch_or_tell(name, is_on=is_on), group="store")

    async def _switch_or_tell(self, name: str, *, is_on: bool) -> None:
        await self._screen.commands.guarded(self._switch(name, is_on=is_on))

    async def _switch(self, *names: str, is_on: bool) -> None:
        """Switch skills for this session. Raises StorageError."""
        screen = self._screen
        try:
            for name in names:
                await self._skills.switch(screen.session, name, is_on)
        except SkillError as error:  # it went away while it was listed
            screen.say_problem(str(error))
        finally:  # it holds in this run also where it could not be kept
            screen.refresh_status()

    def _view(self) -> "SkillsView":
        from conduit_tui.tui.screens.skills import SkillsView

        screen = self._screen
        read = self._skills.enabled_by_model(screen.session, screen.session.leaf_id)
        own = screen.settings.paths.config / "skills"
        lines = [self._line(skill, is_read=skill.name in read) for skill in self._skills.all]
        return SkillsView(
            skills=[*self._missing(), *lines],
            notes=self._skills.notes,
            places=(str(own), "~/.agents/skills", "~/.claude/skills", IN_PROJECTS),
        )

    def _missing(self) -> "Iterator[SkillLine]":
        """Those that are on and not there: they can be switched off."""
        from conduit_tui.tui.screens.skills import SkillLine

        for name in self._skills.missing(self._screen.session):
            yield SkillLine(name, "", "gone", GONE, "", is_on=True, is_there=False)

    def _line(self, skill: Skill, *, is_read: bool) -> "SkillLine":
        from conduit_tui.tui.screens.skills import SkillLine

        return SkillLine(
            name=skill.name,
            kind=skill.type,
            source=skill.source,
            description=" ".join(clean_line(skill.description).split()),
            body=body_within(skill.body),
            is_on=self._skills.is_on(self._screen.session, skill.name),
            is_read=is_read,
            standing=tuple(_standing(skill, self._notes_on(skill))),
        )

    def _notes_on(self, skill: Skill) -> Iterator[str]:
        for note in self._skills.notes:
            if note.skill == skill.name:
                yield f"{note.words[:1].upper()}{note.words[1:]}"

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(skill.name for skill in self._skills.all)

    @property
    def _skills(self) -> "Skills":
        return self._screen.controller.skills


def _standing(skill: Skill, notes: Iterator[str]) -> Iterator[str]:
    """Where a skill stands, what comes with it, and what is odd about it."""
    yield skill.directory
    if skill.files:
        more = f", and {len(skill.files) - 5} more" if len(skill.files) > 5 else ""
        yield f"with {', '.join(skill.files[:5])}{more}"
    if skill.allowed_tools:
        yield f"It names tools ({skill.allowed_tools}); that grants it nothing."
    if skill.license or skill.compatibility:
        yield ". ".join(filter(None, (skill.license, skill.compatibility)))
    yield from notes

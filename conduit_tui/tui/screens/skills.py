"""The screen of skills: which there are, whose they are, which are on, and what is odd."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from conduit_tui.core.skill import SkillNote
from conduit_tui.tui.screens.beside import Beside
from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.widgets.remarks import Remark

Switch = Callable[[str, bool], None]
"""Switches the skill of a name on or off."""

_NOTE = "note "


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A skill as it is listed; `kind` and `source` are words.

    `is_read` tells that the model fetched its body on the branch on view. One that is on need not
    be there any more (`is_there`). `standing` is whole sentences about it, and `body` is read
    beside it.
    """

    name: str
    kind: str
    source: str
    description: str
    body: str
    is_on: bool = False
    is_read: bool = False
    is_there: bool = True
    standing: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Whether it is on, in a word."""
        return "on" if self.is_on else "read" if self.is_read else "off"


@dataclass(frozen=True, slots=True)
class SkillsView:
    """What the screen shows; without skills, the `places` where they are looked for."""

    skills: Sequence[SkillLine] = ()
    notes: Sequence[SkillNote] = ()
    places: Sequence[str] = ()


class SkillsScreen(Beside[None]):
    """Lists skills; Space, Enter or a second click switches the one under the cursor.

    What is switched is shown at once; `switch` has it kept, and `look` finds the skills again.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "Switch", show=False),
        Binding("r", "look", "Look again", show=False),
    ]

    def __init__(
        self, view: SkillsView, switch: Switch, look: Callable[[], Awaitable[SkillsView]]
    ) -> None:
        hints = ("Space", "on or off"), ("r", "look again"), ("Ctrl+D", "read on")
        super().__init__("Skills", "There are no skills.", *hints)
        self._view = view
        self._skills = _by_name(view.skills)
        self._switch = switch
        self._look = look

    def show_rows(self) -> None:
        """One row a skill, in columns, then what is odd."""
        self.choices.show([*self._rows()], self.choices.value)

    def reread(self) -> None:
        """The body of the skill under the cursor, or a whole note."""
        value = self.choices.value or ""
        if value.startswith(_NOTE):
            note = self._view.notes[int(value.removeprefix(_NOTE))]
            state = "This skill is left out." if note.is_left_out else "This skill can be used."
            words = Remark(((f"{note.words[:1].upper()}{note.words[1:]}", "plain"),))
            self.read(note.path, "", Remark(((state, "accent"),)), words)
        elif skill := self._skills.get(value):
            self.read(skill.name, skill.body, *_remarks(skill))
        elif not self._skills:
            places = (Remark(((place, "plain"),)) for place in self._view.places)
            self.read("Skills are looked for in", "", *places)

    @on(Choices.Chosen)
    def _chosen(self, event: Choices.Chosen) -> None:
        self._turn(event.value)

    def action_switch(self) -> None:
        """Switch the skill under the cursor on or off."""
        if name := self.choices.value:
            self._turn(name)

    @work(exclusive=True)
    async def action_look(self) -> None:
        """Find the skills again."""
        self._view = await self._look()
        self._skills = _by_name(self._view.skills)
        self.show_rows()
        self.reread()

    def _turn(self, name: str) -> None:
        if skill := self._skills.get(name):
            self._skills[name] = replace(skill, is_on=not skill.is_on)
            self._switch(name, not skill.is_on)
            self.show_rows()
            self.reread()

    def _rows(self) -> Iterator[Row]:
        widest = min(24, max((len(name) for name in self._skills), default=0))
        yield from (_row(skill, widest) for skill in self._skills.values())
        if self._view.notes:
            yield Row("What is odd")
        for at, note in enumerate(self._view.notes):
            state = "left out" if note.is_left_out else ""
            yield Row(f"{_end_of(note.path)}: {note.words}", f"{_NOTE}{at}", state, keeps_note=True)


def _by_name(skills: Iterable[SkillLine]) -> dict[str, SkillLine]:
    return {skill.name: skill for skill in skills}


def _row(skill: SkillLine, width: int) -> Row:
    text = f"{skill.state:<4}  {skill.name:<{width}}  {skill.kind:<7}  {skill.description}"
    is_quiet = not (skill.is_on or skill.is_read)
    return Row(text, skill.name, skill.source, is_quiet=is_quiet, keeps_note=True)


def _remarks(skill: SkillLine) -> Iterator[Remark]:
    if skill.is_on:
        rest = ": the model reads all of it each time." if skill.is_there else ", but not there."
        yield Remark(((f"On in this session{rest}", "accent"),))
    if skill.is_read:
        yield Remark((("Read by the model on this branch.", "accent"),))
    if not (skill.is_on or skill.is_read):
        yield Remark(
            (
                (
                    "Off: the model knows its name and description, and reads it where it fits.",
                    "accent",
                ),
            )
        )
    yield Remark(((skill.description, "plain"),))
    yield from (Remark(((words, "quiet"),)) for words in skill.standing)


def _end_of(path: str) -> str:
    """The last two names of a path: the skill's own and the file's."""
    return "/".join(path.rstrip("/").split("/")[-2:])

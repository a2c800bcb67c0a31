"""The screen of a session's tools: which there are, what they do, which are on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from conduit_tui.tui.screens.beside import Beside
from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.widgets.remarks import Remark

Switch = Callable[[str, bool], None]
"""Switches the tool of a name on or off."""


@dataclass(frozen=True, slots=True)
class ToolLine:
    """A tool as it is listed.

    `effect` says in a word what it does, `why_not` in a few why a model is not told of it though
    it is on, `standing` is whole sentences about that and about asking. `markdown` is what is read
    beside it. One that `is_fixed` comes with skills, and is on while any other is.
    """

    name: str
    effect: str
    summary: str
    is_on: bool
    why_not: str = ""
    standing: tuple[str, ...] = ()
    markdown: str = ""
    is_fixed: bool = False

    @property
    def state(self) -> str:
        """Whether it is on, and why a model is not told of it all the same, in a sentence."""
        state = "On in this session" if self.is_on else "Off in this session"
        return f"{state}; not offered: {self.why_not}." if self.why_not else f"{state}."


class ToolsScreen(Beside[None]):
    """Lists tools; Space, Enter or a second click switches the one under the cursor.

    `words` stand above the list. What is switched is shown at once; `switch` has it kept.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "switch", "Switch", show=False)]

    def __init__(self, tools: Iterable[ToolLine], switch: Switch, words: str = "") -> None:
        hints = ("Space", "on or off"), ("Ctrl+D", "read on")
        super().__init__("Tools of this session", "There are no tools.", *hints)
        self._tools = {tool.name: tool for tool in tools}
        self._switch = switch
        self._words = words

    def show_rows(self) -> None:
        """One row a tool, in columns."""
        widest = max((len(name) for name in self._tools), default=0)
        rows = [_row(tool, min(widest, 24)) for tool in self._tools.values()]
        words = [Row(self._words)] if self._words else []
        self.choices.show([*words, *rows], self.choices.value)

    def reread(self) -> None:
        """What is known of the tool under the cursor."""
        if tool := self._tools.get(self.choices.value or ""):
            remarks = [Remark(((tool.state, "accent"),))]
            remarks += [Remark(((words, "quiet"),)) for words in tool.standing]
            self.read(tool.name, tool.markdown, *remarks)

    @on(Choices.Chosen)
    def _chosen(self, event: Choices.Chosen) -> None:
        self._turn(event.value)

    def action_switch(self) -> None:
        """Switch the tool under the cursor on or off."""
        if name := self.choices.value:
            self._turn(name)

    def _turn(self, name: str) -> None:
        tool = self._tools[name]
        if not tool.is_fixed:
            self._tools[name] = replace(tool, is_on=not tool.is_on)
            self._switch(name, not tool.is_on)
            self._fix()
            self.show_rows()
            self.reread()

    def _fix(self) -> None:
        """What goes with the others is offered only while one of them is on."""
        is_any_on = any(tool.is_on for tool in self._tools.values() if not tool.is_fixed)
        for name, tool in self._tools.items():
            if tool.is_fixed:
                self._tools[name] = replace(tool, is_on=is_any_on)


def _row(tool: ToolLine, width: int) -> Row:
    state = "on " if tool.is_on else "off"
    text = f"{state}  {tool.name:<{width}}  {tool.effect:<7}  {tool.summary}"
    return Row(text, tool.name, tool.why_not, is_quiet=not tool.is_on, keeps_note=True)

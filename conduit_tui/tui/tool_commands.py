"""`/tools`: which tools a model has in this session, on a screen or by words."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from conduit_tui.tools.tool import Tool
from conduit_tui.tui.slash import Mistake
from conduit_tui.tui.switching import Switching, known, offer_switching, read_switching
from conduit_tui.tui.tool_words import details, effect_word, standing, summary, why_not

if TYPE_CHECKING:
    from conduit_tui.controller.tooling import Tooling
    from conduit_tui.tui.screens.chat import ChatScreen
    from conduit_tui.tui.screens.tools import ToolLine

HOW = "Write /tools, /tools on NAME..., /tools off [NAME...] or /tools schema NAME."


class ToolCommands:
    """`command_tools`, and what completes it."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def command_tools(self, argument: str) -> None:
        """List tools on a screen, switch them for this session, show a schema."""
        await self._tooling.load()
        switching = read_switching(argument)
        word, _, name = argument.partition(" ")
        if not argument:
            self._show()
        elif switching is not None and (switching.names or not switching.is_on):
            await self._switch_named(switching)
        elif word.lower() == "schema" and name:
            self._show_schema(name.strip())
        else:
            self._screen.say_problem(HOW)

    def offers(self, partial_words: str) -> Iterator[str]:
        """What may be typed after `/tools`."""
        tooling = self._tooling
        if not tooling.toolbox.has_all(("",)):  # a moment later they are all there
            self._screen.run_worker(tooling.load, group="tools", exclusive=True)
        word, space, _ = partial_words.partition(" ")
        if space and word == "schema":
            yield from (f"schema {name}" for name in self._names)
        else:
            off = [name for name in tooling.names if name not in self._on]
            yield from offer_switching(partial_words, self._on, off)
            if not space:
                yield "schema "

    def _show(self) -> None:
        from conduit_tui.tui.screens.tools import ToolsScreen

        lines = [self._line(tool) for tool in self._tools()]
        opened = ToolsScreen(lines, self._switch_soon, self._words_above())
        self._screen.application.push_screen(opened)

    def _show_schema(self, name: str) -> None:
        tools = {tool.spec.name: tool for tool in self._tools()}
        match known([name], tuple(tools), "tool"):
            case Mistake(words):
                self._screen.say_problem(words)
            case found:
                self._screen.commands.show_text(found[0], self._details(tools[found[0]]))

    async def _switch_named(self, switching: Switching) -> None:
        match known(switching.names, self._tooling.names, "tool"):
            case Mistake(words):
                self._screen.say_problem(words)
            case names:
                await self._switch(names or self._on, is_on=switching.is_on)
                self._screen.say(self._switched(names, is_on=switching.is_on))

    def _switch_soon(self, name: str, is_on: bool) -> None:
        self._screen.store(self._switch([name], is_on=is_on))

    async def _switch(self, names: Sequence[str], *, is_on: bool) -> None:
        """Switch tools for this session; the others stay as they are. Raises StorageError."""
        screen = self._screen
        chosen = [name for name in self._on if is_on or name not in names]
        added = [name for name in names if is_on and name not in chosen]
        try:
            await screen.controller.shelf.set_tools(screen.session, (*chosen, *added))
        finally:  # it holds in this run also where it could not be kept
            screen.refresh_status()

    def _switched(self, names: Sequence[str], *, is_on: bool) -> str:
        if not names:
            return "All tools are off in this session."
        words = f"{', '.join(names)} {'on' if is_on else 'off'} in this session."
        found = [tool for tool in self._tools() if tool.spec.name in names and is_on]
        missing = [(tool.spec.name, self._why_not(tool)) for tool in found]
        notes = [f"{name} is not offered: {why}." for name, why in missing if why]
        return "\n".join((words, *notes))

    def _line(self, tool: Tool) -> "ToolLine":
        from conduit_tui.tui.screens.tools import ToolLine

        screen, name = self._screen, tool.spec.name
        is_fixed = name not in self._tooling.names
        has_read = screen.session.has_read_files
        return ToolLine(
            name=name,
            effect=effect_word(tool),
            summary=summary(tool),
            is_on=bool(self._on) if is_fixed else name in self._on,
            why_not=self._why_not(tool),
            standing=standing(tool, is_denied=self._is_denied(tool), has_read_files=has_read),
            markdown=self._details(tool),
            is_fixed=is_fixed,
        )

    def _details(self, tool: Tool) -> str:
        return details(tool, self._tooling.permissions.rules(self._screen.session))

    def _why_not(self, tool: Tool) -> str:
        return why_not(tool, is_denied=self._is_denied(tool))

    def _is_denied(self, tool: Tool) -> bool:
        permissions = self._tooling.permissions
        return not permissions.may_offer(self._screen.session, tool.spec.name, tool.effect)

    def _words_above(self) -> str:
        controller = self._screen.controller
        model = controller.model_of(self._screen.session)
        endpoint = controller.models.endpoints.get(model.partition("/")[0])
        if endpoint is None or endpoint.takes_tools:
            return ""
        return f"{model} is offered no tools; tools = true under its provider changes that."

    def _tools(self) -> tuple[Tool, ...]:
        return self._tooling.tools(self._screen.session)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(tool.spec.name for tool in self._tools())

    @property
    def _on(self) -> tuple[str, ...]:
        return self._tooling.switched_on(self._screen.session)

    @property
    def _tooling(self) -> "Tooling":
        return self._screen.controller.tooling

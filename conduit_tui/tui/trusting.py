"""Trust in the directory one works in: asked once at the start, and `/trust`."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from conduit_tui.core.errors import SettingsError

if TYPE_CHECKING:
    from conduit_tui.controller.trust import Trust
    from conduit_tui.tui.screens.chat import ChatScreen

HOW = "Write /trust, /trust yes, /trust no, or /trust no DIRECTORY."


class Trusting:
    """Asks about the project, keeps the answer, and says what it comes to."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def ask_at_start(self) -> None:
        """Ask about a project that nobody decided about; it looks only now, on a thread."""
        if (question := await self._trust.question()) is not None:
            answer = await self._ask(question.directory, question.words)
            await self._keep(question.directory, question.words, is_trusted=answer)

    async def command_trust(self, argument: str) -> None:
        """Say how the directory stands, and decide."""
        word, _, named = argument.partition(" ")
        match word.lower(), named.strip():
            case "", _:
                await self._show()
            case "yes" | "no", "":
                what = await self._what()
                await self._keep(self._trust.directory, what, is_trusted=word.lower() == "yes")
            case "no", directory:
                await self._let_go(directory)
            case _:
                self._screen.say_problem(HOW)

    def offers(self) -> Iterator[str]:
        """What may be typed after `/trust`."""
        yield from ("yes", "no")
        others = (each for each in self._trust.trusted if each != self._trust.directory)
        yield from (f"no {directory}" for directory in others)

    async def _show(self) -> None:
        trust = self._trust
        if refusal := trust.refusal():
            self._screen.say(refusal)
            return
        what = await self._what()
        is_trusted = await self._ask(trust.directory, what)
        if is_trusted != trust.is_trusted:
            await self._keep(trust.directory, what, is_trusted=is_trusted)

    async def _what(self) -> str:
        return await asyncio.to_thread(self._trust.what_is_there)

    async def _ask(self, directory: str, what: str) -> bool:
        from conduit_tui.tui.screens.trust import TrustDialog

        prompt, is_trusted = self._screen.prompt, self._trust.is_trusted
        dialog = TrustDialog(directory, what, prompt.paste, is_trusted=is_trusted)
        return bool(await self._screen.ask(dialog))

    async def _keep(self, directory: str, what: str, *, is_trusted: bool) -> None:
        screen = self._screen
        try:
            await self._trust.decide(directory, is_trusted)
        except SettingsError as error:
            screen.say_problem(str(error))
            return
        if not is_trusted:
            screen.say(f"{directory} is not trusted: nothing of it is read. /trust changes that.")
            return
        brings = f", with {what}: they count from now on" if what else ""
        screen.say(f"{directory} is trusted{brings}. /skills lists skills, /trust takes it back.")
        screen.refresh_status()

    async def _let_go(self, directory: str) -> None:
        if directory not in self._trust.trusted:
            self._screen.say_problem(f"{directory!r} is not among the directories you trust.")
            return
        try:
            await self._trust.decide(directory, False)
        except SettingsError as error:
            self._screen.say_problem(str(error))
        else:
            self._screen.say(f"{directory} is no longer trusted.")

    @property
    def _trust(self) -> "Trust":
        return self._screen.controller.trust

"""What slash commands do about models, and about the keys of their providers."""

import asyncio
from typing import TYPE_CHECKING

from conduit_tui.core.errors import UnknownModel
from conduit_tui.settings import store_api_key

if TYPE_CHECKING:
    from conduit_tui.tui.model_choice import ModelChoice
    from conduit_tui.tui.screens.chat import ChatScreen


class ModelCommands:
    """`command_NAME` for choosing a model, looking at one, fetching one, and unlocking more."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def command_model(self, argument: str) -> None:
        """Choose the model."""
        if argument:
            await self._use_model(argument)
        else:
            self.pick()

    async def command_models(self, argument: str) -> None:
        """List the models that can be used, or tell what is known of one."""
        if argument:
            await self._choice.show_card(argument)
        else:
            self.pick()

    async def command_pull(self, argument: str) -> None:
        """Have Ollama fetch a model."""
        from conduit_tui.tui.screens.line_input import LineInput

        asking = LineInput("Pull a model", "", "qwen3:8b", does=("pull", "leave it"))
        if name := argument or await self._screen.ask(asking):
            self._screen.pulls.begin(name)

    async def command_key(self, argument: str) -> None:
        """Add an API key, kept in a file of its own."""
        from conduit_tui.tui.screens.add_key import AddKey, KeySlot

        screen = self._screen
        endpoints = screen.controller.models.endpoints
        if argument and argument not in endpoints:
            screen.say_problem(f"There is no provider {argument!r}. Try /key alone.")
            return
        slots = [
            KeySlot(name, endpoint.api_key_env[0], "set" if endpoint.api_key else "")
            for name, endpoint in endpoints.items()
            if endpoint.api_key_env
        ]
        keys_file = screen.settings.paths.keys_file
        answer = await self._screen.ask(AddKey(slots, str(keys_file), argument or None))
        if answer is None:
            return
        provider, key = answer
        await asyncio.to_thread(store_api_key, screen.settings.paths, provider, key)
        await screen.controller.models.set_key(provider, key)
        screen.say(f"Key of {provider} kept in {keys_file}. Choose a model of it.")
        screen.refresh_path()
        self.pick()

    def pick(self) -> None:
        """Open the model picker and fill it as the servers answer."""
        work = self._screen.commands.guarded(self._pick())
        self._screen.run_worker(work, group="picker", exclusive=True)

    async def _pick(self) -> None:
        if chosen := await self._choice.pick():
            await self._use_model(chosen)

    async def _use_model(self, name: str) -> None:
        screen = self._screen
        try:
            full = await screen.controller.shelf.set_model(screen.session, name)
        except UnknownModel as error:
            screen.say_problem(str(error))
            return
        endpoint, _, _ = screen.controller.models.find(full)
        screen.refresh_path()
        screen.files.tell_what_is_not_seen(of_path=True)
        if not endpoint.is_usable:
            screen.say_problem(f"{full} needs a key: set {endpoint.api_key_env[0]} or type /key.")
        else:
            screen.say(f"Now talking to {full}.")

    @property
    def _choice(self) -> "ModelChoice":
        from conduit_tui.tui.model_choice import ModelChoice

        return ModelChoice(self._screen)

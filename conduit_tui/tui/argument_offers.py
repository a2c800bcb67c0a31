"""What may follow a slash command, as completion offers it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conduit_tui.core.summary import ORDERS
from conduit_tui.tui.address_offers import offer_addresses
from conduit_tui.tui.chat_cache import CACHE_WORDS
from conduit_tui.tui.param_lines import offer_set, offer_with
from conduit_tui.tui.slash import COMMANDS, HELP_TOPICS
from conduit_tui.tui.widgets.completion import Offer

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen
    from conduit_tui.tui.skill_commands import SkillCommands
    from conduit_tui.tui.tool_commands import ToolCommands


class ArgumentOffers:
    """Finds values for the argument of a command, by what its row of the table says it takes."""

    def __init__(
        self, screen: "ChatScreen", tools: "ToolCommands", skills: "SkillCommands"
    ) -> None:
        self._screen = screen
        self._tools = tools
        self._skills = skills

    def of(self, command: str, partial: str) -> Sequence[str | Offer]:
        """What may follow a command, for completion; `partial` is what is typed of it."""
        takes = next((each.takes for each in COMMANDS if each.name == command), "nothing")
        match takes:
            case "model":
                names = [
                    *self._full_name(partial),
                    *self._screen.controller.models.aliases,
                    *self._model_names(),
                ]
            case "path":
                return self._screen.files.complete(partial)
            case "theme":
                names = sorted(self._screen.application.available_themes)
            case "tool":
                return tuple(self._tools.offers(partial))
            case "skills":
                return tuple(self._skills.offer_skills(partial))
            case "skill":
                return tuple(self._skills.offer_skill(partial))
            case "trust":
                names = list(self._screen.trusting.offers())
            case "parameter":
                names = offer_set(partial, self._screen.params.efforts)
            case "values":
                names = offer_with(partial, self._screen.params.efforts)
            case "cache":
                names = list(CACHE_WORDS)
            case "topic":
                names = list(HELP_TOPICS)
            case "address":
                return offer_addresses(self._screen.session, partial)
            case "order":
                names = list(ORDERS)
            case "all":
                names = ["all"]
            case "provider":
                names = list(self._screen.controller.models.endpoints)
            case _:
                names = []
        wanted = partial.lower()
        return [name for name in dict.fromkeys(names) if wanted in name.lower()]

    def _full_name(self, typed: str) -> list[str]:
        """What is typed, if it is a full name: a server may know more models than any list."""
        provider, _, model = typed.partition("/")
        is_full = bool(model) and provider in self._screen.controller.models.endpoints
        return [typed] if is_full else []

    def _model_names(self) -> list[str]:
        known = self._screen.controller.models.known()
        return [f"{provider}/{model}" for provider, models in known.items() for model in models]

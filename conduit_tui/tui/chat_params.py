"""The sampling settings of the session on view: `/set`, what is told of them, what is shown."""

from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import SettingsError, UnknownModel
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.param_fit import fit, taken
from conduit_tui.core.param_words import PARAMETERS, in_words, parameter, short_words, unset
from conduit_tui.core.params import NO_CHANGES, SAMPLING, Params, ParamValue
from conduit_tui.providers.unsent import unsent
from conduit_tui.tui.param_lines import read_pairs, read_set

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


_SAMPLED = attrgetter(*SAMPLING)
_NOTHING = _SAMPLED(Params())


class ChatParams:
    """Reads and changes the session's params.

    What a model refuses is told at every change and with the first message it concerns, not with
    every one.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._told: set[tuple[str, str]] = set()

    @property
    def efforts(self) -> tuple[str, ...]:
        """The words that the session's model takes as effort, as far as they are known."""
        return self._model()[1].efforts

    async def set(self, argument: str) -> None:
        """Do what `/set` is asked for."""
        screen = self._screen
        try:
            request = read_set(argument, self.efforts)
        except SettingsError as error:
            screen.say_problem(str(error))
            return
        match request.what:
            case "list":
                screen.commands.show_text("Parameters", self._list())
            case "show":
                screen.say(self._shown(request.name))
            case "reset":
                await self._use(None)
                screen.say("Parameters as usual.")
            case "change":
                changes = request.changes or NO_CHANGES
                self.forget_told(changes)
                await self._use(self._now().changed(changes))
                screen.say("\n".join(_told_change(name, changes[name]) for name in changes))
                self.tell(screen.session.id, self._words_about(self._now()))

    def regenerate_with(self, argument: str) -> None:
        """Ask again for a reply, this once with other values."""
        try:
            changes = read_pairs(argument, self.efforts)
        except SettingsError as error:
            self._screen.say_problem(str(error))
            return
        self.forget_told(changes)
        actions = self._screen.actions
        self._screen.when_whole(lambda: actions.branches.do_regenerate(params=changes))

    def tell(self, session_id: str, words: tuple[str, ...]) -> None:
        """Say what was left out, unless it was said before."""
        new = [each for each in words if (session_id, each) not in self._told]
        self._told.update((session_id, each) for each in new)
        if new:
            self._screen.say_problem("\n".join(new))

    def forget_told(self, names: Iterable[str]) -> None:
        """Let what was said of these settings be said again."""
        about = tuple(names)
        self._told = {each for each in self._told if not any(name in each[1] for name in about)}

    def status_words(self) -> str:
        """What is not left to the provider, for the status bar."""
        words = short_words(self._now())
        if self._screen.controller.cache.is_on:
            words = (*words, "cache")
        return " · ".join(words)

    def _now(self) -> Params:
        return self._screen.controller.params_of(self._screen.session)

    async def _use(self, params: Params | None) -> None:
        screen = self._screen
        await screen.controller.shelf.set_params(screen.session, params)
        screen.refresh_path()

    def _model(self) -> tuple[Endpoint | None, ModelFacts]:
        controller = self._screen.controller
        name = controller.model_of(self._screen.session)
        try:
            endpoint, _, model = controller.models.find(name)
        except (UnknownModel, SettingsError):
            return None, ModelFacts(name)
        return endpoint, controller.models.facts(endpoint.name, model)

    def _words_about(self, params: Params) -> tuple[str, ...]:
        endpoint, facts = self._model()
        if endpoint is None:
            return ()
        return fit(params, facts, unsent(endpoint, facts), endpoint.name).words

    def _shown(self, name: str) -> str:
        endpoint, facts = self._model()
        missing, server = (unsent(endpoint, facts), endpoint.name) if endpoint else ((), "")
        value = self._now().sampling().get(name)
        takes = taken(parameter(name), facts, missing, server)
        return f"{name} is {in_words(value)}. It takes {takes}."

    def _list(self) -> str:
        """Every setting with its value and what the model takes, as Markdown."""
        endpoint, facts = self._model()
        missing, server = (unsent(endpoint, facts), endpoint.name) if endpoint else ((), "")
        now = self._now().sampling()
        rows = [
            f"| {each.name} | {_cell(in_words(now.get(each.name)))} "
            f"| {_cell(taken(each, facts, missing, server))} |"
            for each in PARAMETERS
        ]
        return "\n".join(
            [
                "| parameter | now | takes |",
                "|---|---|---|",
                *rows,
                "",
                "`/set temperature 0.2` sets one for this session, `/set temperature off` leaves "
                "it to the provider, `/set reset` goes back to the usual ones, those of "
                "`settings.toml`.",
                "",
                "`/with temperature=0.9 effort=low Explain Raft` sends one message with other "
                "values, `/retry seed=7` asks again with them.",
            ]
        )


def sampled_otherwise(params: Params, usual: Params) -> str:
    """What a reply was made with that is not what its session uses now; nothing if it is."""
    made, now = _SAMPLED(params), _SAMPLED(usual)
    return "" if made in (now, _NOTHING) else _words_of_others(made, now)


@lru_cache(256)  # it is asked for every message of a path, and few differ from each other
def _words_of_others(made: tuple[ParamValue, ...], now: tuple[ParamValue, ...]) -> str:
    pairs = zip(SAMPLING, made, now, strict=True)
    return " · ".join(short_words(Params().changed({n: x for n, x, y in pairs if x != y})))


def _told_change(name: str, value: ParamValue) -> str:
    if value == unset(name) and value is not False:
        return f"{name} is left to the provider."
    return f"{name} is {in_words(value)} in this session."


def _cell(text: str) -> str:
    text = clean_line(text)
    return text.replace("|", "\\|").replace("`", "\\`").replace("*", "\\*").replace("<", "\\<")

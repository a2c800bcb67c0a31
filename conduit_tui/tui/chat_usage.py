"""What the chat says of tokens and money: `/usage`, `/cost` and `/tokens`."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conduit_tui.core.amounts import cost_in_words, counted, mark, short_count
from conduit_tui.core.conversation import Conversation
from conduit_tui.core.errors import ProviderError, UnknownModel
from conduit_tui.core.message import Message, Text, new_id
from conduit_tui.core.param_fit import fit
from conduit_tui.core.request import Request
from conduit_tui.core.since import days_ago
from conduit_tui.core.spending import Spending, spent_on
from conduit_tui.providers.unsent import unsent

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class ChatUsage:
    """Answers what was used and what would be."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    def open(self) -> None:
        """Open the usage screen."""
        from conduit_tui.tui.screens.usage import UsageScreen

        account = self._screen.controller.shelf.account
        self._screen.application.push_screen(UsageScreen(account))

    async def tell_cost(self) -> None:
        """Say what this session, the path on view and today cost. Raises StorageError."""
        screen = self._screen
        await screen.controller.shelf.whole(screen.session)
        now = datetime.now().astimezone()
        today = await screen.controller.shelf.account("provider", days_ago(0, now))
        session = spent_on(screen.session)
        path = spent_on(screen.session.path(screen.session.leaf_id))
        of_path = f"; this path: {_words(path)}" if path != session else ""
        screen.say(f"This session: {_words(session)}{of_path}.\nToday: {_words(today.total)}.")

    async def tell_tokens(self, argument: str) -> None:
        """Say how many tokens would be sent next; with `exact`, as the server counts them."""
        if argument not in ("", "exact"):
            self._screen.say_problem("Write /tokens, or /tokens exact to ask the server.")
        elif argument:
            await self._ask()
        else:
            self._estimate()

    def _estimate(self) -> None:
        screen = self._screen
        count, window = screen.meter.count(), screen.meter.window()
        if count is None:
            screen.say("Nothing would be sent.")
            return
        model = screen.controller.model_of(screen.session)
        tokens = mark(f"{count.whole:,}", is_estimated=not count.is_exact)
        room = f" of {window:,}" if window else ""
        how = screen.controller.counting.tokenizer(model).name or "an estimate"
        by = "as its server counted" if count.is_exact else f"by {how}"
        screen.say(f"{tokens}{room} tokens to {model}, {by}.")

    async def _ask(self) -> None:
        screen = self._screen
        session, typed = screen.session, screen.prompt
        await screen.controller.shelf.whole(session)
        sending = screen.controller.sending(session, session.leaf_id)
        words = (Text(typed.text),) if typed.text.strip() else ()
        parts = (*words, *typed.attachments)
        now = datetime.now(UTC)
        message = Message(new_id(), session.id, session.leaf_id, "user", parts, now)
        messages = Conversation((*sending.line, message)).for_model()
        if not messages:
            screen.say("Nothing would be sent.")
            return
        models = screen.controller.models
        try:
            endpoint, provider, name = models.find(sending.model)
            facts = models.facts(endpoint.name, name)
            chosen = screen.controller.params_of(session)
            fitted = fit(chosen, facts, unsent(endpoint, facts), endpoint.name).params
            params = replace(fitted, system_prompt=sending.system_prompt)
            tokens = await provider.count_tokens(
                Request(name, messages, params, sending.tools, facts)
            )
        except (ProviderError, UnknownModel) as error:
            screen.say_problem(str(error))
            return
        if tokens is None:
            screen.say(f"The server of {endpoint.name} counts no tokens on request.")
        else:
            screen.say(f"{counted(tokens, 'token', 'tokens')} to {sending.model}, by its server.")


def _words(spending: Spending) -> str:
    """`$0.12 and 3 replies of unknown price`, with the tokens where no price is known."""
    if not spending.replies:
        return "nothing"
    if spending.has_price:
        return cost_in_words(spending)
    tokens = mark(
        short_count(spending.usage.total_tokens), is_estimated=spending.usage.is_estimated
    )
    return f"{cost_in_words(spending)} ({tokens} tokens)"

"""Completion while one types: which list is open, and what choosing from it does to the text."""

from collections.abc import Callable, Sequence

from conduit_tui.tui.widgets.completion import (
    CommandHint,
    CompleteArgument,
    Offer,
    Token,
    command_offers,
    token_at,
    value_offers,
)
from conduit_tui.tui.widgets.completion_list import CompletionList
from conduit_tui.tui.widgets.prompt_area import PromptArea


class Completer:
    """Keeps the list of completions in step with the text area.

    `list_files` is asked once for each `@` being typed and answers by `files_found`.
    """

    def __init__(
        self,
        area: PromptArea,
        shown: CompletionList,
        commands: Sequence[CommandHint],
        complete_argument: CompleteArgument,
        list_files: Callable[[], None],
    ) -> None:
        self.commands = commands
        self.complete_argument = complete_argument
        self._area = area
        self._list = shown
        self._list_files = list_files
        self._token: Token | None = None
        self._dismissed: tuple[str, int] | None = None
        self._files: Sequence[str] | None = None
        self._read_text: tuple[str, int] | None = None

    @property
    def offer(self) -> Offer | None:
        """The highlighted offer."""
        return self._list.offer

    @property
    def kind(self) -> str | None:
        """What is being completed."""
        return self._token.kind if self._token else None

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose from."""
        return self._list.is_open

    @property
    def is_as_typed(self) -> bool:
        """Whether the highlighted offer stands there already."""
        offer, token = self.offer, self._token
        return offer is not None and token is not None and offer.value == token.partial

    @property
    def is_whole_command(self) -> bool:
        """Whether a command stands there in full."""
        token = self._token
        names = {hint.name for hint in self.commands}
        return token is not None and token.kind == "command" and token.partial in names

    def update(self, *, anew: bool = False) -> None:
        """Look at the text before the cursor; does nothing while that is as it was."""
        row, _ = self._area.cursor_location
        seen = (self._area.before_cursor, row)
        if seen == self._read_text and not anew:
            return
        self._read_text = seen
        token = token_at(seen[0]) if self._area.selection.is_empty else None
        if token and row and token.kind != "file":
            token = None
        self._take(token)

    def close(self) -> None:
        """Close the list, and keep it closed for the word at the cursor."""
        if self._token:
            self._dismissed = (self._token.kind, self._token.start)
        self._list.close()

    def move(self, rows: int) -> None:
        """Move the highlight."""
        self._list.move(rows)

    def files_found(self, files: Sequence[str]) -> None:
        """Take the files of the working directory."""
        if self._token and self._token.kind == "file":
            self._files = files
            self._take(self._token)

    def accept(self, offer: Offer) -> str | None:
        """Put an offer into the text; of a file, take its name out and return its path."""
        token = self._token
        if token is None:
            return None
        if token.kind == "file":
            self._area.replace_before_cursor(token.start, "")
            self._finish()
            return offer.value
        if token.kind == "command":
            takes_more = any(
                hint.name == offer.value and hint.argument_hint for hint in self.commands
            )
            self._area.replace_before_cursor(0, f"/{offer.value}{' ' if takes_more else ''}")
        else:
            self._area.replace_before_cursor(token.start, offer.value)
        self._finish()
        return None

    def _finish(self) -> None:
        self._list.close()
        self.update()

    def _take(self, token: Token | None) -> None:
        self._token = token
        if token is None or token.kind != "file":
            self._files = None
        if token is None or (token.kind, token.start) != self._dismissed:
            self._dismissed = None
        if token is None or self._dismissed:
            self._list.close()
            return
        offers = self._offers(token)
        is_done = len(offers) == 1 and offers[0].value == token.partial
        has_favourite = token.kind != "argument" or self._enter_takes(token)
        self._list.open(() if is_done else offers, 0 if has_favourite else None)

    def _enter_takes(self, token: Token) -> bool:
        takes = next((x.enter_takes for x in self.commands if x.name == token.command), "any")
        is_first = not any(map(str.isspace, token.partial))
        has_begun = token.partial != "" and not token.partial[-1].isspace()
        return has_begun and (takes == "any" or (takes == "the first" and is_first))

    def _offers(self, token: Token) -> tuple[Offer, ...]:
        if token.kind == "command":
            return command_offers(token.partial, self.commands)
        if token.kind == "argument":
            values = self.complete_argument(token.command, token.partial)
            return value_offers(token.partial, values)
        if self._files is None:
            self._files = ()
            self._list_files()
        return value_offers(token.partial, self._files)

"""Comparing two branches of the session on view, as keys and commands ask for it."""

from functools import partial
from typing import TYPE_CHECKING

from conduit_tui.core.address import resolve
from conduit_tui.core.errors import NotPossible, UnknownAddress
from conduit_tui.tui.tree_entries import TreeEntries

if TYPE_CHECKING:
    from conduit_tui.core.session import Session
    from conduit_tui.tui.comparison import Pair
    from conduit_tui.tui.screens.chat import ChatScreen
    from conduit_tui.tui.screens.compare import CompareScreen

_FORK_CHARACTERS = 200


class Comparing:
    """Opens the screen, keeps it up to date while it is there, and goes where it sends one."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._shown: CompareScreen | None = None

    def begin(self) -> None:
        """Compare the message under the cursor with the marked one, else with a sibling."""
        message_id = self._under_cursor()
        if message_id is None:
            self._screen.say("Nothing to compare: this session is empty.")
            return
        tree = self._tree()
        marked: str | None = getattr(self._screen, "marked_id", None)
        self._compare(tree, message_id, marked if marked in tree else None)

    def addressed(self, argument: str) -> None:
        """Compare the messages at one or two addresses; one alone with its sibling."""
        self._screen.when_whole(partial(self._addressed, argument))

    def refresh(self) -> None:
        """Show what came or went."""
        if self._shown is not None:
            self._shown.show()

    def reply_grew(self, message_id: str) -> None:
        """A draft got longer."""
        if self._shown is not None:
            self._shown.reply_grew(message_id)

    def _addressed(self, argument: str) -> None:
        screen = self._screen
        addresses = _split(argument)
        if len(addresses) > 2:
            screen.say_problem("Write at most two addresses: /compare @^1 @^2.")
            return
        try:
            found = [resolve(each, screen.session).id for each in addresses]
        except UnknownAddress as error:
            screen.say_problem(str(error))
            return
        if not found:
            self.begin()
        elif len(found) == 2 and found[0] == found[1]:
            screen.say("Both addresses name the same message.")
        else:
            self._compare(self._tree(), found[-1], found[0] if len(found) == 2 else None)

    def _compare(self, tree: TreeEntries, message_id: str, other_id: str | None) -> None:
        from conduit_tui.tui.comparison import pair_at

        screen = self._screen
        try:
            pair = pair_at(tree, message_id, other_id)
        except NotPossible as error:
            screen.say_problem(str(error))
            return
        if pair is None:
            screen.say(self._how_to_fork())
        else:
            screen.run_worker(self._ask(tree, pair), group="compare", exclusive=True)

    async def _ask(self, tree: TreeEntries, pair: "Pair") -> None:
        from conduit_tui.tui.comparison import columns, step
        from conduit_tui.tui.screens.compare import CompareScreen

        screen, session = self._screen, self._screen.session
        self._shown = CompareScreen(
            pair,
            lambda pair: columns(self._tree(session), pair),
            lambda pair, by: step(self._tree(session), pair, by),
            _fork_words(tree, pair),
        )
        try:
            chosen = await screen.ask(self._shown)
        finally:
            self._shown = None
        if chosen is not None and session is screen.session:
            screen.actions.jump(chosen)
            screen.mode = "insert"
            screen.prompt.focus()

    def _tree(self, session: "Session | None" = None) -> TreeEntries:
        screen = self._screen
        session = session or screen.session
        return TreeEntries(session, screen.live, screen.controller.params_of(session))

    def _under_cursor(self) -> str | None:
        """The message that is looked at, a reply that streams as well."""
        screen = self._screen
        if screen.exploring.is_open or screen.message_tree.has_focus:
            return screen.message_tree.cursor_id or screen.session.leaf_id
        tree = self._tree()
        if screen.mode == "normal" and screen.transcript.cursor_id in tree:
            return screen.transcript.cursor_id
        shown = screen.transcript.entries
        return shown[-1].id if shown and shown[-1].id in tree else screen.session.leaf_id

    def _how_to_fork(self) -> str:
        keys = self._screen.keymap
        again, edit = keys.hint("regenerate") or "/retry", keys.hint("edit") or "/edit"
        return f"No fork here or above to compare at. {again} asks again, {edit} edits."


def _split(argument: str) -> list[str]:
    """Two addresses, parted by blanks; `:/` takes all the words up to the end or another `:/`."""
    before, found, after = argument.partition(":/")
    if not found:
        return argument.split()
    if " :/" in after:
        first, _, second = after.partition(" :/")
        return [*before.split(), f":/{first.strip()}", f":/{second.strip()}"]
    return [*before.split(), f":/{after.strip()}"]


def _fork_words(tree: TreeEntries, pair: "Pair") -> str:
    above = tree.session.get(tree.above(pair.sides[pair.chosen].top_id))
    return "" if above is None else " ".join(above.text[:_FORK_CHARACTERS].split())

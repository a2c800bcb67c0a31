"""What keys do from branch to branch: siblings, new replies, and ways through the tree."""

from functools import partial
from typing import TYPE_CHECKING

from conduit_tui.core.errors import SettingsError, UnknownModel
from conduit_tui.core.message import Message
from conduit_tui.core.params import NO_CHANGES, ParamChanges
from conduit_tui.core.tree_rows import tree_rows
from conduit_tui.tui.tree_walk import Direction, Step, step

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

MOST_AT_ONCE = 9
"""So many replies are asked for by one key: each of them costs money."""

_NOWHERE: dict[tuple[Step, Direction], str] = {
    ("parent", -1): "This is the first message.",
    ("child", 1): "Nothing follows this message.",
    ("fork", -1): "No fork above.",
    ("fork", 1): "No fork below.",
    ("star", -1): "No starred message above.",
    ("star", 1): "No starred message below.",
}


class BranchActions:
    """`do_ID` for actions in NORMAL that ask for replies or go to other branches.

    Where the tree has the keys, steps move its cursor and leave the path on view as it is.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    def do_previous_sibling(self, count: int = 1) -> None:
        """Go to the sibling before."""
        self._to_sibling(-count)

    def do_next_sibling(self, count: int = 1) -> None:
        """Go to the sibling after."""
        self._to_sibling(count)

    def do_parent(self, count: int = 1) -> None:
        """Go to the message above."""
        self._walk("parent", -1, count)

    def do_first_child(self, count: int = 1) -> None:
        """Go to the first message below."""
        self._walk("child", 1, count)

    def do_next_fork(self, count: int = 1) -> None:
        """Go to the next message below which the tree forks."""
        self._walk("fork", 1, count)

    def do_previous_fork(self, count: int = 1) -> None:
        """Go to the message before, below which the tree forks."""
        self._walk("fork", -1, count)

    def do_next_star(self, count: int = 1) -> None:
        """Go to the next starred message."""
        self._walk("star", 1, count)

    def do_previous_star(self, count: int = 1) -> None:
        """Go to the starred message before."""
        self._walk("star", -1, count)

    def do_back(self, count: int = 1) -> None:
        """Go to where one was before."""
        self._screen.places.back(count)

    def do_forward(self, count: int = 1) -> None:
        """Go to where one was before going back."""
        self._screen.places.forward(count)

    def do_continue_here(self) -> None:
        """Let the path end at the message, and give the keys to the prompt."""
        screen = self._screen
        session, reply, message = screen.session, screen.target.reply(), screen.target.message()
        at_work = message is not None and message.id == session.leaf_id and self._is_at_work()
        if reply is not None or at_work:
            if reply is not None:
                screen.actions.jump(reply.message_id)
            screen.say("A reply still comes in here; what you send waits behind it.")
        elif message is not None:
            if message.id != session.leaf_id or screen.live.on_view(session):
                screen.places.leave()
            storing = screen.controller.structure.go(session, message.id, is_exact=True)
            session.awaited_id = message.id  # what still streams below it comes on its own branch
            screen.refresh_path(keep_position=False)
            screen.store(storing)
        screen.mode = "insert"

    def do_regenerate(
        self, count: int = 1, params: ParamChanges = NO_CHANGES, model: str | None = None
    ) -> None:
        """Ask for the reply again, `count` times at once, this once with `params` and `model`."""
        message = self._to_ask_again(count)
        if message is not None:
            self._ask_again(message, count, params, model)

    def do_regenerate_with(self, count: int = 1) -> None:
        """Choose a model and ask it for the reply; the session keeps its own."""
        message = self._to_ask_again(count)
        if message is not None:
            work = self._pick_and_ask(message, count)
            self._screen.run_worker(work, group="picker", exclusive=True)

    def _is_at_work(self) -> bool:
        """Whether the turn on view has no reply open: it waits for a server, or runs a tool."""
        screen = self._screen
        is_running = screen.controller.running_at_leaf(screen.session) is not None
        return is_running and screen.live.on_view(screen.session) is None

    def _to_ask_again(self, count: int) -> Message | None:
        """The message whose reply is asked for again; if there is none, the person is told."""
        screen = self._screen
        target = screen.target
        message = target.message() if screen.mode == "normal" else target.leaf()
        at_leaf = message is not None and message.id == screen.session.leaf_id
        words = ""
        if message is None:
            words = "Nothing to ask again: this session is empty."
        elif count > MOST_AT_ONCE:
            words = f"At most {MOST_AT_ONCE} replies at once: each of them costs money."
        elif target.reply() or (at_leaf and self._is_at_work()):
            words = self._on_its_way()
        elif message.role == "assistant" and message.predecessor_id is None:
            words = "This reply answers nothing; there is nothing to ask again."
        if words:
            screen.say(words)
            return None
        return message

    def _on_its_way(self) -> str:
        """What a reply that is not there yet waits for, and what can be done."""
        screen = self._screen
        if screen.answering.open_here():
            key = screen.keymap.hint("answer") or "/answer"
            return f"A tool asks first: {key} goes to its question. Ctrl+C cancels the turn."
        if self._is_at_work() and screen.calls_shown.is_any_running:
            return "A tool is at work; Ctrl+C cancels the turn."
        return "A reply is on its way; Ctrl+C cancels it, r on your message asks for another."

    def _ask_again(
        self, message: Message, count: int, params: ParamChanges, model: str | None
    ) -> None:
        screen = self._screen
        regenerate = partial(
            screen.controller.regenerate, screen.session, message.id, params=params, model=model
        )
        first = regenerate()
        screen.follow(first, screen.session)
        for _ in range(count - 1):
            screen.follow(regenerate(beside=first), screen.session, keep_position=True)

    async def _pick_and_ask(self, message: Message, count: int) -> None:
        from conduit_tui.tui.model_choice import ModelChoice

        screen, session = self._screen, self._screen.session
        chosen = await ModelChoice(screen).pick()
        if chosen is None or session is not screen.session or not session.is_visible(message.id):
            return
        models = screen.controller.models
        try:
            full_name = models.full_name(chosen)
            endpoint, _, _ = models.find(full_name)
        except (SettingsError, UnknownModel) as error:
            screen.say_problem(str(error))
            return
        if endpoint.is_usable:
            self._ask_again(message, count, NO_CHANGES, full_name)
        else:
            screen.say_problem(
                f"{full_name} needs a key: set {endpoint.api_key_env[0]} or type /key."
            )

    def _to_sibling(self, steps: int) -> None:
        screen = self._screen
        reply, message = screen.target.reply(), screen.target.message()
        if message is None:
            return
        above = reply.draft.predecessor_id if reply else message.predecessor_id
        ids = screen.live.sibling_ids(screen.session, above)
        here = ids.index(reply.message_id if reply else message.id)
        wanted = min(max(0, here + steps), len(ids) - 1)
        if wanted != here:
            self._go(ids[wanted])
        else:
            edge = "first" if steps < 0 else "last"
            words = "No sibling." if len(ids) == 1 else f"This is the {edge} of {len(ids)}."
            screen.notices.say_latest(words)

    def _walk(self, what: Step, direction: Direction, count: int) -> None:
        """Take up to `count` steps; words only where not even one is possible."""
        screen = self._screen
        session = screen.session
        rows = tree_rows(session, session.leaf_id, screen.live.nodes(session))
        start = at = screen.target.cursor_id()
        for _ in range(count):
            following = step(rows, session, at, what, direction)
            if following is None:
                break
            at = following
        if at is None or at == start:
            screen.notices.say_latest(_NOWHERE[what, direction])
        else:
            self._go(at, is_far=what in ("fork", "star"))

    def _go(self, message_id: str, *, is_far: bool = False) -> None:
        """Move the cursor there; in the transcript jump if the message is not on the path."""
        screen = self._screen
        if screen.target.is_in_tree:
            screen.message_tree.jump_to(message_id)
        elif any(entry.id == message_id for entry in screen.transcript.entries):
            if is_far:
                screen.places.leave()
            screen.transcript.cursor.put(message_id)
        else:
            screen.actions.jump(message_id)

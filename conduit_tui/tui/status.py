"""What the status bar says: counts, what happens, and what the next press does."""

from typing import TYPE_CHECKING

from textual.timer import Timer

from conduit_tui.controller.turn import Turn
from conduit_tui.core.spending import Spending, spent_on
from conduit_tui.tui.live import LiveReply
from conduit_tui.tui.widgets.question_words import may_last
from conduit_tui.tui.widgets.reason_line import ReasonLine
from conduit_tui.tui.widgets.session_list import SessionList
from conduit_tui.tui.widgets.status_bar import StatusView

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

TICK_SECONDS = 0.5
TREE_HINT = "Enter goes there  Esc leaves  / filters"


class Status:
    """Puts the status bar's values together. Its clock runs only while something streams.

    `hint` replaces the usual hint until another key is pressed.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._ticker: Timer | None = None
        self._spent_key: tuple[object, ...] = ()
        self._spent_there = Spending()
        self.hint = ""

    def view(self, model: str) -> StatusView:
        """The values as they are now."""
        screen = self._screen
        count, spending = screen.meter.count(), self._spent()
        turn = screen.controller.running_at_leaf(screen.session)
        streaming = [
            each for each in screen.controller.running() if not screen.calls.is_held(each.id)
        ]
        more = sum(1 for each in streaming if each is not turn)
        reply = screen.live.on_view(screen.session)
        self._tick_while(bool(screen.live.of_session(screen.session.id)))
        schema = screen.controller.params_of(screen.session).schema
        return StatusView(
            mode=screen.mode.upper(),
            model=model,
            params=screen.params.status_words(),
            context_tokens=None if count is None else count.whole,
            context_window=screen.meter.window(),
            context_is_exact=count is not None and count.is_exact,
            cost_usd=spending.cost_usd if spending.has_price else None,
            cost_is_estimated=spending.usage.is_estimated,
            cost_is_partial=bool(spending.unpriced),
            asks=self._asks(),
            activity=self._activity(turn, reply),
            tokens_per_second=_rate(reply),
            streaming_elsewhere=more,
            hint=self.hint or self._pending_hint() or self._usual_hint(turn),
            hint_is_news=bool(self.hint or screen.keymap.typed)
            or screen.mode == "answer"
            or (self._is_in_pane and turn is None and screen.controller.is_saving),
            found=screen.finding.words,
            shape=schema.name if schema else "",
            notice="" if screen.controller.is_saving else "not saved",
        )

    @property
    def _is_in_pane(self) -> bool:
        """Whether keys mean what they mean in the tree or in the list of sessions alone."""
        screen = self._screen
        return screen.target.is_in_tree or isinstance(screen.focused, SessionList)

    def _spent(self) -> Spending:
        """What the path on view used; it is walked only when it is another."""
        session = self._screen.session
        key = (session.id, session.leaf_id, len(session), session.is_whole)
        if key != self._spent_key:
            self._spent_key = key
            self._spent_there = spent_on(session.path(session.leaf_id))
        return self._spent_there

    def key_pressed(self, key: str) -> None:
        """Take the hint away, unless the key is the one it speaks of."""
        if self.hint and not self._screen.keymap.is_key_of("interrupt", key):
            self.hint = ""
            self._screen.refresh_status()

    def _activity(self, turn: Turn | None, reply: LiveReply | None) -> str:
        if turn is None:
            return ""
        if tool := self._screen.calls.running(turn.id):
            return f"running {tool}"
        if self._screen.calls.is_held(turn.id):
            return ""
        if reply is not None and reply.wait_until is not None:
            return "waiting to retry"
        return "answering" if reply is not None and reply.has_begun else "waiting"

    def _asks(self) -> str:
        """How many tools ask, and the key that goes there."""
        answering, key = self._screen.answering, self._screen.keymap.hint("answer")
        count = len(answering.open_all())
        if not count:
            return ""
        words = "a tool asks" if count == 1 else f"{count} tools ask"
        if self._screen.mode == "answer":
            return "" if count == 1 else words
        if not answering.open_here():
            return f"{words} elsewhere · {key} goes there" if key else f"{words} elsewhere"
        return f"{words} · {key or '/answer'} answers"

    def _answer_hint(self) -> str:
        screen, current = self._screen, self._screen.answering.current
        if screen.query_one(ReasonLine).display:
            return "Enter says no  Esc goes back"
        lasting = "s session  a always  " if current and may_last(current.act) else ""
        return f"y yes, once  {lasting}n no  Esc later"

    def _pending_hint(self) -> str:
        typed = self._screen.keymap.typed
        return f"{typed}…  Esc drops it" if typed else ""

    def _usual_hint(self, turn: Turn | None) -> str:
        if self._screen.mode == "answer":
            return self._answer_hint()
        if self._screen.mode == "find":
            return "Enter stays  Esc goes back"
        if isinstance(listed := self._screen.focused, SessionList):
            return listed.hint
        if self._screen.target.is_in_tree or self._screen.exploring.is_open:
            return self._tree_hint()
        reads = self._screen.mode == "normal"
        if reads and self._screen.finding.is_shown:
            back = "goes back" if self._screen.finding.goes_back else "ends"
            return f"n N go on  Esc {back}"
        if self._screen.composer.editing.message_id is not None and not reads:
            return "Esc leaves the edit"
        if turn is not None:
            return "Esc cancels" if reads else "Ctrl+C cancels"
        marked = self._screen.actions.copies.next_press() if reads else ""
        return marked or ("i writes" if reads else "Esc reads")

    def _tree_hint(self) -> str:
        screen, tree = self._screen, self._screen.message_tree
        if tree.has_focus and tree.filter_text is not None:
            return "Enter goes there  Esc clears"
        if not screen.exploring.is_open and screen.target.turn_in_tree():
            return "Esc cancels"
        return screen.actions.copies.next_press() or TREE_HINT

    def _tick_while(self, streaming: bool) -> None:
        if streaming and self._ticker is None:
            self._ticker = self._screen.set_interval(TICK_SECONDS, self._tick)
        elif not streaming and self._ticker is not None:
            self._ticker.stop()
            self._ticker = None

    def _tick(self) -> None:
        screen = self._screen
        for reply in screen.live.of_session(screen.session.id):
            screen.transcript.set_note(reply.message_id, reply.note())
        screen.refresh_status()


def _rate(reply: LiveReply | None) -> float | None:
    if reply is None or not reply.has_begun or reply.wait_until is not None:
        return None
    return reply.pieces_per_second()

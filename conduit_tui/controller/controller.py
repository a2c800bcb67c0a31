"""What a front end may ask for: turns on the branches of a session, and the sessions."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

from conduit_tui.controller.composing import new_message, rewritten
from conduit_tui.controller.counting import Counting, LoadTokenizer, Sending
from conduit_tui.controller.defaults import Defaults
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.models import Models
from conduit_tui.controller.replies import Replies
from conduit_tui.controller.reply_cache import ReplyCache
from conduit_tui.controller.searching import Searching
from conduit_tui.controller.shelf import Shelf
from conduit_tui.controller.skills import Skills
from conduit_tui.controller.structure import Storing, Structure
from conduit_tui.controller.titles import Titles
from conduit_tui.controller.tooling import Tooling
from conduit_tui.controller.trust import Trust
from conduit_tui.controller.turn import Turn, uninterrupted
from conduit_tui.controller.turns_under_way import TurnsUnderWay
from conduit_tui.core.events import MessageCommitted
from conduit_tui.core.message import Attachment, Message
from conduit_tui.core.message_name import quoted
from conduit_tui.core.params import NO_CHANGES, ParamChanges, Params
from conduit_tui.core.schema import Schema
from conduit_tui.core.session import Session
from conduit_tui.core.structure import fork_path, fork_subtree, move_leaf


class Controller:
    """Starts turns and owns their tasks. Sessions and their settings are on the `shelf`.

    `notices` are words for the person about the start; without `is_saving` nothing is kept.
    """

    def __init__(
        self,
        ledger: Ledger,
        models: Models,
        tooling: Tooling,
        defaults: Defaults,
        cache: ReplyCache,
        load_tokenizer: LoadTokenizer = lambda _endpoint, _model: None,
        title_model: str | None = None,
        skills: Skills | None = None,
        trust: Trust | None = None,
    ) -> None:
        self.models = models
        self.cache = cache
        self.tooling = tooling
        self.skills = skills or Skills(ledger)
        self.trust = trust or Trust.of_nothing()
        self.counting = Counting(models.endpoints, tooling.offer, load_tokenizer, tooling.guided_by)
        self.shelf = Shelf(ledger, models)
        self.structure = Structure(ledger)
        self.search = Searching(ledger.sessions).search
        self.titles = Titles(ledger, models, self.structure, title_model)
        self.defaults = defaults
        self.notices: tuple[str, ...] = ()
        self.is_saving = True
        self._ledger = ledger
        self._replies = Replies(
            *(ledger, models, tooling, self.shelf, self.titles), lambda: self.defaults
        )
        self._turns = TurnsUnderWay()

    def on_notice(self, notify: Callable[[str], None]) -> None:
        """Have words about failed saving shown to the person."""
        self._ledger.notify = notify

    def notify(self, words: str) -> None:
        """Tell the person."""
        self._ledger.notify(words)

    def send(
        self,
        session: Session,
        text: str,
        attachments: Sequence[Attachment] = (),
        *,
        model: str | None = None,
        after: str | None = None,
        params: ParamChanges = NO_CHANGES,
        schema: Schema | None = None,
    ) -> Turn:
        """Put a user message below the leaf (or below `after`) and have it answered.

        `params` are for this turn alone. With `schema` the answer is a value of that shape, else
        of the session's own, if any.
        """
        message = new_message(session, "user", after or session.leaf_id, text, attachments)
        return self._begin(session, message, model, params, schema=schema)

    def edit(
        self,
        session: Session,
        message_id: str,
        text: str,
        attachments: Sequence[Attachment] = (),
        *,
        model: str | None = None,
        params: ParamChanges = NO_CHANGES,
    ) -> Turn:
        """Make a sibling of a message with other words, go to it, and have it answered.

        A sibling of a reply stands as it is: the next message continues from it. It keeps the
        model's name.
        """
        message = rewritten(session, session[message_id], text, attachments)
        return self._begin(session, message, model, params, take_leaf=True)

    def put_beside(
        self,
        session: Session,
        message_id: str,
        text: str,
        attachments: Sequence[Attachment] = (),
    ) -> Coroutine[Any, Any, Message]:
        """Make a sibling of a message with other words and go to it; nobody answers.

        It stands in the tree at once; awaiting what is returned stores it.
        """
        message = rewritten(session, session[message_id], text, attachments)
        left_id = session.leaf_id
        self._ledger.place(session, message, take_leaf=True)
        noting = self.structure.note_leaf(session, left_id, f"write {quoted(message)}")
        return self._keep_alone(session, message, noting)

    async def fork(self, session: Session, message_id: str, *, with_subtree: bool) -> Session:
        """Copy the path down to a message, and all below it if wanted, to a new session.

        The new session has the settings of this one. Raises StorageError.
        """
        await self.shelf.whole(session)
        forked = self.shelf.new_like(session)
        plan = fork_subtree if with_subtree else fork_path
        made = plan(session, message_id, forked.id)
        await self.structure.begin_fork(session, made, forked)
        return forked

    def regenerate(
        self,
        session: Session,
        message_id: str,
        *,
        model: str | None = None,
        params: ParamChanges = NO_CHANGES,
        beside: Turn | None = None,
    ) -> Turn:
        """Ask again for a reply: a sibling of this one, or, of a user message, its next reply.

        The new one comes on view; of several asked for at once, each `beside` the first, the one
        that begins first.
        """
        message = session[message_id]
        above = message.predecessor_id if message.role == "assistant" else message.id
        if above is None:
            raise ValueError(f"message {message_id!r} answers nothing")
        storing = self._leave_for(session, above, f"regenerate {quoted(message)}")
        turn = Turn(session.id, above, beside)
        if beside is None:
            session.awaited_id = turn.group_id
        work = self._regenerate(turn, session, session[above], model, params, storing)
        return self._turns.start(turn, session, work)

    async def cancel(self, turn_id: str) -> None:
        """Stop a turn; what it had received is committed when this returns."""
        await self._turns.cancel(turn_id)

    async def erase(self, session: Session, message_id: str) -> int:
        """Remove a pruned message for good, with all below it; what streams there is stopped first.

        Returns how many are gone. Raises NotPossible for what is in sight, and StorageError.
        """
        if session.absence(message_id) is not None:
            below = {message.id for message in session.everything_below(message_id)}
            for turn in [each for each in self.running(session) if each.last_id in below]:
                await turn.cancel()
        return await self.structure.erase(session, message_id)

    def running(self, session: Session | None = None) -> Iterator[Turn]:
        """The turns under way, of one session or of all."""
        return self._turns.running(session)

    def running_at_leaf(self, session: Session) -> Turn | None:
        """The turn that works below the current leaf and is on view: of several the awaited one."""
        return self._turns.at_leaf(session)

    def send_queued(self, session: Session, turn: Turn) -> Turn | None:
        """Send what waited behind a turn that is done; the rest of the queue waits behind it."""
        if turn.is_running or not turn.queued:
            return None
        first, *rest = turn.queued
        turn.queued = []
        following = self.send(
            session, first.text, first.attachments, after=turn.last_id, params=first.params
        )
        following.queued = rest
        return following

    def model_of(self, session: Session) -> str:
        """The full name of the model a session talks to."""
        return self.defaults.model_of(session)

    def system_prompt_of(self, session: Session) -> str | None:
        """The system prompt a session uses."""
        return self.defaults.system_prompt_of(session)

    def sending(self, session: Session, above: str | None) -> Sending:
        """What a model would be sent with a message below `above`, the message itself apart."""
        return self._replies.sending(session, above)

    def params_of(self, session: Session) -> Params:
        """The sampling settings a session uses."""
        return self.defaults.params_of(session)

    async def aclose(self) -> None:
        """Stop all turns, keep what they had received, and let go of connections."""
        await self._turns.cancel_all()
        await self.titles.aclose()
        await self.shelf.aclose()
        await self.structure.save_rest()
        await self._ledger.save_rest()
        await self.models.aclose()

    def _begin(
        self,
        session: Session,
        message: Message,
        model: str | None,
        params: ParamChanges,
        *,
        take_leaf: bool = False,
        schema: Schema | None = None,
    ) -> Turn:
        left_id = session.leaf_id
        self._ledger.place(session, message, take_leaf=take_leaf)
        turn = Turn(session.id, message.id)
        if session.leaf_id == message.id:
            session.awaited_id = turn.group_id
        noting = None
        if take_leaf:
            words = f"edit: {quoted(message)}"
            noting = self.structure.note_leaf(session, left_id, words)
        work = self._send(turn, session, message, model, params, noting, schema)
        return self._turns.start(turn, session, work)

    async def _keep_alone(self, session: Session, message: Message, noting: Storing) -> Message:
        await uninterrupted(self._ledger.save(session, message, take_leaf=True))
        if message.attachments:
            await self.tooling.permissions.note_attached(session)
        await self._ledger.quietly(noting)
        return message

    def _leave_for(self, session: Session, message_id: str, words: str) -> Storing | None:
        """Go exactly to a message, if one is elsewhere; what is returned stores it."""
        if session.leaf_id == message_id:
            return None
        plan = move_leaf(session, message_id, is_exact=True)
        return self.structure.carry_out(session, plan, words)

    async def _send(
        self,
        turn: Turn,
        session: Session,
        message: Message,
        model: str | None,
        params: ParamChanges,
        noting: Storing | None,
        schema: Schema | None,
    ) -> None:
        await uninterrupted(self._keep(turn, session, message, noting))
        await self._replies.give(turn, session, message, model, params, schema=schema)

    async def _keep(
        self, turn: Turn, session: Session, message: Message, noting: Storing | None
    ) -> None:
        await self._ledger.save(session, message, take_leaf=noting is not None)
        if message.attachments:
            await self.tooling.permissions.note_attached(session)
        if noting is not None:
            await self._ledger.quietly(noting)
        turn.publish(MessageCommitted(message))

    async def _regenerate(
        self,
        turn: Turn,
        session: Session,
        above: Message,
        model: str | None,
        params: ParamChanges,
        storing: Storing | None,
    ) -> None:
        if storing is not None:
            await uninterrupted(self._ledger.quietly(storing))
        await self._replies.give(turn, session, above, model, params, may_reuse=False)

"""Between an engine and the store: keeps checkpoints while a draft grows, commits when it ends."""

from datetime import UTC, datetime
from functools import partial

from conduit_tui.controller.checkpoint import Checkpoint
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.turn import Turn, uninterrupted
from conduit_tui.core.events import (
    AttachmentReceived,
    CitationsReceived,
    Event,
    GenerationStarted,
    GenerationStopped,
    MessageCommitted,
    ReplayStarted,
    StructuredReceived,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.storage.drafts import DraftHeader


class Recorder:
    """Records one turn: `watch` sees every event, `commit` takes every finished message."""

    def __init__(
        self, turn: Turn, session: Session, ledger: Ledger, provider: str, params: Params
    ) -> None:
        self._turn = turn
        self._session = session
        self._ledger = ledger
        self._provider = provider
        self._params = params
        self._checkpoint: Checkpoint | None = None

    async def watch(self, event: Event) -> None:
        """Take note of an event before it goes on to the reader."""
        match event:
            case GenerationStarted():
                self._begin(event)
                await self._ledger.open_draft(self._header(event))
                save = partial(self._ledger.checkpoint, event.message_id)
                self._checkpoint = Checkpoint(save)
            case (
                TextDelta()
                | ThinkingDelta()
                | ToolCallDelta()
                | AttachmentReceived()
                | UnknownReceived()
                | StructuredReceived()
                | CitationsReceived()
                | UsageReported()
                | ReplayStarted()
                | GenerationStopped()
            ):
                if self._checkpoint is not None and not _is_for_the_eye(event):
                    self._checkpoint.add(event)
            case _:
                pass

    async def commit(self, message: Message) -> None:
        """Place and store a message and publish it; a cancellation waits until this is done."""
        await uninterrupted(self._commit(message))

    async def aclose(self) -> None:
        """Stop checkpoints that still run."""
        if self._checkpoint is not None:
            await self._checkpoint.aclose()

    async def _commit(self, message: Message) -> None:
        await self.aclose()
        message = await self._ledger.priced(message)
        self._ledger.place(self._session, message)
        self._turn.last_id, self._turn.draft_id = message.id, None
        await self._ledger.save(self._session, message)
        self._turn.publish(MessageCommitted(message))

    def _begin(self, event: GenerationStarted) -> None:
        """Note under which id the reply grows; the first one that begins at the leaf is awaited."""
        turn, session = self._turn, self._session
        turn.draft_id = event.message_id
        if session.leaf_id == event.predecessor_id and session.awaited_id in (None, turn.group_id):
            session.awaited_id = event.message_id

    def _header(self, event: GenerationStarted) -> DraftHeader:
        return DraftHeader(
            message_id=event.message_id,
            session_id=self._session.id,
            predecessor_id=event.predecessor_id,
            provider=self._provider,
            model=event.model,
            params=self._params,
            started_at=datetime.now(UTC),
        )


def _is_for_the_eye(event: Event) -> bool:
    """Whether an event is made again from others: half a value, from the words it came in."""
    return isinstance(event, StructuredReceived) and not event.is_final

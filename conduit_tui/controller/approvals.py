"""Questions to a person about tool calls: which are open, and how they are answered."""

import asyncio
from collections.abc import Callable

from conduit_tui.core.consent import Approval, Decision


class Approvals:
    """The open questions of all sessions, in the order they came up."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[Approval, asyncio.Future[Decision]]] = {}

    async def ask(self, approval: Approval) -> Decision:
        """Wait for the answer, as long as it takes."""
        future: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._open[approval.id] = (approval, future)
        try:
            return await future
        finally:
            del self._open[approval.id]

    def answer(self, approval_id: str, decision: Decision) -> bool:
        """Answer a question; return whether it was still open."""
        _, future = self._open.get(approval_id, (None, None))
        if future is None or future.done():
            return False
        future.set_result(decision)
        return True

    def open(self, session_id: str | None = None) -> tuple[Approval, ...]:
        """The questions that wait, of one session or of all."""
        return tuple(
            approval
            for approval, future in self._open.values()
            if not future.done() and session_id in (None, approval.session_id)
        )

    def settle(self, is_allowed: Callable[[Approval], bool]) -> None:
        """Say yes to those that need no question any more."""
        for approval in self.open():
            if is_allowed(approval):
                self.answer(approval.id, Decision("once"))

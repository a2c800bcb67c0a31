"""Questions to a person about tool calls: which are open, and how they are answered."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from conduit_tui.core.consent import Approval, Decision


class Approvals:
    """The open questions of all sessions, in the order they came up."""

    def __init__(self) -> None:
        self._open: dict[str, _Question] = {}

    async def ask(
        self, approval: Approval, is_allowed: Callable[[], bool] = lambda: False
    ) -> Decision:
        """Wait for the answer, as long as it takes; `is_allowed` is what `settle` asks."""
        future: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._open[approval.id] = _Question(approval, future, is_allowed)
        try:
            return await future
        finally:
            del self._open[approval.id]

    def answer(self, approval_id: str, decision: Decision) -> bool:
        """Answer a question; return whether it was still open."""
        question = self._open.get(approval_id)
        if question is None or question.answer.done():
            return False
        question.answer.set_result(decision)
        return True

    def open(self, session_id: str | None = None) -> tuple[Approval, ...]:
        """The questions that wait, of one session or of all."""
        return tuple(
            question.approval
            for question in self._open.values()
            if not question.answer.done() and session_id in (None, question.approval.session_id)
        )

    def settle(self) -> None:
        """Say yes to those that need no question any more, whichever session they are of."""
        for question in tuple(self._open.values()):
            if not question.answer.done() and question.is_allowed():
                question.answer.set_result(Decision("once"))


@dataclass(frozen=True, slots=True)
class _Question:
    approval: Approval
    answer: asyncio.Future[Decision]
    is_allowed: Callable[[], bool]

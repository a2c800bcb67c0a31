"""The tool calls at work right now, in any session: since when, which ended, what holds them."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from conduit_tui.core.consent import Approval
from conduit_tui.core.message import ToolResult
from conduit_tui.tui.widgets.call_state import CallState, Question


@dataclass(slots=True)
class _Call:
    """`since` moves on while a person is asked, from `held_at` on."""

    turn_id: str
    name: str
    since: float
    held_at: float | None = None
    result: ToolResult | None = None


class CallsAtWork:
    """Calls by the message that made them and their place in it, until that is answered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._calls: dict[str, dict[int, _Call]] = {}

    def started(self, turn_id: str, message_id: str, index: int, name: str) -> None:
        """Take note that a call is looked at."""
        self._calls.setdefault(message_id, {})[index] = _Call(turn_id, name, self.clock())

    def asked(self, approval: Approval) -> None:
        """Let the time of a call stand still."""
        if call := self._get(approval.message_id, approval.index):
            call.held_at = self.clock()

    def settled(self, approval: Approval) -> None:
        """Let its time go on."""
        call = self._get(approval.message_id, approval.index)
        if call is not None and call.held_at is not None:
            call.since += self.clock() - call.held_at
            call.held_at = None

    def finished(self, message_id: str, index: int, result: ToolResult) -> None:
        """Take note of what came of a call."""
        if call := self._get(message_id, index):
            call.result = result

    def answered(self, message_id: str) -> None:
        """Forget the calls of a message: their results are in the tree."""
        self._calls.pop(message_id, None)

    def end_turn(self, turn_id: str) -> None:
        """Forget whatever a turn that ended left behind."""
        for message_id, calls in list(self._calls.items()):
            if any(call.turn_id == turn_id for call in calls.values()):
                del self._calls[message_id]

    def running(self, turn_id: str) -> str:
        """The name of the call a turn runs, and how many more; nothing while it runs none."""
        names = [
            call.name
            for calls in self._calls.values()
            for call in calls.values()
            if call.turn_id == turn_id and call.result is None and call.held_at is None
        ]
        return f"{names[0]} +{len(names) - 1}" if len(names) > 1 else "".join(names)

    def is_held(self, turn_id: str) -> bool:
        """Whether a turn waits for an answer about a call."""
        return any(
            call.turn_id == turn_id and call.held_at is not None
            for calls in self._calls.values()
            for call in calls.values()
        )

    @property
    def message_ids(self) -> Iterator[str]:
        """The messages whose calls are at work."""
        return iter(list(self._calls))

    def states(self, message_id: str, questions: Mapping[int, Question]) -> dict[int, CallState]:
        """How the calls of a message stand, given the questions that are open about them."""
        known = self._calls.get(message_id, {})
        return {
            index: self._state(known.get(index), questions.get(index))
            for index in (*known, *(index for index in questions if index not in known))
        }

    def _state(self, call: _Call | None, question: Question | None) -> CallState:
        if question is not None or call is None:
            return CallState(question=question)
        if call.result is not None:
            return CallState(result=call.result)
        return CallState(seconds=max(0, int((call.held_at or self.clock()) - call.since)))

    def _get(self, message_id: str, index: int) -> _Call | None:
        return self._calls.get(message_id, {}).get(index)

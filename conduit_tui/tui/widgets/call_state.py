"""How a tool call of a message stands, while it is at work."""

from dataclasses import dataclass

from conduit_tui.core.consent import Approval
from conduit_tui.core.message import ToolResult


@dataclass(frozen=True, slots=True)
class Question:
    """A call that waits for a person's word. `key` is the one that goes there next, if one does.

    It `has_keys` while what is pressed answers it.
    """

    approval: Approval
    key: str = ""
    has_keys: bool = False


@dataclass(frozen=True, slots=True)
class CallState:
    """A call has run for so many whole seconds, has a result, or waits for an answer."""

    seconds: int = 0
    result: ToolResult | None = None
    question: Question | None = None

    @property
    def is_running(self) -> bool:
        """Whether its seconds go on."""
        return self.result is None and self.question is None

"""What the transcript is given for each message of the path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from conduit_tui.core.conversation import Fate
from conduit_tui.core.marks import NO_MARK, Mark
from conduit_tui.core.message import Message, Part
from conduit_tui.tui.widgets.call_state import CallState
from conduit_tui.tui.widgets.remarks import Remark

NO_CALLS: Mapping[int, CallState] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as it is shown.

    `position` of `siblings` is its place among the answers to the same predecessor. While the
    message streams, `live_parts` returns its parts as of now and `message` stands for the rest
    of it. `note` is one line of words below it: a retry's countdown, the key that tries again; it
    is quiet where nothing is wrong.
    `sampled` is what it was made with, where that is not what the session uses now; `mark` is what
    stands on it. `remarks` stand below its header. `calls` are those of its tool calls that are at
    work, by their place among the calls; `fate` is what became of those that nothing answers.
    """

    message: Message
    position: int = 1
    siblings: int = 1
    live_parts: Callable[[], tuple[Part, ...]] | None = None
    note: str = ""
    note_is_quiet: bool = False
    sampled: str = ""
    mark: Mark = NO_MARK
    remarks: tuple[Remark, ...] = ()
    calls: Mapping[int, CallState] = field(default_factory=lambda: NO_CALLS)
    fate: Fate = ""

    @property
    def id(self) -> str:
        """The message's id."""
        return self.message.id

    @property
    def is_live(self) -> bool:
        """Whether the message still streams."""
        return self.live_parts is not None

    def parts(self) -> tuple[Part, ...]:
        """The parts as they stand now."""
        return self.live_parts() if self.live_parts else self.message.parts

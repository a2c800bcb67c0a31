"""The message cursor: from message to message, to those of one's own, to blocks of code."""

from typing import TYPE_CHECKING

from conduit_tui.tui.widgets.block_walk import BlockWalk, Direction, NoBlock
from conduit_tui.tui.widgets.path_view import PathView

if TYPE_CHECKING:
    from conduit_tui.tui.widgets.transcript import Transcript


class MessageCursor:
    """Moves a transcript's cursor, and brings what it is on into sight."""

    def __init__(self, transcript: "Transcript", path: PathView, blocks: BlockWalk) -> None:
        self._transcript = transcript
        self._path = path
        self._blocks = blocks

    def put(self, message_id: str | None, *, from_below: bool = False) -> None:
        """Put the cursor on a message of the path; a tall one shows its end `from_below`."""
        at = self._path.index_of(message_id)
        if at is None:
            return
        self._transcript.cursor_id = message_id
        if at == len(self._path.entries) - 1 and self._path.rows_below == 0:
            self._path.following = True
        else:
            self._path.reveal(at, from_below=from_below)
        self._transcript.bring_up_to_date()

    def move(self, delta: int) -> None:
        """Move by messages. Within a message taller than the view it scrolls first."""
        path = self._path
        if not path.entries:
            return
        at = self._at
        if at is None:
            at = len(path.entries) - 1
        elif self._scroll_within(at, delta):
            return
        else:
            at = min(max(0, at + delta), len(path.entries) - 1)
        self.put(path.entries[at].id, from_below=delta < 0)

    def to_start(self) -> None:
        """Go to the first message."""
        if self._path.entries:
            self._path.to_start()
            self.put(self._path.entries[0].id)

    def to_end(self) -> None:
        """Go to the last message and follow what comes."""
        if self._path.entries:
            self._transcript.cursor_id = self._path.entries[-1].id
            self._transcript.follow_end()

    def step_own(self, direction: Direction) -> bool:
        """Go to the next message of one's own; returns whether there is one."""
        entries = self._path.entries
        start = len(entries) if self._at is None else self._at
        for at in range(start + direction, len(entries) if direction == 1 else -1, direction):
            if entries[at].message.role == "user":
                self._transcript.cursor_id = entries[at].id
                self._path.jump_to(at)
                self._transcript.bring_up_to_date()
                return True
        return False

    def step_block(self, direction: Direction) -> NoBlock | None:
        """Go to the next block of code and mark it; returns how far was looked if there is none."""
        if not self._path.entries:
            return NoBlock(True, 0)
        start = len(self._path.entries) - 1 if self._at is None else self._at
        missing = self._blocks.step(start, direction)
        if missing is None and self._blocks.mark:
            self._transcript.cursor_id = self._blocks.mark.message_id
            self._transcript.bring_up_to_date()
        return missing

    @property
    def _at(self) -> int | None:
        return self._path.index_of(self._transcript.cursor_id)

    def _scroll_within(self, at: int, delta: int) -> bool:
        """Scroll half a view if the cursor's message has more rows in that direction."""
        path = self._path
        above = path.line - path.heights.above(at)
        below = len(path.view(at)) - 1 - above - path.height
        step = max(1, path.height // 2)
        is_in_sight = -path.height < above < len(path.view(at))
        if delta == 1 and is_in_sight and above >= 0 and below > 0:
            path.scroll_by(min(step, below))
        elif delta == -1 and is_in_sight and above > 0:
            path.scroll_by(-min(step, above))
        else:
            return False
        self._transcript.bring_up_to_date()
        return True

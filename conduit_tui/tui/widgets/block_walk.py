"""From one block of code to the next along the path, also where nothing was drawn before.

A message out of sight is drawn only when its source has a block; looking at sources has a limit
for each step, so that thousands of messages without code take several.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from conduit_tui.core.message import Attachment, Text
from conduit_tui.tui.markdown.code_blocks import CodeBlock, has_fence, may_have_code
from conduit_tui.tui.widgets import folding
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.path_view import PathView

MOST_LOOKED_AT = 50_000
"""Characters of sources that one step parses: some 50 ms."""
_COST_OF_A_MESSAGE = 4  # what passing one by takes, as characters parsed

Direction: TypeAlias = Literal[-1, 1]


class MarkedBlock(NamedTuple):
    """A block that was jumped to: its message and its number among the blocks of that, from 0."""

    message_id: str
    number: int


@dataclass(frozen=True, slots=True)
class NoBlock:
    """There is none in this direction, or none in the messages that were `looked_at` so far."""

    is_sure: bool
    looked_at: int


class BlockWalk:
    """Finds blocks of code and files; `mark` is the one that was found last."""

    def __init__(self, path: PathView) -> None:
        self.mark: MarkedBlock | None = None
        self._path = path
        self._without: set[str] = set()

    def blocks_of(self, message_id: str | None) -> list[CodeBlock]:
        """The blocks of a message of the path, which is drawn for it."""
        at = self._path.index_of(message_id)
        if at is None:
            return []
        self._path.draw_whole(at)
        return [] if self._path.is_end(at) else self._path.view(at).all_blocks()

    def marked_lines(self) -> tuple[int, range] | None:
        """The message with the mark, and the logical lines of the marked block."""
        at = self._path.index_of(self.mark.message_id) if self.mark else None
        if self.mark is None or at is None:
            return None
        blocks = self._path.view(at).blocks()
        if self.mark.number >= len(blocks):
            return None
        block = blocks[self.mark.number]
        return at, range(block.line, block.line + block.size)

    def step(self, at: int, direction: Direction) -> NoBlock | None:
        """Mark the next block and bring it near the top of the view; `at` has the cursor."""
        number = self._next_within(at, direction)
        if number is None and direction == 1 and self._opened(at):
            number = self._next_within(at, direction)
        if number is None:
            found = self._next_message(at, direction)
            if isinstance(found, NoBlock):
                return found
            at, number = found, 0 if direction == 1 else -1
            self._opened(at)
        blocks = self._path.view(at).blocks()
        self._show(at, range(len(blocks))[number], blocks[number])
        return None

    def _opened(self, at: int) -> bool:
        """Open a long text whose blocks are not all drawn; returns whether there was one."""
        view = self._path.view(at)
        parts = view.cut_parts
        if not parts or len(view.all_blocks()) == len(view.blocks()):
            return False
        for part in parts:
            folding.put(self._path, self._path.entries[at].id, part, True)
        return True

    def _next_within(self, at: int, direction: Direction) -> int | None:
        """The next block of the same message: seen from the mark if it is in sight."""
        path = self._path
        path.draw_whole(at)
        view = path.view(at)
        blocks = view.blocks()
        path.settle()
        above = path.heights.above(at) - path.line
        rows = [above + view.row_of_line(block.line) for block in blocks]
        mark = self.mark
        if mark and mark.message_id == path.entries[at].id and mark.number < len(blocks):
            first = rows[mark.number]
            if first < path.height and first + blocks[mark.number].size > 0:
                wanted = mark.number + direction
                return wanted if 0 <= wanted < len(blocks) else None
        if direction == 1:
            return next((n for n, row in enumerate(rows) if row >= 0), None)
        return next((n for n in reversed(range(len(rows))) if rows[n] < path.height), None)

    def _next_message(self, at: int, direction: Direction) -> int | NoBlock:
        left, looked_at, is_sure = MOST_LOOKED_AT, 0, True
        entries = self._path.entries
        for other in range(at + direction, len(entries) if direction == 1 else -1, direction):
            entry = entries[other]
            left -= _COST_OF_A_MESSAGE
            if left <= 0:
                return NoBlock(False, looked_at)
            looked_at += 1
            if entry.id in self._without:
                continue
            sources = _sources(entry)
            left -= sum(map(len, sources))
            if _may_have_blocks(entry, sources):
                is_drawn = self._path.draw_whole(other)
                if self.blocks_of(entry.id):
                    return other
                if not is_drawn:
                    is_sure = False
                    continue
            if not entry.is_live:
                self._without.add(entry.id)
        return NoBlock(is_sure, looked_at)

    def _show(self, at: int, number: int, block: CodeBlock) -> None:
        path = self._path
        message_id = path.entries[at].id
        self.mark = MarkedBlock(message_id, number)
        row = path.view(at).row_of_line(block.line)
        if path.view(at).line_at(row) != block.line:
            fold = path.view(at).fold_at(row)
            if fold is not None:
                folding.put(path, message_id, fold, True)
            row = path.view(at).row_of_line(block.line)
        path.jump_to(at, row)


def _sources(entry: Entry) -> list[str]:
    """The texts in which blocks may be; words of one's own need fences for it."""
    if entry.message.role == "tool":
        return []
    is_typed = entry.message.role != "assistant"
    return [
        part.text
        for part in entry.parts()
        if isinstance(part, Text)
        and may_have_code(part.text)
        and (not is_typed or has_fence(part.text))
    ]


def _may_have_blocks(entry: Entry, sources: Sequence[str]) -> bool:
    has_file = any(isinstance(part, Attachment) and part.is_text for part in entry.parts())
    return has_file or bool(sources)

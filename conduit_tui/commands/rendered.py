"""Renders an answer on the terminal: finished blocks stay, the open one is shown below them."""

import asyncio
import time
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.markdown import Markdown
from rich.segment import Segment, Segments

from conduit_tui.commands.markdown_blocks import OpenMarkdown, parse
from conduit_tui.core.clean import StreamCleaner, clean
from conduit_tui.core.json import Json

SHORTEST_GAP_SECONDS = 0.1
COST_FACTOR = 3  # a refresh may take a quarter of the time

_CODE_THEME = "ansi_dark"  # the terminal's own colours, no background
_FENCES = ("```", "~~~")


class RenderedPrinter:
    """Writes Markdown in blocks as they become final, so that the scrollback holds all of it.

    The open block is a preview of at most the screen's height, refreshed at most ten times a
    second and erased when the block is printed for good.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._cleaner = StreamCleaner()
        self._markdown = OpenMarkdown()
        self._live: Live | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due_at = 0.0
        self._has_printed = False

    async def write(self, text: str) -> None:
        """Take text; print the blocks that it finishes."""
        self._print(self._markdown.feed(self._cleaner.feed(text)))
        self._schedule()

    def show(self, value: Json, *, is_final: bool) -> None:
        """Nothing to do: no value was asked for."""

    def pause(self) -> None:
        """Erase the preview; the next text brings it back."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._live:
            self._live.update("", refresh=False)
            self._live.stop()
            self._live = None

    def end_message(self) -> None:
        """Print what is left."""
        self._print(self._markdown.feed(self._cleaner.finish()))
        self._print(self._markdown.finish())
        self.pause()

    def close(self) -> None:
        """Show the cursor again."""
        self.pause()

    def _print(self, blocks: list[str]) -> None:
        for source in blocks:
            rows = _trimmed(self._console.render_lines(_Rendered(source), pad=False))
            if not rows:
                continue
            self.pause()
            if self._has_printed:
                self._console.print()
            self._has_printed = True
            self._console.print(Segments((*_joined(rows), Segment.line())))

    def _schedule(self) -> None:
        if self._timer is None and self._markdown.tail.strip():
            wait_seconds = max(0.0, self._due_at - time.monotonic())
            self._timer = asyncio.get_running_loop().call_later(wait_seconds, self._refresh)

    def _refresh(self) -> None:
        self._timer = None
        began = time.monotonic()
        if self._live is None:
            self._live = Live(
                console=self._console,
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        self._live.update(_Preview(self._markdown.tail, self._has_printed), refresh=True)
        cost_seconds = time.monotonic() - began
        self._due_at = began + cost_seconds + max(SHORTEST_GAP_SECONDS, COST_FACTOR * cost_seconds)


class _Rendered:
    """Markdown as Rich shows it, with links as text and every cell cleaned once more.

    Markdown has spellings of its own for what `clean` took out: `&#8238;`, `%1b` in an address.
    """

    def __init__(self, source: str) -> None:
        self._markdown = Markdown("", code_theme=_CODE_THEME, hyperlinks=False)
        self._markdown.parsed = parse(source)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._markdown, options):
            if not segment.control:
                yield Segment(clean(segment.text), segment.style)


class _Preview:
    """The last rows of a block that still grows."""

    def __init__(self, tail: str, is_below_others: bool) -> None:
        self._tail = tail
        self._is_below_others = is_below_others

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = max(1, console.size.height - 2)
        rendered = _Rendered(_last_lines(self._tail, height))
        rows = _trimmed(console.render_lines(rendered, options, pad=False))
        if self._is_below_others:
            rows.insert(0, [])
        yield from _joined(rows[-height:])


def _last_lines(tail: str, count: int) -> str:
    """Enough of a block to fill the screen, so that a refresh costs the same however long it is."""
    lines = tail.split("\n")
    if len(lines) <= count:
        return tail
    is_fence = lines[0].lstrip().startswith(_FENCES)
    return "\n".join((*lines[:is_fence], *lines[-count:]))


def _trimmed(rows: list[list[Segment]]) -> list[list[Segment]]:
    """Without the empty rows that Rich puts around some blocks: one between blocks is enough."""
    filled = [number for number, row in enumerate(rows) if any(part.text.strip() for part in row)]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _joined(rows: Iterable[list[Segment]]) -> Iterable[Segment]:
    for number, row in enumerate(rows):
        if number:
            yield Segment.line()
        yield from row

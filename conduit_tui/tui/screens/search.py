"""The screen that searches all sessions."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import datetime
from functools import partial
from typing import ClassVar, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import StorageError
from conduit_tui.core.hit import Hit
from conduit_tui.core.message import Message
from conduit_tui.core.query import Query, parse_query
from conduit_tui.tui.screens.dialog import Dialog, Frame
from conduit_tui.tui.widgets.find_count import HitCount
from conduit_tui.tui.widgets.hit_list import HitList
from conduit_tui.tui.widgets.hit_preview import HitPreview
from conduit_tui.tui.widgets.query_input import QueryInput
from conduit_tui.tui.widgets.query_words import FILTERS, nothing_found, without_unfinished

Search: TypeAlias = Callable[[Query, int], AsyncGenerator[tuple[Hit, ...], None]]
"""Finds at most so many hits, the newest first, in batches; closing it interrupts it."""
Read: TypeAlias = Callable[[Hit], Awaitable[Message | None]]
"""Reads the message of a hit; None if it is gone. May raise StorageError."""

LIMIT = 200
REST_SECONDS = 0.02
"""Before the next query begins, while one is under way: a key may follow at once."""
STALE_SECONDS = 0.15
"""So long the hits of the query before stay in sight, so that the list does not flicker."""
PREVIEW_SECONDS = 0.03
WIDE = 110
STARRED = Query(is_starred=True)
HELP = (
    "Type words to find them in every message of every session.",
    "While nothing is typed, the newest starred messages stand here.",
)


class SearchScreen(Dialog[Hit]):
    """Finds as one types, and returns the hit to go to, or None after Escape.

    `text` is what the line begins with; selected, so that typing replaces it, unless `is_typed`.
    """

    AUTO_FOCUS = "QueryInput"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "move(-1)", "Up", show=False),
        Binding("down,ctrl+n", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("ctrl+home", "edge(False)", "First", show=False),
        Binding("ctrl+end", "edge(True)", "Last", show=False),
        Binding("ctrl+f", "select", "Select the query", show=False),
    ]
    DEFAULT_CSS = """
    SearchScreen {
        & Frame { width: 94%; max-width: 200; height: 92%; }
        &.-narrow Frame { width: 100%; height: 100%; }
        &.-tiny Frame, &.-low Frame { width: 100%; height: 100%; }
        & #search-line { height: 1; margin-bottom: 1; }
        &.-tiny #search-line, &.-low #search-line { margin-bottom: 0; }
        & QueryInput { width: 1fr; }
        & #search-count { width: auto; max-width: 50%; padding-left: 2; color: $foreground-muted; }
        & #search-count.-vain { color: $text-warning; }
        & #search-body { height: 1fr; }
        & HitPreview { display: none; width: 1fr; height: 1fr; margin-left: 2; }
        &.-wide .-found HitPreview { display: block; }
        & #search-filters { height: 1; margin-top: 1; color: $foreground-muted; }
        &:ansi #search-filters { text-style: dim; }
        &.-tiny #search-filters, &.-low #search-filters { display: none; }
    }
    """

    def __init__(self, search: Search, read: Read, text: str = "", *, is_typed: bool) -> None:
        super().__init__()
        self._search = search
        self._read = read
        self._begins_with = text
        self._is_typed = is_typed
        self._asked: tuple[Query, bool] | None = None
        self._hits: tuple[Hit, ...] = ()
        self._is_current = False  # whether the hits in the list are those of what is typed
        self._is_looking = False
        self._goes_to_first = False  # Enter came before the first hit
        self._one_at_a_time = asyncio.Lock()
        self._stale: Timer | None = None

    def compose(self) -> ComposeResult:
        """The query and how the search stands, the hits and the message, what can be typed."""
        hints = ("Enter", "go there"), ("↑↓", "move"), ("Tab", "complete"), ("Esc", "close")
        with Frame("Search all sessions", *hints):
            with Horizontal(id="search-line"):
                yield QueryInput(self._begins_with, "Words in any message")
                yield Static("", id="search-count", markup=False)
            with Horizontal(id="search-body"):
                yield HitList()
                yield HitPreview()
            yield Static(_filter_line(), id="search-filters", markup=False)

    def on_mount(self) -> None:
        """Look for what the line begins with."""
        self.query_one(HitList).can_focus = False
        line = self.query_one(QueryInput)
        line.cursor_position = len(line.value)
        if not self._is_typed:
            line.select_all()
        self._look_for(line.value)

    @property
    def text(self) -> str:
        """What is typed, or was when the screen was closed."""
        return self._begins_with

    @property
    def words(self) -> tuple[str, ...]:
        """The words that were looked for last."""
        return self._asked[0].words if self._asked else ()

    # -- what a person does ------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._look_for(event.value)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        hit = self.query_one(HitList).hit
        if not self._is_current:
            self._goes_to_first = self._asked is not None and self._asked[1]
        elif hit is not None:
            self._go(hit)

    @on(HitList.Chosen)
    def _chosen(self, event: HitList.Chosen) -> None:
        self._go(event.hit)

    def _go(self, hit: Hit) -> None:
        """Close the screen with a hit; a click and Enter may come at once."""
        if self.is_current:
            self.dismiss(hit)

    @on(HitList.Moved)
    def _moved(self) -> None:
        self._preview_later()

    def action_move(self, hits: int) -> None:
        """Move the cursor of the list."""
        self._goes_to_first = False
        self.query_one(HitList).action_move(hits)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what is in view."""
        self.query_one(HitList).action_page(pages)

    def action_edge(self, last: bool) -> None:
        """Move the cursor to the newest or the oldest hit."""
        self.query_one(HitList).action_edge(last)

    def action_select(self) -> None:
        """Select what is typed, so that typing replaces it."""
        self.query_one(QueryInput).select_all()

    def on_resize(self) -> None:
        """Preview where there is room."""
        self._preview_later()

    # -- searching ---------------------------------------------------------------------------

    def _look_for(self, text: str) -> None:
        """Let go of the query under way and begin the next, unless it means the same."""
        self._begins_with = text
        query = parse_query(without_unfinished(text), datetime.now().astimezone())
        asked = (STARRED, False) if query.is_empty else (query, True)
        if asked == self._asked:
            return
        rest = REST_SECONDS if self._is_looking else 0
        self._asked, self._is_looking, self._is_current = asked, True, False
        self._goes_to_first = False
        if self._stale is None:
            self._stale = self.set_timer(STALE_SECONDS, self._clear_stale)
        self._tell()
        self.run_worker(partial(self._find, asked, rest), group="search", exclusive=True)

    async def _find(self, asked: tuple[Query, bool], rest: float) -> None:
        """Run one query; the one before has been closed, or is awaited until it is."""
        await asyncio.sleep(rest)
        hits: tuple[Hit, ...] = ()
        async with self._one_at_a_time:
            try:
                async with aclosing(self._search(asked[0], LIMIT + 1)) as batches:
                    async for batch in batches:
                        hits += batch
                        self._show(hits)
                        if len(hits) > LIMIT:
                            break
            except StorageError as error:
                self._fail(str(error))
                return
        self._is_looking = False
        self._show(hits)

    def _show(self, hits: tuple[Hit, ...]) -> None:
        """Show what the query of the moment found by now."""
        if self._is_gone or (self._is_looking and not hits):
            return
        self._keep_stale()
        was_current, self._is_current = self._is_current, True
        self._hits = hits
        self._list(more=was_current)
        self._tell()
        if self._goes_to_first and hits:
            self._go(hits[0])
        self._goes_to_first = False

    def _fail(self, words: str) -> None:
        if self._is_gone:
            return
        self._keep_stale()
        self._is_looking, self._is_current, self._hits = False, True, ()
        self._asked = None  # the same words may be looked for again
        self._list(empty=(clean_line(words),))
        self._tell()

    def _keep_stale(self) -> None:
        if self._stale is not None:
            self._stale.stop()
            self._stale = None

    def _clear_stale(self) -> None:
        """Nothing was found for a while: what is in the list was found by other words."""
        self._stale = None
        self._hits = ()
        self._list(empty=("looking…",))

    def _list(self, *, empty: tuple[str, ...] = (), more: bool = False) -> None:
        now = datetime.now().astimezone()
        query, is_typed = self._asked or (Query(), True)
        empty = empty or (nothing_found(query) if is_typed else HELP)
        self.query_one("#search-body").set_class(bool(self._hits), "-found")
        self.query_one(HitList).show(self._hits[:LIMIT], now, empty=empty, more=more)

    def _tell(self) -> None:
        """Say how the search stands."""
        is_typed = self._asked is None or self._asked[1]
        hits = self._hits if self._is_current else ()
        state = HitCount(len(hits), LIMIT, self._is_looking, is_of_stars=not is_typed)
        count = self.query_one("#search-count", Static)
        count.update(Content(state.words))
        count.set_class(state.is_in_vain and is_typed, "-vain")

    @property
    def _is_gone(self) -> bool:
        """Whether the screen was closed while something was awaited."""
        return not self.query(HitList)

    # -- the preview -------------------------------------------------------------------------

    def _preview_later(self) -> None:
        if self.size.width >= WIDE:
            self.run_worker(self._preview, group="preview", exclusive=True)

    async def _preview(self) -> None:
        """Show the message under the cursor, when the cursor has come to rest."""
        await asyncio.sleep(PREVIEW_SECONDS)
        hit = self.query_one(HitList).hit
        try:
            message = await self._read(hit) if hit else None
        except StorageError:
            message = None  # the list tells when the file cannot be read
        if self._is_gone:
            return
        lit = words_to_light(hit, self.words) if hit else ()
        self.query_one(HitPreview).preview(message, lit)


def words_to_light(hit: Hit, words: tuple[str, ...]) -> tuple[str, ...]:
    """What to light in the message of a hit: the query's words, and what was found for them.

    Both, since a search may take other letters for the same: é for e.
    """
    found = (hit.excerpt[start:end] for start, end in hit.spans)
    return tuple(dict.fromkeys(each for each in (*words, *found) if each.strip()))


def _filter_line() -> Content:
    names = [name for name in FILTERS if name != "status:"]
    return Content.assemble(("  ".join(names), ""), '  "exact words"')

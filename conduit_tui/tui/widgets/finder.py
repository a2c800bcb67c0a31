"""Finding text in the transcript: goes to matches, opens what hides them, and comes back.

It searches for some milliseconds when asked; what takes longer goes on in slices beside the keys,
and is dropped when something else is asked.
"""

import asyncio
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from conduit_tui.tui.widgets import folding
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.find_count import FindCount
from conduit_tui.tui.widgets.find_text import Query
from conduit_tui.tui.widgets.found_rows import found_rows
from conduit_tui.tui.widgets.path_find import Hit, PathFind, Place
from conduit_tui.tui.widgets.path_view import Bookmark, PathView, Spot
from conduit_tui.tui.widgets.row_painter import Found

if TYPE_CHECKING:
    from conduit_tui.tui.widgets.transcript import Transcript

AT_ONCE_SECONDS = 0.012
SLICE_SECONDS = 0.003
PAUSE_SECONDS = 0.001
TELL_SECONDS = 0.1
GROWTH_SECONDS = 0.2
"""How long what streams may grow before its matches are counted again."""


class _Origin(NamedTuple):
    """Where one was when the search began."""

    mark: Bookmark
    place: Place
    cursor_id: str | None
    new_lines: int


@dataclass(slots=True)
class _Aim:
    """A search for one match under way, and what is done with it."""

    place: Place
    step: int
    land: Callable[[Hit | None], None]


class Finder:
    """Searches what a transcript shows. It is active from `begin` to `end`.

    Meanwhile the view is held: it does not follow what streams, so that a match at its end stays.
    """

    def __init__(self, transcript: "Transcript", path: PathView) -> None:
        self._transcript = transcript
        self._path = path
        self._model: PathFind | None = None
        self._origin: _Origin | None = None
        self._hit: Hit | None = None
        self._aim: _Aim | None = None
        self._job: Generator[None, None, None] | None = None
        self._opened: dict[tuple[str, int], bool | None] = {}
        self._grew = False

    @property
    def is_active(self) -> bool:
        """Whether a search has begun and not ended."""
        return self._model is not None

    @property
    def count(self) -> FindCount:
        """How the search stands."""
        model = self._model
        if model is None or not model.query.text:
            return FindCount("")
        number = model.number(self._hit) if self._hit else 0
        is_counting = self._aim is not None or not model.is_counted
        return FindCount(model.query.text, number, model.total, is_counting)

    # -- what a person does ------------------------------------------------------------------

    def begin(self) -> None:
        """Remember where one is. A search that was there is over, and one stays where it led."""
        self.end(go_back=False)
        self._model = PathFind(self._path)
        self._origin = self._here(self._model)
        self._path.is_held, self._path.following = True, False

    def find(self, text: str, step: int = 1) -> None:
        """Go to the nearest match from where the search began; to that place if there is none."""
        if self._model is None or self._origin is None:
            return
        self._model.ask(Query(text))
        self._hit = None
        self._aim = _Aim(self._origin.place, step, self._land_anew) if text else None
        if not text:
            self._return()
        self._start()

    def find_in(self, message_id: str, text: str, any_of: Sequence[str]) -> None:
        """Light words everywhere, and go to the first in a message, if it has one.

        `text` stands for them in the count.
        """
        if self._model is None:
            return

        def land(hit: Hit | None) -> None:
            if hit is not None and hit.message_id == message_id:
                self._land_next(hit)

        self._model.ask(Query(text, any_of))
        self._hit = None
        self._aim = _Aim(Place(message_id, 0, 0), 1, land)
        self._start()

    def find_next(self, step: int) -> None:
        """Go to the next match, or the one before with -1: from the last one if it is in sight."""
        model = self._model
        if model is None or not model.query.text or not self._path.entries:
            return
        self._aim = _Aim(self._from_here(model, step), step, self._land_next)
        self._start()

    def end(self, *, go_back: bool) -> None:
        """Show no matches any more; go back to where one was, with its folds, or stay."""
        if self._model is None:
            return
        self._model = self._aim = self._job = self._hit = None
        self._path.is_held = False
        if go_back:
            self._return()
        elif not self._path.following:
            self._path.following = self._path.rows_below == 0
        self._origin = None
        self._opened = {}
        self._transcript.bring_up_to_date()
        self._tell()

    # -- what happens meanwhile --------------------------------------------------------------

    def path_changed(self, old: Sequence[Entry]) -> None:
        """Count again what is other; in another session the search is over."""
        if self._model is None:
            return
        new = self._path.entries
        if old and (not new or old[0].message.session_id != new[0].message.session_id):
            self.end(go_back=False)
            return
        self._model.forget_from(old)
        if self._hit and self._path.index_of(self._hit.message_id) is None:
            self._hit = None
        self._start()

    def replies_grew(self, message_ids: Sequence[str]) -> None:
        """Count again, soon, what streams."""
        if self._model is None or not self._model.query.text:
            return
        for message_id in message_ids:
            self._model.grew(message_id)
        if self._job is None and not self._grew:
            self._grew = True
            self._work()

    def drawn_anew(self) -> None:
        """Search in the tables of another width."""
        if self._model is not None and self._model.drawn_anew():
            self._start()

    def found_in(self, spots: Sequence[Spot]) -> Mapping[Spot, tuple[Found, ...]]:
        """What to highlight in the rows in sight."""
        if self._model is None or not self._model.query.text:
            return {}
        return found_rows(self._path, spots, self._model.query, self._hit)

    # -- searching in slices -----------------------------------------------------------------

    def _start(self) -> None:
        """Search at once for as long as nobody notices, and go on beside the keys if need be."""
        self._grew = False
        self._job = self._search()
        is_done = self._advance(AT_ONCE_SECONDS)
        self._transcript.bring_up_to_date()
        self._tell()
        if not is_done:
            self._work()

    def _search(self) -> Generator[None, None, None]:
        model, aim = self._model, self._aim
        if model is None:
            return
        if aim is not None:
            hit = yield from model.seek(aim.place, aim.step)
            self._aim = None
            aim.land(hit)
        if model.query.text:
            yield from model.scan()

    def _advance(self, seconds: float) -> bool:
        """Search for some time; returns whether there is nothing left to do."""
        end = perf_counter() + seconds
        job = self._job
        if job is not None:
            for _ in job:
                if perf_counter() >= end:
                    return False
            self._job = None
        return True

    def _work(self) -> None:
        # The method, not its coroutine: one that is called off before it began is never awaited.
        if self._transcript.is_attached:
            self._transcript.run_worker(self._go_on, group="find", exclusive=True)

    async def _go_on(self) -> None:
        if self._grew:
            await asyncio.sleep(GROWTH_SECONDS)
            self._grew = False
            self._job = self._job or self._search()
        told = perf_counter()
        while self._model is not None and not self._advance(SLICE_SECONDS):
            if perf_counter() - told > TELL_SECONDS:
                self._tell()
                told = perf_counter()
            await asyncio.sleep(PAUSE_SECONDS)
        self._tell()

    def _tell(self) -> None:
        self._transcript.post_message(self._transcript.FindMoved(self._transcript, self.count))

    # -- going there and back ----------------------------------------------------------------

    def _here(self, model: PathFind) -> _Origin:
        path, transcript = self._path, self._transcript
        mark = path.bookmark()
        place = model.place_of_row(path.top, path.skip) if path.entries else Place("", 0, 0)
        return _Origin(mark, place, transcript.cursor_id, transcript.new_lines)

    def _from_here(self, model: PathFind, step: int) -> Place:
        if self._hit and self._is_in_sight(self._hit):
            return model.end_of(self._hit) if step > 0 else model.start_of(self._hit)
        spots = self._path.visible()
        if step > 0 or not spots:
            return model.place_of_row(self._path.top, self._path.skip)
        at, row = spots[-1]
        if row + 1 < len(self._path.view(at)) or at + 1 == len(self._path.entries):
            return model.place_of_row(at, row + 1)
        return model.place_of_row(at + 1, 0)

    def _is_in_sight(self, hit: Hit) -> bool:
        at = self._path.index_of(hit.message_id)
        row = None if at is None else self._path.view(at).row_of_text(hit.key, hit.line, hit.start)
        return at is not None and row is not None and Spot(at, row) in self._path.visible()

    def _land_anew(self, hit: Hit | None) -> None:
        """Go from where the search began, whatever the letters before led to."""
        self._return()
        self._land_next(hit)

    def _land_next(self, hit: Hit | None) -> None:
        at = None if hit is None else self._path.index_of(hit.message_id)
        if hit is None or at is None:
            return
        row = self._path.view(at).row_of_text(hit.key, hit.line, hit.start)
        if row is None:
            before = self._fold(hit.message_id, hit.fold, True)
            self._opened.setdefault((hit.message_id, hit.fold), before)
            row = self._path.view(at).row_of_text(hit.key, hit.line, hit.start) or 0
        self._hit = hit
        self._path.reveal_row(at, row)
        self._transcript.cursor_id = hit.message_id
        self._transcript.bring_up_to_date()

    def _return(self) -> None:
        """Fold what was opened, and go to where the search began."""
        for (message_id, part), before in self._opened.items():
            self._fold(message_id, part, before)
        self._opened = {}
        if self._origin is None:
            return
        mark = self._origin.mark
        is_following = mark.is_following and not self._path.is_held
        self._path.return_to(mark._replace(is_following=is_following))
        if self._path.index_of(self._origin.cursor_id) is not None:
            self._transcript.cursor_id = self._origin.cursor_id
        if not self._path.following:
            self._transcript.new_lines = min(self._origin.new_lines, self._path.rows_below)

    def _fold(self, message_id: str, part: int, choice: bool | None) -> bool | None:
        self._transcript.clear_selection()  # its lines are counted through the message
        return folding.put(self._path, message_id, part, choice)

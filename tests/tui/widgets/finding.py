"""Paths to search in, and a search that is run to its end."""

from collections.abc import Generator, Sequence
from typing import TypeVar

from conduit_tui.core.message import Message, Part, Role, Text
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets import folding
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.find_text import Query
from conduit_tui.tui.widgets.path_find import Hit, PathFind, Place
from conduit_tui.tui.widgets.path_view import PathView
from tests.tui.widgets.building import NOW

T = TypeVar("T")


def entry(number: int, role: Role, *parts: Part | str, error: str | None = None) -> Entry:
    """A message `mN`; a string stands for its text."""
    whole = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    model = "demo" if role == "assistant" else None
    before = f"m{number - 1}" if number else None
    status = "error" if error else "complete"
    return Entry(
        Message(
            f"m{number}", "s", before, role, whole, NOW, model=model, error=error, status=status
        )
    )


def replies(*texts: str) -> list[Entry]:
    """Replies of a model with these texts."""
    return [entry(number, "assistant", text) for number, text in enumerate(texts)]


def path_of(entries: Sequence[Entry], width: int = 40, height: int = 12) -> PathView:
    """A path that stands at its start."""
    path = PathView()
    path.resize(width, height, Palette())
    path.show(entries)
    path.to_start()
    return path


def finished(work: Generator[None, None, T]) -> T:
    """Run a search to its end."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


class Search:
    """One search of a path, driven from hit to hit."""

    def __init__(self, path: PathView, text: str) -> None:
        self.path = path
        self.model = PathFind(path)
        self.hit: Hit | None = None
        self.ask(text)

    def ask(self, text: str) -> None:
        """Look for another text and count it."""
        self.model.ask(Query(text))
        finished(self.model.scan())

    def next(self) -> str:
        """Go forward; returns the text of the hit."""
        place = self.model.end_of(self.hit) if self.hit else self._start()
        self.hit = finished(self.model.seek(place, 1))
        return self.text()

    def previous(self) -> str:
        """Go backward; returns the text of the hit."""
        place = self.model.start_of(self.hit) if self.hit else self._start()
        self.hit = finished(self.model.seek(place, -1))
        return self.text()

    def number(self) -> int:
        """Which of all hits this is."""
        assert self.hit
        return self.model.number(self.hit)

    def text(self) -> str:
        """`m3: what was found`, or nothing."""
        if self.hit is None:
            return ""
        at = self.path.index_of(self.hit.message_id)
        assert at is not None
        folding.put(self.path, self.hit.message_id, self.hit.fold, True)
        view = self.path.view(at)
        row = view.row_of_text(self.hit.key, self.hit.line, self.hit.start)
        assert row is not None, "the hit is on a row once its fold is open"
        start = self.hit.start - view[row].start
        return f"{self.hit.message_id}: {view[row].text[start:][: self.hit.end - self.hit.start]}"

    def _start(self) -> Place:
        return Place(self.path.entries[0].id, 0, 0)

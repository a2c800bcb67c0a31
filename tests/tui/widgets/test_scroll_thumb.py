"""The thumb of a scroll bar is where Textual would draw it, and only what moved is painted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender

from conduit_tui.tui.widgets.scroll_thumb import move, thumb


def drawn(rows: int, total: int, position: int) -> list[object]:
    """The rows of a bar as Textual draws them; below the thumb as above it."""
    bar = ScrollBarRender.render_bar(
        rows, total, rows, position, 1, True, Color.parse("black"), Color.parse("white")
    )
    return [(segment.text, segment.style.reverse) for segment in bar.segments if segment.style]


@given(st.integers(1, 60), st.integers(1, 5_000), st.data())
def test_rows_whose_part_of_the_thumb_stays_look_the_same(rows: int, more: int, data):
    total = rows + more
    grown = total + data.draw(st.integers(0, 50))
    old = data.draw(st.integers(0, total - rows))
    new = data.draw(st.integers(0, grown - rows))
    before, after = thumb(rows, total, old), thumb(rows, grown, new)
    pairs = zip(drawn(rows, total, old), drawn(rows, grown, new), strict=True)
    for row, (one, other) in enumerate(pairs):
        if before.at(row) == after.at(row):
            assert one == other


class Bar(App[None]):
    """One scroll bar of ten rows."""

    CSS = "ScrollBar { height: 10; width: 1; }"

    def compose(self) -> ComposeResult:
        yield ScrollBar(thickness=1)


@pytest.fixture
async def painted(monkeypatch):
    """A bar of ten rows out of a hundred, and the regions it has painted."""
    async with Bar().run_test() as pilot:
        bar = pilot.app.query_one(ScrollBar)
        bar.window_size = 10
        bar.window_virtual_size = 100
        await pilot.pause()
        regions: list[tuple[Region, ...]] = []
        monkeypatch.setattr(bar, "refresh", lambda *given: regions.append(given))
        yield bar, regions


async def test_a_thumb_that_does_not_move_is_not_painted(painted):
    bar, regions = painted
    move(bar, 101, 0)
    assert regions == []
    assert (bar.window_virtual_size, bar.position) == (101, 0)


async def test_a_thumb_that_moves_is_painted_where_it_moved(painted):
    bar, regions = painted
    move(bar, 100, 10)
    ((first, second),) = regions
    assert {first.y, second.y} == {0, 1}


async def test_a_bar_that_was_not_needed_before_is_painted_whole(painted):
    bar, regions = painted
    move(bar, 10, 0)
    move(bar, 100, 0)
    assert regions == [(), ()]

"""The place of the view among rows of which most are only estimated."""

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.message import Message, Text
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.kept_views import KEPT_VIEWS
from conduit_tui.tui.widgets.path_view import PathView
from conduit_tui.tui.widgets.row_heights import RowHeights

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def entry(number: int, text: str) -> Entry:
    return Entry(Message(f"m{number}", "s", None, "assistant", (Text(text),), NOW, model="m"))


def uneven(count: int) -> list[Entry]:
    """Messages whose heights are hard to guess."""
    rng = Random(7)
    return [
        entry(n, "\n\n".join("w" * rng.randint(1, 90) for _ in range(rng.randint(1, 9))))
        for n in range(count)
    ]


def path_of(entries: list[Entry], width: int = 30, height: int = 12) -> PathView:
    path = PathView()
    path.resize(width, height, Palette())
    path.show(entries)
    path.settle()
    return path


def sight(path: PathView) -> list[str]:
    return [path.view(at)[row].characters.rstrip() for at, row in path.visible()]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40), st.data())
def test_heights_add_up_and_are_found_again(heights: list[int], data: st.DataObject) -> None:
    tree = RowHeights(heights)
    at = data.draw(st.integers(0, len(heights) - 1))
    tree[at] = heights[at] = data.draw(st.integers(1, 20))
    assert tree.total == sum(heights)
    assert [tree.above(index) for index in range(len(heights))] == [
        sum(heights[:index]) for index in range(len(heights))
    ]
    row = data.draw(st.integers(0, sum(heights) - 1))
    index, offset = tree.locate(row)
    assert tree.above(index) + offset == row
    assert 0 <= offset < heights[index]


def test_every_row_is_met_on_the_way_up_and_down() -> None:
    path = path_of(uneven(80))
    up = sight(path)
    while path.line > 0:
        path.scroll_by(-5)
        shown = sight(path)
        overlap = next(n for n in range(13) if shown[n:] == up[: 12 - n])
        up = shown[:overlap] + up
    down = sight(path)
    while not path.following:
        path.scroll_by(5)
        shown = sight(path)
        fresh = min(5, next(n for n in range(13) if shown[: 12 - n] == down[len(down) - 12 + n :]))
        down += shown[12 - fresh :] if fresh else []
    whole = [
        path.view(at)[row].characters.rstrip()
        for at in range(80)
        for row in range(len(path.view(at)))
    ]
    assert up == whole
    assert down == whole


def test_only_what_is_near_the_view_is_drawn() -> None:
    path = path_of(uneven(5_000))
    assert len(path._kept) < 20  # pyright: ignore[reportPrivateUsage]
    path.to_start()
    assert len(path._kept) < 40  # pyright: ignore[reportPrivateUsage]


def test_views_far_away_are_forgotten() -> None:
    path = path_of(uneven(1_500), height=5)
    while path.line > 0:
        path.scroll_by(-15)
    assert len(path._kept) <= KEPT_VIEWS  # pyright: ignore[reportPrivateUsage]


def test_what_is_in_sight_stays_when_messages_above_turn_out_taller() -> None:
    path = path_of(uneven(200))
    path.scroll_by(-1_000)
    before = sight(path)
    for at in range(50):
        path.view(at)
    path.settle()
    assert sight(path) == before


def test_another_path_with_the_same_beginning_keeps_the_place() -> None:
    entries = uneven(40)
    path = path_of(entries)
    path.scroll_by(-100)
    before = sight(path)
    path.show([*entries[:38], entry(100, "other")])
    path.settle()
    assert sight(path) == before


def test_a_shorter_path_is_shown_to_its_end() -> None:
    path = path_of(uneven(40))
    path.following = False
    path.show(uneven(40)[:2])
    path.settle()
    assert len(path.visible()) == 12


def test_an_empty_path_has_nothing_in_sight() -> None:
    path = path_of([])
    path.scroll_by(-3)
    path.to_end()
    assert path.visible() == []


@given(st.lists(st.integers(-400, 400), max_size=12), st.integers(1, 20))
def test_the_view_is_always_full(moves: list[int], height: int) -> None:
    path = path_of(uneven(30), height=height)
    for rows in moves:
        path.scroll_by(rows)
        assert len(path.visible()) == height
        assert 0 <= path.line <= path.heights.total - height

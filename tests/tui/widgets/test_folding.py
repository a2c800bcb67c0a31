"""Folding on a path: nothing jumps, choices last, and what is read does not fold away."""

from collections.abc import Callable
from random import Random

import pytest

from conduit_tui.core.message import Part, Role, Text, Thinking, ToolCall, ToolResult
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets import folding, kept_views
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.path_view import PathView
from conduit_tui.tui.widgets.row_heights import LONG_SHOWN_ROWS
from tests.tui.widgets.test_transcript import Reply, message

HEIGHT = 12
THOUGHT = Thinking("\n".join(f"thought {n}" for n in range(30)))
LONG = Text("\n\n".join(f"line {n}" for n in range(500)))


@pytest.fixture(autouse=True)
def enough_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message is drawn whole in its first slice, however busy the machine is."""
    monkeypatch.setattr(kept_views, "SLICE_SECONDS", 600.0)


def entry(number: int, role: Role, *parts: Part) -> Entry:
    return Entry(message(number, role, *parts))


def foldable(count: int) -> list[Entry]:
    """Messages of which most have something to fold, above and below some words."""
    made: list[Entry] = []
    for n in range(count):
        match n % 4:
            case 0:
                paste = "\n".join(f"pasted {n}.{line}" for line in range(25 + n % 7))
                made.append(entry(n, "user", Text(paste)))
            case 1:
                call = ToolCall(f"c{n}", "clock", '{"zone": "UTC"}')
                made.append(entry(n, "assistant", THOUGHT, Text(f"words {n}\n\nmore {n}"), call))
            case 2:
                made.append(entry(n, "tool", ToolResult(f"c{n - 1}", "noon\n" * 9)))
            case _:
                made.append(entry(n, "assistant", THOUGHT, Text(f"answer {n}")))
    return made


def path_of(entries: list[Entry], width: int = 40) -> PathView:
    path = PathView()
    path.resize(width, HEIGHT, Palette())
    path.show(entries)
    path.settle()
    return path


def sight(path: PathView) -> list[str]:
    return [path.view(at)[row].characters.rstrip() for at, row in path.visible()]


def toggled(path: PathView, number: int, part: int | None = None, row: int | None = None) -> None:
    """Open or close as the transcript does."""
    path.following = False
    folding.toggle(path, f"m{number}", part, row)
    path.settle()


def row_of(path: PathView, text: str) -> int:
    return sight(path).index(text)


def test_a_line_that_is_clicked_stays_where_it_is() -> None:
    path = path_of(foldable(40))
    path.scroll_by(-60)
    rng = Random(3)
    clicks = 0
    for _ in range(300):
        path.scroll_by(rng.randint(-15, 15))
        path.following = False
        lines = [
            (y, spot, fold)
            for y, spot in enumerate(path.visible())
            if (fold := path.view(spot.message).fold_at(spot.row)) is not None
        ]
        if not lines:
            continue
        y, spot, fold = rng.choice(lines)
        place = path.view(spot.message).place_at(spot.row)
        above = sight(path)[:y]
        toggled(path, spot.message, fold, spot.row)
        after = path.visible()[y]
        clicks += 1
        if place.key[1] == "more" and path.view(spot.message).folds[fold]:
            assert sight(path)[:y] == above, "what was shown goes on"
        elif path.rows_below and path.line:
            assert after.message == spot.message
            assert path.view(after.message).place_at(after.row) == place
    assert clicks > 50


def test_a_fold_above_the_view_moves_nothing_in_it() -> None:
    path = path_of(foldable(40))
    path.scroll_by(-40)
    before = sight(path)
    for number in (1, 3, 5, path.top - 1):
        toggled(path, number)
        assert sight(path) == before, number


def test_thinking_that_is_closed_from_its_middle_leaves_its_line_at_the_top() -> None:
    path = path_of([*foldable(4), *[entry(n, "user", Text("later")) for n in range(4, 30)]])
    toggled(path, 3)
    path.stand(3, 10, 0)
    assert sight(path)[0] == "thought 8"
    toggled(path, 3)
    assert sight(path)[0] == "▸ thought · 60 words"


def test_words_below_thinking_stay_when_it_is_closed() -> None:
    path = path_of([*foldable(4), *[entry(n, "user", Text("later")) for n in range(4, 30)]])
    toggled(path, 3)
    path.stand(3, 28, 0)
    at = row_of(path, "answer 3")
    toggled(path, 3)
    assert row_of(path, "answer 3") == at


def test_a_long_reply_that_is_closed_from_its_end_leaves_its_line_where_it_was() -> None:
    path = path_of([entry(0, "assistant", LONG), *foldable(40)[1:]])
    toggled(path, 0)
    end = len(path.view(0)) - 2
    path.stand(0, end, 7)
    assert sight(path)[7] == "▴ show less"
    toggled(path, 0, 0, end)
    assert sight(path)[7] == "… about 980 more lines"


def test_all_folds_of_a_message_open_and_then_close() -> None:
    path = path_of(foldable(4))
    folding.toggle(path, "m1", 0)
    assert path.view(1).folds == {0: True, 2: False}
    folding.toggle(path, "m1")
    assert path.view(1).folds == {0: True, 2: True}
    folding.toggle(path, "m1")
    assert path.view(1).folds == {0: False, 2: False}


def test_all_thinking_and_tools_of_the_path_open_and_close_at_once() -> None:
    path = path_of(foldable(8))
    folding.toggle_asides(path)
    assert [list(path.view(at).folds.values()) for at in range(1, 4)] == [
        [True, True],
        [True],
        [True],
    ]
    assert path.view(0).folds == {0: False}, "a paste is no aside"
    folding.toggle_asides(path)
    assert not any(is_open for at in range(8) for is_open in path.view(at).folds.values())


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.resize(25, HEIGHT, path.palette),
        lambda path: path.resize(path.width, HEIGHT, Palette()),
        lambda path: (path.show([entry(99, "user", Text("other"))]), path.show(foldable(8))),
    ],
    ids=["resized", "another theme", "gone and back"],
)
def test_a_choice_lasts(change: Callable[[PathView], object]) -> None:
    path = path_of(foldable(8))
    folding.toggle(path, "m1", 0)
    change(path)
    path.settle()
    assert path.view(1).folds == {0: True, 2: False}


def test_the_newest_reply_does_not_fold_nor_one_that_streams() -> None:
    entries = [entry(0, "user", Text("hi")), entry(1, "assistant", LONG)]
    path = path_of([*entries, entry(2, "user", Text("and"))])
    assert len(path.view(1)) > 900
    growing = Reply(1)
    growing.parts = (LONG,)
    path = path_of([entries[0], growing.entry])
    assert len(path.view(1)) > 900


def test_a_long_reply_folds_when_it_is_not_the_newest_and_out_of_sight() -> None:
    entries = [entry(0, "user", Text("hi")), entry(1, "assistant", LONG)]
    path = path_of(entries)
    following = [*entries, entry(2, "user", Text("and")), entry(3, "assistant", Text("so"))]
    path.show(following)
    path.settle()
    folding.fold_unseen(path)
    assert "line 499" in sight(path), "it is not folded away while it is seen"
    longer = [*following, entry(4, "user", Text("x\n" * 15)), entry(5, "assistant", Text("y"))]
    path.show(longer)
    path.to_end()
    before = sight(path)
    folding.fold_unseen(path)
    path.settle()
    assert sight(path) == before
    assert path.heights[1] == 1 + LONG_SHOWN_ROWS + 2
    assert len(path.view(1)) == 1 + LONG_SHOWN_ROWS + 2


def test_heights_are_estimated_as_things_are_folded() -> None:
    entries = [entry(0, "assistant", LONG), *foldable(40)[1:], entry(40, "assistant", LONG)]
    path = path_of(entries)
    assert path.heights[0] == 1 + LONG_SHOWN_ROWS + 2
    folding.toggle(path, "m0", 0)
    path.resize(38, HEIGHT, path.palette)
    assert path.heights[0] > 900
    assert path.heights[40] > 900


def test_thinking_that_somebody_reads_does_not_fold_away() -> None:
    growing = Reply(1)
    growing.parts = (THOUGHT,)
    path = path_of([entry(0, "user", Text("hi")), growing.entry])
    path.scroll_by(-5)
    before = sight(path)
    growing.parts = (THOUGHT, Text("so\n\nit is"))
    path.refresh(1)
    path.settle()
    assert sight(path) == before
    path.to_end()
    assert "▾ thought · 60 words" in [path.view(1)[row].text for row in range(3)]


def test_thinking_folds_for_a_reader_of_something_above() -> None:
    growing = Reply(1)
    growing.parts = (THOUGHT,)
    path = path_of([entry(0, "assistant", LONG), growing.entry])
    path.to_start()
    growing.parts = (THOUGHT, Text("so"))
    path.refresh(1)
    assert path.view(1).folds == {0: False}


def test_a_fold_in_a_message_of_thousands_of_rows_draws_none_of_its_text_again() -> None:
    long = Text("\n\n".join(f"line {n}" for n in range(2_500)))
    path = path_of([entry(0, "user", Text("hi")), entry(1, "assistant", THOUGHT, long)])
    path.to_end()
    path.draw_whole(1)
    last = path.view(1)[len(path.view(1)) - 2]
    toggled(path, 1, 0)
    assert path.view(1)[len(path.view(1)) - 2] is last

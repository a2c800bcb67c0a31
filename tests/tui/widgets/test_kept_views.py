"""A message too long for one frame is drawn in slices, and what is in sight does not jump."""

import pytest

from conduit_tui.core.message import Message, Text
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.tail import TAIL, tail_of
from conduit_tui.tui.widgets import folding, kept_views
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_view import Around, MessageView
from conduit_tui.tui.widgets.path_view import PathView
from tests.tui.widgets.building import NOW

LONG = "".join(f"Paragraph {number} of *many* with words to wrap.\n\n" for number in range(2_000))


@pytest.fixture(autouse=True)
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every slice is over when the first window is drawn."""
    monkeypatch.setattr(kept_views, "SLICE_SECONDS", -1.0)


def entry(text: str, message_id: str = "m") -> Entry:
    return Entry(Message(message_id, "s", None, "assistant", (Text(text),), NOW, model="m"))


def path_of(*entries: Entry, width: int = 40, height: int = 12) -> PathView:
    path = PathView()
    path.resize(width, height, Palette())
    path.show(entries)
    path.settle()
    return path


def sight(path: PathView) -> list[str]:
    return [path.view(at)[row].characters.rstrip() for at, row in path.visible()]


def finish(path: PathView) -> int:
    slices = 0
    while path.is_behind:
        path.catch_up()
        path.settle()
        slices += 1
        assert slices < 1_000
    return slices


def whole(text: str, width: int) -> list[str]:
    view = MessageView(width, Palette())
    view.update(entry(text), {}, Around())
    return [view[index].characters.rstrip() for index in range(len(view))]


def test_a_long_reply_shows_its_end_at_once_and_stays_there() -> None:
    path = path_of(entry("short", "a"), entry(LONG))
    assert path.is_behind
    first = sight(path)
    assert first[-3].startswith("Paragraph 1999")
    assert finish(path) > 5
    assert sight(path) == first == whole(LONG, 40)[-12:]


def test_a_view_into_the_end_of_a_reply_does_not_move_when_the_rest_is_there() -> None:
    path = path_of(entry(LONG))
    path.scroll_by(-20)
    before = sight(path)
    finish(path)
    assert sight(path) == before
    assert path.rows_below == 20


def test_a_long_reply_read_from_its_beginning_grows_below() -> None:
    path = path_of(entry("short", "a"))
    path.following = False
    path.show([entry(LONG)])
    path.settle()
    before = sight(path)
    assert before == whole(LONG, 40)[:12]
    finish(path)
    assert sight(path) == before
    assert len(path.view(0)) == len(whole(LONG, 40))


def test_another_width_shows_the_old_rows_until_the_new_ones_are_there() -> None:
    path = path_of(entry(LONG))
    finish(path)
    path.scroll_by(-1_000)
    before = sight(path)
    path.resize(60, 12, path.palette)
    path.settle()
    assert sight(path) == before
    assert path.is_behind
    finish(path)
    assert len(path.view(0)) == len(whole(LONG, 60))
    assert sight(path)[0].split()[:2] == before[0].split()[:2]


def test_widths_that_follow_each_other_fast_end_at_the_last() -> None:
    path = path_of(entry(LONG))
    finish(path)
    for width in (*range(41, 90), 20):
        path.resize(width, 5 + width % 9, path.palette)
        path.settle()
        path.catch_up()
    finish(path)
    assert [path.view(0)[index].characters.rstrip() for index in range(len(path.view(0)))] == whole(
        LONG, 20
    )
    assert path.following


def test_rows_that_a_growing_reply_gains_later_are_counted() -> None:
    text = "start"
    live = Entry(entry("").message, live_parts=lambda: (Text(text),))
    path = path_of(live)
    before = len(path.view(0))
    text = LONG
    gained = path.refresh(0)
    while path.is_behind:
        gained += path.catch_up()
    assert gained == len(path.view(0)) - before


def test_long_views_out_of_sight_are_drawn_anew() -> None:
    path = path_of(entry(LONG), entry("word\n" * 30, "b"))
    path.resize(50, 12, path.palette)
    path.settle()
    assert not path.is_behind


def test_a_fold_in_a_long_message_is_not_lost_while_it_is_drawn() -> None:
    message = Message("m", "s", None, "user", (Text("line\n" * 200_000),), NOW)
    path = path_of(Entry(message))
    assert folding.toggle(path, "m")
    finish(path)
    assert len(path.view(0)) > 200_000


def test_the_end_of_a_text_begins_at_a_paragraph() -> None:
    text = "words and words\n\n" * 2_000 + "last"
    assert tail_of(text).startswith("words")
    assert text.endswith(tail_of(text))
    assert TAIL // 2 <= len(tail_of(text)) <= TAIL


def test_the_end_of_a_block_of_code_is_still_code() -> None:
    assert tail_of("```python\n" + "x = 1\n" * 4_000).startswith("```python\nx = 1\n")
    assert tail_of("```\na\n```\n" + "words\n" * 4_000).startswith("words")


def test_a_short_text_is_all_end() -> None:
    assert tail_of("words") == "words"

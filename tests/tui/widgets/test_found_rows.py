"""What of the rows in sight was found."""

from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.message import Thinking, ToolCall, ToolResult
from conduit_tui.tui.widgets.find_text import Query
from conduit_tui.tui.widgets.found_rows import found_rows
from conduit_tui.tui.widgets.path_find import Hit
from conduit_tui.tui.widgets.path_view import PathView
from tests.tui.widgets.finding import entry, path_of, replies

LONG = "x\n" * 30


def marked(path: PathView, text: str, current: Hit | None = None) -> list[str]:
    """What is highlighted, row by row; the current match in capitals."""
    found = found_rows(path, path.visible(), Query(text), current)
    pieces: list[str] = []
    for spot, spans in sorted(found.items()):
        row = path.view(spot.message)[spot.row].text
        shown = [(row[start:end], is_current) for start, end, is_current in spans]
        pieces += [piece.upper() if is_current else piece for piece, is_current in shown]
    return pieces


def test_matches_are_found_where_they_are_drawn() -> None:
    path = path_of(replies("a **cat** and a `cat`", "dog"))
    assert marked(path, "cat") == ["cat", "cat"]
    assert marked(path, "a cat and") == ["a cat and"]


def test_a_match_over_a_break_is_marked_on_both_rows() -> None:
    path = path_of([entry(0, "user", "alpha beta gamma delta")], width=12)
    assert marked(path, "beta gamma") == ["beta", "gamma"]


def test_a_match_that_begins_above_the_view_goes_on_in_it() -> None:
    path = path_of([entry(0, "user", "alpha beta gamma delta"), entry(1, "user", LONG)], 12, 4)
    path.scroll_by(2)
    assert path.view(0)[path.skip].text == "gamma delta"
    assert marked(path, "beta gamma") == ["gamma"]


def test_the_current_match_is_set_off_from_the_others() -> None:
    path = path_of(replies("cat cat", "cat"))
    current = Hit("m0", (0, "text"), 0, 0, 4, 7)
    assert marked(path, "cat", current) == ["cat", "CAT", "cat"]
    gone = current._replace(start=3, end=4)
    assert marked(path, "cat", gone) == ["cat", "cat", "cat"]


def test_headers_and_lines_that_only_open_something_are_no_text() -> None:
    path = path_of([entry(0, "assistant", Thinking("hm"), "demo thought")])
    assert path.view(0)[0].text.startswith("demo")
    assert marked(path, "demo") == ["demo"]
    assert marked(path, "thought") == ["thought"]


def test_what_a_closed_call_shows_is_marked_too() -> None:
    call = entry(0, "assistant", ToolCall("c", "clock", '{"zone": "UTC"}'))
    path = path_of([call, entry(1, "tool", ToolResult("c", "noon"))])
    assert marked(path, "utc") == ["UTC"]
    assert marked(path, "noon") == ["noon"]


def test_in_a_line_of_many_rows_only_what_is_near_is_read() -> None:
    path = path_of([entry(0, "assistant", "word " * 40_000)], width=20, height=10)
    path.scroll_by(2_000)
    view = path.view(0)
    read: list[int] = []
    original = type(view).__getitem__

    class Counting:
        def __getitem__(self, index: int):
            read.append(index)
            return original(view, index)

        def __len__(self) -> int:
            return len(view)

        def text_at(self, index: int):
            return view.text_at(index)

    path.view = lambda at: Counting()  # type: ignore[method-assign, assignment, return-value]
    spots = list(PathView.visible(path))
    read.clear()
    assert found_rows(path, spots, Query("word"), None)
    assert len(read) < 100


@given(st.text("ab 日", min_size=1, max_size=60), st.text("ab 日", min_size=1, max_size=4))
def test_rows_and_lines_agree_about_what_is_found(text: str, query: str) -> None:
    path = path_of([entry(0, "user", "." + text + ".")], width=7, height=80)
    line = "." + text + "."
    shown: set[int] = set()
    view = path.view(0)
    for index in range(len(view)):
        if view.text_at(index):
            shown |= set(range(view[index].start, view[index].start + view[index].length))
    expected = {at for span in Query(query).spans(line) for at in range(*span)} & shown
    found = found_rows(path, path.visible(), Query(query), None)
    marks = {
        view[spot.row].start + at
        for spot, spans in found.items()
        for start, end, _ in spans
        for at in range(start, end)
    }
    assert marks == expected

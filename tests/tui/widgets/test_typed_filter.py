import pytest
from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.keys import _character_to_key

from conduit_tui.tui.widgets.typed_filter import TypedFilter


class Listening:
    """A filter and every text it changed to."""

    def __init__(self) -> None:
        self.heard: list[str | None] = []
        self.filter = TypedFilter(lambda: self.heard.append(self.filter.text))

    def press(self, *keys: str) -> bool:
        """Press keys; whether the filter took the last one."""
        event = None
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            event = events.Key(name, key if len(key) == 1 else None)
            self.filter.take_key(event)
        assert event is not None
        return event._stop_propagation


@pytest.fixture
def typed() -> Listening:
    return Listening()


def shown(typed: Listening, width: int, count: int = 3) -> str:
    segments = typed.filter.segments(width, count, Style(), Style()) or []
    return "".join(segment.text for segment in segments)


def test_slash_begins_letters_go_on_and_escape_clears(typed):
    assert not typed.press("a")
    assert typed.press("/", "a", " ", "/", "b")
    assert typed.filter.text == "a /b"
    assert typed.press("backspace")
    assert typed.filter.text == "a /"
    assert typed.press("escape")
    assert (typed.filter.text, typed.filter.is_typing) == (None, False)
    assert typed.heard == ["", "a", "a ", "a /", "a /b", "a /", None]


def test_backspace_on_nothing_leaves(typed):
    typed.press("/", "backspace")
    assert typed.filter.text is None


def test_keys_that_move_are_left_to_the_list(typed):
    typed.press("/", "a")
    assert not any(typed.press(key) for key in ("down", "up", "enter", "pagedown"))
    assert typed.filter.text == "a"


def test_a_filter_that_is_left_stays_unless_it_is_empty(typed):
    typed.press("/", "a")
    typed.filter.blurred()
    assert (typed.filter.text, typed.filter.is_typing) == ("a", False)
    assert not typed.press("b")
    assert typed.press("/", "b")
    assert typed.filter.text == "ab"
    typed.press("backspace", "backspace")
    typed.filter.blurred()
    assert typed.filter.text is None


def test_a_paste_is_one_line_and_not_endless(typed):
    typed.press("/")
    typed.filter.take_paste(events.Paste("raft\nfor\tchildren" + "x" * 10_000))
    assert typed.filter.text is not None
    assert typed.filter.text.startswith("raft for children")
    assert len(typed.filter.text) <= 200


@pytest.mark.parametrize("width", [1, 4, 10, 28])
@pytest.mark.parametrize("text", ["", "raft", "日本語" * 20, "x" * 300, "\x1b[31m"])
def test_the_line_fits_and_shows_what_is_being_typed(typed, width, text):
    typed.press("/", *text)
    line = shown(typed, width)
    assert "\x1b" not in line
    if width >= 10:
        assert cell_len(line) == width
        assert line.startswith("/")
        assert line.endswith(" 3")
        assert "▏" in line

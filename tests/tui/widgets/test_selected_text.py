"""What a selection comes to as text."""

from datetime import UTC, datetime

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from conduit_tui.core.message import Message, Role, Text
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.path_view import PathView
from conduit_tui.tui.widgets.selected_text import line_key, selected_text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REPLY = "Before it.\n\n```python\ndef f():\n\tif x:\n\n\t\treturn 1\n```\n\nAfter it."


def path_of(*texts: tuple[Role, str], width: int = 40) -> PathView:
    path = PathView()
    path.show(
        [
            Entry(Message(f"m{number}", "s", None, role, (Text(text),), NOW))
            for number, (role, text) in enumerate(texts)
        ]
    )
    path.resize(width, 20, Palette())
    return path


def place(path: PathView, message: int, text: str, offset: int) -> Offset:
    """The place `offset` characters into the row that begins with a text."""
    view = path.view(message)
    row = next(row for row in range(len(view)) if view[row].text.startswith(text))
    return Offset(view[row].start + offset, line_key(message, view.line_at(row)))


def selected(path: PathView, start: tuple[str, int], end: tuple[str, int]) -> str:
    return selected_text(path, Selection(place(path, 0, *start), place(path, 0, *end)))


@pytest.mark.parametrize("width", [40, 12])
def test_exactly_a_whole_block_gives_bare_code(width: int) -> None:
    path = path_of(("assistant", REPLY), width=width)
    whole = selected(path, ("def f", 0), ("        return" if width == 40 else "        re", 99))
    assert whole.rstrip("\n") == "def f():\n\tif x:\n\n\t\treturn 1"


def test_the_label_and_the_air_around_a_block_do_not_count() -> None:
    path = path_of(("assistant", REPLY))
    block = path.view(0).blocks()[0]
    start = Offset(0, line_key(0, block.line - 1))
    end = Offset(9, line_key(0, block.line + block.size))
    assert selected_text(path, Selection(start, end)) == block.code


def test_a_part_of_a_block_is_the_lines_with_their_tabs() -> None:
    path = path_of(("assistant", REPLY))
    assert selected(path, ("    if x", 0), ("        return", 99)) == "\tif x:\n\n\t\treturn 1"
    assert selected(path, ("def f", 4), ("    if x", 6)) == "f():\n    if"


def test_words_around_a_block_are_parted_from_it_by_one_empty_line() -> None:
    path = path_of(("assistant", REPLY))
    expected = "it.\n\ndef f():\n\tif x:\n\n\t\treturn 1\n\nAfter"
    assert selected(path, ("Before", 7), ("After", 5)) == expected


def test_a_block_in_a_list_has_no_decoration() -> None:
    path = path_of(("assistant", "1. item\n\n   ```sh\n   ls |\n     wc\n   ```\n\n2. next"))
    assert selected(path, ("ls", 0), ("  wc", 4)) == "ls |\n  wc\n"


def test_whole_messages_between_give_their_source() -> None:
    path = path_of(("user", "alpha beta"), ("assistant", REPLY), ("user", "gamma delta"))
    start, end = place(path, 0, "alpha", 6), place(path, 2, "gamma", 5)
    assert selected_text(path, Selection(start, end)) == f"beta\n\n{REPLY}\n\ngamma"
    assert selected_text(path, Selection(end, start)) == f"beta\n\n{REPLY}\n\ngamma"

"""What a line opens looks closed while the line is being written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.tui.markdown.mend import mended
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.stream import StreamingMarkdown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hi *", "Hi "),
        ("Hi **", "Hi "),
        ("Hi **b", "Hi **b**"),
        ("Hi **bold w", "Hi **bold w**"),
        ("Hi **bold ", "Hi **bold**"),
        ("Hi **bold*", "Hi **bold**"),
        ("Hi **bold** x", "Hi **bold** x"),
        ("*a **b", "*a **b***"),
        ("***both*", "***both***"),
        ("~~gone", "~~gone~~"),
        ("use `", "use"),
        ("use `a *b", "use `a *b`"),
        ("use ``a `b", "use ``a `b``"),
        ("**see `a", "**see `a`**"),
        ("use `a` and *b", "use `a` and *b*"),
        ("see [the docs](https://exam", "see the docs"),
        ("![alt](http://a", "![alt]()"),
        ("first **line\nnext *one", "first **line\nnext *one*"),
    ],
)
def test_what_is_open_is_closed(text: str, shown: str) -> None:
    assert mended(text) == shown


@pytest.mark.parametrize(
    "text",
    ["2 * 3", "a*b", "snake_case_", "a [b] c", "(x", r"a \*b", "done.", "", "[x](y) z", "f(*args"],
)
def test_what_opens_nothing_is_left_alone(text: str) -> None:
    assert mended(text).rstrip("*") == text.rstrip("*")


@given(st.text(st.sampled_from("ab *_`~[]()!\\\n"), max_size=40))
def test_only_marks_and_addresses_are_added_or_left_out(text: str) -> None:
    letters = [letter for letter in text.rpartition("](")[0] or text if letter in "ab"]
    assert "".join(letters) in "".join(letter for letter in mended(text) if letter in "ab")


def frames(source: str) -> list[str]:
    markdown = StreamingMarkdown(60, Palette())
    seen: list[str] = []
    for end in range(1, len(source) + 1):
        markdown.update(source[:end])
        seen.append("\n".join(markdown[at].characters.rstrip() for at in range(len(markdown))))
    return seen


@pytest.mark.parametrize(
    "source",
    [
        "Hi **bold words** and *slant* x",
        "- item with `code here` ok",
        "| a | b |\n|---|---|\n| 1 | **x** y |",
        "> **Note:** hi",
        "a ***both*** ~~gone~~ b",
    ],
)
def test_marks_do_not_show_while_they_arrive(source: str) -> None:
    assert not [frame for frame in frames(source) for mark in "*`~" if mark in frame]


def test_an_address_does_not_show_before_it_is_whole() -> None:
    seen = frames("see [the docs](https://example.com/guide) now")
    assert not [frame for frame in seen if "http" in frame]


def test_marks_in_code_stay() -> None:
    assert frames("1. a\n\n   ```\n   x = a **b")[-1].endswith("│x = a **b")
    assert frames("    x = a **b")[-1] == "│x = a **b"


def test_a_finished_text_is_read_as_it_is() -> None:
    markdown = StreamingMarkdown(60, Palette())
    markdown.update("Hi **bold", final=True)
    assert markdown[0].text == "Hi **bold"

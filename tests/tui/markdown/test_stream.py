"""A reply that arrives in pieces ends up drawn as one that was there at once."""

from collections.abc import Generator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from conduit_tui.tui.markdown import plain, stream
from conduit_tui.tui.markdown import window as windows
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Row
from conduit_tui.tui.markdown.stream import StreamingMarkdown

PALETTE = Palette()

_LINES = [
    "plain words that go on for a while so that they have to be wrapped",
    "**bold** and *slanted* and `code` and ~~gone~~",
    "**open *and `never closed [x](y ![z",
    "- item",
    " - shifted item",
    "   - shifted more",
    "    - four spaces",
    "  continuation",
    "    indented",
    "     five spaces",
    "* other item",
    "1. first",
    "7. seventh",
    "2) paren",
    "10. tenth",
    "- [x] done",
    "- [ ] to do",
    "- ```",
    "  ```",
    "   ```python",
    "    ```",
    "-",
    "1.",
    "> quote",
    "> - quoted item",
    ">",
    "> ```",
    "> code in a quote",
    "| a | b |",
    "|---|:-:|",
    "| 1 | 日本語 |",
    "| `x|y` | a \\| b |",
    "| only one |",
    "- | a | b |",
    "  |---|---|",
    "  | 1 | 2 |",
    "a | b",
    "--|--",
    "# heading",
    "###### small",
    "Heading below",
    "---",
    "===",
    "-----",
    "```",
    "```python",
    "````",
    "~~~ sh",
    "~~~",
    " ~~~",
    "def f(x): return '''",
    "",
    "",
    "",
    " ",
    "\t",
    "\ttabbed",
    "-\titem behind a tab",
    "[link](https://example.com) and https://bare.example/x.",
    "<https://auto.example> <me@example.com>",
    "[x](javascript:alert(1)) ![alt](http://i/p.png)",
    "[ref]: https://example.com",
    "words[^1] and more",
    "[^1]: a footnote",
    "<b>html</b> &amp; \\* end  ",
    "broken\\",
    "<div>",
    "</div>",
    "<!-- comment",
    "emoji 👩‍👩‍👧 and 文字文字文字文字文字文字文字文字文字文字",
    "❤️ 🇩🇪 1️⃣ 👍🏽 한글 ᄒ\u1161\u11ab क्षत्रिय",
    "é" + "\u0301" * 9 + "x",
    "שלום עולם and مرحبا",
    "\x1b[31mred\x1b]52;c;eA==\x07",
    "\x00nul \u202e \u2028 \x85",
    "carriage\r",
    "\r",
    "> " * 20 + "deep",
    "- " * 18 + "deep",
    "word " * 30,
    "x" * 130,
    "日本" * 60,
]
sources = st.lists(st.sampled_from(_LINES), max_size=14).map("\n".join)
_ends = st.sampled_from(["", "\n"])


def rows(markdown: StreamingMarkdown) -> list[Row]:
    return [markdown[index] for index in range(len(markdown))]


def drawn(source: str, width: int = 40) -> list[Row]:
    markdown = StreamingMarkdown(width, PALETTE)
    markdown.update(source, final=True)
    return rows(markdown)


def assert_ends_alike(markdown: StreamingMarkdown, source: str, width: int) -> None:
    markdown.update(source, final=True)
    whole = drawn(source, width)
    assert [row.characters for row in rows(markdown)] == [row.characters for row in whole]
    assert all(ours.same_as(theirs) for ours, theirs in zip(rows(markdown), whole, strict=True))


@contextmanager
def limits(window: int, most: int = 200_000, piece: int = 4_000) -> Generator[None]:
    """Small enough that a test reaches them."""
    with (
        patch.object(windows, "WINDOW", window),
        patch.object(windows, "MOST_LINES", max(4, window // 6)),
        patch.object(stream, "LONGEST_MARKDOWN", most),
        patch.object(plain, "LONGEST_PIECE", piece),
    ):
        yield


@settings(max_examples=400, deadline=None)
@given(source=sources, end=_ends, data=st.data(), width=st.sampled_from([1, 2, 3, 7, 12, 40, 90]))
def test_streamed_at_random_cuts_equals_drawn_at_once(
    source: str, end: str, data: st.DataObject, width: int
) -> None:
    source += end
    cuts = data.draw(st.lists(st.integers(0, len(source)), max_size=12))
    markdown = StreamingMarkdown(width, PALETTE)
    for cut in sorted(cuts):
        markdown.update(source[:cut])
    assert_ends_alike(markdown, source, width)


@settings(max_examples=150, deadline=None)
@given(source=sources)
def test_streamed_letter_by_letter_equals_drawn_at_once(source: str) -> None:
    markdown = StreamingMarkdown(40, PALETTE)
    for end in range(len(source)):
        markdown.update(source[:end])
    assert_ends_alike(markdown, source, 40)


@settings(max_examples=200, deadline=None)
@given(source=sources)
def test_lines_that_end_in_cr_lf_look_like_others(source: str) -> None:
    source = source.replace("\r", "")
    windows = drawn(source.replace("\n", "\r\n"))
    assert [row.characters for row in windows] == [row.characters for row in drawn(source)]


@settings(max_examples=300, deadline=None)
@given(
    source=sources,
    end=_ends,
    data=st.data(),
    window=st.integers(12, 120),
    most=st.sampled_from([150, 301, 10_000]),
)
def test_blocks_longer_than_a_window_end_up_alike_too(
    source: str, end: str, data: st.DataObject, window: int, most: int
) -> None:
    source += end
    cuts = data.draw(st.lists(st.integers(0, len(source)), max_size=12))
    with limits(window, most, 30):
        markdown = StreamingMarkdown(30, PALETTE)
        for cut in sorted(cuts):
            markdown.update(source[:cut])
        assert_ends_alike(markdown, source, 30)


@settings(max_examples=100, deadline=None)
@given(source=sources, data=st.data(), window=st.integers(12, 120))
def test_a_text_drawn_a_little_at_a_time_ends_up_alike(
    source: str, data: st.DataObject, window: int
) -> None:
    with limits(window, 300, 30):
        markdown = StreamingMarkdown(30, PALETTE)
        markdown.update(source, final=True, until=0.0)
        for _ in range(10 * len(source) + 10):
            if not markdown.is_behind:
                break
            markdown.update(source, final=True, until=0.0)
        assert not markdown.is_behind
        assert_ends_alike(markdown, source, 30)


@settings(max_examples=300, deadline=None)
@given(source=sources, width=st.integers(1, 200), is_final=st.booleans())
def test_no_row_is_wider_than_the_view(source: str, width: int, is_final: bool) -> None:
    markdown = StreamingMarkdown(width, PALETTE)
    markdown.update(source, final=is_final)
    widest = max(width, 2)  # of a view of one cell a wide character is only half in sight
    assert all(cell_len(row.characters) <= widest for row in rows(markdown))


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ("- item\n" + "  more of it\n" * 9, "  more of it"),
        ("> " + "quoted\n> " * 9 + "end\n", "│ quoted"),
        ("1. item\n\n   ```sh\n" + "   code\n" * 9 + "   ```\n", "   │code"),
        ("    code\n" * 9, "│code"),
        ("- a\n  - b\n" + "    deeper\n" * 9, "    deeper"),
    ],
)
def test_a_block_that_is_cut_goes_on_as_it_began(block: str, shown: str) -> None:
    with limits(40):
        lines = [row.characters.rstrip() for row in drawn(block + "\nafter")]
    assert lines == [row.characters.rstrip() for row in drawn(block + "\nafter")]
    assert lines.count(shown) >= 8


def test_a_table_that_is_cut_keeps_its_columns() -> None:
    source = "| key | value |\n|---|---|\n" + "| a | some words |\n" * 20 + "\nafter"
    with limits(120):
        lines = [row.characters.rstrip() for row in drawn(source)]
    assert lines[:2] == ["key │ value", "────┼───────────"]
    assert lines[2:22] == ["a   │ some words"] * 20
    assert lines[22:] == ["", "after"]


def test_a_table_whose_later_rows_are_wider_repeats_its_header() -> None:
    source = "| key | value |\n|---|---|\n" + "| a | b |\n" * 20 + "| a | many more words |\n" * 4
    with limits(120):
        lines = [row.characters.rstrip() for row in drawn(source)]
    assert lines[:3] == ["key │ value", "────┼──────", "a   │ b"]
    assert lines.count("key │ value") == 2
    assert lines.count("a   │ many more words") == 4


def test_an_ordered_list_that_is_cut_keeps_its_numbers() -> None:
    source = "1. one\n1. " + "two\n   " * 30 + "\n1. three"
    with limits(60):
        lines = [row.characters.rstrip() for row in drawn(source)]
    assert [line for line in lines if line[0:1].isdigit()] == ["1. one", "2. two", "3. three"]


def test_an_indented_fence_is_closed_by_one_at_the_margin() -> None:
    lines = [
        row.characters.rstrip() for row in drawn("  ```\n  code\n```\nwords\n\n```\nmore\n```")
    ]
    assert lines == ["│code", "", "words", "", "│more"]

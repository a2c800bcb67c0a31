"""What a source roughly reads like is what its rows say, for Markdown as models write it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.stream import StreamingMarkdown
from conduit_tui.tui.markdown.unmarked import unmarked

_BLOCKS = [
    "plain words with 2 * 3 * 4 and snake_case_words",
    "**bold** and *slanted*, _so_ and __so__, ***both*** and ~~gone~~",
    "`code *with* signs` and ``a ` tick``",
    "two lines\nof **one** paragraph",
    "bold **over\ntwo lines** of it",
    "# Heading *one* ##",
    "### Third",
    "- item **one**\n- item two\n  1. nested `x`\n  2. more",
    "- [x] done\n- [ ] open",
    "> quoted *words*\n> and more",
    "1. first\n2. second",
    "[link](https://example.com/x_y_z) and https://bare.example/a_b_c.",
    "[https://same.example](https://same.example) ![alt](http://i/p.png) ![](http://i/q.png)",
    "<https://auto.example> [x](javascript:alert(1))",
    "&amp; &lt;b&gt; caf&eacute; \\*not slanted\\* \\_ \\`",
    "```python\ndef f(x): return x ** 2 # `no` *markup*\n```",
    "~~~\n| not | a table |\n~~~",
    "emoji 👩‍👩‍👧 and 日本語 and \x1b[31m and naïve",
    "| a | **b** |\n|---|:-:|\n| 1 | `2` |",
]
_sources = st.lists(st.sampled_from(_BLOCKS), min_size=1, max_size=6).map("\n\n".join)


def drawn(source: str) -> str:
    markdown = StreamingMarkdown(200, Palette())
    markdown.update(source, final=True)
    return markdown.text


def words(text: str) -> list[list[str]]:
    """The lines that say something, without what only aligns and rules."""
    lines = (line.replace("─", " ").replace("┼", " ").split() for line in text.split("\n"))
    return [line for line in lines if line]


@given(_sources)
def test_it_reads_like_the_rows_that_are_drawn(source: str) -> None:
    assert words(unmarked(source)) == words(drawn(source))


def test_text_without_markup_stays_as_it_is() -> None:
    assert unmarked("just words\nand more") == "just words\nand more"


@pytest.mark.parametrize(
    "source",
    [
        "**a " * 4000,
        "_a " * 5000,
        "`a ``b " * 2500,
        "[a" * 8000,
        "[a](" * 4000,
        "# " + " " * 16_000,
    ],
)
def test_hostile_marks_cost_little(source: str) -> None:
    started = time.thread_time()
    unmarked(source)
    assert time.thread_time() - started < 1.0  # some 20 ms; quadratic ones would take minutes

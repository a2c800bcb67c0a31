"""A reply that arrives in pieces ends up drawn as one that was there at once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.rows import Row
from conduit_tui.tui.markdown.stream import StreamingMarkdown

PALETTE = Palette()

_LINES = [
    "plain words that go on for a while so that they have to be wrapped",
    "**bold** and *slanted* and `code` and ~~gone~~",
    "- item",
    " - shifted item",
    "   - shifted more",
    "    - four spaces",
    "  continuation",
    "    indented",
    "* other item",
    "1. first",
    "7. seventh",
    "2) paren",
    "- [x] done",
    "- ```",
    "  ```",
    "-",
    "> quote",
    "> - quoted item",
    ">",
    "| a | b |",
    "|---|:-:|",
    "| 1 | 日本語 |",
    "a | b",
    "--|--",
    "# heading",
    "###### small",
    "---",
    "===",
    "```",
    "```python",
    "````",
    "~~~ sh",
    "~~~",
    "def f(x): return '''",
    "",
    "",
    "",
    " ",
    "\t",
    "\ttabbed",
    "[link](https://example.com) and https://bare.example/x.",
    "[x](javascript:alert(1)) ![alt](http://i/p.png)",
    "[ref]: https://example.com",
    "<b>html</b> &amp; \\* end  ",
    "<!-- comment",
    "emoji 👩‍👩‍👧 and 文字文字文字文字文字文字文字文字文字文字",
    "\x1b[31mred",
    "carriage\r",
    "> " * 20 + "deep",
    "- " * 18 + "deep",
]
sources = st.lists(st.sampled_from(_LINES), max_size=14).map("\n".join)


def rows(markdown: StreamingMarkdown) -> list[Row]:
    return [markdown[index] for index in range(len(markdown))]


def drawn(source: str, width: int = 40) -> list[Row]:
    markdown = StreamingMarkdown(width, PALETTE)
    markdown.update(source, final=True)
    return rows(markdown)


@settings(max_examples=400, deadline=None)
@given(source=sources, data=st.data(), width=st.sampled_from([1, 7, 40]))
def test_streamed_at_random_cuts_equals_drawn_at_once(
    source: str, data: st.DataObject, width: int
) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(source)), max_size=12))
    markdown = StreamingMarkdown(width, PALETTE)
    for cut in sorted(cuts):
        markdown.update(source[:cut])
    markdown.update(source, final=True)
    whole = drawn(source, width)
    assert [row.characters for row in rows(markdown)] == [row.characters for row in whole]
    assert all(ours.same_as(theirs) for ours, theirs in zip(rows(markdown), whole, strict=True))


@settings(max_examples=150, deadline=None)
@given(source=sources)
def test_streamed_letter_by_letter_equals_drawn_at_once(source: str) -> None:
    markdown = StreamingMarkdown(40, PALETTE)
    for end in range(len(source)):
        markdown.update(source[:end])
    markdown.update(source, final=True)
    assert [row.characters for row in rows(markdown)] == [row.characters for row in drawn(source)]

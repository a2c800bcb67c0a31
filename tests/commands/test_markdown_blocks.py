"""Blocks are final when nothing that follows can change them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.commands.markdown_blocks import OpenMarkdown

SOURCE = """# Title

A paragraph
of two lines.

- one
- two

  with a paragraph

```python
def f():

    return 1
```

| a | b |
|---|---|
| 1 | 2 |

<details>kept</details>

[1]: http://example.com
"""


def test_a_block_is_final_when_the_next_one_begins() -> None:
    markdown = OpenMarkdown()
    assert markdown.feed("One\n\n") == []
    assert markdown.feed("Two") == []
    assert markdown.feed("\n") == ["One\n\n"]
    assert markdown.tail == "Two\n"
    assert markdown.finish() == ["Two\n"]


def test_an_open_fence_is_not_cut_at_its_empty_lines() -> None:
    markdown = OpenMarkdown()
    assert markdown.feed("```\na\n\n# not a title\n\nb\n") == []
    assert markdown.feed("```\n\nAfter\n") == ["```\na\n\n# not a title\n\nb\n```\n\n"]


def test_an_underlined_title_is_not_cut_from_its_line() -> None:
    markdown = OpenMarkdown()
    assert markdown.feed("Title\n") == []
    assert markdown.feed("---\n") == []
    assert markdown.feed("Text\n") == ["Title\n---\n"]


@given(st.lists(st.integers(0, len(SOURCE)), max_size=12))
def test_however_it_is_cut_the_pieces_add_up_to_the_source(cuts: list[int]) -> None:
    markdown = OpenMarkdown()
    marks = [0, *sorted(cuts), len(SOURCE)]
    blocks = [block for a, b in pairwise(marks) for block in markdown.feed(SOURCE[a:b])]
    assert "".join([*blocks, *markdown.finish()]) == SOURCE
    assert len(blocks) == 6


@given(st.text("#-*>`|=+ 1.\n\r\t\x0b\x0c\x1c\x85\u2028ab<[]:", max_size=60))
def test_no_text_is_lost_whatever_it_is(source: str) -> None:
    markdown = OpenMarkdown()
    blocks = [block for letter in source for block in markdown.feed(letter)]
    assert "".join([*blocks, *markdown.finish()]) == source

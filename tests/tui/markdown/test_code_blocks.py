"""The blocks of a drawing are the same however it came about, and their code is bare."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit_tui.tui.markdown.code_blocks import LONGEST_MARKDOWN, CodeBlock, open_fence
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.markdown.stream import StreamingMarkdown
from tests.tui.markdown.test_stream import sources


def streamed(source: str, *cuts: int, width: int = 40, final: bool = True) -> StreamingMarkdown:
    markdown = StreamingMarkdown(width, Palette())
    for cut in sorted(cuts):
        markdown.update(source[:cut])
    markdown.update(source, final=final)
    return markdown


def content(blocks: tuple[CodeBlock, ...] | list[CodeBlock]) -> list[tuple[str, str]]:
    return [(block.language, block.code) for block in blocks]


def drawn_lines(markdown: StreamingMarkdown, block: CodeBlock) -> list[str]:
    """What the rows of a block show, its label first."""
    lines: dict[int, str] = {}
    for index in range(len(markdown)):
        row = markdown[index]
        if block.line <= row.line < block.line + block.size:
            shown = row.characters[row.indent :] if row.length == 0 else row.text
            lines[row.line] = lines.get(row.line, "") + shown
    return [line.rstrip() for line in lines.values()]


@settings(max_examples=500, deadline=None)
@given(source=sources, data=st.data())
def test_blocks_are_the_same_however_the_text_streamed(source: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(source)), max_size=12))
    assert content(streamed(source, *cuts).blocks) == content(streamed(source).blocks)


@settings(max_examples=300, deadline=None)
@given(source=sources, data=st.data())
def test_a_block_stands_on_the_rows_it_names(source: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(source)), max_size=6))
    markdown = streamed(source, *cuts, final=data.draw(st.booleans()))
    for block in markdown.blocks:
        code = block.code.expandtabs(4).removesuffix("\n").split("\n")
        label = [block.language] if block.language else []
        shown = drawn_lines(markdown, block)
        assert shown[: len(label) + len(code)] == label + [line.rstrip() for line in code]
        assert not any(shown[len(label) + len(code) :]), "only what was cut at the end follows"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("```python\nprint(1)\n```", [("python", "print(1)\n")]),
        ("~~~ {.sh}\nls\n\n\n~~~\nwords", [("sh", "ls\n")]),
        ("```\nopen\n  still", [("", "open\n  still")]),
        ("```\n```", [("", "")]),
        ("words\n\n    indented\n\n      more\n\nwords", [("", "indented\n\n  more\n")]),
        (
            "1. item\n\n   ```js\n   if (a) {\n     b()\n   }\n   ```",
            [("js", "if (a) {\n  b()\n}\n")],
        ),
        ("> ```c\n> int\ta;\n> ```", [("c", "int\ta;\n")]),
        ("> - a\n>\n>   ```\n>   deep\n>   ```", [("", "deep\n")]),
        ("````md\n```\ninner\n```\n````", [("md", "```\ninner\n```\n")]),
        ("```sh\r\nls\r\n```\r\nwords", [("sh", "ls\n")]),
        ("```\n\tx = 1\n```", [("", "\tx = 1\n")]),
        ("`code` and *words*", []),
        ("```\none\n```\n\n```\ntwo\n```", [("", "one\n"), ("", "two\n")]),
    ],
)
def test_code_is_bare(source: str, expected: list[tuple[str, str]]) -> None:
    assert content(streamed(source).blocks) == expected


def test_a_fence_that_still_streams_is_a_block_as_far_as_it_came() -> None:
    markdown = streamed("```py\na = 1\nb =", final=False)
    assert content(markdown.blocks) == [("py", "a = 1\nb =")]
    markdown.update("```py\na = 1\nb = 2\n``")
    assert content(markdown.blocks) == [("py", "a = 1\nb = 2\n")], "it may become the closing line"


def test_what_is_too_long_for_markdown_has_blocks_as_far_as_it_is_markdown() -> None:
    block = "```\nx\n```\n"
    source = block + "x" * LONGEST_MARKDOWN + "\n" + block
    assert content(streamed(source).blocks) == [("", "x\n")]


@pytest.mark.parametrize("fence", ["```py\n{}\n```\n", "- item\n\n  ```py\n  {}\n  ```\n"])
def test_a_block_longer_than_what_is_parsed_together_is_one(fence: str) -> None:
    lines = [f"value_{number} = {number}" for number in range(2_000)]
    code = "\n".join(lines)
    indent = "\n  " if fence.startswith("-") else "\n"
    source = fence.format(indent.join(lines))
    assert content(streamed(source).blocks) == [("py", code + "\n")]
    assert content(streamed(source, len(source) // 2, len(source) // 3).blocks) == [
        ("py", code + "\n")
    ]


def test_a_line_longer_than_what_is_parsed_together_stays_one_line() -> None:
    line = "x" * 20_000
    assert content(streamed(f"```\n{line}\ny\n```").blocks) == [("", f"{line}\ny\n")]


@pytest.mark.parametrize(
    ("source", "signs"),
    [
        ("words", ""),
        ("```py\nx", "```"),
        ("```py\nx\n```", ""),
        ("```\nx\n```\n~~~~\ny\n```\n", "~~~~"),
        ("words\n```", "```"),
    ],
)
def test_a_fence_without_an_end_is_known(source: str, signs: str) -> None:
    assert open_fence(source) == signs


@pytest.mark.parametrize(("code", "count"), [("", 0), ("a", 1), ("a\n", 1), ("a\n\nb", 3)])
def test_lines_are_counted_without_the_final_break(code: str, count: int) -> None:
    assert CodeBlock("", code).line_count == count

"""The text that is searched is the text that is drawn, when everything is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.message import (
    Attachment,
    Citation,
    Structured,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.tui.markdown.rows import text_of
from conduit_tui.tui.widgets import folding
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_text import (
    Passage,
    line_and_column,
    passages,
    place_in,
)
from conduit_tui.tui.widgets.row_chunks import Key
from tests.tui.widgets.finding import entry, path_of

LONG = "words that go on for quite a while so that the line is broken more than once"
PASTE = "\n".join(f"pasted {n}\tline" for n in range(60))
CODE = f"```python\nx = 1  # {LONG}\n\treturn x\n```"


def read(entries: list[Entry], at: int, width: int) -> list[Passage]:
    """A message's text as it is searched once it is drawn."""
    path = path_of(entries, width)
    view = path.view(at)

    def markdown(index: int, source: str) -> str:
        shown = view.markdown_text(index)
        assert shown is not None
        return shown

    return list(passages(entries[at], path.around(at).results, width, markdown))


def drawn(entries: list[Entry], at: int, width: int) -> dict[Key, str]:
    """A message's text by what it is of, from the rows with everything open."""
    path = path_of(entries, width)
    for part in range(len(entries[at].parts())):
        folding.put(path, entries[at].id, part, True)
    view = path.view(at)
    rows: dict[Key, list[int]] = {}
    for index in range(len(view)):
        if place := view.text_at(index):
            rows.setdefault(place[0], []).append(index)
    return {key: text_of(view[index] for index in indexes) for key, indexes in rows.items()}


MESSAGES = {
    "words of a model": [entry(0, "assistant", f"# Title\n\n- **item** {LONG}\n\n{CODE}\n\nend")],
    "a table": [entry(0, "assistant", f"| a | b |\n|--|--|\n| {LONG} | 日本語 |")],
    "words of a person": [entry(0, "user", f"  typed **as is**\n{LONG}\n日本語 {LONG}")],
    "code of a person": [entry(0, "user", f"look:\n{CODE}")],
    "a long paste": [entry(0, "user", PASTE)],
    "thinking": [entry(0, "assistant", Thinking(f"hm\n{LONG}\n"), "answer")],
    "a call and its result": [
        entry(0, "assistant", "let me see", ToolCall("c", "clock", '{"zone":"\\u00e9", "n": 1}')),
        entry(1, "tool", ToolResult("c", f"noon\n{LONG}")),
    ],
    "a call that is no JSON": [entry(0, "assistant", ToolCall("c", "clock" * 20, "{broken"))],
    "files": [
        entry(
            0,
            "user",
            Attachment("text/plain", b"in the\tfile\nsecond line", "notes.md"),
            Attachment("image/png", b"\x89PNG", "picture.png"),
        )
    ],
    "sources and values": [
        entry(
            0,
            "assistant",
            "said",
            Citation("https://example.com/page", "A title"),
            Structured("s", {"key": ["value"]}),
            Unknown({"type": "new"}),
        )
    ],
    "what a vendor keeps for itself": [
        entry(
            0,
            "assistant",
            Unknown({"type": "use", "name": "search", "input": {"q": "\x1b[1m"}}, {"v": {}}),
            "said",
            Unknown({"type": "redacted_thinking", "data": "x" * 200}, {"v": {}}),
            Unknown("odd", {"v": {}}),
        )
    ],
    "an error": [entry(0, "assistant", "begun", error=f"The server said no: {LONG}")],
    "control characters": [entry(0, "user", "a\x1b[31mred\r\nb\tc"), entry(1, "user", "x")],
}


@pytest.mark.parametrize("width", [12, 40, 100])
@pytest.mark.parametrize("entries", MESSAGES.values(), ids=MESSAGES.keys())
def test_what_is_searched_is_what_is_drawn(entries: list[Entry], width: int) -> None:
    for at in range(len(entries)):
        searched = {passage.key: passage.text for passage in read(entries, at, width)}
        shown = {
            key: text.replace("▾ ▣", "▸ ▣") if key[1] == "file" else text
            for key, text in drawn(entries, at, width).items()
        }
        assert searched == shown


def test_long_text_is_parted_between_lines_and_nothing_is_lost() -> None:
    text = "\n".join(f"line {n}\r" for n in range(40_000))
    found = read([entry(0, "user", text)], 0, 40)
    assert len(found) > 3
    shown = [line for passage in found for line in passage.text.split("\n")]
    assert shown == [f"line {n}" for n in range(40_000)]
    assert [passage.line for passage in found[1:]] == [
        sum(one.text.count("\n") + 1 for one in found[: number + 1])
        for number in range(len(found) - 1)
    ]


@given(st.lists(st.text("ab é", max_size=5), min_size=1, max_size=8), st.data())
def test_a_place_is_found_again(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    offset = data.draw(st.integers(0, len(text)))
    line, column = line_and_column(text, offset)
    assert lines[line][:column] == text[offset - column : offset]
    passage = Passage((0, "text"), 0, 7, text)
    assert place_in([passage], (0, "text"), line + 7, column) == (0, offset)


def test_a_line_that_is_not_there_has_no_place() -> None:
    passage = Passage((0, "text"), 0, 0, "one\ntwo")
    assert place_in([passage], (0, "text"), 2, 0) is None
    assert place_in([passage], (1, "text"), 0, 0) is None

"""One message as rows: header, folds, words below."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from conduit_tui.core.message import (
    Attachment,
    Citation,
    Message,
    Part,
    Role,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Unknown,
)
from conduit_tui.core.usage import Usage
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_parts import MOST_SHOWN_LINES, count_words
from conduit_tui.tui.widgets.message_view import MessageView
from conduit_tui.tui.widgets.neighbours import Around
from conduit_tui.tui.widgets.row_heights import LONG_ROWS, LONG_SHOWN_ROWS, estimate, message_size

PALETTE = Palette()


def message(*parts: Part, role: Role = "assistant") -> Message:
    return Message(
        id="m",
        session_id="s",
        predecessor_id=None,
        role=role,
        parts=parts,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        model="sonnet",
    )


def drawn(
    entry: Entry,
    width: int = 50,
    folds: Mapping[int, bool] | None = None,
    around: Around | None = None,
) -> list[str]:
    view = MessageView(width, PALETTE)
    view.update(entry, folds or {}, around or Around())
    return [view[index].characters.rstrip() for index in range(len(view))]


def test_the_header_says_who_which_and_what_it_took() -> None:
    reply = replace(
        message(Text("hi")),
        usage=Usage(10, 412),
        cost_usd=Decimal("0.006"),
        duration_seconds=3.14,
    )
    header = drawn(Entry(reply, 2, 3))[0]
    assert header.split("  ")[0] == "sonnet"
    assert header.endswith("2/3 · 412 tok · $0.006 · 3.1 s")
    assert len(header) == 50


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"status": "interrupted"}, "interrupted"),
        ({"status": "error"}, "error"),
        ({"stop": "max_tokens"}, "cut at max tokens"),
        ({"stop": "refusal"}, "refused"),
        ({"stop": "content_filter"}, "filtered"),
    ],
)
def test_the_header_names_an_early_end(changes: dict[str, str], word: str) -> None:
    assert drawn(Entry(replace(message(Text("x")), **changes)))[0].endswith(word)


def test_an_ordinary_end_needs_no_word() -> None:
    assert drawn(Entry(replace(message(Text("x")), stop="end_turn")))[0] == "sonnet"


@pytest.mark.parametrize("width", [1, 2, 5, 12])
def test_a_narrow_header_drops_details_before_the_name(width: int) -> None:
    reply = replace(message(Text("x")), usage=Usage(1, 2), duration_seconds=1.0)
    header = drawn(Entry(reply, 2, 3), width)[0]
    assert len(header) <= width
    assert header.startswith("sonnet"[: max(1, width - 1)][:4]) or header == "…"


def test_one_sibling_needs_no_position() -> None:
    assert "1/1" not in drawn(Entry(message(Text("x"))))[0]


def test_the_person_is_called_you_and_their_words_stay_as_typed() -> None:
    shown = drawn(Entry(message(Text("# no heading\n    *indented*"), role="user")))
    assert shown == ["you", "# no heading", "    *indented*", ""]


def test_fences_in_the_persons_words_are_code() -> None:
    shown = drawn(Entry(message(Text("look:\n```\nx\n```"), role="user")))
    assert "│x" in shown


def test_a_long_paste_folds_and_opens() -> None:
    paste = Entry(message(Text("\n".join(f"line {n}" for n in range(126))), role="user"))
    shown = drawn(paste)
    assert shown[-3:] == ["line 5", "… 120 more lines", ""]
    opened = drawn(paste, folds={0: True})
    assert "line 125" in opened


def test_thinking_folds_once_the_answer_begins() -> None:
    parts: list[Part] = [Thinking("let me see")]
    entry = Entry(message(), live_parts=lambda: tuple(parts))
    assert drawn(entry)[1:] == ["▾ thinking", "let me see", ""]
    assert drawn(entry, folds={0: False})[1:] == ["▸ thinking", ""]
    parts.append(Text("yes"))
    assert drawn(entry)[1:] == ["▸ thought · 3 words", "", "yes", ""]
    assert drawn(entry, folds={0: True})[1:3] == ["▾ thought · 3 words", "let me see"]


LONG = "\n\n".join(f"line {n}" for n in range(1_000))
PAST = Around(is_past=True)


def test_a_very_long_reply_folds_once_another_has_come() -> None:
    entry = Entry(message(Text(LONG)))
    shown = drawn(entry, around=PAST)
    assert shown[1:3] == ["line 0", ""]
    assert shown[19:] == ["line 9", "", "… about 2,000 more lines", ""]
    assert "line 999" in drawn(entry)


def test_what_a_person_chose_wins_over_what_folds_by_itself() -> None:
    entry = Entry(message(Text(LONG)))
    opened = drawn(entry, folds={0: True}, around=PAST)
    assert opened[-3:] == ["line 999", "▴ show less", ""]
    assert "… about 2,000 more lines" in drawn(entry, folds={0: False})


@pytest.mark.parametrize("text", ["w" * 200_000, "# h\n" + "a b " * 50_000, "x" + "\n" * 9_000])
@pytest.mark.parametrize("width", [1, 20, 120])
def test_a_folded_reply_of_any_shape_is_short(text: str, width: int) -> None:
    shown = drawn(Entry(message(Text(text))), width, around=PAST)
    assert len(shown) <= 1 + LONG_SHOWN_ROWS + 2
    assert "…" in shown[-2]


def test_the_folded_part_of_a_long_reply_is_not_drawn() -> None:
    view = MessageView(50, PALETTE)
    view.update(Entry(message(Text(LONG))), {}, PAST)
    assert view.weight < 200


def test_a_row_is_found_again_by_what_it_shows() -> None:
    entry = Entry(message(Thinking("let\nme\nsee"), Text("one\n\ntwo")))
    view = MessageView(50, PALETTE)
    view.update(entry, {}, Around())
    places = {view[row].text: view.place_at(row) for row in range(len(view))}
    view.update(entry, {0: True}, Around())
    found = {text.strip(): view.row_of_place(place) for text, place in places.items() if text}
    assert found == {"sonnet": 0, "▸ thought · 3 words": 1, "one": 6, "two": 8}
    place = view.place_at(3)
    view.update(entry, {0: False}, Around())
    assert view.row_of_place(place) is None


@given(
    st.lists(st.sampled_from(["", "word", "w" * 100, "a b c " * 40]), min_size=1, max_size=900),
    st.booleans(),
    st.sampled_from([None, True, False]),
)
def test_what_is_estimated_to_fold_folds(
    lines: list[str], is_past: bool, choice: bool | None
) -> None:
    reply = message(Text("\n".join(["x", *lines, "x"])))
    folds = {} if choice is None else {0: choice}
    size = message_size(reply)
    guess = estimate(size, 40, folds, is_past=is_past)
    is_long = estimate(size, 40, {0: True}) > LONG_ROWS + 2
    true = drawn(Entry(reply), 40, folds, Around(is_past=is_past))
    is_folded = any(row.startswith("… about") for row in true)
    assert is_folded == (is_long and (is_past if choice is None else not choice))
    assert is_folded == (is_long and guess == 2 + LONG_SHOWN_ROWS + 1)
    assert not is_folded or len(true) <= guess


def test_a_reply_without_anything_yet_shows_that_it_waits() -> None:
    assert drawn(Entry(message(), live_parts=lambda: ()))[1] == "…"


def test_a_call_shows_its_arguments_and_result_on_one_line() -> None:
    call = ToolCall("c", "clock", '{"zone": "UTC", "n": 2}')
    around = Around(results={0: ToolResult("c", "noon\nsharp")})
    assert drawn(Entry(message(call)), around=around)[1] == '▸ ⚙ clock(zone="UTC", n=2) → noon'
    opened = drawn(Entry(message(call)), folds={0: True}, around=around)
    assert '│  "zone": "UTC",' in opened
    assert "│sharp" in opened


@pytest.mark.parametrize("arguments", ["", "{broken", "[1]", '{"a": "\\u001b[2J"}'])
def test_odd_arguments_are_shown_harmlessly(arguments: str) -> None:
    call = ToolCall("c", "clock\x1b", arguments)
    shown = "".join(drawn(Entry(message(call)), folds={0: True}))
    assert "\x1b" not in shown


def test_a_tool_message_folds_to_the_names_of_its_tools() -> None:
    entry = Entry(message(ToolResult("c", "noon", is_error=True), role="tool"))
    around = Around(names=("clock",))
    assert drawn(entry, around=around) == ["tool  ▸ clock · failed", ""]
    assert "│noon" in drawn(entry, folds={0: True}, around=around)


def test_an_attachment_is_a_chip_with_its_size_and_opens_if_it_is_text() -> None:
    text = Attachment("text/plain", b"hello " * 350, "notes\n.md")
    image = Attachment("image/png", b"\x89", "x.png")
    shown = drawn(Entry(message(text, image, role="user")))
    assert shown[1] == "▸ ▣ notes .md · 2.1 KB"
    assert shown[2] == "▣ x.png · PNG · 1 B"
    assert any("hello" in line for line in drawn(Entry(message(text)), folds={0: True})[2:])


def test_sources_are_numbered() -> None:
    cited = message(Text("so [1][2]"), Citation("https://a.example/x", "A"), Citation("ftp://b"))
    assert drawn(Entry(cited))[3:5] == ["[1] A (a.example/x)", "[2] ftp://b"]


def test_values_of_other_kinds_are_shown_as_json() -> None:
    shown = drawn(Entry(message(Structured("s", {"a": 1}), Unknown(["b"]))))
    assert '│  "a": 1' in shown
    assert '│  "b"' in shown


def test_what_a_vendor_keeps_for_itself_is_one_line_that_opens() -> None:
    search = {"type": "server_tool_use", "name": "web_search", "input": {"query": "Oslo"}}
    kept = Entry(message(Unknown(search, {"anthropic": {}}), Text("Cold.")))

    shown = drawn(kept)
    assert '▸ web_search {"query": "Oslo"}' in shown
    assert not any("server_tool_use" in line for line in shown)
    assert any("server_tool_use" in line for line in drawn(kept, folds={0: True}))


def test_an_error_is_told_with_the_way_on() -> None:
    failed = replace(message(), status="error", error="The server 'x' said no.")
    assert drawn(Entry(failed, note="Press r to try again."))[1:3] == [
        "The server 'x' said no.",
        "Press r to try again.",
    ]


def test_drawing_again_keeps_the_rows_that_did_not_change() -> None:
    parts: list[Part] = [Text("# head\n\nfirst\n\nsec")]
    entry = Entry(message(), live_parts=lambda: tuple(parts), note="note")
    view = MessageView(40, PALETTE)
    view.update(entry, {}, Around())
    before = [view[index] for index in range(len(view))]
    parts[0] = Text("# head\n\nfirst\n\nsecond")
    view.update(entry, {}, Around())
    after = [view[index] for index in range(len(view))]
    changed = [index for index, row in enumerate(after) if row is not before[index]]
    assert [after[index].text for index in changed] == ["second"]


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8, 20, 200])
def test_no_row_of_any_part_is_wider_than_the_view(width: int) -> None:
    call = ToolCall("c", "search_日本語", '{"q": "日本語のテキスト"}')
    parts: tuple[Part, ...] = (
        Thinking("思考 and more words than fit"),
        Text("# 見出し\n\n- 👩‍👩‍👧 item\n\n|a|b|\n|-|-|\n|日本|語|\n\n```\ncode\n```"),
        call,
        Citation("https://example.com/a/b/c", "Ein Titel 日本語"),
        Structured("answer", {"k": "日本語"}),
    )
    reply = replace(message(*parts), error="日本 failed.", status="error", model="日本 model")
    results = Around(results={0: ToolResult("c", "結果 and more")})
    for folds in ({}, dict.fromkeys(range(len(parts)), True)):
        for row in drawn(Entry(reply, 2, 3, note="Press r."), width, folds, results):
            assert cell_len(row) <= max(2, width)


def test_a_result_of_a_million_lines_is_shown_in_part() -> None:
    result = ToolResult("c", "\n" * 1_000_000)
    view = MessageView(50, PALETTE)
    view.update(Entry(message(result, role="tool")), {0: True}, Around())
    assert len(view) < 2 * MOST_SHOWN_LINES
    assert view[len(view) - 2].text == f"… {1_000_000 - MOST_SHOWN_LINES + 1:,} more characters"


def test_words_of_a_very_long_thought_are_counted_roughly() -> None:
    assert count_words("one two\nthree") == 3
    assert 990_000 < count_words("word " * 1_000_000) < 1_010_000

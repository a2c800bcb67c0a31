"""A question about a call, as rows of a message."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from conduit_tui.core.consent import Act, Approval
from conduit_tui.core.message import Message, Part, Role, ToolCall, ToolResult
from conduit_tui.tui.markdown.palette import Palette
from conduit_tui.tui.widgets.call_state import CallState, Question
from conduit_tui.tui.widgets.entry import Entry
from conduit_tui.tui.widgets.message_view import MessageView
from conduit_tui.tui.widgets.neighbours import Around, around

CALL = ToolCall("c", "save", '{"text": "words", "path": "notes.md"}')
ACT = Act("save", "write", "/real/notes.md", wider="/real/**", preview="+ a\n- b", shown_as="diff")
EVIL = "x\x1b[2J\u202e\u200b \t\r\ny  "


def message(*parts: Part, role: Role = "assistant", message_id: str = "m") -> Message:
    return Message(message_id, "s", None, role, parts, datetime(2026, 1, 1, tzinfo=UTC))


def question(act: Act = ACT, call: ToolCall = CALL, *, has_keys: bool = False) -> CallState:
    return CallState(question=Question(Approval("p", "s", "m", 0, call, act), "F4", has_keys))


def view_of(entry: Entry, width: int = 60, given: Around | None = None) -> MessageView:
    view = MessageView(width, Palette())
    view.update(entry, {}, given or Around())
    return view


def drawn(entry: Entry, width: int = 60, given: Around | None = None) -> list[str]:
    view = view_of(entry, width, given)
    return [view[index].characters.rstrip() for index in range(len(view))]


def asked(act: Act = ACT, call: ToolCall = CALL, width: int = 60) -> list[str]:
    return drawn(Entry(message(call), calls={0: question(act, call)}), width)


@pytest.mark.parametrize("width", [1, 5, 20, 48, 120])
def test_no_row_is_wider_than_there_is_room(width: int) -> None:
    act = replace(ACT, subject=EVIL * 9, preview=EVIL * 20, warnings=(EVIL,), wider=EVIL * 3)
    rows = asked(act, ToolCall("c", "save", '{"a": "日本語 words and words", "b": [1]}'), width)
    bar = cell_len("┃ ")
    assert max(map(cell_len, rows)) <= max(width, bar + 2)


def test_hostile_text_shows_and_is_not_obeyed() -> None:
    act = replace(ACT, subject=EVIL, preview=EVIL, warnings=(EVIL,), tool=EVIL)
    rows = "\n".join(asked(act, ToolCall("c", EVIL, f'{{"{EVIL!s}": 1}}')))
    assert not {"\x1b", "\u202e", "\u200b", "\r", "\t"} & set(rows)
    assert "␛[2J<U+202E><U+200B>" in rows
    assert "y··" in rows


def test_lines_of_a_command_are_lines() -> None:
    act = Act("run_shell", "run", "cd /tmp\nrm -rf x", literal=True)
    rows = asked(act, ToolCall("c", "run_shell", '{"command": "cd /tmp\\nrm -rf x"}'))
    assert rows[2:8] == [
        "┃ run_shell wants to run",
        "┃ cd /tmp",
        "┃ rm -rf x",
        "┃ the call:",
        "┃ command ↑ as above",
        "┃",
    ]
    assert "run_shell, exactly as above" in "".join(rows)


def test_arguments_of_many_lines_are_shown_whole_and_set_in() -> None:
    text = "\n".join(f"line {number}" for number in range(5_000))
    call = ToolCall("c", "save", f'{{"path": "a", "text": {text!r}}}'.replace("'", '"'))
    rows = asked(replace(ACT, preview=""), call)
    assert "┃ text:" in rows
    assert "┃   line 0" in rows
    assert "┃   line 4999" in rows


def test_what_the_diff_shows_whole_is_not_shown_twice() -> None:
    call = ToolCall("c", "save", '{"text": "a\\nb\\n"}')
    diff = "--- x\n+++ x\n@@ -0,0 +1,2 @@\n+a\n+b\n"
    assert "┃ text ↑ the lines of the diff" in asked(replace(ACT, preview=diff), call)
    assert "┃   b" in asked(replace(ACT, preview=diff.replace("+b", "+c")), call)


def test_the_blank_before_a_line_of_a_diff_is_no_blank_at_its_end() -> None:
    rows = asked(replace(ACT, preview="+a\n \n-b "))
    start = rows.index("┃ +a")
    assert rows[start : start + 3] == ["┃ +a", "┃", "┃ -b·"]


def test_a_tool_that_says_nothing_of_itself_shows_its_arguments_once() -> None:
    act = Act("save", "run", '{"path": "notes.md", "text": "words"}', wider="**")
    rows = asked(act)
    assert "┃ path: notes.md" in rows
    assert not any("{" in row for row in rows[2:])
    assert "everything save does" in " ".join(rows)


def test_an_address_that_looks_like_another_warns() -> None:
    act = Act("fetch_url", "network", "https://good.test@b\u0430d.test/")
    rows = asked(act, ToolCall("c", "fetch_url", "{}"), 120)
    assert any(row.startswith("┃ ! ") and "U+0430" in row for row in rows)
    assert any("It goes to b\u0430d.test" in row for row in rows)


def test_answers_are_where_they_are_clicked() -> None:
    view = view_of(Entry(message(CALL), calls={0: question()}), 40)
    for key, choice in (("yes, once", "once"), ("always", "always"), (" n  no", "no")):
        rows = [view[at].characters for at in range(len(view))]
        row = next(at for at, text in enumerate(rows) if key in text)
        hit = view.hit_at(row, rows[row].index(key) + 1)
        assert hit is not None
        assert (hit.approval_id, hit.choice) == ("p", choice)
    assert view.hit_at(1, 3) is None


def test_the_rows_of_a_question_begin_with_its_call() -> None:
    entry = Entry(message(CALL, CALL), calls={1: question()})
    view = view_of(entry)
    rows = view.rows_of_question("p")
    assert rows is not None
    assert view[rows.start].characters.startswith("▸ ⚙ save")
    assert "later" in view[rows.stop - 1].characters
    assert view.rows_of_question("q") is None


def test_each_call_shows_how_it_stands() -> None:
    calls = {
        0: CallState(seconds=3),
        1: CallState(),
        2: CallState(result=ToolResult("c", "Saved.\nWell.")),
        3: CallState(result=ToolResult("c", "No room.", is_error=True)),
    }
    call = ToolCall("c", "save", '{"n": 1}')
    assert drawn(Entry(message(call, call, call, call), calls=calls))[1:-1] == [
        "▸ ⚙ save(n=1) · 3 s",
        "▸ ⚙ save(n=1) …",
        "▸ ⚙ save(n=1) → Saved.",
        "▸ ⚙ save(n=1) ✗ No room.",
    ]


def test_words_of_an_error_that_do_not_fit_stand_below() -> None:
    words = "There is no such file, and a lot is to be said about that. " * 8
    rows = drawn(
        Entry(message(CALL)), 50, Around(results={0: ToolResult("c", words, is_error=True)})
    )
    assert rows[1].endswith("✗ failed")
    assert rows[2].startswith("    There is no such file")
    assert rows[6] == "    …"


def test_the_most_telling_argument_comes_first() -> None:
    assert drawn(Entry(message(CALL)))[1] == '▸ ⚙ save(path="notes.md", text="words")'


def test_calls_of_one_id_have_their_own_results() -> None:
    call, other = ToolCall("c", "save", '{"n": 1}'), ToolCall("c", "load", '{"n": 2}')
    entries = [
        Entry(message(call, other)),
        Entry(message(ToolResult("c", "one"), ToolResult("c", "two"), role="tool")),
    ]
    rows = drawn(entries[0], given=around(entries, 0, is_past=False))
    assert rows[1:3] == ["▸ ⚙ save(n=1) → one", "▸ ⚙ load(n=2) → two"]
    assert drawn(entries[1], given=around(entries, 1, is_past=False)) == ["tool  ▸ save, load", ""]


def test_results_in_messages_of_their_own_are_found() -> None:
    entries = [
        Entry(message(ToolCall("a", "save", ""), ToolCall("b", "load", ""))),
        Entry(message(ToolResult("b", "two"), role="tool")),
        Entry(message(ToolResult("a", "one"), role="tool")),
    ]
    rows = drawn(entries[0], given=around(entries, 0, is_past=False))
    assert rows[1:3] == ["▸ ⚙ save() → one", "▸ ⚙ load() → two"]
    assert drawn(entries[2], given=around(entries, 2, is_past=False)) == ["tool  ▸ save", ""]

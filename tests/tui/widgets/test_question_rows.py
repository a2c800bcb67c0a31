"""A question about a call, as rows of a message."""

import json
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
    act = Act("run_shell", "run", "cd /tmp\nrm -rf x", shown_as="shell", literal=True)
    rows = asked(act, ToolCall("c", "run_shell", '{"command": "cd /tmp\\nrm -rf x"}'))
    assert rows[2:8] == [
        "┃ run_shell wants to run a command",
        "┃   cd /tmp",
        "┃   rm -rf x",
        "┃",
        "┃  F4  first, then a key below, or click one",
        "┃  y  yes, once",
    ]
    assert "in this session: this very command" in "".join(rows)


def test_a_row_that_goes_on_with_a_line_of_a_diff_is_no_line_of_it() -> None:
    line = f"+{'x' * 30}\n-{'a' * 54} +evil\n"
    rows = asked(replace(ACT, preview=line))
    assert rows[5:8] == [f"┃   +{'x' * 30}", f"┃   -{'a' * 54}", "┃   ↳+evil"]


def test_an_argument_that_is_wrapped_does_not_look_like_the_next_one() -> None:
    call = ToolCall("c", "save", json.dumps({"path": "a", "why": f"{'b' * 51} path: /safe"}))
    rows = asked(replace(ACT, preview=""), call)
    assert "┃   ↳ path: /safe" in rows
    assert not any(row.startswith("┃   path: /safe") for row in rows)


def test_calls_that_nothing_answers_say_what_became_of_them() -> None:
    lost = Entry(message(CALL, CALL), fate="lost")
    assert drawn(lost, width=80)[1].endswith("✗ lost: no result was kept")
    assert [row[-6:] for row in drawn(lost, width=40)[1:3]] == ["✗ lost", "✗ lost"]
    never = drawn(Entry(message(CALL), fate="never_ran"), width=120)
    assert never[1].endswith("✗ It did not run: the reply was cut short before its end.")


def test_arguments_of_many_lines_are_shown_whole_and_set_in() -> None:
    text = "\n".join(f"line {number}" for number in range(5_000))
    call = ToolCall("c", "save", f'{{"path": "a", "text": {text!r}}}'.replace("'", '"'))
    rows = asked(replace(ACT, preview=""), call)
    assert "┃   text:" in rows
    assert "┃     line 0" in rows
    assert "┃     line 4999" in rows


def test_what_the_diff_shows_whole_is_not_shown_twice() -> None:
    call = ToolCall("c", "save", '{"text": "a\\nb\\n", "old": "c", "times": 1}')
    diff = "--- x\n+++ x\n@@ -1 +1,2 @@\n-c\n+a\n+b\n"
    rows = asked(replace(ACT, preview=diff), call)
    start = rows.index("┃ the call:")
    assert rows[start + 1 : start + 4] == [
        "┃   text ↑ as above",
        "┃   old ↑ as above",
        "┃   times: 1",
    ]
    assert "┃     b" in asked(replace(ACT, preview=diff.replace("+b", "+d")), call)


@pytest.mark.parametrize(
    "diff", ["@@ -1 +1 @@\n-ab\n+c", "@@ -1 +1 @@\n-a\n+x\n@@ -9 +9 @@\n-b\n+y"]
)
def test_half_a_line_and_lines_far_apart_are_not_what_a_diff_shows(diff: str) -> None:
    rows = asked(replace(ACT, preview=diff), ToolCall("c", "save", '{"old": "a", "both": "a\\nb"}'))
    assert "┃   both:" in rows


def test_arguments_that_stand_above_are_not_listed() -> None:
    diff = "--- /dev/null\n+++ /real/notes.md\n@@ -0,0 +1 @@\n+words\n"
    assert "┃ the call:" not in asked(replace(ACT, preview=diff))
    other = ToolCall("c", "save", '{"text": "words", "path": "otes.md"}')
    assert "┃   path: otes.md" in asked(replace(ACT, preview=diff), other)


def test_making_a_file_and_changing_one_are_told_apart() -> None:
    made = asked(replace(ACT, preview="--- /dev/null\n+++ /real/notes.md\n@@ -0,0 +1 @@\n+a\n"))
    assert made[2:6] == ["┃ save wants to make a file", "┃   /real/notes.md", "┃", "┃   +a"]
    heads = "--- /real/notes.md\n+++ /real/notes.md\n"
    changed = asked(replace(ACT, preview=f"{heads}@@ -1 +1 @@\n-a\n+b\n"))
    assert changed[2] == "┃ save wants to change a file"
    assert changed[5] == "┃   @@ -1 +1 @@"


def test_the_heading_of_a_diff_of_another_file_is_shown() -> None:
    rows = asked(replace(ACT, preview="--- /dev/null\n+++ /real/other\n@@ -0,0 +1 @@\n+a\n"))
    assert rows[2] == "┃ save wants to write"
    assert "┃   +++ /real/other" in rows


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (replace(ACT, wider="/a\\*b/**"), "every save below /a*b/"),
        (replace(ACT, wider=""), "this very file"),
        (replace(ACT, wider="**"), "whatever save does"),
        (replace(ACT, wider="/a/*.md"), "save(/a/*.md)"),
        (replace(ACT, wider="/*/b/**"), "save(/*/b/**)"),
        (
            Act("fetch_url", "network", "https://a.b/c", "https://a.b/**"),
            "every fetch_url on https://a.b/",
        ),
    ],
)
def test_an_answer_that_lasts_says_what_it_allows(act: Act, words: str) -> None:
    assert f"┃  s  yes, in this session: {words}" in asked(act, width=90)


def test_words_of_an_answer_go_on_below_themselves() -> None:
    rows = asked(replace(ACT, wider="/somewhere/far/away/**"), width=40)
    at = next(at for at, row in enumerate(rows) if row.startswith("┃  s  "))
    assert rows[at + 1].startswith("┃     ")


def test_the_way_to_the_answers_is_shown_until_the_keys_are_there() -> None:
    away = asked()
    there = drawn(Entry(message(CALL), calls={0: question(has_keys=True)}))
    assert any("F4  first" in row for row in away)
    assert not any("later" in row for row in away)
    assert not any("F4" in row for row in there)
    assert "┃  n  no, and why if you like   Esc  later" in there


def test_a_question_stands_apart_from_the_next_call() -> None:
    rows = drawn(Entry(message(CALL, CALL), calls={0: question(), 1: CallState()}))
    at = max(at for at, row in enumerate(rows) if row.startswith("▸ ⚙ save"))
    assert rows[at - 1] == ""
    assert rows[at - 2].startswith("┃")


def test_the_blank_before_a_line_of_a_diff_is_no_blank_at_its_end() -> None:
    rows = asked(replace(ACT, preview="+a\n \n-b "))
    start = rows.index("┃   +a")
    assert rows[start : start + 3] == ["┃   +a", "┃", "┃   -b·"]


def test_a_tool_that_says_nothing_of_itself_shows_its_arguments_once() -> None:
    act = Act("save", "run", '{"path": "notes.md", "text": "words"}', wider="**")
    rows = asked(act)
    assert "┃   path: notes.md" in rows
    assert not any("{" in row for row in rows[2:])
    assert "whatever save does" in " ".join(rows)


def test_an_address_that_looks_like_another_warns() -> None:
    act = Act("fetch_url", "network", "https://good.test@b\u0430d.test/")
    rows = asked(act, ToolCall("c", "fetch_url", "{}"), 120)
    assert any(row.startswith("┃ ! ") and "U+0430" in row for row in rows)
    assert any("It goes to b\u0430d.test" in row for row in rows)


def test_answers_are_where_they_are_clicked() -> None:
    view = view_of(Entry(message(CALL), calls={0: question()}), 40)
    for key, choice in (("yes, once", "once"), ("always", "always"), ("no, and", "no")):
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
    assert "no, and why" in view[rows.stop - 1].characters
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


def test_a_call_that_was_denied_says_so_and_why_and_is_no_failure() -> None:
    call = ToolCall("c", "save", '{"n": 1}')

    def denied(words: str) -> list[str]:
        output = f"The person said no{words} It was not done; do not try to get round this."
        result = ToolResult("c", output, is_error=True)
        return drawn(Entry(message(call), calls={0: CallState(result=result)}))[1:-1]

    assert denied(".") == ["▸ ⚙ save(n=1) ✗ you said no"]
    assert denied(": use a list.") == ["▸ ⚙ save(n=1) ✗ you said no: use a list"]
    long = denied(f": {'because ' * 20}of it.")
    assert long[0] == "▸ ⚙ save(n=1) ✗ you said no:"
    assert long[1].startswith("    because because")


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

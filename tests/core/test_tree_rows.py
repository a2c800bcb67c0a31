import pytest

from conduit_tui.core.message import Attachment, Text, Thinking, ToolCall, ToolResult
from conduit_tui.core.message_name import row_words
from conduit_tui.core.session import Session
from conduit_tui.core.tree_rows import LiveNode, TreeRows, mark_path, tree_rows
from tests.tui.widgets.building import Growing


def drawn(rows: TreeRows) -> list[str]:
    return [lane + message_id for lane, message_id in zip(rows.lanes, rows.ids, strict=True)]


def test_a_line_without_forks_stays_in_one_lane_however_long():
    rows = tree_rows(Growing().chain(5_000).session, "m4999")
    assert set(rows.lanes) == {""}
    assert rows.here == 4_999


def test_only_forks_open_lanes_and_siblings_stand_in_the_order_they_were_added():
    tree = Growing().add("a", None).add("b", "a").add("c", "b").add("d", "b").add("e", "c")
    assert drawn(tree_rows(tree.add("f", "d").session, "f")) == [
        "a",
        "b",
        "├─c",
        "│ e",
        "└─d",
        "  f",
    ]


def test_a_first_message_with_siblings_is_a_fork_too():
    assert drawn(tree_rows(Growing().add("a", None).add("b", None).session, None)) == [
        "├─a",
        "└─b",
    ]


def test_a_tree_forked_at_every_turn_runs_down_instead_of_off_the_pane():
    tree = Growing().add("m0", None)
    for turn in range(300):
        tree.add(f"x{turn}", f"m{turn}").add(f"m{turn + 1}", f"m{turn}")
    rows = tree_rows(tree.session, "m300")
    assert max(len(lane) for lane in rows.lanes) <= 10


def test_forks_inside_first_siblings_neither_recurse_nor_grow_without_bound():
    tree = Growing().add("m0", None)
    for turn in range(2_000):
        tree.add(f"m{turn + 1}", f"m{turn}").add(f"x{turn}", f"m{turn}")
    rows = tree_rows(tree.session, "m2000")
    assert len(rows) == 4_001
    assert max(len(lane) for lane in rows.lanes) <= 66


def test_the_path_is_marked_up_to_the_root_and_nothing_else():
    tree = Growing().add("a", None).add("b", "a").add("c", "a").add("d", "c")
    rows = tree_rows(tree.session, "c")
    assert [rows.ids[row] for row in sorted(rows.path)] == ["a", "c"]
    assert rows.ids[rows.here] == "c"


def test_tool_messages_have_no_row_and_what_follows_stands_below_the_call():
    tree = Growing().add("u", None).add("call", "u", "assistant", parts=(ToolCall("1", "t", ""),))
    tree.add("result", "call", "tool", parts=(ToolResult("1", "x"),))
    rows = tree_rows(tree.add("a", "result", "assistant").add("b", "result").session, "result")
    assert drawn(rows) == ["u", "call", "├─a", "└─b"]
    assert rows.parents == [-1, 0, 1, 1]
    assert rows.ids[rows.here] == "call"


def test_the_model_is_named_where_it_differs_from_the_one_above():
    tree = Growing().add("u", None).add("a", "u", "assistant", model="sonnet").add("v", "a")
    tree.add("b", "v", "assistant", model="sonnet").add("c", "v", "assistant", model="gpt")
    assert tree_rows(tree.session, None).models == ["", "sonnet", "", "", "gpt"]


def test_streaming_messages_stand_after_the_committed_ones_until_they_are_committed():
    tree = Growing().add("u", None).add("a", "u", "assistant")
    live = [LiveNode("x", "u", "gpt"), LiveNode("a", "u", "gpt"), LiveNode("y", "x", "gpt")]
    rows = tree_rows(tree.session, "x", live)
    assert drawn(rows) == ["u", "├─a", "└─x", "  y"]
    assert [rows.live[row].message_id for row in sorted(rows.live)] == ["x", "y"]
    assert rows.ids[rows.here] == "x"


def test_a_session_without_messages_has_no_rows_and_an_unknown_leaf_is_nowhere():
    assert len(tree_rows(Session("s"), None)) == 0
    assert tree_rows(Growing().add("a", None).session, "gone").here == -1


def test_first_words_are_one_clean_line():
    words = row_words(Growing().add("a", None, text="\n  one\n\ttwo \x1b[31mthree").session["a"])
    assert words == "one two ␛[31mthree"


def test_a_reply_begins_with_its_words_and_not_with_marks():
    def words(text, role="assistant"):
        return row_words(Growing().add("a", None, role, text=text).session["a"])

    assert words("# Raft\n\nA leader is **elected by all**.") == "Raft A leader is elected by all."
    assert words("```python\n# a comment\nprint(2**3, 3**2)\n```") == "a comment print(2**3, 3**2)"
    assert words("#5 is **not closed") == "#5 is **not closed"
    assert words("```python") == "```python"
    assert words("# mine", "user") == "# mine"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("- **One leader.** The rest", "One leader. The rest"),
        ("## Why\n\n> so", "Why so"),
        ("```python\ndef f(): ...\n```", "def f(): ..."),
        ("a **b** and __c__", "a b and c"),
        ("2 ** 3 ** 4, **args and x__y__z", "2 ** 3 ** 4, **args and x__y__z"),
        ("-5 and #5 and ---", "-5 and #5 and ---"),
        ("- ", "-"),
    ],
)
def test_first_words_of_a_reply_stand_without_the_marks_around_them(source, words):
    assert row_words(Growing().add("a", None, "assistant", text=source).session["a"]) == words


def test_first_words_of_a_person_stay_as_they_were_typed():
    words = row_words(Growing().add("a", None, "user", text="# **x**").session["a"])
    assert words == "# **x**"


def test_a_message_without_words_is_named_by_what_it_holds():
    def words(*parts, error=None):
        tree = Growing().add("a", None, "assistant", parts=parts, error=error)
        return row_words(tree.session["a"])

    assert words(ToolCall("1", "search\x1b", "{}")) == "→ search␛"
    assert words(Attachment("text/plain", b"", "notes.md"), Text(" ")) == "notes.md"
    assert words(Thinking("hm")) == "(thinking only)"
    assert words(error="No answer from 'x'.") == "No answer from 'x'."
    assert words() == "(empty)"


def test_what_is_below_a_row_is_told_from_what_stands_beside_it():
    tree = Growing().add("a", None).add("b", "a").add("c", "b").add("d", "a")
    rows = tree_rows(tree.session, None)
    assert [rows.is_below(row, 1) for row in range(4)] == [False, True, True, False]


def test_a_layout_takes_another_leaf_without_being_made_anew():
    tree = Growing().chain(3).add("side", "m0")
    rows = tree_rows(tree.session, "m2")
    mark_path(rows, tree.session, "side")
    assert rows == tree_rows(tree.session, "side")
    mark_path(rows, tree.session, None)
    assert rows == tree_rows(tree.session, None)

from datetime import timedelta

import pytest

from conduit_tui.core.marks import Mark
from conduit_tui.core.message import Attachment, ToolCall
from conduit_tui.core.tree_rows import LiveNode, tree_rows
from conduit_tui.tui.widgets.tree_filter import TreeFilter
from tests.tui.widgets.building import NOW, Growing


def asking(tree: Growing, text: str, live: tuple[LiveNode, ...] = ()) -> TreeFilter:
    asked = TreeFilter()
    asked.apply(text, tree_rows(tree.session, None, live), tree.session, NOW)
    return asked


def matching(tree: Growing, text: str, live: tuple[LiveNode, ...] = ()) -> list[str]:
    rows = tree_rows(tree.session, None, live)
    return [rows.ids[row] for row in asking(tree, text, live).matches]


def talk() -> Growing:
    tree = Growing().add("u", None, text="Explain (c++) [bold")
    tree.add("a", "u", "assistant", "x" * 10_000 + " the NEEDLE", model="claude-sonnet")
    tree.add("b", "u", "assistant", "half", model="gpt-5", status="interrupted")
    tree.session.set_mark("a", Mark("best", NOW, "to be read"))
    return tree


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("needle", ["a"]),
        ("(c++) [b", ["u"]),
        (".*", []),
        ("role:user", ["u"]),
        ("role:assistant model:GPT", ["b"]),
        ("starred", ["a"]),
        ("label:be", ["a"]),
        ("status:interrupted", ["b"]),
        ("before:2026-11-22", []),
        ("after:2026-11-22 half", ["b"]),
        ("read", ["a"]),
        ("sonnet", ["a"]),
        ("", []),
    ],
)
def test_a_filter_finds_what_it_says(text, ids):
    assert matching(talk(), text) == ids


def test_names_of_tools_and_files_are_words_of_a_message():
    tree = Growing().add("u", None, parts=(Attachment("text/plain", b"", "notes.pdf"),))
    tree.add("a", "u", "assistant", parts=(ToolCall("1", "web_search", ""),))
    assert matching(tree, "notes") == ["u"]
    assert matching(tree, "web_s") == ["a"]


def test_what_streams_is_found_by_its_model():
    live = (LiveNode("x", "u", "gpt-5"),)
    assert matching(talk(), "gpt role:assistant", live) == ["b", "x"]
    assert matching(talk(), "role:user", live) == ["u"]


def test_matches_come_with_the_forks_that_lead_to_them():
    tree = Growing().add("a", None, text="start").add("b", "a", text="linear").add("c", "b")
    tree.add("d", "b", text="other").add("e", "d", text="between").add("f", "e", text="The NEEDLE")
    rows = tree_rows(tree.session, None)
    assert [rows.ids[row] for row in sorted(asking(tree, "needle").shown())] == ["b", "d", "f"]


def test_typing_on_looks_only_among_what_matched():
    tree = talk()
    rows = tree_rows(tree.session, None)
    typed = TreeFilter()
    for text in ("n", "ne", "nee", "nee h", "nee", "x", "role:user", "role:user e"):
        typed.apply(text, rows, tree.session, NOW)
        assert typed.matches == asking(tree, text).matches


def test_the_nearest_match_is_below_or_else_the_last():
    asked = asking(Growing().chain(9), "text")
    asked.matches = [2, 5]
    assert [asked.nearest(row) for row in (0, 2, 3, 8)] == [2, 2, 5, 5]


def test_a_match_far_inside_a_message_is_shown_with_what_is_around_it():
    tree = talk()
    text = tree.session["a"].text
    asked = asking(tree, "needle")
    assert asked.excerpt("x" * 300, text, 20) == "…the NEEDLE"
    assert asked.spans("…the NEEDLE") == [(5, 11)]
    assert asked.excerpt("a needle", "a needle", 20) == "a needle"


def test_a_time_in_a_filter_is_the_persons_own():
    tree = Growing().add("u", None, text="x")
    asked = TreeFilter()
    asked.apply("after:today", tree_rows(tree.session, None), tree.session, NOW + timedelta(days=2))
    assert asked.matches == []

from dataclasses import replace
from decimal import Decimal

import pytest
from textual import events

from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.core.tree_rows import LiveNode
from conduit_tui.core.usage import Usage
from conduit_tui.tui.widgets.message_tree import MessageTree
from tests.tui.widgets.building import NOW, Growing, OneWidget, lines, stilled


def forked() -> Growing:
    tree = Growing().add("u1", None, text="explain raft")
    tree.add("a1", "u1", "assistant", "Imagine a class", model="sonnet")
    tree.add("u2", "a1", text="with pictures").add("a2", "u2", "assistant", "Look", model="gpt")
    tree.add("u3", "a1", text="shorter")
    return tree.add("a3", "u3", "assistant", "Leaders", model="sonnet")


@pytest.fixture
def app() -> OneWidget:
    return OneWidget(MessageTree(), MessageTree.Chosen)


def chosen(app: OneWidget) -> list[str]:
    return [message.message_id for message in app.posted]


async def test_the_tree_is_drawn_with_marks_models_and_where_one_is(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(forked().session, "a3", [LiveNode("x", "u2", "claude")])
        await pilot.pause()
        assert [stilled(line) for line in lines(app, app.widget)] == [
            "● explain raft",
            "○ sonnet Imagine a class",
            "├─● with pictures",
            "│ ├─○ gpt Look",
            "│ └─◌ claude …",
            "└─● shorter",
            "  ○ Leaders ◂ here",
            "",
            "",
            "",
        ]


async def test_replies_that_differ_in_nothing_name_their_model_once_in_the_first_turn(app):
    tree = Growing().add("u", None, text="hi")
    for reply_id in "ab":
        tree.add(reply_id, "u", "assistant", "Hello", model="gpt-5")
    tree.add("v", "b", text="and?")
    for reply_id in "cd":
        tree.add(reply_id, "v", "assistant", "Well", model="sonar")
    async with app.run_test(size=(28, 7)) as pilot:
        app.widget.show(tree.session, "a")
        await pilot.pause()
        assert lines(app, app.widget)[1:6] == [
            "├─○ gpt-5 Hello ◂ here",
            "└─○ Hello",
            "  ● and?",
            "  ├─○ sonar Well",
            "  └─○ sonar Well",
        ]


async def test_what_changed_stands_before_the_model_that_did_not(app):
    tree = Growing().add("u", None, text="hi")
    tree.add("a", "u", "assistant", "Hello there", model="claude-sonnet-4")
    changed = replace(
        tree.session["a"], id="b", params=Params(system_prompt="Be brief", temperature=0.9)
    )
    tree.session.add(changed)
    tree.session.add(replace(changed, id="c", model="gpt-5-mini"))
    async with app.run_test(size=(28, 5)) as pilot:
        app.widget.show(tree.session, "b")
        await pilot.pause()
        assert lines(app, app.widget)[1:4] == [
            "├─○ sonnet-4 Hello there",
            "├─○ temp 0.9, system… ◂ here",
            "└─○ sonnet-4 → gpt-5-mini",
        ]
        app.widget.show(tree.session, "c")
        await pilot.pause()
        assert lines(app, app.widget)[3] == "└─○ → gpt-5-mini Hel… ◂ here"


async def test_interrupted_and_failed_replies_carry_their_mark(app):
    tree = Growing().add("u", None, text="hi")
    tree.add("a", "u", "assistant", "half of", status="interrupted")
    tree.add("b", "u", "assistant", status="error", error="No answer")
    async with app.run_test(size=(30, 4)) as pilot:
        app.widget.show(tree.session, "u")
        await pilot.pause()
        assert lines(app, app.widget)[1:3] == ["├─⊘ half of", "└─✗ No answer"]


async def test_a_chain_of_500_keeps_its_text_in_a_narrow_pane(app):
    async with app.run_test(size=(26, 8)) as pilot:
        app.widget.show(Growing().chain(500).session, "m499")
        app.widget.focus()
        await pilot.press("z")
        assert lines(app, app.widget)[-1] == "○ text 499 ◂ here"
        assert app.widget.row_count() == 500


async def test_escapes_and_markup_in_messages_are_harmless(app):
    tree = Growing().add("u", None, text="[bold \x1b]52;c;aGk=\x07[/]")
    tree.add("a", "u", "assistant", "[link=x]", model="m\x1b[31m")
    async with app.run_test(size=(40, 4)) as pilot:
        app.widget.show(tree.session, "a")
        await pilot.pause()
        assert lines(app, app.widget)[:2] == [
            "● [bold ␛]52;c;aGk=␇[/]",
            "○ m␛[31m [link=x] ◂ here",
        ]


async def test_keys_move_by_rows_and_along_the_tree(app):
    async with app.run_test(size=(30, 10)) as pilot:
        tree = app.widget
        tree.show(forked().session, "a3")
        tree.focus()
        seen = []
        for key in ("k", "up", "h", "l", "right", "left", "G", "g", "end", "home", "j"):
            await pilot.press(key)
            seen.append(tree.cursor_id)
        assert seen == ["u3", "a2", "u2", "a2", "a2", "u2", "a3", "u1", "a3", "u1", "a1"]


async def test_enter_and_a_click_choose_a_message(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(forked().session, "a3")
        app.widget.focus()
        await pilot.press("home", "enter")
        await pilot.click(MessageTree, offset=(5, 2))
        await pilot.click(MessageTree, offset=(5, 9))
        assert chosen(app) == ["u1", "u2"]


async def test_without_focus_the_cursor_follows_the_leaf_and_with_focus_it_stays(app):
    tree = forked()
    async with app.run_test(size=(30, 10)) as pilot:
        app.set_focus(None)
        app.widget.show(tree.session, "a3")
        assert app.widget.cursor_id == "a3"
        app.widget.focus()
        await pilot.press("home")
        app.widget.show(tree.add("u9", "a3", text="more").session, "u9")
        assert app.widget.cursor_id == "u1"
        app.widget.show(Growing().chain(3).session, "m1")
        assert app.widget.cursor_id == "m1"


async def test_typing_a_filter_hides_the_rest_and_enter_goes_to_the_match(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(forked().session, "a3")
        app.widget.focus()
        await pilot.press("slash", *"look")
        assert lines(app, app.widget)[:5] == [
            "/look▏                       1",
            "… 1",
            "○ sonnet Imagine a class",
            "├─● with pictures",
            "│ ○ gpt Look",
        ]
        assert lines(app, app.widget)[5:7] == ["└─… 2", ""]
        await pilot.press("enter")
        assert chosen(app) == ["a2"]
        assert app.widget.filter_text is None
        assert app.widget.row_count() == 6


async def test_escape_clears_the_filter_and_then_is_the_screens(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(forked().session, "a3")
        app.widget.focus()
        await pilot.press("slash", "z", "z")
        assert lines(app, app.widget)[1] == "Nothing matches."
        await pilot.press("escape")
        assert (app.widget.row_count(), app.widget.cursor_id) == (6, "a3")
        await pilot.press("slash", "backspace", "j")
        assert app.widget.filter_text is None


async def test_letters_that_are_keys_elsewhere_are_letters_in_the_filter(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(forked().session, "a3")
        app.widget.focus()
        await pilot.press("slash", *"ghjkl")
        assert app.widget.filter_text == "ghjkl"


async def test_letters_typed_right_after_the_slash_are_part_of_the_filter(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(forked().session, "a3")
        app.widget.focus()
        await pilot.pause()
        for key, character in (("slash", "/"), ("h", "h"), ("j", "j")):
            app.widget.post_message(events.Key(key, character))
        await pilot.pause()
        assert app.widget.filter_text == "hj"


async def test_only_rows_in_view_are_built(app, monkeypatch):
    built: list[int] = []
    original = MessageTree.row_segments

    def counting(self, row, width):
        built.append(row)
        return original(self, row, width)

    monkeypatch.setattr(MessageTree, "row_segments", counting)
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(Growing().chain(10_000).session, "m9999")
        app.widget.focus()
        await pilot.pause()
        built.clear()
        await pilot.press("z")
        assert 9_999 in built
        assert len(set(built)) <= 10


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (20, 5), (12, 3)])
async def test_nothing_breaks_in_a_tiny_pane(app, size):
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.widget.show(forked().session, "a3", [LiveNode("x", "u2", "claude")])
        app.widget.focus()
        await pilot.press("up", "pageup", "pagedown", "slash", "a", "down", "enter")
        app.widget.show(None)
        await pilot.press("up", "h", "l", "G", "enter", "slash", "x", "enter", "escape")
        await pilot.press("space", "z", "number_sign")
        app.widget.show(Growing().chain(50).session, "m49")
        await pilot.press("number_sign", "g", "j", "space", "space", "z", "slash", "4", "space")


async def test_an_empty_session_says_how_the_tree_grows(app):
    async with app.run_test(size=(30, 6)) as pilot:
        app.widget.show(Growing().session)
        await pilot.pause()
        assert lines(app, app.widget)[0] == "No messages yet."


async def test_what_is_marked_on_a_message_stands_before_its_words(app):
    tree = forked()
    tree.session.set_mark("a1", Mark("best\x1b", NOW, "look here"))
    async with app.run_test(size=(44, 10)) as pilot:
        app.widget.show(tree.session, "a3", unseen={"a2"})
        await pilot.pause()
        assert lines(app, app.widget)[1] == "○ ★ [best␛] ✎ sonnet Imagine a class"
        assert lines(app, app.widget)[3] == "│ ○ • gpt Look"


async def test_a_later_sibling_says_what_changed(app):
    tree = Growing().add("u", None, text="Explain raft in 3 bullets")
    tree.add("v", None, text="Explain raft to a child")
    tree.add("a", "v", "assistant", "Imagine", model="claude-sonnet")
    tree.add("b", "v", "assistant", "A class", model="gpt")
    async with app.run_test(size=(34, 5)) as pilot:
        app.widget.show(tree.session, "v")
        await pilot.pause()
        assert lines(app, app.widget)[:4] == [
            "├─● Explain raft in 3 bullets",
            '└─● "in 3…" → "to a child" ◂ here',
            "  ├─○ sonnet Imagine",
            "  └─○ sonnet → gpt A class",
        ]


async def test_in_the_sidebar_the_new_words_of_an_edit_are_seen(app):
    tree = Growing().add("u", None, text="Explain raft in 3 bullets")
    tree.add("v", None, text="Explain raft to a child")
    async with app.run_test(size=(20, 3)) as pilot:
        app.widget.show(tree.session, "u")
        await pilot.pause()
        assert lines(app, app.widget)[1] == '└─● → "to a child"'


async def test_long_runs_fold_where_not_everything_fits_and_space_opens_them(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(Growing().chain(30).session, "m29")
        app.widget.focus()
        await pilot.press("g", "j")
        assert lines(app, app.widget)[:3] == ["● text 0", "… 12 turns", "○ text 25"]
        assert app.widget.cursor_id == "m1"
        await pilot.press("space")
        assert (app.widget.row_count(), app.widget.cursor_id) == (30, "m1")
        await pilot.press("j", "j", "space")
        assert (app.widget.row_count(), app.widget.cursor_id) == (7, "m1")
        await pilot.press("right")
        assert app.widget.row_count() == 30


async def test_a_click_or_enter_on_a_fold_opens_it_and_goes_nowhere(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(Growing().chain(30).session, "m29")
        await pilot.click(MessageTree, offset=(3, 1))
        assert app.widget.row_count() == 30
        app.widget.focus()
        await pilot.press("space", "enter")
        assert app.widget.row_count() == 30
        assert chosen(app) == []


async def test_what_was_opened_stays_open_while_the_session_is_on_view(app):
    tree = Growing().chain(30)
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(tree.session, "m29")
        app.widget.focus()
        await pilot.press("g", "j", "space")
        tree.add("m30", "m29", text="on").add("m31", "m30", "assistant", "and on")
        tree.session.set_mark("m12", Mark("half"))
        app.widget.show(tree.session, "m31")
        assert app.widget.row_count() == 32
        app.widget.show(Growing().chain(30).session, "m29")
        assert app.widget.row_count() == 7


async def test_z_opens_all_runs_and_folds_them_again(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(Growing().chain(30).session, "m29")
        app.widget.focus()
        await pilot.press("z")
        assert (app.widget.row_count(), app.widget.cursor_id) == (30, "m29")
        await pilot.press("z")
        assert (app.widget.row_count(), app.widget.cursor_id) == (7, "m29")


async def test_a_session_that_fits_is_not_folded_until_the_pane_gets_too_small(app):
    async with app.run_test(size=(30, 30)) as pilot:
        app.widget.show(Growing().chain(30).session, "m29")
        assert app.widget.row_count() == 30
        await pilot.resize_terminal(30, 12)
        assert app.widget.row_count() == 7
        await pilot.resize_terminal(30, 40)
        assert app.widget.row_count() == 30


async def test_a_jump_shows_a_message_inside_a_run_and_tells_where_the_cursor_is(app):
    moving = OneWidget(MessageTree(), MessageTree.CursorMoved)
    async with moving.run_test(size=(30, 10)) as pilot:
        moving.widget.show(Growing().chain(30).session, "m29")
        moving.widget.focus()
        moving.widget.jump_to("m12")
        await pilot.pause()
        assert moving.widget.cursor_id == "m12"
        assert lines(moving, moving.widget)[:4] == [
            "● text 0",
            "… 5 turns",
            "● text 12",
            "… 6 turns",
        ]
        await pilot.press("j", "G", "G")
        assert [told.message_id for told in moving.posted] == ["m29", "m12", "m13", "m29"]


async def test_the_message_under_the_cursor_stays_in_sight_when_the_leaf_goes_elsewhere(app):
    tree = Growing().chain(30).add("x", "m0", text="other")
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(tree.session, "m29")
        app.widget.focus()
        await pilot.press("end", "up", "up", "up", "up")
        assert app.widget.cursor_id == "m26"
        app.widget.show(tree.session, "x")
        assert app.widget.cursor_id == "m26"


async def test_without_its_message_the_cursor_goes_to_what_is_above(app):
    tree = forked()
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(tree.session, "a3")
        app.widget.focus()
        app.widget.jump_to("a2")
        tree.session.set_absence("u2", Absence("pruned", NOW))
        app.widget.show(tree.session, "a3")
        await pilot.pause()
        assert app.widget.cursor_id == "a1"


async def test_what_a_filter_leaves_out_can_be_opened(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(forked().session, "a3")
        app.widget.focus()
        await pilot.press("slash", *"look", "down")
        await pilot.press("enter")
        assert lines(app, app.widget)[5:7] == ["└─● shorter", "  ○ Leaders ◂ here"]
        assert app.widget.filter_text == "look"
        assert chosen(app) == []


async def test_the_cursor_stays_near_where_the_filter_began(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(Growing().chain(200).session, "m199")
        app.widget.focus()
        app.widget.jump_to("m100")
        await pilot.press("slash", *"text 1")
        assert app.widget.cursor_id == "m100"
        await pilot.press("7")
        assert app.widget.cursor_id == "m117"
        await pilot.press("backspace", "escape")
        assert app.widget.cursor_id == "m100"


async def test_a_filter_without_matches_gives_the_cursor_back(app):
    async with app.run_test(size=(30, 10)) as pilot:
        app.widget.show(forked().session, "a3")
        app.widget.focus()
        await pilot.press("g", "slash", *"zz", "escape")
        assert app.widget.cursor_id == "u1"


async def test_with_a_filter_h_and_l_go_over_what_is_left_out(app):
    async with app.run_test(size=(30, 20)) as pilot:
        tree = Growing().chain(12).add("x", "m1", text="side").add("y", "x", text="needle")
        app.widget.show(tree.session, "m11")
        app.widget.focus()
        await pilot.press("slash", *"needle")
        seen = []
        for key in ("left", "left", "right", "right"):
            await pilot.press(key)
            seen.append(app.widget.cursor_id)
        assert seen == ["x", "m1", "x", "y"]


async def test_tokens_and_cost_stand_at_the_right_edge_on_demand(app):
    async with app.run_test(size=(28, 4)) as pilot:
        app.widget.show(paid(412, "0.006").session, "u")
        app.widget.focus()
        await pilot.press("number_sign")
        assert lines(app, app.widget)[:2] == ["● hi ◂ here", "○ (empty)         412 $0.006"]
        await pilot.press("number_sign")
        assert lines(app, app.widget)[1] == "○ (empty)"


async def test_no_line_is_wider_than_the_pane(app):
    tree = paid(12_345, "1.5")
    tree.add("v", None, text="hi to all of you").add(
        "b", "v", "assistant", "長" * 99, model="x" * 99
    )
    for number, message in enumerate(list(tree.session)):
        tree.session.set_mark(message.id, Mark(f"{number}-" + "長" * 20, NOW, "note"))
    async with app.run_test(size=(30, 10)):
        app.widget.show(tree.session, "b", [LiveNode("x", "v", "m" * 99)], {"a", "b"})
        for app.widget.shows_amounts in (False, True):
            for width in range(20, 60):
                for row in range(app.widget.row_count()):
                    cells = sum(part.cell_length for part in app.widget.row_segments(row, width))
                    assert cells <= width


def paid(tokens: int, dollars: str) -> Growing:
    """A question and an empty answer that cost something."""
    tree = Growing().add("u", None, text="hi")
    usage, cost = Usage(9, tokens), Decimal(dollars)
    tree.session.add(Message("a", "s", "u", "assistant", (), NOW, usage=usage, cost_usd=cost))
    return tree

import pytest
from textual import events

from conduit_tui.core.tree_rows import LiveNode
from conduit_tui.tui.widgets.message_tree import MessageTree
from tests.tui.widgets.building import Growing, OneWidget, lines


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
        assert lines(app, app.widget) == [
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
        await pilot.pause()
        assert lines(app, app.widget)[-1] == "○ text 499 ◂ here"


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
            "/look▏                       3",
            "○ sonnet Imagine a class",
            "├─● with pictures",
            "│ ○ gpt Look",
            "",
        ]
        await pilot.press("end", "enter")
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
        await pilot.pause()
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
        await pilot.press("up", "h", "l", "G", "enter", "slash", "x", "enter")


async def test_an_empty_session_says_how_the_tree_grows(app):
    async with app.run_test(size=(30, 6)) as pilot:
        app.widget.show(Growing().session)
        await pilot.pause()
        assert lines(app, app.widget)[0] == "No messages yet."

import asyncio
from pathlib import Path
from typing import ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from conduit_tui.core.attaching import KNOWN
from conduit_tui.core.message import Attachment
from conduit_tui.tui.widgets import file_reading
from conduit_tui.tui.widgets import prompt as prompt_module
from conduit_tui.tui.widgets.chips import ChipRow
from conduit_tui.tui.widgets.completion import CommandHint
from conduit_tui.tui.widgets.completion_list import CompletionList
from conduit_tui.tui.widgets.external_editor import editor_command
from conduit_tui.tui.widgets.external_program import ProgramFailed
from conduit_tui.tui.widgets.prompt import Prompt
from conduit_tui.tui.widgets.prompt_area import PromptArea
from tests.tui.widgets.building import lines

COMMANDS = [
    CommandHint("model", "Choose a model", "[name]"),
    CommandHint("models", "List models"),
    CommandHint("new", "Begin a session"),
]
MODELS = ["openai/gpt-5", "openai/gpt-4.1", "anthropic/claude"]


class Screenful(App[None]):
    """A prompt under a transcript; keeps what the prompt posts and which keys reach the app."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [
        Binding(key, f"note('{key}')")
        for key in ("ctrl+c", "ctrl+p", "ctrl+n", "f1", "f6", "f7", "escape", "pageup")
    ]

    def __init__(self, directory: Path | None = None, history: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.prompt = Prompt(
            COMMANDS,
            lambda command, _partial: MODELS if command == "model" else (),
            history,
            directory=directory,
        )
        self.sent: list[tuple[str, list[str]]] = []
        self.noted: list[str] = []
        self.drafts = 0

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("transcript")
        yield self.prompt

    def on_mount(self) -> None:
        self.prompt.focus()

    def action_note(self, key: str) -> None:
        self.noted.append(key)

    def on_prompt_sent(self, event: Prompt.Sent) -> None:
        self.sent.append((event.text, [part.name for part in event.attachments]))

    def on_prompt_draft_changed(self) -> None:
        self.drafts += 1

    def on_prompt_refused(self, event: Prompt.Refused) -> None:
        self.noted.append(event.words)

    def on_prompt_chip_opened(self, event: Prompt.ChipOpened) -> None:
        self.noted.append(f"opened {event.index}")

    def on_prompt_queue_taken_back(self, event: Prompt.QueueTakenBack) -> None:
        self.noted.append(f"taken back {event.index}")


def words(text: str) -> list[str]:
    names = {" ": "space", "/": "slash", "@": "at", "\\": "backslash", ".": "full_stop"}
    return [names.get(letter, letter) for letter in text]


def listed(app: Screenful) -> list[str]:
    return [offer.value for offer in app.query_one(CompletionList).offers]


async def settled(app: Screenful, pilot) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()


async def test_enter_sends_and_clears_at_once():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press(*words("hi"), "enter", *words("more"))
        assert app.sent == [("hi", [])]
        assert app.prompt.text == "more"


async def test_letters_typed_right_after_enter_are_not_sent_along():
    app = Screenful()
    async with app.run_test() as pilot:
        for key in ("h", "i", "enter", "n", "o"):  # all before anything is handled
            character = key if len(key) == 1 else "\r"
            app.query_one(PromptArea).post_message(events.Key(key, character))
        await pilot.pause()
        assert app.sent == [("hi", [])]
        assert app.prompt.text == "no"


async def test_nothing_but_blanks_is_not_sent():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("enter", "space", "ctrl+j", "enter")
        assert app.sent == []


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter", "alt+enter"])
async def test_a_line_can_be_broken(key):
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("a", key, "b", "enter")
        assert app.sent == [("a\nb", [])]


async def test_a_backslash_before_enter_breaks_the_line():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("a", "backslash", "enter", "b")
        assert app.prompt.text == "a\nb"
        assert app.sent == []


async def test_the_prompt_grows_with_its_text_up_to_its_share_of_the_screen():
    app = Screenful()
    async with app.run_test(size=(40, 40)) as pilot:
        area = app.query_one(PromptArea)
        assert area.size.height == 1
        app.prompt.load("x" * 50 + "\nb")
        await pilot.pause()
        assert area.size.height == 3
        app.prompt.load("line\n" * 24)
        await pilot.pause()
        assert area.size.height == 10
        await pilot.resize_terminal(40, 15)
        await pilot.pause()
        assert area.size.height == 6


async def test_keys_of_the_screen_reach_it():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("a", "ctrl+c", "ctrl+p", "ctrl+n", "f1", "f6", "f7", "pageup", "escape")
        assert app.noted == ["ctrl+c", "ctrl+p", "ctrl+n", "f1", "f6", "f7", "pageup", "escape"]
        assert app.prompt.text == "a"


async def test_the_cursor_does_not_blink():
    app = Screenful()
    async with app.run_test():
        assert app.query_one(PromptArea).cursor_blink is False


async def test_a_selection_can_be_copied_by_whoever_owns_the_key():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press(*words("abc"))
        assert not app.prompt.has_selection
        await pilot.press("shift+left", "shift+left")
        assert app.prompt.has_selection
        assert app.prompt.copy_selection() == "bc"
        assert app.clipboard == "bc"


async def test_up_on_an_empty_prompt_walks_the_history_and_down_comes_back():
    app = Screenful(history=("one", "two\nlines", "/new"))
    async with app.run_test() as pilot:
        seen = []
        for key in ("up", "up", "up", "up", "down", "down", "down", "down"):
            await pilot.press(key)
            seen.append(app.prompt.text)
            if key == "down" and app.prompt.text.startswith("two"):
                await pilot.press("end", "down", "end")
        assert seen[:4] == ["/new", "two\nlines", "one", "one"]
        assert seen[-1] == ""
        assert not app.prompt.is_completing


async def test_typing_ends_the_walk_and_up_is_only_a_cursor_key_then():
    app = Screenful(history=("one", "two"))
    async with app.run_test() as pilot:
        await pilot.press("up", "end", "x", "up")
        assert app.prompt.text == "twox"
        await pilot.press("enter", "up")
        assert app.prompt.text == "two"


async def test_a_slash_lists_commands_and_tab_takes_one():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("slash")
        await pilot.pause()
        assert listed(app) == ["model", "models", "new"]
        await pilot.press("m", "o", "down", "tab")
        assert app.prompt.text == "/models"
        await pilot.press("enter")
        assert app.sent == [("/models", [])]


async def test_enter_on_part_of_a_command_completes_it_and_does_not_run_it():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("slash", "n", "enter")
        assert (app.prompt.text, app.sent) == ("/new", [])
        await pilot.press("enter")
        assert app.sent == [("/new", [])]


async def test_enter_on_a_whole_command_sends_it_though_a_longer_one_is_listed():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press(*words("/model"), "enter")
        assert app.sent == [("/model", [])]


async def test_arguments_are_completed_by_whoever_knows_them():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press(*words("/mo"), "tab")
        assert app.prompt.text == "/model "
        await pilot.press(*words("gpt-4"), "enter")
        assert app.sent == [("/model openai/gpt-4.1", [])]


async def test_an_empty_argument_has_no_favourite():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press(*words("/model "))
        await pilot.pause()
        assert listed(app) == MODELS
        await pilot.press("enter")
        assert app.sent == [("/model ", [])]


async def test_escape_closes_the_list_first_and_it_stays_closed_for_that_word():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("slash", "m")
        await pilot.press("escape")
        assert (listed(app), app.noted) == ([], [])
        await pilot.press("o", "enter")
        assert app.sent == [("/mo", [])]
        await pilot.press("escape")
        assert app.noted == ["escape"]


async def test_a_path_is_no_command_and_is_sent_as_it_is():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press(*words("/usr/bin"), "enter")
        assert app.sent == [("/usr/bin", [])]


async def test_clicking_a_completion_takes_it():
    app = Screenful()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.click(CompletionList, offset=(3, 2))
        await pilot.pause()
        assert app.prompt.text == "/new"
        assert app.query_one(PromptArea).has_focus


async def test_the_list_floats_right_above_the_prompt():
    app = Screenful()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        shown = app.query_one(CompletionList).region
        assert (shown.height, shown.bottom) == (3, app.prompt.region.y)


@pytest.mark.parametrize("theme", ["ansi-dark", "textual-light"])
async def test_the_highlighted_completion_looks_different(theme):
    app = Screenful()
    async with app.run_test(size=(60, 20)) as pilot:
        app.theme = theme
        await pilot.press("slash", "down")
        await pilot.pause()
        region = app.query_one(CompletionList).region
        strips = app.screen._compositor.render_strips()[region.y : region.bottom]
        styles = [list(strip)[1].style for strip in strips]
        assert theme != "ansi-dark" or styles[1].reverse
        looks = [(style.color, style.bgcolor, style.reverse) for style in styles]
        assert looks[0] == looks[2] != looks[1]


async def test_an_at_sign_finds_a_file_and_enter_attaches_it(tmp_path):
    (tmp_path / "notes.md").write_text("one\ntwo\n")
    (tmp_path / ".hidden").write_text("x")
    app = Screenful(tmp_path)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press(*words("see @"))
        await settled(app, pilot)
        assert listed(app) == ["notes.md"]
        await pilot.press("n", "enter")
        await settled(app, pilot)
        assert app.prompt.text == "see "
        assert app.prompt.attachments == (Attachment("text/markdown", b"one\ntwo\n", "notes.md"),)
        assert "notes.md · 2 lines · 8 B ×" in lines(app, app.query_one(ChipRow))[0]


async def test_enter_waits_for_a_file_that_is_still_being_read(tmp_path, monkeypatch):
    (tmp_path / "notes.md").write_text("x")
    may_read = asyncio.Event()

    async def slowly(function, *arguments):
        if function is file_reading._read_at:
            await may_read.wait()
        return function(*arguments)

    monkeypatch.setattr(file_reading.asyncio, "to_thread", slowly)
    app = Screenful(tmp_path)
    async with app.run_test() as pilot:
        await pilot.press(*words("a @no"))
        await pilot.pause()
        await pilot.press("tab", "enter")
        assert app.sent == []
        may_read.set()
        await settled(app, pilot)
        assert app.sent == [("a ", ["notes.md"])]


async def test_a_file_that_cannot_be_attached_is_refused_in_words(tmp_path):
    (tmp_path / "x.bin").write_bytes(b"\0\1")
    app = Screenful(tmp_path)
    async with app.run_test() as pilot:
        await pilot.press("at", "x")
        await settled(app, pilot)
        await pilot.press("tab")
        await settled(app, pilot)
        assert app.noted == [f"'x.bin' is neither UTF-8 text nor {KNOWN}."]
        assert app.prompt.attachments == ()


async def paste(app: Screenful, pilot, text: str) -> None:
    app.query_one(PromptArea).post_message(events.Paste(text))
    await pilot.pause()


async def test_a_small_paste_is_text_and_its_control_characters_are_harmless():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("a")
        await paste(app, pilot, "b\r\nc\rd\x1b[31m\x00\u202e\ud800")
        assert app.prompt.text == "ab\nc\nd␛[31m␀<U+202E>\ufffd"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("x" * 2_001, "pasted text · 1 line · 2.0 KB ×"),
        ("line\r" * 26, "pasted text · 26 lines · 130 B ×"),
        ("x" * 200_000, "pasted text · 1 line · 195.3 KB ×"),
        ("a line of text\n" * 350_000, "pasted text · 350k lines · 5.0 MB ×"),
    ],
)
async def test_a_large_paste_becomes_a_chip(text, label):
    app = Screenful()
    async with app.run_test(size=(60, 20)) as pilot:
        await paste(app, pilot, text)
        assert app.prompt.text == ""
        assert label in lines(app, app.query_one(ChipRow))[0]
        (attachment,) = app.prompt.attachments
        assert attachment.as_text() == text.replace("\r", "\n")


async def test_pastes_have_names_of_their_own():
    app = Screenful()
    async with app.run_test() as pilot:
        await paste(app, pilot, "x" * 3_000)
        await paste(app, pilot, "y" * 3_000)
        await pilot.press("enter")
        assert app.sent == [("", ["pasted text", "pasted text 2"])]


async def test_chips_open_close_and_backspace_removes_the_last():
    app = Screenful()
    async with app.run_test(size=(80, 20)) as pilot:
        for name in ("a", "b", "c"):
            app.prompt.attach(Attachment("text/plain", b"x", name))
        await pilot.pause()
        await pilot.click(ChipRow, offset=(24, 0))
        first_chip = " a · 1 line · 1 B × "
        await pilot.click(ChipRow, offset=(1 + first_chip.index("×"), 0))
        await pilot.press("backspace")
        assert app.noted == ["opened 1"]
        assert [part.name for part in app.prompt.attachments] == ["b"]
        await pilot.press("x", "backspace")
        assert [part.name for part in app.prompt.attachments] == ["b"]


async def test_queued_messages_are_chips_that_can_be_taken_back():
    app = Screenful()
    async with app.run_test(size=(80, 20)) as pilot:
        app.prompt.show_queued(["and then\nwhat", "second"])
        await pilot.pause()
        assert "queued: and then what ×" in lines(app, app.query_one(ChipRow))[0]
        await pilot.click(ChipRow, offset=(4, 0))
        await pilot.press("backspace")
        assert app.noted == ["taken back 0", "taken back 1"]
        app.prompt.show_queued([])
        await pilot.pause()
        assert app.query_one(ChipRow).size.height == 0


async def test_the_banner_says_what_is_being_edited():
    app = Screenful()
    async with app.run_test(size=(60, 20)) as pilot:
        app.prompt.editing = "editing message 2/3 [bold · Esc to leave"
        await pilot.pause()
        assert lines(app, app.prompt)[0] == " editing message 2/3 [bold · Esc to leave"
        app.prompt.editing = None
        await pilot.pause()
        assert "editing" not in "".join(lines(app, app.prompt))


async def test_a_draft_is_loaded_with_its_cursor_at_the_end():
    app = Screenful()
    async with app.run_test() as pilot:
        app.prompt.load("two\nlines\x1b", [Attachment("text/plain", b"x", "a")])
        await pilot.press("!")
        assert app.prompt.text == "two\nlines␛!"
        assert app.prompt.has_draft
        app.prompt.clear()
        assert not app.prompt.has_draft


@pytest.mark.parametrize("text", ["line\n" * 20_000, "x" * 200_000])
async def test_a_draft_too_long_to_edit_becomes_an_attachment(text):
    app = Screenful()
    async with app.run_test():
        app.prompt.load(text)
        assert app.prompt.text == ""
        assert app.prompt.attachments[0].as_text() == text


async def test_every_change_of_the_draft_is_told():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.pause()
        before = app.drafts
        await pilot.press("a")
        typed = app.drafts
        app.prompt.attach(Attachment("text/plain", b"x", "a"))
        await pilot.pause()
        attached = app.drafts
        await pilot.press("enter")
        await pilot.pause()
        assert before < typed < attached < app.drafts


async def test_the_editor_gets_the_text_and_gives_it_back(monkeypatch):
    async def edited(widget, text):
        return text + " and more"

    monkeypatch.setattr(prompt_module, "edit_outside", edited)
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("a")
        await app.prompt.edit_outside()
        assert app.prompt.text == "a and more"


async def test_without_a_terminal_to_hand_over_the_editor_is_refused_in_words():
    app = Screenful()
    async with app.run_test() as pilot:
        await pilot.press("a")
        await app.prompt.edit_outside()
        await pilot.pause()
        assert app.noted == ["This terminal cannot be handed to another program."]
        assert app.prompt.text == "a"


def test_the_editor_is_visual_before_editor_and_may_have_arguments():
    assert editor_command({"VISUAL": "code --wait", "EDITOR": "nano"}) == ["code", "--wait"]
    assert editor_command({"EDITOR": "nano"}) == ["nano"]
    assert editor_command({"VISUAL": " "}) == ["vi"]
    with pytest.raises(ProgramFailed, match="is not a command"):
        editor_command({"EDITOR": "'open"})


@pytest.mark.parametrize("size", [(20, 5), (5, 2), (1, 1)])
async def test_nothing_breaks_on_a_tiny_terminal(size):
    app = Screenful()
    async with app.run_test(size=size) as pilot:
        app.prompt.attach(Attachment("text/plain", b"x", "name"))
        app.prompt.editing = "editing"
        await pilot.press("slash", "m", "down", "ctrl+j", "x", "enter")
        await pilot.pause()
        assert app.sent == [("/m\nx", ["name"])]


async def test_on_five_lines_the_text_being_typed_is_in_view():
    app = Screenful()
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.press("h", "i")
        await pilot.pause()
        assert lines(app, app.prompt) == [" > hi"]


async def test_only_the_keys_it_is_given_break_the_line():
    app = Screenful()
    async with app.run_test() as pilot:
        app.prompt.break_line_with(["f9"])
        await pilot.press("a", "f9", "b", "ctrl+j")
        assert app.prompt.text == "a\nb"

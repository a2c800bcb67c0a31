"""Two branches side by side, driven by keys."""

import asyncio

import pytest
from textual.events import MouseScrollDown

from conduit_tui.core.start import Start
from conduit_tui.providers.scripted import reply
from conduit_tui.tui.screens.compare import CompareScreen
from conduit_tui.tui.widgets.compare_side import CompareSide
from tests.conftest import stalling
from tests.tui.stage import Chat, Stage
from tests.tui.widgets.building import Growing

WIDE = (120, 30)


class Compared:
    """The screen of a comparison, side by side."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        assert isinstance(chat.app.screen, CompareScreen)
        self.screen = chat.app.screen
        self.sides = (
            self.screen.query_one("#left", CompareSide),
            self.screen.query_one("#right", CompareSide),
        )

    def text(self, side: int) -> str:
        return "\n".join(self.chat.lines(self.sides[side]))

    def first(self, side: int) -> str:
        """The first row of the messages of a side, without its scroll bar."""
        return self.chat.lines(self.sides[side].messages)[0].strip(" ▁▂▃▄▅▆▇█")

    async def shows(self, left: str, right: str) -> None:
        await self.chat.until(lambda: left in self.text(0) and right in self.text(1))

    def chosen(self) -> int:
        marks = ["●" in self.text(side).split("\n")[0] for side in (0, 1)]
        assert sum(marks) == 1
        return marks.index(True)

    def lit(self, side: int) -> list[str]:
        """The words that are set off by their background."""
        style = self.sides[side].messages
        found = [
            segment.text
            for strip in style._lines
            for segment in strip
            if segment.style
            and segment.style.bgcolor != style._painter._ground.plain.bgcolor
            and segment.text.strip()
        ]
        return [each.strip() for each in found]


async def ask_again(chat: Chat) -> None:
    before = len(chat.session)
    await chat.press("r")
    await chat.until(lambda: len(chat.session) > before and not chat.is_running())


async def compare(chat: Chat, *keys: str) -> Compared:
    await chat.press(*(keys or ("=",)))
    await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
    await chat.pilot.pause()
    return Compared(chat)


async def three_answers(stage: Stage, chat: Chat) -> None:
    await chat.ask("hi")
    await chat.press("escape")
    await ask_again(chat)
    await ask_again(chat)


@pytest.fixture
def answering(stage: Stage) -> Stage:
    stage.answers("hi", *map(reply, ("one answer", "two answers", "three answers")))
    return stage


async def test_equals_shows_a_message_beside_the_sibling_before_it(answering: Stage):
    async with answering.open(size=WIDE) as chat:
        await three_answers(answering, chat)
        shown = await compare(chat)
        await shown.shows("two answers", "three answers")
        await shown.shows("2/3", "3/3")
        assert shown.chosen() == 1
        assert 'below "hi"' in chat.text()


async def test_escape_leaves_all_as_it_was(answering: Stage):
    async with answering.open(size=WIDE) as chat:
        await three_answers(answering, chat)
        leaf = chat.session.leaf_id
        await compare(chat)
        await chat.press("h", "tab", "escape")
        await chat.until(lambda: chat.app.screen is chat.screen)
        assert chat.session.leaf_id == leaf
        assert chat.screen.mode == "normal"


async def test_enter_continues_from_the_chosen_side(answering: Stage):
    async with answering.open(size=WIDE) as chat:
        await three_answers(answering, chat)
        await compare(chat)
        await chat.press("tab", "enter")
        await chat.until(lambda: chat.path() == ["hi", "two answers"])
        await chat.until(lambda: chat.screen.mode == "insert")
        await chat.write("go on")
        assert chat.screen.prompt.text == "go on"


async def test_h_and_l_go_through_the_siblings_of_the_chosen_side(answering: Stage):
    async with answering.open(size=WIDE) as chat:
        await three_answers(answering, chat)
        shown = await compare(chat)
        await chat.press("h")
        await shown.shows("two answers", "one answer")
        await chat.press("h", "l")
        await shown.shows("two answers", "three answers")
        await chat.press("left", "[")
        await shown.shows("one answer", "three answers")
        assert shown.chosen() == 0


async def test_without_a_fork_it_says_how_to_make_one(stage: Stage):
    async with stage.open(size=WIDE) as chat:
        await chat.press("escape", "=")
        await chat.is_told("this session is empty")
        await chat.press("i")
        await chat.ask("hi")
        await chat.press("escape", "=")
        await chat.is_told("r asks again, e edits")


async def test_branches_are_compared_from_the_fork_above(stage: Stage):
    async with stage.open(size=WIDE) as chat:
        await chat.ask("a")
        await chat.ask("b")
        await chat.press("escape", "g", "g", "e")
        await chat.ask("2")
        await chat.press("escape")
        shown = await compare(chat)  # on the answer, which has no sibling: its question has
        await shown.shows("Re: b", "Re: a2")
        assert "you" in shown.text(0)
        await chat.press("left", "enter")
        await chat.until(lambda: chat.path() == ["a", "Re: a", "b", "Re: b"])


async def test_both_scroll_together_and_messages_begin_together(stage: Stage):
    long = "\n\n".join(f"left {n}" for n in range(40))
    stage.answers("hi", reply(long), reply("short"))
    stage.answers("next", reply("below the long"))
    stage.answers("more", reply("below the short\n\n" + long.replace("left", "right")))
    async with stage.open(size=WIDE) as chat:
        await chat.ask("hi")
        await chat.ask("next")
        await chat.press("escape", "k", "k", "k", "k", "k", "k", "G", "k", "k", "r")
        await chat.until(lambda: len(chat.session) == 5 and not chat.is_running())
        await chat.press("i")
        await chat.ask("more")
        await chat.press("escape")
        shown = await compare(chat)
        assert (shown.first(0)[2:7], shown.first(1)[2:7]) == ("guide", "guide")
        await chat.press("j", "j", "j")
        assert "left 1" in shown.first(0)
        assert shown.first(1) == "", "the short one waits at its end"
        await chat.press(*"j" * 79)
        await chat.until(lambda: "below the long" in shown.text(0))
        assert "below the short" in shown.text(1)
        await chat.press("g")
        assert (shown.first(0)[2:7], shown.first(1)[2:7]) == ("guide", "guide")
        await chat.press("pagedown")
        after = shown.first(0)
        await chat.press("pageup")
        assert shown.first(0) != after
        assert shown.first(1)[2:7] == "guide"
        await chat.press("G")
        assert "right 39" in shown.text(1)
        before = shown.first(1)
        await chat.press("j", "pagedown", "k")
        assert shown.first(1) != before, "no key is swallowed at the end"


async def test_the_wheel_scrolls_both(stage: Stage):
    texts = ["\n\n".join(f"{side} {n}" for n in range(40)) for side in ("left", "right")]
    stage.answers("hi", *map(reply, texts))
    async with stage.open(size=WIDE) as chat:
        await chat.ask("hi")
        await chat.press("escape")
        await ask_again(chat)
        shown = await compare(chat)
        wheel = [MouseScrollDown]
        await chat.pilot._post_mouse_events(wheel, shown.sides[1].messages, (5, 5))
        await chat.until(lambda: "left 1" in shown.first(0) and "right 1" in shown.first(1))


async def test_words_that_differ_are_lit_until_w(stage: Stage):
    stage.answers("hi", reply("the quick brown fox jumps"), reply("the quick red fox jumps"))
    async with stage.open(size=WIDE) as chat:
        await chat.ask("hi")
        await chat.press("escape")
        await ask_again(chat)
        shown = await compare(chat)
        assert (shown.lit(0), shown.lit(1)) == (["brown"], ["red"])
        await chat.press("w")
        assert (shown.lit(0), shown.lit(1)) == ([], [])
        assert "words not lit" in chat.text()
        await chat.press("w")
        assert shown.lit(0) == ["brown"]


async def test_a_reply_that_streams_grows_beside_the_other(stage: Stage):
    more = asyncio.Event()
    stage.answers("hi", reply("done"), ["first ", more, *reply("second")])
    async with stage.open(size=WIDE) as chat:
        await chat.ask("hi")
        await chat.press("escape", "r")
        await chat.sees("first")
        shown = await compare(chat)
        await shown.shows("done", "first")
        more.set()
        await shown.shows("done", "first second")
        await chat.until(lambda: not chat.is_running())
        await shown.shows("1/2", "2/2")
        await chat.press("enter")
        await chat.until(lambda: chat.path() == ["hi", "first second"])


async def test_a_reply_may_be_called_off_while_it_is_compared(stage: Stage):
    stage.answers(
        "hi", reply("done"), stalling(asyncio.Event(), ""), stalling(asyncio.Event(), "a")
    )
    async with stage.open(size=WIDE) as chat:
        await chat.ask("hi")
        await chat.press("escape")
        for _ in range(2):
            await chat.press("r")
            await chat.until(lambda: chat.screen.live.of_session(chat.session.id))
            await compare(chat)
            for turn in list(chat.controller.running()):
                await chat.controller.cancel(turn.id)
            await chat.until(lambda: not chat.is_running())
            await chat.press("h", "l", "j", "tab", "escape")
            await chat.until(lambda: chat.app.screen is chat.screen)


async def test_addresses_name_the_two(answering: Stage):
    async with answering.open(size=WIDE) as chat:
        await three_answers(answering, chat)
        await chat.press("i")
        await chat.run("/compare @^1 @^2")
        await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
        await Compared(chat).shows("one answer", "two answers")
        await chat.press("escape")
        await chat.run("/compare :/one :/three answers")
        await chat.until(lambda: isinstance(chat.app.screen, CompareScreen))
        await Compared(chat).shows("one answer", "three answers")


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("nope", "'nope'"),
        ("@ @ @", "at most two"),
        ("@ @^3", "the same message"),
        ("@^7", "are ^1 to ^3"),
        ("[bold", "[bold"),
    ],
)
async def test_a_wrong_address_is_told(answering: Stage, argument: str, words: str):
    async with answering.open(size=WIDE) as chat:
        await three_answers(answering, chat)
        await chat.press("i")
        await chat.run(f"/compare {argument}")
        await chat.is_told(words)


async def test_from_the_tree_it_is_the_message_under_its_cursor(answering: Stage):
    async with answering.open(size=WIDE) as chat:
        await three_answers(answering, chat)
        await chat.press("T", "g", "j")
        shown = await compare(chat)
        await shown.shows("one answer", "two answers")
        await chat.press("escape")
        await chat.until(lambda: chat.app.screen is chat.screen)
        assert chat.screen.exploring.is_open
        await compare(chat)
        await chat.press("enter")
        await chat.until(lambda: chat.path() == ["hi", "one answer"])
        await chat.until(lambda: not chat.screen.exploring.is_open)
        assert chat.screen.mode == "insert"


async def test_a_click_chooses_a_side(answering: Stage):
    async with answering.open(size=WIDE) as chat:
        await three_answers(answering, chat)
        shown = await compare(chat)
        await chat.pilot.click("#left CompareMessages", offset=(4, 3))
        await chat.until(lambda: shown.chosen() == 0)
        await chat.pilot.click("#right CompareHead", offset=(4, 0), times=2)
        await chat.until(lambda: chat.app.screen is chat.screen)
        assert chat.path() == ["hi", "three answers"]


@pytest.mark.parametrize("size", [(79, 24), (40, 10), (20, 5), (3, 2)])
async def test_narrow_terminals_have_one_above_the_other(answering: Stage, size: tuple[int, int]):
    async with answering.open(size=WIDE) as chat:
        await three_answers(answering, chat)
        shown = await compare(chat)
        await chat.pilot.resize_terminal(*size)
        left, right = shown.sides
        await chat.until(lambda: left.region.x == right.region.x)
        await chat.press("j", "G", "g", "h", "l", "w", "tab", "escape")
        await chat.until(lambda: chat.app.screen is chat.screen)


async def test_hostile_words_are_shown_and_not_obeyed(stage: Stage):
    evil = "x\x1b[2J [bold [/] [link=y] \u202e日本語"
    growing = Growing().add("q", None, "user", evil)
    growing.add("a", "q", "assistant", evil, model=evil)
    growing.add("b", "q", "assistant", evil + " more", model=evil + "2")
    growing.session.visit("b")
    await stage.keep(growing.session, last=growing.session)
    async with stage.open(Start(continue_last=True), size=WIDE) as chat:
        await chat.press("escape")
        await compare(chat)
        assert "\x1b" not in chat.text()
        assert "[bold [/]" in chat.text()
        await chat.press("escape", "T")
        await chat.until(lambda: "re: " in chat.text())
        assert "\x1b" not in chat.text()

"""Notices make room for what comes after them."""

from conduit_tui.tui.notices import UNREAD_SECONDS, Notices
from tests.tui.stage import Chat, Stage


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def first_row(chat: Chat) -> str:
    return chat.text().splitlines()[0]


async def test_the_next_line_takes_away_what_was_read_before_it(stage: Stage):
    async with stage.open() as chat:
        clock = Clock()
        chat.screen.notices = Notices(chat.screen, clock)
        await chat.run("/cost")
        await chat.until(lambda: any("This session" in each for each in chat.notices()))
        clock.seconds += UNREAD_SECONDS
        await chat.run("/schema")
        await chat.until(lambda: any("No schema" in each for each in chat.notices()))
        assert len(chat.notices()) == 1


async def test_every_notice_stands_in_the_first_row_however_many_went_before(stage: Stage):
    async with stage.open() as chat:
        clock = Clock()
        chat.screen.notices = Notices(chat.screen, clock)
        for number in range(12):
            clock.seconds += UNREAD_SECONDS
            chat.screen.notices.go_on()
            await chat.until(lambda: chat.notices() == [])
            chat.screen.notices.say(f"notice {number}")
            await chat.until(lambda number=number: f"notice {number}" in first_row(chat))


async def test_a_notice_that_nobody_can_have_read_stays(stage: Stage):
    async with stage.open() as chat:
        clock = Clock()
        chat.screen.notices = Notices(chat.screen, clock)
        chat.screen.notices.say("just now")
        await chat.until(lambda: chat.notices() == ["just now"])
        clock.seconds += UNREAD_SECONDS / 2
        await chat.run("/schema")
        await chat.until(lambda: len(chat.notices()) == 2)
        assert "just now" in chat.notices()


async def test_of_many_mistakes_at_the_start_the_first_are_told(stage: Stage):
    async with stage.open() as chat:
        chat.screen.notices.say_of_start([f"mistake {number}" for number in range(3)])
        await chat.until(lambda: len(chat.notices()) == 3)
        chat.app.clear_notifications()
        chat.screen.notices.say_of_start([f"mistake {number}" for number in range(9)])
        await chat.until(lambda: len(chat.notices()) == 3)
        assert chat.notices()[:2] == ["mistake 0", "mistake 1"]
        assert chat.notices()[2].startswith("7 more like these")

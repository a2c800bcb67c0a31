"""The usage screen: groups and periods by keys, and a store that fails."""

from datetime import UTC, datetime
from decimal import Decimal

from conduit_tui.core.errors import StorageError
from conduit_tui.core.since import days_ago
from conduit_tui.core.spending import Account, Grouping, Spending, SpendingRow
from conduit_tui.core.usage import Usage
from conduit_tui.tui.screens.usage import UsageScreen
from tests.tui.screens.opening import open_screen

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


class Books:
    """Answers with one row that says what was asked for."""

    def __init__(self, fails: bool = False) -> None:
        self.asked: list[tuple[Grouping, datetime | None]] = []
        self.fails = fails

    async def account(self, by: Grouping, since: datetime | None) -> Account:
        self.asked.append((by, since))
        if self.fails:
            raise StorageError("The disk [bold is gone.")
        spending = Spending(3, Usage(1_200_000, 34_000), Decimal("1.25"))
        return Account(by, (SpendingRow("k", f"a {by}", spending, Spending()),))


async def test_it_opens_with_models_ever_and_their_sum() -> None:
    books = Books()
    async with open_screen(UsageScreen(books.account, lambda: NOW)) as (app, pilot):
        await pilot.pause()
        assert books.asked == [("model", None)]
        assert "a model" in app.text()
        assert "█" in app.text()
        assert "1.2M in  34k out  $1.25" in app.text()
        assert "3 replies, 1.2M in, 34k out · $1.25" in app.text()


async def test_tab_and_letters_change_the_groups() -> None:
    books = Books()
    async with open_screen(UsageScreen(books.account, lambda: NOW)) as (app, pilot):
        await pilot.press("tab", "tab", "shift+tab", "s", "p", "h", "d", "m", "shift+tab")
        await pilot.pause()
        asked = [by for by, _ in books.asked]
        assert asked[-1] == "provider"
        assert set(asked) <= {"provider", "model", "day", "host", "session"}
        assert "a provider" in app.text()
        await pilot.press("s", "tab")
        await pilot.pause()
        assert "a provider" in app.text()  # round and round


async def test_arrows_change_the_period() -> None:
    books = Books()
    async with open_screen(UsageScreen(books.account, lambda: NOW)) as (_, pilot):
        for _ in range(4):
            await pilot.press("right")
            await pilot.pause()
        await pilot.press("left")
        await pilot.pause()
        days = [None, 0, 6, 29, None, 29]
        assert [since for _, since in books.asked] == [
            None if each is None else days_ago(each, NOW) for each in days
        ]


async def test_a_store_that_fails_is_told_in_words() -> None:
    books = Books(fails=True)
    async with open_screen(UsageScreen(books.account, lambda: NOW)) as (app, pilot):
        await pilot.pause()
        assert "The disk [bold is gone." in app.text()
        books.fails = False
        await pilot.press("d")
        await pilot.pause()
        assert "a day" in app.text()

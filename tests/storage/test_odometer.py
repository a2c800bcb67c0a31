"""The odometer: every reply once, in exact sums, by any group and since any time."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.core.spending import GROUPINGS, Account, Grouping, Spending
from conduit_tui.core.usage import Usage
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW, message

HOSTS = {"openai": "api.openai.com", "office": "127.0.0.1:1234"}


def answer(
    name: str, provider: str | None = "openai", model: str = "m", **fields: object
) -> Message:
    fields.setdefault("usage", Usage(10, 5))
    return message(name, role="assistant", provider=provider, model=model, **fields)


@pytest.fixture
async def counted(database: Database) -> SessionStore:
    store = SessionStore(database, HOSTS)
    await store.create(Session("s", title="Raft"), NOW)
    return store


def sums(account: Account) -> dict[str, tuple[int, int]]:
    """Replies and tokens by label, in order."""
    return {row.label: (row.total.replies, row.total.usage.total_tokens) for row in account.rows}


async def test_groups_begin_with_the_one_that_used_most(counted: SessionStore) -> None:
    await counted.commit(answer("a"))
    await counted.commit(answer("b", "office", "q", usage=Usage(100, 50)))
    await counted.commit(answer("c", model="n"))
    assert sums(await counted.account("provider")) == {"office": (1, 150), "openai": (2, 30)}
    by_model = {"office/q": (1, 150), "openai/m": (1, 15), "openai/n": (1, 15)}
    assert sums(await counted.account("model")) == by_model
    hosts = {"127.0.0.1:1234": (1, 150), "api.openai.com": (2, 30)}
    assert sums(await counted.account("host")) == hosts
    assert sums(await counted.account("session")) == {"Raft": (3, 180)}


async def test_money_adds_up_exactly(counted: SessionStore) -> None:
    for number in range(10):
        await counted.commit(answer(f"m{number}", cost_usd=Decimal("0.1")))
    await counted.commit(answer("last", cost_usd=Decimal("0.000000000000000001")))
    total = (await counted.account("model")).total
    assert total.cost_usd == Decimal("1.000000000000000001")


async def test_recorded_and_estimated_stay_apart(counted: SessionStore) -> None:
    await counted.commit(answer("a", cost_usd=Decimal(1)))
    await counted.commit(answer("b", usage=Usage(1, 1, 0, 0, 0, is_estimated=True)))
    (row,) = (await counted.account("model")).rows
    assert row.recorded == Spending(1, Usage(10, 5), Decimal(1), 0)
    assert row.estimated == Spending(1, Usage(1, 1, is_estimated=True), Decimal(0), 1)
    assert row.total.usage.is_estimated


async def test_all_counts_are_kept(counted: SessionStore) -> None:
    await counted.commit(answer("a", usage=Usage(100, 50, 20, 10, 5)))
    await counted.commit(answer("b", usage=Usage(100, 50, 20, 10, 5)))
    assert (await counted.account("day")).recorded.usage == Usage(200, 100, 40, 20, 10)


async def test_what_was_given_again_used_nothing(counted: SessionStore) -> None:
    await counted.commit(answer("a", provider_data={"replay_of": NOW.isoformat()}))
    assert (await counted.account("model")).rows == ()


async def test_a_message_counts_once(counted: SessionStore) -> None:
    await counted.commit(answer("a"))
    await counted.commit(answer("a"))
    assert sums(await counted.account("provider")) == {"openai": (1, 15)}


async def test_an_interrupted_reply_counts_too(counted: SessionStore) -> None:
    await counted.commit(answer("a", status="interrupted"))
    assert (await counted.account("provider")).total.replies == 1


async def test_erased_sessions_stay_counted_without_their_title(counted: SessionStore) -> None:
    await counted.commit(answer("a"))
    await counted.erase("s")
    assert sums(await counted.account("session")) == {"(erased)": (1, 15)}


async def test_a_session_without_a_title_is_not_an_erased_one(counted: SessionStore) -> None:
    await counted.set_title("s", "", manual=True)
    await counted.commit(answer("a"))
    assert sums(await counted.account("session")) == {"(no title)": (1, 15)}


async def test_what_is_not_known_is_called_so(counted: SessionStore) -> None:
    await counted.commit(answer("a", "elsewhere"))
    assert sums(await counted.account("host")) == {"unknown": (1, 15)}
    await counted.commit(answer("b", None))
    assert set(sums(await counted.account("provider"))) == {"elsewhere", "unknown"}


async def test_what_is_not_known_in_two_ways_is_added_up(database: Database) -> None:
    store = SessionStore(database, {"openai": ""})
    await store.create(Session("s"), NOW)
    await store.commit(answer("a"))
    await store.commit(answer("b", "gone"))
    assert sums(await store.account("host")) == {"unknown": (2, 30)}


async def test_only_what_came_since_then_is_counted(counted: SessionStore) -> None:
    await counted.commit(answer("old", created_at=NOW - timedelta(days=2)))
    await counted.commit(answer("new"))
    assert (await counted.account("model", NOW)).total.replies == 1
    assert (await counted.account("model", NOW + timedelta(seconds=1))).total.replies == 0
    elsewhere = NOW.astimezone(None)
    assert (await counted.account("model", elsewhere)).total.replies == 1


@pytest.fixture
def kiritimati(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place where the day begins 14 hours before it does in Greenwich."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("kiritimati")
async def test_days_are_those_of_this_machine_newest_first(counted: SessionStore) -> None:
    await counted.commit(answer("a", created_at=datetime(2026, 3, 1, 9, 59, tzinfo=UTC)))
    await counted.commit(answer("b", created_at=datetime(2026, 3, 1, 10, 1, tzinfo=UTC)))
    assert list(sums(await counted.account("day"))) == ["2026-03-02", "2026-03-01"]


@pytest.mark.parametrize("by", GROUPINGS)
async def test_every_grouping_of_nothing_is_empty(counted: SessionStore, by: Grouping) -> None:
    account = await counted.account(by)
    assert (account.by, account.rows, account.total) == (by, (), Spending())


replies = st.tuples(
    st.sampled_from(["openai", "office"]),
    st.integers(0, 1000),
    st.booleans(),
    st.none() | st.decimals(0, 10, places=8),
)


@given(st.lists(replies, max_size=12))
async def test_every_grouping_has_the_same_total(given_replies) -> None:
    database = await Database.in_memory()
    try:
        store = SessionStore(database)
        await store.create(Session("s"), NOW)
        for at, (provider, tokens, is_estimated, cost) in enumerate(given_replies):
            usage = Usage(tokens, 1, is_estimated=is_estimated)
            await store.commit(answer(f"m{at}", provider, usage=usage, cost_usd=cost))
        accounts = [await store.account(by) for by in GROUPINGS]
    finally:
        await database.aclose()
    known = [cost for *_, cost in given_replies if cost is not None]
    for account in accounts:
        assert account.total.cost_usd == sum(known, Decimal(0))
        assert account.total.unpriced == len(given_replies) - len(known)
        assert account.total.usage == accounts[0].total.usage

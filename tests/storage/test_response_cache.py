"""Kept replies on a real file: found again, replaced, bounded, wiped, and never trusted."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from conduit_tui.core.events import (
    AttachmentReceived,
    GenerationStopped,
    TextDelta,
    UnknownReceived,
    UsageReported,
)
from conduit_tui.core.json import Json
from conduit_tui.core.kept_reply import KeptReplies, KeptReply
from conduit_tui.core.message import Attachment, Unknown
from conduit_tui.core.session import Session
from conduit_tui.core.usage import Usage
from conduit_tui.storage.database import Database
from conduit_tui.storage.response_cache import ResponseCache
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW

END = GenerationStopped("end_turn")


def kept(text: str = "hi", *, minutes: int = 0) -> KeptReply:
    at = NOW + timedelta(minutes=minutes)
    return KeptReply("demo", "guide", at, (TextDelta(text), END))


@pytest.fixture
def cache(database: Database) -> ResponseCache:
    return ResponseCache(database)


async def test_a_reply_comes_back_as_it_was_with_bytes_and_odd_text(cache: ResponseCache) -> None:
    events = (
        TextDelta('ünï "x" \x00'),
        AttachmentReceived(Attachment("image/png", b"\x89\x00", "a.png")),
        UsageReported(Usage(1, 2)),
        END,
    )
    reply = KeptReply("demo", "guide", NOW, events)
    await cache.save("k", reply)
    assert await cache.load("k") == reply
    assert await cache.load("other") is None


async def test_a_later_reply_takes_the_place_of_an_earlier_one(cache: ResponseCache) -> None:
    await cache.save("k", kept("one"))
    await cache.load("k")
    await cache.save("k", kept("two", minutes=1))
    assert await cache.load("k") == kept("two", minutes=1)
    assert (await cache.counts()).count == 1


async def test_replies_hits_and_bytes_are_counted(cache: ResponseCache) -> None:
    assert await cache.counts() == KeptReplies()
    await cache.save("a", kept("é" * 100))
    await cache.save("b", kept())
    for _ in range(3):
        await cache.load("a")
    counts = await cache.counts()
    assert (counts.count, counts.hits) == (2, 3)
    assert 300 < counts.size_bytes < 500


async def test_beyond_the_bound_the_oldest_go(database: Database) -> None:
    cache = ResponseCache(database, most_bytes=5_000)
    for number in range(10):
        await cache.save(str(number), kept("x" * 1_000, minutes=number))
    found = [number for number in range(10) if await cache.load(str(number))]
    assert found == [6, 7, 8, 9]
    assert (await cache.counts()).size_bytes <= 5_000


async def test_one_reply_beyond_the_bound_is_not_kept_and_takes_no_other_along(
    database: Database,
) -> None:
    cache = ResponseCache(database, most_bytes=5_000)
    await cache.save("small", kept())
    await cache.save("large", kept("x" * 6_000, minutes=1))
    assert await cache.load("small") == kept()
    assert await cache.load("large") is None


@pytest.mark.parametrize(
    "spoil",
    [
        "events = 'no JSON'",
        "events = '[]'",
        'events = \'[{"kind":"text","text":"half"}]\'',
        'events = \'[{"kind":"text"}]\'',
        "events = CAST(x'ff80' AS TEXT)",
        "recorded_at = 'yesterday'",
        "recorded_at = '2026-11-22T12:00:00'",
        "recorded_at = 7",
    ],
)
async def test_a_row_that_cannot_be_read_is_removed_and_is_none(
    cache: ResponseCache, database: Database, spoil: str
) -> None:
    await cache.save("k", kept())
    await database.write(lambda sql: sql.run(f"UPDATE cached_replies SET {spoil}"))
    assert await cache.load("k") is None
    assert (await cache.counts()).count == 0


async def test_a_reply_that_cannot_be_written_down_is_not_kept(cache: ResponseCache) -> None:
    deep: Json = "x"
    for _ in range(5_000):
        deep = [deep]
    await cache.save("k", KeptReply("demo", "guide", NOW, (UnknownReceived(Unknown(deep)), END)))
    assert await cache.load("k") is None


async def test_wiping_leaves_no_words_in_the_file(
    cache: ResponseCache, database: Database, path: Path
) -> None:
    await cache.save("k", kept("unforgettable"))
    await cache.wipe()
    assert await cache.counts() == KeptReplies()
    files = path.parent.glob("conduit.db*")
    assert all(b"unforgettable" not in file.read_bytes() for file in files)


async def test_erasing_a_session_takes_kept_replies_along(
    cache: ResponseCache, database: Database, path: Path
) -> None:
    store = SessionStore(database)
    await store.create(Session("s"), NOW)
    await cache.save("k", kept("unforgettable"))
    await store.erase("s")
    assert await cache.load("k") is None
    files = path.parent.glob("conduit.db*")
    assert all(b"unforgettable" not in file.read_bytes() for file in files)


async def test_two_programs_may_keep_the_same_reply(database: Database, path: Path) -> None:
    other = await Database.open(path)
    try:
        caches = (ResponseCache(database), ResponseCache(other))
        await asyncio.gather(*(each.save("k", kept()) for each in caches))
        assert [await each.load("k") for each in caches] == [kept(), kept()]
        assert (await caches[0].counts()).count == 1
    finally:
        await other.aclose()

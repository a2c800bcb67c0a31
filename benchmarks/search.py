"""A million messages: to index them once, and from a key to what it found, as one types.

`CONDUIT_BENCH_MESSAGES=50000` makes it a smaller history, for a quick look.
"""

import asyncio
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from conduit_tui.controller.searching import Searching
from conduit_tui.core.query import parse_query
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.fields import encode_time
from conduit_tui.storage.schema import MIGRATIONS
from conduit_tui.storage.sessions import SessionStore

Row = tuple[str, str, str, bool]

MESSAGES = int(os.environ.get("CONDUIT_BENCH_MESSAGES", "1000000"))
IN_A_SESSION = 100
BEFORE_SEARCH = 3
"""The last schema without an index."""

FIRST_BAR_MS, BLOCKED_BAR_MS, INTERRUPT_BAR_MS = 50.0, 50.0, 50.0
INDEX_BAR_SECONDS = 180.0
ROUNDS = 3

COMMON = (
    *("the", "of", "and", "to", "in", "is", "that", "for", "with", "this", "which", "because"),
    *("there", "about", "would", "what", "from", "have", "don't", "answer", "example", "function"),
)
RARE = ("raft", "quorum", "zephyr", "interrogation", "thermocline", "leader", "election")
CHINESE = "数据库的索引可以让查询更快但是会占用更多的空间请解释一下东京大阪机器学习模型训练"

TYPED = (
    "because",
    "the function",
    "leader election",
    "interrogation",
    "don't",
    "c++",
    "role:assistant that raft",
)
AT_ONCE = {
    "two letters": ("th", "in", "qu", "zy"),
    "common words": ("because", "about would", "function that"),
    "rare words": ("raft", "thermocline", "quorum because", "quorum zephyr"),
    "Chinese": ("数据库", "东京", "的", "机器学习"),
    "c++, don't and 🎉": ("c++", "c#", "don't", "🎉"),
    "filters alone": (
        "role:user",
        "model:gpt",
        "status:error",
        "before:7d",
        "starred",
        "session:99",
    ),
    "words in no message": ("xylophonist", "thermoplastic", "数学家", "f++"),
}


def measure() -> list[Row]:
    """Return rows of measure, figure, bar, and whether the bar is met."""
    return asyncio.run(_measure())


async def _measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "conduit.db"
        await _fill(path, _old_schema(Path(folder) / "migrations"))
        began = time.perf_counter()
        database = await Database.open(path)
        taken = time.perf_counter() - began
        try:
            return [_indexing(taken), *await _searching(database)]
        finally:
            await database.aclose()


def _indexing(seconds: float) -> Row:
    return (
        f"to copy and index a history of {MESSAGES:,} messages, once",
        f"{seconds:.0f} s",
        f"{INDEX_BAR_SECONDS:.0f} s",
        seconds <= INDEX_BAR_SECONDS,
    )


async def _searching(database: Database) -> list[Row]:
    searching = Searching(SessionStore(database))
    plain_ms = await _plain_ms(database)
    rows: list[Row] = []
    async with _lags() as lags:
        typed: list[float] = []
        interrupted: list[float] = []
        for _ in range(ROUNDS):
            for text in TYPED:
                await _type(searching, text, typed, interrupted)
        rows.append(_first(f"typed letter by letter ({len(typed)} keys)", typed, plain_ms))
        for what, texts in AT_ONCE.items():
            taken = [await _first_ms(searching, text) for text in texts * ROUNDS]
            rows.append(_first(what, taken, plain_ms))
    rows.append(_worst("cancel to the end of a running search", interrupted, INTERRUPT_BAR_MS))
    rows.append(_worst("key kept waiting while searches run", lags, BLOCKED_BAR_MS))
    return rows


def _first(what: str, taken: list[float], plain_ms: float) -> Row:
    p95 = _p95(taken)
    return (
        f"search of {MESSAGES:,} messages, to the first list, p95: {what}",
        f"{p95:.0f} ms (longest {max(taken):.0f} ms; {p95 / plain_ms:.3f}x of LIKE)",
        f"{FIRST_BAR_MS:.0f} ms",
        p95 < FIRST_BAR_MS,
    )


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20, method="inclusive")[18]


def _worst(what: str, taken: list[float], bar_ms: float) -> Row:
    p95 = _p95(taken)
    return (
        what,
        f"p95 {p95:.1f} ms, longest {max(taken):.0f} ms",
        f"{bar_ms:.0f} ms",
        p95 < bar_ms,
    )


async def _plain_ms(database: Database) -> float:
    """What the same costs without an index: the newest 200 that have a rare word."""

    def scan(sql: Sql) -> None:
        sql.execute(
            "SELECT seq FROM messages WHERE text LIKE '%thermoplastic%' ORDER BY seq DESC LIMIT 200"
        ).fetchall()

    began = time.perf_counter()
    await database.read(scan)
    return (time.perf_counter() - began) * 1000


async def _type(
    searching: Searching, text: str, taken: list[float], interrupted: list[float]
) -> None:
    """Begin a search at every letter; the one before is cancelled where it stands."""
    running: asyncio.Task[None] | None = None
    for end in range(1, len(text) + 1):
        pressed_at = time.perf_counter()
        if running is not None and not running.done():
            running.cancel()
            await asyncio.wait([running])
            interrupted.append((time.perf_counter() - pressed_at) * 1000)
        has_shown = asyncio.Event()
        running = asyncio.create_task(_run(searching, text[:end], has_shown))
        await has_shown.wait()
        taken.append((time.perf_counter() - pressed_at) * 1000)
        await asyncio.sleep(0.002)
    if running is not None:
        await running


async def _run(searching: Searching, text: str, has_shown: asyncio.Event) -> None:
    query = parse_query(text, datetime.now().astimezone())
    async with aclosing(searching.search(query)) as batches:
        async for _ in batches:
            has_shown.set()
    has_shown.set()


async def _first_ms(searching: Searching, text: str) -> float:
    has_shown = asyncio.Event()
    began = time.perf_counter()
    running = asyncio.create_task(_run(searching, text, has_shown))
    await has_shown.wait()
    taken = (time.perf_counter() - began) * 1000
    running.cancel()
    await asyncio.wait([running])
    return taken


@asynccontextmanager
async def _lags() -> AsyncIterator[list[float]]:
    """Milliseconds by which a key would have waited, asked every 2 ms."""
    lags: list[float] = []

    async def ask() -> None:
        while True:
            due = time.perf_counter() + 0.002
            await asyncio.sleep(0.002)
            lags.append((time.perf_counter() - due) * 1000)

    asking = asyncio.create_task(ask())
    try:
        yield lags
    finally:
        asking.cancel()


def _old_schema(folder: Path) -> Path:
    folder.mkdir()
    for script in MIGRATIONS.glob("*.sql"):
        if int(script.name.partition("_")[0]) <= BEFORE_SEARCH:
            shutil.copy(script, folder)
    return folder


async def _fill(path: Path, migrations: Path) -> None:
    """Make a history as it was before there was an index."""
    database = await Database.open(path, migrations=migrations)
    try:
        await database.write(_insert)
    finally:
        await database.aclose()


def _insert(sql: Sql) -> None:
    at = encode_time(datetime.now(UTC))
    sql.executemany(
        "INSERT INTO sessions (id, title, message_count, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?)",
        ((f"s{n}", f"Session {n}", IN_A_SESSION, at, at) for n in range(MESSAGES // IN_A_SESSION)),
    )
    sql.executemany(
        "INSERT INTO messages (seq, id, session_id, predecessor_seq, role, status, created_at,"
        " model, size_characters, newlines, parts, text) VALUES (?,?,?,?,?,?,?,?,?,0,?,?)",
        _rows(),
    )
    sql.execute(
        "INSERT INTO marks (message_id, session_id, starred_at)"
        " SELECT id, session_id, created_at FROM messages WHERE seq % 50000 = 7"
    )


def _rows() -> Iterator[tuple[object, ...]]:
    chance = random.Random(7)
    sentences = _sentences(chance)
    now = datetime.now(UTC)
    for seq in range(1, MESSAGES + 1):
        is_reply = seq % 2 == 0
        text = " ".join(chance.choices(sentences, k=8 if is_reply else 2))
        if seq % 1000 == 3:
            text += f" About {chance.choice(RARE)}, in c++ 🎉"
        at = encode_time(now - timedelta(seconds=60 * (MESSAGES - seq)))
        yield (
            *(seq, f"{seq:032x}", f"s{(seq - 1) // IN_A_SESSION}"),
            seq - 1 if (seq - 1) % IN_A_SESSION else None,
            "assistant" if is_reply else "user",
            "error" if seq % 5000 == 0 else "complete",
            at,
            ("gpt-5" if seq % 20 else "claude-sonnet") if is_reply else None,
            *(len(text), f'[{{"kind":"text","length":{len(text)}}}]', text),
        )


def _sentences(chance: random.Random) -> list[str]:
    """Words as often as in a language: the n-th most common one is n times as rare."""
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    weights = [12, 9, 8, 8, 7, 7, 6, 6, 6, 4, 4, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]
    made = (
        "".join(chance.choices(letters, weights, k=chance.randint(3, 10))) for _ in range(30000)
    )
    words = [*COMMON, *made]
    often = [1 / (rank + 3) for rank in range(len(words))]
    sentences = [
        f"{' '.join(chance.choices(words, often, k=chance.randint(5, 14))).capitalize()}."
        for _ in range(40_000)
    ]
    for number in range(0, len(sentences), 40):
        begin = chance.randrange(len(CHINESE) - 12)
        sentences[number] = f"{CHINESE[begin : begin + 12]}。"
    return sentences


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=" | ")

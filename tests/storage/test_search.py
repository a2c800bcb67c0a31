"""Searching the messages of all sessions."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduit_tui.core.change import SetAbsence, SetMark
from conduit_tui.core.errors import StorageError
from conduit_tui.core.journal import Entry
from conduit_tui.core.marks import Absence, Mark
from conduit_tui.core.message import (
    Attachment,
    Citation,
    Message,
    Part,
    Structured,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from conduit_tui.core.query import Query
from conduit_tui.core.session import Session
from conduit_tui.storage.connection import Sql
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW, later, message
from tests.storage.searching import expected, hits, ids, query


def said(message_id: str, text: str, above: str | None = None, **fields: Any) -> Message:
    """A message with a text."""
    return message(message_id, above, parts=(Text(text),), **fields)


async def change(store: SessionStore, session_id: str, *changes: Any) -> None:
    entry = Entry(f"e{changes}"[:60], NOW, "do", "change", changes, (), None)
    await store.record(session_id, entry)


@pytest.fixture
async def other(database: Database, path: Path) -> AsyncIterator[SessionStore]:
    """The store of another instance on the same file."""
    other = await Database.open(path)
    yield SessionStore(other)
    await other.aclose()


async def test_the_newest_come_first_with_what_is_known_of_them(store: SessionStore) -> None:
    await store.set_title("s", "About boats", manual=True)
    await store.commit(said("a", "The raft floats."))
    await store.commit(said("b", "A RAFT!", "a", role="assistant", model="gpt-5"))
    await store.commit(said("c", "No boat.", "b"))
    newest, oldest = await hits(store, "raft")
    assert (newest.message_id, newest.role, newest.model) == ("b", "assistant", "gpt-5")
    assert (oldest.message_id, oldest.session_id, oldest.session_title) == ("a", "s", "About boats")
    assert (oldest.excerpt, oldest.spans, oldest.created_at) == ("The raft floats.", ((4, 8),), NOW)


async def test_every_branch_is_searched_and_all_words_are_needed(store: SessionStore) -> None:
    await store.commit(said("root", "one"))
    await store.commit(said("left", "one two", "root"))
    await store.commit(said("right", "two, one", "root"))
    assert await ids(store, "one two") == ["right", "left"]
    assert await ids(store, '"one two"') == ["left"]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Thinking("pondering"), "pondering"),
        (ToolCall("1", "read_file", '{"path": "/etc/hosts"}'), "read_file hosts"),
        (ToolResult("1", "No such file"), "such"),
        (Attachment("text/plain", b"inside", "notes.md"), "notes.md"),
        (Citation("https://example.org/raft", "The paper"), "paper example.org"),
        (Structured("person", {"name": "Ada"}), "ada"),
    ],
)
async def test_more_than_the_text_is_searched(store: SessionStore, part: Part, words: str) -> None:
    await store.commit(message("a", parts=(Text("Look:"), part)))
    assert await ids(store, words) == ["a"]
    assert await ids(store, f"{words} look:") == ["a"]
    assert await ids(store, "inside") == []


HOSTILE = [
    *("c++", "don't", "don’t", "foo-bar", "user@x.com", "C#", "a.b", "x:y", "/etc/passwd"),
    *("'; DROP TABLE messages;--", "(paren)", "[x]", "{y}", "^caret", "~tilde", "a*", "*"),
    *("-x", "--", "...", "''", "NEAR(a b)", "AND", "OR", "NOT x", "words:raft", "100%", "_", "%"),
    *(
        "🎉",
        "👨‍👩‍👧",
        "❤️",
        "🇳🇴",
        "é",
        "e\u0301",
        "ﬁ",
        "ß",
        "東京",
        "京",
        "のです",
        "한국",
        "ไทย",
        "שלום",
        "مرحبا",
    ),
    *("\u202eabc", "a\x00b", "\ud800", "x" * 10_000, "東" * 10_000, "🎉" * 3_000, "ab " * 3_000),
    *(
        "ab " * 3_000,
        "\ufffd",
        "ŉ",
        "ｶﾞ",
        "Ａ",
        "x²",
        "½",
        "\u3000",
        "\ue000",
        "\U0001fae8",
        "\U000e0041",
    ),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
async def test_awkward_words_are_found_as_they_stand_and_nothing_else_is(
    store: SessionStore, text: str
) -> None:
    await store.commit(said("before", "Something quite different"))
    await store.commit(said("has", f"It is {text} here"))
    await store.commit(said("starts", text, "has"))
    await store.commit(said("quoted", f'"{text}"', "starts"))
    wanted = Query(words=(text,))
    if text.strip("\u3000\u202e\U000e0041"):
        assert await ids(store, wanted) == ["quoted", "starts", "has"]
    await hits(store, text)  # as it would be typed


async def test_what_only_looks_alike_is_not_found(store: SessionStore) -> None:
    for number, text in enumerate(["c + +", "don t", "foo bar", "craft", "京東", "user x com"]):
        await store.commit(said(f"m{number}", text))
    for word in ("c++", "don't", "foo-bar", "raft", "東京", "user@x.com"):
        assert await ids(store, word) == []


async def test_five_megabytes_are_searched(store: SessionStore) -> None:
    long = "quite ordinary words — 東京 " * 100_000
    await store.commit(said("a", f"{long} needle {long}"))
    (hit,) = await hits(store, "needle")
    assert [hit.excerpt[begin:end] for begin, end in hit.spans] == ["needle"]
    assert await ids(store, "needles") == []


async def test_filters_alone_list_the_newest(store: SessionStore) -> None:
    await store.create(Session("t", title="Trip to Oslo"), NOW)
    await store.commit(said("a", "one", created_at=later(-86400 * 3)))
    await store.commit(said("b", "two", "a", role="assistant", model="GPT-5", status="error"))
    await store.commit(said("c", "three", session_id="t", status="interrupted"))
    await change(store, "s", SetMark("a", Mark("Best", NOW)))
    assert await ids(store, "role:user") == ["c", "a"]
    assert await ids(store, "role:user role:assistant") == ["c", "b", "a"]
    assert await ids(store, "model:gpt") == ["b"]
    assert await ids(store, "status:error status:interrupted") == ["c", "b"]
    assert await ids(store, "status:complete") == ["a"]
    assert await ids(store, "session:oslo") == ["c"]
    assert await ids(store, "starred") == await ids(store, "label:bes") == ["a"]
    assert await ids(store, "starred session:oslo") == []
    assert await ids(store, "session:nowhere") == []
    assert await ids(store, Query(before=later(-1))) == ["a"]
    assert await ids(store, Query(after=NOW)) == ["c", "b"]
    assert await ids(store, Query(before=later(-86400 * 9))) == []
    assert await ids(store, Query(after=later(9))) == []
    assert await ids(store, Query()) == ["c", "b", "a"]
    assert await ids(store, Query(), most=2) == ["c", "b"]


async def test_a_failed_reply_without_words_shows_its_error(store: SessionStore) -> None:
    await store.commit(message("a", parts=(), status="error", error="The server is overloaded."))
    (hit,) = await hits(store, "status:error")
    assert hit.excerpt == "The server is overloaded."


async def test_what_is_pruned_or_in_the_trash_is_not_found_until_it_is_back(
    store: SessionStore,
) -> None:
    await store.commit(said("a", "raft"))
    await store.commit(said("b", "raft", "a"))
    await store.commit(said("c", "raft", "b"))
    await change(store, "s", SetAbsence("b", Absence("pruned", NOW)))
    assert await ids(store, "raft") == ["a"]
    assert await ids(store, "role:user") == ["a"]
    await change(store, "s", SetAbsence("b", None))
    assert await ids(store, "raft") == ["c", "b", "a"]
    await store.delete("s", NOW)
    assert await ids(store, "raft") == await ids(store, "role:user") == []
    await store.restore("s")
    assert len(await ids(store, "raft")) == 3


async def test_committing_again_changes_nothing(store: SessionStore) -> None:
    for _ in range(2):
        await store.commit(said("a", "raft"))
    assert await ids(store, "raft") == ["a"]
    await store.erase_messages("s", ["a"])
    await store.commit(said("b", "boat"))
    assert await ids(store, "raft") == []


async def test_another_instance_finds_it_at_once(store: SessionStore, other: SessionStore) -> None:
    await store.commit(said("a", "raft"))
    assert await ids(other, "raft") == ["a"]
    await other.commit(said("b", "raft", "a"))
    assert await ids(store, "raft") == ["b", "a"]
    await other.erase("s")
    assert await ids(store, "raft") == []


async def test_no_erased_word_stays_in_the_file(store: SessionStore, path: Path) -> None:
    await store.create(Session("t"), NOW)
    await store.commit(said("kept", "ordinary quicksand", session_id="t"))
    await store.commit(said("a", "Zanzibarsecret überzeugend 秘密情報"))
    await store.commit(said("b", "Quetzalsecret", "a"))
    await store.erase_messages("s", ["b"])
    await store.erase("s")
    everything = b"".join(file.read_bytes() for file in path.parent.iterdir()).lower()
    words = ["zanzibar", "quetzal", "uberzeugend", "berzeugend", "秘密", "密情"]
    assert [word for word in words if word.encode() in everything] == []
    assert b"quicksand" in everything
    assert await ids(store, "quicksand") == ["kept"]


async def test_a_history_from_before_is_searched_too(path: Path) -> None:
    await _write_old(path, ["first zeppelin", "c++ 東京", "three"])
    database = await Database.open(path)
    try:
        store = SessionStore(database)
        assert await ids(store, "zepp") == ["m0"]
        assert await ids(store, "c++ 京") == ["m1"]
        await store.erase("s")
        assert await ids(store, Query()) == []
    finally:
        await database.aclose()
    assert b"zeppelin" not in path.read_bytes()


async def _write_old(path: Path, texts: list[str]) -> None:
    """Make a history by the schema that had no index."""
    from tests.storage.old_schemas import migrations_up_to

    with migrations_up_to(3) as migrations:
        database = await Database.open(path, migrations=migrations)

    def insert(sql: Sql) -> None:
        sql.run("INSERT INTO sessions (id, created_at, updated_at) VALUES ('s', '', '')")
        for number, text in enumerate(texts):
            sql.run(
                "INSERT INTO messages (id, session_id, role, status, created_at, size_characters,"
                " newlines, parts, text) VALUES (:id, 's', 'user', 'complete',"
                " '2026-03-01T12:00:00.000000+00:00', 0, 0, :parts, :text)",
                id=f"m{number}",
                parts=f'[{{"kind":"text","length":{len(text)}}}]',
                text=text,
            )

    try:
        await database.write(insert)
    finally:
        await database.aclose()


async def test_an_index_that_cannot_be_made_leaves_the_history_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _write_old(path, ["first", "second"])

    def fail(text: str, parts: str) -> str:
        if text == "second":
            raise ValueError
        return text

    with monkeypatch.context() as patch:
        patch.setattr("conduit_tui.storage.message_index._indexed_words", fail)
        with pytest.raises(StorageError, match="could not be used"):
            await Database.open(path)
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (3,)
        assert plain.execute("SELECT count(*) FROM messages").fetchone() == (2,)
        found = plain.execute("SELECT name FROM sqlite_schema WHERE name LIKE 'message_index%'")
        assert found.fetchall() == []
    database = await Database.open(path)
    try:
        assert await ids(SessionStore(database), "second") == ["m1"]
    finally:
        await database.aclose()


async def test_a_history_in_memory_is_searched_too() -> None:
    database = await Database.in_memory()
    try:
        store = SessionStore(database)
        await store.create(Session("s"), NOW)
        await store.commit(said("a", "raft"))
        assert await ids(store, "raft") == ["a"]
    finally:
        await database.aclose()


async def test_cancelling_a_search_cuts_it_short_and_the_next_one_works(
    store: SessionStore, database: Database
) -> None:
    for number in range(300):
        await store.commit(said(f"m{number}", "nothing that begins so"))
    began = threading.Event()

    def wait(sql: Sql) -> None:
        began.set()
        sql.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        ).fetchone()

    running = asyncio.create_task(database.search(wait))
    await asyncio.to_thread(began.wait)
    assert await store.load("s") is not None  # loading does not wait for it
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    for _ in range(50):
        searching = asyncio.create_task(hits(store, "n zebra ..."))
        await asyncio.sleep(0)
        searching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await searching
    assert len(await ids(store, "nothing")) == 300


async def test_a_closed_history_says_so(path: Path) -> None:
    database = await Database.open(path)
    store = SessionStore(database)
    await ids(store, "x")
    await database.aclose()
    with pytest.raises(StorageError, match="closed"):
        await ids(store, "x")


async def test_common_and_rare_words_are_all_found_in_a_long_history(
    store: SessionStore, database: Database
) -> None:
    """Also where the index is asked another way in the middle of a search."""

    def text(number: int) -> str:
        rare = " thermocline" if number % 700 == 3 else ""
        return f"this thing {'because' if number % 3 else 'becoming'} {number}{rare} 的确"

    await database.write(lambda sql: _insert(sql, [text(number) for number in range(5000)]))
    assert await ids(store, "thermo") == [f"m{n}" for n in reversed(range(5000)) if n % 700 == 3]
    assert await ids(store, "thing because 4", 9999) == [
        f"m{n}" for n in reversed(range(5000)) if n % 3 and str(n).startswith("4")
    ]
    assert len(await ids(store, "确", 9999)) == len(await ids(store, "t", 9999)) == 5000
    assert await ids(store, "because becoming") == []


def _insert(sql: Sql, texts: list[str]) -> None:
    for number, text in enumerate(texts):
        sql.run(
            "INSERT INTO messages (id, session_id, role, status, created_at, size_characters,"
            " newlines, parts, text) VALUES (:id, 's', 'user', 'complete',"
            " '2026-03-01T12:00:00.000000+00:00', 0, 0, :parts, :text)",
            id=f"m{number}",
            parts=f'[{{"kind":"text","length":{len(text)}}}]',
            text=text,
        )
    sql.execute(
        "INSERT INTO message_index (rowid, words) SELECT seq, indexed_words(text, parts)"
        " FROM messages"
    )


ALPHABET = "ab Ab+-'.é東京のe\u0301🎉\u200d\ufe0f_#\n"
TEXTS = st.text(ALPHABET, max_size=12) | st.text(max_size=12)
WORDS = st.text(ALPHABET, min_size=1, max_size=4) | st.text(min_size=1, max_size=6)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Session], list[Message]]:
    """Up to three sessions with branches, marks, and some messages out of sight."""
    sessions = [Session(f"s{n}", title=draw(st.sampled_from(["Boat", "boats", ""]))) for n in "012"]
    messages: list[Message] = []
    for number in range(draw(st.integers(0, 12))):
        session = draw(st.sampled_from(sessions))
        above = draw(st.sampled_from([None, *(each.id for each in session)]))
        made = said(
            f"m{number}",
            draw(TEXTS),
            above,
            session_id=session.id,
            role=draw(st.sampled_from(["user", "assistant"])),
            status=draw(st.sampled_from(["complete", "error"])),
            model=draw(st.sampled_from([None, "gpt-5"])),
            created_at=NOW + timedelta(seconds=draw(st.integers(0, 3))),
        )
        session.add(made)
        messages.append(made)
        if draw(st.booleans()):
            label = draw(st.sampled_from([None, f"Best{number}"]))
            session.set_mark(made.id, Mark(label, draw(st.sampled_from([None, NOW]))))
        if draw(st.integers(0, 5)) == 0:
            session.set_absence(made.id, Absence("pruned", NOW))
    return sessions, messages


QUERIES = st.builds(
    Query,
    words=st.lists(WORDS, max_size=2).map(tuple),
    roles=st.sampled_from([(), (), ("user",)]),
    statuses=st.sampled_from([(), (), ("error",), ("complete", "error")]),
    model=st.sampled_from(["", "", "GPT"]),
    label=st.sampled_from(["", "", "best1"]),
    session=st.sampled_from(["", "", "boat"]),
    is_starred=st.sampled_from([False, False, True]),
    before=st.sampled_from([None, None, later(2)]),
    after=st.sampled_from([None, None, later(1)]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.lists(QUERIES, min_size=1, max_size=8))
def test_what_is_found_is_what_looking_at_everything_finds(
    history: tuple[list[Session], list[Message]], queries: list[Query]
) -> None:
    asyncio.run(_compare(*history, queries))


async def _compare(sessions: list[Session], messages: list[Message], queries: list[Query]) -> None:
    database = await Database.in_memory()
    try:
        store = SessionStore(database)
        for session in sessions:
            await store.create(session, NOW)
        for each in messages:
            await store.commit(each)
        for session in sessions:
            marked = (SetMark(each, mark) for each, mark in session.marks.items())
            absent = (SetAbsence(each, absence) for each, absence in session.absences.items())
            entry = Entry(f"e{session.id}", NOW, "do", "mark", (*marked, *absent), (), None)
            await store.record(session.id, entry)
        order = [each.id for each in messages]
        for wanted in queries:
            assert await ids(store, wanted) == expected(sessions, wanted, order)
            if messages and messages[0].text.strip():
                of_a_text = replace(Query(), words=(messages[0].text[:5],))
                assert await ids(store, of_a_text) == expected(sessions, of_a_text, order)
    finally:
        await database.aclose()


@pytest.mark.parametrize("typed", ["", " ", '"', '""', "role:", "starred:", "label:", "before:x"])
async def test_what_is_no_filter_is_a_word_or_nothing(store: SessionStore, typed: str) -> None:
    await store.commit(said("a", "role: starred: label: before:x"))
    assert await ids(store, query(typed)) == ["a"]

"""Drafts of replies: appended to, gone when committed, found again after a crash."""

import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conduit_tui.core.errors import StorageError
from conduit_tui.core.events import (
    AttachmentReceived,
    GenerationStopped,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
)
from conduit_tui.core.message import Attachment
from conduit_tui.core.params import Params
from conduit_tui.storage.database import Database
from conduit_tui.storage.drafts import (
    ABANDONED_AFTER,
    DraftHeader,
    DraftStore,
    OrphanedDraft,
    process_owner,
)
from conduit_tui.storage.sessions import SessionStore
from tests.storage.examples import NOW, count, message

HEADER = DraftHeader("reply", "s", "q", "openai", "gpt-5", Params("Be brief.", seed=1), NOW)
FIRST: list[StreamEvent] = [TextDelta("Hel"), TextDelta("lo \ufffd")]
SECOND: list[StreamEvent] = [
    ToolCallDelta(0, "1", "f", "{}", {"signature": "x"}),
    AttachmentReceived(Attachment("image/png", b"\x89PNG", "a.png")),
    GenerationStopped("end_turn"),
]


def ended_process() -> str:
    """The owner of a process that has run to its end."""
    code = "from conduit_tui.storage.owner import process_owner; print(process_owner())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
async def own(store: SessionStore, database: Database) -> DraftStore:
    await store.commit(message("q"))
    return DraftStore(database, process_owner())


def of(database: Database, owner: str) -> DraftStore:
    return DraftStore(database, owner)


async def test_a_dead_process_leaves_an_orphan_with_every_event_in_order(
    own: DraftStore, database: Database
) -> None:
    dead = of(database, ended_process())
    await dead.open(HEADER)
    await dead.append("reply", FIRST)
    await dead.append("reply", SECOND)
    assert await own.orphans() == (OrphanedDraft(HEADER, (*FIRST, *SECOND)),)


async def test_an_orphan_without_events_is_one_too(own: DraftStore, database: Database) -> None:
    dead = of(database, ended_process())
    await dead.open(HEADER)
    await dead.append("reply", [])
    assert await own.orphans() == (OrphanedDraft(HEADER, ()),)
    assert await count(database, "draft_deltas") == 0


async def test_drafts_of_this_and_of_other_live_processes_are_left_alone(
    own: DraftStore, database: Database
) -> None:
    await own.open(HEADER)
    parent = f"{socket.gethostname()}:{os.getppid()}:"
    await of(database, parent).open(replace(HEADER, message_id="theirs"))
    assert await own.orphans() == ()
    assert await of(database, "another:1:1").orphans() == ()


async def test_a_process_number_that_was_given_again_is_not_the_owner(
    own: DraftStore, database: Database
) -> None:
    host, pid, started = process_owner().split(":", 2)
    await of(database, f"{host}:{pid}:{int(started) - 1}").open(HEADER)
    assert len(await own.orphans()) == 1


async def test_a_draft_of_another_host_is_an_orphan_only_after_a_long_silence(
    own: DraftStore, database: Database
) -> None:
    now = datetime.now(UTC)
    long_ago = now - ABANDONED_AFTER - timedelta(seconds=1)
    there = of(database, "elsewhere:1:1")
    await there.open(replace(HEADER, message_id="new", started_at=now))
    await there.open(replace(HEADER, message_id="old", started_at=long_ago))
    await there.open(replace(HEADER, message_id="old but heard of", started_at=long_ago))
    await there.append("old but heard of", FIRST)
    assert [each.header.message_id for each in await own.orphans()] == ["old"]


async def test_committing_the_message_removes_its_draft(
    own: DraftStore, store: SessionStore, database: Database
) -> None:
    await own.open(HEADER)
    await own.append("reply", FIRST)
    await store.commit(message("reply", "q", role="assistant"))
    assert await count(database, "drafts") == 0
    assert await count(database, "draft_deltas") == 0


async def test_a_draft_left_beside_its_message_goes_when_that_is_committed_again(
    own: DraftStore, store: SessionStore, database: Database
) -> None:
    await store.commit(message("reply", "q", role="assistant"))
    await own.open(HEADER)
    await store.commit(message("reply", "q", role="assistant"))
    assert await count(database, "drafts") == 0


async def test_a_checkpoint_that_comes_too_late_is_dropped(
    store: SessionStore, own: DraftStore, database: Database
) -> None:
    await own.open(HEADER)
    await store.commit(message("reply", "q", role="assistant"))
    await own.append("reply", FIRST)
    assert await count(database, "draft_deltas") == 0


async def test_opening_a_draft_twice_keeps_what_it_has(own: DraftStore, database: Database) -> None:
    await own.open(HEADER)
    await own.append("reply", FIRST)
    await own.open(HEADER)
    assert await count(database, "draft_deltas") == 1


async def test_a_draft_of_an_unknown_session_is_refused(own: DraftStore) -> None:
    with pytest.raises(StorageError):
        await own.open(replace(HEADER, session_id="nowhere"))


async def test_erasing_a_session_removes_its_drafts(
    own: DraftStore, store: SessionStore, database: Database
) -> None:
    await own.open(HEADER)
    await own.append("reply", FIRST)
    await store.erase("s")
    assert await count(database, "draft_deltas") == 0

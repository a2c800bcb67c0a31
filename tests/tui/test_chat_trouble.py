"""A store that fails, another instance on the same file, and quiet while nothing happens."""

import pytest
from textual.widget import Widget

from conduit_tui import runtime
from conduit_tui.core.errors import StorageError
from conduit_tui.storage.sessions import SessionStore
from conduit_tui.tui.screens import chat as chat_module
from tests.tui.stage import Chat, Stage

FULL = "There is no room on the disk."


def break_the_store(monkeypatch, *methods: str) -> None:
    """Let these methods of every store fail from now on."""

    async def fail(self, *arguments, **options):
        raise StorageError(FULL)

    for method in methods:
        monkeypatch.setattr(SessionStore, method, fail)


async def test_a_full_disk_is_told_once_and_the_chat_goes_on(stage: Stage, monkeypatch):
    async with stage.open() as chat:
        await chat.ask("before")
        with monkeypatch.context() as broken:
            break_the_store(broken, "commit", "set_leaf")
            await chat.ask("during")
            await chat.is_told(FULL)
            assert chat.path() == ["before", "Re: before", "during", "Re: during"]
            assert sum(FULL in each for each in chat.notices()) == 1
        await chat.ask("after")
        stored = await stage.stored(chat.session)
    assert len(stored) == 6, "what could not be stored is stored later"


@pytest.mark.parametrize(
    ("method", "keys"),
    [
        ("record", "/title A walk"),
        ("delete", "/delete"),
        ("set_tools", "/tools off"),
        ("set_system_prompt", "/system Be brief."),
        ("summaries", "/trash "),
        ("remember", "/model demo/other"),
    ],
)
async def test_a_command_that_cannot_be_stored_is_told_in_words(
    stage: Stage, monkeypatch, method: str, keys: str
):
    async with stage.open() as chat:
        await chat.ask("hi")
        break_the_store(monkeypatch, method)
        await chat.run(keys)
        await chat.is_told(FULL)
        assert chat.app.is_running


@pytest.mark.parametrize("method", ["load_prompt", "save_prompt", "add_history", "remember"])
async def test_what_cannot_be_kept_on_the_side_does_not_stop_the_chat(
    stage: Stage, monkeypatch, method: str
):
    async with stage.open() as chat:
        break_the_store(monkeypatch, method)
        await chat.send("hi")
        await chat.sees("Re: hi")
        await chat.press("ctrl+n")
        await chat.is_told(FULL)
        await chat.send("again")
        await chat.sees("Re: again")


async def test_a_session_that_cannot_be_opened_is_told_in_words(stage: Stage, monkeypatch):
    async with stage.open() as chat:
        await chat.ask("hi")
        break_the_store(monkeypatch, "load_end")
        chat.screen.actions.open_session("another")
        await chat.is_told(FULL)
        assert chat.path() == ["hi", "Re: hi"]


async def test_a_file_that_is_no_database_is_told_and_one_can_chat(stage: Stage):
    stage.settings.paths.data.mkdir(parents=True)
    stage.settings.paths.database.write_text("no database, but somebody's words " * 99)
    async with stage.open(size=(140, 40)) as chat:
        await chat.sees("conduit.db")
        await chat.send("hi")
        await chat.sees("Re: hi")


async def test_what_another_instance_writes_appears(stage: Stage, monkeypatch):
    monkeypatch.setattr(chat_module, "WATCH_SECONDS", 0.02)
    async with stage.open() as chat:
        await chat.ask("here")
        async with runtime.open_controller(stage.settings) as other:
            session = await other.shelf.open(chat.session.id)
            assert session is not None
            await other.send(session, "there").wait()
            await chat.until(lambda: "there" in chat.path())
            new = other.shelf.new()
            await other.send(new, "elsewhere").wait()
            await chat.sees("elsewhere")
        assert chat.path()[:2] == ["here", "Re: here"]


def is_listing(chat: Chat) -> bool:
    """Whether the list of sessions is still being read, the rest of it after a pause."""
    return any(each.group == "sessions" and each.is_running for each in chat.app.workers)


async def test_nothing_is_painted_while_nothing_happens(stage: Stage, monkeypatch):
    monkeypatch.setattr(chat_module, "WATCH_SECONDS", 0.05)
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.until(lambda: not chat.is_running())
        await chat.until(lambda: not is_listing(chat))
        for _ in range(5):
            await chat.pilot.pause()
        painted: list[Widget] = []
        refresh = Widget.refresh

        def watched(self, *arguments, **options):
            painted.append(self)
            return refresh(self, *arguments, **options)

        monkeypatch.setattr(Widget, "refresh", watched)
        for _ in range(10):
            await chat.pilot.pause()
        assert painted == []
        await chat.press("x")
        assert painted, "the count would have seen it"


async def test_the_status_bar_has_no_clock_while_nothing_streams(stage: Stage):
    async with stage.open() as chat:
        await chat.ask("hi")
        await chat.until(lambda: not chat.is_running())
        assert chat.screen.status._ticker is None

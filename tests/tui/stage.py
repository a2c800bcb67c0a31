"""The whole app on a home of its own, talking to a scripted model and driven by keys."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widget import Widget

from conduit_tui import runtime
from conduit_tui.controller import finding_skills
from conduit_tui.controller.title_words import TITLE
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.message import Message
from conduit_tui.core.request import Request
from conduit_tui.core.session import Session
from conduit_tui.core.start import Start
from conduit_tui.providers.base import Provider
from conduit_tui.providers.registry import build
from conduit_tui.providers.scripted import Script, ScriptedProvider, reply
from conduit_tui.providers.structured import StructuredAnswers
from conduit_tui.settings import Flags, Settings, load_settings
from conduit_tui.skills.places import Place, shipped_place
from conduit_tui.storage.database import Database
from conduit_tui.storage.sessions import SessionStore
from conduit_tui.tools.tool import Tool
from conduit_tui.tui.app import ConduitApp
from conduit_tui.tui.screens import doorway
from conduit_tui.tui.widgets.status_bar import StatusBar
from tests.tui.widgets.building import lines

PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.002
BARE = Start()
NO_SERVER = "http://127.0.0.1:9"


class Stage:
    """A home directory and a model; `open` starts the app on them, as often as one likes.

    The model answers "Re: WORDS" unless `answers` told it otherwise. Skills that come with the
    program are there only if it `ships_skills`.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environ = {
            "CONDUIT_HOME": str(home),
            "OLLAMA_HOST": NO_SERVER,
            "COLORTERM": "truecolor",
            "TERM": "xterm-256color",
        }
        self.provider = ScriptedProvider("demo", self._play, ("guide", "other"))
        self.tools: list[Tool] = []
        self.ships_skills = False
        self._scripts: dict[str, list[Script]] = {}
        self._title = "I know none."

    def answers(self, words: str, *scripts: Script) -> None:
        """Have a message of these words answered by these scripts, one after the other."""
        self._scripts.setdefault(words, []).extend(scripts)

    def answers_titles(self, words: str) -> None:
        """Have whoever asks for a title of a session answered so from now on."""
        self._title = words

    def write_settings(self, text: str) -> None:
        """Write settings.toml."""
        (self.home / "config").mkdir(parents=True, exist_ok=True)
        (self.home / "config" / "settings.toml").write_text(text)

    @property
    def settings(self) -> Settings:
        """The settings as they are read now."""
        return load_settings(Flags(), self.environ)

    @asynccontextmanager
    async def open(
        self,
        start: Start = BARE,
        size: tuple[int, int] = (100, 30),
    ) -> AsyncIterator["Chat"]:
        """The app as it starts; what is typed at the end of the block is kept only by leaving."""
        at_once = patch.object(doorway, "OPEN_AFTER_SECONDS", 0.001)
        names = (*runtime.USUAL, *(tool.spec.name for tool in self.tools))
        tools = patch.object(runtime, "builtin_tools", partial(self._more, runtime.builtin_tools))
        usual = patch.object(runtime, "USUAL", names)
        shipped = patch.object(finding_skills, "shipped_place", self.shipped_place)
        with at_once, tools, usual, shipped, patch.object(runtime, "build", self.build):
            async with AsyncExitStack() as stack:
                app = ConduitApp(self.settings, start, stack)
                async with app.run_test(size=size, notifications=True) as pilot:
                    yield await _opened(app, pilot)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[SessionStore]:
        """The file as another program sees it."""
        database = await Database.open(self.settings.paths.database)
        try:
            yield SessionStore(database)
        finally:
            await database.aclose()

    async def keep(self, *sessions: Session, last: Session | None = None) -> None:
        """Write whole sessions, and which of them was open last."""
        async with self.store() as store:
            for session in sessions:
                messages = list(session)
                await store.create(session, messages[0].created_at)
                for message in messages:
                    await store.commit(message)
                await store.set_leaf(session.id, session.leaf_id)
            if last is not None:
                await store.remember("last_session", last.id)

    async def stored(self, session: Session) -> Session:
        """A session as another program finds it."""
        async with self.store() as store:
            found = await store.load(session.id)
        assert found is not None
        return found

    def build(self, endpoint: Endpoint) -> Provider:
        """The provider of an endpoint, for the composition root."""
        if endpoint.kind != "scripted":
            return build(endpoint)
        return StructuredAnswers(self.provider, takes_tools=endpoint.takes_tools)

    def _more(
        self,
        load: Callable[..., list[Tool]],
        environ: Mapping[str, str],
        taken: Sequence[str],
        notices: list[str],
    ) -> list[Tool]:
        return [*load(environ, taken, notices), *self.tools]

    def shipped_place(self) -> Place:
        """Where the skills of the program are."""
        return shipped_place() if self.ships_skills else Place(self.home, (), "shipped", False)

    def _play(self, request: Request) -> Script:
        if request.params.schema is TITLE:
            return reply(self._title)
        words = request.messages[-1].text
        waiting = self._scripts.get(words)
        return waiting.pop(0) if waiting else reply(f"Re: {words}")


class Chat:
    """The running app: keys in; what is on the screen, and behind it, out."""

    def __init__(self, app: ConduitApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        assert app.chat is not None
        self.screen = app.chat
        self.controller = app.chat.controller
        app.chat.notices._clock = lambda: 0.0  # none gets old and makes room for the next

    @property
    def session(self) -> Session:
        """The session on view."""
        return self.screen.session

    async def press(self, *keys: str) -> None:
        """Press keys as fast as a terminal hands them on."""
        for key in keys:
            is_character = len(key) == 1
            name = _character_to_key(key) if is_character else key
            self.app.post_message(Key(name, key if is_character else _character_of(key)))
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.press(*text)

    async def send(self, text: str) -> None:
        """Type a text and press Enter."""
        await self.press(*text, "enter")

    async def ask(self, text: str) -> None:
        """Send a text and wait for the whole reply."""
        before = len(self.session)
        await self.send(text)
        await self.until(lambda: len(self.session) > before and not self.is_running())

    async def ask_beside(self, text: str) -> None:
        """Send a text and wait for its reply, while other turns go on."""
        running = set(self.controller.running())
        await self.send(text)
        await self.until(lambda: self.session.path(self.session.leaf_id)[-1].role == "assistant")
        await self.until(lambda: set(self.controller.running()) <= running)

    async def run(self, command: str) -> None:
        """Run a slash command; the space closes the list of completions."""
        await self.press(*command, *([" "] if " " not in command else []), "enter")

    def is_running(self) -> bool:
        """Whether any turn is under way, or its end not yet shown."""
        groups = {worker.group for worker in self.app.workers if worker.is_running}
        return bool(list(self.controller.running())) or "turns" in groups

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition; one that never comes true fails with what is on the screen."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < end, f"not so after {PATIENCE_SECONDS:g} s:\n{self.text()}"
            await (self.pilot.pause(POLL_SECONDS) if self.app.is_running else asyncio.sleep(0))

    async def sees(self, *words: str) -> None:
        """Wait until all these words are on the screen."""
        await self.until(lambda: all(each in self.text() for each in words))

    async def sees_no(self, words: str) -> None:
        """Wait until these words are not on the screen."""
        await self.until(lambda: words not in self.text())

    async def is_told(self, words: str) -> None:
        """Wait until a notice has these words."""
        await self.until(lambda: any(words in notice for notice in self.notices()))

    def text(self) -> str:
        """What is on the screen."""
        screen = self.app.screen
        strips = screen._compositor.render_strips()[: screen.size.height]
        return "\n".join(strip.text[: screen.size.width].rstrip() for strip in strips)

    def lines(self, widget: Widget | type[Widget]) -> list[str]:
        """What stands where a widget of the chat is."""
        if isinstance(widget, type):
            widget = self.screen.query_one(widget)
        return lines(self.app, widget)

    def transcript(self) -> str:
        """What the transcript shows."""
        return "\n".join(self.lines(self.screen.transcript))

    def status(self) -> str:
        """What the status bar says."""
        return self.lines(StatusBar)[0]

    def notices(self) -> list[str]:
        """The notices that have not gone yet."""
        return [str(each.message) for each in self.app._notifications]

    def cursor(self) -> str:
        """The words of the message with the cursor."""
        return words_of([self.session[str(self.screen.transcript.cursor_id)]])[0]

    def path(self) -> list[str]:
        """The words of the messages on the path to the leaf."""
        return words_of(self.session.path(self.session.leaf_id))


async def _opened(app: ConduitApp, pilot: Pilot[None]) -> Chat:
    end = time.monotonic() + PATIENCE_SECONDS
    while app.chat is None or not app.chat.is_current:
        assert time.monotonic() < end, "the chat did not open"
        await asyncio.sleep(0.005)
    await pilot.pause()
    return Chat(app, pilot)


def words_of(messages: Iterable[Message]) -> list[str]:
    """The words of messages."""
    return [message.text for message in messages]


def _character_of(key: str) -> str | None:
    return {"enter": "\r", "tab": "\t", "space": " ", "ctrl+j": "\n"}.get(key)

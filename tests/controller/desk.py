"""A controller on a real database and a scripted model, as tests of it need one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from conduit_tui.controller.controller import Controller
from conduit_tui.controller.defaults import Defaults
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.models import Models
from conduit_tui.controller.permissions import Permissions
from conduit_tui.controller.reply_cache import ReplyCache
from conduit_tui.controller.skills import Skills
from conduit_tui.controller.tooling import Tooling
from conduit_tui.controller.turn import Turn
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import StorageError
from conduit_tui.core.events import Event, MessageCommitted
from conduit_tui.core.journal import Entry
from conduit_tui.core.message import Message
from conduit_tui.core.request import Request
from conduit_tui.core.session import Session
from conduit_tui.providers.cached import Cached
from conduit_tui.providers.scripted import Script, ScriptedProvider, reply
from conduit_tui.skills.library import Library
from conduit_tui.storage.database import Database
from conduit_tui.storage.drafts import DraftStore, process_owner
from conduit_tui.storage.permissions import PermissionStore
from conduit_tui.storage.response_cache import ResponseCache
from conduit_tui.storage.sessions import SessionStore
from conduit_tui.tools.builtin.current_time import current_time
from conduit_tui.tools.tool import Surroundings, Tool
from conduit_tui.tools.toolbox import Toolbox
from tests.conftest import AT

FULL = "There is no room on the disk."


class FlakyStore(SessionStore):
    """A store that fails while `is_broken`, or for some sessions, or for messages of some words."""

    is_broken = False
    lost: Iterable[str] = ()
    lost_words: Iterable[str] = ()

    async def create(self, session: Session, created_at: datetime) -> None:
        self._check(session.id)
        await super().create(session, created_at)

    async def commit(self, message: Message, *, take_leaf: bool | None = None) -> None:
        self._check(message.session_id)
        if message.text in self.lost_words:
            raise StorageError(FULL)
        await super().commit(message, take_leaf=take_leaf)

    async def record(self, session_id: str, entry: Entry, added: Sequence[Message] = ()) -> None:
        self._check(session_id)
        await super().record(session_id, entry, added)

    def _check(self, session_id: str) -> None:
        if self.is_broken or session_id in self.lost:
            raise StorageError(FULL)


class Desk:
    """Plays `scripts[words]` to a request whose last message has these words, else an echo."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = FlakyStore(database)
        self.drafts = DraftStore(database, process_owner())
        self.ledger = Ledger(self.store, self.drafts)
        self.notices: list[str] = []
        self.ledger.notify = self.notices.append
        self.scripts: dict[str, Script] = {}
        self.provider = ScriptedProvider("demo", self._play)
        endpoints = {
            "demo": Endpoint("demo", "scripted", key_optional=True, models=("guide",)),
            "plain": Endpoint("plain", "scripted", key_optional=True, takes_tools=False),
        }
        self.cache = ReplyCache(ResponseCache(database))
        self.models = Models(endpoints, lambda each: Cached(self.provider, each, self.cache))
        self.skill_library = Library()
        self.skills = Skills(self.ledger, lambda: self.skill_library)
        self.tooling = tooling(self.ledger, database, current_time(AT), skills=self.skills)
        defaults = Defaults(system_prompt="Be kind.", max_steps=3)
        self.controller = Controller(
            self.ledger, self.models, self.tooling, defaults, self.cache, skills=self.skills
        )
        self.shelf = self.controller.shelf

    @classmethod
    async def open(cls, path: Path) -> "Desk":
        return cls(await Database.open(path))

    async def aclose(self) -> None:
        await self.controller.aclose()
        await self.database.aclose()

    async def talk(self, session: Session, *texts: str) -> list[Message]:
        """Send texts, each after the answer to the one before; return the visible line."""
        for text in texts:
            await self.controller.send(session, text).wait()
        return list(session.path(session.leaf_id))

    async def stored(self, session: Session) -> Session:
        """The session as another program would find it."""
        found = await SessionStore(self.database).load(session.id)
        assert found is not None
        return found

    async def assert_stored(self, session: Session) -> None:
        """Assert that another program finds what is on the screen, and no open draft."""
        stored = await self.stored(session)
        assert list(stored) == list(session)
        assert stored.leaf_id == session.leaf_id
        assert stored.title == session.title
        assert await self.draft_count() == 0

    async def draft_count(self) -> int:
        return int(
            str(await self.database.read(lambda sql: sql.value("SELECT count(*) FROM drafts")))
        )

    def _play(self, request: Request) -> Script:
        words = request.messages[-1].text
        return self.scripts.get(words) or reply(f"Re: {words}")


def tooling(
    ledger: Ledger,
    database: Database,
    *tools: Tool,
    surroundings: Surroundings | None = None,
    skills: Skills | None = None,
) -> Tooling:
    """These tools, all of them on, and rules in a database."""
    around = surroundings or Surroundings(Path("/nowhere"))
    toolbox = Toolbox(tools)
    permissions = Permissions(ledger, PermissionStore(database))
    return Tooling(toolbox, permissions, ledger, toolbox.names, lambda _: around, skills)


async def events_of(turn: Turn) -> list[Event]:
    return [event async for event in turn.events()]


def committed(events: Iterable[Event]) -> list[str]:
    """The words of the messages whose commits were told."""
    return [event.message.text for event in events if isinstance(event, MessageCommitted)]


def texts(messages: Iterable[Message]) -> list[str]:
    return [message.text for message in messages]

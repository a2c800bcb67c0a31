"""What is around the session on view: the list of sessions, other instances, what was found."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from conduit_tui.catalog.catalog import is_listening
from conduit_tui.core.errors import ConduitError, StorageError
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.core.summary import SessionOrder
from conduit_tui.providers.addresses import host_and_port
from conduit_tui.tui.found import found
from conduit_tui.tui.welcome import OllamaHere, welcome
from conduit_tui.tui.widgets.session_list import SessionList
from conduit_tui.tui.widgets.sidebar import Sidebar

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

LOAD_AFTER_SECONDS = 1.0
ASK_AFTER_SECONDS = 5.0
FIRST_SESSIONS = 200
"""More than a screen shows; of 10,000 the rest is read when the start is over."""

REST_AFTER_SECONDS = 0.3


class Surroundings:
    """Looks around for the chat screen. `notices` are words about the start."""

    def __init__(self, screen: "ChatScreen", notices: tuple[str, ...]) -> None:
        self._screen = screen
        self._ollama: OllamaHere | None = None
        self._has_listed = False
        self._has_looked = False  # the first look also finds what came while the screen opened
        self.notices = notices

    def instead_of_messages(self) -> Content:
        """What stands where no message is in sight: a welcome, or how to get them back."""
        screen = self._screen
        if not screen.session.absences:
            return self.welcome()
        undo = screen.keymap.hint("undo") or "/undo"
        return Content(
            "Everything here was pruned.\n\n"
            f"{undo} in NORMAL takes that back; /pruned lists what is in the trash.\n"
            "What you write now begins anew."
        )

    def welcome(self) -> Content:
        """What an empty session shows."""
        screen = self._screen
        model = screen.controller.model_of(screen.session)
        endpoints = screen.controller.models.endpoints
        return welcome(
            found(screen.settings, endpoints, model, self._ollama, self.notices),
            screen.keymap,
        )

    async def look_for_ollama(self) -> None:
        """See whether an Ollama runs, then which models it has; the welcome tells."""
        models = self._screen.controller.models
        endpoint = models.endpoints.get("ollama")
        if endpoint is None or not await is_listening(endpoint.base_url):
            return
        url = endpoint.base_url
        self._found_ollama(self._ollama or OllamaHere(host_and_port(url)))
        if endpoint.kind != "ollama":
            return
        try:
            facts = await models.list_models("ollama")
        except ConduitError:
            return  # something else listens there, or its address is not one of a web server
        version = await models.version("ollama")
        names = tuple(each.name for each in facts)
        self._found_ollama(OllamaHere(host_and_port(url), version, names))

    def note_of(self, provider: str) -> str:
        """What the model picker says of a provider besides its models."""
        return self._ollama.words if provider == "ollama" and self._ollama else ""

    def _found_ollama(self, ollama: OllamaHere) -> None:
        screen = self._screen
        if ollama != self._ollama:
            self._ollama = ollama
            if screen.session.leaf_id is None:
                screen.refresh_path()

    async def learn_models(self) -> None:
        """Bring in the tools and what is known of models, then ask servers for lists that are old.

        It waits until the start is over: both take time that keys would wait for.
        """
        models = self._screen.controller.models
        await asyncio.sleep(LOAD_AFTER_SECONDS)
        await self._screen.controller.tooling.load(self._screen.session)
        await models.load()
        self._screen.refresh_status()
        await asyncio.sleep(ASK_AFTER_SECONDS)
        await models.refresh()

    async def load_sessions(self) -> None:
        """Read the list of sessions; at the start first those at its top."""
        screen = self._screen
        try:
            order = await screen.listed.order()
            if not self._has_listed and order == "changed":
                await self._list_sessions(order, FIRST_SESSIONS)
                await asyncio.sleep(REST_AFTER_SECONDS)
            self._has_listed = True
            await self._list_sessions(order)
        except StorageError as error:
            screen.say_problem(str(error))

    async def _list_sessions(self, order: SessionOrder, limit: int | None = None) -> None:
        screen = self._screen
        summaries = await screen.controller.shelf.summaries(limit=limit)
        if not screen.is_gone:
            now = datetime.now(UTC).astimezone()
            screen.query_one(SessionList).show(summaries, screen.session.id, now, order)
            screen.query_one(Sidebar).name_order(order)

    def mark_sessions(self) -> None:
        """Mark where replies stream or ended unseen; called often, it paints only what changed."""
        screen = self._screen
        streaming = frozenset(turn.session_id for turn in screen.controller.running())
        screen.query_one(SessionList).mark_replies(
            streaming, screen.unseen.sessions, screen.calls_shown.asking_sessions()
        )

    async def remember_open(self) -> None:
        """Have this session reopened at the next start."""
        try:
            await self._screen.controller.shelf.keep_open(self._screen.session)
        except StorageError as error:
            self._screen.say_problem(str(error))

    async def look_for_others(self) -> None:
        """Take in what another instance on the same file wrote, while the terminal has focus."""
        screen = self._screen
        shelf = screen.controller.shelf
        try:
            if not screen.application.app_focus:
                return
            is_first, self._has_looked = not self._has_looked, True
            if not await shelf.changed_elsewhere() and not is_first:
                return
            session = screen.session
            await shelf.whole(session)
            before = dict(session.marks), dict(session.absences), session.title
            left_id = session.leaf_id
            added = await screen.controller.structure.take_in(session)
            _follow(session, added)
            if added or before != (dict(session.marks), dict(session.absences), session.title):
                screen.turns_shown.branch_changed(session.id)
            if session is screen.session and left_id and not session.is_visible(left_id):
                undo = screen.keymap.hint("undo") or "/undo"
                screen.say(f"The branch on view was pruned elsewhere; {undo} brings it back.")
        except StorageError as error:
            screen.say_problem(str(error))
        else:
            screen.refresh_sessions()


def _follow(session: Session, added: Sequence[Message]) -> None:
    """Go along with what continues the branch on view, as with a message sent here."""
    for message in added:
        if message.predecessor_id == session.leaf_id and session.awaited_id is None:
            session.visit(message.id)

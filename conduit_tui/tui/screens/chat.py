"""The chat: sidebar, transcript, prompt and status bar around one session."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, ClassVar, TypeVar, cast

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.screen import ModalScreen

from conduit_tui.controller.controller import Controller
from conduit_tui.controller.turn import Turn
from conduit_tui.core.answer_text import answer_text
from conduit_tui.core.errors import StorageError
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session
from conduit_tui.core.start import Start
from conduit_tui.settings import Settings
from conduit_tui.tui.answering import Answering
from conduit_tui.tui.bringing_files import BringingFiles
from conduit_tui.tui.calls_at_work import CallsAtWork
from conduit_tui.tui.calls_shown import CallsShown
from conduit_tui.tui.chat_actions import ChatActions
from conduit_tui.tui.chat_commands import ChatCommands
from conduit_tui.tui.chat_extracts import ChatExtracts
from conduit_tui.tui.chat_params import ChatParams
from conduit_tui.tui.chat_search import ChatSearch
from conduit_tui.tui.chat_usage import ChatUsage
from conduit_tui.tui.comparing import Comparing
from conduit_tui.tui.composer import Composer
from conduit_tui.tui.endings import Endings
from conduit_tui.tui.exploring import Exploring
from conduit_tui.tui.finding import Finding
from conduit_tui.tui.kept_drafts import KeptDrafts
from conduit_tui.tui.key_reading import KeyReading
from conduit_tui.tui.keymap import Keymap
from conduit_tui.tui.listed_sessions import ListedSessions
from conduit_tui.tui.live import LiveReplies
from conduit_tui.tui.meter import Meter
from conduit_tui.tui.modes import ChatMode, Modes
from conduit_tui.tui.notices import Notices
from conduit_tui.tui.path_shown import PathShown
from conduit_tui.tui.places import Places
from conduit_tui.tui.pulls import Pulls
from conduit_tui.tui.screens.chat_posts import ChatPosts
from conduit_tui.tui.screens.doorway import TypedAhead
from conduit_tui.tui.side import Side
from conduit_tui.tui.slash import COMMANDS
from conduit_tui.tui.status import Status
from conduit_tui.tui.surroundings import Surroundings
from conduit_tui.tui.target import Target
from conduit_tui.tui.trusting import Trusting
from conduit_tui.tui.turn_watch import TurnWatch
from conduit_tui.tui.turns_shown import TurnsShown
from conduit_tui.tui.unseen import KeptUnseen, Unseen
from conduit_tui.tui.whole_session import WholeSession
from conduit_tui.tui.widgets.command_line import CommandLine
from conduit_tui.tui.widgets.find_line import FindLine
from conduit_tui.tui.widgets.message_preview import PreviewPane
from conduit_tui.tui.widgets.message_tree import MessageTree
from conduit_tui.tui.widgets.prompt import Prompt
from conduit_tui.tui.widgets.pull_line import PullLine
from conduit_tui.tui.widgets.reason_line import ReasonLine
from conduit_tui.tui.widgets.sidebar import Sidebar
from conduit_tui.tui.widgets.status_bar import StatusBar
from conduit_tui.tui.widgets.title_line import TitleLine
from conduit_tui.tui.widgets.transcript import Transcript

T = TypeVar("T")

WATCH_SECONDS = 2.0
STACKED_BELOW = 100
"""Columns under which the explorer's preview stands below the tree."""


class ChatScreen(ChatPosts):
    """One session on view; keys go through the keymap to `ChatActions`."""

    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (STACKED_BELOW, "-wide")]  # noqa: RUF012

    mode: reactive[ChatMode] = reactive("insert", init=False)

    def __init__(
        self,
        controller: Controller,
        settings: Settings,
        keymap: Keymap,
        session: Session,
        start: Start,
        notices: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.typed_ahead = TypedAhead()
        self._start = start
        self.controller = controller
        self.settings = settings
        self.keymap = keymap
        self.session = session
        self.live = LiveReplies()
        self.notices = Notices(self)
        self.endings = Endings(self)
        self.turns_shown = TurnsShown(self)
        self.calls = CallsAtWork()
        self.calls_shown = CallsShown(self, self.calls)
        self.answering = Answering(self)
        self.watch_turns = TurnWatch(self.live, self.calls, self.turns_shown)
        self.composer = Composer(self)
        self.drafts = KeptDrafts(self)
        self.target = Target(self)
        self.search = ChatSearch(self)
        self.keys = KeyReading(self)
        self.modes = Modes(self)
        self.places = Places(self)
        self.unseen = Unseen(self._dots_changed)
        self.kept_unseen = KeptUnseen(controller.shelf, self.unseen)
        self.actions = ChatActions(self)
        self.trusting = Trusting(self)
        self.commands = ChatCommands(self)
        self.finding = Finding(self)
        self.side = Side(self)
        self.exploring = Exploring(self)
        self.comparing = Comparing(self)
        self.extracts = ChatExtracts(self)
        self.files = BringingFiles(self)
        self.whole = WholeSession(self)
        self.path_shown = PathShown(self)
        self.status = Status(self)
        self.meter = Meter(self)
        self.usage = ChatUsage(self)
        self.params = ChatParams(self)
        self.surroundings = Surroundings(self, notices)
        self.listed = ListedSessions(self)
        self.pulls = Pulls(self)

    def compose(self) -> ComposeResult:
        """Sidebar beside transcript and prompt, the status bar below all."""
        with Horizontal(id="body"):
            yield Sidebar()
            with Vertical(id="main"):
                yield TitleLine()
                yield Transcript()
                yield Prompt()
            yield PreviewPane()
        yield CommandLine([command.name for command in COMMANDS])
        yield FindLine()
        yield ReasonLine()
        yield PullLine()
        yield StatusBar()

    async def on_mount(self) -> None:
        """Show the session and give the prompt the keys."""
        self.controller.on_notice(self.say_problem)
        self.controller.titles.on_titled = self.titled
        self.composer.set_up()
        self.side.fit(self.application.size.width)
        self.prompt.focus()
        self.run_worker(self.surroundings.look_for_ollama(), group="look")
        self.run_worker(self.surroundings.learn_models(), group="models")
        self.set_interval(WATCH_SECONDS, self.surroundings.look_for_others)
        self.watch(self.application, "app_focus", self.endings.focus_changed, init=False)
        self.watch(self.message_tree, "cursor", self.refresh_status, init=False)
        await self._begin()

    async def _begin(self) -> None:
        """Show the first session with what was brought along, and send it if it is complete."""
        start, notices = self._start, self.surroundings.notices
        self.prompt.load(*self.typed_ahead.unsent)
        if start.is_bare or start.continue_last:
            await self.drafts.load_unsent()
        self.refresh_path(keep_position=False)
        self.refresh_sessions()
        if self.session.leaf_id is not None or not start.is_bare:
            self.notices.say_of_start(notices)
        self.composer.bring(start)
        for text, attachments in self.typed_ahead.sent:
            self.composer.sent(text, attachments)
        self.whole.read()
        self.run_worker(self._recall_dots, group="unseen")
        self.run_worker(self.trusting.ask_at_start, group="trust")
        await self.surroundings.remember_open()

    async def leave(self, return_code: int = 0) -> None:
        """Keep what is typed and end the app; the controller then keeps what streams."""
        self.composer.stop_reading()
        await self.drafts.save_all()
        self.application.exit(return_code=return_code)

    def last_reply(self) -> str:
        """The words of the last reply on the path on view, or nothing."""
        path = self.session.path(self.session.leaf_id)
        return next((answer_text(each) for each in reversed(path) if _is_answer(each)), "")

    # What is on the screen

    @property
    def application(self) -> App[None]:
        """The app; Textual leaves the type of an app's result open."""
        return cast("App[None]", self.app)  # pyright: ignore[reportUnknownMemberType]

    @property
    def marked_id(self) -> str | None:
        """The message that was marked to be put elsewhere in the tree."""
        return self.actions.copies.marked_id

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment the program was started in."""
        return self.settings.environ

    @property
    def transcript(self) -> Transcript:
        """The visible path."""
        return self.query_one(Transcript)

    @property
    def prompt(self) -> Prompt:
        """Where one types."""
        return self.query_one(Prompt)

    @property
    def selected_text(self) -> str:
        """What is selected in the prompt or in the transcript."""
        return self.prompt.selected_text or self.get_selected_text() or ""

    @property
    def message_tree(self) -> MessageTree:
        """The whole session."""
        return self.query_one(MessageTree)

    async def show_session(self, session: Session, *, keep_unsent: bool = True) -> None:
        """Put another session on view; what is typed stays with the one that is left."""
        self.finding.end()
        left, unsent = self.session, self.drafts.take_unsent()
        self.session = session  # before anything is awaited: what is typed from now on is its own
        self.refresh_path(keep_position=False)
        self.whole.read()
        if keep_unsent:  # also if the next session is opened meanwhile, which cancels this
            await asyncio.shield(self.drafts.keep_unsent(left, *unsent))
        await self.surroundings.remember_open()
        if self.session is session:
            await self.drafts.load_unsent()
        self.refresh_sessions()

    @property
    def is_gone(self) -> bool:
        """Whether its widgets are not there: work of its own may end while it is taken down."""
        return not (self.query(TitleLine) and self.query(StatusBar))

    def when_whole(self, act: Callable[[], None]) -> None:
        """Act now, or, while the rest of a long session is still being read, right after that."""
        self.whole.act_when_here(act)

    def refresh_path(self, *, keep_position: bool = True) -> None:
        """Show the path to the leaf as it is now, with all that depends on it."""
        if not self.is_gone:
            self.path_shown.refresh(keep_position=keep_position)

    def refresh_status(self) -> None:
        """Show title, model, counts, marks of sessions and what the next press does."""
        if self.is_gone:
            return
        model = self.controller.model_of(self.session)
        self.query_one(TitleLine).show(self.session.title, model)
        self.query_one(StatusBar).show(self.status.view(model))
        self.surroundings.mark_sessions()

    def _dots_changed(self, session_id: str) -> None:
        self.run_worker(partial(self.kept_unseen.keep, session_id), group="unseen")

    async def _recall_dots(self) -> None:
        if await self.kept_unseen.load():
            self.refresh_path()

    def titled(self, session: Session) -> None:
        """A session has another title."""
        if session is self.session:
            self.refresh_status()
        self.refresh_sessions()

    def refresh_sessions(self) -> None:
        """Read the list of sessions again."""
        # The method, not its coroutine: one that is called off before it began is never awaited.
        self.run_worker(self.surroundings.load_sessions, group="sessions", exclusive=True)

    def say(self, words: str) -> None:
        """Tell the person something in passing."""
        self.notices.say(words)

    def say_problem(self, words: str) -> None:
        """Tell the person what went wrong and what to do."""
        self.notices.say_problem(words)

    async def ask(self, dialog: "ModalScreen[T]") -> "T | None":
        """Open a dialog and return its answer, None if it was left."""
        return await self.application.push_screen_wait(dialog)

    def store(self, storing: Coroutine[Any, Any, object]) -> None:
        """Store what was done already; the person is told if it fails."""
        self.run_worker(self._store(storing), group="store")

    async def _store(self, storing: Coroutine[Any, Any, object]) -> None:
        try:
            await storing
        except StorageError as error:
            self.say_problem(f"Not saved: {error}")

    def is_on_view(self, session: Session, message_id: str) -> bool:
        """Whether a message is on the path on view."""
        path = session.path(session.leaf_id) if session is self.session else ()
        return any(message.id == message_id for message in path)

    # Turns

    def follow(self, turn: Turn, session: Session, *, keep_position: bool = False) -> None:
        """Show a turn that was started here as it goes; the view goes to its end, or stays."""
        work = self.watch_turns.follow(turn, session, self.composer.turn_over)
        self.run_worker(work, group="turns")
        if session is self.session:
            self.refresh_path(keep_position=keep_position)
        else:
            self.refresh_status()

    # Modes and keys

    def watch_mode(self, mode: ChatMode) -> None:
        """Give the keys to whom they belong in this mode."""
        self.modes.entered(mode)

    async def on_key(self, event: events.Key) -> None:
        """Look a key up that no widget has taken."""
        await self.keys.take(event)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click into the prompt, the transcript or the tree changes the mode as a key would."""
        self.modes.focus_moved(event.widget)

    def on_screen_resume(self) -> None:
        """A dialog was closed: what is pressed right after that was meant for it."""
        self.answering.come_back()

    def on_resize(self, event: events.Resize) -> None:
        """Hide the sidebar where there is no room for it."""
        self.side.fit(event.size.width)


def _is_answer(message: Message) -> bool:
    return message.role == "assistant" and bool(message.text.strip() or message.structured)

"""Tells a person who does not look that a reply has ended.

While the terminal has no focus, the terminal itself calls. A reply that ended on another branch
or in another session is named on the screen, at the latest when the focus comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message as TextualMessage
from textual.timer import Timer

from conduit_tui.controller.turn import Turn
from conduit_tui.core.clean import clean_line
from conduit_tui.core.consent import Approval
from conduit_tui.core.errors import StreamInterrupted
from conduit_tui.core.events import TurnEnded
from conduit_tui.core.session import Session
from conduit_tui.tui.terminal_notice import terminal_notice
from conduit_tui.tui.widgets.fitting import fit

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

GATHER_SECONDS = 0.3
"""Turns that end within this time of each other are told as one."""

LONGEST_MODEL = 32
LONGEST_TITLE = 48


class TerminalCalled(TextualMessage):
    """The terminal is to be sent bytes that call the person, between two frames."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data


@dataclass(frozen=True, slots=True)
class Ending:
    """A turn that is over. `words` are who and how: `sonnet answered`.

    One with an `approval_id` is no end: `run_shell asks`.
    """

    session: Session
    last_id: str | None
    words: str
    approval_id: str | None = None


def ending_words(endings: Sequence[Ending], here: Session | None = None) -> str:
    """Return `sonnet answered in "Explain Raft"`, or how many replies ended.

    Of the session `here`, which is on view, no title needs telling: it is on another branch.
    """
    asking = [each for each in endings if each.approval_id is not None]
    endings = asking or endings
    several = f"{len(endings)} {'tools ask' if asking else 'replies ended'}"
    words = endings[0].words if len(endings) == 1 else several
    if all(each.session is here for each in endings):
        return f"{words} on {'another branch' if len(endings) == 1 else 'other branches'}"
    titles = {clean_line(each.session.title) for each in endings}
    title = titles.pop() if len(titles) == 1 else ""
    return f'{words} in "{fit(title, LONGEST_TITLE)}"' if title else words


class Endings:
    """Gathers the turns that ended, and tells of them once."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._to_call: list[Ending] = []
        self._to_say: list[Ending] = []
        self._timer: Timer | None = None

    def turn_ended(self, turn: Turn, session: Session, event: TurnEnded) -> None:
        """Take note of the end of a turn; one that the person cancelled needs no words."""
        if event.reason == "interrupted":
            return
        ending = Ending(session, turn.last_id, self._words(turn, session, event))
        if not self._has_focus or self._screen.settings.notify_when == "always":
            self._to_call.append(ending)
        is_seen = self._has_focus and self._is_on_view(ending)
        if not self._tells_failure(turn, session, event) and not is_seen:
            self._to_say.append(ending)
        if self._timer is None:
            self._timer = self._screen.set_timer(GATHER_SECONDS, self._tell)

    def asked(self, session: Session, approval: Approval) -> None:
        """Take note that a tool waits for an answer."""
        words = f"{fit(clean_line(approval.act.tool), LONGEST_MODEL)} asks"
        ending = Ending(session, approval.message_id, words, approval.id)
        if not self._has_focus or self._screen.settings.notify_when == "always":
            self._to_call.append(ending)
        if not (self._has_focus and self._is_on_view(ending)):
            self._to_say.append(ending)
        if self._timer is None:
            self._timer = self._screen.set_timer(GATHER_SECONDS, self._tell)

    def focus_changed(self, has_focus: bool) -> None:
        """Say what ended elsewhere meanwhile."""
        if has_focus:
            self._screen.answering.come_back()
        if has_focus and self._timer is None:
            self._say()

    @property
    def _has_focus(self) -> bool:
        """Whether the terminal has the focus; one that does not tell counts as having it."""
        return self._screen.application.app_focus

    def _tells_failure(self, turn: Turn, session: Session, event: TurnEnded) -> bool:
        """Say what failed, unless a message in the transcript tells it."""
        if event.error is None:
            return False
        last = session.get(turn.last_id)
        is_in_message = last is not None and last.error is not None
        if is_in_message and session is self._screen.session:
            return False
        self._screen.say_problem(str(event.error))
        return True

    def _tell(self) -> None:
        self._timer = None
        called, self._to_call = self._still(self._to_call), []
        if called:
            screen = self._screen
            data = terminal_notice(screen.settings.notify, ending_words(called), screen.environ)
            if data:
                screen.post_message(TerminalCalled(data))
        self._say()

    def _say(self) -> None:
        self._to_say = [each for each in self._still(self._to_say) if not self._is_on_view(each)]
        if self._to_say and self._has_focus:
            self._screen.say(ending_words(self._to_say, self._screen.session))
            self._to_say = []

    def _still(self, endings: Sequence[Ending]) -> list[Ending]:
        """Those of which there is still something to tell: a question may be answered by now."""
        waiting = {each.id for each in self._screen.controller.tooling.open_approvals()}
        return [each for each in endings if each.approval_id in (None, *waiting)]

    def _is_on_view(self, ending: Ending) -> bool:
        last_id = ending.last_id
        return last_id is not None and self._screen.is_on_view(ending.session, last_id)

    def _words(self, turn: Turn, session: Session, event: TurnEnded) -> str:
        last = session.get(turn.last_id)
        name = last.model if last is not None and last.role == "assistant" else None
        model = clean_line(name or self._screen.controller.model_of(session))
        return f"{fit(model, LONGEST_MODEL)} {_how(event)}"


def _how(event: TurnEnded) -> str:
    if event.reason == "max_steps":
        return "stopped at the limit of steps"
    if event.error is None:
        return "answered"
    return "broke off" if isinstance(event.error, StreamInterrupted) else "failed"

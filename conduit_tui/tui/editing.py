"""Writing a message anew in the prompt: what makes a sibling of it, answered or not."""

from typing import TYPE_CHECKING

from conduit_tui.core.answer_text import words_of
from conduit_tui.core.message import Attachment, Message
from conduit_tui.core.params import ParamChanges

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

Attachments = tuple[Attachment, ...]

GONE = "What it belongs to was pruned, so it can have no sibling. Esc leaves the edit."
SENDING = ": sending makes a sibling · Esc leaves"
KEEPING = (
    " without sending: Enter keeps it as a sibling · Esc leaves",
    " without sending: Enter keeps it · Esc leaves",
    " without sending: Enter keeps it",
)
"""What stands above the prompt, in longer and in shorter words."""

NO_VALUES_HERE = "Nobody answers here, so the values would change nothing. Leave /with out."


class Editing:
    """The message that is written anew: `message_id`, None while none is.

    `is_quiet`: the sibling is kept, and nobody is asked. `set_aside` is what was in the prompt.
    """

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self.set_aside: tuple[str, Attachments] = ("", ())
        self.message_id: str | None = None
        self.is_quiet = False
        self._began_reading = False

    def begin(self, message: Message, *, is_quiet: bool = False) -> None:
        """Bring a message's text into the prompt; Enter makes a sibling."""
        screen, prompt = self._screen, self._screen.prompt
        if self.message_id is None:
            self.set_aside = (prompt.text, tuple(prompt.attachments))
            self._began_reading = screen.mode == "normal"
        self.message_id, self.is_quiet = message.id, is_quiet
        ids = screen.live.sibling_ids(screen.session, message.predecessor_id)
        where = f"Editing {ids.index(message.id) + 1}/{len(ids)}"
        prompt.editing = _fitting(where, prompt.size.width - 2) if is_quiet else where + SENDING
        prompt.load(words_of(message), message.attachments)
        screen.mode = "insert"
        screen.refresh_status()

    def leave(self) -> None:
        """Stop editing and bring back what was typed before."""
        if self.message_id is None:
            return
        self.message_id = None
        self._screen.prompt.editing = None
        self._screen.prompt.load(*self.set_aside)
        self.set_aside = ("", ())

    def give_up(self) -> None:
        """Stop editing, and go back to the messages if the edit began there."""
        self.leave()
        self._read_on()
        self._screen.refresh_status()

    def leave_lost(self) -> None:
        """Stop editing a message that is out of sight now; the text stays in the prompt."""
        edited, prompt = self.message_id, self._screen.prompt
        session = self._screen.session
        if edited is None or (edited in session and session.is_visible(edited)):
            return
        text, attachments = prompt.text, tuple(prompt.attachments)
        self.leave()
        if not prompt.text and not prompt.attachments:
            prompt.load(text, attachments)
        elif text.strip():
            self._screen.composer.remember(text)

    def objection(self, params: ParamChanges) -> str:
        """Why no sibling can be made of what was edited, in words, or nothing."""
        if self.message_id is None:
            return ""
        session = self._screen.session
        message = session.get(self.message_id)
        above = message.predecessor_id if message else None
        if message is None or (above is not None and not session.is_visible(above)):
            return GONE
        return NO_VALUES_HERE if self.is_quiet and params else ""

    def sent(self, text: str, attachments: Attachments, params: ParamChanges) -> None:
        """Make the sibling and go to it; what was typed before is back in the prompt."""
        message_id = self.message_id
        assert message_id is not None
        self.leave()
        screen = self._screen
        session, controller = screen.session, screen.controller
        if self.is_quiet:
            storing = controller.put_beside(session, message_id, text, attachments)
            screen.refresh_path(keep_position=False)
            screen.store(storing)
            self._read_on()
        else:
            turn = controller.edit(session, message_id, text, attachments, params=params)
            screen.follow(turn, session)

    def _read_on(self) -> None:
        if self._began_reading:
            self._screen.mode = "normal"

    @property
    def is_changed(self) -> bool:
        """Whether the prompt holds other words than the message."""
        message = self._screen.session.get(self.message_id)
        return message is None or self._screen.prompt.text != words_of(message)


def _fitting(where: str, width: int) -> str:
    return next((where + each for each in KEEPING if len(where + each) <= width), where)

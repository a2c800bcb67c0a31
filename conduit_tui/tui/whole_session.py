"""Long sessions: the end of one is on view at once, and the rest is read behind it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from conduit_tui.core.errors import StorageError
from conduit_tui.core.session import Session

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class WholeSession:
    """Brings in what lies above the end of the session on view, for what needs all of it."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    def read(self) -> None:
        """Bring in the rest of a long session, once its end is on the screen."""
        if not self._screen.session.is_whole:
            self._screen.call_after_refresh(self.act_when_here, self._screen.refresh_path)

    def act_when_here(self, act: Callable[[], None]) -> None:
        """Act now, or, while the rest is still being read, right after that."""
        session = self._screen.session
        if session.is_whole:
            act()
        else:
            self._screen.run_worker(partial(self._read_and_act, session, act), group="rest")

    async def _read_and_act(self, session: Session, act: Callable[[], None]) -> None:
        screen = self._screen
        try:
            await screen.controller.shelf.whole(session)
        except StorageError as error:
            screen.say_problem(f"Only the end of this session could be read. {error}")
        else:
            if session is screen.session:
                act()

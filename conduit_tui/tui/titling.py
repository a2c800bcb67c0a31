"""Names sessions as a person wants it: by hand, or by a model once more."""

from typing import TYPE_CHECKING

from conduit_tui.core.session import Session

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

AUTO = "auto"
"""What asks for a generated title; so does an empty one."""

LONGEST_TITLE = 200


class Titling:
    """Gives sessions titles for the chat screen, whether they are on view or not."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def name(self, session: Session, title: str) -> None:
        """Give a session a title; an empty one or `auto` has a model find one. StorageError."""
        title = " ".join(title[:LONGEST_TITLE].split())
        if title and title.lower() != AUTO:
            storing = self._screen.controller.structure.rename(session, title)
            self._screen.refresh_status()  # not after storing: what is on view follows the key
            await storing
            self._screen.refresh_sessions()
        else:
            await self._name_by_itself(session)

    async def _name_by_itself(self, session: Session) -> None:
        screen = self._screen
        await screen.controller.shelf.whole(session)
        model = screen.controller.model_of(session)
        is_asked = await screen.controller.titles.ask_again(session, model)
        screen.titled(session)
        if is_asked:
            screen.say("A model is asked for a title.")
        elif session.title:
            screen.say("No model is asked here; the first words are the title.")
        else:
            screen.say("The first words will be the title.")

"""Where `ask` goes on: in a session, below a message of it."""

from dataclasses import dataclass

from conduit_tui.commands.lookup import find_messages
from conduit_tui.commands.question import UsageMistake
from conduit_tui.controller.controller import Controller
from conduit_tui.core.address import is_range, short_id
from conduit_tui.core.errors import StorageError
from conduit_tui.core.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """A session, and the message to go on from; None: its leaf."""

    session: Session
    after: str | None = None


async def find_place(controller: Controller, address: str, named: str | None) -> Place:
    """Find the message at an address in the session that is named, or was open last.

    Raises UsageMistake and UnknownAddress, and StorageError without a history.
    """
    if not controller.is_saving:
        raise StorageError("The history is out of reach, so there is no message to go on from.")
    if is_range(address):
        raise UsageMistake("--at takes one message, not a path.")

    async def load(session_id: str) -> Session | None:
        session = await controller.shelf.open(session_id)
        if session is not None:
            await controller.shelf.whole(session)
        return session

    session, (message,) = await find_messages(controller.shelf, load, address, named)
    if not session.is_visible(message.id):
        raise UsageMistake(
            f"{short_id(message.id)} was pruned: what is said below it would be out of sight. "
            "Bring it back first."
        )
    return Place(session, message.id)

"""Which session the screen begins with."""

from conduit_tui.controller.controller import Controller
from conduit_tui.core.errors import UnknownModel
from conduit_tui.core.session import Session
from conduit_tui.core.start import Start


async def first_session(controller: Controller, start: Start) -> Session:
    """The last session, or a new one for what was brought along. Raises StorageError.

    What the command line named is taken over into it.
    """
    reopen = start.is_bare or start.continue_last
    session = await controller.shelf.open_last() if reopen else None
    if session is None:
        session = controller.shelf.new()
    if start.model is not None:
        try:
            await controller.shelf.set_model(session, start.model)
        except UnknownModel:
            session.model = None  # told among the notices; the default is used
    if start.system_prompt is not None:
        session.system_prompt = start.system_prompt
    return session

"""Opens the chat: the store, the first session, the screen. Brings in most of the program."""

from contextlib import AsyncExitStack

from conduit_tui.controller.controller import Controller
from conduit_tui.core.errors import StorageError, UnknownModel
from conduit_tui.core.session import Session
from conduit_tui.core.start import Start
from conduit_tui.runtime import open_controller
from conduit_tui.settings import Settings
from conduit_tui.tui.own_keys import load_keymap
from conduit_tui.tui.screens.chat import ChatScreen


async def open_chat(
    settings: Settings, start: Start, notices: tuple[str, ...], stack: AsyncExitStack
) -> ChatScreen:
    """The chat screen on its first session; leaving the stack closes the store."""
    controller = await stack.enter_async_context(
        open_controller(settings, save=start.save, titles=True, has_person=True)
    )
    try:
        session = await _first_session(controller, start)
    except StorageError as error:
        notices = (*notices, str(error))
        session = controller.shelf.new()
    keymap = load_keymap(settings.keys)
    notices = (*controller.notices, *notices, *keymap.notices)
    return ChatScreen(controller, settings, keymap, session, start, notices)


async def _first_session(controller: Controller, start: Start) -> Session:
    """The last session, or a new one for what was brought along.

    What the command line named is taken over into it.
    """
    reopen = start.is_bare or start.continue_last
    last = await controller.shelf.open_last() if reopen else None
    session = controller.shelf.new() if last is None else last
    if start.model is not None:
        try:
            await controller.shelf.set_model(session, start.model)
        except UnknownModel:
            session.model = None  # told among the notices; the default is used
    if start.system_prompt is not None:
        session.system_prompt = start.system_prompt
    if start.params:
        params = controller.params_of(session).changed(start.params)
        if last is None:
            session.params = params  # written with the session
        else:
            await controller.shelf.set_params(last, params)
    return session

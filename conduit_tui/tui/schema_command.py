"""`/schema`: has a session's answers be values of a shape, until it is switched off."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from conduit_tui.controller.schemas import read_schema
from conduit_tui.core.json_text import as_block

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

OFF = "off"


async def set_schema(screen: "ChatScreen", written: str) -> None:
    """Set what is written, take it away for `off`, or show what is set for nothing.

    Raises SettingsError for what is no schema, and StorageError.
    """
    session = screen.session
    params = screen.controller.params_of(session)
    if not written:
        _show(screen)
        return
    if written.lower() == OFF:
        await screen.controller.shelf.set_params(session, replace(params, schema=None))
        screen.say("Answers are words again.")
    else:
        schema, notes = await asyncio.to_thread(read_schema, written)
        await screen.controller.shelf.set_params(session, replace(params, schema=schema))
        screen.say(f"Answers are JSON of the shape {schema.name!r} until /schema off.")
        if notes:
            screen.say_problem("\n".join(notes[:5]))
    screen.refresh_status()


def _show(screen: "ChatScreen") -> None:
    schema = screen.controller.params_of(screen.session).schema
    if schema is None:
        screen.say("No schema is set. Write one as in /schema name, age int, tags list.")
    else:
        screen.commands.show_text(f"Schema {schema.name}", as_block(schema.shape))

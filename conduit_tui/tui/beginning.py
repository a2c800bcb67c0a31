"""What the screen begins with: the last session, or a new one with what was brought along."""

import asyncio
import os

from conduit_tui.controller.controller import Controller
from conduit_tui.core.errors import UnknownModel
from conduit_tui.core.message import Attachment
from conduit_tui.core.session import Session
from conduit_tui.core.start import Start

MOST_PIPED_BYTES = 16 * 1024 * 1024
_CHUNK_BYTES = 1 << 16


async def first_session(controller: Controller, start: Start) -> Session:
    """The session to open; what the command line named is taken over. Raises StorageError."""
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


async def read_pipe(descriptor: int) -> tuple[Attachment | None, str]:
    """Read what was piped in, to its end; returns it as an attachment, and words on a cut.

    A pipe that brought nothing gives None. The descriptor is closed.
    """
    data, was_cut = await asyncio.to_thread(_read_all, descriptor)
    if not data:
        return None, ""
    words = f"stdin was cut at {MOST_PIPED_BYTES // 2**20} MB." if was_cut else ""
    return Attachment("text/plain", data, "stdin"), words


def _read_all(descriptor: int) -> tuple[bytes, bool]:
    chunks: list[bytes] = []
    size = 0
    with os.fdopen(descriptor, "rb", buffering=0) as pipe:
        while size <= MOST_PIPED_BYTES and (chunk := pipe.read(_CHUNK_BYTES)):
            chunks.append(chunk)
            size += len(chunk)
    return b"".join(chunks)[:MOST_PIPED_BYTES], size > MOST_PIPED_BYTES

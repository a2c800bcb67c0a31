"""Files on their way into the prompt: read in a thread, while one goes on typing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conduit_tui.tui.widgets.files import CannotAttach, read_fitted

if TYPE_CHECKING:
    from textual.widget import Widget

    from conduit_tui.core.message import Attachment


class FileReading:
    """Reads files for a widget, whose workers do it. Sending waits for what is being read.

    `attach` takes what was read, `say` words about it; `send` is called when what `wait_to_send`
    was told to wait for is there, and not if something could not be read.
    """

    def __init__(
        self,
        widget: Widget,
        directory: Path | None,
        *,
        attach: Callable[[Attachment], None],
        say: Callable[[str], object],
        send: Callable[[], None],
    ) -> None:
        self._widget = widget
        self._directory = directory
        self._attach, self._say, self._send = attach, say, send
        self._count = 0
        self._sends = False

    @property
    def directory(self) -> Path:
        """Where paths begin."""
        return self._directory or Path.cwd()

    def wait_to_send(self) -> bool:
        """Whether something is still being read; then it is sent afterwards."""
        self._sends = self._sends or bool(self._count)
        return bool(self._count)

    def attach(self, paths: Sequence[str]) -> None:
        """Attach files; what is wrong with one is told."""
        self._count += 1
        self._widget.run_worker(self._read_all(paths), group="prompt-attach")

    def attach_dropped(self, paths: Sequence[str], then: Callable[[], None]) -> None:
        """Attach files if they are all there, and call `then`; else they were only words."""
        self._count += 1
        self._widget.run_worker(self._read_dropped(paths, then), group="prompt-attach")

    async def _read_all(self, paths: Sequence[str]) -> None:
        try:
            for path in paths:
                self._attach(await self._read(path))
        except CannotAttach as error:
            self._sends = False
            self._say(str(error))
        finally:
            self._done()

    async def _read_dropped(self, paths: Sequence[str], then: Callable[[], None]) -> None:
        try:
            read = [await self._read(path) for path in paths]
        except CannotAttach:
            pass
        else:
            for attachment in read:
                self._attach(attachment)
            then()
        finally:
            self._done()

    async def _read(self, path: str) -> Attachment:
        attachment, words = await asyncio.to_thread(_read_at, self.directory, path)
        if words:
            self._say(words)
        return attachment

    def _done(self) -> None:
        self._count -= 1
        if self._sends and not self._count:
            self._sends = False
            self._send()


def _read_at(directory: Path, path: str) -> tuple[Attachment, str]:
    from conduit_tui.attachments.paths import expanded

    return read_fitted(expanded(path, directory))

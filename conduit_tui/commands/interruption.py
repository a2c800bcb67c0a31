"""Turns the first SIGINT, SIGTERM or SIGHUP into an event; a second one has its usual effect."""

import asyncio
import signal
from types import TracebackType
from typing import Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Listens while entered, inside a running loop. `signal_number` is what came, if anything."""

    def __init__(self) -> None:
        self.signal_number: int | None = None
        self._came = asyncio.Event()
        self._heard: list[int] = []

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
                loop.add_signal_handler(number, self._on_signal, number)
                self._heard.append(number)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop_listening()

    async def wait(self) -> None:
        """Wait until a signal comes."""
        await self._came.wait()

    def _on_signal(self, number: int) -> None:
        self.signal_number = int(number)
        self._came.set()
        self._stop_listening()

    def _stop_listening(self) -> None:
        loop = asyncio.get_running_loop()
        while self._heard:
            loop.remove_signal_handler(self._heard.pop())

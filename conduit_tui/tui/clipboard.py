"""Copies text to the clipboard, by the route that reaches the person's own machine.

Only ever called for a key of the person's. Nothing here waits long: a route that does not answer
in time is passed over.
"""

import asyncio
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from conduit_tui.core.clean import clean

PATIENCE_SECONDS = 2.0
SAFE_OSC52_BYTES = 74_000
"""Base64 of more than this is dropped whole by some terminals."""


class Terminal(Protocol):
    """What can write OSC 52: the app."""

    def copy_to_clipboard(self, text: str) -> None:
        """Write the text's OSC 52 sequence."""
        ...


async def copy(terminal: Terminal, text: str, environ: Mapping[str, str]) -> str:
    """Copy `text` as it is shown, free of control characters; return words for the notice.

    On this machine with a display: the desktop's own clipboard. Inside tmux: tmux, which hands it
    on. Otherwise, as over ssh: OSC 52, to which a terminal gives no answer.
    """
    text = clean(text)
    if has_desktop(environ) and await _native(text):
        return _words(text, "clipboard")
    if environ.get("TMUX") and await _tmux(text):
        return _words(text, "tmux")
    terminal.copy_to_clipboard(text)
    route = "OSC 52"
    if environ.get("TMUX"):
        route += "; tmux needs `set -g set-clipboard on`"
    elif len(text.encode()) > SAFE_OSC52_BYTES:
        route += "; some terminals refuse this much"
    return _words(text, route)


def has_desktop(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether the clipboard of this machine is the one the person pastes from."""
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return False
    if platform in {"darwin", "win32", "cygwin"}:
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))


def _words(text: str, route: str) -> str:
    count = len(text)
    return f"copied {count:,} {'character' if count == 1 else 'characters'} ({route})"


async def _native(text: str) -> bool:
    try:
        return await asyncio.wait_for(
            _in_daemon_thread(lambda: _copy_natively(text)), PATIENCE_SECONDS
        )
    except TimeoutError:
        return False


def _copy_natively(text: str) -> bool:
    """Copy and look whether it arrived: pyperclip does not ask its tools whether they failed."""
    import pyperclip

    try:
        pyperclip.copy(text)
        return pyperclip.paste().replace("\r\n", "\n") == text
    except (pyperclip.PyperclipException, OSError, UnicodeError):
        return False


async def _in_daemon_thread(work: Callable[[], bool]) -> bool:
    """Run in a thread that a hanging display server cannot make outlive the program."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bool] = loop.create_future()

    def settle(result: bool) -> None:
        if not done.done():
            done.set_result(result)

    def run() -> None:
        result = work()
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=run, name="clipboard", daemon=True).start()
    return await done


async def _tmux(text: str) -> bool:
    """Give it to tmux, which since 3.2 also passes it to the terminal outside (`-w`)."""
    try:
        process = await asyncio.create_subprocess_exec(
            "tmux",
            "load-buffer",
            "-w",
            "-",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        await asyncio.wait_for(process.communicate(text.encode()), PATIENCE_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
    return process.returncode == 0

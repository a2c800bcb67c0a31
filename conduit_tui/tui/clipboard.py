"""Copies text to the clipboard, by the route that reaches the person's own machine.

Only ever called for a key of the person's. Nothing here waits long: a route that does not answer
in time is passed over.
"""

import asyncio
import base64
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Protocol

from conduit_tui.core.clean import clean

PATIENCE_SECONDS = 2.0
SAFE_OSC52_BYTES = 74_000
"""Base64 of more than this is dropped whole by some terminals."""

_TOOLS = {
    "copy_osx_pbcopy": "pbcopy",
    "copy_osx_pyobjc": "macOS",
    "copy_wl": "wl-copy",
    "copy_xclip": "xclip",
    "copy_xsel": "xsel",
    "copy_klipper": "klipper",
    "copy_wsl": "clip.exe",
    "copy_windows": "Windows",
}
"""What people call the tools for which pyperclip has a function of this name."""


class Terminal(Protocol):
    """What can write OSC 52: the app."""

    def copy_to_clipboard(self, text: str) -> None:
        """Write the text's OSC 52 sequence, inside tmux also in its wrapping."""
        ...


async def copy(terminal: Terminal, text: str, environ: Mapping[str, str]) -> str:
    """Copy `text` as it is shown, free of control characters; return words for the notice.

    On this machine with a display: the desktop's own tool. Inside tmux: tmux, which hands it on,
    and where it does not know how, OSC 52 both to it and through it. Otherwise, as over ssh:
    OSC 52, to which a terminal gives no answer.
    """
    text = clean(text)
    if has_desktop(environ) and (tool := await _native(text)):
        return _words(text, tool)
    if environ.get("TMUX") and await _tmux(text):
        return _words(text, "tmux")
    terminal.copy_to_clipboard(text)
    route = "OSC 52"
    if environ.get("TMUX"):
        route += " through tmux; it needs `set -g allow-passthrough on`"
    elif len(text.encode()) > SAFE_OSC52_BYTES:
        route += "; some terminals refuse this much"
    return _words(text, route)


def osc_52(text: str) -> str:
    """Return the control sequence that asks a terminal to put a text into the clipboard."""
    return f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\a"


def through_tmux(sequence: str) -> str:
    """Wrap a control sequence so that tmux hands it to the terminal outside, where allowed."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


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


async def _native(text: str) -> str:
    """Copy by the desktop's own tool and return its name, or nothing if that does not work."""
    try:
        return await asyncio.wait_for(
            _in_daemon_thread(lambda: _copy_natively(text)), PATIENCE_SECONDS
        )
    except TimeoutError:
        return ""


def _copy_natively(text: str) -> str:
    """Copy and look whether it arrived: pyperclip does not ask its tools whether they failed."""
    import pyperclip

    _silence(pyperclip)
    try:
        pyperclip.copy(text)
        if pyperclip.paste().replace("\r\n", "\n") != text:
            return ""
    except (pyperclip.PyperclipException, OSError, UnicodeError, AssertionError):
        return ""
    return _TOOLS.get(getattr(pyperclip.copy, "__name__", ""), "clipboard")


def _silence(module: ModuleType) -> None:
    """Keep off the screen what a tool complains of, as xclip does when its display is gone.

    The tools inherit our standard error, which is the terminal that the screen is drawn on.
    """
    quiet = {
        name: partial(getattr(subprocess, name), stderr=subprocess.DEVNULL)
        for name in ("Popen", "call", "check_call")
    }
    vars(module)["subprocess"] = SimpleNamespace(**{**vars(subprocess), **quiet})


async def _in_daemon_thread(work: Callable[[], str]) -> str:
    """Run in a thread that a hanging display server cannot make outlive the program."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[str] = loop.create_future()

    def settle(result: str) -> None:
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

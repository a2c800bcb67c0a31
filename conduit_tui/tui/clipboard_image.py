"""Takes a picture, or files that were copied, out of the clipboard of the person's own machine.

Only by a key or command of the person's. Terminals paste text alone, so the desktop's own tools are
asked. Their output is not trusted: it is bounded in size and in time.
"""

import asyncio
import base64
import binascii
import re
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from conduit_tui.attachments.paths import split_paths
from conduit_tui.core.errors import ConduitError
from conduit_tui.tui.clipboard import has_desktop

PATIENCE_SECONDS = 6.0
MOST_BYTES = 60 * 1024 * 1024

Run: TypeAlias = Callable[[Sequence[str]], Awaitable[bytes]]
"""Runs a program and returns what it prints; nothing if it fails."""
Find: TypeAlias = Callable[[str], str | None]
"""Finds a program by name."""

_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/tiff", "image/bmp")
_FILES = "text/uri-list"
_POWERSHELL = (
    "Add-Type -AssemblyName System.Windows.Forms,System.Drawing;"
    "$i=[Windows.Forms.Clipboard]::GetImage();"
    "if($i){$m=New-Object IO.MemoryStream;$i.Save($m,[Drawing.Imaging.ImageFormat]::Png);"
    "[Console]::Out.Write([Convert]::ToBase64String($m.ToArray()))}"
)
_OSASCRIPT = "the clipboard as «class PNGf»"
_NO_IMAGE = "There is no picture in the clipboard. Copy one, or /attach a file."


@dataclass(frozen=True, slots=True)
class Found:
    """What the clipboard holds: the bytes of a picture, or paths of files."""

    data: bytes = b""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tool:
    """How a tool lists the types there are, and reads one whose name follows."""

    package: str
    list_types: tuple[str, ...]
    read: tuple[str, ...]


_WAYLAND = _Tool("wl-clipboard", ("wl-paste", "--list-types"), ("wl-paste", "--type"))
_FROM_X11 = ("xclip", "-selection", "clipboard", "-out", "-target")
_X11 = _Tool("xclip", (*_FROM_X11, "TARGETS"), _FROM_X11)


class NoImage(Exception):
    """Nothing can be had; the words say why, and what helps."""


async def image_from_clipboard(
    environ: Mapping[str, str],
    platform: str = sys.platform,
    run: Run | None = None,
    find: Find = shutil.which,
) -> Found:
    """Return what the clipboard holds. Raises NoImage, in words."""
    run = run or _run
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        raise NoImage(
            "Over ssh the clipboard of your own machine is out of reach. Copy the file to this one "
            "and /attach it."
        )
    if platform == "darwin":
        return await _macos(run, find)
    if environ.get("WSL_DISTRO_NAME") and find("powershell.exe"):
        return await _windows(run)
    if environ.get("WAYLAND_DISPLAY"):
        return await _linux(run, find, _WAYLAND)
    if environ.get("DISPLAY"):
        return await _linux(run, find, _X11)
    if has_desktop(environ, platform):
        return await _by_pillow()
    raise NoImage("There is no desktop here to take a picture from; /attach a file instead.")


async def _linux(run: Run, find: Find, tool: _Tool) -> Found:
    if not find(tool.read[0]):
        raise NoImage(
            f"Pasting a picture needs {tool.read[0]}: install {tool.package!r}, or /attach a file."
        )
    offered = (await run(tool.list_types)).decode("utf-8", "replace").split()
    wanted = next((each for each in _TYPES if each in offered), None)
    if wanted and (data := await run([*tool.read, wanted])):
        return Found(data)
    if _FILES in offered:
        listed = (await run([*tool.read, _FILES])).decode("utf-8", "replace")
        if paths := _paths_of(listed):
            return Found(paths=paths)
    raise NoImage(_NO_IMAGE)


async def _macos(run: Run, find: Find) -> Found:
    if find("pngpaste") and (data := await run(["pngpaste", "-"])):
        return Found(data)
    printed = (await run(["osascript", "-e", _OSASCRIPT])).decode("utf-8", "replace")
    if found := re.search(r"«data PNGf([0-9A-Fa-f]+)»", printed):
        with suppress(ValueError):
            return Found(bytes.fromhex(found[1]))
    raise NoImage(_NO_IMAGE)


async def _windows(run: Run) -> Found:
    command = ["powershell.exe", "-NoProfile", "-NonInteractive", "-STA", "-Command", _POWERSHELL]
    with suppress(binascii.Error):
        data = base64.b64decode(await run(command))
        if data:
            return Found(data)
    raise NoImage(_NO_IMAGE)


async def _by_pillow() -> Found:
    from conduit_tui.attachments.pictures import grabbed

    try:
        found = await asyncio.to_thread(grabbed)
    except ConduitError as error:
        raise NoImage(str(error)) from error
    if isinstance(found, bytes) and found:
        return Found(found)
    if isinstance(found, tuple) and found:
        return Found(paths=found)
    raise NoImage(_NO_IMAGE)


def _paths_of(listed: str) -> tuple[str, ...]:
    """The files of a list of addresses: one on a line, comments begin with `#`."""
    lines = (line.strip() for line in listed.splitlines())
    addresses = (line for line in lines if line.startswith("file://"))
    return tuple(path for each in addresses for path in split_paths(each))


async def _run(command: Sequence[str]) -> bytes:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=MOST_BYTES,
        )
    except OSError:
        return b""
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            data = await _read(process.stdout)
            return data if await process.wait() == 0 else b""
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _read(stream: asyncio.StreamReader) -> bytes:
    pieces: list[bytes] = []
    count = 0
    while piece := await stream.read(256 * 1024):
        pieces.append(piece)
        count += len(piece)
        if count > MOST_BYTES:
            raise TimeoutError
    return b"".join(pieces)

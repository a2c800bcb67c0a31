import asyncio
import stat
import threading
from pathlib import Path

import pyperclip
import pytest

from conduit_tui.tui import clipboard
from conduit_tui.tui.clipboard import copy, has_desktop, osc_52, through_tmux


class FakeTerminal:
    def __init__(self) -> None:
        self.copied: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)


class FakeDesktop:
    """A clipboard that is reached, is broken, loses what it is given, or never answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.text = ""
        self.fails = False
        self.loses = False
        self.released: threading.Event | None = None
        monkeypatch.setattr(pyperclip, "copy", self.copy)
        monkeypatch.setattr(pyperclip, "paste", lambda: "" if self.loses else self.text)

    def copy(self, text: str) -> None:
        if self.fails:
            raise pyperclip.PyperclipException("no xclip here")
        if self.released:
            self.released.wait(60)
        self.text = text


@pytest.fixture
def desktop(monkeypatch):
    return FakeDesktop(monkeypatch)


@pytest.fixture
def tmux(tmp_path, monkeypatch):
    """A tmux that keeps what it is given."""
    program = tmp_path / "tmux"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat > {tmp_path}/buffer\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


async def test_over_ssh_the_terminal_is_asked(desktop):
    terminal = FakeTerminal()
    words = await copy(terminal, "Raft", {"SSH_CONNECTION": "a b", "DISPLAY": ":0"})
    assert words == "copied 4 characters (OSC 52)"
    assert terminal.copied == ["Raft"]
    assert desktop.text == ""


async def test_at_a_desktop_its_own_clipboard_is_used(desktop):
    terminal = FakeTerminal()
    assert await copy(terminal, "x", {"DISPLAY": ":0"}) == "copied 1 character (clipboard)"
    assert desktop.text == "x"
    assert terminal.copied == []


async def test_the_desktops_tool_is_named(desktop: FakeDesktop, monkeypatch):
    def copy_xclip(text: str) -> None:
        desktop.text = text

    monkeypatch.setattr(pyperclip, "copy", copy_xclip)
    assert await copy(FakeTerminal(), "Raft", {"DISPLAY": ":0"}) == "copied 4 characters (xclip)"


@pytest.mark.parametrize("how", ["fails", "loses"])
async def test_a_desktop_that_does_not_take_it_is_passed_over(desktop, how):
    setattr(desktop, how, True)
    terminal = FakeTerminal()
    assert await copy(terminal, "Raft", {"DISPLAY": ":0"}) == "copied 4 characters (OSC 52)"
    assert terminal.copied == ["Raft"]


async def test_a_desktop_that_never_answers_is_not_waited_for(desktop, monkeypatch):
    monkeypatch.setattr(clipboard, "PATIENCE_SECONDS", 0.01)
    desktop.released = threading.Event()
    terminal = FakeTerminal()
    try:
        words = await copy(terminal, "Raft", {"WAYLAND_DISPLAY": "w"})
    finally:
        desktop.released.set()
        for thread in [each for each in threading.enumerate() if each.name == "clipboard"]:
            await asyncio.to_thread(thread.join)
    assert words == "copied 4 characters (OSC 52)"
    assert terminal.copied == ["Raft"]


async def test_inside_tmux_tmux_is_given_it_for_the_terminal_outside(tmux: Path):
    terminal = FakeTerminal()
    words = await copy(terminal, "two\nlines", {"TMUX": "/tmp/tmux,1,0", "SSH_TTY": "/dev/pts/1"})
    assert words == "copied 9 characters (tmux)"
    assert (tmux / "arguments").read_text() == "load-buffer -w -\n"
    assert (tmux / "buffer").read_text() == "two\nlines"
    assert terminal.copied == []


async def test_a_tmux_that_refuses_leaves_osc_52_with_what_it_needs(tmux: Path):
    (tmux / "tmux").write_text("#!/bin/sh\ncat > /dev/null\nexit 1\n")
    terminal = FakeTerminal()
    words = await copy(terminal, "Raft", {"TMUX": "x"})
    needs = "it needs `set -g allow-passthrough on`"
    assert words == f"copied 4 characters (OSC 52 through tmux; {needs})"
    assert terminal.copied == ["Raft"]


def test_a_sequence_for_the_terminal_outside_is_wrapped_for_tmux():
    assert through_tmux(osc_52("Raft")) == "\x1bPtmux;\x1b\x1b]52;c;UmFmdA==\a\x1b\\"


async def test_a_lot_of_text_is_copied_with_a_word_of_caution():
    terminal = FakeTerminal()
    words = await copy(terminal, "x" * 100_000, {})
    assert words == "copied 100,000 characters (OSC 52; some terminals refuse this much)"


async def test_nothing_that_drives_a_terminal_gets_into_the_clipboard():
    terminal = FakeTerminal()
    await copy(terminal, "a\x1b[201~rm -rf\n\tb\ud800", {})
    assert terminal.copied == ["a␛[201~rm -rf\n\tb\ufffd"]


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", True),
        ({}, "darwin", True),
        ({"SSH_TTY": "/dev/pts/0"}, "darwin", False),
    ],
)
def test_a_desktop_is_told_by_its_display(environ, platform, expected):
    assert has_desktop(environ, platform) is expected

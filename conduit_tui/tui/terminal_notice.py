"""What calls a person back to the terminal: a bell, or a notification of the desktop's.

There are three sequences for a notification and no way to ask which of them a terminal knows.
It is chosen by what terminals say of themselves in the environment:

- OSC 99, kitty's: https://sw.kovidgoyal.net/kitty/desktop-notifications/
- OSC 9, iTerm2's: https://iterm2.com/documentation-escape-codes.html; also WezTerm and Ghostty
- OSC 777, an extension of urxvt's; also foot

Others pass over a sequence they do not know, and tmux drops it unless `allow-passthrough` is on.
Wherever it is not sure that a notification is shown, the bell rings too.
"""

from collections.abc import Mapping
from typing import assert_never

from conduit_tui.core.clean import clean_line
from conduit_tui.settings.values import Notify
from conduit_tui.tui.widgets.fitting import fit

LONGEST_WORDS = 100
"""Cells of a notification's words; what is longer is cut."""

_BELL = "\a"
_TITLE = "conduit-tui"
_END = "\x1b\\"
_SHOWS_OSC_9 = {"iTerm.app", "WezTerm", "ghostty"}


def terminal_notice(notify: Notify, words: str, environ: Mapping[str, str]) -> bytes:
    """Return what the terminal is to be sent so that it tells a person `words`."""
    match notify:
        case "off":
            return b""
        case "bell":
            return _BELL.encode()
        case "notification" | "both":
            sequence, is_sure = _notification(fit(_harmless(words), LONGEST_WORDS), environ)
            bell = _BELL if notify == "both" or not is_sure else ""
            return (sequence + bell).encode()
        case _:
            assert_never(notify)


def _harmless(words: str) -> str:
    """Free of control characters, and of what parts the fields of OSC 777 and of ConEmu's OSC 9."""
    return clean_line(words).replace(";", ",")


def _notification(words: str, environ: Mapping[str, str]) -> tuple[str, bool]:
    """Return the sequence, and whether it is sure to be understood."""
    sequence, is_sure = _sequence(words, environ)
    if environ.get("TMUX"):
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}{_END}", False
    return sequence, is_sure


def _sequence(words: str, environ: Mapping[str, str]) -> tuple[str, bool]:
    terminal = environ.get("TERM", "")
    if environ.get("KITTY_WINDOW_ID") or terminal == "xterm-kitty":
        # The same id each time: a new one takes the place of the last instead of piling up.
        return f"\x1b]99;i=conduit:d=0;{_TITLE}{_END}\x1b]99;i=conduit:p=body;{words}{_END}", True
    if terminal.startswith(("foot", "rxvt")):
        return f"\x1b]777;notify;{_TITLE};{words}{_END}", terminal.startswith("foot")
    is_known = environ.get("TERM_PROGRAM") in _SHOWS_OSC_9 or terminal == "xterm-ghostty"
    over_ssh = environ.get("LC_TERMINAL") == "iTerm2"  # which iTerm2 has ssh carry along
    return f"\x1b]9;{words}{_END}", is_known or over_ssh

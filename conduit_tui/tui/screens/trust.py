"""The question whether a project may be read and obeyed."""

import time
from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.screens.confirm import Answer
from conduit_tui.tui.screens.dialog import Dialog, Frame

GRACE_SECONDS = 0.5
"""So long after the question appeared Enter was meant for something else."""

_WHAT_IT_MEANS = (
    "Trust it if you know whose it is: skills are instructions that a model may follow. Nothing "
    "in a project can set a key, the address of a server, a command or a variable."
)


_MOST_PATH_CHARACTERS = 400
"""A longer path would push the answers off the screen; where it begins and ends is shown."""


class TrustAnswer(Answer, inherit_bindings=False):
    """An answer that only Enter or a click chooses: a space may belong to what is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Choose", show=False)]


class TrustDialog(Dialog[bool]):
    """Asks about a directory, and says what is there and how it stands; True only for yes.

    What holds now has the focus, which is no at first, and Escape means it too. No letter answers:
    what is typed goes to `type_on`, since the question comes up while one may be writing. `clock`
    counts seconds.
    """

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (48, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave it as it is", show=False),
        Binding("left,right,up,down,tab,shift+tab", "other", "The other answer", show=False),
    ]
    DEFAULT_CSS = """
    TrustDialog {
        & Frame { width: 74; padding: 1 2; }
        & Frame > Static { height: auto; margin-bottom: 1; }
        & #trust-meaning { color: $text-muted; }
        & Horizontal { height: 1; dock: bottom; align-horizontal: right; }
        &.-narrow Horizontal { height: 2; layout: vertical; }
        &.-low Frame { padding: 0 1; }
        &.-low #trust-meaning, &.-tiny #trust-meaning { display: none; }
        &.-tiny Frame { padding: 0; }
        &.-tiny Frame > Static { margin-bottom: 0; }
    }
    """

    def __init__(
        self,
        directory: str,
        what: str,
        type_on: Callable[[str], None],
        *,
        is_trusted: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._directory = directory
        self._what = what
        self._is_trusted = is_trusted
        self._type_on = type_on
        self._clock = clock
        self._since = clock()

    def compose(self) -> ComposeResult:
        """What is there, what it means, the two answers."""
        with Frame("Trust this directory?", ("Tab ←→", "choose"), ("Enter", "answer")):
            yield Static(self._words())
            yield Static(Content(_WHAT_IT_MEANS), id="trust-meaning")
            with Horizontal():
                leave = "No, no longer" if self._is_trusted else "No, leave it unread"
                trust = "Yes, go on trusting it" if self._is_trusted else "Yes, trust it"
                yield TrustAnswer("", leave, self._chosen, is_yes=False)
                yield TrustAnswer("", trust, self._chosen, is_yes=True)

    def on_mount(self) -> None:
        """From now on it can be read; the answer that holds now has the focus."""
        self._since = self._clock()
        self.query_one("TrustAnswer.-yes" if self._is_trusted else "TrustAnswer.-no").focus()

    def on_key(self, event: events.Key) -> None:
        """Hand on what belongs to the text that is being written."""
        if event.is_printable and event.character:
            event.stop()
            self._type_on(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Hand on what is pasted."""
        event.stop()
        self._type_on(event.text)

    def action_other(self) -> None:
        """Go to the other answer."""
        self.focus_next()

    def action_leave(self) -> None:
        """Close with what holds now."""
        self.dismiss(self._is_trusted)

    def _chosen(self, answer: bool) -> None:
        if self._clock() - self._since >= GRACE_SECONDS:
            self.dismiss(answer)

    def _words(self) -> Content:
        state = (
            "It is trusted." if self._is_trusted else "It is not trusted, so none of it is read."
        )
        lines = [Content.styled(_shortened(clean_line(self._directory)), "bold")]
        lines += [Content(f"In it: {clean_line(self._what)}.")] if self._what else []
        return Content("\n").join([*lines, Content(state)])


def _shortened(path: str) -> str:
    half = _MOST_PATH_CHARACTERS // 2
    return path if len(path) <= _MOST_PATH_CHARACTERS else f"{path[:half]} … {path[-half:]}"

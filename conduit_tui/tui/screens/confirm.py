"""The screen that asks before something that cannot be taken back."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from conduit_tui.core.clean import clean, clean_line
from conduit_tui.tui.screens.dialog import Dialog, Frame


class Answer(Static, can_focus=True):
    """One of the two answers, on one line; chosen by Enter, Space or a click."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "choose", "Choose", show=False)]
    DEFAULT_CSS = """
    Answer {
        width: auto; height: 1; padding: 0 1; margin-left: 2;
        &:focus {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
    }
    """

    def __init__(
        self, key: str, words: str, choose: Callable[[bool], object], *, is_yes: bool
    ) -> None:
        """`choose` is called at once: a message would come behind the next key."""
        super().__init__(Content.assemble((key, "bold"), f" {clean_line(words)}"))
        self._choose = choose
        self.set_class(is_yes, "-yes")
        self.set_class(not is_yes, "-no")

    def action_choose(self) -> None:
        """Tell that it was chosen."""
        self._choose(self.has_class("-yes"))

    def on_click(self) -> None:
        """A click chooses."""
        self.action_choose()


class Confirm(Dialog[bool]):
    """Asks a question; True only for yes. No has the focus, so Enter by itself says no."""

    AUTO_FOCUS = "Answer.-no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n,escape", "answer(False)", "No", show=False),
        Binding("left,h", "app.focus_previous", "Left", show=False),
        Binding("right,l", "app.focus_next", "Right", show=False),
    ]
    DEFAULT_CSS = """
    Confirm {
        & Frame { width: 56; padding: 1 2; }
        & Frame > Static { max-height: 8; }
        &.-low Frame { padding: 0 1; }
        &.-low Frame > Static { max-height: 4; }
        &.-tiny Frame { padding: 0; }
        & Horizontal { height: 1; margin-top: 1; align-horizontal: right; }
        &.-tiny Horizontal { margin-top: 0; dock: bottom; }
    }
    """

    def __init__(
        self, question: str, yes_label: str = "Yes", no_label: str = "No", *, title: str = "Sure?"
    ) -> None:
        super().__init__()
        self._title = title
        self._question = question
        self._labels = (yes_label, no_label)

    def compose(self) -> ComposeResult:
        """The question and the two answers."""
        yes_label, no_label = self._labels
        with Frame(self._title):
            yield Static(Content(clean(self._question)))
            with Horizontal():
                yield Answer("y", yes_label, self.action_answer, is_yes=True)
                yield Answer("n", no_label, self.action_answer, is_yes=False)

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)


class Agree(Confirm):
    """Asks before something that can be taken back: yes has the focus, so Enter says yes."""

    AUTO_FOCUS = "Answer.-yes"
    DEFAULT_CSS = """
    Agree Frame { width: 62; }
    """

    def __init__(self, title: str, question: str, yes_label: str, no_label: str) -> None:
        super().__init__(question, yes_label, no_label, title=title)

"""The screen of what was pruned in one session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Literal, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from conduit_tui.core.age import ago
from conduit_tui.core.clean import clean
from conduit_tui.core.structure import Loss
from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.screens.confirm import Confirm
from conduit_tui.tui.screens.dialog import Dialog, Frame
from conduit_tui.tui.screens.text_lines import TextLines
from conduit_tui.tui.tree_words import loss_words, messages
from conduit_tui.tui.widgets.message_header import STAR

PrunedAnswer: TypeAlias = tuple[Literal["restore", "erase"], str]


@dataclass(frozen=True, slots=True)
class PrunedBranch:
    """A branch in the trash: how it begins, and what a restoring brings back.

    `whole` counts its messages with those that were pruned in it before.
    """

    id: str
    words: str
    loss: Loss
    whole: int
    since: datetime


class Pruned(Dialog[PrunedAnswer]):
    """Lists pruned branches, with the text of the one under the cursor beside or below them.

    Returns what to do with which: `("restore" | "erase", message_id)`, or None. `preview` gives
    the text. Erasing asks again first, because it cannot be undone.
    """

    AUTO_FOCUS = "Choices"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Close", show=False),
        Binding("r", "restore", "Restore", show=False),
        Binding("x,delete", "erase", "Erase", show=False),
        Binding("ctrl+d,space", "scroll(1)", "Preview down", show=False),
        Binding("ctrl+u,b", "scroll(-1)", "Preview up", show=False),
    ]
    DEFAULT_CSS = """
    Pruned {
        & Frame { width: 100%; height: 100%; }
        & #pruned { height: 1fr; layout: vertical; }
        &.-wide #pruned { layout: horizontal; }
        & Choices { height: auto; max-height: 40%; width: 100%; }
        & #preview {
            height: 1fr; width: 100%; border-top: solid $border; padding: 0;
        }
        &.-wide Choices { width: 46%; height: 100%; max-height: 100%; }
        &.-wide #preview {
            width: 1fr; height: 100%; border-top: none; border-left: solid $border;
            padding: 0 0 0 1;
        }
        &.-low #preview, &.-tiny #preview { display: none; }
        &.-low Choices, &.-tiny Choices { max-height: 100%; }
    }
    """

    def __init__(self, branches: Sequence[PrunedBranch], preview: Callable[[str], str]) -> None:
        super().__init__()
        self._branches = {branch.id: branch for branch in branches}
        self._preview = preview

    def compose(self) -> ComposeResult:
        """The branches, and the text of one."""
        hints = ("Enter", "restore"), ("x", "erase for good"), ("Space", "read on")
        with (
            Frame("Pruned in this session", *hints, ("Esc", "close")),
            Container(id="pruned"),
        ):
            yield Choices(is_careful=True)
            yield Container(id="preview")

    def on_mount(self) -> None:
        """Show the branches in the order given, and the first one's text."""
        now, choices = datetime.now(UTC), self.query_one(Choices)
        self.watch(choices, "cursor", self._moved, init=False)
        choices.show([_row(branch, now) for branch in self._branches.values()])
        self._moved()

    @on(Choices.Chosen)
    def _restore(self, event: Choices.Chosen) -> None:
        self.dismiss(("restore", event.value))

    def action_restore(self) -> None:
        """Restore the branch under the cursor."""
        if message_id := self.query_one(Choices).value:
            self.dismiss(("restore", message_id))

    def action_scroll(self, pages: int) -> None:
        """Read on in the text, or back."""
        for lines in self.query(TextLines):
            rows = max(1, lines.size.height - 1)
            lines.scroll_relative(y=pages * rows, animate=False)

    @work
    async def action_erase(self) -> None:
        """Ask, then erase the branch under the cursor."""
        message_id = self.query_one(Choices).value
        if message_id is None:
            return
        branch = self._branches[message_id]
        question = f"Erase {branch.words}, {messages(branch.whole)}?\nThis cannot be undone."
        # Textual leaves the type of an app's result open.
        app = self.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if await app.push_screen_wait(Confirm(question, "Erase", "Keep")):
            self.dismiss(("erase", message_id))

    def _moved(self) -> None:
        """Show the text of the branch under the cursor."""
        message_id = self.query_one(Choices).value
        place = self.query_one("#preview", Container)
        place.remove_children(TextLines)
        if message_id is not None:
            head = _amounts(self._branches[message_id])
            lines = TextLines(clean(f"{head}\n\n{self._preview(message_id)}"))
            lines.can_focus = False  # the keys stay with the list
            place.mount(lines)


def _row(branch: PrunedBranch, now: datetime) -> Row:
    stars = f"  {STAR}{branch.loss.stars}" if branch.loss.stars else ""
    note = f"{messages(branch.loss.messages)}{stars}  {ago(branch.since, now)}"
    return Row(branch.words, branch.id, note, keeps_note=True)


def _amounts(branch: PrunedBranch) -> str:
    amounts = loss_words(branch.loss)
    within = branch.whole - branch.loss.messages
    before = f"\n{within:,} more were pruned in it before." if within else ""
    return f"{messages(branch.loss.messages)}{f', {amounts}' if amounts else ''}.{before}"

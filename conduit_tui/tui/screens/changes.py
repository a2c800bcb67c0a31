"""The screen of the files that tools changed in a session."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from conduit_tui.core.age import ago
from conduit_tui.core.clean import clean
from conduit_tui.core.file_change import FileState
from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.screens.dialog import Dialog, Frame
from conduit_tui.tui.screens.diff_lines import DiffLines
from conduit_tui.tui.screens.text_view import TextView

ChangesAnswer: TypeAlias = tuple[Literal["turn"], str]

_STATES: dict[FileState, str] = {
    "done": "",
    "undone": "taken back",
    "other": "changed since",
}


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A change as it is listed; `path` is short where it can be."""

    id: str
    path: str
    is_new: bool
    changed_at: datetime
    state: FileState


class Changes(Dialog[ChangesAnswer]):
    """Lists changes of files, with the diff of the one under the cursor beside or below them.

    Returns which one is to be taken back, or done again: `("turn", id)`, or None. `diff` gives the
    diff of one; it starts at the change `at`.
    """

    AUTO_FOCUS = "Choices"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Close", show=False),
        Binding("u", "turn", "Take back, or do again", show=False),
        Binding("ctrl+d,space", "scroll(1)", "Diff down", show=False),
        Binding("ctrl+u,b", "scroll(-1)", "Diff up", show=False),
    ]
    DEFAULT_CSS = """
    Changes {
        & Frame { width: 100%; height: 100%; }
        & #changes { height: 1fr; layout: vertical; }
        &.-wide #changes { layout: horizontal; }
        & Choices { height: auto; max-height: 40%; width: 100%; }
        & #diff { height: 1fr; width: 100%; border-top: solid $border; padding: 0; }
        &.-wide Choices { width: 46%; height: 100%; max-height: 100%; }
        &.-wide #diff {
            width: 1fr; height: 100%; border-top: none; border-left: solid $border;
            padding: 0 0 0 1;
        }
        &.-low #diff, &.-tiny #diff { display: none; }
        &.-low Choices, &.-tiny Choices { max-height: 100%; }
    }
    """

    def __init__(
        self,
        files: Sequence[ChangedFile],
        diff: Callable[[str], Awaitable[str]],
        now: datetime,
        at: str | None = None,
    ) -> None:
        super().__init__()
        self._files = {file.id: file for file in files}
        self._diff = diff
        self._now = now
        self._at = at

    def compose(self) -> ComposeResult:
        """The changes, and the diff of one."""
        hints = ("Enter", "diff"), ("u", "take back, or do again"), ("Esc", "close")
        with Frame("Files that tools changed", *hints), Container(id="changes"):
            yield Choices(is_careful=True)
            yield Container(id="diff")

    def on_mount(self) -> None:
        """Show the changes in the order given, and the diff of the first."""
        choices = self.query_one(Choices)
        choices.show([self._row(file) for file in self._files.values()], self._at)
        self.watch(choices, "cursor", self._moved)

    @on(Choices.Chosen)
    @work(exclusive=True, group="whole diff")
    async def _open(self, event: Choices.Chosen) -> None:
        file = self._files[event.value]
        text = await self._diff(file.id)
        # Textual leaves the type of an app's result open.
        app = self.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        await app.push_screen(TextView(file.path, text, tells_size=False, lines=DiffLines))

    def action_turn(self) -> None:
        """Take the change under the cursor back, or do it again."""
        if change_id := self.query_one(Choices).value:
            self.dismiss(("turn", change_id))

    def action_scroll(self, pages: int) -> None:
        """Read on in the diff, or back."""
        for lines in self.query(DiffLines):
            rows = max(1, lines.size.height - 1)
            lines.scroll_relative(y=pages * rows, animate=False)

    def _moved(self) -> None:
        self._show_diff()

    @work(exclusive=True, group="diff")
    async def _show_diff(self) -> None:
        change_id = self.query_one(Choices).value
        text = "" if change_id is None else await self._diff(change_id)
        place = self.query_one("#diff", Container)
        await place.remove_children(DiffLines)
        lines = DiffLines(clean(text))
        lines.can_focus = False  # the keys stay with the list
        await place.mount(lines)

    def _row(self, file: ChangedFile) -> Row:
        state = _STATES[file.state]
        made = "made" if file.is_new else ""
        words = [each for each in (state or made, ago(file.changed_at, self._now)) if each]
        note = "  ".join((*words, self._clock(file.changed_at)))
        return Row(file.path, file.id, note, is_quiet=bool(state), keeps_note=True)

    def _clock(self, at: datetime) -> str:
        at, now = at.astimezone(), self._now.astimezone()
        return at.strftime("%H:%M:%S" if at.date() == now.date() else "%Y-%m-%d %H:%M")

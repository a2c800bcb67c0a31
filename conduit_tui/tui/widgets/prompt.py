"""The prompt: text, what is attached, what waits in the queue, completions, history."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message as Posted
from textual.reactive import reactive
from textual.signal import Signal
from textual.widget import Widget
from textual.widgets import TextArea

from conduit_tui.core.clean import clean
from conduit_tui.tui.widgets.attached import Attached
from conduit_tui.tui.widgets.chips import ChipRow
from conduit_tui.tui.widgets.completer import Completer
from conduit_tui.tui.widgets.completion import CommandHint, CompleteArgument, Offer
from conduit_tui.tui.widgets.completion_list import CompletionList
from conduit_tui.tui.widgets.editing_banner import EditingBanner
from conduit_tui.tui.widgets.external_editor import edit_outside
from conduit_tui.tui.widgets.external_program import ProgramFailed
from conduit_tui.tui.widgets.file_reading import FileReading
from conduit_tui.tui.widgets.files import list_files
from conduit_tui.tui.widgets.pasting import (
    is_too_long_to_edit,
    normal_breaks,
    text_attachment,
)
from conduit_tui.tui.widgets.prompt_area import PromptArea
from conduit_tui.tui.widgets.prompt_history import HistoryWalk
from conduit_tui.tui.widgets.prompt_keys import PromptKeys
from conduit_tui.tui.widgets.prompt_pasting import PromptPasting

if TYPE_CHECKING:
    from conduit_tui.core.message import Attachment

PLACEHOLDER = "Ask anything · / commands · @ files"
SMALL_SCREEN_LINES = 12


class PromptFrame(Widget):
    """The line around the text, and the sign before it."""

    def render(self) -> Content:
        """The sign."""
        return Content(">")


class Prompt(Vertical):
    """Multi-line input. Enter sends; Ctrl+J, a backslash before Enter, Shift+Enter break the line.

    Ctrl+C, Ctrl+Q and the function keys are the screen's.
    """

    DEFAULT_CSS = """
    Prompt {
        height: auto;
        & > ChipRow { padding: 0 1; }
        & > PromptFrame {
            layout: horizontal;
            height: auto;
            padding: 0 1;
            border: round $border-blurred;
        }
        &:focus-within > PromptFrame { border: round $border; }
        &.-small > PromptFrame { border: none; }
        & > PromptFrame { color: $text-muted; }
        &:focus-within > PromptFrame { color: $text-accent; }
        & PromptArea { margin-left: 2; }
    }
    """

    editing: reactive[str | None] = reactive(None)
    """What a banner says while an earlier message is edited; None hides it."""

    class Sent(Posted):
        """The person sent something; the prompt is empty already."""

        def __init__(self, text: str, attachments: tuple[Attachment, ...]) -> None:
            super().__init__()
            self.text = text
            self.attachments = attachments

    class DraftChanged(Posted):
        """Text or attachments are others now."""

    class ChipOpened(Posted):
        """An attachment's chip was clicked; `index` counts within `attachments`."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class QueueTakenBack(Posted):
        """A queued message is wanted back; `index` counts within what `show_queued` got."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class PastedNothing(Posted):
        """The terminal pasted no text: there may be a picture in the clipboard."""

    class Refused(Posted):
        """Something could not be done, in words."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(
        self,
        commands: Sequence[CommandHint] = (),
        complete_argument: CompleteArgument = lambda _command, _partial: (),
        history: Sequence[str] = (),
        *,
        directory: Path | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._screen_lines = 0
        self._walk = HistoryWalk()
        self._walk.entries = history
        self._banner = EditingBanner(self._bring_on_top)
        self._chips = ChipRow(self._bring)
        self._list = CompletionList(self._bring)
        self._frame = PromptFrame()
        self._attached = Attached(self._chips, lambda: self.post_message(self.DraftChanged()))
        self._reading = FileReading(
            self,
            directory,
            attach=self.attach,
            say=lambda words: self.post_message(self.Refused(words)),
            send=self._send,
        )
        self._area = PromptArea(lambda event: self._keys.take(event), self.paste)
        self._pasting = PromptPasting(
            self._area,
            self._attached,
            self._reading,
            nothing=lambda: self.post_message(self.PastedNothing()),
        )
        self._area.show_placeholder(PLACEHOLDER)
        self._completer = Completer(
            self._area, self._list, commands, complete_argument, self._find_files
        )
        self._keys = PromptKeys(
            self._area,
            self._completer,
            self._walk,
            accept=self._accept,
            send=self._send,
            remove_last=self._remove_last_chip,
        )

    def compose(self) -> ComposeResult:
        """The framed text; floating list, banner and chips come when there is something in them."""
        if self._chips.chips:
            yield self._chips
        with self._frame:
            yield self._area

    def on_mount(self) -> None:
        """Follow the height of the terminal."""
        # Textual leaves the parameter of the signal's type open.
        laid_out = cast("Signal[object]", self.screen.screen_layout_refresh_signal)  # pyright: ignore[reportUnknownMemberType]
        laid_out.subscribe(self, self._screen_laid_out)

    @property
    def text(self) -> str:
        """What is typed."""
        return self._area.text

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """What is attached."""
        return tuple(self._attached.items)

    @property
    def has_draft(self) -> bool:
        """Whether there is anything that could be lost."""
        return bool(self.text or self._attached.items)

    @property
    def history(self) -> Sequence[str]:
        """What was sent before, newest last."""
        return self._walk.entries

    @history.setter
    def history(self, entries: Sequence[str]) -> None:
        self._walk.entries = entries
        self._walk.stop()

    @property
    def commands(self) -> Sequence[CommandHint]:
        """The slash commands to offer."""
        return self._completer.commands

    @commands.setter
    def commands(self, commands: Sequence[CommandHint]) -> None:
        self._completer.commands = commands

    @property
    def complete_argument(self) -> CompleteArgument:
        """Finds values for the argument of a command, from its name and what is typed of it."""
        return self._completer.complete_argument

    @complete_argument.setter
    def complete_argument(self, complete_argument: CompleteArgument) -> None:
        self._completer.complete_argument = complete_argument

    @property
    def has_selection(self) -> bool:
        """Whether text is selected in the prompt."""
        return not self._area.selection.is_empty

    @property
    def selected_text(self) -> str:
        """What is selected in the prompt."""
        return self._area.selected_text

    @property
    def is_completing(self) -> bool:
        """Whether the list of completions is open, so that Escape closes it."""
        return self._completer.is_open

    def copy_selection(self) -> str:
        """Copy the selected text to the clipboard and return it."""
        self._area.action_copy()
        return self._area.selected_text

    def focus(self, scroll_visible: bool = True) -> Prompt:
        """Give the keys to the text."""
        self._area.focus(scroll_visible)
        return self

    def load(self, text: str, attachments: Sequence[Attachment] = ()) -> None:
        """Show a draft, the cursor at its end; a text too long to edit becomes an attachment."""
        text = clean(normal_breaks(text))
        if is_too_long_to_edit(text):
            attachments = (text_attachment(text, "text", attachments), *attachments)
            text = ""
        self._attached.load(attachments)
        self._area.put(text)

    def clear(self) -> None:
        """Empty text and attachments."""
        self.load("")

    def attach(self, attachment: Attachment) -> None:
        """Add an attachment."""
        self._attached.add(attachment)

    def complete_anew(self) -> None:
        """Look again for what completes the word at the cursor: more is known by now."""
        self._completer.update(anew=True)

    def attach_files(self, paths: Sequence[str]) -> None:
        """Read files and attach them; what cannot be read is told by Refused."""
        self._reading.attach(paths)

    def show_queued(self, texts: Sequence[str]) -> None:
        """Show messages that wait until the reply is done."""
        self._attached.show_queued(texts)

    def paste(self, text: str) -> None:
        """Take pasted text: at the cursor if it is small, as an attachment if it is large.

        Paths of pictures, PDFs and sounds, which is what dropped files are, become these files.
        A paste of nothing is one of something that is no text.
        """
        self._pasting.take(text)
        self.focus()

    def break_line_with(self, keys: Collection[str]) -> None:
        """Have these keys break the line, in Textual's names, and no others but a backslash."""
        self._keys.newline_keys = keys

    def on_empty_tab(self, act: Callable[[], bool]) -> None:
        """Have Tab do something on an empty prompt; it returns whether it did."""
        self._keys.empty_tab = lambda: not self.attachments and act()

    async def edit_outside(self) -> None:
        """Open the text in the person's editor."""
        try:
            text = await edit_outside(self, self.text)
        except ProgramFailed as error:
            self.post_message(self.Refused(str(error)))
        else:
            self.load(text, self.attachments)

    def watch_editing(self, words: str | None) -> None:
        """Show or hide the banner."""
        self._banner.show(words)

    def _bring_on_top(self, widget: Widget) -> None:
        if self.is_mounted:
            self.mount(widget, before=0)

    def _bring(self, widget: Widget) -> None:
        if self.is_mounted:
            self.mount(widget, before=self._frame)

    @on(TextArea.Changed)
    def _text_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._keys.complete()
        self.post_message(self.DraftChanged())

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self, event: TextArea.SelectionChanged) -> None:
        event.stop()
        self._keys.complete()

    @on(events.DescendantBlur)
    def _left(self) -> None:
        self._completer.close()

    @on(CompletionList.Picked)
    def _picked(self, event: CompletionList.Picked) -> None:
        event.stop()
        self._accept(event.offer)
        self.focus()

    @on(ChipRow.Clicked)
    def _chip_clicked(self, event: ChipRow.Clicked) -> None:
        event.stop()
        chip = event.chip
        if chip.kind == "queued":
            self.post_message(self.QueueTakenBack(chip.index))
        elif event.on_close:
            self._attached.remove(chip.index)
        else:
            self.post_message(self.ChipOpened(chip.index))

    def _accept(self, offer: Offer) -> None:
        path = self._completer.accept(offer)
        if path is not None:
            self.attach_files([path])

    def _send(self) -> None:
        if self._reading.wait_to_send():
            return
        text, attachments = self.text, self.attachments
        if not text.strip() and not attachments:
            return
        self._walk.stop()
        self.clear()
        self.post_message(self.Sent(text, attachments))

    def _find_files(self) -> None:
        self.run_worker(self._list_files(), group="prompt-files", exclusive=True)

    async def _list_files(self) -> None:
        self._completer.files_found(await asyncio.to_thread(list_files, self._reading.directory))

    def _remove_last_chip(self) -> bool:
        if self._attached.items:
            self._attached.remove(len(self._attached.items) - 1)
        elif self._attached.queued_count:
            self.post_message(self.QueueTakenBack(self._attached.queued_count - 1))
        else:
            return False
        return True

    def _screen_laid_out(self, _: object) -> None:
        lines = self.screen.size.height
        if lines != self._screen_lines:
            self._screen_lines = lines
            self.set_class(lines < SMALL_SCREEN_LINES, "-small")
            # Its share of the screen is another now, which Textual's cached layout cannot know.
            self._area.refresh(layout=True)

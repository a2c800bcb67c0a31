"""What leaves the chat: messages, blocks of code and paths, copied, written or opened outside."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from conduit_tui.core.amounts import short_size
from conduit_tui.core.answer_text import answer_text
from conduit_tui.core.message import Message
from conduit_tui.tui.extracts import Extract, file_suffix, of_block, of_message, of_path
from conduit_tui.tui.markdown.code_blocks import CodeBlock
from conduit_tui.tui.screens.extract_chooser import MESSAGE, PATH, ExtractChooser, Taken
from conduit_tui.tui.text_files import (
    AlreadyThere,
    CannotWrite,
    expanded,
    unused_name,
    write_text,
)
from conduit_tui.tui.widgets.external_program import ProgramFailed
from conduit_tui.tui.widgets.external_viewer import open_outside

if TYPE_CHECKING:
    from textual.screen import ModalScreen

    from conduit_tui.tui.screens.chat import ChatScreen

T = TypeVar("T")

NOTHING = "Nothing to copy here."


class ChatExtracts:
    """Takes texts out of the chat, as keys and commands ask."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._is_outside = False

    def choose(self) -> None:
        """Ask what of the message under the cursor to take."""
        message, blocks, path = self._message(), self._blocks(), self._path()
        if message is None:
            self._screen.say(NOTHING)
            return
        mark = self._screen.transcript.blocks.mark
        chosen = mark.number if mark and mark.message_id == message.id else None
        text = answer_text(message)
        amount = f"{len(text):,} characters" if text else ""
        count = "1 message" if len(path) == 1 else f"{len(path):,} messages"
        chooser = ExtractChooser(blocks, chosen, message_note=amount, path_note=count)

        def take(taken: Taken | None) -> None:
            if taken is not None:
                self._screen.run_worker(self._take(taken, message, blocks), group="extracts")

        # Not from a worker: a number typed right behind the key is the chooser's.
        self._screen.application.push_screen(chooser, take)

    def copy_block(self, number: int) -> None:
        """Copy a block of the message under the cursor, counted from 1."""
        blocks = self._blocks()
        if 0 < number <= len(blocks):
            self._screen.actions.copy_text(of_block(blocks[number - 1], number).text)
        else:
            self._screen.say_problem(_no_block(number, len(blocks)))

    def copy_path(self) -> None:
        """Copy the whole path as Markdown."""
        if self._message() is None:
            self._screen.say(NOTHING)
        else:
            self._screen.when_whole(self._begin_to_copy_path)

    def write(self, typed: str = "") -> None:
        """Write the message under the cursor to a file; ask for its path if none was typed."""
        if extract := self._whole_message("write"):
            self._screen.run_worker(self._write(extract, typed), group="extracts")

    def open(self) -> None:
        """Open a copy of the message under the cursor outside."""
        if extract := self._whole_message("open"):
            self._screen.run_worker(self._open(extract), group="extracts")

    # -- what there is to take ---------------------------------------------------------------

    def _message(self) -> Message | None:
        return self._screen.target.shown()

    def _blocks(self) -> list[CodeBlock]:
        message = self._message()
        return self._screen.transcript.blocks.blocks_of(message.id) if message else []

    def _path(self) -> list[Message]:
        """The messages on view, a reply that streams as far as it came."""
        session = self._screen.session
        reply = self._screen.live.on_view(session)
        path = list(session.path(session.leaf_id))
        if reply is not None:
            path.append(reply.draft.seal("interrupted", datetime.now(UTC)))
        return path

    def _whole_message(self, verb: str) -> Extract | None:
        message = self._message()
        if message is None or not answer_text(message):
            self._screen.say(f"Nothing to {verb} here.")
            return None
        return of_message(message, self._screen.session.title)

    async def _whole_path(self) -> Extract:
        return await asyncio.to_thread(of_path, self._path(), self._screen.session.title)

    def _begin_to_copy_path(self) -> None:
        self._screen.run_worker(self._copy_path(), group="extracts")

    async def _copy_path(self) -> None:
        self._screen.actions.copy_text((await self._whole_path()).text)

    async def _take(self, taken: Taken, message: Message, blocks: list[CodeBlock]) -> None:
        if taken.what == PATH:
            extract = await self._whole_path()
        elif taken.what == MESSAGE:
            extract = of_message(message, self._screen.session.title)
        else:
            number = int(taken.what)
            extract = of_block(blocks[number - 1], number)
        match taken.verb:
            case "copy":
                self._screen.actions.copy_text(extract.text)
            case "write":
                await self._write(extract)
            case "open":
                await self._open(extract)

    # -- files -------------------------------------------------------------------------------

    async def _write(self, extract: Extract, typed: str = "") -> None:
        """Ask for a path until the text is written or the person leaves."""
        from conduit_tui.tui.screens.line_input import LineInput

        value = typed or await asyncio.to_thread(_suggestion, extract)
        while True:
            if not typed:
                question = LineInput(f"Write {extract.title} to", value, does=("write", "leave"))
                typed = await self._ask(question) or ""
            if not typed or await self._write_to(extract, typed):
                return
            value, typed = typed, ""

    async def _write_to(self, extract: Extract, typed: str, *, overwrite: bool = False) -> bool:
        """Write to a path; returns False if another should be asked for."""
        from conduit_tui.tui.screens.confirm import Confirm

        path = expanded(typed)
        try:
            size = await asyncio.to_thread(write_text, path, extract.text, overwrite=overwrite)
        except AlreadyThere:
            question = Confirm(
                f"There is a file {typed!r}. Overwrite it?", "Overwrite", "Other name"
            )
            sure = await self._ask(question)
            return bool(sure) and await self._write_to(extract, typed, overwrite=True)
        except CannotWrite as error:
            self._screen.say_problem(str(error))
            return False
        self._screen.say(f"Wrote {extract.title} to {typed}, {short_size(size)}.")
        return True

    async def _open(self, extract: Extract) -> None:
        if self._is_outside:
            return
        self._is_outside = True
        screen = self._screen
        try:
            suffix = await asyncio.to_thread(file_suffix, extract)
            changed = await open_outside(
                screen, extract.text, suffix, screen.environ, is_code=extract.is_code
            )
        except ProgramFailed as error:
            screen.say_problem(str(error))
        else:
            if changed:
                screen.say(f"That was a copy of {extract.title}; the chat stays as it was.")
        finally:
            self._is_outside = False

    async def _ask(self, dialog: "ModalScreen[T]") -> "T | None":
        return await self._screen.application.push_screen_wait(dialog)


def _suggestion(extract: Extract) -> str:
    return unused_name(extract.stem + file_suffix(extract), Path())


def _no_block(number: int, count: int) -> str:
    if not count:
        return "This message has no block of code."
    only = "only block 1" if count == 1 else f"blocks 1 to {count}"
    return f"There is no block {number}; this message has {only}."

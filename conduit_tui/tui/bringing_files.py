"""`/attach` and `/paste`: files and pictures come to the prompt; who cannot see them is told."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from conduit_tui.attachments.paths import expanded, quoted, split_paths
from conduit_tui.core.clean import clean
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.message import Attachment
from conduit_tui.core.sight import left_out_words
from conduit_tui.tui.clipboard_image import NoImage, image_from_clipboard

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

MOST_ENTRIES = 2_000
"""Entries of a folder that are looked at to complete a path."""


class BringingFiles:
    """The chat's side of what is attached."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._told: tuple[str, tuple[int, ...]] = ("", ())
        self._listed: dict[Path, tuple[str, ...]] = {}

    def attach(self, written: str) -> None:
        """Attach the files of a line, as `/attach` has them."""
        if paths := split_paths(written):
            self._screen.prompt.attach_files(paths)
        else:
            self._screen.say("Write /attach and paths; quote what has spaces. @ finds files too.")

    async def paste(self, *, or_text: str = "") -> None:
        """Attach the picture in the clipboard; without one, paste a text, or say what to do."""
        screen = self._screen
        try:
            found = await image_from_clipboard(screen.environ)
        except NoImage as reason:
            if or_text:
                screen.prompt.paste(or_text)
            else:
                screen.say_problem(str(reason))
            return
        if found.paths:
            screen.prompt.attach_files(found.paths)
            return
        name = f"pasted {datetime.now(UTC).astimezone():%H.%M.%S}.png"
        try:
            attachment, words = await asyncio.to_thread(_picture, found.data, name)
        except ConduitError as error:
            screen.say_problem(str(error))
            return
        screen.prompt.attach(attachment)
        if words:
            screen.say_problem(words)

    def tell_what_is_not_seen(self, *, of_path: bool = False) -> None:
        """Say which attachments the model is not sent, once for each model and set of them.

        With `of_path` also those of the messages on view, which go along with the next one.
        """
        screen = self._screen
        model = screen.controller.model_of(screen.session)
        parts = screen.prompt.attachments
        now = (model, tuple(map(id, parts)))
        if of_path:
            path = screen.session.path(screen.session.leaf_id)
            parts = (*(part for each in path for part in each.attachments), *parts)
        elif now == self._told:
            return
        self._told = now
        if words := self.words_for(parts, model):
            screen.say_problem(words)

    def words_for(self, parts: tuple[Attachment, ...], model: str) -> str:
        """What a model is not sent of some files, in words."""
        models = self._screen.controller.models
        provider, _, name = model.partition("/")
        endpoint = models.endpoints.get(provider)
        if not parts or endpoint is None:
            return ""
        key = self._screen.keymap.hint("model") or "/model"
        facts = models.facts(provider, name)
        return left_out_words(parts, facts, endpoint, f"Choose another with {key}.")

    def complete(self, partial: str) -> list[str]:
        """Paths that the last one of a line may become, each with the line before it.

        The folder is listed in the background; what is typed next finds it.
        """
        if not partial:
            self._listed = {}  # there may be other files by now
        words = split_paths(partial)
        typed = words[-1] if words and not partial.endswith((" ", "\t")) else ""
        before = " ".join(map(quoted, words[:-1] if typed else words))
        folder, _, _ = typed.rpartition("/")
        start = f"{folder}/" if folder or typed.startswith("/") else ""
        directory = expanded(start or ".", Path.cwd())
        if directory not in self._listed:
            self._listed = {directory: ()}
            self._screen.run_worker(self._list(directory), group="paths", exclusive=True)
        names = self._listed[directory]
        hidden = typed.rpartition("/")[2].startswith(".")
        shown = (name for name in names if hidden or not name.startswith("."))
        return [f"{before} {quoted(start + name)}".lstrip() for name in shown]

    async def _list(self, directory: Path) -> None:
        self._listed = {directory: await asyncio.to_thread(_entries, directory)}
        self._screen.prompt.complete_anew()


def _picture(data: bytes, name: str) -> tuple[Attachment, str]:
    from conduit_tui.attachments.pictures import as_png, fitted

    return fitted(as_png(data, name))


def _entries(directory: Path) -> tuple[str, ...]:
    """Names in a folder, those of folders with a slash behind."""
    found: list[str] = []
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                if clean(entry.name) == entry.name:
                    found.append(entry.name + ("/" if entry.is_dir() else ""))
                if len(found) >= MOST_ENTRIES:
                    break
    except OSError:
        return ()
    return tuple(sorted(found))

"""What a person asks on the command line: the prompt, what is attached, and how."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conduit_tui.core.errors import ConduitError
from conduit_tui.core.params import ParamChanges, ParamValue
from conduit_tui.core.rule import parse_rule
from conduit_tui.settings.reading import read_file, size_in_words

if TYPE_CHECKING:
    from conduit_tui.core.message import Attachment
    from conduit_tui.core.schema import Schema

MOST_BYTES = 20 * 1000 * 1000
PATIENCE_SECONDS = 3.0

STDIN = "stdin"

_ONE_READ_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """The arguments of `ask`, as they were written."""

    prompt: str = ""
    files: tuple[str, ...] = ()
    model: str | None = None
    system_prompt: str | None = None
    continue_last: bool = False
    save: bool = True
    debug: bool = False
    as_json: bool = False
    schema: str | None = None
    at: str | None = None
    session: str | None = None
    cache: bool | None = None
    allow: tuple[str, ...] = ()
    params: ParamChanges = field(default_factory=dict[str, ParamValue])

    @property
    def address(self) -> str | None:
        """The message to go on from, if one is named; of a session that is: its leaf."""
        return "@" if self.at is None and self.session is not None else self.at


class UsageMistake(ConduitError):
    """The command cannot run as it was written; the words say what to write instead."""


def join_prompt(words: tuple[str, ...]) -> str:
    """Return the words of a command line as a prompt; bytes that are not UTF-8 become U+FFFD."""
    return valid_text(" ".join(words)).strip()


def valid_text(argument: str) -> str:
    """Return an argument without the surrogates that stand for undecodable bytes."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def check(question: Question) -> None:
    """Raise UsageMistake for options that contradict each other."""
    if question.continue_last and not question.save:
        raise UsageMistake("-c goes on in a saved session, which --no-save leaves alone.")
    if question.address is not None and not question.save:
        raise UsageMistake("--at goes on in a saved session, which --no-save leaves alone.")
    for rule in question.allow:
        if parse_rule(rule, "allow") is None:
            raise UsageMistake(
                f"--allow takes a tool, or a tool and a pattern such as "
                f"'file_write(/tmp/notes/**)'; {rule!r} is neither."
            )
    if question.cache and not question.save:
        raise UsageMistake("--cache keeps replies on disk, where --no-save writes nothing.")


def read_files(
    paths: tuple[str, ...], tell: Callable[[str], None] = lambda _: None
) -> tuple[Attachment, ...]:
    """Return files as attachments, pictures small enough for every vendor; `tell` takes words.

    Raises UsageMistake, in words, for one that cannot be used.
    """
    return tuple(_read_attachment(path, tell) for path in paths)


def gather(
    question: Question, on_wait: Callable[[], None], tell: Callable[[str], None] = lambda _: None
) -> tuple[str, tuple[Attachment, ...]]:
    """Return the prompt and the attachments, piped text among them.

    With a prompt, piped stdin is an attachment after the files; without one, it is the prompt.
    `on_wait` is called, from a thread, when stdin keeps one waiting. Raises UsageMistake.
    """
    check(question)
    attachments = read_files(question.files, tell)
    piped = read_stdin(on_wait) if is_piped() else b""
    if not piped.strip():
        if not question.prompt:
            raise UsageMistake('There is no prompt: write one, as in conduit-tui ask "Hello".')
        return question.prompt, attachments
    context = _attach(STDIN, piped, tell, guess=True)
    if question.prompt:
        return question.prompt, (*attachments, context)
    if not context.is_text:
        raise UsageMistake(
            f"stdin is {_a_kind(context)}: write a prompt that says what to do with it."
        )
    return context.as_text().strip("\n"), attachments


def read_schema_of(question: Question) -> tuple[Schema | None, tuple[str, ...]]:
    """Return the schema a question asks for, if it does, and words about it.

    Raises UsageMistake for one that cannot be used.
    """
    if question.schema is None:
        return None, ()
    from conduit_tui.controller.schemas import read_schema

    try:
        return read_schema(question.schema)
    except ConduitError as error:
        raise UsageMistake(str(error)) from error


def is_piped() -> bool:
    """Whether stdin is a pipe, a socket or a file; not a terminal, a device or closed."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def _read_attachment(path: str, tell: Callable[[str], None]) -> Attachment:
    try:
        data = read_file(Path(path), MOST_BYTES)
    except FileNotFoundError as error:
        raise UsageMistake(f"There is no file {path!r}.") from error
    except ConduitError as error:
        raise UsageMistake(str(error)) from error
    return _attach(Path(path).name, data, tell)


def _attach(
    name: str, data: bytes, tell: Callable[[str], None], *, guess: bool = False
) -> Attachment:
    try:
        from conduit_tui.core.attaching import attachment_from

        attachment = attachment_from(name, data, guess=guess)
        if attachment.is_text:
            return attachment
        from conduit_tui.attachments.pictures import fitted

        attachment, words = fitted(attachment)
    except ConduitError as error:
        raise UsageMistake(str(error)) from error
    if words:
        tell(words)
    return attachment


def _a_kind(attachment: Attachment) -> str:
    kind = attachment.media_type.partition("/")[0]
    return {"image": "an image", "audio": "a sound"}.get(kind, "a document")


def read_stdin(on_wait: Callable[[], None]) -> bytes:
    """Return all of stdin; `on_wait` as in `gather`. Raises UsageMistake."""
    # A stdin that was inherited and is never closed would look like a hang.
    timer = threading.Timer(PATIENCE_SECONDS, on_wait)
    timer.daemon = True
    timer.start()
    try:
        return _read_all()
    except OSError as error:
        raise UsageMistake(f"stdin cannot be read: {error.strerror}.") from error
    finally:
        timer.cancel()


def _read_all() -> bytes:
    pieces: list[bytes] = []
    count = 0
    while piece := os.read(0, _ONE_READ_BYTES):
        pieces.append(piece)
        count += len(piece)
        if count > MOST_BYTES:
            raise UsageMistake(f"stdin has more than {size_in_words(MOST_BYTES)}: pipe in a part.")
    return b"".join(pieces)

"""A tool: how a model sees it, the function that runs it, and what that is given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from conduit_tui.core.consent import Act, Effect
from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolCall
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.rule import Rule


class Denied(ToolError):
    """What a tool was about to do may not be done; the words say why."""


class KeepsFiles(Protocol):
    """Where what a file held is kept before a tool writes to it."""

    async def keep(self, path: str, before: bytes | None, after: bytes) -> None:
        """Keep the content from before a change; None: there was no such file.

        Raises StorageError, and then the file must stay as it is.
        """
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the tools of one session work in.

    `directory` is the working directory, told by `ident`, its device and number, so that none can
    be put in its place; below the `readable` ones, given by their real paths, reading needs no
    question either, unless a link has taken their place. `protected` may be read and written by no
    tool. `environ` may hold keys: what of it a program of a tool's may see is the tool's care.
    `rules` are the person's; most tools need not know them, as their acts are held against them.
    """

    directory: Path
    readable: tuple[Path, ...] = ()
    protected: tuple[Path, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    files: KeepsFiles | None = None
    ident: tuple[int, int] | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a call is given besides its arguments.

    `permit` asks for leave to do something; it raises Denied, and takes as long as a person does.
    """

    call: ToolCall
    surroundings: Surroundings
    permit: Callable[[Act], Awaitable[None]]


Run = Callable[[ToolContext, dict[str, Json]], Awaitable[str]]

Check = Callable[[dict[str, Json]], object]
"""Looks at arguments before anybody is asked; raises ToolError for wrong ones."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as a model sees it, and the function that runs it.

    `run` takes the arguments as an object and returns text; it raises ToolError for failures
    that the model should read. One that `asks_itself` calls `permit` when it knows what it will
    do; for all others it is asked before they run, by their `effect`. One that `lacks` something
    (words such as "BRAVE_API_KEY is not set") is not offered. `time_limit_seconds` does not count
    the time a person takes; None: the usual one. `check` keeps a person from being asked about a
    call that could not be run.

    An annotated function becomes one by `tool` of `conduit_tui.tools.schema`.
    """

    spec: ToolSpec
    run: Run
    effect: Effect = "run"
    asks_itself: bool = False
    lacks: str = ""
    time_limit_seconds: float | None = None
    check: Check | None = None

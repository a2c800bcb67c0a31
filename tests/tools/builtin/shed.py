"""The tools for files at work in a working directory, as tests of them need it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from conduit_tui.core.consent import Act
from conduit_tui.core.errors import StorageError
from conduit_tui.core.json import Json
from conduit_tui.tools.builtin.file_edit import file_edit
from conduit_tui.tools.builtin.file_read import file_read
from conduit_tui.tools.builtin.file_write import file_write
from conduit_tui.tools.builtin.ls import ls
from conduit_tui.tools.tool import Surroundings
from conduit_tui.tools.toolbox import Toolbox
from tests.tools.bench import Permitted
from tests.tools.jail_yard import Yard


class Keeper:
    """Remembers what is to be kept, or fails to."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, bytes | None, bytes]] = []
        self.is_full = False

    async def keep(self, path: str, before: bytes | None, after: bytes) -> None:
        if self.is_full:
            raise StorageError("The disk is full.")
        self.kept.append((path, before, after))


class Shed:
    """Calls tools, and tells what they asked. `meanwhile` runs while a person would be asked."""

    def __init__(self, folder: Path) -> None:
        self.yard = Yard.make(folder)
        self.root = self.yard.root
        self.keeper = Keeper()
        self.meanwhile: Callable[[], object] = lambda: None
        self.work_in(self.yard.surroundings)

    def work_in(self, surroundings: Surroundings) -> None:
        """Put the tools to work in other surroundings."""
        around = replace(surroundings, files=self.keeper)
        toolbox = Toolbox([file_read(), ls(), file_write(), file_edit()])
        self.bench = Permitted(toolbox, around)
        self._permit = self.bench.permit
        self.bench.permit = self.permit  # type: ignore[method-assign]

    async def permit(self, act: Act) -> None:
        self.meanwhile()
        await self._permit(act)

    async def call(self, name: str, **arguments: Json) -> str:
        """Return what a call says that does not fail."""
        result = await self.bench.call(name, json.dumps(arguments))
        assert not result.is_error, result.output
        return result.output

    async def fail(self, name: str, **arguments: Json) -> str:
        """Return what a call says that fails."""
        result = await self.bench.call(name, json.dumps(arguments))
        assert result.is_error, result.output
        return result.output

    @property
    def act(self) -> Act:
        """The last thing that was asked."""
        return self.bench.acts[-1]

    def tree(self) -> list[str]:
        """All that is in the working directory."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*"))

"""The tools that search, at work in a folder, with ripgrep or without."""

import json
import os
from pathlib import Path

from conduit_tui.core.rule import Rule
from conduit_tui.tools.builtin.glob_files import glob_files
from conduit_tui.tools.builtin.grep_files import grep_files
from conduit_tui.tools.tool import Surroundings
from conduit_tui.tools.toolbox import Toolbox
from tests.tools.bench import Permitted


class Searching:
    """Calls the tools and keeps what was asked."""

    def __init__(
        self,
        directory: Path,
        ripgrep: bool,
        protected: tuple[Path, ...] = (),
        rules: tuple[Rule, ...] = (),
    ) -> None:
        environ = {"PATH": os.environ["PATH"] if ripgrep else "", "HOME": "/nowhere"}
        around = Surroundings(directory, environ=environ, protected=protected, rules=rules)
        self.permitted = Permitted(Toolbox([glob_files(), grep_files()]), around)

    async def glob(self, pattern: str, **more: object) -> str:
        return await self._call("glob_files", {"pattern": pattern, **more})

    async def grep(self, pattern: str, **more: object) -> str:
        return await self._call("grep_files", {"pattern": pattern, **more})

    async def _call(self, name: str, arguments: dict[str, object]) -> str:
        result = await self.permitted.call(name, json.dumps(arguments))
        return f"error: {result.output}" if result.is_error else result.output

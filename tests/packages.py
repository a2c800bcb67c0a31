"""Packages as an installer leaves them: modules and their metadata in a directory on the path."""

import importlib
import sys
from pathlib import Path

import pytest


class Packages:
    """A directory of packages; what is installed into it is on the path while the test runs."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory = directory
        self._monkeypatch = monkeypatch
        directory.mkdir()
        monkeypatch.syspath_prepend(directory)

    def install(self, package: str, code: str, **entry_points: dict[str, str]) -> str:
        """Install a package of one module; of each group, the names and what they point to."""
        module = package.replace("-", "_")
        (self.directory / f"{module}.py").write_text(code)
        metadata = self.directory / f"{module}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
        )
        groups = (
            f"[conduit_tui.{group}]\n"
            + "".join(f"{name} = {module}:{target}\n" for name, target in points.items())
            for group, points in entry_points.items()
        )
        (metadata / "entry_points.txt").write_text("".join(groups))
        importlib.invalidate_caches()
        self._monkeypatch.delitem(sys.modules, module, raising=False)
        return module

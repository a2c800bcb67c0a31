"""Trees on disk for tests, and what is found in them."""

import os
import shutil
import time
from pathlib import Path

from conduit_tui.tools.search.job import Job
from conduit_tui.tools.search.place import Place

RIPGREP = shutil.which("rg") or ""


def grown(root: Path, files: dict[str, str]) -> Path:
    """Write files below a folder."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def listed(root: Path, ripgrep: str = "", levels_below: int = 0) -> list[str]:
    """What a search sees below a folder, by our own walk or by ripgrep."""
    opened = os.open(root, os.O_RDONLY)
    here = os.open(".", os.O_RDONLY)
    os.chdir(root)
    try:
        job = Job("glob", "**", real_path=str(root), ripgrep=ripgrep, levels_below=levels_below)
        place = Place(opened, job)
        assert place.until > time.monotonic()
        return sorted(os.fsdecode(path) for path in place.listed())
    finally:
        os.fchdir(here)
        os.close(here)
        os.close(opened)

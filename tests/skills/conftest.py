"""Folders with skills in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conduit_tui.skills.places import Place

WriteSkill = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> WriteSkill:
    """Writes a SKILL.md into a folder; by itself one that is right."""

    def write_skill(
        name: str,
        content: str | bytes | None = None,
        /,
        *,
        within: Path | None = None,
        file: str = "SKILL.md",
        **fields: str,
    ) -> Path:
        folder = (within or tmp_path / "skills") / name
        folder.mkdir(parents=True, exist_ok=True)
        if content is None:
            values = {"name": name, "description": f"What {name} does."} | fields
            lines = "".join(f"{key}: {value}\n" for key, value in values.items())
            content = f"---\n{lines}---\n# {name}\n"
        if isinstance(content, str):
            content = content.encode()
        (folder / file).write_bytes(content)
        return folder

    return write_skill


def place(directory: Path, *, source: str = "user", may_link: bool = True) -> Place:
    """A directory of skills."""
    return Place(directory.parent, (directory.name,), source, may_link)  # type: ignore[arg-type]

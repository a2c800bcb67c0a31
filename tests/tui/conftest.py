"""A home and a scripted model for tests of the whole app."""

from pathlib import Path

import pytest

from tests.tui.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An empty home."""
    return Stage(tmp_path / "home")

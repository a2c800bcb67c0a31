"""A home and a scripted model for tests of the whole app."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.settling import settling
from tests.tui.stage import Stage


@pytest.fixture(scope="package", autouse=True)
def at_rest() -> Iterator[None]:
    """Have every pause of a test end when the app is at rest."""
    with settling():
        yield


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An empty home."""
    return Stage(tmp_path / "home")

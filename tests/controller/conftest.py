"""A controller for each test, closed when the test ends."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.controller.desk import Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A controller on a real file and a scripted model."""
    desk = await Desk.open(tmp_path / "conduit.db")
    try:
        yield desk
    finally:
        await desk.aclose()

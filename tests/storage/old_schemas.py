"""The schemas of earlier releases."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conduit_tui.storage.schema import MIGRATIONS


@contextmanager
def migrations_up_to(number: int) -> Iterator[Path]:
    """A folder with the migrations up to one of them."""
    with tempfile.TemporaryDirectory() as folder:
        for script in MIGRATIONS.glob("*.sql"):
            if int(script.name.partition("_")[0]) <= number:
                shutil.copy(script, folder)
        yield Path(folder)

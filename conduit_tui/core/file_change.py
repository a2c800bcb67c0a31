"""What a tool did to a file, as it can be taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

FileState: TypeAlias = Literal["done", "undone", "other"]
"""What a file holds: what the tool wrote, what it held before, or something else."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that a tool wrote in a session.

    `before` and `after` are the SHA-256 of what it held; None: there was no such file.
    """

    id: int
    path: str
    changed_at: datetime
    before: str | None
    after: str

    def state(self, now: str | None) -> FileState:
        """Say what is there now, by its SHA-256; None is no file."""
        if now == self.after:
            return "done"
        return "undone" if now == self.before else "other"


@dataclass(frozen=True, slots=True)
class FileContents:
    """What a file held before a change (None: there was none), and after it."""

    before: bytes | None
    after: bytes

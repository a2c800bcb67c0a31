"""How far a model server is with fetching a model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PullProgress:
    """What the server says it does, and the bytes of all layers it has named so far.

    `total_bytes` is 0 while nothing is known, and grows as layers become known.
    """

    status: str
    completed_bytes: int = 0
    total_bytes: int = 0
    is_done: bool = False

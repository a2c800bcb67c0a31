"""How a search of the transcript stands, in numbers and in words."""

from typing import NamedTuple


class FindCount(NamedTuple):
    """How a search stands: which match one is at, 0 for none, of how many by now."""

    query: str
    number: int = 0
    total: int = 0
    is_counting: bool = False

    @property
    def is_in_vain(self) -> bool:
        """Whether there is no match anywhere."""
        return bool(self.query) and not (self.total or self.is_counting)

    @property
    def words(self) -> str:
        """`3/17`, with an ellipsis while it may become more."""
        if not self.query:
            return ""
        if self.is_in_vain:
            return "no match"
        more = "…" if self.is_counting else ""
        if self.number:
            return f"{self.number:,}/{self.total:,}{more}"
        return f"{self.total:,} found{more}" if self.total else "looking…"


class HitCount(NamedTuple):
    """How a search of all sessions stands; `most` hits are shown, the newest."""

    total: int
    most: int
    is_looking: bool = False
    is_of_stars: bool = False

    @property
    def is_in_vain(self) -> bool:
        """Whether there is no match anywhere."""
        return not (self.total or self.is_looking)

    @property
    def words(self) -> str:
        """`17 found`, with an ellipsis while it may become more."""
        if self.is_of_stars:
            return f"{self.total:,} starred" if self.total else ""
        if self.total > self.most:
            return f"{self.most:,} newest of more"
        if self.total:
            return f"{self.total:,} found{'…' if self.is_looking else ''}"
        return "looking…" if self.is_looking else "no match"

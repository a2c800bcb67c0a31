"""What a search process is asked, and what it answers."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, cast

Kind: TypeAlias = Literal["glob", "grep"]

MOST_FILES = 500_000
"""Files a search looks at before it stops, and says so."""
MOST_MEGABYTES = 20
"""Larger files are not searched."""


@dataclass(frozen=True, slots=True)
class Job:
    """A search below the folder that the process is handed open, or in that file.

    `prefix` goes before the paths of the result, `real_path` is the folder's own, and
    `levels_below` tells how far it is below the working directory. What is `passed_over`, by
    paths below the folder, is not looked at; what a pattern of `withheld` fits, by its whole path,
    is left out. `ripgrep` is the program's path, or empty.
    """

    kind: Kind
    pattern: str
    prefix: str = ""
    real_path: str = "/"
    is_file: bool = False
    levels_below: int = 0
    glob: str = ""
    ignore_case: bool = False
    is_literal: bool = False
    context_lines: int = 0
    most: int = 200
    most_characters: int = 50_000
    passed_over: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    ripgrep: str = ""
    seconds: float = 20.0

    def as_json(self) -> str:
        """The job as it is sent."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """The job as it was sent."""
        given = cast("dict[str, Any]", json.loads(text))  # our own, from the other side
        for name in ("passed_over", "withheld"):
            given[name] = tuple(given[name])
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Answer:
    """The text of a result, or words about what is wrong with the job."""

    text: str
    is_error: bool = False

    def as_json(self) -> str:
        """The answer as it is sent."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Answer":
        """The answer as it was sent."""
        return cls(**json.loads(text))

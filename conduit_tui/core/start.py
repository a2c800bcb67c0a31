"""What the command line asks the screen to begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conduit_tui.core.params import ParamChanges, ParamValue

if TYPE_CHECKING:
    from conduit_tui.core.message import Attachment


@dataclass(frozen=True, slots=True)
class Start:
    """How a person started the screen.

    `pipe_fd` is what was piped in, still unread: whoever takes it reads it in the background and
    closes it. `model`, `system_prompt` and `params` are what the command line itself named; what
    it did not, stays a reopened session's own. Without `save` nothing is written. `notices` are
    words about what was brought along.
    """

    prompt: str = ""
    attachments: tuple[Attachment, ...] = ()
    pipe_fd: int | None = None
    continue_last: bool = False
    model: str | None = None
    system_prompt: str | None = None
    save: bool = True
    params: ParamChanges = field(default_factory=dict[str, ParamValue])
    notices: tuple[str, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether nothing was brought along: then the last session is reopened."""
        return not self.prompt and not self.attachments and self.pipe_fd is None

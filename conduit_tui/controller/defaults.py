"""What a session uses: what it says itself, and the usual where it says nothing."""

from dataclasses import dataclass, field

from conduit_tui.controller.models import GUIDE
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a session starts with where it says nothing of its own."""

    model: str = GUIDE
    system_prompt: str | None = None
    max_steps: int = 10
    params: Params = field(default_factory=Params)

    def model_of(self, session: Session) -> str:
        """The full name of the model a session talks to."""
        return session.model or self.model

    def system_prompt_of(self, session: Session) -> str | None:
        """The system prompt a session uses."""
        return self.system_prompt if session.system_prompt is None else session.system_prompt

    def params_of(self, session: Session) -> Params:
        """The sampling settings a session uses."""
        return self.params if session.params is None else session.params

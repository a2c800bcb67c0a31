"""What a tool is about to do, and what a person says to that."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from conduit_tui.core.message import ToolCall, ToolResult

Effect: TypeAlias = Literal["none", "read", "write", "run", "network"]
"""What an act touches: nothing, files as they are, files, a program, another machine."""

Choice: TypeAlias = Literal["once", "session", "always", "no"]
"""What a person may say: yes once, yes for this session, yes always, or no."""

SAID_NO = "The person said no"
"""What a model reads of a call that a person denied begins so; a reason may follow."""

NOT_DONE = "It was not done; do not try to get round this."
"""What it reads behind that."""

ShownAs: TypeAlias = Literal["text", "diff", "shell"]
"""How the preview of an act is to be coloured."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a tool is about to do: what rules are held against and a person is asked about.

    `subject` is what it is done to, in full: the real path of the file that is open, the whole
    command, the whole address; of a tool that says nothing about itself, its arguments. `wider` is
    the pattern that "this session" and "always" would allow, by itself the subject as it is; a path
    in it goes through `literal` of `core/rule.py`. `preview` shows what would come of it, such as a
    diff, and `warnings` are words about what is unusual. `is_inside` tells whether a path is below
    the working directory. Rules that allow do not count for an act that `always_asks`, and neither
    do those with wildcards for one that is `literal`. One that `follows` another which was
    permitted, as a redirect on the same host does, needs nothing more unless a rule speaks against
    it.
    """

    tool: str
    effect: Effect
    subject: str
    wider: str = ""
    preview: str = ""
    shown_as: ShownAs = "text"
    warnings: tuple[str, ...] = ()
    is_inside: bool = False
    always_asks: bool = False
    literal: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question, laid bare and whole; what is in one of them is not in another."""

    subject: str
    warnings: tuple[str, ...]
    preview: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Approval:
    """A question that waits for a person: may this call do that?

    The call is the one at `index` of the calls of the message `message_id`. `asked` has its words,
    where they are made already.
    """

    id: str
    session_id: str
    message_id: str
    index: int
    call: ToolCall
    act: Act
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to an approval; `reason` goes to the model when it is no."""

    choice: Choice
    reason: str = ""

    @property
    def is_yes(self) -> bool:
        """Whether the act may be done."""
        return self.choice != "no"


def is_denied(result: ToolResult) -> bool:
    """Whether it is a person's no that a call came to."""
    return result.is_error and result.output.startswith((f"{SAID_NO}.", f"{SAID_NO}:"))

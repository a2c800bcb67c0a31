"""Commands for the shell: off until a person switches them on, and asked about each time."""

import re
from collections.abc import Mapping
from typing import Annotated

from conduit_tui.core.consent import Act
from conduit_tui.core.errors import ToolError
from conduit_tui.core.rule import literal
from conduit_tui.tools.processes import Ran, run_program
from conduit_tui.tools.schema import tool
from conduit_tui.tools.tool import Tool, ToolContext

USUAL_SECONDS = 60
MOST_SECONDS = 600
LONGEST_COMMAND = 20_000
"""Characters: a person has to read it."""

_ACTIVE = re.compile(r"[;&|<>$`(){}\\\n\r]")
"""What makes of one command several, or of its words others."""

_SECRET = re.compile(r"key|token|secret|passw|credential|auth|cookie|_pat$|_dsn$", re.IGNORECASE)
_OWN = re.compile(r"CONDUIT_")
_QUIET = {
    "TERM": "dumb",
    "NO_COLOR": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_EDITOR": "true",
    "EDITOR": "true",
    "VISUAL": "true",
}
_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def shell_tool() -> Tool:
    """Return the tool; it minds the time itself."""
    return tool(run_shell, effect="run", asks_itself=True, time_limit_seconds=MOST_SECONDS + 20)


async def run_shell(
    context: ToolContext,
    command: Annotated[str, "The command, for /bin/sh, in the working directory"],
    seconds: Annotated[int, "The longest time it may take, up to 600"] = USUAL_SECONDS,
) -> str:
    """Run a shell command and return what it prints, output and errors together.

    It has no input and no terminal, and whatever it leaves running is stopped when it ends.
    Variables that look like keys or passwords are not passed on. A person sees each command
    before it runs.
    """
    if not command.strip() or "\0" in command:
        raise ToolError("There is no command. Write one for /bin/sh, without NUL characters.")
    if len(command) > LONGEST_COMMAND:
        raise ToolError(
            f"The command has {len(command):,} characters; {LONGEST_COMMAND:,} are the most. "
            "Write a file with file_write and run that."
        )
    limit = max(1, min(seconds, MOST_SECONDS))
    is_compound = bool(_ACTIVE.search(command))
    act = Act("run_shell", "run", command, literal(command), shown_as="shell", literal=is_compound)
    await context.permit(act)
    around = context.surroundings
    arguments = ("/bin/sh", "-c", command)
    try:
        ran = await run_program(arguments, around.directory, passed_on(around.environ), limit)
    except (OSError, ValueError) as error:
        raise ToolError(f"The command could not be started: {error}.") from error
    words = _in_words(ran, limit)
    if ran.code or ran.stopped:
        raise ToolError(words)
    return words


def passed_on(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables a command is given: none that look secret or are this program's own."""
    kept = {
        name: value
        for name, value in environ.items()
        if not _SECRET.search(name) and not _OWN.match(name)
    }
    return kept | _QUIET


def _in_words(ran: Ran, limit: int) -> str:
    printed = _printed(ran)
    match ran.stopped:
        case "time":
            return f"Stopped after {limit} s. What it had printed:\n{printed}"
        case "flood":
            return f"Stopped: it printed too much. The beginning and the end:\n{printed}"
        case _ if ran.code < 0:
            return f"Ended by signal {-ran.code}.\n{printed}"
        case _ if ran.code:
            return f"Exit code {ran.code}.\n{printed}"
        case _:
            return printed


def _printed(ran: Ran) -> str:
    if b"\0" in ran.head:
        size = len(ran.head) + ran.left_out + len(ran.tail)
        return f"(It printed {size:,} bytes that are no text.)"
    gap = f"\n[{ran.left_out:,} bytes left out here]\n" if ran.left_out else ""
    return (_text(ran.head) + gap + _text(ran.tail)).strip("\n") or "(It printed nothing.)"


def _text(output: bytes) -> str:
    """Output as text, without colours and movements of the cursor."""
    text = output.decode("utf-8", "replace").replace("\r\n", "\n").replace("\0", "\u2400")
    return _SEQUENCES.sub("", text)

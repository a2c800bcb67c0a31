"""Runs a search in a process of its own."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.child import answered
from conduit_tui.tools.search.job import Answer, Job

_OVER_SECONDS = 3.0
_PACKAGES = str(Path(__file__).parents[3])
_CODE = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from conduit_tui.tools.search.worker import main; main(int(sys.argv[1]))"
)


async def run(job: Job, root: int, environ: Mapping[str, str]) -> str:
    """Do a job in the folder that is open as `root`; return the text of its result.

    Raises ToolError for a job that cannot be done, and when there is no result in time.
    """
    try:
        async with asyncio.timeout(job.seconds + _OVER_SECONDS):
            written = await _asked(job, root, environ)
    except TimeoutError as error:
        raise ToolError(
            f"The search took longer than {job.seconds:g} s. Name a folder as `path`, or a "
            "simpler pattern."
        ) from error
    except OSError as error:
        raise ToolError(f"No search could be started: {error.strerror or error}.") from error
    try:
        answer = Answer.from_json(written.decode())
    except (ValueError, TypeError) as error:
        raise ToolError("The search ended without a result. Ask for less at once.") from error
    if answer.is_error:
        raise ToolError(answer.text)
    return answer.text


async def _asked(job: Job, root: int, environ: Mapping[str, str]) -> bytes:
    paths = (_PACKAGES, *(path for path in sys.path if path.startswith("/")))
    arguments = ("-X", "utf8", "-c", _CODE, str(root), *paths)
    return (await answered(arguments, job.as_json().encode(), environ, (root,)))[0]

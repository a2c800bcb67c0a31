"""The process of a search: reads a job from stdin, writes the answer to stdout, and ends.

It is handed the folder open, by the number of its descriptor.
"""

import os
import resource
import signal
import sys
from contextlib import suppress
from types import FrameType

from conduit_tui.tools.search.globbing import glob
from conduit_tui.tools.search.grepping import grep
from conduit_tui.tools.search.job import Answer, Job
from conduit_tui.tools.search.place import Place

_MOST_MEMORY_BYTES = 2 * 1024**3


def main(root: int) -> None:
    """Do one job."""
    _bound_memory()
    os.set_inheritable(root, False)
    job = Job.from_json(sys.stdin.read())
    signal.alarm(int(job.seconds) + 5)  # whatever hangs, and should the program be gone
    if not job.is_file:
        os.fchdir(root)
    place = Place(root, job)

    def end(_number: int, _frame: FrameType | None) -> None:
        place.stop()
        os._exit(1)

    signal.signal(signal.SIGTERM, end)
    answer = glob(job, place) if job.kind == "glob" else grep(job, place)
    sys.stdout.write(_sound(answer).as_json())
    sys.stdout.flush()


def _bound_memory() -> None:
    """Bound what this process may take, and what it starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):  # less is allowed already
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, hard))


def _sound(answer: Answer) -> Answer:
    """The answer without lone surrogates, which no text may hold."""
    return Answer(answer.text.encode(errors="replace").decode(), answer.is_error)

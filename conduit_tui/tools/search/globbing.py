"""Files by a glob, as text."""

import os

from conduit_tui.tools.search.expressions import BadPattern
from conduit_tui.tools.search.globs import path_filter
from conduit_tui.tools.search.job import MOST_MEGABYTES, Answer, Job
from conduit_tui.tools.search.names import shown
from conduit_tui.tools.search.opening import is_file
from conduit_tui.tools.search.place import Place, in_order
from conduit_tui.tools.search.withheld import Withheld


def glob(job: Job, place: Place) -> Answer:
    """Do the job, and answer with paths, one a line."""
    try:
        fits = path_filter(job.pattern)
        withheld = Withheld(job.withheld, job.real_path)
    except BadPattern as error:
        return Answer(str(error), is_error=True)
    listed = place.listed()
    fitting = [path for path in listed if fits(path)]
    paths = in_order(path for path in fitting if not withheld.has(path))
    place.remarks.withheld = len(fitting) - len(paths)
    prefix = os.fsencode(job.prefix)
    lines: list[str] = []
    size = 0
    for path in paths:
        if len(lines) >= job.most or size > job.most_characters:
            break
        if is_file(place.root, path):  # it may have become a link, or be gone
            lines.append(shown(prefix + path))
            size += len(lines[-1]) + 1
    remarks = place.remarks.lines(MOST_MEGABYTES)
    more = len(paths) - len(lines)
    if not lines:
        lines.append(_nothing(job, len(listed)))
    elif more > 0 and len(lines) >= job.most:
        remarks.insert(0, f"[{more:,} more; narrow the pattern or name a folder as `path`]")
    return Answer("\n".join([*lines, *remarks]))


def _nothing(job: Job, looked_at: int) -> str:
    where = job.prefix.rstrip("/") or job.real_path
    words = f"No file fits {job.pattern!r} below {where!r}; {looked_at:,} were looked at"
    if "/" not in job.pattern and "**" not in job.pattern:
        words = f"{words}. It fits names right in that folder; '**/{job.pattern}' goes below"
    return f"[{words}]"

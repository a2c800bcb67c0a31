"""The folder a search goes on in: open, with what is above it, and a way to list it."""

import os
import time
from collections.abc import Iterable

from conduit_tui.tools.search.ignoring import Above, above
from conduit_tui.tools.search.job import MOST_FILES, Job
from conduit_tui.tools.search.remarks import Remarks
from conduit_tui.tools.search.ripgrep import Output, Ripgrep, names_in
from conduit_tui.tools.search.tree import OUT_OF_TIME, TOO_MANY, Tree


class Place:
    """A folder that is open, and is the current one. What is left out goes to `remarks`."""

    def __init__(self, root: int, job: Job) -> None:
        self.root = root
        self.remarks = Remarks()
        self.until = time.monotonic() + job.seconds
        way = os.fsencode(job.real_path)
        self._above = Above() if job.is_file else above(root, way, job.levels_below)
        self._passed_over = frozenset(map(os.fsencode, job.passed_over))
        self._ripgrep = self._usable(job.ripgrep)

    def stop(self) -> None:
        """Kill what was started."""
        if self._ripgrep:
            self._ripgrep.stop()

    def hurry(self, share: float) -> None:
        """Take but a share of the time there is left."""
        now = time.monotonic()
        self.until = now + (self.until - now) * share
        if self._ripgrep:
            self._ripgrep.until = self.until

    def tree(self) -> Tree:
        """What is below, by our own way."""
        return Tree(self.root, self._above, self.remarks, self.until, self._passed_over)

    def listed(self) -> list[bytes]:
        """The paths of all files below that git would look at, in any order."""
        if self._ripgrep:
            found = self.asked(self._ripgrep, self._ripgrep.files())
            if found is not None:
                return self.kept(names_in(found[0].text))
        return [entry.path for entry in self.tree().files()]

    @property
    def ripgrep(self) -> Ripgrep | None:
        """ripgrep, where it is there and would see the same files."""
        return self._ripgrep

    def asked(self, ripgrep: Ripgrep, *commands: list[str]) -> list[Output] | None:
        """What ripgrep says; None if it cannot be had this way."""
        try:
            outputs = ripgrep.run(*commands)
        except OSError:
            return None
        if any(output.has_failed or output.is_empty for output in outputs):
            return None  # it is no ripgrep, or there is no file, which is quickly seen
        if any(output.names > MOST_FILES for output in outputs):
            self.remarks.stopped = TOO_MANY
        elif any(output.status is None for output in outputs):
            self.remarks.stopped = OUT_OF_TIME
        self.remarks.unreadable += outputs[0].unreadable
        return outputs

    def kept(self, paths: Iterable[bytes]) -> list[bytes]:
        """Those of the paths that are not passed over."""
        if not self._passed_over:
            return list(paths)
        starts = tuple(path + b"/" for path in self._passed_over)
        return [
            path for path in paths if path not in self._passed_over and not path.startswith(starts)
        ]

    def _usable(self, program: str) -> Ripgrep | None:
        if not program or (self._above.rules and not self._above.has_git):
            return None  # it stops at no working directory, and would read up to the root
        return Ripgrep(program, self.until, reads_above=self._above.has_git)


def in_order(paths: Iterable[bytes]) -> list[bytes]:
    """Paths as a walk comes upon them, folder by folder."""
    return sorted(paths, key=lambda path: path.replace(b"/", b"\0"))

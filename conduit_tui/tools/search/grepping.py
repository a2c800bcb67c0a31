"""Lines by a regular expression, as text."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from conduit_tui.tools.search.dialect import for_ripgrep, read
from conduit_tui.tools.search.expressions import BadPattern, Expression
from conduit_tui.tools.search.globs import path_filter
from conduit_tui.tools.search.job import MOST_MEGABYTES, Answer, Job
from conduit_tui.tools.search.lines import Line, as_text, matching
from conduit_tui.tools.search.names import shown
from conduit_tui.tools.search.opening import folder_of, open_file, read_all
from conduit_tui.tools.search.place import Place, in_order
from conduit_tui.tools.search.ripgrep import counts_in, names_in
from conduit_tui.tools.search.tree import OUT_OF_TIME
from conduit_tui.tools.search.withheld import Withheld
from conduit_tui.tools.secret_files import is_secret

_MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
_MOST_LOOKED_AFTER = 2_000
"""Files ripgrep did not search of which it is found out why."""

_PLAIN_STEPS = 500
"""Of an expression that has all the time there is; one that is longer has less, by as much."""

Counts = Mapping[bytes, int]


def grep(job: Job, place: Place) -> Answer:
    """Do the job, and answer with lines: `path:number: text`."""
    try:
        expression, ready = read(job.pattern, job.ignore_case, job.is_literal)
        fits = path_filter(job.glob, loose=True) if job.glob else None
        withheld = Withheld(job.withheld, job.real_path)
    except BadPattern as error:
        return Answer(str(error), is_error=True)
    place.hurry(min(1.0, _PLAIN_STEPS / ready.programsize))
    return _Search(job, place, ready, fits, withheld).answer(expression)


class _Search:
    """A search under way, and the lines it has found so far."""

    def __init__(
        self,
        job: Job,
        place: Place,
        expression: Expression,
        fits: Callable[[bytes], bool] | None,
        withheld: Withheld,
    ) -> None:
        self._job = job
        self._place = place
        self._expression = expression
        self._fits = fits
        self._withheld = withheld
        self._prefix = os.fsencode(job.prefix)
        self._lines: list[str] = []
        self._size = 0
        self._matches = 0
        self._searched = 0

    def answer(self, expression: str) -> Answer:
        """Search, with ripgrep where it can be had."""
        counts = None if self._job.is_file else self._counted(expression)
        if self._job.is_file:
            more = self._one_file()
        elif counts is None:
            is_whole = self._walk()
            more = "" if is_whole else f"[Stopped after {self._matches:,} lines; there may be more]"
        else:
            more = self._more(counts, self._look_through(counts))
        remarks = self._place.remarks.lines(MOST_MEGABYTES)
        if not self._lines:
            remarks.insert(0, self._nothing())
        elif more:
            remarks.insert(0, more)
        return Answer("\n".join([*self._lines, *remarks]))

    def _one_file(self) -> str:
        """Look through the file that is open in place of a folder."""
        if self._withheld.has(b""):
            self._place.remarks.withheld += 1
            return ""
        self._searched = 1
        self._prefix = self._prefix.rstrip(b"/")
        self._read(b"", os.dup(self._place.root), os.fstat(self._place.root).st_size)
        return "[There may be more lines that match]" if self._is_full() else ""

    def _counted(self, expression: str) -> Counts | None:
        """How many lines match in each file that may be shown, by ripgrep; None without it."""
        ripgrep, place = self._place.ripgrep, self._place
        translated = for_ripgrep(expression) if ripgrep else None
        if ripgrep is None or translated is None:
            return None
        asked = place.asked(
            ripgrep, ripgrep.counts(translated, self._job.ignore_case), ripgrep.files()
        )
        if asked is None:
            return None
        counts = counts_in(asked[0].text)
        names = place.kept(names_in(asked[1].text))
        wanted = [path for path in names if self._is_wanted(path)]
        if place.remarks.stopped:  # what was counted and not listed counts too
            seen = set(wanted)
            wanted += [
                path for path in place.kept(counts) if path not in seen and self._is_wanted(path)
            ]
        self._searched = sum(path in counts for path in wanted)
        self._look_after(path for path in wanted if path not in counts)
        return {path: counts[path] for path in wanted if counts.get(path)}

    def _is_wanted(self, path: bytes) -> bool:
        """Whether a file is to be searched; those left out are remarked on, matching or not."""
        if self._fits and not self._fits(path):
            return False
        if self._withheld.has(path):
            self._place.remarks.withheld += 1
            return False
        if is_secret(f"{self._job.real_path}/{os.fsdecode(path)}"):
            self._place.remarks.secret.append(self._prefix + path)
            return False
        return True

    def _look_after(self, paths: Iterable[bytes]) -> None:
        """Find out why files were not searched: they are large, or no text."""
        for path, _ in zip(paths, range(_MOST_LOOKED_AFTER), strict=False):
            try:
                with folder_of(self._place.root, path) as (folder, name):
                    size = os.stat(name, dir_fd=folder, follow_symlinks=False).st_size
            except OSError:
                continue
            if size > _MOST_BYTES:
                self._place.remarks.too_large.append(self._prefix + path)

    def _look_through(self, counts: Counts) -> Iterator[bytes]:
        """Look through the files that have something; what is left when there is no more room."""
        paths = iter(in_order(counts))
        for path in paths:
            try:
                with folder_of(self._place.root, path) as (folder, name):
                    self._look_into(path, folder, name)
            except OSError:
                continue  # it is gone, or has become something else
            if self._is_full():
                break
        return paths

    def _more(self, counts: Counts, left: Iterator[bytes]) -> str:
        """Words about matches that are not shown."""
        files = sum(1 for _ in left)
        lines = sum(counts.values()) - self._matches
        if not self._is_full() or lines <= 0:
            return ""
        where = f", {files:,} further files among them" if files else ""
        return (
            f"[{lines:,} more lines match{where}; narrow the pattern, or name a `glob` or a folder]"
        )

    def _walk(self) -> bool:
        """Look through all files there are, until there is no more room; whether it came so far."""
        for entry in self._place.tree().files():
            if not self._is_wanted(entry.path):
                continue
            self._searched += 1
            try:
                self._look_into(entry.path, entry.folder, entry.name)
            except OSError:
                self._place.remarks.unreadable += 1
            if self._is_full():
                return False
        return True

    def _look_into(self, path: bytes, folder: int, name: bytes) -> None:
        """Add what matches in one file."""
        self._read(path, *open_file(folder, name))

    def _read(self, path: bytes, opened: int, size: int) -> None:
        if size > _MOST_BYTES:
            os.close(opened)
            self._place.remarks.too_large.append(self._prefix + path)
            return
        text = as_text(read_all(opened, _MOST_BYTES))
        if text is None:
            return
        left = self._job.most - self._matches
        around, until = self._job.context_lines, self._place.until
        self._add(path, matching(text, self._expression, around, left, until))
        if time.monotonic() > until and not self._place.remarks.stopped:
            self._place.remarks.stopped = OUT_OF_TIME

    def _add(self, path: bytes, lines: list[Line]) -> None:
        shown_path = shown(self._prefix + path, before_colon=True)
        before = 0
        for line in lines:
            if self._is_full():
                return
            if self._job.context_lines and self._lines and line.number != before + 1:
                self._put("--")
            sign = ":" if line.is_match else "-"
            self._put(f"{shown_path}{sign}{line.number}{sign} {line.text}")
            self._matches += line.is_match
            before = line.number

    def _put(self, line: str) -> None:
        self._lines.append(line)
        self._size += len(line) + 1

    def _is_full(self) -> bool:
        return self._matches >= self._job.most or self._size >= self._job.most_characters

    def _nothing(self) -> str:
        where = self._job.prefix.rstrip("/") or self._job.real_path
        words = f"No line matches {self._job.pattern[:200]!r}"
        return f"[{words}; {self._searched:,} files searched in {where!r}]"

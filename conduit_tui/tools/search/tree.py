"""Walks a tree without ripgrep: sorted, by descriptors, and past what git would not look at."""

import os
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from conduit_tui.tools.open_flags import FOLDER
from conduit_tui.tools.search.ignoring import Above, Rules, excluded, is_ignored, rules_in
from conduit_tui.tools.search.job import MOST_FILES
from conduit_tui.tools.search.remarks import Remarks

MOST_DEPTH = 200
TOO_MANY = f"Stopped after {MOST_FILES:,} files; there are more. Name a folder as `path`."
OUT_OF_TIME = "Stopped, as it took too long; this is a part of the result. Name a folder as `path`."


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file below the root; its folder is open until the next one is asked for."""

    path: bytes
    folder: int
    name: bytes


@dataclass(frozen=True, slots=True)
class _Level:
    """A folder that is being looked through."""

    folder: int
    path: bytes
    rules: tuple[Rules, ...]
    entries: Iterator[tuple[bytes, bool]]


class Tree:
    """What is below a folder that is open. Links are not followed, other disks not entered."""

    def __init__(
        self,
        root: int,
        above: Above,
        remarks: Remarks,
        until: float,
        passed_over: frozenset[bytes] = frozenset(),
    ) -> None:
        self._root = root
        self._above = above
        self._remarks = remarks
        self._until = until
        self._passed_over = passed_over
        self._device = os.fstat(root).st_dev
        self._seen = 0

    def files(self) -> Generator[Entry]:
        """All files that git would look at, sorted; it ends early, with a remark, if it must.

        Where there are too many, those that were seen come all the same.
        """
        levels = [self._level(os.dup(self._root), b"", self._above.rules)]
        try:
            while levels and self._has_time():
                level = levels[-1]
                for name, is_folder in level.entries:
                    if not self._has_time():
                        break
                    path = level.path + name
                    if path in self._passed_over or self._is_ignored(level, path, is_folder):
                        continue
                    if not is_folder:
                        yield Entry(path, level.folder, name)
                        continue
                    below = self._below(level, path, name, len(levels))
                    if below is not None:
                        levels.append(below)
                        break
                else:
                    os.close(levels.pop().folder)
        finally:
            for level in levels:
                os.close(level.folder)

    def _is_ignored(self, level: _Level, path: bytes, is_folder: bool) -> bool:
        whole = self._above.way + path
        return is_ignored(level.rules, whole + b"/" if is_folder else whole)

    def _below(self, level: _Level, path: bytes, name: bytes, depth: int) -> _Level | None:
        """The folder of a name, if it can be gone into."""
        if self._remarks.stopped:
            return None
        if depth > MOST_DEPTH:
            self._remarks.too_deep += 1
            return None
        try:
            folder = os.open(name, FOLDER, dir_fd=level.folder)
        except OSError:
            self._remarks.unreadable += 1
            return None
        if os.fstat(folder).st_dev != self._device:
            os.close(folder)
            self._remarks.other_disks.append(path)
            return None
        return self._level(folder, path + b"/", level.rules)

    def _level(self, folder: int, path: bytes, rules: tuple[Rules, ...]) -> _Level:
        entries, names = self._listed(folder)
        if b".git" in names and path:  # a repository within: what is above does not count there
            found = excluded(folder, len(self._above.way + path))
            rules = (found,) if found else ()
        if b".gitignore" in names:
            found = rules_in(folder, len(self._above.way + path))
            rules = (*rules, found) if found else rules
        return _Level(folder, path, rules, iter(entries))

    def _listed(self, folder: int) -> tuple[list[tuple[bytes, bool]], frozenset[bytes]]:
        """The files and folders in a folder, sorted, and the names with a meaning for git."""
        found: list[tuple[bytes, bool]] = []
        special: set[bytes] = set()
        try:
            with os.scandir(folder) as listed:
                for entry in listed:
                    name = os.fsencode(entry.name)
                    if name in (b".git", b".gitignore"):
                        special.add(name)
                    if name != b".git" and self._goes_on():
                        is_folder = entry.is_dir(follow_symlinks=False)
                        if is_folder or entry.is_file(follow_symlinks=False):
                            found.append((name, is_folder))
        except OSError:
            self._remarks.unreadable += 1
        return sorted(found), frozenset(special)

    def _goes_on(self) -> bool:
        """Count an entry, and see whether there is time for more."""
        self._seen += 1
        if self._seen > MOST_FILES and not self._remarks.stopped:
            self._remarks.stopped = TOO_MANY
        elif self._seen % 256 == 0:
            self._has_time()
        return not self._remarks.stopped

    def _has_time(self) -> bool:
        if time.monotonic() <= self._until:
            return True
        self._remarks.stopped = self._remarks.stopped or OUT_OF_TIME
        return False

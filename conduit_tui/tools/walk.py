"""Walks to a place name by name, holding each directory, so that no link can be slipped in."""

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.bounds import Bounds, Ident, Names, Root, ident_of, names_of
from conduit_tui.tools.path_words import in_words, link_words, of_the_system

LONGEST_PATH_BYTES = 4_096
MOST_LINKS = 40

_ENTER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class _Link:
    """A link of a root that is being followed; `words` say that it leads out."""

    root: Root
    words: str


class _LinkEnd:
    """Where the target of a link ends among the names that are left to walk."""


@dataclass(slots=True)
class Walk:
    """A way from a root, or from "/", to where a path leads. For a thread; close it.

    `names` are the real ones of the directory that is held, as walked. With `follows` links are
    followed, as long as those of a root stay in it; without, any link is refused.
    """

    bounds: Bounds
    follows: bool = True
    lets_miss: bool = False
    missing: tuple[str, ...] = ()
    names: list[str] = field(default_factory=list[str])
    fd: int = -1
    _idents: list[Ident | None] = field(default_factory=list[Ident | None])
    _left: list[str | _LinkEnd] = field(default_factory=list[str | _LinkEnd])
    _links: list[_Link] = field(default_factory=list[_Link])
    _links_seen: int = 0

    def __enter__(self) -> "Walk":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the directory."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def to_parent(self, path: str) -> str:
        """Walk to the directory a path's last name is in, and return that name.

        It is no link, but may be missing. "" means the directory that was reached itself. Raises
        ToolError, in words, for what cannot be walked or must not be.
        """
        self._begin(_checked(path), path.endswith("/"))
        while self._left:
            item = self._left.pop()
            if isinstance(item, _LinkEnd):
                self._links.pop()
            elif item == "..":
                self._up()
            elif self._is_last() and item != ".":
                if not self._leads_on(item):
                    return item
            elif self._is_missing(item):
                return self._leave_off(item)
            elif item != ".":
                self._down(item)
        return ""

    def is_own(self) -> bool:
        """Whether a directory on the way is Conduit's, under whatever name."""
        return any(ident in self.bounds.own_idents for ident in self._idents if ident is not None)

    def check_device(self, path: str, found: os.stat_result) -> None:
        """Raise ToolError for what is on one of the system's own file systems."""
        if found.st_dev in self.bounds.forbidden_devices:
            raise of_the_system(path)

    def path_of(self, name: str = "") -> str:
        """The real path of the directory that is held, or of a name in it."""
        return "/" + "/".join(self.names_to(name))

    def names_to(self, name: str = "") -> Names:
        """The real names of the directory that is held, or of a name in it."""
        return (*self.names, *self.missing, name) if name else tuple(self.names)

    def _begin(self, path: str, is_folder: bool) -> None:
        rest = names_of(path)
        if path.startswith("/"):
            root, rest = self._nearest_root(rest)
        else:
            root = self.bounds.directory
        self._enter_root(root)
        self._left = [*reversed(rest)]
        if is_folder and rest:
            self._left.insert(0, ".")

    def _nearest_root(self, names: Names) -> tuple[Root | None, Names]:
        roots = (self.bounds.directory, *self.bounds.readable)
        rests = [(root.rest_of(names), root) for root in roots if root.names]
        found = [(rest, root) for rest, root in rests if rest is not None]
        rest, root = min(found, key=lambda each: len(each[0]), default=(names, None))
        return root, rest

    def _enter_root(self, root: Root | None) -> None:
        """Stand in a root, or in "/"."""
        path = "/" if root is None else root.path
        self.close()
        try:
            self.fd = os.open(path, _ENTER)
        except OSError as error:
            raise in_words(path, error) from error
        here = ident_of(os.fstat(self.fd))
        if root is not None and root.ident not in (None, here):
            raise ToolError(
                f"{path!r} is not the directory any more that it was when Conduit was started; "
                "nothing is read or written there until it is started again."
            )
        self.names = [] if root is None else [*root.names]
        self._idents = [None] * (len(self.names) + 1)
        self._idents[-1] = here
        self._look_around()

    def _is_last(self) -> bool:
        return not any(isinstance(item, str) for item in self._left)

    def _down(self, name: str) -> None:
        """Go into a directory, or on to where a link leads."""
        try:
            self._enter(name)
        except OSError as error:
            if error.errno in (errno.ENOTDIR, errno.ELOOP) and self._leads_on(name):
                return
            raise self._failed(name, error) from error

    def _enter(self, name: str) -> None:
        fd = os.open(name, _ENTER, dir_fd=self.fd)
        self._hold(fd)
        self.names.append(name)
        self._idents.append(ident_of(os.fstat(fd)))
        self._look_around()

    def _is_missing(self, name: str) -> bool:
        if not self.lets_miss:
            return False
        try:
            os.stat(name, dir_fd=self.fd, follow_symlinks=False)
        except FileNotFoundError:
            return True
        except OSError as error:
            raise self._failed(name, error) from error
        return False

    def _leave_off(self, name: str) -> str:
        """Stop before directories that are not there; return the name of the place itself."""
        left = [name, *(item for item in reversed(self._left) if isinstance(item, str))]
        if ".." in left:
            raise ToolError(f"{self.path_of(name)!r} does not exist.")
        self._left.clear()
        self.missing = tuple(left[:-1])
        return left[-1]

    def _up(self) -> None:
        """Go to the parent, which must be the directory one came from."""
        if not self.names:
            return
        for link in self._links:
            if len(self.names) <= len(link.root.names):
                raise ToolError(link.words)
        expected = self._idents[-2]
        if expected is None:
            self._walk_from_top(self.names[:-1])
            return
        fd = os.open("..", _ENTER, dir_fd=self.fd)
        self._hold(fd)
        if ident_of(os.fstat(fd)) != expected:
            raise ToolError(f"{self.path_of()!r} was moved meanwhile. Try again.")
        self.names.pop()
        self._idents.pop()

    def _walk_from_top(self, names: Sequence[str]) -> None:
        """Walk to a directory above the root one began in, whose path has no links."""
        self._enter_root(None)
        for name in names:
            try:
                self._enter(name)
            except OSError as error:
                raise self._failed(name, error) from error

    def _leads_on(self, name: str) -> bool:
        """Whether a name is a link; if so, where it leads is what is walked next."""
        try:
            target = os.readlink(name, dir_fd=self.fd)
        except OSError as error:
            if error.errno in (errno.EINVAL, errno.ENOENT):  # no link, or nothing at all
                return False
            raise self._failed(name, error) from error
        self._follow(name, target)
        return True

    def _follow(self, name: str, target: str) -> None:
        path = self.path_of(name)
        words = link_words(path, self.path_of(), target)
        if not self.follows:
            raise ToolError(f"{words}. Files are not written through links: name that path itself.")
        self._links_seen += 1
        if self._links_seen > MOST_LINKS:
            raise ToolError(f"{path!r} leads through more than {MOST_LINKS} links, or in a circle.")
        root = self.bounds.root_of(self.names)
        rest = names_of(_checked(target))
        if root is not None:
            words = f"{words}, which is outside of {root.path!r}. It is not followed: name that"
            words = f"{words} path itself, and the person is asked."
            rest = self._within(root, target, rest, words)
            self._links.append(_Link(root, words))
            self._left.append(_LinkEnd())
        elif target.startswith("/"):
            self._enter_root(None)
        self._left.extend(reversed(rest))

    def _within(self, root: Root, target: str, rest: Names, words: str) -> Names:
        """What is left to walk of a link's target that stays in its root."""
        if not target.startswith("/"):
            return rest
        inner = root.rest_of(rest)
        if inner is None:
            raise ToolError(words)
        self._enter_root(root)
        return inner

    def _look_around(self) -> None:
        """Refuse to stand in the system's own directories, wherever they are mounted."""
        found = os.fstat(self.fd)
        if ident_of(found) in self.bounds.forbidden_idents or self.bounds.is_forbidden(self.names):
            raise of_the_system(self.path_of())
        self.check_device(self.path_of(), found)

    def _hold(self, fd: int) -> None:
        self.close()
        self.fd = fd

    def _failed(self, name: str, error: OSError) -> ToolError:
        return in_words(self.path_of(name), error)


def _checked(path: str) -> str:
    """The path, if a file system can have it at all."""
    if "\0" in path:
        raise ToolError("A path cannot have a NUL character in it.")
    try:
        size = len(path.encode())
    except UnicodeEncodeError as error:
        raise ToolError("A path whose name is not valid UTF-8 cannot be named here.") from error
    if size > LONGEST_PATH_BYTES:
        raise ToolError(f"The path is too long: {size:,} bytes of {LONGEST_PATH_BYTES:,} at most.")
    return path

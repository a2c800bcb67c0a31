"""A working directory with something outside of it, as tests of the jail need one."""

import ctypes
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from conduit_tui.tools.jail import open_file, open_folder
from conduit_tui.tools.tool import Surroundings


@dataclass(frozen=True)
class Yard:
    """`root` is the working directory, `outside` is beside it, and `own` is Conduit's."""

    root: Path
    outside: Path
    own: Path
    home: Path
    surroundings: Surroundings

    @classmethod
    def make(cls, folder: Path) -> "Yard":
        folder = folder.resolve()
        root, outside, own, home = (folder / name for name in ("root", "outside", "own", "home"))
        for each in (root, outside, own, home):
            each.mkdir()
        (root / "notes.txt").write_text("inside\n")
        (outside / "secret.txt").write_text("outside\n")
        (own / "keys.toml").write_text("key\n")
        around = Surroundings(root, protected=(own,), environ={"HOME": str(home)})
        return cls(root, outside, own, home, around)

    def reading(self, *readable: Path) -> Surroundings:
        return replace(self.surroundings, readable=readable)

    def read(self, path: str, surroundings: Surroundings | None = None) -> str:
        with open_file(surroundings or self.surroundings, path) as opened:
            return Path(f"/dev/fd/{opened.fd}").read_text()

    def is_inside(self, path: str) -> bool:
        with open_file(self.surroundings, path) as opened:
            return opened.is_inside

    def lists(self, path: str) -> str:
        with open_folder(self.surroundings, path) as opened:
            return opened.path


_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE


def exchange(one: Path, other: Path) -> None:
    """Let two files, directories or links have each other's names, at once. Linux alone can."""
    libc = ctypes.CDLL(None, use_errno=True)
    failed = libc.renameat2(_HERE, bytes(one), _HERE, bytes(other), _EXCHANGE)
    if failed:
        raise OSError(ctypes.get_errno(), "renameat2 failed")


@contextmanager
def exchanging(pairs: Sequence[tuple[Path, Path]]) -> Generator[None]:
    """Exchange each pair, as fast as it can be done, until the end; then nothing has changed."""
    is_over = threading.Event()

    def swap() -> None:
        while not is_over.is_set():
            for one, other in pairs:
                exchange(one, other)
                exchange(one, other)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        yield
    finally:
        is_over.set()
        swapper.join()

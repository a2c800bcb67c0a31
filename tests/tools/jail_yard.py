"""A working directory with something outside of it, as tests of the jail need one."""

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

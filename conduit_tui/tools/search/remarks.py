"""What a search has left out, and why, in lines of their own."""

from dataclasses import dataclass, field

from conduit_tui.tools.search.names import shown

MOST_NAMED = 5


@dataclass(slots=True)
class Remarks:
    """Gathers what is to be said at the end of a result."""

    secret: list[bytes] = field(default_factory=list[bytes])
    too_large: list[bytes] = field(default_factory=list[bytes])
    other_disks: list[bytes] = field(default_factory=list[bytes])
    withheld: int = 0
    unreadable: int = 0
    too_deep: int = 0
    stopped: str = ""

    def lines(self, most_megabytes: int) -> list[str]:
        """The remarks, in brackets, so that they are not taken for names."""
        said = [f"[{self.stopped}]"] if self.stopped else []
        if self.secret:
            said.append(
                f"[Not searched, as such files usually hold secrets: {_named(self.secret)}]"
            )
        if self.withheld:
            files = "1 file was" if self.withheld == 1 else f"{self.withheld:,} files were"
            said.append(f"[{files} left out, as the person's rules say]")
        if self.too_large:
            said.append(f"[Not searched, over {most_megabytes} MB: {_named(self.too_large)}]")
        if self.other_disks:
            said.append(f"[Not searched, other file systems: {_named(self.other_disks)}]")
        if self.unreadable:
            said.append(f"[{self.unreadable:,} could not be opened]")
        if self.too_deep:
            said.append(f"[{self.too_deep:,} folders lie too deep and were not searched]")
        return said


def _named(paths: list[bytes]) -> str:
    named = ", ".join(shown(path) for path in sorted(paths)[:MOST_NAMED])
    more = len(paths) - MOST_NAMED
    return f"{named} and {more:,} more" if more > 0 else named

"""What tools are about to do to files, as rules and a person are asked about it."""

from conduit_tui.core.consent import Act
from conduit_tui.core.rule import literal
from conduit_tui.tools.jail import SECRET, Opened


def read_act(tool: str, opened: Opened) -> Act:
    """Reading a file that is open.

    "Always" allows what is in the same directory, but of what holds secrets this file alone.
    """
    is_secret = SECRET in opened.warnings
    return Act(
        tool,
        "read",
        named(opened.path),
        wider="" if is_secret else folder_pattern(opened.path),
        warnings=opened.warnings,
        is_inside=opened.is_inside,
        literal=is_secret,
    )


def list_act(tool: str, opened: Opened) -> Act:
    """Listing or searching a directory that is open, by a path with a slash at its end.

    So `DIR/**` fits it and what is below.
    """
    subject = f"{named(opened.path).rstrip('/')}/"
    wider = f"{literal(subject)}**"
    return Act(tool, "read", subject, wider, warnings=opened.warnings, is_inside=opened.is_inside)


def named(path: str) -> str:
    """A path in characters that can be stored; names need not be valid UTF-8."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def folder_pattern(path: str) -> str:
    """The pattern of all that is below the directory of a file."""
    return f"{literal(named(path).rpartition('/')[0])}/**"

"""What installed packages add to the program, by their entry points."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

PROVIDERS = "conduit_tui.providers"
TOOLS = "conduit_tui.tools"


@dataclass(frozen=True, slots=True)
class Installed:
    """One entry point: its name, the package it came with, and how to bring it in."""

    name: str
    package: str
    load: Callable[[], object]


def installed(group: str) -> tuple[Installed, ...]:
    """The entry points of a group. Nothing of the packages is imported yet.

    Looking takes some milliseconds, and 25 the first time: ask when it is needed. Metadata that
    cannot be read counts as none.
    """
    from importlib.metadata import entry_points

    try:
        found = entry_points(group=group)
        return tuple(
            Installed(each.name, each.dist.name if each.dist else each.module, each.load)
            for each in found
        )
    except Exception as error:  # whatever stands in the metadata of packages that are not ours
        log.warning("entry points of %s not read: %s", group, type(error).__name__)
        return ()

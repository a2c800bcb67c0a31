"""Tools that come from installed packages, of the group `conduit_tui.tools`."""

import re
from collections.abc import Callable, Collection
from typing import cast

from conduit_tui.core.clean import clean_line
from conduit_tui.core.installed import TOOLS, Installed, installed
from conduit_tui.tools.tool import Tool

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what every wire takes


def installed_tools(taken: Collection[str], notices: list[str]) -> list[Tool]:
    """Bring the packages in and return their tools; words about what is left out go to `notices`.

    A tool cannot take the name of one that is there.
    """
    found: dict[str, Tool] = {}
    for each in installed(TOOLS):
        tool = _load(each)
        if isinstance(tool, str):
            notices.append(clean_line(f"{tool} It is left out."))
        elif tool.spec.name in taken or tool.spec.name in found:
            whose = "the built-in one" if tool.spec.name in taken else "the first one"
            notices.append(
                clean_line(
                    f"The package {each.package!r} offers a tool {tool.spec.name!r}, which is "
                    f"there already; {whose} is used."
                )
            )
        else:
            found[tool.spec.name] = tool
    return list(found.values())


def _load(offered: Installed) -> Tool | str:
    """The tool, or words why there is none."""
    whose = f"The tool {offered.name!r} of the package {offered.package!r}"
    try:
        made = cast("Callable[[], object]", offered.load())()
    except Exception as error:  # code that is not ours may fail in any way
        return f"{whose} failed with {type(error).__name__}."
    if not isinstance(made, Tool):
        return f"{whose} is no tool, but a {type(made).__name__}."
    if not _NAME.fullmatch(made.spec.name):
        return f"{whose} has a name that models cannot call, {made.spec.name[:80]!r}."
    return made

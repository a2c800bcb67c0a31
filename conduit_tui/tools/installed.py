"""Tools that come from installed packages, of the group `conduit_tui.tools`."""

import inspect
from collections.abc import Awaitable, Callable, Collection
from typing import cast

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import NotATool
from conduit_tui.core.installed import TOOLS, Installed, installed
from conduit_tui.tools.tool import Tool

MOST_REASONS = 5
"""Reasons against a tool that a notice names; `tool` tells them all."""


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
        return _made(offered.load())
    except NotATool as error:
        reasons = list(error.reasons[:MOST_REASONS])
        if (more := len(error.reasons) - MOST_REASONS) > 0:
            reasons.append(f"and {more} more")
        return f"{whose} cannot be one: {'; '.join(reasons)}."
    except (Exception, SystemExit) as error:  # code that is not ours may fail in any way
        return f"{whose} failed with {type(error).__name__}."


def _made(offered: object) -> Tool:
    """A tool of what a package names: one, a callable that returns one, or a function to be one.

    What a function does is not known, so it is asked for as a program is. Raises NotATool.
    """
    from conduit_tui.tools.definition import NAME
    from conduit_tui.tools.schema import tool

    made = _returned(offered) if _is_factory(offered) else offered
    if not isinstance(made, Tool):
        return tool(cast("Callable[..., Awaitable[object]]", made), effect="run")
    name = made.spec.name
    if not NAME.fullmatch(name):
        reason = f"models cannot call its name, {name[:80]!r}"
        raise NotATool(reason, (reason,))
    return made


def _is_factory(offered: object) -> bool:
    """Whether something is called to get a tool: it is not async and needs no arguments."""
    if isinstance(offered, Tool) or not callable(offered) or _is_async(offered):
        return False
    try:
        inspect.signature(offered).bind()
    except (TypeError, ValueError):
        return False
    return True


def _returned(factory: object) -> object:
    made = cast("Callable[[], object]", factory)()
    if isinstance(made, Tool) or _is_async(made):
        return made
    kind = type(made).__name__
    reason = f"it is not async, and without arguments it returns no tool, but {kind}"
    raise NotATool(reason, (reason,))


def _is_async(offered: object) -> bool:
    return inspect.iscoroutinefunction(offered) or inspect.isasyncgenfunction(offered)

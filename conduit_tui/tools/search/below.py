"""From what a model asks to a search below a folder that may be read."""

import asyncio
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.bounds import Bounds, Names, is_below, names_of
from conduit_tui.tools.file_acts import list_act, read_act
from conduit_tui.tools.holding import held
from conduit_tui.tools.jail import Opened, open_file, open_folder
from conduit_tui.tools.search import process
from conduit_tui.tools.search.job import Job
from conduit_tui.tools.search.withheld import withheld
from conduit_tui.tools.tool import Surroundings, ToolContext


async def search_below(context: ToolContext, path: str, job: Job) -> str:
    """Open a folder, ask for leave to read below it, and do a job there.

    Raises ToolError, in words for the model, and Denied.
    """
    around = context.surroundings
    tool = context.call.name
    bounds = await asyncio.to_thread(Bounds.of, around)
    async with held(partial(_open, around, path, bounds, job.kind == "grep")) as hold:
        opened = hold.opened
        act = list_act(tool, opened) if opened.is_folder else read_act(tool, opened)
        await context.permit(act)
        ripgrep = await asyncio.to_thread(find_ripgrep, around.environ, bounds)
        kept_back = withheld(job.kind, around.rules, act)
        placed = replace(_placed(job, opened, bounds, ripgrep), withheld=kept_back)
        return await process.run(placed, opened.fd, around.environ)


def _open(around: Surroundings, path: str, bounds: Bounds, takes_file: bool) -> Opened:
    """Open a folder, or else the file of that name."""
    try:
        return open_folder(around, path, bounds)
    except ToolError as error:
        if not takes_file:
            raise
        try:
            return open_file(around, path, bounds)
        except ToolError:
            raise error from None


def find_ripgrep(environ: Mapping[str, str], bounds: Bounds) -> str:
    """The path of `rg`, or empty. Only absolute folders count, and none of the project's own."""
    for folder in environ.get("PATH", "").split(os.pathsep):
        if Path(folder).is_absolute():
            found = shutil.which("rg", path=folder)
            if found and not _is_of_project(names_of(os.path.realpath(found)), bounds):
                return found
    return ""


def _is_of_project(program: Names, bounds: Bounds) -> bool:
    """Whether a program lies in the working directory, which is more than one's home or `/`."""
    directory = bounds.directory.names
    if is_below(bounds.home, directory):
        return program[:-1] == directory
    return is_below(program, directory)


def _placed(job: Job, opened: Opened, bounds: Bounds, ripgrep: str) -> Job:
    """The job, with where it goes on and how its paths are written."""
    names, directory = names_of(opened.path), bounds.directory.names
    is_near = is_below(names, directory)
    way = names[len(directory) :] if is_near else names
    prefix = "".join(f"{name}/" for name in way)
    passed_over = [
        "/".join(each[len(names) :]) for each in bounds.protected if is_below(each, names)
    ]
    return replace(
        job,
        is_file=not opened.is_folder,
        prefix=prefix if is_near else f"/{prefix}",
        real_path=opened.path,
        levels_below=len(way) if is_near else 0,
        passed_over=tuple(path for path in passed_over if path),
        ripgrep=ripgrep,
    )

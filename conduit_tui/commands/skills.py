"""`conduit-tui skills`: a table of skills, one of them, or folders held against the standard."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conduit_tui.commands.options import CONTEXT_SETTINGS
from conduit_tui.commands.standard_output import print_lines
from conduit_tui.core.clean import clean

if TYPE_CHECKING:
    from conduit_tui.skills.library import Library

OK, WRONG, USAGE = 0, 1, 2
TASKS = ("list", "show", "validate")


@click.command("skills", context_settings=CONTEXT_SETTINGS)
@click.argument("task", nargs=-1, metavar="[list | show NAME | validate DIR...]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value instead.")
def command(task: tuple[str, ...], as_json: bool) -> int:
    """List the skills there are; show one of them as a model is given it; or validate folders.

    `validate` holds each DIR, or each skill in it, against the standard (agentskills.io), and
    prints a line for every problem. A project's skills are listed once you trust it.

    Exit codes: 0 ok, 1 a problem was found or there is no such skill, 2 usage.
    """
    name, *rest = task or ("list",)
    match name:
        case "list" if not rest:
            return _list(as_json)
        case "show" if len(rest) == 1:
            return _show(rest[0], as_json)
        case "validate" if rest:
            return _validate(rest, as_json)
        case _:
            raise click.UsageError("It is list, show NAME, or validate DIR...")


def _list(as_json: bool) -> int:
    from conduit_tui.commands.skill_tables import library_json, table

    library = _library()
    if as_json:
        return print_lines([json.dumps(library_json(library), indent=2)]) or OK
    return print_lines(table(library)) or OK


def _show(name: str, as_json: bool) -> int:
    from conduit_tui.commands.skill_tables import skill_json
    from conduit_tui.skills.telling import wrapped

    library = _library()
    skill = next((each for each in library.skills if each.name == name), None)
    if skill is None:
        names = ", ".join(each.name for each in library.skills)
        click.echo(clean(f"There is no skill named {name!r}. There are: {names}."), err=True)
        return WRONG
    if as_json:
        return print_lines([json.dumps(skill_json(skill) | {"body": skill.body}, indent=2)]) or OK
    return print_lines([clean(wrapped(skill))]) or OK


def _validate(paths: Sequence[str], as_json: bool) -> int:
    from conduit_tui.commands.skill_tables import verdict_lines
    from conduit_tui.skills.validating import validate

    checked = [each for path in paths for each in validate(Path(path))]
    if as_json:
        values = [{"path": each.path, "problems": list(each.problems)} for each in checked]
        code = print_lines([json.dumps(values, indent=2)])
    else:
        code = print_lines(verdict_lines(checked))
    return code or (WRONG if any(each.problems for each in checked) else OK)


def _library() -> "Library":
    from conduit_tui.controller.finding_skills import find_skills
    from conduit_tui.controller.trust import Trust
    from conduit_tui.settings import Flags, load_settings
    from conduit_tui.settings.trust import (
        TrustFile,
        home_directory,
        project_root,
        working_directory,
    )

    settings = load_settings(Flags(), os.environ)
    directory, home = working_directory(), home_directory(os.environ)
    file = TrustFile(settings.paths.trust_file, home)
    trust = Trust(file, project_root(directory, home), directory)
    for words in file.notices:
        click.echo(words, err=True)
    return find_skills(settings, trust, directory)

"""The options that the screen and the commands share. Kept free of slow imports."""

from collections.abc import Callable
from functools import wraps
from textwrap import indent
from typing import Any, TypeAlias, TypeVar, cast

import click

from conduit_tui.core.address_forms import STEPS_WORDS, forms_in_lines
from conduit_tui.core.errors import SettingsError
from conduit_tui.core.param_words import read_stops, read_value
from conduit_tui.core.params import SAMPLING, ParamValue

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

HELP_OPTIONS = ["-h", "--help"]
CONTEXT_SETTINGS = {"help_option_names": HELP_OPTIONS, "max_content_width": 100}


ADDRESS_EPILOG = f"""\b
Addresses:
{indent(forms_in_lines(), "  ")}

{STEPS_WORDS}
"""
"""The grammar of addresses below the options of a command."""

Given: TypeAlias = dict[str, ParamValue]
"""One sampling setting by its name, or nothing if it was not given."""


def _value(_: click.Context, option: click.Parameter, text: str | None) -> Given:
    return {} if text is None else dict([_in_words(read_value, option.name or "", text)])


def _stops(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> Given:
    return {"stop": _in_words(read_stops, map(_valid, texts))} if texts else {}


def _switch(_: click.Context, option: click.Parameter, is_on: bool | None) -> Given:
    return {} if is_on is None else {option.name or "": is_on}


def _in_words(read: Callable[..., T], *arguments: object) -> T:
    try:
        return read(*arguments)
    except SettingsError as error:
        raise click.BadParameter(str(error)) from error


def _valid(text: str) -> str:
    from conduit_tui.commands.question import valid_text

    return valid_text(text)


_OPTIONS = (
    click.option(
        "-m", "--model", metavar="NAME", help="The model, such as openai/gpt-5 or sonnet."
    ),
    click.option(
        "-c", "--continue", "continue_last", is_flag=True, help="Go on in the last session."
    ),
    click.option("-f", "--file", "files", multiple=True, metavar="PATH", help="Attach a file."),
    click.option("-s", "--system", metavar="TEXT", help="The system prompt; '' for none."),
    click.option(
        *("-t", "--temperature"), metavar="N", callback=_value, help="How freely to word: 0 to 2."
    ),
    click.option("--top-p", metavar="N", callback=_value, help="Share of likely words: 0 to 1."),
    click.option("--max-tokens", metavar="N", callback=_value, help="The longest reply."),
    click.option(
        "--stop", multiple=True, metavar="TEXT", callback=_stops, help="End the reply before TEXT."
    ),
    click.option(
        "--effort", metavar="WORD", callback=_value, help="How much to think: low, medium, high."
    ),
    click.option(
        "--thinking-tokens", metavar="N", callback=_value, help="The most tokens to think with."
    ),
    click.option("--seed", metavar="N", callback=_value, help="Repeat the same chances."),
    click.option(
        "--search/--no-search", default=None, callback=_switch, help="Let the model search the web."
    ),
    click.option(
        "--cache/--no-cache", default=None, help="Give a reply again where the same is asked."
    ),
    click.option("--no-save", is_flag=True, help="Write nothing to disk."),
    click.option("--debug", is_flag=True, help="Write more into the log file."),
)


def shared_options(function: F) -> F:
    """Add the shared options to a command, in the order of the help page.

    Sampling settings reach the function together, as `params`: those that were given, by name.
    """

    @wraps(function)
    def gathered(**arguments: Any) -> Any:
        given = [cast("Given", arguments.pop(name)) for name in SAMPLING]
        return function(params={k: v for each in given for k, v in each.items()}, **arguments)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return cast("F", gathered)

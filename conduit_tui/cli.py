"""The command line: a command, or the screen. Imports only what an answer to it needs."""

from collections.abc import Sequence
from importlib import import_module
from typing import cast

import click

from conduit_tui import __version__
from conduit_tui.commands.options import CONTEXT_SETTINGS, HELP_OPTIONS, shared_options
from conduit_tui.core.clean import clean
from conduit_tui.core.params import ParamChanges

PROGRAM = "conduit-tui"

# Name: the module with its `command`, and a line for the help page.
COMMANDS = {
    "ask": ("conduit_tui.commands.ask", "Print the answer to a prompt, without the screen."),
    "tree": ("conduit_tui.commands.tree", "Draw the tree of a session in plain text."),
    "show": ("conduit_tui.commands.show", "Print a message, or a block of code in it."),
    "models": ("conduit_tui.commands.models", "List models, or tell what is known of one."),
    "search": ("conduit_tui.commands.search", "Find words in all messages of all sessions."),
    "skills": ("conduit_tui.commands.skills", "List skills, show one, or validate folders."),
    "tokenize": ("conduit_tui.commands.tokenize", "Print how many tokens a text is."),
    "usage": ("conduit_tui.commands.usage", "Print what was used and what it cost."),
}


class _Front(click.Command):
    """The screen's own command, whose help page also lists the others."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.command(PROGRAM, cls=_Front, context_settings=CONTEXT_SETTINGS)
@click.argument("prompt", nargs=-1)
@shared_options
@click.option("--theme", metavar="NAME", help="The colours, such as conduit-light.")
@click.version_option(__version__, prog_name=PROGRAM)
def front(
    prompt: tuple[str, ...],
    model: str | None,
    continue_last: bool,
    files: tuple[str, ...],
    system: str | None,
    no_save: bool,
    debug: bool,
    cache: bool | None,
    params: ParamChanges,
    theme: str | None,
) -> int:
    """Chat with language models, in conversations that branch.

    Opens the last session; with PROMPT, -f or piped text, a new one. Piped text is attached to
    the first message. A first word that is a command is that command; after -- it is a prompt.
    """
    from conduit_tui.commands.question import Question, join_prompt, valid_text

    question = Question(
        prompt=join_prompt(prompt),
        files=files,
        model=model,
        system_prompt=None if system is None else valid_text(system),
        continue_last=continue_last,
        save=not no_save,
        debug=debug,
        cache=cache,
        params=params,
    )
    from conduit_tui.opening import open_screen

    return open_screen(question, theme)


def run(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code: 2 for what cannot be understood."""
    name, rest = split_command(arguments)
    command, program = front, PROGRAM
    if name is not None:
        command = import_module(COMMANDS[name][0]).command
        program = f"{PROGRAM} {name}"
    try:
        code: object = command.main(rest, prog_name=program, standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"{clean(error.format_message())} See {program} --help.", err=True)
        return error.exit_code
    except click.Abort:
        return 130
    return code if isinstance(code, int) else 0


def split_command(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the command that the first word names, and the arguments without that word.

    Options before it become the command's own. After `--` a word is a prompt.
    """
    given = list(arguments)
    context = click.Context(front, info_name=PROGRAM, help_option_names=HELP_OPTIONS)
    parser = front.make_parser(context)
    parser.allow_interspersed_args = False
    try:
        found: object = parser.parse_args(list(given))[0].get("prompt")
    except click.UsageError:
        return None, given  # the command's own parsing says what is wrong
    words = cast("tuple[str, ...]", found) if isinstance(found, tuple) else ()
    at = len(given) - len(words)
    if not words or words[0] not in COMMANDS or given[at - 1 : at] == ["--"]:
        return None, given
    return given[at], given[:at] + given[at + 1 :]

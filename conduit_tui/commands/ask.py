"""`conduit-tui ask`: prints one answer and goes. stdout holds the answer, stderr the news."""

import os
import signal
import sys
from typing import TYPE_CHECKING

import click

from conduit_tui.commands.options import ADDRESS_EPILOG, CONTEXT_SETTINGS, shared_options
from conduit_tui.commands.question import Question, gather, join_prompt, read_schema_of, valid_text
from conduit_tui.commands.reply import SIGNAL_BASE, Reply
from conduit_tui.commands.standard_output import drop_stdout, make_stdout_lenient
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.params import ParamChanges

if TYPE_CHECKING:
    from conduit_tui.commands.news import News
    from conduit_tui.commands.printers import Printer


@click.command("ask", context_settings=CONTEXT_SETTINGS, epilog=ADDRESS_EPILOG)
@click.argument("prompt", nargs=-1)
@shared_options
@click.option("--at", metavar="ADDRESS", help="Go on from this message, on a branch of its own.")
@click.option("--session", metavar="SESSION", help="Go on in it: a part of its title, or its id.")
@click.option(
    "--allow",
    metavar="TOOL",
    multiple=True,
    help="Let the model use a tool that would need a person's approval; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
@click.option(
    "--schema",
    metavar="FILE.json|FIELDS",
    help="Answer with a JSON value: a JSON Schema, or fields as in 'name, age int, tags list'.",
)
def command(
    prompt: tuple[str, ...],
    model: str | None,
    continue_last: bool,
    files: tuple[str, ...],
    system: str | None,
    no_save: bool,
    debug: bool,
    cache: bool | None,
    params: ParamChanges,
    at: str | None,
    session: str | None,
    allow: tuple[str, ...],
    as_json: bool,
    schema: str | None,
) -> int:
    """Print the answer to PROMPT.

    Piped text is attached to the prompt; without a prompt it is the prompt. The answer goes to
    stdout, everything else to stderr. With --schema stdout holds the value alone.

    With --at the question is put below a message of the last session, or of --session; who is
    elsewhere in it stays there. An id is found in any session.

    A tool may read files below the working directory. What would write, run or leave this machine
    needs --allow TOOL, or --allow 'TOOL(PATTERN)' for some of it, such as
    'file_write(/tmp/notes/**)': there is nobody to ask. What asks every time, such as the network
    once files were read, stays denied.

    Exit codes: 0 ok, 1 a failure of this machine, 2 usage, 3 the provider failed or the answer
    does not fit the schema, 4 no or wrong key, 130 interrupted.
    """
    return ask(
        Question(
            prompt=join_prompt(prompt),
            files=files,
            model=model,
            system_prompt=None if system is None else valid_text(system),
            continue_last=continue_last,
            save=not no_save,
            debug=debug,
            cache=cache,
            params=params,
            as_json=as_json,
            schema=None if schema is None else valid_text(schema),
            at=None if at is None else valid_text(at),
            session=None if session is None else valid_text(session),
            allow=tuple(map(valid_text, allow)),
        )
    )


def ask(question: Question) -> int:
    """Ask, print the answer, and return the exit code.

    A broken pipe ends it quietly: the reader had enough.
    """
    make_stdout_lenient()
    try:
        code = _ask(question)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()
        return SIGNAL_BASE + signal.SIGPIPE
    return code


def _ask(question: Question) -> int:
    from conduit_tui.commands.news import News
    from conduit_tui.commands.printers import make_printer

    news = News(with_thinking=not question.as_json)
    reply = Reply()
    printer = make_printer(as_json=question.as_json, of_value=question.schema is not None)
    try:
        _run(question, printer, news, reply)
    except ConduitError as error:
        reply.error = error
    except KeyboardInterrupt:
        reply.signal_number = signal.SIGINT
    finally:
        printer.close()
    news.end_line()
    if question.as_json:
        click.echo(reply.as_json())
    if reply.words:
        news.say(reply.words)
    if question.schema is not None and not question.as_json:
        news.tell_unfit(reply.last)
    return reply.exit_code


def _run(question: Question, printer: "Printer", news: "News", reply: Reply) -> None:
    prompt, attachments = gather(question, lambda: news.say("Waiting for stdin to end."), news.say)
    import asyncio

    from conduit_tui.commands.exchange import Exchange
    from conduit_tui.settings import Flags, load_settings
    from conduit_tui.settings.logs import start_log
    from conduit_tui.settings.trust import working_directory

    schema, notes = read_schema_of(question)
    for note in notes:
        news.say(f"The schema: {note}")
    flags = Flags(
        question.model,
        question.system_prompt,
        debug=question.debug,
        cache=question.cache,
        params=question.params,
    )
    settings = load_settings(flags, os.environ, working_directory())
    if question.save or question.debug:
        start_log(settings.paths.log_file, debug=question.debug)
    exchange = Exchange(question, settings, prompt, attachments, printer, news, reply, schema)
    asyncio.run(exchange.run())

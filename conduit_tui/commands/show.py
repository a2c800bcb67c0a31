"""`conduit-tui show`: prints saved messages: rendered, as source, or a block of their code."""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from conduit_tui.commands.archive import read_archive, told
from conduit_tui.commands.lookup import Load, find_messages
from conduit_tui.commands.options import ADDRESS_EPILOG, CONTEXT_SETTINGS
from conduit_tui.commands.question import UsageMistake, valid_text
from conduit_tui.commands.reply import OK
from conduit_tui.commands.standard_output import make_stdout_lenient, printed, takes_colour
from conduit_tui.core.address import is_range
from conduit_tui.core.clean import clean
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.json import without_surrogates
from conduit_tui.core.message import Message
from conduit_tui.core.session import Session

if TYPE_CHECKING:
    from conduit_tui.storage.sessions import SessionStore


@click.command("show", context_settings=CONTEXT_SETTINGS, epilog=ADDRESS_EPILOG)
@click.argument("address")
@click.option("--session", metavar="SESSION", help="A part of its title, or its id.")
@click.option("--code", type=int, metavar="N", help="Print the Nth block of code alone.")
@click.option("--raw", is_flag=True, help="Print the text as it came, to the byte when piped.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(address: str, session: str | None, code: int | None, raw: bool, as_json: bool) -> int:
    """Print the message at ADDRESS: rendered on a terminal, its source elsewhere.

    Looked for in the session that was open last, or in --session; an id also in all others. Of
    a path such as @~3..@ every message is printed, and --json prints a list.

    Exit codes: 0 ok, 1 a failure of this machine, 2 usage.
    """
    address = valid_text(address)

    async def read(store: "SessionStore", load: Load) -> tuple[Session, tuple[Message, ...]]:
        named = None if session is None else valid_text(session)
        return await find_messages(store, load, address, named)

    try:
        _check(address, code, is_raw=raw, as_json=as_json)
        found, messages = read_archive(read)
        block = None if code is None else _block(messages[0], code)
    except ConduitError as error:
        return told(error)

    def write() -> None:
        if as_json:
            _print_json(found, messages, is_list=is_range(address))
        elif block is not None:
            _write(block)
        elif raw:
            _write(_raw(messages))
        else:
            asyncio.run(_print(found, messages, is_path=is_range(address)))

    return printed(write) or OK


def _check(address: str, code: int | None, *, is_raw: bool, as_json: bool) -> None:
    if as_json and (is_raw or code is not None):
        raise UsageMistake("--json prints everything of a message; leave out --raw and --code.")
    if code is not None and is_range(address):
        raise UsageMistake("--code takes one message, not a path.")


def _block(message: Message, number: int) -> str:
    from conduit_tui.commands.code_blocks import code_of

    blocks = code_of(message)
    if 0 < number <= len(blocks):
        return blocks[number - 1]
    if not blocks:
        raise UsageMistake("This message has no block of code.")
    only = "only block 1" if len(blocks) == 1 else f"blocks 1 to {len(blocks)}"
    raise UsageMistake(f"There is no block {number}; this message has {only}.")


def _raw(messages: Sequence[Message]) -> str:
    from conduit_tui.commands.message_source import raw_source

    *before, last = map(raw_source, messages)
    return "".join([*(text if text.endswith("\n") else f"{text}\n" for text in before), last])


def _write(text: str) -> None:
    """Write a text to the byte, in UTF-8; on a terminal without what that would obey."""
    if sys.stdout.isatty():
        make_stdout_lenient()
        shown = clean(text)
        sys.stdout.write(shown if shown.endswith("\n") else f"{shown}\n")
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))


def _print_json(session: Session, messages: Sequence[Message], *, is_list: bool) -> None:
    from conduit_tui.commands.message_source import message_object

    found = [without_surrogates(message_object(message, session)) for message in messages]
    sys.stdout.write(f"{json.dumps(found if is_list else found[0], allow_nan=False)}\n")


async def _print(session: Session, messages: Sequence[Message], *, is_path: bool) -> None:
    from conduit_tui.commands.message_source import full_source, header, source_of
    from conduit_tui.core.address_offers import addresses_of

    make_stdout_lenient()
    is_full = is_path or sys.stdout.isatty()
    ids = addresses_of(messages, session) if is_path else []
    for number, message in enumerate(messages):
        if is_path:
            line = header(message, ids[number])
            gap = "\n" if number else ""
            sys.stdout.write(f"{gap}{click.style(line, dim=True) if takes_colour() else line}\n\n")
            sys.stdout.flush()
        await _print_source(message, full_source(message) if is_full else source_of(message))


async def _print_source(message: Message, source: str) -> None:
    from conduit_tui.commands.code_blocks import has_fence
    from conduit_tui.commands.printers import PlainPrinter, make_printer

    is_typed = message.role == "user" and not has_fence(source)
    printer = PlainPrinter() if is_typed else make_printer(as_json=False)
    await printer.write(source)
    printer.end_message()
    printer.close()

"""Opens the screen on the terminal. Without options it is reached without an argument parser."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from conduit_tui.commands.question import Question, UsageMistake, check, is_piped, read_files
from conduit_tui.core.clean import clean
from conduit_tui.core.start import Start
from conduit_tui.settings import Flags, Settings, load_settings
from conduit_tui.settings.logs import start_log
from conduit_tui.settings.trust import working_directory
from conduit_tui.tui.terminal import NoTerminal, TerminalGuard, take_terminal

if TYPE_CHECKING:
    from conduit_tui.core.message import Attachment
    from conduit_tui.tui.app import Ended


def open_screen(question: Question, theme: str | None) -> int:
    """Open the screen; without a terminal, say so and answer as `ask` does."""
    try:
        check(question)
        notices: list[str] = []
        attachments = read_files(question.files, notices.append)
        terminal = take_terminal(os.environ)
    except UsageMistake as mistake:
        _tell(clean(str(mistake)))
        return 2
    except NoTerminal as reason:
        return _without_screen(question, str(reason))
    # How long Textual may sit on a change before it paints; it reads this when it is imported. A
    # key is on the screen in half the time, at the same CPU: what streams is paced by us.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    with terminal, TerminalGuard():
        from conduit_tui.tui.app import run_app

        settings = _settings(question, theme)
        ended = run_app(settings, _start(question, attachments, notices, terminal.pipe_fd))
    if settings.print_on_quit and ended.return_code == 0:
        _print_last_reply(ended)
    return ended.return_code


def _print_last_reply(ended: Ended) -> None:
    """Leave the last reply behind, where stdout was before the screen took the terminal."""
    from conduit_tui.commands.last_reply import print_reply

    if ended.last_reply:
        print_reply(ended.last_reply)


def _without_screen(question: Question, reason: str) -> int:
    from conduit_tui.commands.ask import ask

    if question.prompt or is_piped():
        gc.enable()
        _tell(f"{reason} The answer is printed.")
        return ask(question)
    _tell(f'{reason} Ask without one: conduit-tui ask "Hello".')
    return 2


def _settings(question: Question, theme: str | None) -> Settings:
    flags = Flags(
        model=question.model,
        system_prompt=question.system_prompt,
        theme=theme,
        debug=question.debug,
        cache=question.cache,
        params=question.params,
    )
    settings = load_settings(flags, os.environ, working_directory())
    if question.save or question.debug:
        start_log(settings.paths.log_file, debug=question.debug)
    return settings


def _start(
    question: Question, attachments: tuple[Attachment, ...], notices: list[str], pipe_fd: int | None
) -> Start:
    return Start(
        prompt=question.prompt,
        attachments=attachments,
        pipe_fd=pipe_fd,
        continue_last=question.continue_last,
        model=question.model,
        system_prompt=question.system_prompt,
        save=question.save,
        params=question.params,
        notices=tuple(notices),
    )


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")

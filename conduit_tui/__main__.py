"""Where the program begins and ends."""

import gc
import os
import sys


def main() -> None:
    """Run the command line, and leave with its exit code."""
    _fill_closed_streams()
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        code = _crashed(error)
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    if arguments:
        from conduit_tui.cli import run

        return run(arguments)
    # The usual way to start: there is nothing to parse, so the parser is not imported. What is
    # imported stays, so collections meanwhile find nothing; the app switches them on again.
    gc.disable()
    from conduit_tui.commands.question import Question
    from conduit_tui.opening import open_screen

    return open_screen(Question(), theme=None)


def _fill_closed_streams() -> None:
    """Put /dev/null where 0, 1 or 2 is closed: the database must not become one of them."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest free: this one
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            stream = os.fdopen(descriptor, "r" if descriptor == 0 else "w", closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def _crashed(error: Exception) -> int:
    """Say in one line that this is our mistake; the traceback goes to the log, without locals."""
    from conduit_tui.settings.logs import log_crash

    log_file = log_crash(error)
    where = f"the log says where: {str(log_file)!r}" if log_file else "--debug writes a log"
    sys.stderr.write(f"conduit-tui failed, unforeseen: {type(error).__name__}; {where}.\n")
    return 1


if __name__ == "__main__":
    main()

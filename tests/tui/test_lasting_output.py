"""What is written to a terminal that was closed."""

import errno
import io

from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from conduit_tui.tui.lasting_output import LastingOutput


class Closed(io.StringIO):
    """A terminal whose window was closed."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")

    def flush(self) -> None:
        raise OSError(errno.EIO, "Input/output error")


def test_textuals_writer_takes_more_than_its_queue_holds_when_the_terminal_is_closed() -> None:
    writer = WriterThread(LastingOutput(Closed()))  # type: ignore[arg-type]
    writer.start()
    for _ in range(3 * MAX_QUEUED_WRITES):
        writer._queue.put("a frame", timeout=30)
    writer.stop()


def test_a_terminal_that_is_there_shows_what_is_written() -> None:
    file = io.StringIO()
    output = LastingOutput(file)
    assert output.write("a frame") == 7
    output.flush()
    assert file.getvalue() == "a frame"

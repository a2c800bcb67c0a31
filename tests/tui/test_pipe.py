"""Reading a pipe to its end, to its limit, or until stopped."""

import asyncio
import os

import pytest

from conduit_tui.core.errors import ConduitError
from conduit_tui.tui.pipe import PipeReader


def _pipe_with(data: bytes) -> int:
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return reading


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_what_was_piped_becomes_an_attachment_and_the_pipe_is_closed() -> None:
    pipe = _pipe_with(b"a diff \xff\n")
    piped = PipeReader(pipe).read()
    assert piped.attachment is not None
    assert (piped.attachment.name, piped.attachment.as_text()) == ("stdin", "a diff \ufffd\n")
    assert piped.words == ""
    assert not _is_open(pipe)


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_an_empty_pipe_brings_nothing(data: bytes) -> None:
    assert PipeReader(_pipe_with(data)).read().attachment is None


def test_too_much_is_cut_and_told() -> None:
    piped = PipeReader(_pipe_with(b"x" * 2000), most_bytes=1000).read()
    assert piped.attachment is not None
    assert len(piped.attachment.data) == 1000
    assert "only the beginning" in piped.words


def test_a_binary_is_refused_in_words() -> None:
    with pytest.raises(ConduitError, match="neither text"):
        PipeReader(_pipe_with(b"\x7fELF\x00\xff")).read()


async def test_a_producer_that_never_ends_can_be_left() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"first line\n")
    reader = PipeReader(reading)
    read = asyncio.create_task(asyncio.to_thread(reader.read))
    await asyncio.sleep(0)
    assert not read.done()
    reader.stop()
    reader.stop()
    piped = await read
    assert "stopped" in piped.words
    os.close(writing)

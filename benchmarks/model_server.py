"""A model server as a process of its own, so that its work is not counted as the client's.

It speaks the chat wire of OpenAI by way of the protocol server of the tests. The question says
what to answer: `stream TOKENS RATE`, mixed Markdown at so many tokens a second; a rate of 0 is as
fast as the socket takes them. The last word of every answer is `FINIS`. On standard output it
tells when that was sent, on the monotonic clock that all processes share.
"""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path

from tests.servers.http import Exchange, Reply, Sleep, Step
from tests.servers.openai_server import DONE, OpenAIServer, chunk, usage
from tests.servers.scripts import last_words

LAST_WORD = "FINIS"
ROOT = Path(__file__).parents[1]
_SECTION = """
## Part {0}

Here is **part {0}** of a longer answer, with `inline code`, a [link](https://example.org/{0}) and \
some *emphasis*, wrapped over more than one row of the screen as prose mostly is.

- a first point, with an explanation that goes on for a while
- a second point
  - nested below it, with `code`
- a third one

```python
def part_{0}(values: list[int]) -> int:
    # Add up what is there.
    return sum(value * {0} for value in values if value > 0)
```

| name | value | remark |
|------|------:|--------|
| alpha | {0} | the first |
| beta | {1} | the second, a little longer |

> A quotation that says what was said before, only shorter.

1. do this
2. then that
"""
_TOKEN = re.compile(r"\s*\w{1,6}|\s*[^\w\s]{1,3}|\s+")


def tokens(number: int) -> list[str]:
    """The first tokens of an endless answer, a few letters each; the last one is LAST_WORD."""
    sections = (_SECTION.format(part, part * part) for part in count(1))
    endless = (token for section in sections for token in _TOKEN.findall(section))
    return [*islice(endless, number - 1), f"\n\n{LAST_WORD}"]


def _answer(exchange: Exchange) -> Reply:
    found = re.search(r"stream (\d+) (\d+)", last_words(exchange))
    number, rate = (int(found[1]), int(found[2])) if found else (2, 0)
    return Reply(_steps(tokens(number), rate))


def _steps(texts: list[str], rate: int) -> Iterable[Step]:
    began = time.monotonic()
    yield chunk({"role": "assistant", "content": ""})
    for index, text in enumerate(texts):
        if rate:
            yield Sleep(max(0.0, began + index / rate - time.monotonic()))
        yield chunk({"content": text})
    print(time.monotonic(), flush=True)
    yield chunk(finish="stop")
    yield usage(completion=len(texts))
    yield DONE


class ModelServer:
    """The running server: its address, and when it had sent its answers."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.url = self._line()

    def sent_at(self) -> float:
        """When the last word of the next answer was sent."""
        return float(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the server ended"
        return line.strip()


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Run a server for as long as the block lasts."""
    command = [sys.executable, "-m", "benchmarks.model_server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield ModelServer(process)
        finally:
            process.kill()


async def _serve() -> None:
    async with OpenAIServer(_answer) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())

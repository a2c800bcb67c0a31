"""The protocol server in a thread of its own, so that a test may block on a terminal."""

import asyncio
import json
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType

from conduit_tui.controller.title_words import INSTRUCTIONS
from tests.servers.http import Answer, Exchange, Reply, Step
from tests.servers.openai_server import DONE, OpenAIServer, chunk, streamed, usage
from tests.servers.scripts import echo, last_words

PATIENCE_SECONDS = 30.0


class Gate:
    """Something a reply waits for until the test opens it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.step = asyncio.Event()

    def open(self) -> None:
        """Let the reply go on."""
        self._loop.call_soon_threadsafe(self.step.set)


class BackgroundServer:
    """Answers by `answer`, which a test may replace at any time; echoes unless told otherwise.

    Who asks for a title of a session gets `title`, words or a whole reply; none at first.
    """

    def __init__(self) -> None:
        self.answer: Answer = echo(rate=1000)
        self.title: str | Reply = ""
        self._server = OpenAIServer(self._reply)
        self._loop = asyncio.new_event_loop()
        self._is_up = Event()
        self._stop = asyncio.Event()
        self._thread = Thread(target=self._run)

    @property
    def url(self) -> str:
        """The base URL for an endpoint."""
        return self._server.url

    @property
    def questions(self) -> list[Exchange]:
        """The chat requests that came, in order, but for those that asked for a title."""
        posted = (each for each in self._server.exchanges if each.method == "POST")
        return [each for each in posted if not _is_for_title(each)]

    @property
    def last_words(self) -> str:
        """The text of the last user message of the last request."""
        return last_words(self.questions[-1])

    def gate(self) -> Gate:
        """A gate for the steps of a reply."""
        return Gate(self._loop)

    def answers(self, *steps: str | Gate | Step) -> None:
        """Answer every question from now on with text and gates, and then an end."""
        self.answer = lambda exchange: Reply([*_steps(steps), chunk(finish="stop"), usage(), DONE])

    def answers_by_words(self, replies: dict[str, Callable[[], Reply]]) -> None:
        """Answer by the first of the words that the question holds; echo where none is."""

        def answer(exchange: Exchange) -> Reply:
            words = last_words(exchange)
            found = [make for word, make in replies.items() if word in words]
            return found[0]() if found else echo(rate=1000)(exchange)

        self.answer = answer

    def _reply(self, exchange: Exchange) -> Reply:
        if not _is_for_title(exchange):
            return self.answer(exchange)
        title = self.title
        return title if isinstance(title, Reply) else streamed(json.dumps({"title": title}))

    def __enter__(self) -> "BackgroundServer":
        self._thread.start()
        assert self._is_up.wait(PATIENCE_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        async with self._server:
            self._is_up.set()
            await self._stop.wait()


def _steps(given: tuple[str | Gate | Step, ...]) -> list[Step]:
    steps: list[Step] = []
    for step in given:
        match step:
            case str():
                steps.append(chunk({"content": step}))
            case Gate():
                steps.append(step.step)
            case _:
                steps.append(step)
    return steps


def _is_for_title(exchange: Exchange) -> bool:
    return INSTRUCTIONS[:30].encode() in exchange.raw_body
